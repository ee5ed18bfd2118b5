// Tells the gateway what happened to a parcel, in order per parcel, or wrongly where the script says so.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "adapters/sandbox/callbacks.hpp"

namespace returngate::sandbox {

// Used from the io_context's thread only.
class Announcer {
public:
    Announcer(boost::asio::io_context& context, CallbackSender& sender, const Dialect& dialect);

    // Queued behind the parcel's earlier events.
    void announce(Recorded recorded);
    // At once; for the callback that overtakes the booking's answer.
    [[nodiscard]] boost::asio::awaitable<void> tell(Recorded recorded);

private:
    struct Queue {
        std::deque<Recorded> waiting;
        std::optional<Recorded> held_back;  // the first of a pair that leaves in the wrong order
    };
    [[nodiscard]] boost::asio::awaitable<void> drain(std::string reference, std::shared_ptr<Queue> queue);
    [[nodiscard]] boost::asio::awaitable<void> deliver_copies(CallbackMessage message, int copies);

    boost::asio::io_context& context_;
    CallbackSender& sender_;
    const Dialect& dialect_;
    std::unordered_map<std::string, std::shared_ptr<Queue>> queues_;
};

}  // namespace returngate::sandbox
