// The contract of a payment provider: pay under a key, ask for a key, read a notification.
#pragma once

#include <string>

#include "adapters/http/message.hpp"
#include "src/base/money.hpp"
#include "src/base/result.hpp"

namespace returngate::payout {

enum class PayoutOutcome { executed, rejected, unknown };

struct PayoutOrder {
    std::string key;              // derived from the advance id, the same for ever
    std::string payee_reference;  // the payer of the order at the provider: a token, no card or name
    Fen amount_fen = 0;
};

struct PayoutAnswer {
    PayoutOutcome outcome = PayoutOutcome::unknown;
    std::string provider_reference;  // the provider's own number, empty when none
    std::string reason;              // the provider's word for a rejection
};

// Pure dialect, like a courier. Any answer that is not plainly executed or plainly rejected is
// `unknown`: it is asked for, never sent again under another key. An echoed key or amount that
// differs from what we sent is an Error{malformed}: money halts and a person looks.
class Provider {
public:
    virtual ~Provider() = default;
    [[nodiscard]] virtual std::string_view code() const = 0;
    [[nodiscard]] virtual http::Request encode_pay(const PayoutOrder& order) const = 0;
    [[nodiscard]] virtual Result<PayoutAnswer> decode_pay(const PayoutOrder& order,
                                                          const http::Response& response) const = 0;
    [[nodiscard]] virtual http::Request encode_query(const PayoutOrder& order) const = 0;
    // Not known to the provider is `unknown` with reason "not_found": sent again under the same key.
    [[nodiscard]] virtual Result<PayoutAnswer> decode_query(const PayoutOrder& order,
                                                            const http::Response& response) const = 0;
};

}  // namespace returngate::payout
