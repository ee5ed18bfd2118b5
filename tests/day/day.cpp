// The gateway of that day: the real committer, the real calls to couriers and provider, the real timers;
// leased from jobs in memory, and with the callbacks' door in short.
#include "tests/day/day.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/spdlog.h>

#include "adapters/courier/registry.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/payout/sandbox/sandbox.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/work/calls.hpp"
#include "tests/day/outside.hpp"
#include "tests/support/builders.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class VirtualClock final : public Clock {
public:
    explicit VirtualClock(const Agenda& agenda) : agenda_(agenda) {}
    [[nodiscard]] Instant now() const override { return agenda_.now; }

private:
    const Agenda& agenda_;
};

class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : chance_(seed) {}
    [[nodiscard]] std::array<std::uint8_t, 16> bytes() override {
        std::array<std::uint8_t, 16> drawn{};
        for (auto& byte : drawn) byte = static_cast<std::uint8_t>(chance_.below(256));
        return drawn;
    }

private:
    Chance chance_;
};

// Answers at once; when the caller gets to see the answer is the agenda's matter.
class ClientInside final : public http::Client {
public:
    explicit ClientInside(Outside& outside) : outside_(outside) {}
    asio::awaitable<Result<http::Response>> send(http::Origin origin, http::Request request,
                                                 std::chrono::steady_clock::time_point) override {
        auto answer = outside_.call(origin.host, request, latency);
        co_return answer;
    }
    Duration latency{};

private:
    Outside& outside_;
};

// The real breakers keep the machine's time; the day's own are in Outside.
work::BreakerRules never_open() {
    constexpr int kNever = 1 << 30;
    return {.failures_in_a_row = kNever, .failure_share = 2, .sample = kNever, .hanging = kNever};
}

Policy policy_with(const std::vector<CourierOptions>& contracts) {
    Policy policy;
    for (const auto& contract : contracts) {
        const auto& profile = courier::find_courier(contract.code.value)->profile();
        CourierTerms terms;
        terms.code = contract.code;
        terms.accepts_by_answer = profile.acceptance == courier::Acceptance::by_answer;
        terms.finds_by_reference = profile.lost_answer == courier::LostAnswer::find_by_reference;
        terms.moves_bookings = profile.can(courier::Operation::move);
        terms.repeats_reference = profile.lost_answer == courier::LostAnswer::repeat_same_reference;
        for (const auto wait : profile.callback_retries) terms.last_push += wait;
        policy.couriers.push_back(terms);
    }
    return policy;
}

template <class IdType>
IdType an_id_of(const BuyerId& buyer, int number, std::uint8_t kind) {
    IdType id;
    id.bytes[0] = cell_of(buyer.value);
    id.bytes[1] = kind;
    for (std::size_t i = 0; i < 4; ++i) id.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return id;
}

class GatewayOfTheDay {
public:
    GatewayOfTheDay(const DayOptions& options, Day& day);
    void live();

private:
    struct Buyer {
        BuyerId id;
        ReturnId return_id;
        int number = 0;
    };

    [[nodiscard]] CommitFault draw_commit_fault();
    [[nodiscard]] pipeline::Surroundings surroundings();
    Result<pipeline::Committed> submit(pipeline::Submission submission);
    Result<pipeline::Committed> tell(Command command);
    // A person who gets no answer asks again.
    void insist(Command command);

    void plan_return(int number);
    void apply(const Buyer& buyer, bool with_pickup);
    void ship_oneself(const Buyer& buyer);
    void after_delivery(const std::string& reference);

    bool take_callback(const std::string& code, const http::Request& request);
    bool bind(const CourierOptions& contract, Proof proof, const http::Request& request,
              std::vector<TrackingEvent> events);
    [[nodiscard]] std::optional<BookingReference> booking_of(const ClaimKey& key) const;

