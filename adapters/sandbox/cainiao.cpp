// POST /gateway/link.do, form msg_type, logistic_provider_id, data_digest = Base64(MD5(content + secret)),
// logistics_interface = content = {"request":{…},"accessOption":{"accessCode"}}. Answer
// {"success","errorCode", "errorMsg","data"}. Source: Cainiao LINK, GUOGUO_CREATE_SEND_ORDER,
// GUOGUO_CANCEL_SEND_ORDER, GUOGUO_QUERY_SEND_ORDER_FULL_DETAIL as one client writes them; codes of refusal
// are not published.
#include "adapters/sandbox/cainiao.hpp"

#include <algorithm>
#include <array>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"
#include "adapters/sandbox/silent_dialect.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kPath = "/gateway/link.do";
constexpr std::string_view kOrderPrefix = "CN-";  // Cainiao's own name of an order

struct Message {
    std::string_view type;
    Call call;
};
constexpr std::array kMessages{Message{"GUOGUO_CREATE_SEND_ORDER", Call::book},
                               Message{"GUOGUO_CANCEL_SEND_ORDER", Call::cancel},
                               Message{"GUOGUO_QUERY_SEND_ORDER_FULL_DETAIL", Call::find}};

// Of the full detail. There is none for a cancellation, nor for a person on the way.
std::string_view status_of(Stage stage) {
    switch (stage) {
        case Stage::collected: return "400";
        case Stage::in_transit: return "500";
        case Stage::delivered: return "1000";
        default: return "0";
    }
}

http::Response refusal(std::string_view message) {
    json::Writer w;
    w.begin_object().member("success", false).member("errorCode", "S01").member("errorMsg", message);
    return json_response(w.end_object().take());
}

http::Response success(std::string_view data) {
    json::Writer w;
    return json_response(
        w.begin_object().member("success", true).raw_member("data", data).end_object().take());
}

// nullptr when all is well, else the member at fault.
const char* booking_fault(const json::Value& order) {
    for (const char* role : {"senderInfo", "receiverInfo"})
        for (const char* name :
             {"name", "mobile", "fullAddressDetail", "provinceName", "cityName", "address"})
            if (text_in(order[role], name).empty()) return name;
    for (const char* name : {"itemType", "weight", "itemVersion", "timeType"})
        if (!order[name].is_number()) return name;
    if (text_in(order, "itemId").empty()) return "itemId";
    const auto own = order["outOrderInfoList"].items();
    if (own.size() != 1 || text_in(own.front(), "outOrderId").empty()) return "outOrderInfoList";
    const auto start = text_in(order, "appointGotStartTime");
    const auto end = text_in(order, "appointGotEndTime");
    return is_courier_time(start) && is_courier_time(end) && start < end ? nullptr : "appointGotStartTime";
}

class Cainiao final : public SilentDialect {
public:
    explicit Cainiao(CainiaoAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "CAINIAO"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::yto; }  // who carries

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || request.path() != kPath || !form) return refusal("请求无效");
        const std::string_view content = field(*form, "logistics_interface");
        if (field(*form, "logistic_provider_id") != account_.logistic_provider_id ||
            field(*form, "data_digest") != payload_digest(content, account_.secret))
            return refusal("签名错误");
        const auto document = json::parse(content);
        const auto* message = std::ranges::find(kMessages, field(*form, "msg_type"), &Message::type);
        if (!document || message == kMessages.end()) return refusal("请求无效");
        if (text_in((*document)["accessOption"], "accessCode") != account_.access_code)
            return refusal("accessCode无效");
        return read_call(message->call, (*document)["request"], content);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.verdict) {
            case Verdict::done: break;
            case Verdict::not_found: return refusal("订单不存在");
            case Verdict::too_late: return success("false");
            case Verdict::cancelled_before: return refusal("订单已取消");
            case Verdict::repeated:
            case Verdict::changed: return refusal("订单已存在");
            case Verdict::refused: return refusal("不在服务范围");
        }
        if (answered.call.call == Call::cancel) return success("true");
        return success(answered.call.call == Call::book ? order_of(answered.parcel)
                                                        : detail_of(answered.parcel));
    }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_call(Call call, const json::Value& body,
                                                                   std::string_view bytes) const {
        ReadCall read;
        read.call = call;
        if (call != Call::book) {
            const std::string_view own_name = text_in(body, "orderId");
            if (text_in(body, "cnAccountId") != account_.cn_account_id || !own_name.starts_with(kOrderPrefix))
                return refusal("参数错误: orderId");
            read.reference = own_name.substr(kOrderPrefix.size());
            return read;
        }
        if (const char* fault = booking_fault(body)) return refusal(std::string("参数错误: ") + fault);
        read.reference = text_in(body["outOrderInfoList"].items().front(), "outOrderId");
        const std::string door = content_of(body["senderInfo"], {"name", "mobile", "fullAddressDetail"});
        read.order = Order{read.reference, content_digest(bytes), content_digest(door),
                           std::string(text_in(body, "appointGotStartTime")),
                           std::string(text_in(body, "appointGotEndTime"))};
        return read;
    }

    // Number and carrier come at the pickup.
    [[nodiscard]] static std::string order_of(const Parcel& parcel) {
        json::Writer w;
        w.begin_object().member("orderId", std::string(kOrderPrefix) + parcel.reference).key("mailNo").null();
        return w.member("gotCode", "3524").key("cpCode").null().end_object().take();
    }

    [[nodiscard]] static std::string detail_of(const Parcel& parcel) {
        json::Writer w;
        w.begin_object().member("orderStatusCode", status_of(parcel.stage));
        if (parcel.stage >= Stage::collected && parcel.stage <= Stage::delivered) {
            w.key("packageInfo").begin_object().member("mailNo", parcel.told_waybill).member("cpCode", "YTO");
            w.end_object().key("latestLogisticsDetail").begin_object();
            w.member("updateTime", courier_time(parcel.events.back().at)).end_object();
            w.key("courierInfo")
                .begin_object()
                .member("name", "李四")
                .member("mobile", "13700000007")
                .end_object();
            w.key("payInfo").begin_object().raw_member("weight", "1.25").end_object();
        }
        return w.end_object().take();
    }

    CainiaoAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_cainiao(CainiaoAccount account) {
    return std::make_unique<Cainiao>(std::move(account));
}

}  // namespace returngate::sandbox
