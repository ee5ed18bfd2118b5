// Proves and reads a call, looks into the script, acts, and answers or fails to.
#include "adapters/sandbox/courier_desk.hpp"

#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

std::uint64_t fresh_event_id() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

Ending ending_of(AnswerWay way) {
    switch (way) {
        case AnswerWay::never: return Ending::never;
        case AnswerWay::close: return Ending::close;
        case AnswerWay::cut_short: return Ending::cut_short;
        default: return Ending::answer;
    }
}

// The scripted fault in place of the answer, or the answer itself.
Reply dress(AnswerWay way, http::Response answer) {
    Reply reply{std::move(answer), ending_of(way)};
    if (way == AnswerWay::unavailable) {
        reply.response = http::Response{};
        reply.response.status = 503;
    }
    if (way == AnswerWay::garbage) reply.response.body = "<html><body>\xff\xfe it works</body>";
    return reply;
}

}  // namespace

CourierDesk::CourierDesk(asio::io_context& context, http::Client& client, std::unique_ptr<Dialect> dialect,
                         const WorldClock& clock, Pace pace, std::uint64_t seed)
    : dialect_(std::move(dialect)),
      clock_(clock),
      book_(dialect_->shape(), seed, fresh_event_id()),
      sender_(context, client, *dialect_),
      announcer_(context, sender_, *dialect_),
      lifecycle_(context, book_, clock, pace,
                 [this](Recorded recorded) { announcer_.announce(std::move(recorded)); }) {}

asio::awaitable<Reply> CourierDesk::handle(http::Request request) {
    const auto read = dialect_->read(request);
    if (const auto* refusal = std::get_if<http::Response>(&read)) {
        ++unproved_calls_;
        Reply reply;
        reply.response = *refusal;
        co_return reply;
    }
    const ReadCall call = std::get<ReadCall>(read);
    const Behaviour behaviour =
        scripts_.take(call.call, call.reference.empty() ? call.waybill : call.reference);
    const bool is_faulty = behaviour.answer != AnswerWay::normal && behaviour.answer != AnswerWay::refuse;
    Answered answered;
    answered.call = call;
    const bool skips = is_faulty && !behaviour.executes;
    if (behaviour.answer == AnswerWay::refuse) answered.verdict = Verdict::refused;
    if (behaviour.answer != AnswerWay::refuse && !skips) answered = execute(call, behaviour);
    const bool is_new = call.call == Call::book && !skips && answered.verdict == Verdict::done;
    if (is_new) co_await start_life(call.reference, behaviour.calls_back_first);
    if (behaviour.answer_delay_ms > 0)
        co_await pause_for(std::chrono::milliseconds(behaviour.answer_delay_ms));
    http::Response answer;
    if (!skips) answer = dialect_->answer(answered);
    co_return dress(behaviour.answer, std::move(answer));
}

asio::awaitable<void> CourierDesk::start_life(std::string reference, bool calls_back_first) {
    if (calls_back_first) {
        const auto accepted = book_.record(reference, Stage::accepted, clock_.now());
        if (accepted) co_await announcer_.tell(*accepted);
    }
    lifecycle_.begin(reference);
}

Answered CourierDesk::execute(const ReadCall& call, const Behaviour& behaviour) {
    switch (call.call) {
        case Call::book: return book_parcel(call, behaviour);
        case Call::cancel: return cancel_parcel(call);
        case Call::find: {
            Answered answered{call, Verdict::not_found, {}, {}};
            const auto parcel = book_.find(call.reference);
            if (parcel) answered.verdict = Verdict::done;
            if (parcel) answered.parcel = *parcel;
            return answered;
        }
        case Call::track: return track_parcel(call);
    }
    return Answered{call, Verdict::not_found, {}, {}};
}

Answered CourierDesk::book_parcel(const ReadCall& call, const Behaviour& behaviour) {
    const Placement placement = book_.place(call.order, behaviour);
    Answered answered{call, Verdict::done, placement.parcel, {}};
    switch (placement.verdict) {
        case Placed::fresh: break;
        case Placed::repeated: answered.verdict = Verdict::repeated; break;
        case Placed::changed: answered.verdict = Verdict::changed; break;
        case Placed::cancelled_before: answered.verdict = Verdict::cancelled_before; break;
    }
    return answered;
}

Answered CourierDesk::cancel_parcel(const ReadCall& call) {
    const Instant now = clock_.now();
    const Cancelled cancelled = book_.cancel(call.reference, now);
    Answered answered{call, Verdict::done, book_.find(call.reference).value_or(Parcel{}), {}};
    switch (cancelled) {
        case Cancelled::now:
            announcer_.announce(Recorded{answered.parcel, answered.parcel.events.back()});
            lifecycle_.advance(call.reference, Stage::booked);  // wakes a life that stands still, to end it
            break;
        case Cancelled::before: answered.verdict = Verdict::cancelled_before; break;
        case Cancelled::too_late: answered.verdict = Verdict::too_late; break;
        case Cancelled::unknown_reference: answered.verdict = Verdict::not_found; break;
    }
    return answered;
}

Answered CourierDesk::track_parcel(const ReadCall& call) {
    const auto parcel = call.waybill.empty() ? book_.find(call.reference) : book_.find_waybill(call.waybill);
    if (!parcel) return Answered{call, Verdict::not_found, {}, {}};
    return Answered{call, Verdict::done, *parcel, book_.queried_events(parcel->reference)};
}

Parcel CourierDesk::hand_in() {
    Order order;
    order.reference = "COUNTER" + std::to_string(++handed_in_);
    order.sender_digest = order.reference;  // nobody's twin
    Behaviour silent;
    silent.calls_back = false;
    silent.accepts = false;
    const Parcel parcel = book_.place(order, silent).parcel;
    lifecycle_.begin(parcel.reference);
    return parcel;
}

void CourierDesk::advance(const std::string& reference, Stage stage, std::optional<Stage> hold_before) {
    book_.hold_before(reference, hold_before);
    lifecycle_.advance(reference, stage);
}

}  // namespace returngate::sandbox
