// POST /std/service, form partnerID, requestID, serviceCode, timestamp, msgDigest, msgData (JSON text).
// Answer {"apiResultCode","apiErrorMsg","apiResponseID","apiResultData"} with the inner answer
// {"success","errorCode","errorMsg","msgData"} as JSON text in apiResultData.
// Pushes: JSON {"orderState":[…]} and {"Body":{"WaybillRoute":[…]}}, without any signature.
// Source: SF open platform, EXP_RECE_CREATE_ORDER, _UPDATE_ORDER, _SEARCH_ORDER_RESP, _SEARCH_ROUTES,
// order state push, RoutePushService.
#include "adapters/sandbox/sf.hpp"

#include <array>
#include <optional>
#include <stdexcept>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

struct Service {
    std::string_view code;
    Call call;
};
constexpr std::array<Service, 4> kServices{{
    {"EXP_RECE_CREATE_ORDER", Call::book},
    {"EXP_RECE_UPDATE_ORDER", Call::cancel},
    {"EXP_RECE_SEARCH_ORDER_RESP", Call::find},
    {"EXP_RECE_SEARCH_ROUTES", Call::track},
}};

struct StateCode {
    Stage stage;
    std::string_view code;
    std::string_view text;
};
constexpr std::array<StateCode, 5> kStateCodes{{
    {Stage::accepted, "04-40037", "订单已接收"},
    {Stage::courier_assigned, "04-40001", "调度成功"},
    {Stage::collected, "05-40003", "已收件"},
    {Stage::cancelled, "04-40002-40014", "客户取消"},
    {Stage::abandoned, "00-40045-1000", "调度取消"},
}};

struct RouteCode {
    Stage stage;
    std::string_view op_code;
    std::string_view text;
};
constexpr std::array<RouteCode, 5> kRouteCodes{{
    {Stage::collected, "50", "顺丰速运 已收取快件"},
    {Stage::in_transit, "30", "快件已装车"},
    {Stage::in_transit, "31", "快件到达转运中心"},
    {Stage::delivered, "44", "正在派送途中"},
    {Stage::delivered, "80", "已签收"},
}};

http::Response platform_answer(std::string_view code, std::string_view message, std::string_view data) {
    json::Writer w;
    w.begin_object()
        .member("apiErrorMsg", message)
        .member("apiResponseID", "00019B7A4D5E3F8C1A2B3C4D5E6F7081")
        .member("apiResultCode", code)
        .member("apiResultData", data)
        .end_object();
    http::Response response;
    response.headers.set("Content-Type", "application/json;charset=UTF-8");
    response.body = w.take();
    return response;
}

http::Response inner_answer(bool success, std::string_view code, std::string_view message,
                            std::string_view msg_data) {
    json::Writer w;
    w.begin_object().member("success", success).member("errorCode", code).key("errorMsg");
    message.empty() ? w.null() : w.value(message);
    w.raw_member("msgData", msg_data).end_object();
    return platform_answer("A1000", "", w.take());
}

http::Response inner_refusal(std::string_view code, std::string_view message) {
    return inner_answer(false, code, message, "null");
}

const json::Value* contact_of(const json::Value& order, std::int64_t type) {
    for (const json::Value& contact : order["contactInfoList"].items())
        if (contact["contactType"].integer() == type) return &contact;
    return nullptr;
}

bool is_complete(const json::Value* contact) {
    if (contact == nullptr) return false;
    const auto has = [&](std::string_view name) { return !(*contact)[name].string().value_or("").empty(); };
    return (has("contact") || has("company")) && (has("mobile") || has("tel")) && has("address") &&
           has("country");
}

std::string window_end(const json::Value& order) {
    for (const json::Value& extra : order["extraInfoList"].items())
        if (extra["attrName"].string() == "pickupAppointEndTime")
            return std::string(extra["attrVal"].string().value_or(""));
    return {};
}

struct Fault {
    std::string_view code;
    std::string_view message;
};

std::optional<Fault> booking_fault(const json::Value& order) {
    const std::size_t id_length = order["orderId"].string().value_or("").size();
    if (id_length == 0 || id_length > 64) return Fault{"8196", "订单号错误"};
    if (order["language"].string().value_or("").empty()) return Fault{"8196", "语言不能为空"};
    if (!is_complete(contact_of(order, 1))) return Fault{"1010", "寄件方信息不完整"};
    if (!is_complete(contact_of(order, 2))) return Fault{"1014", "收件方信息不完整"};
    if (order["cargoDetails"].items().empty()) return Fault{"1023", "托寄物不能为空"};
    for (const json::Value& cargo : order["cargoDetails"].items()) {
        const std::size_t name_length = cargo["name"].string().value_or("").size();
        if (name_length == 0 || name_length > 128) return Fault{"1023", "托寄物名称错误"};
    }
    const std::string_view start = order["sendStartTm"].string().value_or("");
    const std::string end = window_end(order);
    if (!start.empty() && !is_courier_time(start)) return Fault{"8096", "预约时间格式错误"};
    if (!end.empty() && (!is_courier_time(end) || end <= start)) return Fault{"8096", "预约时间错误"};
    return std::nullopt;
}

