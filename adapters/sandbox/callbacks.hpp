// The sending side of a courier's callbacks: in order per parcel, repeated when not acknowledged.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/client.hpp"
#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

// What the courier remembers of a callback: an acknowledged one must never be lost by the receiver.
struct Delivery {
    std::string reference;
    Stage stage = Stage::booked;
    std::string body_digest;
    int attempts = 0;
    int last_status = 0;  // 0: no answer
    bool is_acknowledged = false;
};

class CallbackSender {
public:
    // `dialect` and `client` outlive the sender. Runs on the caller's io_context.
    CallbackSender(boost::asio::io_context& context, http::Client& client, const Dialect& dialect);

    void set_url(const std::string& url);  // "" : nobody to tell; throws std::invalid_argument
    // Sends once and waits; what was not acknowledged is repeated in the background.
    [[nodiscard]] boost::asio::awaitable<void> deliver(CallbackMessage message);

    [[nodiscard]] std::vector<Delivery> deliveries() const;

private:
    [[nodiscard]] boost::asio::awaitable<bool> attempt(CallbackMessage message, std::size_t entry);
    [[nodiscard]] boost::asio::awaitable<void> repeat(CallbackMessage message, std::size_t entry);
    [[nodiscard]] std::size_t open_entry(const CallbackMessage& message);
    [[nodiscard]] std::optional<http::Url> url_of(const CallbackMessage& message) const;

    boost::asio::io_context& context_;
    http::Client& client_;
    const Dialect& dialect_;
    mutable std::mutex mutex_;
    http::Url url_;
    bool has_url_ = false;
    std::vector<Delivery> deliveries_;
};

[[nodiscard]] std::string render_deliveries(const std::vector<Delivery>& deliveries);

}  // namespace returngate::sandbox
