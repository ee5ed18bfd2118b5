// POST /amp-prod-api/f/amp/api/open, form apiCode, senderNo, authorization, timeStamp, msgType 0, version,
// logitcsInterface (spelled so) = "|$4|" + Base64(SM4-ECB-PKCS7(JSON + key text)), the key being the 16 bytes
// that the key text is the Base64 of. Answer {"serialNo","retCode","retMsg","retBody" (JSON in a text),
// "retDate","success"}. Push 040002: JSON, one event, sealed without the key text behind it. Source: EMS's
// platform for agreement customers V2.7, 020003, 020006, 040001, 040002; codes of refusal are not published.
#include "adapters/sandbox/ems.hpp"

#include <algorithm>
#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/sm4.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/answers.hpp"
#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

constexpr std::string_view kPath = "/amp-prod-api/f/amp/api/open";
constexpr std::string_view kSealed = "|$4|";
constexpr std::string_view kForeignKey = "bm90LWVtcy1rZXktYXQtYQ==";

struct Api {
    std::string_view code;
    Call call;
};
constexpr std::array kApis{Api{"020003", Call::book}, Api{"020006", Call::cancel},
                           Api{"040001", Call::track}};

// Before the collection nothing is reported.
struct Operation {
    Stage stage;
    std::string_view code;
    std::string_view name;
};
constexpr std::array kOperations{
    Operation{Stage::collected, "203", "收寄"},     Operation{Stage::in_transit, "305", "离开处理中心"},
    Operation{Stage::delivered, "702", "安排投递"}, Operation{Stage::delivered, "704", "妥投"},
    Operation{Stage::cancelled, "801", "客户撤单"}, Operation{Stage::abandoned, "801", "撤单"},
};

std::string seal(std::string_view plain, std::string_view key_text) {
    const auto key = crypto::sm4_key_from_base64(key_text);
    const std::string cipher = crypto::sm4_ecb_encrypt(key.value_or(crypto::Sm4Key{}), plain);
    return std::string(kSealed) +
           crypto::to_base64({reinterpret_cast<const std::uint8_t*>(cipher.data()), cipher.size()});
}

// The JSON in front of the key text; "" when it is not sealed with our key, or the key text is missing.
std::string unseal(std::string_view sealed, std::string_view key_text) {
    const auto key = crypto::sm4_key_from_base64(key_text);
    if (!key || !sealed.starts_with(kSealed)) return {};
    const auto cipher = crypto::from_base64(sealed.substr(kSealed.size()));
    std::string plain = cipher ? crypto::sm4_ecb_decrypt(*key, *cipher).value_or("") : "";
    if (!plain.ends_with(key_text)) return {};
    plain.resize(plain.size() - key_text.size());
    return plain;
}

// nullptr when all is well, else the member at fault.
const char* booking_fault(const json::Value& order) {
    for (const char* name : {"logisticsOrderNo", "ecommerceUserId", "contentsAttribute", "bizProductNo"})
        if (text_in(order, name).empty() || text_in(order, name).size() > 50) return name;
    for (const char* role : {"sender", "receiver"})
        for (const char* name : {"name", "mobile", "prov", "city", "address"})
            if (text_in(order[role], name).empty()) return name;
    const auto cargos = order["cargos"].items();
    if (cargos.empty() || text_in(cargos.front(), "cargoName").empty()) return "cargos";
    if (text_in(order, "pickupType") != "1") return "pickupType";
    const auto start = text_in(order, "pickupPreBeginTime");
    const auto end = text_in(order, "pickupPreEndTime");
    const bool is_window = is_courier_time(start) && is_courier_time(end) && start < end;
    return is_window && is_courier_time(text_in(order, "createdTime")) ? nullptr : "pickupPreBeginTime";
}

class Ems final : public Dialect {
public:
    Ems(EmsAccount account, const WorldClock& clock) : account_(std::move(account)), clock_(clock) {}

    [[nodiscard]] std::string_view code() const override { return "EMS"; }
    [[nodiscard]] NumberShape shape() const override { return NumberShape::ems; }

    [[nodiscard]] std::variant<ReadCall, http::Response> read(const http::Request& request) const override {
        const auto form = parse_form(request.body);
        if (request.method != "POST" || request.path() != kPath || !form) return refusal("接口不存在");
        if (field(*form, "senderNo") != account_.sender_no ||
            field(*form, "authorization") != account_.authorization)
            return refusal("授权码无效");
        if (!is_courier_time(field(*form, "timeStamp")) || field(*form, "msgType") != "0")
            return refusal("参数错误");
        const std::string plain = unseal(field(*form, "logitcsInterface"), account_.sign_key);
        const auto document = json::parse(plain);
        if (!document) return refusal("报文解密失败");
        const auto* api = std::ranges::find(kApis, field(*form, "apiCode"), &Api::code);
        if (api == kApis.end()) return refusal("接口不存在");
        return read_call(api->call, *document, plain);
    }

