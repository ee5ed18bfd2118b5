// The payment provider of the sandbox: pays once per key, whatever becomes of its answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "adapters/json/reader.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/front.hpp"
#include "adapters/sandbox/provider_book.hpp"
#include "src/base/result.hpp"

namespace returngate::sandbox {

enum class PayWay {
    normal,
    execute_then_close,   // paid, no answer
    execute_then_hang,    // paid, silence
    execute_then_fail,    // paid, then 502
    execute_then_garble,  // paid, half of the answer
    close_before,         // not paid, no answer
    hang_before,          // not paid, silence
    fail_before,          // not paid, 503
    busy_before,          // not paid, 429: it lives, and does not do it now
    reject,               // for good
    wrong_echo,           // paid rightly, answered with another amount
};
struct PayBehaviour {
    PayWay way = PayWay::normal;
    int answer_delay_ms = 0;                   // done at once, answered late
    int queries_not_found = 0;                 // so many queries do not see the payment yet
    std::string reason = "payee_unavailable";  // of a rejection
};
[[nodiscard]] Result<PayBehaviour> parse_pay_behaviour(const json::Value& object);

class PaymentDesk {
public:
    PaymentDesk(boost::asio::io_context& context, const std::filesystem::path& book, std::string api_key,
                const WorldClock& clock);

    // The request's target starts below the provider's own root.
    [[nodiscard]] boost::asio::awaitable<Reply> handle(http::Request request);

    // From any thread. For one key, for the next payment, or for all.
    void script_key(const std::string& key, PayBehaviour behaviour);
    void script_next(PayBehaviour behaviour);
    void script_always(std::optional<PayBehaviour> behaviour);
    void clear_scripts();
    [[nodiscard]] const ProviderBook& book() const { return book_; }
    // How often each key was sent, answered or not.
    [[nodiscard]] std::map<std::string, int> attempts() const;

private:
    [[nodiscard]] boost::asio::awaitable<Reply> pay(http::Request request);
    [[nodiscard]] boost::asio::awaitable<Reply> query(std::string key);
    [[nodiscard]] bool hides(const std::string& key);
    [[nodiscard]] PayBehaviour take(const std::string& key);
    [[nodiscard]] boost::asio::awaitable<bool> durable(std::uint64_t line);

    boost::asio::io_context& context_;
    std::string api_key_;
    WorldClock clock_;
    ProviderBook book_;
    mutable std::mutex mutex_;
    std::map<std::string, PayBehaviour> by_key_;
    std::deque<PayBehaviour> next_;
    std::optional<PayBehaviour> always_;
    std::unordered_map<std::string, int> hidden_;
    std::map<std::string, int> attempts_;
};

// {"payouts":[{key,payee_reference,amount_fen,currency,reference,at}],"incidents":[…]}; with a payee,
// only that one's.
[[nodiscard]] std::string render_book(const ProviderBook& book, std::string_view payee_reference);

}  // namespace returngate::sandbox
