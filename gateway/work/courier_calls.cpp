// One pattern: breaker, encode, send, decode, and the table from what happened to the command.
#include "gateway/work/courier_calls.hpp"

#include <spdlog/spdlog.h>

#include "adapters/courier/registry.hpp"
#include "adapters/http/destination.hpp"
#include "gateway/work/quotes.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

using courier::Courier;

struct Line {
    const CourierOptions* options = nullptr;
    const Courier* dialect = nullptr;
    const courier::Account* account = nullptr;
    [[nodiscard]] bool is_whole() const { return dialect != nullptr && account != nullptr; }
};

// By the account that the booking was placed with.
Line line_of(const CallContext& context, const CourierCode& code, const std::string& account) {
    Line line{context.around.configuration.courier(code.value), courier::find_courier(code.value)};
    if (line.options != nullptr) line.account = line.options->account_named(account);
    return line;
}

courier::Moment moment_of(const CallContext& context) {
    courier::Moment moment;
    moment.now = context.around.clock.now();
    moment.nonce = detail::to_hex(context.around.random.bytes());
    return moment;
}

courier::Party party_of(const Contact& contact) {
    return {contact.name, contact.phone, contact.province, contact.city, contact.county, contact.address};
}

// Attempts at a cancellation after which a courier's refusal is believed.
constexpr int kPlainNoIsFinal = 3;

courier::BookingOrder order_of(const postgres::LeasedJob& job) {
    courier::BookingOrder order;
    order.reference.value = job.key.subject;
    order.sender = party_of(job.sender);
    order.recipient = party_of(job.recipient);
    order.window = job.window;
    order.parcel.description = "退货商品";
    return order;
}

// Of the persons, where they are; that is all that a price goes by.
courier::Party place_of(const Contact& contact) {
    courier::Party place;
    place.province = contact.province;
    place.city = contact.city;
    place.county = contact.county;
    return place;
}

Way way_of(const postgres::LeasedJob& job) {
    return {job.region, job.seller, place_of(job.sender), place_of(job.recipient)};
}

// Sent or not sent: everything else is up to the dialect's decoder.
asio::awaitable<Result<http::Response>> call(CallContext context, Line line, Result<http::Request> request) {
    if (!request) co_return tl::unexpected(request.error());
    const auto origin = http::take_origin(*request, line.account->base_url);
    if (!origin) co_return tl::unexpected(origin.error());
    const std::string name = line.options->code.value;
    if (!context.around.breakers.allows(name)) {
        co_return fail(ErrorKind::unavailable, "breaker_open", "The courier has been failing; not asked.");
    }
    const auto deadline = std::chrono::steady_clock::now() + line.options->timeout;
    auto response = co_await context.client.send(*origin, std::move(*request), deadline);
    context.around.breakers.report(name, response.has_value() && response->status < 500);
    co_return response;
}

// A 5xx says nothing of what was done (an answer of a proxy, a crash after the effect).
Result<http::Response> in_doubt_when_5xx(Result<http::Response> response) {
    if (response && response->status >= 500) {
        return fail(ErrorKind::in_doubt, "http_" + std::to_string(response->status),
                    "The courier answered with an error.");
    }
    return response;
}

using Outcome = BookingAnswered::Outcome;

// What a failed booking call means (the contract's error kinds).
Outcome outcome_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::unavailable:
        case ErrorKind::throttled: return Outcome::unavailable;
        case ErrorKind::in_doubt:
        case ErrorKind::malformed:
        case ErrorKind::conflict: return Outcome::in_doubt;  // known already: ask what became of it
        case ErrorKind::not_found: return Outcome::unknown_there;
        default: return Outcome::refused;
    }
}

BookingAnswered answered(const postgres::LeasedJob& job, const Result<courier::Booking>& booking) {
    BookingAnswered answer;
    answer.id = job.key.return_id;
    answer.reference.value = job.key.subject;
    answer.attempt = job.attempt;
    if (!booking) {
        answer.outcome = outcome_of(booking.error());
        answer.reason = booking.error().code;
        return answer;
    }
    switch (booking->state) {
        case courier::BookingState::accepted: answer.outcome = Outcome::accepted; break;
        case courier::BookingState::pending: answer.outcome = Outcome::pending; break;
        case courier::BookingState::dead:
            answer.outcome = Outcome::dead;
            answer.reason = "dead_reference";
            break;
    }
    answer.waybill = booking->waybill;
    answer.carrying_courier = booking->carrying_courier.value_or("");
    answer.courier_key = booking->courier_key;
    answer.pickup_code = booking->pickup_code;
    return answer;
}

