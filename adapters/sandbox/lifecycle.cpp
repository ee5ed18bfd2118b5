// One coroutine per parcel: pause, stage, pause, stage, until it is delivered or given up.
#include "adapters/sandbox/lifecycle.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

bool is_held(const Parcel& parcel, Stage next) {
    if (!parcel.behaviour.accepts && next == Stage::accepted) return true;
    return parcel.behaviour.hold_before == next;
}

}  // namespace

std::chrono::microseconds Pace::before(Stage stage) const {
    std::chrono::milliseconds pause{0};
    switch (stage) {
        case Stage::accepted: pause = before_accepted; break;
        case Stage::courier_assigned: pause = before_assigned; break;
        case Stage::collected: pause = before_collected; break;
        case Stage::in_transit: pause = before_in_transit; break;
        case Stage::delivered: pause = before_delivered; break;
        default: break;
    }
    const double microseconds = static_cast<double>(pause.count()) * 1000.0 / speed;
    return std::chrono::microseconds(static_cast<std::int64_t>(microseconds));
}

Lifecycle::Lifecycle(asio::io_context& context, ParcelBook& book, const WorldClock& clock, Pace pace,
                     Announce announce)
    : context_(context), book_(book), clock_(clock), pace_(pace), announce_(std::move(announce)) {}

void Lifecycle::begin(const std::string& reference) {
    const auto life = std::make_shared<Life>(context_);
    if (!lives_.emplace(reference, life).second) return;
    asio::co_spawn(context_, live(reference, life), asio::detached);
}

void Lifecycle::advance(const std::string& reference, Stage stage) {
    const auto on_thread = [this, reference, stage] {
        const auto found = lives_.find(reference);
        if (found == lives_.end()) return;
        found->second->target = stage;
        found->second->wake.cancel();
    };
    asio::post(context_, on_thread);
}

void Lifecycle::enter(const std::string& reference, Stage stage) {
    auto recorded = book_.record(reference, stage, clock_.now());
    if (recorded) announce_(std::move(*recorded));
}

asio::awaitable<void> Lifecycle::live(std::string reference, std::shared_ptr<Life> life) {
    for (;;) {
        const auto parcel = book_.find(reference);
        if (!parcel || !parcel->is_live || parcel->stage == Stage::delivered) break;
        if (parcel->behaviour.abandons_after == parcel->stage || life->target == Stage::abandoned) {
            enter(reference, Stage::abandoned);
            break;
        }
        const auto next = static_cast<Stage>(static_cast<int>(parcel->stage) + 1);
        if (next > life->target) {
            const bool held = is_held(*parcel, next);
            if (held) life->wake.expires_at(asio::steady_timer::time_point::max());
            if (!held) life->wake.expires_after(pace_.before(next));
            const auto [interrupted] = co_await life->wake.async_wait(kQuiet);
            if (interrupted) continue;
        }
        enter(reference, next);
    }
    lives_.erase(reference);
}

}  // namespace returngate::sandbox
