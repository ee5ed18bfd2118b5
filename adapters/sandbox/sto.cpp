// POST /gateway/link.do, form content (JSON), data_digest = Base64(MD5(content + secretKey)), api_name,
// from_appkey, from_code, to_appkey, to_code. Answer
// {"success","needRetry","errorCode","errorMsg","requestId", "data"}, flags as texts, HTTP 200 for refusals
// too. Pushes: the same form and digest. Source: STO open platform, OMS_EXPRESS_ORDER_CREATE,
// EDI_MODIFY_ORDER_CANCEL, GET_ORDERDISPATCH_INFO, STO_TRACE_QUERY_COMMON; EDI_PUSH_ORDER_STATUS,
// STO_TRACE_PLATFORM_PUSH, MARKET_PUSH_SETTLE_WEIGHT.
#include "adapters/sandbox/sto.hpp"

#include <algorithm>
#include <array>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kRefused = "B001";  // its table of codes is not public

struct Interface {
    std::string_view name;
    std::string_view to;
    Call call;
};
constexpr std::array<Interface, 4> kInterfaces{{
    {"OMS_EXPRESS_ORDER_CREATE", "sto_oms", Call::book},
    {"EDI_MODIFY_ORDER_CANCEL", "edi_modify_order", Call::cancel},
    {"GET_ORDERDISPATCH_INFO", "ORDERMS_API", Call::find},
    {"STO_TRACE_QUERY_COMMON", "sto_trace_query", Call::track},
}};

struct DispatchState {
    Stage stage;
    std::string_view status;
    std::string_view name;
};
constexpr std::array<DispatchState, 3> kDispatchStates{{
    {Stage::accepted, "1", "已分配"},
    {Stage::courier_assigned, "2", "已调派"},
    {Stage::collected, "5", "已完成"},
}};

struct Scan {
    Stage stage;
    std::string_view type;
    std::string_view memo;
};
constexpr std::array<Scan, 3> kScans{{
    {Stage::collected, "收件", "【杭州西湖】已收件"},
    {Stage::in_transit, "发件", "快件离开【杭州西湖】"},
    {Stage::delivered, "签收", "【上海浦东】已签收"},
}};

http::Response envelope(bool is_success, std::string_view code, std::string_view message,
                        std::string_view data) {
    json::Writer w;
    w.begin_object().member("success", is_success ? "true" : "false").member("needRetry", "false");
    w.member("errorCode", code).member("errorMsg", message).member("requestId", "r1");
    return json_response(w.raw_member("data", data).end_object().take());
}

http::Response refusal(std::string_view code, std::string_view message) {
    return envelope(false, code, message, "null");
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& order, const StoAccount& account) {
    constexpr std::array<const char*, 5> kParty{"name", "mobile", "province", "city", "address"};
    if (text_in(order, "orderNo").empty()) return "orderNo";
    if (text_in(order, "orderSource") != account.order_source) return "orderSource";
    if (text_in(order, "billType") != "00") return "billType";
    if (text_in(order, "orderType") != "02") return "orderType";
    for (const char* role : {"sender", "receiver"})
        for (const char* name : kParty)
            if (text_in(order[role], name).empty()) return name;
    const json::Value& customer = order["customer"];
    if (text_in(customer, "siteCode") != account.site_code ||
        text_in(customer, "customerName") != account.customer_name ||
        text_in(customer, "sitePwd") != account.site_password)
        return "customer";
    if (text_in(order["cargo"], "goodsName").empty()) return "cargo";
    const auto start = text_in(order["extendFieldMap"], "fetch_begin_time");
    const auto end = text_in(order["extendFieldMap"], "fetch_end_time");
    return is_courier_time(start) && is_courier_time(end) && start < end ? nullptr : "extendFieldMap";
}

