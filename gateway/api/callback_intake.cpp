// One callback is one transaction per booking that it names; most name one.
#include "gateway/api/callback_intake.hpp"

#include <algorithm>

#include "adapters/courier/registry.hpp"
#include "adapters/crypto/digest.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/event_key.hpp"
#include "gateway/log.hpp"
#include "src/returns/waybill_acceptance.hpp"

namespace asio = boost::asio;

namespace returngate::api {

// An account of ours at a courier: each has a callback URL of its own.
struct CallbackIntake::Contract {
    const courier::Courier* courier = nullptr;
    const CourierOptions* options = nullptr;
    const courier::Account* account = nullptr;
    std::string_view name;   // of the account; empty: the first one
    std::string_view token;  // of its URL
    std::size_t index = 0;   // of the courier, for metrics
};

// A callback on its way. `state` is where it stands at the end.
struct CallbackIntake::Taking {
    const Contract& contract;
    const courier::Push& push;
    Proof proof = Proof::secret_url;
    bool is_stored = false;  // a replay: it stands in quarantine already
    std::string payload_hash;
    std::string state = "bound";
    std::string reason;
};

namespace {

// A courier's clock may be wrong by a time zone. What it dates later than that pays nobody.
constexpr std::chrono::hours kFarthestAhead{24};

std::string text_of(const crypto::Sha256& hash) {
    return {hash.begin(), hash.end()};
}

// Of one booking, in the order in which the courier listed them.
struct Group {
    BookingReference reference;
    std::vector<TrackingEvent> events;
};

void add_to(std::vector<Group>& groups, BookingReference reference, TrackingEvent event) {
    auto group = std::ranges::find(groups, reference, &Group::reference);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{std::move(reference), {}});
    group->events.push_back(std::move(event));
}

CallbackOutcome outcome_of(std::string_view state) {
    if (state == "parked") return CallbackOutcome::parked;
    return state == "quarantined" ? CallbackOutcome::quarantined : CallbackOutcome::taken;
}

}  // namespace

CallbackIntake::CallbackIntake(IntakeContext context) : context_(context) {
    std::size_t index = 0;
    for (const auto& options : context_.configuration.couriers) {
        const courier::Courier* courier = courier::find_courier(options.code.value);
        if (courier == nullptr) continue;
        contracts_.push_back({courier, &options, &options.account, {}, options.callback_token, index});
        for (const auto& further : options.further) {
            contracts_.push_back(
                {courier, &options, &further.account, further.terms.name, further.callback_token, index});
        }
        ++index;
    }
    couriers_ = index;
}
CallbackIntake::~CallbackIntake() = default;

const CallbackIntake::Contract* CallbackIntake::find(std::string_view code, std::string_view account) const {
    const auto found = std::ranges::find_if(contracts_, [&](const Contract& one) {
        return one.options->code.value == code && one.name == account;
    });
    return found == contracts_.end() ? nullptr : &*found;
}

// Every token is compared, so that the time says nothing of where a guess was wrong.
const CallbackIntake::Contract* CallbackIntake::addressed(std::string_view code,
                                                          std::string_view token) const {
    const Contract* addressed = nullptr;
    for (const auto& contract : contracts_) {
        if (contract.options->code.value != code || contract.token.empty()) continue;
        if (crypto::equal_in_constant_time(token, contract.token)) addressed = &contract;
    }
    return addressed;
}

asio::awaitable<std::optional<http::Response>> CallbackIntake::answer(std::string code, std::string token,
                                                                      http::Request request) {
    const Contract* contract = addressed(code, token);
    if (contract == nullptr) {
        const Contract* known = find(code, {});
        context_.metrics.callback(known == nullptr ? couriers_ : known->index, CallbackOutcome::unknown_url);
        co_return std::nullopt;
    }
    const courier::Push push{std::move(request), context_.clock.now()};
    const courier::Account& account = *contract->account;
    const auto proof = contract->courier->authenticate(account, push);
    if (!proof) {
        context_.metrics.callback(contract->index, CallbackOutcome::refused);
        log::write(log::Level::warning, "callback_refused",
                   {{"courier", code}, {"code", proof.error().code}});
        co_return contract->courier->acknowledge(account, push, courier::AckOutcome::refused);
    }
    Taking taking{*contract, push, *proof, false, text_of(crypto::sha256(push.request.body)), "bound", ""};
    const auto taken = co_await take(taking);
    context_.metrics.callback(contract->index, taken ? outcome_of(taking.state) : CallbackOutcome::failed);
    const auto outcome = taken ? courier::AckOutcome::taken : courier::AckOutcome::failed;
    co_return contract->courier->acknowledge(account, push, outcome);
}

