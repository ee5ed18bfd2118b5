// POST /open/{method}/{version}/{token}/{customerCode}, JSON {"timestamp","param","sign","format"} with
// the call as JSON text in `param`; sign = Base64(MD5(param + method + version + secret)).
// Push: form logistics_interface (XML), data_digest = Base64(MD5(xml + secret)), clientId, type.
// Source: YTO open platform, privacy_create_adapter, korder_cancel_adapter, track_query_adapter, push.
#include "adapters/sandbox/yto.hpp"

#include <array>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kBadParameters = "200010003";
constexpr std::string_view kNoNumber = "200010013";

struct Method {
    std::string_view name;
    std::string_view version;
    Call call;
};
constexpr std::array<Method, 3> kMethods{{
    {"privacy_create_adapter", "v1", Call::book},
    {"korder_cancel_adapter", "v1", Call::cancel},
    {"track_query_adapter", "v1", Call::track},
}};

struct Word {
    Stage stage;
    std::string_view info_content;
    std::string_view text;
};
// Cancelling tells nobody, and `booked` is no event.
constexpr std::array<Word, 6> kWords{{
    {Stage::accepted, "ACCEPT", "已接单"},
    {Stage::courier_assigned, "ACCEPT", "已派业务员"},
    {Stage::collected, "GOT", "已揽收"},
    {Stage::in_transit, "DEPARTURE", "已发出"},
    {Stage::delivered, "SIGNED", "已签收"},
    {Stage::abandoned, "NOT_SEND", "揽收失败"},
}};

// The gateway in front of YTO's systems speaks of apiErrorMsg, the systems of code and reason.
http::Response gateway_refusal(std::string_view message) {
    json::Writer w;
    w.begin_object().member("success", false).member("apiErrorMsg", message).end_object();
    return json_response(w.take());
}

http::Response refusal(std::string_view code, std::string_view reason) {
    json::Writer w;
    w.begin_object().member("success", false).raw_member("code", code).member("reason", reason).end_object();
    return json_response(w.take());
}

std::string escape_xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string element(std::string_view name, std::string_view text) {
    std::string out = "<";
    out.append(name).append(">").append(escape_xml(text)).append("</").append(name).append(">");
    return out;
}

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return parts;
}

// nullptr when all is well, else what is wrong with a create order's parameters.
const char* booking_fault(const json::Value& param, Instant now) {
    constexpr std::array<const char*, 10> kRequired{
        "senderName",    "senderProvinceName",    "senderCityName",    "senderAddress",    "senderMobile",
        "recipientName", "recipientProvinceName", "recipientCityName", "recipientAddress", "recipientMobile"};
    const std::size_t reference_length = param["logisticsNo"].string().value_or("").size();
    if (reference_length < 7 || reference_length > 64) return "logisticsNo";
    for (const char* name : kRequired)
        if (param[name].string().value_or("").empty()) return name;
    if (param["goods"].items().size() > 20) return "goods";
    for (const json::Value& item : param["goods"].items())
        if (item["name"].string().value_or("").empty()) return "goods.name";
    const std::string_view start = param["startTime"].string().value_or("");
    const std::string_view end = param["endTime"].string().value_or("");
    if (start.empty() && end.empty()) return nullptr;
    if (!is_courier_time(start) || !is_courier_time(end) || end <= start) return "startTime, endTime";
    // From 00:00:00 of the order's day to 23:59:59 six days later.
    const std::string first = courier_time(now).substr(0, 10) + " 00:00:00";
    const std::string last = courier_time(now + std::chrono::days(6)).substr(0, 10) + " 23:59:59";
    return start < first || end > last ? "startTime, endTime" : nullptr;
}

