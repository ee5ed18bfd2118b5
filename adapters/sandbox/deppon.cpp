// POST /dop-interface-async/standard-order/{interface}.action and /dop-interface-sync/standard-query/…, form
// companyCode, params (JSON text), timestamp (ms), digest = Base64(hex text of MD5(params + appkey +
// timestamp)). Answer {"result":"true","resultCode":"1000","reason",…}, all texts. Push: the same form.
// Source: Deppon open platform, createOrderNotify, cancelOrder, queryOrder, newTraceQuery, order state and
// trace pushes.
#include "adapters/sandbox/deppon.hpp"

#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

struct Interface {
    std::string_view path;
    Call call;
};
constexpr std::array<Interface, 4> kInterfaces{{
    {"/dop-interface-async/standard-order/createOrderNotify.action", Call::book},
    {"/dop-interface-async/standard-order/cancelOrder.action", Call::cancel},
    {"/dop-interface-sync/standard-query/queryOrder.action", Call::find},
    {"/dop-interface-sync/standard-query/newTraceQuery.action", Call::track},
}};

struct Word {
    Stage stage;
    std::string_view status_type;
};
constexpr std::array<Word, 6> kWords{{
    {Stage::accepted, "ACCEPT"},
    {Stage::courier_assigned, "RECEIPTING"},
    {Stage::collected, "GOT"},
    {Stage::delivered, "SIGNSUCCESS"},
    {Stage::cancelled, "CANCEL"},
    {Stage::abandoned, "FAILGOT"},
}};

struct Trace {
    Stage stage;
    std::string_view status;
    std::string_view text;
};
constexpr std::array<Trace, 3> kTraces{{
    {Stage::collected, "GOT", "您的订单已被收件员揽收"},
    {Stage::in_transit, "DEPARTURE", "运输中,离开【杭州转运中心】"},
    {Stage::delivered, "SIGNED", "正常签收"},
}};

http::Response json_response(std::string body) {
    http::Response response;
    response.headers.set("Content-Type", "text/html;charset=UTF-8");
    response.body = std::move(body);
    return response;
}

http::Response refusal(std::string_view code, std::string_view reason) {
    json::Writer w;
    w.begin_object().member("result", "false").member("reason", reason).member("resultCode", code);
    return json_response(w.member("uniquerRequestNumber", "38111022395295356").end_object().take());
}

json::Writer& begin_success(json::Writer& w) {
    return w.begin_object().member("result", "true").member("reason", "成功").member("resultCode", "1000");
}

std::string digest_of(std::string_view text) {
    return crypto::to_hex(crypto::sha256(text));
}

bool is_party(const json::Value& party) {
    for (const char* name : {"name", "mobile", "province", "city", "county", "address"})
        if (party[name].string().value_or("").empty()) return false;
    return true;
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& params, const DepponAccount& account) {
    const auto text = [&params](const char* name) { return params[name].string().value_or(""); };
    if (text("companyCode") != account.company_code) return "companyCode";
    if (text("customerCode") != account.customer_code) return "customerCode";
    if (text("orderType") != "1") return "orderType";
    if (text("transportType").empty()) return "transportType";
    if (!is_party(params["sender"])) return "sender";
    if (!is_party(params["receiver"])) return "receiver";
    for (const char* name : {"cargoName", "totalNumber", "totalWeight", "deliveryType"})
        if (params["packageInfo"][name].string().value_or("").empty()) return name;
    if (text("payType").empty()) return "payType";
    if (!is_courier_time(text("gmtCommit"))) return "gmtCommit";
    const bool is_window = is_courier_time(text("sendStartTime")) && is_courier_time(text("sendEndTime")) &&
                           text("sendStartTime") < text("sendEndTime");
    return is_window ? nullptr : "sendStartTime, sendEndTime";
}