class Sto final : public Dialect {
public:
    explicit Sto(StoAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "STO"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::sto; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || request.path() != "/gateway/link.do" || !form)
            return refusal("S01", "非法的请求");
        const auto* known = std::ranges::find(kInterfaces, field(*form, "api_name"), &Interface::name);
        if (known == kInterfaces.end() || field(*form, "to_appkey") != known->to ||
            field(*form, "to_code") != known->to || field(*form, "from_appkey") != account_.from_appkey ||
            field(*form, "from_code") != account_.from_code)
            return refusal("S03", "接口未订阅");
        const std::string_view content = field(*form, "content");
        if (field(*form, "data_digest") != payload_digest(content, account_.secret_key))
            return refusal("S02", "非法的数字签名");
        const auto document = json::parse(content);
        if (!document || !document->is_object()) return refusal("S01", "非法的JSON");
        return read_content(known->call, *document, content);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal("S03", "接口未订阅");
    }

    // What was collected is weighed and settled, too.
    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        const auto add = [&](const std::string& text, const std::string& kind) {
            messages.push_back(push(parcel, event.stage, text, kind, account_.secret_key));
        };
        if (of_stage(kDispatchStates, event.stage) != nullptr)
            add(state_change(parcel, event.stage), "EDI_PUSH_ORDER_STATUS");
        if (event.stage == Stage::cancelled)
            add(ended(parcel, "ORDER_CANCEL_NOTIFY", "cancelInfo", "用户取消"), "EDI_PUSH_ORDER_STATUS");
        if (event.stage == Stage::abandoned)
            add(ended(parcel, "ORDER_RETURN_NOTIFY", "returnInfo", "联系不上客户"), "EDI_PUSH_ORDER_STATUS");
        if (const Scan* scan = of_stage(kScans, event.stage))
            add(trace(parcel, event, *scan), "STO_TRACE_PLATFORM_PUSH");
        if (event.stage == Stage::collected) add(settled_weight(parcel), "MARKET_PUSH_SETTLE_WEIGHT");
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        const std::string cut = R"({"event":"ORDER_STATUS_CHANGE_NOTIFY","changeInfo":{"BillCode":")";
        return push(parcel, Stage::booked, cut + parcel.told_waybill, "EDI_PUSH_ORDER_STATUS",
                    account_.secret_key);
    }

    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent&) const override {
        return push(parcel, Stage::collected, state_change(parcel, Stage::collected), "EDI_PUSH_ORDER_STATUS",
                    "not the secret");
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["success"].boolean() == true;
    }

    // STO's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::variant<ReadCall, http::Response> read_content(Call call, const json::Value& content,
                                                                      std::string_view text) const {
        ReadCall read_call;
        read_call.call = call;
        if (call == Call::track) {
            const auto numbers = content["waybillNoList"].items();
            if (numbers.size() != 1 || !numbers.front().string())
                return refusal(kRefused, "参数错误: waybillNoList");
            read_call.waybill = std::string(*numbers.front().string());
            return read_call;
        }
        constexpr std::string_view kNames[] = {"orderNo", "sourceOrderId", "SourceOrderId"};
        read_call.reference = std::string(text_in(content, kNames[static_cast<std::size_t>(call)]));
        if (read_call.reference.empty()) return refusal(kRefused, "参数错误: 订单号");
        const bool is_ours =
            call != Call::cancel || (text_in(content, "orderType") == "02" &&
                                     text_in(content, "orderSource") == account_.order_source);
        if (!is_ours) return refusal(kRefused, "参数错误: orderType, orderSource");
        if (call != Call::book) return read_call;
        if (const char* fault = booking_fault(content, account_))
            return refusal(kRefused, std::string("参数错误: ") + fault);
        std::string sender;
        for (const char* name : {"name", "mobile", "city", "address"})
            sender.append(text_in(content["sender"], name)).append("\n");
        read_call.order = Order{read_call.reference, content_digest(text), content_digest(sender),
                                std::string(text_in(content["extendFieldMap"], "fetch_begin_time")),
                                std::string(text_in(content["extendFieldMap"], "fetch_end_time"))};
        return read_call;
    }

    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::refused: return refusal(kRefused, "该区域暂不支持上门取件");
            case Verdict::changed: return refusal(kRefused, "订单号已存在");
            case Verdict::cancelled_before: return refusal(kRefused, "订单已取消");
            default: break;
        }
        const Parcel& parcel = answered.parcel;
        const bool is_told = parcel.behaviour.waybill != WaybillTold::later;
        json::Writer w;
        w.begin_object().member("orderNo", parcel.reference);
        w.member("waybillNo", is_told ? parcel.told_waybill : "").member("bigWord", "310-01");
        w.member("packagePlace", "沪").member("sourceOrderId", parcel.reference).end_object();
        return envelope(true, "", "", w.take());
    }

    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal(kRefused, "订单不存在");
            case Verdict::too_late: return refusal(kRefused, "订单已揽收，不能取消");
            case Verdict::refused: return refusal(kRefused, "取消失败");
            default: return envelope(true, "", "", R"("成功")");
        }
    }

    // The number is not on it.
    [[nodiscard]] static http::Response answer_find(const Answered& answered) {
        if (answered.verdict != Verdict::done) return refusal(kRefused, "订单不存在");
        const DispatchState* state = of_stage(kDispatchStates, answered.parcel.stage);
        json::Writer w;
        w.begin_object().member("TakeOrderCompanyName", "杭州西湖").member("TakeOrderCompanyCode", "310000");
        w.member("TakeOrderCourierName", "王师傅").member("TakeOrderCourierMobile", "13700000005");
        w.member("OrderStatus", state == nullptr ? "0" : state->status);
        w.member("OrderStatusName", state == nullptr ? "已下单" : state->name).member("PrintCode", "3524");
        return envelope(true, "", "", w.end_object().take());
    }

    // Oldest first; the order's life before the collection is not on it.
    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        json::Writer w;
        w.begin_object().key(answered.call.waybill).begin_array();
        for (const ParcelEvent& event : answered.events)
            if (const Scan* scan = of_stage(kScans, event.stage))
                write_scan(w.begin_object().member("waybillNo", answered.call.waybill), event, *scan);
        return envelope(true, "", "", w.end_array().end_object().take());
    }

    static void write_scan(json::Writer& w, const ParcelEvent& event, const Scan& scan) {
        w.member("opTime", courier_time(event.at)).member("scanType", scan.type).member("memo", scan.memo);
        w.member("opOrgName", "杭州西湖").member("opOrgType", "1");
        if (event.stage == Stage::collected)
            w.member("bizEmpName", "王师傅")
                .member("bizEmpPhone", "13700000005")
                .raw_member("weight", "1.25");
        w.end_object();
    }

    [[nodiscard]] static std::string state_change(const Parcel& parcel, Stage stage) {
        json::Writer w;
        w.begin_object().member("event", "ORDER_STATUS_CHANGE_NOTIFY").key("changeInfo").begin_object();
        w.member("OrderId", parcel.reference).member("BillCode", parcel.told_waybill);
        w.member("Status", of_stage(kDispatchStates, stage)->status).member("SiteName", "杭州西湖");
        w.member("SiteCode", "310000").member("SitePhone", "0571-00000000");
        if (stage != Stage::accepted)
            w.member("UserCode", "u1").member("UserName", "王师傅").member("UserMobile", "13700000005");
        w.member("FetchStartTime", parcel.window_start).member("FetchEndTime", parcel.window_end);
        return w.member("PrintCode", "3524").end_object().end_object().take();
    }

    [[nodiscard]] static std::string ended(const Parcel& parcel, std::string_view event,
                                           std::string_view member, std::string_view reason) {
        json::Writer w;
        w.begin_object().member("event", event).key(member).begin_object();
        w.member("OrderId", parcel.reference).member("Reason", reason);
        return w.member("BillCode", parcel.told_waybill).end_object().end_object().take();
    }

    [[nodiscard]] static std::string trace(const Parcel& parcel, const ParcelEvent& event, const Scan& scan) {
        json::Writer w;
        w.begin_object().member("waybillNo", parcel.told_waybill).member("linkCode", parcel.reference);
        w.key("trace").begin_object().member("outBizCode", "b" + std::to_string(event.id));
        write_scan(w, event, scan);
        return w.end_object().take();
    }

    [[nodiscard]] static std::string settled_weight(const Parcel& parcel) {
        json::Writer w;
        w.begin_object().member("BillCode", parcel.told_waybill).member("SettleWeight", "1.30");
        return w.end_object().take();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& content,
                                       const std::string& kind, const std::string& secret) const {
        const FormFields fields{{"content", content},
                                {"data_digest", payload_digest(content, secret)},
                                {"api_name", kind},
                                {"from_appkey", "sto_oms"},
                                {"from_code", "sto_oms"},
                                {"to_appkey", account_.from_appkey},
                                {"to_code", account_.from_code}};
        return CallbackMessage{parcel.reference, stage, "application/x-www-form-urlencoded; charset=UTF-8",
                               render_form(fields)};
    }

    StoAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_sto(StoAccount account) {
    return std::make_unique<Sto>(std::move(account));
}

}  // namespace returngate::sandbox
