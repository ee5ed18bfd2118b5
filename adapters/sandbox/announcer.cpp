// From a parcel's events to callbacks, faults of the script included.
#include "adapters/sandbox/announcer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

Announcer::Announcer(asio::io_context& context, CallbackSender& sender, const Dialect& dialect)
    : context_(context), sender_(sender), dialect_(dialect) {}

void Announcer::announce(Recorded recorded) {
    std::string reference = recorded.parcel.reference;
    auto& queue = queues_[reference];
    const bool is_drained = queue == nullptr || queue->waiting.empty();
    if (queue == nullptr) queue = std::make_shared<Queue>();
    queue->waiting.push_back(std::move(recorded));
    if (is_drained) asio::co_spawn(context_, drain(std::move(reference), queue), asio::detached);
}

asio::awaitable<void> Announcer::drain(std::string reference, std::shared_ptr<Queue> queue) {
    // The front stays in the queue while it is told, so that announce() starts no second drain.
    while (!queue->waiting.empty()) {
        const Recorded current = queue->waiting.front();
        const bool is_last = current.event.stage >= Stage::delivered;
        if (current.parcel.behaviour.swaps_callbacks && !queue->held_back && !is_last) {
            queue->held_back = current;
        } else {
            co_await tell(current);
            if (queue->held_back) {
                const Recorded earlier = *queue->held_back;
                queue->held_back.reset();
                co_await tell(earlier);
            }
        }
        queue->waiting.pop_front();
        if (is_last && queue->waiting.empty()) queues_.erase(reference);
    }
}

asio::awaitable<void> Announcer::tell(Recorded recorded) {
    const Behaviour behaviour = recorded.parcel.behaviour;
    if (!behaviour.calls_back) co_return;
    if (behaviour.callback_delay_ms > 0)
        co_await pause_for(std::chrono::milliseconds(behaviour.callback_delay_ms));
    const std::vector<CallbackMessage> messages = dialect_.callbacks(recorded.parcel, recorded.event);
    if (behaviour.sends_garbage && !messages.empty()) {
        CallbackMessage garbage = dialect_.garbage(recorded.parcel);
        co_await sender_.deliver(std::move(garbage));
    }
    for (const CallbackMessage& message : messages)
        co_await deliver_copies(message, behaviour.callback_copies);
    if (behaviour.sends_forgery && recorded.event.stage == Stage::accepted) {
        CallbackMessage forgery = dialect_.forgery(recorded.parcel, recorded.event);
        co_await sender_.deliver(std::move(forgery));
    }
}

asio::awaitable<void> Announcer::deliver_copies(CallbackMessage message, int copies) {
    for (int i = 1; i < copies; ++i) asio::co_spawn(context_, sender_.deliver(message), asio::detached);
    co_await sender_.deliver(std::move(message));
}

}  // namespace returngate::sandbox
