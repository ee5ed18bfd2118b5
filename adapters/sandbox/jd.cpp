// JD behind the LOP gateway, from its side: orders by POST
// /ecap/v1/orders/{create|cancel|status/get|trace/query}?LOP-DN=ECAP&app_key&access_token&timestamp&v&sign&
// algorithm, the body a JSON array of one object; sign = hex MD5(secret + "access_token" + token + "app_key"
// + key + "method" + path + "param_json" + body + "timestamp" + time + "v" + "2.0" + secret). Answer
// {"code":0,"success":true,"msg","data","requestId","mills"}; its gateway answers {"error_response"}. Push:
// JSON, one node each, without any signature. Source: JD Logistics open platform, solution ECAP.
#include "adapters/sandbox/jd.hpp"

#include <algorithm>
#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kOwnKey = "ECO";  // JD's name of an order, in front of ours
constexpr int kRefused = 1001;               // its table of codes is not public

struct Interface {
    std::string_view path;
    Call call;
};
constexpr std::array<Interface, 4> kInterfaces{{
    {"/ecap/v1/orders/create", Call::book},
    {"/ecap/v1/orders/cancel", Call::cancel},
    {"/ecap/v1/orders/status/get", Call::find},
    {"/ecap/v1/orders/trace/query", Call::track},
}};

struct Node {
    Stage stage;
    std::string_view state;
    int category;
    std::string_view name;
    std::string_view remark;
};
constexpr std::array<Node, 8> kNodes{{
    {Stage::accepted, "", 100, "已接单", "京东物流已接单"},
    {Stage::courier_assigned, "200018", 390, "已下发", "揽收任务已分配"},
    {Stage::collected, "200001", 420, "已揽收", "您的快件已揽收"},
    {Stage::in_transit, "10032", 430, "运输中", "您的快件已发车"},
    {Stage::delivered, "11000", 440, "派送中", "您的快件正在派送"},
    {Stage::delivered, "10034", 510, "妥投", "您的快件已送达"},
    {Stage::cancelled, "200010", 690, "已取消", "取消揽收成功"},
    {Stage::abandoned, "200052", 690, "已取消", "终止揽收"},
}};

http::Response gateway_refusal(int code, std::string_view message) {
    json::Writer w;
    w.begin_object().key("error_response").begin_object().member("en_desc", "refused");
    return json_response(w.member("zh_desc", message).member("code", code).end_object().end_object().take());
}

http::Response envelope(int code, std::string_view message, std::string_view data) {
    json::Writer w;
    w.begin_object().member("code", code).member("success", code == 0).member("msg", message);
    w.raw_member("data", data).member("requestId", "8bdc9554").member("mills", 35);
    return json_response(w.end_object().take());
}

