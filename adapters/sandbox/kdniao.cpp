// POST form RequestData (JSON text), EBusinessID, RequestType, DataSign, DataType=2; DataSign = Base64 of the
// 32 hex characters of MD5(RequestData + ApiKey). Answer {"EBusinessID","Success","ResultCode","Reason",…}.
// Push: the same form, RequestType 103. Source: KDNiao's documents of 1801, 1802, 1804, 1815, 8001 and push
// 103.
#include "adapters/sandbox/kdniao.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kCarrier = "JTSD";  // the only one that this broker has a contract with
constexpr std::string_view kForbidden = "'\"#&+<>%/\\";

struct Type {
    std::string_view request_type;
    Call call;
};
constexpr std::array<Type, 4> kTypes{
    {{"1801", Call::book}, {"1802", Call::cancel}, {"1804", Call::find}, {"8001", Call::track}}};

struct State {
    Stage stage;
    std::string_view order;  // of push 103
    std::string_view trace;  // Action of a trace row; "": none
    std::string_view text;
};
constexpr std::array<State, 8> kStates{{
    {Stage::booked, "0", "", "已下单"},
    {Stage::accepted, "102", "", "已分配网点"},
    {Stage::courier_assigned, "103", "", "已分配快递员"},
    {Stage::collected, "301", "1", "已揽收"},
    {Stage::in_transit, "2", "2", "运输中"},
    {Stage::delivered, "3", "301", "已签收"},
    {Stage::cancelled, "203", "", "已取消"},
    {Stage::abandoned, "99", "", "调派失败"},
}};

const State& state_of(Stage stage) {
    return *std::ranges::find(kStates, stage, &State::stage);
}

std::string sign(std::string_view data, std::string_view key) {
    const std::string hex = crypto::to_hex(crypto::md5(std::string(data).append(key)));
    return crypto::to_base64(std::span(reinterpret_cast<const std::uint8_t*>(hex.data()), hex.size()));
}

std::string_view text(const json::Value& object, std::string_view name) {
    return object[name].string().value_or("");
}

bool has_forbidden(const json::Value& value) {
    if (const auto own = value.string()) return own->find_first_of(kForbidden) != own->npos;
    return std::ranges::any_of(value.members(),
                               [](const auto& member) { return has_forbidden(member.value); }) ||
           std::ranges::any_of(value.items(), has_forbidden);
}

// nullptr when all is well, else what is wrong with an order.
const char* booking_fault(const json::Value& order) {
    for (const char* role : {"Sender", "Receiver"})
        for (const char* name : {"ProvinceName", "CityName", "Address", "Name", "Mobile"})
            if (text(order[role], name).empty()) return role;
    if (text(order, "OrderCode").size() > 30) return "OrderCode";
    if (text(order, "ShipperCode") != kCarrier) return "ShipperCode";
    for (const char* name : {"TransportType", "ShipperType", "PayType", "ExpType", "Quantity"})
        if (!order[name].integer()) return name;
    if (text(order["Commodity"].items().empty() ? json::Value() : order["Commodity"].items()[0], "GoodsName")
            .empty())
        return "Commodity";
    const std::string_view start = text(order, "StartDate");
    const std::string_view end = text(order, "EndDate");
    return is_courier_time(start) && is_courier_time(end) && start < end ? nullptr : "StartDate";
}

