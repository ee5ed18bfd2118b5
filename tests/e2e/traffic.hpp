// Clients that never stop asking: each buys, returns, books and sometimes cancels, repeats what was not
// answered, and writes down what was.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/scene.hpp"
#include "tests/support/acknowledgement_log.hpp"

namespace returngate::e2e {

class Traffic {
public:
    Traffic(Scene& scene, testing::AcknowledgementLog& log, int clients);
    ~Traffic() { stop(); }
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    // Nobody begins anything new; what was begun is repeated until it is answered.
    void stop();

    [[nodiscard]] int in_flight() const { return in_flight_; }
    // Answered with 2xx.
    [[nodiscard]] std::int64_t acknowledged() const { return acknowledged_; }
    // Sent, at least in part, and never answered: they may have had their effect, or not.
    [[nodiscard]] std::int64_t unacknowledged() const { return unacknowledged_; }
    // Answers that nobody should get who asks rightly.
    [[nodiscard]] std::vector<std::string> surprises();

private:
    void keep_shopping();
    void shop(int number);
    void book_pickup(const Shopper& shopper, const std::string& return_id);
    void cancel_pickup(const std::string& return_id);
    // Sends it until it is answered with anything but "try again".
    PlainAnswer ask(As caller, const std::string& method, const std::string& target,
                    const CallOptions& options = {});
    void surprise(const std::string& method, const std::string& target, const PlainAnswer& answer);

    Scene& scene_;
    testing::AcknowledgementLog& log_;
    std::atomic<bool> is_stopping_{false};
    std::atomic<int> shops_{0};
    std::atomic<int> in_flight_{0};
    std::atomic<std::int64_t> acknowledged_{0};
    std::atomic<std::int64_t> unacknowledged_{0};
    std::mutex mutex_;
    std::vector<std::string> surprises_;
    std::vector<std::jthread> clients_;
};

}  // namespace returngate::e2e