http::Response refusal(std::string_view message) {
    return envelope(kRefused, message, "null");
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// nullptr when all is well, else the member that is wrong.
const char* booking_fault(const json::Value& order) {
    const std::size_t id_length = text_in(order, "orderId").size();
    if (id_length == 0 || id_length > 50) return "orderId";
    for (const char* role : {"senderContact", "receiverContact"})
        for (const char* name : {"name", "mobile", "fullAddress"})
            if (text_in(order[role], name).empty()) return name;
    if (text_in(order["productsReq"], "productCode").empty()) return "productCode";
    if (!order["settleType"].integer()) return "settleType";
    const auto cargoes = order["cargoes"].items();
    if (cargoes.size() != 1 || !cargoes.front()["weight"].is_number() ||
        !cargoes.front()["volume"].is_number())
        return "cargoes";
    if (order["pickupType"].integer() != 1) return "pickupType";
    const auto start = order["pickupStartTime"].integer();
    const auto end = order["pickupEndTime"].integer();
    return start && end && *start < *end ? nullptr : "pickupStartTime";
}

class Jd final : public Dialect {
public:
    explicit Jd(JdAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "JD"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::jd; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto query = parse_form(request.query());
        const auto* known = std::ranges::find(kInterfaces, request.path(), &Interface::path);
        if (request.method != "POST" || known == kInterfaces.end() || !query ||
            field(*query, "LOP-DN") != "ECAP")
            return gateway_refusal(2, "接口不存在");
        if (field(*query, "app_key") != account_.app_key ||
            field(*query, "access_token") != account_.access_token)
            return gateway_refusal(19, "无效的access_token");
        if (field(*query, "algorithm") != "md5-salt" || field(*query, "v") != "2.0" ||
            !is_courier_time(field(*query, "timestamp")) || request.headers.find("lop-tz") != "8" ||
            lower(std::string(field(*query, "sign"))) != sign_of(request, field(*query, "timestamp")))
            return gateway_refusal(12, "签名错误");
        const auto body = json::parse(request.body);
        if (!body || body->items().size() != 1) return envelope(62, "参数错误", "null");
        return read_object(known->call, body->items().front(), request.body);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.call.call) {
            case Call::book: return answer_book(answered);
            case Call::cancel: return answer_cancel(answered);
            case Call::find: return answer_find(answered);
            case Call::track: return answer_track(answered);
        }
        return refusal("系统异常");
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        for (const Node& node : kNodes)
            if (node.stage == event.stage) messages.push_back(push(parcel, event, node));
        return messages;
    }

    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        return message(parcel, Stage::booked,
                       R"({"waybillCode":")" + parcel.told_waybill + R"(","state":"200001","categ)");
    }

    // JD signs nothing: a forger needs no more than the URL.
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        const auto* collected = std::ranges::find(kNodes, Stage::collected, &Node::stage);
        return push(parcel, event, *collected);
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && text_in(*body, "code") == "200";
    }

    // JD's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] std::string sign_of(const http::Request& request, std::string_view timestamp) const {
        std::string content = account_.app_secret + "access_token" + account_.access_token + "app_key" +
                              account_.app_key + "method";
        content.append(request.path()).append("param_json").append(request.body);
        content.append("timestamp").append(timestamp).append("v2.0").append(account_.app_secret);
        return crypto::to_hex(crypto::md5(content));
    }

    [[nodiscard]] std::variant<ReadCall, http::Response> read_object(Call call, const json::Value& object,
                                                                     std::string_view text) const {
        if (object["orderOrigin"].integer() != 2 || text_in(object, "customerCode") != account_.customer_code)
            return refusal("客户编码错误");
        ReadCall read_call;
        read_call.call = call;
        read_call.waybill = std::string(text_in(object, "waybillCode"));
        if (call == Call::track) return read_call;
        std::string_view reference = text_in(object, call == Call::book ? "orderId" : "customerOrderId");
        if (call == Call::find) {
            reference = text_in(object, "orderCode");
            if (!reference.starts_with(kOwnKey)) return refusal("订单不存在");
            reference.remove_prefix(kOwnKey.size());
        }
        read_call.reference = std::string(reference);
        if (reference.empty()) return refusal("参数错误: 订单号");
        if (call == Call::cancel && text_in(object, "cancelReason").empty())
            return refusal("参数错误: cancelReason");
        if (call != Call::book) return read_call;
        if (const char* fault = booking_fault(object)) return refusal(std::string("参数错误: ") + fault);
        std::string sender;
        for (const char* name : {"name", "mobile", "fullAddress"})
            sender.append(text_in(object["senderContact"], name)).append("\n");
        read_call.order = Order{read_call.reference, content_digest(text), content_digest(sender),
                                std::to_string(object["pickupStartTime"].integer().value_or(0)),
                                std::to_string(object["pickupEndTime"].integer().value_or(0))};
        return read_call;
    }

    // The same orderId gives the same result.
    [[nodiscard]] static http::Response answer_book(const Answered& answered) {
        if (answered.verdict != Verdict::done && answered.verdict != Verdict::repeated)
            return refusal(answered.verdict == Verdict::refused ? "超出揽收范围" : "订单号已存在");
        const Parcel& parcel = answered.parcel;
        const bool is_told = parcel.behaviour.waybill != WaybillTold::later;
        json::Writer w;
        w.begin_object().member("orderCode", std::string(kOwnKey) + parcel.reference);
        w.member("waybillCode", is_told ? parcel.told_waybill : "").end_object();
        return envelope(0, "成功", w.take());
    }

    // What was collected is intercepted.
    [[nodiscard]] static http::Response answer_cancel(const Answered& answered) {
        switch (answered.verdict) {
            case Verdict::not_found: return refusal("订单不存在");
            case Verdict::cancelled_before: return refusal("订单已取消");
            case Verdict::refused: return envelope(0, "成功", R"({"resultType":2})");
            case Verdict::too_late: return envelope(0, "成功", R"({"resultType":1})");
            default: return envelope(0, "成功", R"({"resultType":0})");
        }
    }

    [[nodiscard]] static http::Response answer_find(const Answered& answered) {
        if (answered.verdict == Verdict::not_found || answered.verdict == Verdict::refused)
            return refusal("订单不存在");
        const auto* node = std::ranges::find(kNodes, answered.parcel.stage, &Node::stage);
        json::Writer w;
        w.begin_object().member("status", std::to_string(node == kNodes.end() ? 100 : node->category));
        return envelope(0, "成功", w.member("statusDesc", "x").end_object().take());
    }

    // Oldest first; the order's life before the collection is not on it.
    [[nodiscard]] static http::Response answer_track(const Answered& answered) {
        json::Writer w;
        w.begin_object().key("traceDetails").begin_array();
        for (const ParcelEvent& event : answered.events)
            for (const Node& node : kNodes)
                if (node.stage == event.stage && node.category >= 420 && node.category != 690)
                    write_node(w, answered.call.waybill, event, node);
        return envelope(0, "成功", w.end_array().end_object().take());
    }

    static void write_node(json::Writer& w, std::string_view waybill, const ParcelEvent& event,
                           const Node& node, std::string_view reference = {}) {
        w.begin_object().member("waybillCode", waybill).member_if_set("orderId", reference);
        w.member("state", node.state).member("category", node.category).member("categoryName", node.name);
        w.member("operationTitle", node.name).member("operationRemark", node.remark);
        w.member("operationTime", courier_time(event.at)).member("operateSite", "杭州西湖营业部");
        w.member("operateSiteId", "1001").member("scanType", "").end_object();
    }

    [[nodiscard]] static CallbackMessage message(const Parcel& parcel, Stage stage, std::string body) {
        return CallbackMessage{parcel.reference, stage, "application/json;charset=utf-8", std::move(body)};
    }

    [[nodiscard]] static CallbackMessage push(const Parcel& parcel, const ParcelEvent& event,
                                              const Node& node) {
        json::Writer w;
        write_node(w, parcel.told_waybill, event, node, parcel.reference);
        return message(parcel, node.stage, w.take());
    }

    JdAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_jd(JdAccount account) {
    return std::make_unique<Jd>(std::move(account));
}

}  // namespace returngate::sandbox
