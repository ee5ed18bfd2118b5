// The life of a booked parcel: stage after stage with pauses, standing still where the script says so.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/parcel_book.hpp"

namespace returngate::sandbox {

// Pause before each stage; all of them are divided by `speed`.
struct Pace {
    std::chrono::milliseconds before_accepted{50};
    std::chrono::milliseconds before_assigned{80};
    std::chrono::milliseconds before_collected{150};
    std::chrono::milliseconds before_in_transit{200};
    std::chrono::milliseconds before_delivered{200};
    double speed = 1.0;
    [[nodiscard]] std::chrono::microseconds before(Stage stage) const;
};

class Lifecycle {
public:
    using Announce = std::function<void(Recorded)>;
    Lifecycle(boost::asio::io_context& context, ParcelBook& book, const WorldClock& clock, Pace pace,
              Announce announce);

    // On the io_context's thread.
    void begin(const std::string& reference);
    // From any thread: straight on to that stage, whatever holds it; then life goes on.
    void advance(const std::string& reference, Stage stage);

private:
    struct Life {
        explicit Life(boost::asio::io_context& context) : wake(context) {}
        boost::asio::steady_timer wake;
        Stage target = Stage::booked;  // no pause and no hold up to here
    };
    [[nodiscard]] boost::asio::awaitable<void> live(std::string reference, std::shared_ptr<Life> life);
    void enter(const std::string& reference, Stage stage);

    boost::asio::io_context& context_;
    ParcelBook& book_;
    WorldClock clock_;
    Pace pace_;
    Announce announce_;
    std::unordered_map<std::string, std::shared_ptr<Life>> lives_;
};

}  // namespace returngate::sandbox
