// POST /{interface}, JSON; headers x-appKey and x-dataDigest = Base64(MD5(body + appSecret)). Answer
// {"status","statusCode","message","result"}, HTTP 200 for refusals too. Pushes: form data (or result, for
// settlements), data_digest = Base64(MD5(data + appSecret)), msg_type, company_id.
// Source: ZTO open platform, zto.open.createOrder, cancelPreOrder, getOrderInfo, track query; order and track
// pushes.
#include "adapters/sandbox/zto.hpp"

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

constexpr std::string_view kBadParameters = "S208";
constexpr std::string_view kNoPermission = "S210";
constexpr std::string_view kOther = "E001";  // its own table is not public

struct Interface {
    std::string_view path;
    Call call;
};
constexpr std::array<Interface, 4> kInterfaces{{
    {"/zto.open.createOrder", Call::book},
    {"/zto.open.cancelPreOrder", Call::cancel},
    {"/zto.open.getOrderInfo", Call::find},
    {"/zto.merchant.waybill.track.query", Call::track},
}};

// pre_order_status of the push and orderStatus of the query.
struct OrderState {
    Stage stage;
    std::string_view pushed;
    std::string_view queried;
};
constexpr std::array<OrderState, 7> kOrderStates{{
    {Stage::accepted, "1", "0"},
    {Stage::courier_assigned, "3", "2"},
    {Stage::collected, "4", "3"},
    {Stage::in_transit, "", "3"},
    {Stage::delivered, "", "99"},
    {Stage::cancelled, "6", "-2"},
    {Stage::abandoned, "6", "-2"},
}};

// The two interfaces have words of their own.
struct Scan {
    Stage stage;
    std::string_view action;
    std::string_view scan_type;
    std::string_view text;
};
constexpr std::array<Scan, 3> kScans{{
    {Stage::collected, "GOT", "收件", "【杭州西湖】已收件"},
    {Stage::in_transit, "DEPARTURE", "发件", "快件离开【杭州西湖】"},
    {Stage::delivered, "SIGNED", "签收", "【上海浦东】已签收"},
}};

http::Response refusal(std::string_view code, std::string_view message) {
    json::Writer w;
    w.begin_object().member("status", false).member("statusCode", code).member("message", message);
    return json_response(w.key("result").null().end_object().take());
}

http::Response success(std::string_view result) {
    json::Writer w;
    w.begin_object().member("status", true).member("statusCode", "SYS000").member("message", "ok");
    return json_response(w.raw_member("result", result).end_object().take());
}

// ZTO's own name of an order, made from ours, so that it need not be kept.
std::string order_code_of(std::string_view reference) {
    return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(reference.data()), reference.size()});
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& body) {
    constexpr std::array<const char*, 5> kSender{"senderName", "senderMobile", "senderProvince", "senderCity",
                                                 "senderAddress"};
    constexpr std::array<const char*, 5> kReceiver{"receiverName", "receiverMobile", "receiverProvince",
                                                   "receiverCity", "receiverAddress"};
    if (text_in(body, "partnerType") != "2") return "partnerType";
    if (text_in(body, "orderType") != "2" && text_in(body, "orderType") != "3") return "orderType";
    if (text_in(body, "partnerOrderCode").empty()) return "partnerOrderCode";
    for (const char* name : kSender)
        if (text_in(body["senderInfo"], name).empty()) return name;
    for (const char* name : kReceiver)
        if (text_in(body["receiveInfo"], name).empty()) return name;
    const auto start = text_in(body["summaryInfo"], "startTime");
    const auto end = text_in(body["summaryInfo"], "endTime");
    return is_courier_time(start) && is_courier_time(end) && start < end ? nullptr : "summaryInfo";
}

class Zto final : public Dialect {
public:
    explicit Zto(ZtoAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "ZTO"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::zto; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto* known = std::ranges::find(kInterfaces, request.path(), &Interface::path);
        if (request.method != "POST" || known == kInterfaces.end() ||
            request.headers.find("x-appKey") != account_.app_key)
            return refusal(kNoPermission, "无接口权限");
        if (request.headers.find("x-dataDigest") != payload_digest(request.body, account_.app_secret))
            return refusal(kNoPermission, "签名错误");
        const auto body = json::parse(request.body);
        if (!body || !body->is_object()) return refusal(kBadParameters, "参数错误");
        return read_body(known->call, *body, request.body);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal(kNoPermission, "无接口权限");
    }