    [[nodiscard]] http::Response answer(const Answered& answered) const override {
        switch (answered.verdict) {
            case Verdict::done: break;
            case Verdict::not_found: return refusal("订单不存在");
            case Verdict::too_late: return refusal("订单已收寄");
            case Verdict::cancelled_before: return refusal("订单已撤销");
            case Verdict::repeated:
            case Verdict::changed: return refusal("订单号重复");
            case Verdict::refused: return refusal("超出揽收范围");
        }
        json::Writer w;
        w.begin_object();
        if (answered.call.call == Call::book) w.member("waybillNo", answered.parcel.told_waybill);
        if (answered.call.call == Call::track) {
            w.key("responseItems").begin_array();
            for (const ParcelEvent& event : answered.events)
                for (const Operation& operation : kOperations)
                    if (operation.stage == event.stage) write_event(w, answered.parcel, event, operation);
            w.end_array();
        }
        return envelope("00000", "成功", w.end_object().take());
    }

    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel& parcel,
                                                         const ParcelEvent& event) const override {
        std::vector<CallbackMessage> messages;
        for (const Operation& operation : kOperations) {
            if (operation.stage != event.stage) continue;
            json::Writer w;
            write_event(w, parcel, event, operation);
            messages.push_back(push(parcel, event.stage, w.take(), account_.sign_key));
        }
        return messages;
    }
    // Whatever cannot be read with the key is taken for somebody else's: what is cut is the event.
    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const override {
        json::Writer w;
        w.begin_object().member("waybillNo", parcel.told_waybill).end_object();
        return push(parcel, Stage::booked, w.take(), account_.sign_key);
    }
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent& event) const override {
        json::Writer w;
        write_event(w, parcel, event, kOperations.front());
        return push(parcel, Stage::collected, w.take(), kForeignKey);
    }

    [[nodiscard]] bool is_acknowledged(const http::Response& response) const override {
        const auto body = json::parse(response.body);
        return response.status == 200 && body && text_in(*body, "code") == "00000";
    }
    // EMS's schedule is not published; ours bridges the restart of a gateway.
    [[nodiscard]] std::vector<int> callback_retries_ms() const override {
        return {200, 500, 1000, 2000, 5000, 10000};
    }

private:
    [[nodiscard]] http::Response envelope(std::string_view code, std::string_view message,
                                          std::string_view body) const {
        json::Writer w;
        w.begin_object().member("serialNo", "e1a2").member("retCode", code).member("retMsg", message);
        w.member("retBody", body).member("retDate", courier_time(clock_.now()));
        return json_response(w.member("success", code == "00000").end_object().take());
    }
    [[nodiscard]] http::Response refusal(std::string_view message) const {
        return envelope("B00012", message, "");
    }

    [[nodiscard]] std::variant<ReadCall, http::Response> read_call(Call call, const json::Value& document,
                                                                   std::string_view plain) const {
        const bool is_one = call != Call::book || document.items().size() == 1;
        if (!is_one) return refusal("参数错误");
        const json::Value& body = call == Call::book ? document.items().front() : document;
        ReadCall read;
        read.call = call;
        read.reference = text_in(body, "logisticsOrderNo");
        read.waybill = text_in(body, "waybillNo");
        if ((call == Call::track ? read.waybill : read.reference).empty()) return refusal("参数错误");
        if (call != Call::book) return read;
        if (const char* fault = booking_fault(body)) return refusal(std::string("参数错误: ") + fault);
        const std::string door = content_of(body["sender"], {"name", "mobile", "address"});
        read.order = Order{read.reference, content_digest(plain), content_digest(door),
                           std::string(text_in(body, "pickupPreBeginTime")),
                           std::string(text_in(body, "pickupPreEndTime"))};
        return read;
    }

    static void write_event(json::Writer& w, const Parcel& parcel, const ParcelEvent& event,
                            const Operation& operation) {
        w.begin_object().member("waybillNo", parcel.told_waybill).member("orderNo", parcel.reference);
        w.member("opCode", operation.code).member("opName", operation.name).member("opDesc", "【杭州】李四");
        w.member("opTime", courier_time(event.at)).member("opOrgCode", "31000100");
        w.member("opOrgName", "杭州西湖揽投部").member("operatorName", "李四").end_object();
    }

    [[nodiscard]] CallbackMessage push(const Parcel& parcel, Stage stage, std::string_view plain,
                                       std::string_view key_text) const {
        json::Writer w;
        w.begin_object().member("logitcsInterface", seal(plain, key_text)).member("method", "040002");
        w.member("msgType", "0")
            .member("senderNo", "")
            .member("serialNo", content_digest(plain).substr(0, 32));
        w.member("timeStamp", courier_time(clock_.now())).member("version", "v1.0.0").end_object();
        return CallbackMessage{parcel.reference, stage, "application/json;charset=UTF-8", w.take()};
    }

    EmsAccount account_;
    WorldClock clock_;
};

}  // namespace

std::unique_ptr<Dialect> make_ems(EmsAccount account, const WorldClock& clock) {
    return std::make_unique<Ems>(std::move(account), clock);
}

}  // namespace returngate::sandbox
