// POST /webopenplatformapi/api/{service}/{method}, form bizContent (JSON text); headers apiAccount,
// timestamp, digest = Base64(MD5(bizContent + privateKey)); in bizContent customerCode and its own digest.
// Answer
// {"code":"1","msg","data"}. Push: the same form and headers. Source: J&T open platform, order/addOrder,
// order/cancelOrder, order/getOrders, logistics/trace, orderserve/statusFeedback, logistics/statusFeedback,
// other/settlementReturn.
#include "adapters/sandbox/jt.hpp"

#include <algorithm>
#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kRoot = "/webopenplatformapi/api";
constexpr std::string_view kIllegalParameters = "145003050";

struct Method {
    std::string_view path;
    Call call;
};
constexpr std::array<Method, 4> kMethods{{
    {"/order/addOrder", Call::book},
    {"/order/cancelOrder", Call::cancel},
    {"/order/getOrders", Call::find},
    {"/logistics/trace", Call::track},
}};

// The creation's answer is the acceptance: no push says so.
struct OrderState {
    Stage stage;
    std::string_view scan_type;
};
constexpr std::array<OrderState, 4> kOrderStates{{
    {Stage::courier_assigned, "已调派业务员"},
    {Stage::collected, "已取件"},
    {Stage::cancelled, "已取消"},
    {Stage::abandoned, "已取消"},
}};

struct Scan {
    Stage stage;
    std::string_view scan_type;
    std::string_view code;
};
constexpr std::array<Scan, 3> kScans{{
    {Stage::collected, "快件揽收", "1"},
    {Stage::in_transit, "发件扫描", "3"},
    {Stage::delivered, "快件签收", "10"},
}};

http::Response refusal(std::string_view code, std::string_view message) {
    json::Writer w;
    w.begin_object().member("code", code).member("msg", message).key("data").null();
    return json_response(w.end_object().take());
}

http::Response success(std::string_view data) {
    json::Writer w;
    w.begin_object().member("code", "1").member("msg", "success").raw_member("data", data);
    return json_response(w.end_object().take());
}

std::string digest_of(std::string_view text) {
    return crypto::to_hex(crypto::sha256(text));
}

bool is_party(const json::Value& party) {
    const auto is_set = [&party](const char* name) { return !party[name].string().value_or("").empty(); };
    return is_set("name") && is_set("mobile") && is_set("prov") && is_set("city") && is_set("address") &&
           party["countryCode"].string() == "CHN";
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& content) {
    const auto text = [&content](const char* name) { return content[name].text().value_or(""); };
    if (text("txlogisticId").empty() || text("txlogisticId").size() > 50) return "txlogisticId";
    if (text("expressType").empty()) return "expressType";
    if (text("orderType") != "2") return "orderType";
    if (text("serviceType") != "01" && text("serviceType") != "02") return "serviceType";
    if (!text("deliveryType").starts_with("0")) return "deliveryType";
    if (text("payType") != "PP_PM" && text("payType") != "CC_CASH") return "payType";
    if (!is_party(content["sender"])) return "sender";
    if (!is_party(content["receiver"])) return "receiver";
    if (!text("goodsType").starts_with("bm00000")) return "goodsType";
    if (text("weight").empty()) return "weight";
    const bool is_window = is_courier_time(text("sendStartTime")) && is_courier_time(text("sendEndTime")) &&
                           text("sendStartTime") < text("sendEndTime");
    return is_window ? nullptr : "sendStartTime, sendEndTime";
}

// 100 not dispatched, 102 a person has it, 103 picked up, 104 cancelled.
int order_status(const Parcel& parcel) {
    if (!parcel.is_live && (parcel.stage == Stage::cancelled || parcel.stage == Stage::abandoned)) return 104;
    if (parcel.stage >= Stage::collected) return 103;
    return parcel.stage == Stage::courier_assigned ? 102 : 100;
}

