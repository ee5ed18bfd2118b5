// POST, JSON; headers app-key, req-time (ms, not signed), sign = lower hex MD5(body + "_" + appSecret).
// Answer
// {"result","code":"0000","message","data","sub_code","sub_msg"}. Source: Yunda open platform,
// order/pushOrder, order/cancelOrder, order/getFreightInfo, logictis/query (spelled so); codes of refusal are
// not published.
#include "adapters/sandbox/yunda.hpp"

#include <algorithm>
#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/silent_dialect.hpp"

namespace returngate::sandbox {
namespace {

struct Path {
    std::string_view path;
    Call call;
};
constexpr std::array kPaths{Path{"/openapi-api/v1/order/pushOrder", Call::book},
                            Path{"/openapi-api/v1/order/cancelOrder", Call::cancel},
                            Path{"/openapi/outer/logictis/query", Call::track}};
constexpr std::string_view kPricePath = "/openapi-api/v1/order/getFreightInfo";

struct Step {
    Stage stage;
    std::string_view action;
};
constexpr std::array kSteps{Step{Stage::collected, "GOT"}, Step{Stage::in_transit, "DEPARTURE"},
                            Step{Stage::delivered, "SENT"}, Step{Stage::delivered, "SIGNED"}};

http::Response envelope(std::string_view code, std::string_view message, std::string_view data) {
    json::Writer w;
    w.begin_object().member("result", code == "0000").member("code", code).member("message", message);
    w.raw_member("data", data).member("sub_code", "").member("sub_msg", "").end_object();
    return json_response(w.take());
}

http::Response refusal(std::string_view message) {
    return envelope("9001", message, "null");
}

// nullptr when all is well, else the member at fault.
const char* booking_fault(const json::Value& order) {
    for (const char* name : {"orderid", "backurl"})
        if (text_in(order, name).empty()) return name;
    for (const char* role : {"sender", "receiver"})
        for (const char* name : {"name", "province", "city", "address", "mobile"})
            if (text_in(order[role], name).empty()) return name;
    if (!order["weight"].is_number()) return "weight";
    if (order["items"].items().empty()) return "items";
    const bool is_window =
        is_courier_time(text_in(order, "sendstarttime")) && is_courier_time(text_in(order, "sendendtime"));
    return is_window && text_in(order, "sendstarttime") < text_in(order, "sendendtime") ? nullptr
                                                                                        : "sendstarttime";
}

class Yunda final : public SilentDialect {
public:
    explicit Yunda(YundaAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "YUNDA"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::yunda; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const std::string expected = crypto::to_hex(crypto::md5({request.body, "_", account_.app_secret}));
        const auto header = [&](std::string_view name) { return request.headers.find(name).value_or(""); };
        if (request.method != "POST" || header("app-key") != account_.app_key || header("req-time").empty())
            return refusal("appKey无效");
        if (header("sign") != expected) return refusal("签名错误");
        const auto body = json::parse(request.body);
        if (!body || !body->is_object()) return refusal("参数错误");
        if (request.path() == kPricePath) return price(*body);
        const auto* path = std::ranges::find(kPaths, request.path(), &Path::path);
        if (path == kPaths.end()) return refusal("接口不存在");
        return read_call(path->call, *body, request.body);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.verdict) {
            case Verdict::done: break;
            case Verdict::not_found: return refusal("订单不存在");
            case Verdict::too_late: return refusal("订单已揽收");
            case Verdict::cancelled_before: return refusal("订单已取消");
            case Verdict::repeated:
            case Verdict::changed: return refusal("订单已存在");
            case Verdict::refused: return refusal("超出服务范围");
        }
        json::Writer w;
        w.begin_object();
        if (answered.call.call == Call::track) {
            write_steps(w, answered);
        } else {
            w.member("orderid", answered.call.reference).member("backparam", answered.call.reference);
        }
        return envelope("0000", "请求成功", w.end_object().take());
    }

private:
    [[nodiscard]] static http::Response price(const json::Value& body) {
        if (text_in(body, "startCity").empty() || text_in(body, "endCity").empty() ||
            !body["weight"].is_number())
            return refusal("参数错误");
        return envelope("0000", "请求成功", "17.0");
    }

    [[nodiscard]] std::variant<ReadCall, http::Response> read_call(Call call, const json::Value& body,
                                                                   std::string_view bytes) const {
        ReadCall read;
        read.call = call;
        read.reference = text_in(body, "orderid");
        read.waybill = text_in(body, "mailno");
        if ((call == Call::track ? read.waybill : read.reference).empty()) return refusal("参数错误");
        if (call != Call::track && text_in(body, "appid") != account_.app_key) return refusal("appid无效");
        if (call != Call::book) return read;
        if (const char* fault = booking_fault(body)) return refusal(std::string("参数错误: ") + fault);
        const std::string door = content_of(body["sender"], {"name", "mobile", "address"});
        read.order =
            Order{read.reference, content_digest(bytes), content_digest(door),
                  std::string(text_in(body, "sendstarttime")), std::string(text_in(body, "sendendtime"))};
        return read;
    }

    static void write_steps(json::Writer& w, const Answered& answered) {
        w.member("result", "true").member("mailno", answered.call.waybill).key("steps").begin_array();
        for (const ParcelEvent& event : answered.events)
            for (const Step& step : kSteps)
                if (step.stage == event.stage)
                    w.begin_object()
                        .member("time", courier_time(event.at))
                        .member("action", step.action)
                        .member("station_name", "杭州西湖")
                        .member("phone", "13700000006")
                        .end_object();
        w.end_array();
    }

    YundaAccount account_;
};

}  // namespace

std::unique_ptr<Dialect> make_yunda(YundaAccount account) {
    return std::make_unique<Yunda>(std::move(account));
}

}  // namespace returngate::sandbox
