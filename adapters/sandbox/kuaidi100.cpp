// POST /order/borderapi.do, form method (bOrder, cancel, detail), key, t, param (JSON text), sign = upper hex
// MD5(param + t + key + secret); POST /poll/query.do, form customer, param, sign = MD5(param + key +
// customer). Answer {"result","returnCode","message","data"}, HTTP 200 for refusals too. Callback: to the
// callBackUrl of the order, form taskId, sign = MD5(param + salt of the order), param. Source: Kuaidi100
// documentation of 商家寄件 and 实时查询, its Java SDK and its demos.
#include "adapters/sandbox/kuaidi100.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kCarrier = "jtexpress";  // the only one that this broker has a contract with

struct Method {
    std::string_view name;
    Call call;
};
constexpr std::array<Method, 3> kMethods{{
    {"bOrder", Call::book},
    {"cancel", Call::cancel},
    {"detail", Call::find},
}};

// One stage can be more than one state: what was collected is weighed and settled, too.
struct State {
    Stage stage;
    std::string_view status;
};
constexpr std::array<State, 8> kStates{{
    {Stage::accepted, "1"},
    {Stage::courier_assigned, "2"},
    {Stage::collected, "10"},
    {Stage::collected, "15"},
    {Stage::in_transit, "101"},
    {Stage::delivered, "13"},
    {Stage::cancelled, "9"},
    {Stage::abandoned, "99"},
}};

struct Trace {
    Stage stage;
    std::string_view code;
    std::string_view word;
    std::string_view text;
};
constexpr std::array<Trace, 3> kTraces{{
    {Stage::collected, "1", "揽收", "【杭州市】已揽收"},
    {Stage::in_transit, "0", "在途", "【杭州转运中心】已发出"},
    {Stage::delivered, "3", "签收", "【上海市】已签收"},
}};

http::Response refusal(std::string_view code, std::string_view message) {
    json::Writer w;
    w.begin_object().member("result", false).member("returnCode", code).member("message", message);
    return json_response(w.end_object().take());
}

http::Response success(std::string_view data) {
    json::Writer w;
    w.begin_object().member("result", true).member("returnCode", "200").member("message", "成功");
    return json_response(w.raw_member("data", data).end_object().take());
}

// Its own names of an order, made from ours, so that they need not be kept.
std::string task_of(std::string_view reference) {
    return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(reference.data()), reference.size()});
}
std::string order_of(std::string_view reference) {
    return "15" + content_digest(reference).substr(0, 10);
}

bool is_hour_and_minute(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789";
    return text.size() == 5 && text[2] == ':' && text.substr(0, 2).find_first_not_of(kDigits) == text.npos &&
           text.substr(3).find_first_not_of(kDigits) == text.npos && text < "24:00" && text[3] < '6';
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& param) {
    constexpr std::array<const char*, 8> kRequired{"recManName",  "recManMobile",  "recManPrintAddr",
                                                   "sendManName", "sendManMobile", "sendManPrintAddr",
                                                   "callBackUrl", "thirdOrderId"};
    constexpr std::array<std::string_view, 3> kDays{"今天", "明天", "后天"};
    const auto text = [&param](const char* name) { return param[name].string().value_or(""); };
    for (const char* name : kRequired)
        if (text(name).empty()) return name;
    if (text("kuaidicom") != kCarrier) return "kuaidicom";
    if (text("thirdOrderId").size() > 32) return "thirdOrderId";
    for (const char* name : {"recManPrintAddr", "sendManPrintAddr"})
        if (text(name).size() > 300) return name;
    if (text("salt").size() > 100) return "salt";
    if (std::ranges::find(kDays, text("dayType")) == kDays.end()) return "dayType";
    const bool is_window = is_hour_and_minute(text("pickupStartTime")) &&
                           is_hour_and_minute(text("pickupEndTime")) &&
                           text("pickupStartTime") < text("pickupEndTime");
    return is_window ? nullptr : "pickupStartTime, pickupEndTime";
}