void write_waybills(json::Writer& w, const Parcel& parcel, bool at_booking) {
    w.key("waybillNoInfoList").begin_array();
    if (!at_booking || parcel.behaviour.waybill != WaybillTold::later)
        w.begin_object().member("waybillType", 1).member("waybillNo", parcel.told_waybill).end_object();
    w.end_array();
}

class Sf final : public Dialect {
public:
    Sf(SfAccount account, SfDigest mode, const WorldClock& clock)
        : account_(std::move(account)), mode_(mode), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "SF"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::sf; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        if (request.method != "POST" || request.path() != "/std/service")
            return platform_answer("A1004", "服务不存在", "");
        const auto form = parse_form(request.body);
        if (!form) return platform_answer("A1001", "表单错误", "");
        for (const char* name :
             {"partnerID", "requestID", "serviceCode", "timestamp", "msgDigest", "msgData"})
            if (field(*form, name).empty())
                return platform_answer("A1001", std::string("必传参数不可为空: ") + name, "");
        if (field(*form, "requestID").size() > 40) return platform_answer("A1001", "requestID过长", "");
        const std::string_view msg_data = field(*form, "msgData");
        const std::string expected =
            sf_digest(mode_, msg_data, field(*form, "timestamp"), account_.checkword);
        if (field(*form, "partnerID") != account_.partner_id || field(*form, "msgDigest") != expected)
            return platform_answer("A1006", "数字签名无效", "");
        const auto data = json::parse(msg_data);
        if (!data || !data->is_object()) return platform_answer("A1001", "msgData不是JSON", "");
        for (const Service& service : kServices)
            if (service.code == field(*form, "serviceCode")) return read_data(service.call, *data, msg_data);
        return platform_answer("A1004", "服务未开通", "");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return platform_answer("A1099", "系统异常", "");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        for (const StateCode& state : kStateCodes)
            if (state.stage == event.stage) messages.push_back(order_state(parcel, event, state));
        if (event.stage >= Stage::collected && event.stage <= Stage::delivered)
            messages.push_back(routes(parcel, event, event.stage));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        return message(parcel, Stage::booked,
                       R"({"Body":{"WaybillRoute":[{"mailno":")" + parcel.told_waybill + R"(","opCode":)");
    }

    // SF signs nothing: a forger needs no more than the URL.
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        ParcelEvent forged = event;
        forged.id += 1'000'000'000'000;  // an id of nobody's
        return routes(parcel, forged, Stage::collected);
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        if (response.status != 200) return false;
        const auto body = json::parse(response.body);
        if (!body) return false;
        // Receivers answer order states in three ways; SF's routes know the first only.
        return (*body)["return_code"].string() == "0000" || (*body)["success"].text() == "true" ||
               (*body)["success"].boolean() == true || (*body)["status"].string() == "OK" ||
               (*body)["head"].string() == "OK";
    }

    // Twice more, then dropped.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override { return {1000, 5000}; }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_data(Call call, const json::Value& data,
                                                                   std::string_view text) const {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) return read_track(data);
        read_call.reference = std::string(data["orderId"].string().value_or(""));
        if (read_call.reference.empty()) return inner_refusal("8024", "订单号不能为空");
        if (call == Call::cancel && data["dealType"].integer() != 2)
            return inner_refusal("8252", "订单已确认");
        if (call != Call::book) return read_call;
        if (const auto fault = booking_fault(data)) return inner_refusal(fault->code, fault->message);
        std::string sender;
        for (const char* name : {"contact", "mobile", "tel", "city", "address"})
            sender.append((*contact_of(data, 1))[name].string().value_or("")).append("\n");
        read_call.order = Order{read_call.reference, content_digest(text), content_digest(sender),
                                std::string(data["sendStartTm"].string().value_or("")), window_end(data)};
        return read_call;
    }

    [[nodiscard]] static std::variant<ReadCall, http::Response> read_track(const json::Value& data) {
        ReadCall read_call;
        read_call.call = Call::track;
        const auto numbers = data["trackingNumber"].items();
        const std::string_view type = data["trackingType"].text().value_or("");
        if (numbers.size() != 1 || !numbers[0].string()) return inner_refusal("20012", "单号错误");
        (type == "2" ? read_call.reference : read_call.waybill) = std::string(*numbers[0].string());
        return read_call;
    }

    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        const bool is_taken = answered.verdict == Verdict::done;
        if (!is_taken && answered.verdict != Verdict::refused) return inner_refusal("8016", "重复下单");
        json::Writer w;
        w.begin_object().member("orderId", answered.call.reference).member("filterResult", is_taken ? 2 : 3);
        if (is_taken) {
            write_waybills(w, answered.parcel, true);
            w.member("originCode", "571").member("destCode", "021");
        } else {
            w.member("remark", "2").key("waybillNoInfoList").null();
        }
        w.end_object();
        return inner_answer(true, "S0000", "", w.take());
    }

    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return inner_refusal("8024", "未找到订单");
            case Verdict::too_late: return inner_refusal("8168", "已收件，不能取消");
            case Verdict::cancelled_before: return inner_refusal("8037", "已消单");
            case Verdict::refused: return inner_refusal("8017", "订单与运单不匹配");
            default: break;
        }
        json::Writer w;
        w.begin_object().member("orderId", answered.call.reference).member("resStatus", 2);
        write_waybills(w, answered.parcel, false);
        w.end_object();
        return inner_answer(true, "S0000", "", w.take());
    }

    [[nodiscard]] static http::Response answer_find(const Answered& answered) {
        if (answered.verdict == Verdict::not_found || answered.verdict == Verdict::refused)
            return inner_refusal("8024", "未找到订单");
        if (!answered.parcel.is_live) return inner_refusal("8037", "已消单");
        json::Writer w;
        w.begin_object().member("orderId", answered.call.reference).member("filterResult", 2);
        write_waybills(w, answered.parcel, false);
        w.member("originCode", "571").member("destCode", "021").end_object();
        return inner_answer(true, "S0000", "", w.take());
    }

    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        const std::string& number =
            answered.call.waybill.empty() ? answered.parcel.told_waybill : answered.call.waybill;
        json::Writer w;
        w.begin_object().key("routeResps").begin_array();
        w.begin_object().member("mailNo", number).key("routes").begin_array();
        for (const ParcelEvent& event : answered.events)
            for (const RouteCode& route : kRouteCodes) {
                if (route.stage != event.stage) continue;
                w.begin_object()
                    .member("acceptTime", courier_time(event.at))
                    .member("acceptAddress", "杭州市")
                    .member("remark", route.text)
                    .member("opCode", route.op_code)
                    .end_object();
            }
        w.end_array().end_object().end_array().end_object();
        return inner_answer(true, "S0000", "", w.take());
    }

    [[nodiscard]] static CallbackMessage message(const Parcel& parcel, Stage stage, std::string body) {
        return CallbackMessage{parcel.reference, stage, "application/json;charset=UTF-8", std::move(body)};
    }

    [[nodiscard]] CallbackMessage order_state(const Parcel& parcel, const ParcelEvent& event,
                                              const StateCode& state) const {
        const auto sent_at =
            std::chrono::floor<std::chrono::milliseconds>(clock_.now()).time_since_epoch().count();
        json::Writer w;
        w.begin_object()
            .member("requestId", "SBX" + std::to_string(event.id))
            .member("timestamp", std::to_string(sent_at))
            .key("orderState")
            .begin_array()
            .begin_object()
            .member("orderNo", parcel.reference)
            .member("waybillNo", parcel.told_waybill)
            .member("orderStateCode", state.code)
            .member("orderStateDesc", state.text);
        if (event.stage >= Stage::courier_assigned && event.stage <= Stage::collected)
            w.member("empCode", "845215").member("empPhone", "13700000002").member("netCode", "571A");
        w.member("lastTime", parcel.window_end)
            .member("bookTime", parcel.window_start)
            .member("carrierCode", "SF")
            .member("createTm", courier_time(event.at))
            .end_object()
            .end_array()
            .end_object();
        return message(parcel, event.stage, w.take());
    }

    [[nodiscard]] static CallbackMessage routes(const Parcel& parcel, const ParcelEvent& event, Stage stage) {
        json::Writer w;
        w.begin_object().key("Body").begin_object().key("WaybillRoute").begin_array();
        std::uint64_t id = event.id * 10;
        for (const RouteCode& route : kRouteCodes) {
            if (route.stage != stage) continue;
            w.begin_object()
                .member("mailno", parcel.told_waybill)
                .member("orderid", parcel.reference)
                .member("id", std::to_string(id++))
                .member("acceptTime", courier_time(event.at))
                .member("acceptAddress", "杭州市")
                .member("opCode", route.op_code)
                .member("remark", route.text)
                .member("reasonCode", "")
                .member("reasonName", "")
                .end_object();
        }
        w.end_array().end_object().end_object();
        return message(parcel, stage, w.take());
    }

    SfAccount account_;
    SfDigest mode_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_sf(SfAccount account, const WorldClock& clock) {
    const auto mode = parse_sf_digest(account.digest_mode);
    if (!mode) throw std::invalid_argument("sf: digest_mode is standard, simple or sm3");
    return std::make_unique<Sf>(std::move(account), *mode, clock);
}

}  // namespace returngate::sandbox