// An error means: not stored, to be sent again.
asio::awaitable<Result<void>> CallbackIntake::take(Taking& taking) {
    auto events = taking.contract.courier->decode_push(*taking.contract.account, taking.push);
    if (!events) {
        const auto stored = co_await set_aside(taking, "quarantined", "", events.error().code);
        co_return stored;
    }
    const Instant latest = taking.push.received_at + kFarthestAhead;
    const bool is_of_the_future =
        std::ranges::any_of(*events, [&](const TrackingEvent& event) { return event.occurred_at > latest; });
    if (is_of_the_future) {
        const auto stored = co_await set_aside(taking, "quarantined", "", "time_in_the_future");
        co_return stored;
    }
    const auto bound = co_await bind_events(taking, *std::move(events));
    co_return bound;
}

asio::awaitable<Result<void>> CallbackIntake::bind_events(Taking& taking, std::vector<TrackingEvent> events) {
    const std::string& code = taking.contract.options->code.value;
    std::vector<Group> groups;
    for (auto& event : events) {
        std::optional<BookingReference> reference = event.booking_reference;
        if (!reference) {
            const auto key = event.waybill ? claim_key(code, *event.waybill) : std::nullopt;
            if (!key) {
                const auto stored =
                    co_await set_aside(taking, "quarantined", "", "names_no_booking_and_no_waybill");
                if (!stored) co_return stored;
                continue;
            }
            auto found = co_await find_booking(key->courier, key->number);
            if (!found) co_return tl::unexpected<Error>(found.error());
            reference = *std::move(found);
            if (!reference) {
                const auto stored = co_await set_aside(taking, "parked", key->courier + " " + key->number,
                                                       "number_not_known_yet");
                if (!stored) co_return stored;
                continue;
            }
        }
        add_to(groups, *std::move(reference), std::move(event));
    }
    for (auto& group : groups) {
        const auto committed = co_await commit(taking, std::move(group.reference), std::move(group.events));
        if (!committed) co_return committed;
    }
    co_return Result<void>();
}

asio::awaitable<Result<std::optional<BookingReference>>> CallbackIntake::find_booking(std::string courier,
                                                                                      std::string number) {
    auto find = [courier = std::move(courier), number = std::move(number)](postgres::Desk& desk) {
        return desk.read().booking_of(courier, number);
    };
    auto found = co_await context_.queries.run(std::move(find));
    co_return found;
}

asio::awaitable<Result<void>> CallbackIntake::commit(Taking& taking, BookingReference reference,
                                                     std::vector<TrackingEvent> events) {
    const auto cell = cell_of(reference);
    if (!cell) {
        const auto stored = co_await set_aside(taking, "quarantined", "", "reference_is_not_ours");
        co_return stored;
    }
    pipeline::Submission submission;
    submission.received_at = taking.push.received_at;
    submission.seed = context_.random.bytes();
    for (const auto& event : events) {
        store::InboxRow row;
        row.payload_hash = events.size() == 1 ? taking.payload_hash : hash_of_event(event);
        row.key.cell = *cell;
        row.key.source = taking.contract.options->code.value;
        row.key.dedupe_key = stored_key(event, row.payload_hash);
        row.proof = taking.proof;
        row.received_at = taking.push.received_at;
        // The raw bytes once, with the first event.
        if (submission.inbox.empty()) row.payload = taking.push.request.body;
        submission.inbox.push_back(std::move(row));
    }
    CourierReported report;
    report.courier = taking.contract.options->code;
    report.account = taking.contract.name;
    report.reference = std::move(reference);
    report.events = std::move(events);
    report.proof = taking.proof;
    submission.command = std::move(report);
    const auto committed = co_await context_.pipeline.submit(std::move(submission));
    std::string reason;
    if (committed && committed->conflicting_repeats > 0) {
        reason = "same_id_other_body";
    } else if (!committed) {
        const ErrorKind kind = committed.error().kind;
        // Nothing is known to be stored: the courier is to send it again.
        if (kind == ErrorKind::unavailable || kind == ErrorKind::in_doubt)
            co_return tl::unexpected<Error>(committed.error());
        reason = committed.error().code;
    }
    if (reason.empty()) co_return Result<void>();
    const auto stored = co_await set_aside(taking, "quarantined", "", std::move(reason));
    co_return stored;
}