    void lease(const Tables::JobName& name);
    [[nodiscard]] postgres::LeasedJob leased(const StoredJob& job) const;
    [[nodiscard]] asio::awaitable<std::optional<Command>> carry_out(postgres::LeasedJob job);
    void run(postgres::LeasedJob job);

    const DayOptions options_;
    Day& day_;
    Chance chance_;
    SeededRandom random_;
    Agenda agenda_{at("07:00")};
    VirtualClock clock_{agenda_};
    Outside outside_;
    Configuration configuration_;
    std::vector<std::shared_ptr<const Policy>> policies_;  // another courier first in each
    pipeline::PipelineOptions pipeline_options_{.committers = 1, .batch = 1};
    pipeline::Hooks hooks_;
    pipeline::Counters counters_;
    std::function<pipeline::Surroundings(Instant)> surroundings_;
    std::unique_ptr<pipeline::Committer> committer_;
    // What the calls are given and do not use: their commands are submitted by us.
    std::unique_ptr<pipeline::CommitPipeline> unused_;
    std::unique_ptr<payout::Provider> provider_ = payout::make_sandbox_provider({});
    work::Breakers breakers_{never_open()};
    std::unique_ptr<work::WorkersContext> around_;
    ClientInside client_{outside_};
    std::function<void(std::string)> halt_;
    std::atomic<std::size_t> submitting_{0};
    std::atomic<bool> closing_{false};
    work::QuestionBudget questions_;
    work::RetryBudget retries_;
    asio::io_context io_{1};
    bool is_healed_ = false;
};

GatewayOfTheDay::GatewayOfTheDay(const DayOptions& options, Day& day)
    : options_(options),
      day_(day),
      chance_(options.seed),
      random_(options.seed + 1),
      outside_(agenda_, chance_, day) {
    spdlog::set_level(spdlog::level::off);
    configuration_.couriers = outside_.contracts();
    configuration_.payout.base_url = "http://provider.test";
    day_.policy = policy_with(outside_.contracts());
    for (std::size_t first = 0; first < day_.policy.couriers.size(); ++first) {
        Policy policy = day_.policy;
        policy.couriers[first].priority = 1;
        policies_.push_back(std::make_shared<const Policy>(std::move(policy)));
    }
    surroundings_ = [this](Instant) { return surroundings(); };
    auto store = make_memory_store(day_.tables, [this] { return draw_commit_fault(); });
    committer_ = std::make_unique<pipeline::Committer>(pipeline_options_, clock_, std::move(store),
                                                       surroundings_, hooks_, counters_);
    unused_ = std::make_unique<pipeline::CommitPipeline>(
        pipeline_options_, clock_,
        [this] { return make_memory_store(day_.tables, [] { return CommitFault::none; }); }, surroundings_,
        hooks_);
    around_ = std::make_unique<work::WorkersContext>(
        work::WorkersContext{configuration_, *provider_, clock_, random_, *unused_, breakers_, {}});
    halt_ = [this](const std::string&) { ++day_.counts["money halted"]; };
    outside_.on_callback([this](const std::string& code, const http::Request& request) {
        return take_callback(code, request);
    });
    outside_.on_delivery([this](const std::string& reference) { after_delivery(reference); });
}

pipeline::Surroundings GatewayOfTheDay::surroundings() {
    const auto minute = std::chrono::floor<std::chrono::minutes>(agenda_.now).time_since_epoch().count();
    return {policies_[static_cast<std::size_t>(minute) % policies_.size()], outside_.open_breakers()};
}

CommitFault GatewayOfTheDay::draw_commit_fault() {
    if (is_healed_) return CommitFault::none;
    constexpr std::array kFaults{CommitFault::stale, CommitFault::unavailable, CommitFault::answer_lost};
    constexpr std::array kNames{"commits that somebody outran", "commits without a database",
                                "commits whose answer was lost"};
    const auto drawn = chance_.below(300);
    if (drawn >= kFaults.size()) return CommitFault::none;
    ++day_.counts[kNames.at(drawn)];
    return kFaults.at(drawn);
}