void write_scan(json::Writer& w, const Scan& scan, Instant at) {
    w.begin_object().member("scanTime", courier_time(at)).member("desc", "【杭州市】王师傅 13700000005");
    w.member("scanType", scan.scan_type).member("scanTypeCode", scan.code);
    if (scan.stage == Stage::collected) w.member("weight", "1.25");
    w.member("scanNetworkName", "杭州西湖网点")
        .member("scanNetworkId", 1772)
        .member("scanNetworkCity", "杭州市");
    w.member("staffName", "王师傅").member("staffContact", "13700000005").end_object();
}

class Jt final : public Dialect {
public:
    explicit Jt(JtAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "JT"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::jt; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || !form) return refusal(kIllegalParameters, "非法参数");
        const std::string content(field(*form, "bizContent"));
        if (request.headers.find("apiAccount").value_or("") != account_.api_account)
            return refusal("145003010", "API账号不存在");
        if (request.headers.find("timestamp").value_or("").empty())
            return refusal("145003053", "timestamp为空");
        if (request.headers.find("digest").value_or("") != payload_digest(content, account_.private_key))
            return refusal("145003030", "headers签名验证失败");
        const auto document = json::parse(content);
        if (!document || !document->is_object()) return refusal(kIllegalParameters, "非法参数");
        for (const Method& method : kMethods)
            if (request.path() == std::string(kRoot).append(method.path))
                return read_content(method.call, *document, content);
        return refusal("145003012", "API账号无接口权限");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal("145005000", "系统错误");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        const auto send = [&](const std::string& content) {
            messages.push_back(push(parcel, event.stage, content, account_.private_key));
        };
        for (const OrderState& state : kOrderStates)
            if (state.stage == event.stage) send(order_content(parcel, state.scan_type, event.at));
        for (const Scan& scan : kScans)
            if (scan.stage == event.stage) send(scan_content(parcel, scan, event.at));
        if (event.stage == Stage::delivered) send(bill_content(parcel));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        const std::string cut = R"({"txlogisticId":")" + parcel.reference;
        return push(parcel, Stage::booked, cut, account_.private_key);
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        return push(parcel, Stage::collected, order_content(parcel, "已取件", event.at), "not the key");
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["code"].string() == "1" &&
               (*body)["data"].string() == "SUCCESS";
    }

    // J&T's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_content(Call call, const json::Value& content,
                                                                      std::string_view text) const {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) {
            read_call.waybill = std::string(content["billCodes"].string().value_or(""));
            if (read_call.waybill.empty()) return refusal("145003100", "运单号不合法");
            return read_call;
        }
        const std::string expected =
            jt_business_digest(account_.customer_code, account_.password, account_.private_key);
        if (content["customerCode"].string() != account_.customer_code ||
            content["digest"].string() != expected)
            return refusal("145003031", "业务参数签名验证失败");
        if (call == Call::find) {
            if (content["command"].text() != "1" || content["serialNumber"].items().size() != 1)
                return refusal(kIllegalParameters, "非法参数");
            read_call.reference = std::string(content["serialNumber"].items()[0].string().value_or(""));
            return read_call;
        }
        read_call.reference = std::string(content["txlogisticId"].string().value_or(""));
        if (call == Call::cancel) {
            if (content["reason"].string().value_or("").empty())
                return refusal("145003089", "取消原因不能为空");
            return read_call;
        }
        if (const char* fault = booking_fault(content))
            return refusal(kIllegalParameters, std::string("非法参数: ") + fault);
        const json::Value& sender = content["sender"];
        std::string door;
        for (const char* name : {"name", "mobile", "address"})
            door.append(*sender[name].string()).append("\n");
        read_call.order = Order{read_call.reference, digest_of(text), digest_of(door),
                                std::string(content["sendStartTime"].string().value_or("")),
                                std::string(content["sendEndTime"].string().value_or(""))};
        return read_call;
    }

    // The same txlogisticId again changes the order: the first number stays.
    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        if (answered.verdict == Verdict::refused) return refusal("145003060", "区域不合法");
        if (answered.verdict == Verdict::cancelled_before)
            return refusal("145003202", "已取消状态不允许修改");
        const Parcel& parcel = answered.parcel;
        json::Writer w;
        w.begin_object().member("txlogisticId", parcel.reference);
        if (parcel.behaviour.waybill != WaybillTold::later) w.member("billCode", parcel.told_waybill);
        return success(w.member("sortingCode", "571-01").end_object().take());
    }

    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal("999002000", "订单不存在");
            case Verdict::too_late: return refusal("999002010", "订单已取件，不能取消");
            case Verdict::cancelled_before: return refusal("145003202", "已取消状态不允许修改");
            case Verdict::refused: return refusal("145003203", "更新订单失败");
            default: break;
        }
        json::Writer w;
        w.begin_object().member("billCode", answered.parcel.told_waybill);
        return success(w.member("txlogisticId", answered.call.reference).end_object().take());
    }

    [[nodiscard]] static http::Response answer_find(const Answered& answered) {
        if (answered.verdict != Verdict::done) return success("[]");
        const Parcel& parcel = answered.parcel;
        json::Writer w;
        w.begin_array().begin_object().member("txlogisticId", parcel.reference);
        w.member("billCode", parcel.told_waybill).member("orderType", "2");
        w.member("orderStatus", order_status(parcel)).end_object().end_array();
        return success(w.take());
    }

    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        json::Writer w;
        w.begin_array().begin_object().member("billCode", answered.call.waybill).key("details").begin_array();
        for (const ParcelEvent& event : answered.events)
            for (const Scan& scan : kScans)
                if (scan.stage == event.stage) write_scan(w, scan, event.at);
        w.end_array().end_object().end_array();
        return success(w.take());
    }

    [[nodiscard]] static std::string order_content(const Parcel& parcel, std::string_view scan_type,
                                                   Instant at) {
        json::Writer w;
        w.begin_object().member("txlogisticId", parcel.reference).member("billCode", parcel.told_waybill);
        w.member("jtOrderId", digest_of(parcel.reference).substr(0, 18))
            .member("networkName", "杭州西湖网点");
        w.member("scanType", scan_type).member("time", courier_time(at)).member("carrierCode", "JTSD");
        if (scan_type == "已调派业务员")
            w.member("pickStaffName", "王师傅").member("pickStaffPhone", "13700000005");
        if (scan_type == "已取件") w.member("Weight", "1.25");
        if (scan_type == "已取消") w.member("reason", "客户取消订单");
        return w.end_object().take();
    }

    [[nodiscard]] static std::string scan_content(const Parcel& parcel, const Scan& scan, Instant at) {
        json::Writer w;
        w.begin_object().member("billCode", parcel.told_waybill).member("txlogisticId", parcel.reference);
        w.key("details").begin_array();
        write_scan(w, scan, at);
        return w.end_array().end_object().take();
    }

    [[nodiscard]] std::string bill_content(const Parcel& parcel) const {
        json::Writer w;
        w.begin_object().member("customerCode", account_.customer_code).raw_member("freight", "9.5");
        w.raw_member("insuredFee", "0").raw_member("packageChargeWeight", "1.25");
        w.raw_member("totalFreight", "9.5").member("waybillNo", parcel.told_waybill);
        return w.end_object().take();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& content,
                                       std::string_view key) const {
        CallbackMessage message{parcel.reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                                render_form({{"bizContent", content}})};
        message.headers = {{"apiAccount", account_.api_account},
                           {"digest", payload_digest(content, key)},
                           {"timestamp", "1768024800000"}};
        return message;
    }

    JtAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_jt(JtAccount account) {
    return std::make_unique<Jt>(std::move(account));
}

}  // namespace returngate::sandbox