    // What was collected is weighed and settled, too.
    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        if (const OrderState* state = of_stage(kOrderStates, event.stage);
            state != nullptr && !state->pushed.empty())
            messages.push_back(push(parcel, event.stage, "data", order_data(parcel, event), "ORDER"));
        if (const Scan* scan = of_stage(kScans, event.stage))
            messages.push_back(push(parcel, event.stage, "data", trace_data(parcel, event, *scan), "Traces"));
        if (event.stage == Stage::collected)
            messages.push_back(push(parcel, event.stage, "result", settlement(parcel), "SETTLE"));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        return push(parcel, Stage::booked, "data", R"({"order_code":")" + parcel.told_waybill, "ORDER");
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        Zto stranger(ZtoAccount{account_.app_key, "not the secret"});
        ParcelEvent collected = event;
        collected.stage = Stage::collected;
        return stranger.push(parcel, Stage::collected, "data", order_data(parcel, collected), "ORDER");
    }

    // ZTO looks at `status` alone.
    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["status"].boolean() == true;
    }

    // At most 16 times, says ZTO, and not when; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] static std::variant<ReadCall, http::Response> read_body(Call call, const json::Value& body,
                                                                          std::string_view text) {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) {
            read_call.waybill = std::string(text_in(body, "billCode"));
            if (read_call.waybill.empty()) return refusal(kBadParameters, "参数错误: billCode");
            return read_call;
        }
        if (call != Call::book) {
            read_call.reference = crypto::from_hex(text_in(body, "orderCode")).value_or("");
            const bool has_kind =
                call == Call::find ? body["type"].integer() == 0 : !text_in(body, "cancelType").empty();
            if (read_call.reference.empty() || !has_kind)
                return refusal(kBadParameters, "参数错误: orderCode");
            return read_call;
        }
        if (const char* fault = booking_fault(body))
            return refusal(kBadParameters, std::string("参数错误: ") + fault);
        read_call.reference = std::string(text_in(body, "partnerOrderCode"));
        std::string sender;
        for (const char* name : {"senderName", "senderMobile", "senderCity", "senderAddress"})
            sender.append(text_in(body["senderInfo"], name)).append("\n");
        read_call.order = Order{read_call.reference, content_digest(text), content_digest(sender),
                                std::string(text_in(body["summaryInfo"], "startTime")),
                                std::string(text_in(body["summaryInfo"], "endTime"))};
        return read_call;
    }

    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::refused: return refusal(kOther, "该区域暂不支持上门取件");
            case Verdict::changed: return refusal(kOther, "订单号已存在");
            case Verdict::cancelled_before: return refusal(kOther, "订单已取消");
            default: break;
        }
        const Parcel& parcel = answered.parcel;
        json::Writer w;
        w.begin_object().member("orderCode", order_code_of(parcel.reference)).key("billCode");
        parcel.behaviour.waybill == WaybillTold::later ? w.null() : w.value(parcel.told_waybill);
        w.member("partnerOrderCode", parcel.reference).member("verifyCode", "3524");
        w.member("siteCode", "57100").member("siteName", "杭州西湖").end_object();
        return success(w.take());
    }

    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal(kOther, "查询不到该订单");
            case Verdict::too_late: return refusal(kOther, "订单已揽收，不能取消");
            case Verdict::refused: return refusal(kOther, "取消失败");
            default: return success("null");
        }
    }

    [[nodiscard]] static http::Response answer_find(const Answered& answered) {
        if (answered.verdict != Verdict::done) return refusal(kOther, "查询不到该订单");
        const Parcel& parcel = answered.parcel;
        const OrderState* state = of_stage(kOrderStates, parcel.stage);
        json::Writer w;
        w.begin_array().begin_object().member("orderCode", order_code_of(parcel.reference));
        w.member("billCode", parcel.told_waybill);
        w.raw_member("orderStatus", state == nullptr ? std::string_view("0") : state->queried);
        w.member("assignEmp", "王师傅").member("assignEmpMobile", "13700000004").end_object().end_array();
        return success(w.take());
    }

    // Oldest first; the order's life before the collection is not on it.
    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        json::Writer w;
        w.begin_array();
        for (const ParcelEvent& event : answered.events) {
            const Scan* scan = of_stage(kScans, event.stage);
            if (scan == nullptr) continue;
            const auto since_epoch = event.at.time_since_epoch();
            w.begin_object().member("billCode", answered.call.waybill).member("scanType", scan->scan_type);
            w.member("scanDate", std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
            w.member("desc", scan->text).end_object();
        }
        return success(w.end_array().take());
    }

    [[nodiscard]] static std::string order_data(const Parcel& parcel, const ParcelEvent& event) {
        json::Writer w;
        w.begin_object().member("order_code", order_code_of(parcel.reference));
        w.member("bill_code", parcel.told_waybill).member("partner_order_code", parcel.reference);
        w.raw_member("pre_order_status", of_stage(kOrderStates, event.stage)->pushed);
        w.member("gmt_create", courier_time(event.at));
        if (event.stage == Stage::courier_assigned) w.member("assign_emp_mobile", "13700000004");
        w.member("error_msg", event.stage == Stage::abandoned ? "联系不上客户" : "").end_object();
        return w.take();
    }

    [[nodiscard]] static std::string trace_data(const Parcel& parcel, const ParcelEvent& event,
                                                const Scan& scan) {
        json::Writer w;
        w.begin_object().member("billCode", parcel.told_waybill).member("action", scan.action);
        w.member("actionTime", courier_time(event.at)).member("facilityCode", "57100");
        w.member("facilityName", "杭州西湖").member("desc", scan.text);
        if (event.stage == Stage::collected)
            w.member("courier", "王师傅").member("courierPhone", "13700000004");
        return w.end_object().take();
    }

    [[nodiscard]] static std::string settlement(const Parcel& parcel) {
        json::Writer w;
        w.begin_object().member("billCode", parcel.told_waybill).member("settlementWeight", 1250);
        return w.member("settlementAmount", 950).raw_member("volume", "0.01").end_object().take();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& name,
                                       const std::string& text, const std::string& kind) const {
        const FormFields fields{{name, text},
                                {"data_digest", payload_digest(text, account_.app_secret)},
                                {"msg_type", kind},
                                {"company_id", account_.app_key}};
        return CallbackMessage{parcel.reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                               render_form(fields)};
    }

    ZtoAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_zto(ZtoAccount account) {
    return std::make_unique<Zto>(std::move(account));
}

}  // namespace returngate::sandbox