class Kdniao final : public Dialect {
public:
    Kdniao(KdniaoAccount account, const WorldClock& clock) : account_(std::move(account)), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "KDNIAO"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::jt; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (!form || field(*form, "EBusinessID") != account_.e_business_id || field(*form, "DataType") != "2")
            return refusal("104", "用户不存在");
        const std::string data(field(*form, "RequestData"));
        if (field(*form, "DataSign") != sign(data, account_.api_key)) return refusal("104", "DataSign 错误");
        const auto body = json::parse(data);
        if (!body || !body->is_object()) return refusal("103", "格式错误");
        if (has_forbidden(*body)) return refusal("102", "含有特殊字符");
        const std::string_view type = field(*form, "RequestType");
        if (type == "1815") return price();  // of no parcel: nothing for the desk
        for (const Type& known : kTypes) {
            const bool is_order = request.path() == "/api/OOrderService";
            if (known.request_type == type && is_order == (known.call != Call::track))
                return read_call(known.call, *body, data);
        }
        return refusal("101", "RequestType");
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.verdict) {
            case Verdict::repeated:
            case Verdict::changed: return refusal("106", "订单已下单");
            case Verdict::cancelled_before:
                if (answered.call.call == Call::book) return refusal("106", "订单已下单");
                break;
            case Verdict::too_late: return refusal("105", "订单已揽收");
            case Verdict::not_found: return refusal("105", "订单不存在");
            case Verdict::refused: return refusal("105", "该地址暂不支持上门");
            default: break;
        }
        json::Writer w = success();
        if (answered.call.call == Call::track) {
            write_traces(w, answered);
        } else if (answered.call.call != Call::cancel) {
            const bool is_told =
                answered.call.call == Call::find || answered.parcel.behaviour.waybill != WaybillTold::later;
            w.key("Order").begin_object();
            write_order(w, answered.parcel, is_told ? answered.parcel.told_waybill : "");
            if (answered.call.call == Call::find) w.member("State", state_of(answered.parcel.stage).order);
            w.end_object();
        }
        return response(w.end_object().take());
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        return {push(parcel, event.stage, push_data(parcel, event), account_.api_key)};
    }
    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        return push(parcel, Stage::booked, R"({"PushTime":"2025-01-01 13:20:05","Data":[{"OrderCode":)",
                    account_.api_key);
    }
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        const ParcelEvent collected{Stage::collected, event.at, event.id};
        return push(parcel, Stage::collected, push_data(parcel, collected), "not the key");
    }
    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && (*body)["Success"].boolean().value_or(false) &&
               text(*body, "EBusinessID") == account_.e_business_id &&
               is_courier_time(text(*body, "UpdateTime"));
    }
    // KDNiao's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] static http::Response response(std::string body) {
        http::Response made;
        made.headers.set("Content-Type", "application/json;charset=utf-8");
        made.body = std::move(body);
        return made;
    }
    [[nodiscard]] http::Response refusal(std::string_view code, std::string_view reason) const {
        json::Writer w;
        w.begin_object().member("EBusinessID", account_.e_business_id).member("Success", false);
        return response(w.member("ResultCode", code).member("Reason", reason).end_object().take());
    }
    [[nodiscard]] json::Writer success() const {
        json::Writer w;
        w.begin_object().member("EBusinessID", account_.e_business_id).member("Success", true);
        w.member("ResultCode", "100").member("Reason", "成功");
        return w;
    }
    [[nodiscard]] http::Response price() const {
        json::Writer w = success();
        w.key("Data")
            .begin_array()
            .begin_object()
            .member("shipperCode", kCarrier)
            .raw_member("totalFee", "12.5");
        return response(w.end_object().end_array().end_object().take());
    }

    [[nodiscard]] std::variant<ReadCall, http::Response> read_call(Call call, const json::Value& body,
                                                                   const std::string& data) const {
        ReadCall read;
        read.call = call;
        read.reference = text(body, "OrderCode");
        read.waybill = call == Call::track ? text(body, "LogisticCode") : "";
        if (call == Call::track && text(body, "ShipperCode") != kCarrier)
            return refusal("102", "ShipperCode");
        if (read.reference.empty() && read.waybill.empty()) return refusal("101", "OrderCode");
        if (call != Call::book) return read;
        if (const char* fault = booking_fault(body)) return refusal("102", fault);
        std::string sender;
        for (const char* name : {"Name", "Mobile", "CityName", "Address"})
            sender.append(text(body["Sender"], name)).append("\n");
        read.order = Order{read.reference, crypto::to_hex(crypto::sha256(data)),
                           crypto::to_hex(crypto::sha256(sender)), std::string(text(body, "StartDate")),
                           std::string(text(body, "EndDate"))};
        return read;
    }

    static void write_order(json::Writer& w, const Parcel& parcel, std::string_view waybill) {
        w.member("OrderCode", parcel.reference).member("KDNOrderCode", "KDN" + parcel.reference);
        w.member("ShipperCode", kCarrier).member("LogisticCode", waybill);
    }

    static void write_traces(json::Writer& w, const Answered& answered) {
        std::string_view state = "0";
        w.member("LogisticCode", answered.call.waybill).key("Traces").begin_array();
        for (const ParcelEvent& event : answered.events) {
            const State& row = state_of(event.stage);
            if (row.trace.empty()) continue;
            state = row.trace.substr(0, 1);
            w.begin_object().member("AcceptTime", courier_time(event.at)).member("AcceptStation", row.text);
            w.member("Action", row.trace).end_object();
        }
        w.end_array().member("State", state);
    }

    [[nodiscard]] std::string push_data(const Parcel& parcel, const ParcelEvent& event) const {
        const State& state = state_of(event.stage);
        json::Writer w;
        w.begin_object().member("PushTime", courier_time(clock_.now()));
        w.member("EBusinessID", account_.e_business_id).key("Data").begin_array().begin_object();
        write_order(w, parcel, parcel.told_waybill);
        w.member("State", state.order)
            .member("CreateTime", courier_time(event.at))
            .member("Reason", state.text);
        if (event.stage == Stage::courier_assigned) {
            w.key("PickerInfo").begin_array().begin_object().member("PersonName", "王师傅");
            w.member("PersonTel", "13700000001").member("PickupCode", "4821").end_object().end_array();
        }
        if (event.stage == Stage::collected) w.member("Weight", "1.25").member("TotalFee", "12.50");
        return w.end_object().end_array().member("Count", "1").end_object().take();
    }

    [[nodiscard]] static CallbackMessage push(const Parcel& parcel, Stage stage, const std::string& data,
                                              std::string_view key) {
        const FormFields fields{{"RequestType", "103"}, {"RequestData", data}, {"DataSign", sign(data, key)}};
        return CallbackMessage{parcel.reference, stage, "application/x-www-form-urlencoded;charset=utf-8",
                               render_form(fields)};
    }

    KdniaoAccount account_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_kdniao(KdniaoAccount account, const WorldClock& clock) {
    return std::make_unique<Kdniao>(std::move(account), clock);
}

}  // namespace returngate::sandbox