bool may_ask(const CallContext& context, const CourierCode& courier) {
    const CourierOptions* options = context.around.configuration.courier(courier.value);
    return options == nullptr || context.questions.take(courier.value, options->questions_per_minute,
                                                        std::chrono::steady_clock::now());
}

Result<courier::Booking> no_such_courier() {
    return fail(ErrorKind::unavailable, "courier_not_configured", "The courier is not configured.");
}

// No events where the courier could not be asked, or said nothing that we understand.
asio::awaitable<CourierReported> ask_for_tracks(CallContext context, postgres::LeasedJob job) {
    CourierReported report;
    report.courier = job.courier;
    report.account = job.account;
    report.reference.value = job.key.subject;
    report.proof = Proof::query;
    report.attempt = job.attempt;
    const Line line = line_of(context, job.courier, job.account);
    if (!line.is_whole()) co_return report;
    const auto& account = *line.account;
    const courier::BookedOrder order(report.reference, job.courier_key);
    auto request = line.dialect->encode_track_booking(account, moment_of(context), order, job.waybill);
    auto response = co_await call(context, line, std::move(request));
    if (!response) {
        spdlog::warn("courier {} did not answer a track query: {}", job.courier.value, response.error().code);
        co_return report;
    }
    auto events = line.dialect->decode_track(account, job.waybill, *response);
    if (events) {
        report.events = std::move(*events);
    } else {
        spdlog::warn("courier {} answered a track query with {}", job.courier.value, events.error().code);
    }
    co_return report;
}

}  // namespace

asio::awaitable<Command> place_booking(CallContext context, postgres::LeasedJob job) {
    const Line line = line_of(context, job.courier, job.account);
    if (!line.is_whole()) co_return answered(job, no_such_courier());
    const auto& account = *line.account;
    const auto order = order_of(job);
    const bool may_repeat = line.dialect->profile().lost_answer == courier::LostAnswer::repeat_same_reference;
    if (job.attempt > 1 && !may_repeat) {
        // An earlier attempt may have been sent by a worker that died: ask, never send again.
        const Result<courier::Booking> doubt =
            fail(ErrorKind::in_doubt, "earlier_attempt", "An earlier attempt was made.");
        co_return answered(job, doubt);
    }
    if (context.around.quotes != nullptr)
        context.around.quotes->want(way_of(job), context.around.clock.now());
    auto request = line.dialect->encode_book(account, moment_of(context), order);
    auto response = co_await call(context, line, std::move(request));
    response = in_doubt_when_5xx(std::move(response));
    if (!response) {
        const Result<courier::Booking> failed = tl::unexpected(response.error());
        co_return answered(job, failed);
    }
    co_return answered(job, line.dialect->decode_book(account, order, *response));
}

asio::awaitable<Command> resolve_booking(CallContext context, postgres::LeasedJob job) {
    const Line line = line_of(context, job.courier, job.account);
    if (!line.is_whole()) co_return answered(job, no_such_courier());
    const auto& account = *line.account;
    const BookingReference reference{job.key.subject};
    const courier::BookedOrder order(reference, job.courier_key);
    auto request = line.dialect->encode_find(account, moment_of(context), order);
    auto response = co_await call(context, line, std::move(request));
    response = in_doubt_when_5xx(std::move(response));
    Result<courier::Booking> found = fail(ErrorKind::in_doubt, "no_answer", "The courier did not answer.");
    if (response) found = line.dialect->decode_find(account, reference, *response);
    // Only a plain "not known here" ends the doubt; a question that failed leaves it as it was.
    if (!found && found.error().kind != ErrorKind::not_found && found.error().kind != ErrorKind::rejected) {
        found = fail(ErrorKind::in_doubt, found.error().code, found.error().message);
    }
    co_return answered(job, found);
}