class Yto final : public Dialect {
public:
    Yto(YtoAccount account, const WorldClock& clock) : account_(std::move(account)), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "YTO"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::yto; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto path = split_path(request.path());
        if (request.method != "POST" || path.size() != 5 || path[0] != "open")
            return gateway_refusal("接口不存在");
        const Method* method = nullptr;
        for (const Method& known : kMethods)
            if (known.name == path[1] && known.version == path[2]) method = &known;
        if (method == nullptr || path[3] != account_.token || path[4] != account_.customer_code)
            return gateway_refusal("接口未授权");
        const auto envelope = json::parse(request.body);
        if (!envelope) return gateway_refusal("报文不是JSON");
        const auto param_text = (*envelope)["param"].string();
        const auto sign = (*envelope)["sign"].string();
        if (!param_text || !sign || !(*envelope)["timestamp"].text() ||
            (*envelope)["format"].string() != "JSON")
            return gateway_refusal("缺少参数");
        if (*sign != yto_sign(*param_text, method->name, method->version, account_.secret))
            return gateway_refusal("签名错误");
        const auto param = json::parse(*param_text);
        if (!param || !param->is_object()) return refusal(kBadParameters, "参数错误: param");
        return read_param(method->call, *param, *param_text);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::track: return answer_track(answered);
            case Call::find: break;
        }
        return gateway_refusal("接口不存在");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        const Word* word = of_stage(kWords, event.stage);
        if (word == nullptr) return {};
        return {push(parcel.reference, event.stage, update_info(parcel, event, *word), account_.push_secret)};
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        const std::string cut =
            "<UpdateInfo><logisticProviderID>YTO</logisticProviderID><mailNo>" + parcel.told_waybill;
        return push(parcel.reference, Stage::booked, cut, account_.push_secret);
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        const Word* got = of_stage(kWords, Stage::collected);
        return push(parcel.reference, Stage::collected, update_info(parcel, event, *got), "not the secret");
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        return response.status == 200 && response.body.starts_with("<Response>") &&
               response.body.find("<success>true</success>") != std::string::npos;
    }

    // YTO's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_param(Call call, const json::Value& param,
                                                                    std::string_view text) const {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) {
            read_call.waybill =
                std::string(param["NUMBER"].string().value_or(param["Number"].string().value_or("")));
            if (read_call.waybill.empty()) return refusal(kBadParameters, "参数错误: NUMBER");
            return read_call;
        }
        read_call.reference = std::string(param["logisticsNo"].string().value_or(""));
        if (read_call.reference.empty()) return refusal(kBadParameters, "参数错误: logisticsNo");
        if (call == Call::cancel) return read_call;
        if (const char* fault = booking_fault(param, clock_.now()))
            return refusal(kBadParameters, std::string("参数错误: ") + fault);
        std::string sender;
        for (const char* name : {"senderName", "senderMobile", "senderCityName", "senderAddress"})
            sender.append(*param[name].string()).append("\n");
        read_call.order = Order{read_call.reference, content_digest(text), content_digest(sender),
                                std::string(param["startTime"].string().value_or("")),
                                std::string(param["endTime"].string().value_or(""))};
        return read_call;
    }

    [[nodiscard]] http::Response answer_book(const Answered& answered) const {
        switch (answered.verdict) {
            case Verdict::refused: return refusal(kNoNumber, "该区域暂不支持上门取件");
            case Verdict::changed: return refusal(kBadParameters, "订单号已存在");
            case Verdict::cancelled_before: return refusal(kBadParameters, "订单已取消");
            default: break;
        }
        json::Writer w;
        w.begin_object()
            .member("customerCode", account_.customer_code)
            .member("logisticsNo", answered.parcel.reference);
        if (answered.parcel.behaviour.waybill != WaybillTold::later)
            w.member("mailNo", answered.parcel.told_waybill);
        w.member("shortAddress", "300-01-02").end_object();
        return json_response(w.take());
    }

    [[nodiscard]] http::Response answer_cancel(const Answered& answered) const {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal(kBadParameters, "订单不存在");
            case Verdict::too_late: return refusal(kBadParameters, "订单已揽收，不能取消");
            case Verdict::refused: return refusal(kBadParameters, "取消失败");
            default: break;
        }
        json::Writer w;
        w.begin_object().member("logisticsNo", answered.call.reference).end_object();
        return json_response(w.take());
    }

    // A bare array, oldest first; the order's life before the collection is not on it.
    [[nodiscard]] http::Response answer_track(const Answered& answered) const {
        json::Writer w;
        w.begin_array();
        bool is_empty = true;
        for (const ParcelEvent& event : answered.events) {
            const Word* word = of_stage(kWords, event.stage);
            if (word == nullptr || event.stage < Stage::collected) continue;
            is_empty = false;
            w.begin_object()
                .member("waybill_No", answered.call.waybill)
                .member("upload_Time", courier_time(event.at))
                .member("infoContent", word->info_content)
                .member("processInfo", word->text)
                .member("city", "杭州市")
                .member("district", "西湖区")
                .member("weight", "1.25")
                .end_object();
        }
        w.end_array();
        if (!is_empty) return json_response(w.take());
        json::Writer none;
        none.begin_object()
            .key("map")
            .begin_object()
            .key(answered.call.waybill)
            .begin_array()
            .end_array()
            .end_object();
        none.member("code", "1001")
            .member("success", "true")
            .member("message", "查询结果为空。")
            .end_object();
        return json_response(none.take());
    }

    [[nodiscard]] std::string update_info(const Parcel& parcel, const ParcelEvent& event,
                                          const Word& word) const {
        std::string xml = "<UpdateInfo>";
        xml += element("logisticProviderID", "YTO");
        xml += element("clientID", account_.customer_code);
        xml += element("mailNo", parcel.told_waybill);
        xml += element("txLogisticID", parcel.reference);
        xml += element("infoType", "STATUS");
        xml += element("infoContent", word.info_content);
        xml += element("acceptTime", courier_time(event.at));
        xml += element("remark", word.text);
        if (&word == of_stage(kWords, Stage::collected)) xml += element("weight", "1.25");
        if (event.stage == Stage::courier_assigned)
            xml += element("empName", "王师傅") + element("empCode", "02571234") +
                   element("contactInfo", "13700000001");
        if (event.stage == Stage::delivered) xml += element("signedName", "退货仓");
        return xml + "</UpdateInfo>";
    }

    [[nodiscard]] CallbackMessage push(const std::string& reference, Stage stage, const std::string& xml,
                                       std::string_view secret) const {
        const FormFields fields{{"logistics_interface", xml},
                                {"data_digest", yto_push_digest(xml, secret)},
                                {"clientId", account_.customer_code},
                                {"type", "online"}};
        return CallbackMessage{reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                               render_form(fields)};
    }

    YtoAccount account_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_yto(YtoAccount account, const WorldClock& clock) {
    return std::make_unique<Yto>(std::move(account), clock);
}

}  // namespace returngate::sandbox