class Deppon final : public Dialect {
public:
    Deppon(DepponAccount account, const WorldClock& clock) : account_(std::move(account)), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "DEPPON"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::deppon; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || !form) return refusal("1001", "参数错误");
        const std::string params(field(*form, "params"));
        if (field(*form, "companyCode") != account_.company_code) return refusal("3002", "接口权限不足");
        if (field(*form, "digest") != deppon_digest(params, account_.app_key, field(*form, "timestamp")))
            return refusal("1002", "签名错误");
        const auto document = json::parse(params);
        if (!document || !document->is_object()) return refusal("1001", "params错误");
        for (const Interface& interface : kInterfaces)
            if (request.path() == interface.path) return read_params(interface.call, *document, params);
        return refusal("3002", "接口权限不足");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal("9999", "系统异常");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        const auto send = [&](const std::string& params) {
            messages.push_back(push(parcel, event.stage, params, account_.app_key));
        };
        if (const Word* word = of_stage(kWords, event.stage)) send(state_params(parcel, *word));
        for (const Trace& trace : kTraces)
            if (trace.stage == event.stage) send(trace_params(parcel));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        return push(parcel, Stage::booked, R"({"logisticID":")" + id_of(parcel.reference), account_.app_key);
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent&) const override {
        return push(parcel, Stage::collected, state_params(parcel, *of_stage(kWords, Stage::collected)),
                    "not the key");
    }

    // Either form of an acknowledgement.
    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        if (response.status != 200 || !body) return false;
        return ((*body)["result"].string() == "true" && (*body)["resultCode"].string() == "1000") ||
               ((*body)["success"].boolean() == true && (*body)["error_code"].string() == "1000");
    }

    // Deppon's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::string id_of(const std::string& reference) const {
        return account_.sign_prefix + reference;
    }

    [[nodiscard]] std::variant<ReadCall, http::Response> read_params(Call call, const json::Value& params,
                                                                     std::string_view text) const {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) {
            read_call.waybill = std::string(params["mailNo"].string().value_or(""));
            if (read_call.waybill.empty()) return refusal("1001", "mailNo为空");
            return read_call;
        }
        const std::string_view id = params["logisticID"].string().value_or("");
        if (!id.starts_with(account_.sign_prefix) || id.size() == account_.sign_prefix.size())
            return refusal("1001", "logisticID错误");
        read_call.reference = std::string(id.substr(account_.sign_prefix.size()));
        if (call != Call::book) {
            if (params["logisticCompanyID"].string() != "DEPPON")
                return refusal("1001", "logisticCompanyID错误");
            const bool is_timed = is_courier_time(params["cancelTime"].string().value_or(""));
            if (call == Call::cancel && !is_timed) return refusal("1001", "cancelTime错误");
            return read_call;
        }
        if (const char* fault = booking_fault(params, account_))
            return refusal("1001", std::string("参数错误: ") + fault);
        std::string door;
        for (const char* name : {"name", "mobile", "address"})
            door.append(*params["sender"][name].string()).append("\n");
        read_call.order = Order{read_call.reference, digest_of(text), digest_of(door),
                                std::string(params["sendStartTime"].string().value_or("")),
                                std::string(params["sendEndTime"].string().value_or(""))};
        return read_call;
    }

    [[nodiscard]] http::Response answer_book(const Answered& answered) const {
        if (answered.verdict == Verdict::refused) return refusal("2101", "该区域不支持上门接货");
        if (answered.verdict != Verdict::done) return refusal("2006", "渠道单号或运单号重复！");
        json::Writer w;
        begin_success(w).member("logisticID", id_of(answered.parcel.reference));
        if (answered.parcel.behaviour.waybill != WaybillTold::later)
            w.member("mailNo", answered.parcel.told_waybill);
        return json_response(w.member("arrivedOrgSimpleName", "浦东营业部").end_object().take());
    }

    [[nodiscard]] http::Response answer_cancel(const Answered& answered) const {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal("2001", "订单不存在");
            case Verdict::too_late: return refusal("2002", "订单已开单，不能撤销");
            case Verdict::refused: return refusal("2003", "撤销失败");
            default: break;
        }
        json::Writer w;
        begin_success(w).member("logisticID", id_of(answered.call.reference)).end_object();
        return json_response(w.take());
    }

    [[nodiscard]] http::Response answer_find(const Answered& answered) const {
        if (answered.verdict != Verdict::done) return refusal("2001", "订单不存在");
        const Word* word = of_stage(kWords, answered.parcel.stage);
        if (answered.parcel.stage == Stage::in_transit) word = of_stage(kWords, Stage::collected);
        json::Writer w;
        begin_success(w).key("responseParam").begin_object().member("logisticCompanyID", "DEPPON");
        w.member("logisticID", id_of(answered.parcel.reference));
        w.member("mailNo", answered.parcel.told_waybill);
        w.member("statusType", word == nullptr ? "WAIT_ACCEPT" : word->status_type).end_object();
        return json_response(w.end_object().take());
    }

    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        json::Writer w;
        begin_success(w).key("responseParam").begin_object();
        write_traces(w, answered.events);
        w.member("tracking_number", answered.call.waybill).end_object();
        return json_response(w.end_object().take());
    }

    static void write_traces(json::Writer& w, const std::vector<ParcelEvent>& events) {
        w.key("trace_list").begin_array();
        for (const ParcelEvent& event : events)
            for (const Trace& trace : kTraces)
                if (trace.stage == event.stage)
                    w.begin_object()
                        .member("time", courier_time(event.at))
                        .member("status", trace.status)
                        .member("description", trace.text)
                        .member("city", "杭州市")
                        .member("site", "杭州西湖营业部")
                        .end_object();
        w.end_array();
    }

    [[nodiscard]] std::string state_params(const Parcel& parcel, const Word& word) const {
        json::Writer w;
        w.begin_object().member("logisticID", id_of(parcel.reference)).member("mailNo", parcel.told_waybill);
        w.member("statusType", word.status_type);
        w.member("comments", word.stage == Stage::courier_assigned ? "王师傅 13700000006" : "");
        return w.end_object().take();
    }

    // The list grows with every push.
    [[nodiscard]] static std::string trace_params(const Parcel& parcel) {
        json::Writer w;
        w.begin_object().key("track_list").begin_array().begin_object();
        w.member("tracking_number", parcel.told_waybill);
        write_traces(w, parcel.events);
        return w.end_object().end_array().end_object().take();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& params,
                                       std::string_view key) const {
        const auto since_epoch = clock_.now().time_since_epoch();
        const std::string timestamp =
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
        const FormFields fields{{"companyCode", account_.company_code},
                                {"digest", deppon_digest(params, key, timestamp)},
                                {"timestamp", timestamp},
                                {"params", params}};
        return CallbackMessage{parcel.reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                               render_form(fields)};
    }

    DepponAccount account_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_deppon(DepponAccount account, const WorldClock& clock) {
    return std::make_unique<Deppon>(std::move(account), clock);
}

}  // namespace returngate::sandbox