Result<pipeline::Committed> GatewayOfTheDay::submit(pipeline::Submission submission) {
    submission.seed = random_.bytes();
    ++day_.counts[std::string(name_of(submission.command))];
    Result<pipeline::Committed> outcome;
    pipeline::Item item;
    item.submission = std::move(submission);
    item.done = [&](Result<pipeline::Committed> done) { outcome = std::move(done); };
    committer_->process({&item, 1});
    return outcome;
}

Result<pipeline::Committed> GatewayOfTheDay::tell(Command command) {
    pipeline::Submission submission;
    submission.command = std::move(command);
    submission.received_at = agenda_.now;
    return submit(std::move(submission));
}

void GatewayOfTheDay::insist(Command command) {
    const auto done = tell(command);
    if (done || done.error().kind != ErrorKind::unavailable) return;
    agenda_.in(1min, [this, command = std::move(command)] { insist(command); });
}

// --- buyers and sellers ---------------------------------------------------------------------------

void GatewayOfTheDay::plan_return(int number) {
    Buyer buyer;
    buyer.id = BuyerId{"buyer-" + std::to_string(number % (1 + options_.returns * 2 / 3))};
    buyer.number = number;
    buyer.return_id = an_id_of<ReturnId>(buyer.id, number, 1);
    const Fen amount_fen = 1000 + static_cast<Fen>(chance_.below(60'000));
    agenda_.in(0s, [this, buyer, amount_fen] {
        Order order = an_order(amount_fen);
        order.id = OrderId{"order-" + std::to_string(buyer.number)};
        order.buyer = buyer.id;
        order.payee = an_id_of<ContactId>(buyer.id, buyer.number, 4);
        order.version = 0;
        insist(PutOrder{order});
        insist(SetTrust{buyer.id, 3 + static_cast<int>(chance_.below(3)), std::nullopt});
    });
    // Some ask before nine, when no courier can be had.
    const bool with_pickup = !chance_.one_in(8);
    agenda_.in(chance_.between(90min, 12h), [this, buyer, with_pickup] { apply(buyer, with_pickup); });
}

void GatewayOfTheDay::apply(const Buyer& buyer, bool with_pickup) {
    ApplyForReturn application = an_application();
    application.id = buyer.return_id;
    application.buyer = buyer.id;
    application.order = OrderId{"order-" + std::to_string(buyer.number)};
    application.after_sale = AfterSaleId{"after-sale-" + std::to_string(buyer.number)};
    const PickupRequest request{an_id_of<PickupId>(buyer.id, buyer.number, 2), std::nullopt,
                                an_id_of<ContactId>(buyer.id, buyer.number, 3)};
    if (with_pickup) application.pickup = request;
    insist(application);
    if (!with_pickup) return agenda_.in(chance_.between(5min, 2h), [this, buyer] { ship_oneself(buyer); });
    // Refused for the hour: booked when it opens.
    if (agenda_.now < at("09:00")) {
        agenda_.at(at("09:00") + chance_.between(1s, 10min), [this, id = buyer.return_id, request] {
            insist(BookPickup{id, request});
        });
    }
    if (chance_.one_in(25)) {
        ++day_.counts["pickups that the buyer cancels"];
        agenda_.in(chance_.between(1min, 40min), [this, id = buyer.return_id] { insist(CancelPickup{id}); });
    } else if (chance_.one_in(25)) {
        ++day_.counts["pickups that the buyer moves"];
        agenda_.in(chance_.between(1min, 20min), [this, id = buyer.return_id] {
            insist(ReschedulePickup{id, Window{at("17:00"), at("19:00")}});
        });
    }
}

void GatewayOfTheDay::ship_oneself(const Buyer& buyer) {
    constexpr std::array kCouriers{"SF", "EMS", "YTO", "JT", "ZTO"};
    const std::string courier = kCouriers.at(chance_.below(kCouriers.size()));
    std::string number = outside_.take_parcel(courier, "SELF" + std::to_string(buyer.number));
    // A number derived from somebody's real one, or the same once more.
    if (chance_.one_in(6) && !day_.tables.claims.empty()) {
        ++day_.counts["invented numbers typed in"];
        number = day_.tables.claims.begin()->first.second;
    }
    insist(ShipYourself{buyer.return_id, CourierCode{courier}, number});
}

void GatewayOfTheDay::after_delivery(const std::string& reference) {
    const auto found = day_.tables.by_booking.find(reference);
    if (found == day_.tables.by_booking.end()) return;
    const ReturnId id = found->second;
    const bool confirms = !chance_.one_in(12);
    agenda_.in(chance_.between(30min, 3h), [this, id, confirms] {
        insist(ConfirmReceipt{id, kSeller, confirms, confirms ? "" : "see the film", {{"film-1"}}, ""});
    });
    agenda_.in(4h, [this, id] {
        const auto& advance = day_.tables.cases.at(id).advance;
        if (advance && advance->state == AdvanceState::paid && advance->owed_fen() > 0)
            insist(ReportRecovery{id, advance->owed_fen(), "escrow-" + to_string(id)});
    });
}

// --- what couriers report (the callbacks' door, gateway/api/callback_intake.cpp) -------------------

bool GatewayOfTheDay::take_callback(const std::string& code, const http::Request& request) {
    const CourierOptions* contract = configuration_.courier(code);
    const courier::Courier* courier = courier::find_courier(code);
    const courier::Push push{request, agenda_.now};
    const auto proof = courier->authenticate(contract->account, push);
    if (!proof) {
        ++day_.counts["callbacks refused"];
        return false;
    }
    auto events = courier->decode_push(contract->account, push);
    if (!events) {
        ++day_.counts["callbacks quarantined"];
        return true;
    }
    return bind(*contract, *proof, request, std::move(*events));
}

std::optional<BookingReference> GatewayOfTheDay::booking_of(const ClaimKey& key) const {
    const auto claim = day_.tables.claims.find({key.courier, key.number});
    if (claim == day_.tables.claims.end()) return std::nullopt;
    for (const auto& booking : day_.tables.cases.at(claim->second.owner).bookings) {
        if (booking.waybill == key.number) return booking.reference;
    }
    return std::nullopt;
}

bool GatewayOfTheDay::bind(const CourierOptions& contract, Proof proof, const http::Request& request,
                           std::vector<TrackingEvent> events) {
    const auto digest = crypto::sha256(request.body);
    bool is_taken = true;
    for (auto& event : events) {
        auto reference = event.booking_reference;
        if (!reference) {
            const auto key = event.waybill ? claim_key(contract.code.value, *event.waybill) : std::nullopt;
            if (key) reference = booking_of(*key);
        }
        if (!reference || !cell_of(*reference)) {  // its number is not known yet, or nobody's
            ++day_.counts["callbacks parked"];
            if (!is_healed_)
                agenda_.in(5min, [this, code = contract.code.value, request] {
                    (void)take_callback(code, request);
                });
            continue;
        }
        CourierReported report{contract.code, *reference, {event}, proof};
        pipeline::Submission submission;
        submission.received_at = agenda_.now;
        submission.inbox.push_back({{*cell_of(*reference), contract.code.value,
                                     event.dedupe_key + (event.repeats_with_new_values ? request.body : "")},
                                    {digest.begin(), digest.end()},
                                    proof,
                                    agenda_.now,
                                    request.body});
        submission.command = std::move(report);
        const auto done = submit(std::move(submission));
        if (!done && done.error().kind == ErrorKind::unavailable) is_taken = false;
    }
    return is_taken;
}

// --- jobs -----------------------------------------------------------------------------------------

postgres::LeasedJob GatewayOfTheDay::leased(const StoredJob& stored) const {
    const store::CaseRows& rows = day_.tables.cases.at(stored.key.return_id);
    postgres::LeasedJob job;
    job.key = stored.key;
    job.due_at = stored.due_at;
    job.attempt = stored.attempts;
    job.sender = Contact{{}, "pickup", "张三", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号", ""};
    job.recipient =
        Contact{{}, "return", "退货仓", "13900000000", "上海市", "上海市", "浦东新区", "世纪大道2号", ""};
    for (const auto& booking : rows.bookings) {
        if (booking.reference.value != stored.key.subject) continue;
        job.courier = booking.courier;
        job.number_courier = booking.number_courier();
        job.courier_key = booking.courier_key;
        job.waybill = booking.waybill;
        job.window = booking.window;
    }
    job.payee_reference = "payer-of-" + rows.case_.order.value;
    if (rows.advance) {
        job.advance = rows.advance->id;
        job.advance_state = rows.advance->state;
        job.amount_fen = rows.advance->amount_fen;
    }
    for (const auto& refund : rows.refunds) {
        if (refund.provider_key() != stored.key.subject) continue;
        job.refund_state = refund.state;
        job.amount_fen = refund.amount_fen;
    }
    return job;
}

asio::awaitable<std::optional<Command>> GatewayOfTheDay::carry_out(postgres::LeasedJob job) {
    const work::CallContext call{*around_, client_, halt_, submitting_, closing_, questions_, retries_};
    auto command = co_await work::command_of(call, std::move(job));
    co_return command;
}

void GatewayOfTheDay::run(postgres::LeasedJob job) {
    std::optional<Command> command;
    client_.latency = {};
    asio::co_spawn(io_, carry_out(std::move(job)),
                   [&](const std::exception_ptr& thrown, std::optional<Command> made) {
                       if (thrown) std::rethrow_exception(thrown);
                       command = std::move(made);
                   });
    io_.restart();
    io_.run();
    if (!command) return;
    agenda_.in(client_.latency, [this, command = std::move(*command)] { (void)tell(command); });
}

void GatewayOfTheDay::lease(const Tables::JobName& name) {
    const auto job = day_.tables.lease(name, agenda_.now + 30s);
    ++day_.counts["job " + std::string(to_string(job.key.kind))];
    run(leased(job));
}

void GatewayOfTheDay::live() {
    day_.tables.sellers.emplace(kSeller, a_seller());
    for (int number = 1; number <= options_.returns; ++number) plan_return(number);
    const Instant heals = agenda_.now + 22h;
    day_.end = agenda_.now + 24h;
    agenda_.at(heals, [this] {
        is_healed_ = true;
        outside_.heal();
    });
    const auto& tables = day_.tables;
    for (;;) {
        const Instant due = tables.has_jobs() ? tables.first_due()->first : Instant::max();
        const Instant next = std::min(due, agenda_.next());
        if (next > day_.end) break;
        ++day_.events;
        if (agenda_.next() <= due) {
            agenda_.run_next();
        } else {
            agenda_.now = std::max(agenda_.now, due);
            lease(tables.first_due()->second);
        }
    }
    day_.counts["violated constraints"] = static_cast<int>(counters_.violated.load());
}

std::uint64_t fingerprint_of(const Day& day) {
    constexpr std::uint64_t kPrime = 1099511628211U;
    std::uint64_t hash = 14695981039346656037U;
    const auto add = [&](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
    };
    for (const auto& [id, entries] : day.tables.timelines) {
        add(to_string(id));
        for (const auto& entry : entries) {
            add(entry.event.type);
            add(format_rfc3339(entry.at));
        }
    }
    return hash;
}

}  // namespace

std::unique_ptr<Day> live_a_day(const DayOptions& options) {
    auto day = std::make_unique<Day>();
    GatewayOfTheDay(options, *day).live();
    day->fingerprint = fingerprint_of(*day);
    return day;
}

}  // namespace returngate::test
