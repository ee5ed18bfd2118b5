// One question to the database, then one command per parcel.
#include "gateway/work/silence_sweep.hpp"

#include <spdlog/spdlog.h>

namespace asio = boost::asio;

namespace returngate::work {
namespace {

constexpr int kMostOfACourier = 100;  // in one turn; the next round finds the others

}  // namespace

asio::awaitable<int> SilenceSweep::turn() {
    const Instant now = around_.clock.now();
    const auto policy = around_.policies.policy_at(now);
    const Silence& silence = policy->silence;
    // Booked up to some days ahead of the collection, which may be as old as `give_up`.
    const Duration all = silence.give_up + std::chrono::days(policy->pickup.days_ahead + 1);
    const Duration length = (all - silence.carriage) / slices_;
    const Instant until = now - silence.carriage - slice_ * length;
    slice_ = (slice_ + 1) % slices_;
    auto find = [from = until - length, until, silent_since = now - silence.carriage,
                 most = kMostOfACourier](postgres::Desk& desk) {
        return desk.read().silent_bookings(from, until, silent_since, most);
    };
    const auto silent = co_await around_.queries.run(std::move(find));
    if (!silent) {
        spdlog::warn("silent parcels were not looked for: {}", silent.error().code);
        co_return 0;
    }
    int watched = 0;
    for (const auto& booking : *silent) {
        pipeline::Submission submission;
        submission.command = booking;
        submission.received_at = now;
        submission.seed = around_.random.bytes();
        const auto taken = co_await around_.pipeline.submit(std::move(submission));
        if (taken) {
            ++watched;
        } else {
            spdlog::warn("a silent parcel of {} is not watched: {}", to_string(booking.id),
                         taken.error().code);
        }
    }
    co_return watched;
}

}  // namespace returngate::work