asio::awaitable<Result<void>> CallbackIntake::set_aside(Taking& taking, std::string state,
                                                        std::string match_key, std::string reason) {
    // A person's matter outweighs a partner that is merely awaited.
    if (taking.state != "quarantined") {
        taking.state = state;
        taking.reason = reason;
    }
    if (taking.is_stored) co_return Result<void>();
    log::write(log::Level::warning, "callback_set_aside",
               {{"courier", taking.contract.options->code.value}, {"state", state}, {"reason", reason}});
    postgres::QuarantinedCallback callback;
    callback.view.id = fresh_id<QuarantineId>(context_.random, 0);
    callback.view.courier = taking.contract.options->code;
    callback.account = taking.contract.name;
    callback.view.state = std::move(state);
    callback.view.match_key = std::move(match_key);
    callback.view.reason = std::move(reason);
    callback.view.received_at = taking.push.received_at;
    callback.target = taking.push.request.query();
    callback.content_type = taking.push.request.headers.find("Content-Type").value_or("");
    callback.payload = taking.push.request.body;
    auto put = [callback = std::move(callback)](postgres::Desk& desk) {
        desk.write().quarantine(callback);
        return true;
    };
    const auto stored = co_await context_.queries.run(std::move(put));
    if (!stored) co_return tl::unexpected<Error>(stored.error());
    co_return Result<void>();
}

namespace {

using MaybeCallback = std::optional<postgres::QuarantinedCallback>;

// The request as far as it was kept; the path with its secret token was not.
http::Request request_of(const postgres::QuarantinedCallback& callback) {
    http::Request request;
    request.method = "POST";
    request.target = "/replay" + (callback.target.empty() ? "" : "?" + callback.target);
    if (!callback.content_type.empty()) request.headers.set("Content-Type", callback.content_type);
    request.body = callback.payload;
    return request;
}

}  // namespace

asio::awaitable<Result<CallbackIntake::Replayed>> CallbackIntake::replay(QuarantineId id) {
    auto find = [id](postgres::Desk& desk) { return desk.read().find_quarantined(id); };
    const auto found = co_await context_.queries.run(std::move(find));
    if (!found) co_return tl::unexpected<Error>(found.error());
    if (!*found) co_return fail(ErrorKind::not_found, "callback_not_found", "No such callback.");
    const postgres::QuarantinedCallback& callback = **found;
    if (callback.view.state != "parked" && callback.view.state != "quarantined") {
        co_return fail(ErrorKind::conflict, "already_decided",
                       "This callback is " + callback.view.state + " already.");
    }
    const Contract* contract = this->find(callback.view.courier.value, callback.account);
    if (contract == nullptr)
        co_return fail(ErrorKind::conflict, "courier_not_configured",
                       "There is no account with this courier.");
    const courier::Push push{request_of(callback), context_.clock.now()};
    // It was proved when it came. Headers are not kept, so what was proved by them counts as the least:
    // the courier is asked before money moves.
    const auto proof = contract->courier->authenticate(*contract->account, push);
    Taking taking{
        *contract, push, proof.value_or(Proof::secret_url), true, text_of(crypto::sha256(push.request.body)),
        "bound",   ""};
    const auto taken = co_await take(taking);
    if (!taken) co_return tl::unexpected<Error>(taken.error());
    // Parked is only what came parked: that row alone stands under the number that it waits for.
    if (taking.state == "parked") taking.state = callback.view.state;
    if (taking.state != callback.view.state) {
        auto mark = [id, state = taking.state, reason = taking.reason,
                     now = push.received_at](postgres::Desk& desk) {
            // What was parked and turns out to be for a person is not tried for ever.
            return state == "bound" ? desk.write().bind_quarantined(id, now)
                                    : desk.write().quarantine_parked(id, reason);
        };
        const auto marked = co_await context_.queries.run(std::move(mark));
        if (!marked) co_return tl::unexpected<Error>(marked.error());
    }
    Replayed replayed;
    replayed.state = taking.state;
    replayed.reason = taking.reason;
    co_return replayed;
}

// "COURIER NUMBER", once somebody has booked it.
asio::awaitable<void> CallbackIntake::bind_number(std::string match_key) {
    const auto space = match_key.find(' ');
    auto booking = co_await find_booking(match_key.substr(0, space), match_key.substr(space + 1));
    if (!booking || !*booking) co_return;
    auto find = [match_key](postgres::Desk& desk) { return desk.read().parked_under(match_key); };
    const auto ids = co_await context_.queries.run(std::move(find));
    if (!ids) {
        log::write(log::Level::warning, "parked_not_read", {{"code", ids.error().code}});
        co_return;
    }
    for (const auto& id : *ids) {
        const auto replayed = co_await replay(id);
        if (!replayed) log::write(log::Level::warning, "parked_not_bound", {{"code", replayed.error().code}});
    }
}

asio::awaitable<std::string> CallbackIntake::bind_parked(std::string after) {
    constexpr int kMost = 200;
    auto find = [after = std::move(after)](postgres::Desk& desk) {
        return desk.read().parked_keys(after, kMost);
    };
    const auto keys = co_await context_.queries.run(std::move(find));
    if (!keys) {
        log::write(log::Level::warning, "parked_not_read", {{"code", keys.error().code}});
        co_return std::string();
    }
    for (const auto& key : *keys) co_await bind_number(key);
    co_return keys->size() < static_cast<std::size_t>(kMost) ? std::string() : keys->back();
}

}  // namespace returngate::api
