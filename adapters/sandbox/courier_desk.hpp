// A courier of the sandbox: its book, its script, its callbacks, behind its own protocol.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "adapters/sandbox/announcer.hpp"
#include "adapters/sandbox/front.hpp"
#include "adapters/sandbox/lifecycle.hpp"

namespace returngate::sandbox {

class CourierDesk {
public:
    CourierDesk(boost::asio::io_context& context, http::Client& client, std::unique_ptr<Dialect> dialect,
                const WorldClock& clock, Pace pace, std::uint64_t seed);

    // The request's target starts below the courier's own root.
    [[nodiscard]] boost::asio::awaitable<Reply> handle(http::Request request);

    // From any thread.
    [[nodiscard]] std::string_view code() const { return dialect_->code(); }
    [[nodiscard]] ScriptBook& scripts() { return scripts_; }
    [[nodiscard]] ParcelBook& book() { return book_; }
    [[nodiscard]] CallbackSender& callbacks() { return sender_; }
    // The parcel goes straight on to `stage`; then holds before `hold_before`, or lives on.
    void advance(const std::string& reference, Stage stage, std::optional<Stage> hold_before);
    // A parcel that somebody hands in over the counter: a number that nobody booked, and no callbacks. On the
    // io_context's thread.
    [[nodiscard]] Parcel hand_in();
    // Calls that were answered with a refusal before they were understood: bad signature, bad form.
    [[nodiscard]] std::int64_t unproved_calls() const { return unproved_calls_; }

private:
    [[nodiscard]] Answered execute(const ReadCall& call, const Behaviour& behaviour);
    [[nodiscard]] Answered book_parcel(const ReadCall& call, const Behaviour& behaviour);
    [[nodiscard]] Answered cancel_parcel(const ReadCall& call);
    [[nodiscard]] Answered track_parcel(const ReadCall& call);
    [[nodiscard]] boost::asio::awaitable<void> start_life(std::string reference, bool calls_back_first);

    std::unique_ptr<Dialect> dialect_;
    WorldClock clock_;
    ScriptBook scripts_;
    ParcelBook book_;
    CallbackSender sender_;
    Announcer announcer_;
    Lifecycle lifecycle_;
    std::atomic<std::int64_t> unproved_calls_{0};
    int handed_in_ = 0;
};

}  // namespace returngate::sandbox
