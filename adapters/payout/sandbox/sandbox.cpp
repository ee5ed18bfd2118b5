// POST {prefix}/payouts {"key","payee_reference","amount_fen","currency":"CNY"} executes once per key;
// GET {prefix}/payouts/{key} asks. Both answer 200
// {"key","payee_reference","amount_fen","currency","status":"executed"|"rejected"|"pending","reference","reason"},
// 404 {"code":"not_found","key"} for a key that it does not know (yet), 409 {"code":"key_reused"} for
// a key that came with another body.
#include "adapters/payout/sandbox/sandbox.hpp"

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::payout {
namespace {

constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

std::string path_segment(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (kUnreserved.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

PayoutAnswer unknown(std::string reason) {
    return PayoutAnswer{PayoutOutcome::unknown, {}, std::move(reason)};
}

// Money halts on these: the provider speaks of another payment than the one we asked for.
Result<void> check_echo(const PayoutOrder& order, const json::Value& body) {
    const auto key = body["key"].string();
    if (!key || *key != order.key)
        return fail(ErrorKind::malformed, "echoed_key_differs", "the provider answered for another key");
    const auto amount = body["amount_fen"].integer();
    if (!amount || *amount != order.amount_fen || body["currency"].string() != "CNY")
        return fail(ErrorKind::malformed, "echoed_amount_differs",
                    "the provider answered for another amount");
    const auto payee = body["payee_reference"].string();
    if (!payee || *payee != order.payee_reference)
        return fail(ErrorKind::malformed, "echoed_payee_differs", "the provider answered for another payee");
    return {};
}

Result<PayoutAnswer> decode_record(const PayoutOrder& order, const json::Value& body) {
    const auto status = body["status"].string();
    if (!status) return unknown("no_status");
    const auto echo = check_echo(order, body);
    if (!echo) return tl::unexpected(echo.error());
    const std::string reference(body["reference"].string().value_or(""));
    if (*status == "executed" && !reference.empty())
        return PayoutAnswer{PayoutOutcome::executed, reference, {}};
    if (*status == "rejected")
        return PayoutAnswer{PayoutOutcome::rejected, reference,
                            std::string(body["reason"].string().value_or("rejected"))};
    return PayoutAnswer{PayoutOutcome::unknown, reference, "pending"};
}

Result<PayoutAnswer> decode(const PayoutOrder& order, const http::Response& response) {
    const auto body = json::parse(response.body);
    if (!body || !body->is_object()) return unknown("unreadable");
    if (response.status == 200) return decode_record(order, *body);
    const std::string_view code = (*body)["code"].string().value_or("");
    if (response.status == 409 && code == "key_reused")
        return fail(ErrorKind::malformed, "key_reused", "the provider knows this key with another payment");
    if (response.status == 404 && code == "not_found" && (*body)["key"].string() == order.key)
        return unknown("not_found");
    return unknown("http_" + std::to_string(response.status));
}

class SandboxProvider final : public Provider {
public:
    explicit SandboxProvider(SandboxAccount account) : account_(std::move(account)) {}

    [[nodiscard]] std::string_view code() const override { return "sandbox"; }

    [[nodiscard]] http::Request encode_pay(const PayoutOrder& order) const override {
        http::Request request = start("POST", "/payouts");
        request.headers.set("Content-Type", "application/json");
        json::Writer w;
        w.begin_object()
            .member("key", order.key)
            .member("payee_reference", order.payee_reference)
            .member("amount_fen", order.amount_fen)
            .member("currency", "CNY")
            .end_object();
        request.body = w.take();
        return request;
    }

    [[nodiscard]] Result<PayoutAnswer> decode_pay(const PayoutOrder& order,
                                                  const http::Response& response) const override {
        auto answer = decode(order, response);
        // A payment answered with "not found" was answered by somebody else than the provider's book.
        if (answer && answer->reason == "not_found") return unknown("http_404");
        return answer;
    }

    [[nodiscard]] http::Request encode_query(const PayoutOrder& order) const override {
        return start("GET", "/payouts/" + path_segment(order.key));
    }

    [[nodiscard]] Result<PayoutAnswer> decode_query(const PayoutOrder& order,
                                                    const http::Response& response) const override {
        return decode(order, response);
    }

private:
    [[nodiscard]] http::Request start(std::string method, const std::string& target) const {
        http::Request request;
        request.method = std::move(method);
        request.target = account_.path_prefix + target;
        request.headers.set("Accept", "application/json");
        if (!account_.api_key.empty()) request.headers.set("Authorization", "Bearer " + account_.api_key);
        return request;
    }

    SandboxAccount account_;
};

}  // namespace

std::unique_ptr<Provider> make_sandbox_provider(SandboxAccount account) {
    return std::make_unique<SandboxProvider>(std::move(account));
}

}  // namespace returngate::payout