asio::awaitable<std::optional<Command>> cancel_booking(CallContext context, postgres::LeasedJob job) {
    const Line line = line_of(context, job.courier, job.account);
    if (!line.is_whole()) co_return std::nullopt;
    const auto& account = *line.account;
    const BookingReference reference{job.key.subject};
    const courier::BookedOrder order(reference, job.courier_key);
    auto request = line.dialect->encode_cancel(account, moment_of(context), order, "buyer cancelled");
    if (!request && request.error().code == courier::kNoCourierKey) {  // asking again brings none
        std::optional<Command> command =
            BookingCancelled{job.key.return_id, reference, BookingCancelled::Outcome::without_key};
        co_return command;
    }
    auto response = co_await call(context, line, std::move(request));
    response = in_doubt_when_5xx(std::move(response));
    if (!response) co_return std::nullopt;
    const auto cancelled = line.dialect->decode_cancel(account, reference, *response);
    BookingCancelled answer{job.key.return_id, reference};
    if (!cancelled) {
        const auto kind = cancelled.error().kind;
        if (kind == ErrorKind::conflict) answer.outcome = BookingCancelled::Outcome::too_late;
        // Not known there is as good as cancelled, and so is a plain no that does not change: some couriers
        // have no other word for "never heard of it". If one comes all the same, the collection says so.
        const bool has_nothing =
            kind == ErrorKind::not_found || (kind == ErrorKind::rejected && job.attempt >= kPlainNoIsFinal);
        if (kind != ErrorKind::conflict && !has_nothing) co_return std::nullopt;
    }
    std::optional<Command> command = answer;
    co_return command;
}

// Moved once more, a booking is where it was: whatever is unclear is asked again.
asio::awaitable<std::optional<Command>> move_booking(CallContext context, postgres::LeasedJob job) {
    const Line line = line_of(context, job.courier, job.account);
    BookingMoved answer{job.key.return_id, BookingReference{job.key.subject}, job.window};
    std::optional<Command> command;
    if (line.is_whole()) {
        const courier::BookedOrder order(answer.reference, job.courier_key);
        auto request = line.dialect->encode_move(*line.account, moment_of(context), order, job.window);
        auto response = co_await call(context, line, std::move(request));
        response = in_doubt_when_5xx(std::move(response));
        Result<void> moved = fail(ErrorKind::in_doubt, "no_answer", "The courier did not answer.");
        if (response) moved = line.dialect->decode_move(*line.account, answer.reference, *response);
        using Outcome = BookingMoved::Outcome;
        const bool is_too_late = !moved && moved.error().kind == ErrorKind::conflict;
        const bool is_plain = moved || is_too_late || moved.error().kind == ErrorKind::rejected ||
                              moved.error().kind == ErrorKind::not_found;
        if (!is_plain && job.attempt < kPlainNoIsFinal) co_return command;
        if (moved) answer.outcome = Outcome::moved;
        if (is_too_late) answer.outcome = Outcome::too_late;
    }
    command = answer;
    co_return command;
}

asio::awaitable<Command> confirm_collection(CallContext context, postgres::LeasedJob job) {
    auto report = co_await ask_for_tracks(context, std::move(job));
    co_return Command(std::move(report));
}

asio::awaitable<std::optional<Command>> ask_courier(CallContext context, postgres::LeasedJob job) {
    if (!may_ask(context, job.courier)) co_return std::nullopt;  // leased again when there is room
    auto report = co_await ask_for_tracks(context, std::move(job));
    report.on_silence = true;
    std::optional<Command> command = std::move(report);
    co_return command;
}

// The number is not of a booking of ours, so the courier is asked by the number alone.
asio::awaitable<Command> trace_outbound(CallContext context, postgres::LeasedJob job) {
    OutboundTraced answer;
    answer.id = job.key.return_id;
    answer.attempt = job.attempt;
    const auto slash = job.key.subject.find('/');
    answer.courier.value = job.key.subject.substr(0, slash);
    if (slash != std::string::npos) answer.waybill = job.key.subject.substr(slash + 1);
    const Line line = line_of(context, answer.courier, {});
    if (!line.is_whole()) co_return answer;
    const auto& account = *line.account;
    auto request =
        line.dialect->encode_track(account, moment_of(context), BookingReference{}, answer.waybill);
    auto response = co_await call(context, line, std::move(request));
    if (!response) {
        spdlog::warn("courier {} did not answer for an outbound number: {}", answer.courier.value,
                     response.error().code);
        co_return answer;
    }
    const auto events = line.dialect->decode_track(account, answer.waybill, *response);
    if (events) {
        Milestones known;
        for (const auto& event : *events) known.merge(event, true);
        answer.collected_at = known.collected_at();
    } else {
        spdlog::warn("courier {} answered for an outbound number with {}", answer.courier.value,
                     events.error().code);
    }
    co_return answer;
}

}  // namespace returngate::work