// By default Kuaidi100 calls plain http only.
bool is_callback_url(std::string_view url) {
    return url.size() <= 200 && url.starts_with("http://");
}

class Kuaidi100 final : public Dialect {
public:
    explicit Kuaidi100(Kuaidi100Account account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "KUAIDI100"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::jt; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || !form) return refusal("400", "参数错误");
        if (request.path() == "/poll/query.do") return read_query(*form);
        if (request.path() != "/order/borderapi.do") return refusal("400", "接口不存在");
        const std::string param(field(*form, "param"));
        const std::string t(field(*form, "t"));
        if (field(*form, "key") != account_.key) return refusal("600", "KEY不合法");
        if (field(*form, "sign") != upper_hex_md5(param + t + account_.key + account_.secret))
            return refusal("503", "签名失败");
        const auto document = json::parse(param);
        if (!document || !document->is_object()) return refusal("400", "参数错误: param");
        for (const Method& method : kMethods)
            if (method.name == field(*form, "method")) return read_param(method.call, *document, param);
        return refusal("400", "参数错误: method");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_detail(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal("500", "服务器错误");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        for (const State& state : kStates)
            if (state.stage == event.stage)
                messages.push_back(push(parcel, event.stage, order_param(parcel, state), parcel.salt));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        const std::string cut = R"({"kuaidicom":"jtexpress","kuaidinum":")" + parcel.told_waybill;
        return push(parcel, Stage::booked, cut, parcel.salt);
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent&) const override {
        return push(parcel, Stage::collected, order_param(parcel, *of_stage(kStates, Stage::collected)),
                    "not the salt");
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["result"].boolean() == true &&
               (*body)["returnCode"].string() == "200";
    }

    // In truth after 30 minutes; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_query(const FormFields& form) const {
        const std::string param(field(form, "param"));
        if (field(form, "customer") != account_.customer) return refusal("601", "KEY已过期");
        if (field(form, "sign") != upper_hex_md5(param + account_.key + account_.customer))
            return refusal("503", "验证签名失败");
        const auto document = json::parse(param);
        ReadCall read_call;
        read_call.call = Call::track;
        if (document) read_call.waybill = std::string((*document)["num"].string().value_or(""));
        if (read_call.waybill.empty() || (*document)["com"].string() != kCarrier)
            return refusal("400", "找不到对应公司");
        return read_call;
    }

    [[nodiscard]] static std::variant<ReadCall, http::Response> read_param(Call call,
                                                                           const json::Value& param,
                                                                           std::string_view text) {
        ReadCall read_call;
        read_call.call = call;
        if (call != Call::book) {
            const auto reference = crypto::from_hex(param["taskId"].string().value_or(""));
            read_call.reference = reference.value_or("");
            const bool is_its_order =
                call == Call::find || param["orderId"].string() == order_of(read_call.reference);
            if (read_call.reference.empty() || !is_its_order) return refusal("400", "任务不存在");
            return read_call;
        }
        if (const char* fault = booking_fault(param))
            return refusal("400", std::string("参数错误: ") + fault);
        if (!is_callback_url(*param["callBackUrl"].string())) return refusal("700", "回调地址错误");
        read_call.reference = std::string(*param["thirdOrderId"].string());
        std::string sender;
        for (const char* name : {"sendManName", "sendManMobile", "sendManPrintAddr"})
            sender.append(*param[name].string()).append("\n");
        const std::string day(*param["dayType"].string());
        Order order{read_call.reference, content_digest(text), content_digest(sender),
                    day + " " + std::string(*param["pickupStartTime"].string()),
                    day + " " + std::string(*param["pickupEndTime"].string())};
        order.callback_url = std::string(*param["callBackUrl"].string());
        order.salt = std::string(param["salt"].string().value_or(""));
        read_call.order = std::move(order);
        return read_call;
    }

    // The same thirdOrderId gets the first answer again, whatever else it says.
    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        if (answered.verdict == Verdict::refused) return refusal("500", "下单失败：该区域停派");
        const Parcel& parcel = answered.parcel;
        const bool is_told = parcel.behaviour.waybill != WaybillTold::later;
        json::Writer w;
        w.begin_object()
            .member("taskId", task_of(parcel.reference))
            .member("orderId", order_of(parcel.reference))
            .member("kuaidinum", is_told ? parcel.told_waybill : "")
            .member("eOrder", "")
            .member("pollToken", "");
        return success(w.end_object().take());
    }

    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal("400", "任务不存在");
            case Verdict::too_late: return refusal("500", "订单已取件，不能取消");
            case Verdict::cancelled_before: return refusal("500", "订单已取消");
            case Verdict::refused: return refusal("500", "取消失败");
            default: return success("null");
        }
    }

    [[nodiscard]] static http::Response answer_detail(const Answered& answered) {
        if (answered.verdict != Verdict::done) return refusal("400", "任务不存在");
        const Parcel& parcel = answered.parcel;
        const State* state = of_stage(kStates, parcel.stage);
        json::Writer w;
        w.begin_object()
            .member("taskId", task_of(parcel.reference))
            .member("status", state == nullptr ? std::string_view("0") : state->status)
            .member("kuaidiNum", parcel.told_waybill)
            .member("courierName", "王师傅")
            .member("courierMobile", "13700000003")
            .member("payStatus", 0);
        return success(w.end_object().take());
    }

    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        std::vector<std::pair<const Trace*, Instant>> rows;
        for (const ParcelEvent& event : answered.events)
            if (const auto* trace = std::ranges::find(kTraces, event.stage, &Trace::stage);
                trace != kTraces.end())
                rows.emplace_back(trace, event.at);
        if (rows.empty()) return refusal("500", "查询无结果，请隔段时间再查");
        std::ranges::reverse(rows);  // newest first
        json::Writer w;
        w.begin_object().member("message", "ok").member("nu", answered.call.waybill).member("ischeck", "0");
        w.member("com", kCarrier).member("status", "200").member("state", rows.front().first->code);
        w.key("data").begin_array();
        for (const auto& [trace, at] : rows)
            w.begin_object()
                .member("context", trace->text)
                .member("time", courier_time(at))
                .member("ftime", courier_time(at))
                .member("status", trace->word)
                .member("statusCode", trace->code)
                .end_object();
        return json_response(w.end_array().end_object().take());
    }

    [[nodiscard]] static std::string order_param(const Parcel& parcel, const State& state) {
        json::Writer w;
        w.begin_object()
            .member("kuaidicom", kCarrier)
            .member("kuaidinum", parcel.told_waybill)
            .member("status", "200")
            .member("message", "成功")
            .key("data")
            .begin_object()
            .member("orderId", order_of(parcel.reference))
            .raw_member("status", state.status)
            .member("courierName", "王师傅")
            .member("courierMobile", "13700000003");
        if (state.status == "15")
            w.member("weight", "1.25").member("defPrice", "12.00").member("freight", "9.50");
        return w.member("thirdOrderId", parcel.reference).end_object().end_object().take();
    }

    [[nodiscard]] static CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& param,
                                              const std::string& salt) {
        const FormFields fields{
            {"taskId", task_of(parcel.reference)}, {"sign", upper_hex_md5(param + salt)}, {"param", param}};
        CallbackMessage message{parcel.reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                                render_form(fields)};
        message.url = parcel.callback_url;
        return message;
    }

    Kuaidi100Account account_;
};

}  // namespace

std::unique_ptr<Dialect> make_kuaidi100(Kuaidi100Account account) {
    return std::make_unique<Kuaidi100>(std::move(account));
}

}  // namespace returngate::sandbox
