// policy.toml: every number of the rule book, with the same defaults as src/returns/policy.hpp.
#include <algorithm>

#include "gateway/configuration.hpp"

namespace returngate::configuration {
namespace {

constexpr Range kHours{1, 24 * 365};
constexpr Range kDays{1, 365};
constexpr Range kFen{0, 100'000'000};
constexpr Range kSeconds{1, 7 * 86400};

void read_line(TomlTable table, Policy& policy) {
    for (std::size_t stars = 1; stars < policy.line_by_stars.size(); ++stars) {
        Fen& line = policy.line_by_stars.at(stars);
        line = table.integer("stars_" + std::to_string(stars), line, kFen);
    }
    policy.reservation =
        std::chrono::hours(table.integer("reservation_hours", policy.reservation.count(), {0, 24 * 365}));
    table.refuse_the_rest();
}

ConfirmByQuery read_confirm(TomlTable& table, ConfirmByQuery fallback) {
    const std::string word = table.text("confirm_by_query", "");
    if (word.empty()) return fallback;
    if (word == "unsigned") return ConfirmByQuery::unsigned_only;
    if (word == "weak") return ConfirmByQuery::weak;
    if (word == "always") return ConfirmByQuery::always;
    table.fault("confirm_by_query", "is to be unsigned, weak or always");
    return fallback;
}

void read_advance(TomlTable table, Policy& policy) {
    policy.confirm_by_query = read_confirm(table, policy.confirm_by_query);
    policy.weak_limit_fen = table.integer("weak_limit_fen", policy.weak_limit_fen, kFen);
    std::vector<std::int64_t> waits;
    for (const auto wait : policy.confirm_after) waits.push_back(wait.count());
    waits = table.integers("confirm_after_ms", waits, {1, 600'000});
    if (waits.size() == policy.confirm_after.size()) {
        std::ranges::transform(waits, policy.confirm_after.begin(),
                               [](std::int64_t ms) { return std::chrono::milliseconds(ms); });
    } else {
        table.fault("confirm_after_ms", "is to have four values");
    }
    policy.clock_skew =
        std::chrono::seconds(table.integer("clock_skew_seconds", policy.clock_skew.count(), {0, 3600}));
    policy.confirm_poll =
        std::chrono::seconds(table.integer("confirm_poll_seconds", policy.confirm_poll.count(), kSeconds));
    table.refuse_the_rest();
}

void read_pickup(TomlTable table, PickupHours& pickup) {
    pickup.opens = table.time_of_day("open", pickup.opens);
    pickup.closes = table.time_of_day("close", pickup.closes);
    if (pickup.opens >= pickup.closes) table.fault("close", "is to be later than open");
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(pickup.slot_length).count();
    pickup.slot_length = std::chrono::hours(table.integer("slot_hours", hours, {1, 12}));
    pickup.days_ahead = static_cast<int>(table.integer("days_ahead", pickup.days_ahead, {0, 14}));
    pickup.shown_for =
        std::chrono::minutes(table.integer("shown_for_minutes", pickup.shown_for.count(), {0, 60}));
    table.refuse_the_rest();
}

void read_clocks(TomlTable table, Clocks& clocks) {
    using std::chrono::hours;
    using std::chrono::seconds;
    const auto days = [&](std::string_view key, hours fallback) {
        return hours(24 * table.integer(key, fallback.count() / 24, kDays));
    };
    const auto as_seconds = [&](std::string_view key, seconds fallback) {
        return seconds(table.integer(key, fallback.count(), kSeconds));
    };
    clocks.seller_answers_application = hours(
        table.integer("seller_answers_application_hours", clocks.seller_answers_application.count(), kHours));
    clocks.buyer_answers_offer =
        hours(table.integer("buyer_answers_offer_hours", clocks.buyer_answers_offer.count(), kHours));
    clocks.buyer_ships = days("buyer_ships_days", clocks.buyer_ships);
    clocks.courier_accepts = as_seconds("courier_accepts_seconds", clocks.courier_accepts);
    clocks.courier_at_door = as_seconds("courier_at_door_seconds", clocks.courier_at_door);
    clocks.door_grace = as_seconds("door_grace_seconds", clocks.door_grace);
    clocks.self_shipped_collected =
        hours(table.integer("self_shipped_collected_hours", clocks.self_shipped_collected.count(), kHours));
    clocks.buyer_repays = days("buyer_repays_days", clocks.buyer_repays);
    clocks.customer_service_days = static_cast<int>(
        table.integer("customer_service_working_days", clocks.customer_service_days, {1, 30}));
    clocks.seller_confirms_receipt = days("seller_confirms_receipt_days", clocks.seller_confirms_receipt);
    clocks.appeal_within = days("appeal_within_days", clocks.appeal_within);
    clocks.appeal_days = static_cast<int>(table.integer("appeal_working_days", clocks.appeal_days, {1, 60}));
    clocks.advance_pays = std::chrono::milliseconds(
        table.integer("advance_pays_ms", clocks.advance_pays.count(), {1, 600'000}));
    table.refuse_the_rest();
}

void read_broker(TomlTable table, CourierRules& rules) {
    const auto points = [&](std::string_view key, int& value, Range range) {
        value = static_cast<int>(table.integer(key, value, range));
    };
    rules.record = std::chrono::hours(table.integer("record_hours", rules.record.count(), {1, 24 * 7}));
    points("enough_bookings", rules.weights.enough, {1, 100'000});
    points("refusal_points", rules.weights.refusals, {0, 10'000});
    points("lateness_points", rules.weights.lateness, {0, 10'000});
    points("fee_points_per_yuan", rules.weights.fee_per_yuan, {0, 1000});
    points("full_points", rules.weights.full, {0, 10'000});
    rules.stand_back =
        std::chrono::minutes(table.integer("stand_back_minutes", rules.stand_back.count(), {0, 24 * 60}));
    rules.distrust =
        std::chrono::hours(table.integer("distrust_hours", rules.distrust.count(), {0, 24 * 30}));
    table.refuse_the_rest();
}

void read_silence(TomlTable table, Silence& silence) {
    using std::chrono::hours;
    using std::chrono::minutes;
    silence.carriage = hours(table.integer("carriage_hours", silence.carriage.count(), kHours));
    silence.poll = minutes(table.integer("poll_minutes", silence.poll.count(), {1, 7 * 1440}));
    silence.door_poll = minutes(table.integer("door_poll_minutes", silence.door_poll.count(), {1, 1440}));
    silence.give_up = hours(table.integer("give_up_hours", silence.give_up.count(), kHours));
    table.refuse_the_rest();
}

void read_scope(TomlTable table, Scope& scope) {
    scope.reasons = table.texts("reasons", scope.reasons);
    scope.categories = table.texts("categories", scope.categories);
    scope.pilot_sellers_only = table.boolean("pilot_sellers_only", scope.pilot_sellers_only);
    scope.excluded_trade_kinds = table.texts("excluded_trade_kinds", scope.excluded_trade_kinds);
    scope.excluded_sellers = table.texts("excluded_sellers", scope.excluded_sellers);
    scope.excluded_items = table.texts("excluded_items", scope.excluded_items);
    table.refuse_the_rest();
}

void read_trust(TomlTable table, TrustLimits& limits) {
    const auto figure = [&](std::string_view key, std::int32_t& limit, Range range) {
        limit = static_cast<std::int32_t>(table.integer(key, limit, range));
    };
    figure("refund_rate_bp", limits.refund_rate_bp, {0, 10'000});
    figure("complaints", limits.complaints, {0, 1'000'000});
    figure("dispute_rate_bp", limits.dispute_rate_bp, {0, 10'000});
    limits.selected_only = table.boolean("selected_only", limits.selected_only);
    table.refuse_the_rest();
}

void read_rating(TomlTable table, RatingRules& rules) {
    const auto count = [&](std::string_view key, int& value, Range range) {
        value = static_cast<int>(table.integer(key, value, range));
    };
    count("most_stars", rules.most_stars, {1, 5});
    count("enough_orders", rules.enough_orders, {1, 1000});
    count("refund_rate_bp_per_star", rules.refund_rate_bp_per_star, {1, 10'001});
    count("dispute_rate_bp_per_star", rules.dispute_rate_bp_per_star, {1, 10'001});
    count("complaints_per_star", rules.complaints_per_star, {1, 1000});
    count("disputes_lost_per_star", rules.disputes_lost_per_star, {1, 1000});
    rules.window = std::chrono::days(table.integer("days", rules.window.count(), kDays));
    rules.snapshot = std::chrono::days(table.integer("snapshot_days", rules.snapshot.count(), kDays));
    table.refuse_the_rest();
}

void read_penalties(TomlTable table, PenaltyRules& rules) {
    const auto steps = [&](std::string_view key, int& value) {
        value = static_cast<int>(table.integer(key, value, {0, 3}));
    };
    steps("changed_mind_steps", rules.changed_mind_steps);
    steps("dispute_lost_steps", rules.dispute_lost_steps);
    steps("false_waybill_steps", rules.false_waybill_steps);
    steps("unpaid_clawback_steps", rules.unpaid_clawback_steps);
    rules.restricted_line_fen = table.integer("restricted_line_fen", rules.restricted_line_fen, kFen);
    rules.rating_cut_stars =
        static_cast<int>(table.integer("rating_cut_stars", rules.rating_cut_stars, {1, 4}));
    table.refuse_the_rest();
}

void read_self_shipped(TomlTable table, SelfShipped& rules) {
    rules.min_stars = static_cast<int>(table.integer("min_stars", rules.min_stars, {1, 5}));
    rules.poll = std::chrono::seconds(table.integer("poll_seconds", rules.poll.count(), {60, 86400}));
    table.refuse_the_rest();
}

void read_typed_numbers(TomlTable table, TypedNumbers& limits) {
    const auto memory = [&](std::string_view key, std::chrono::hours& within) {
        within = std::chrono::hours(table.integer(key, within.count(), kHours));
    };
    limits.neighbour_distance =
        static_cast<int>(table.integer("neighbour_distance", limits.neighbour_distance, {0, 50}));
    memory("buyer_memory_hours", limits.buyer_memory);
    memory("seller_memory_hours", limits.seller_memory);
    table.refuse_the_rest();
}

void read_unshipped(TomlTable table, Unshipped& rules) {
    rules.min_stars = static_cast<int>(table.integer("min_stars", rules.min_stars, {1, 5}));
    rules.below_fen = table.integer("below_fen", rules.below_fen, kFen);
    rules.excluded_categories = table.texts("excluded_categories", rules.excluded_categories);
    rules.trace_every =
        std::chrono::hours(table.integer("trace_every_hours", rules.trace_every.count(), {1, 24 * 30}));
    rules.traces = static_cast<int>(table.integer("traces", rules.traces, {1, 100}));
    table.refuse_the_rest();
}

void read_negotiation(TomlTable table, Negotiation& rules) {
    rules.superior_above_fen = table.integer("superior_above_fen", rules.superior_above_fen, kFen);
    rules.postage_at_most_fen = table.integer("postage_at_most_fen", rules.postage_at_most_fen, kFen);
    table.refuse_the_rest();
}

void read_calendar(TomlTable table, Calendar& calendar) {
    calendar.holidays = table.dates("holidays");
    calendar.worked_weekends = table.dates("worked_weekends");
    table.refuse_the_rest();
}

void read_reconcile(TomlTable table, reconcile::Ages& ages) {
    const auto hours = [&](std::string_view key, Duration& age) {
        const auto fallback = std::chrono::duration_cast<std::chrono::hours>(age);
        age = std::chrono::hours(table.integer(key, fallback.count(), kHours));
    };
    hours("paid_hours", ages.paid);
    hours("in_statement_hours", ages.in_statement);
    hours("delivered_hours", ages.delivered);
    hours("received_hours", ages.received);
    hours("recovered_hours", ages.recovered);
    hours("advanced_hours", ages.advanced);
    table.refuse_the_rest();
}

}  // namespace

PolicyFile read_policy(TomlTable file) {
    PolicyFile read;
    Policy& policy = read.policy;
    TomlTable approval = file.table("approval");
    policy.min_stars = static_cast<int>(approval.integer("min_stars", policy.min_stars, {1, 5}));
    policy.within =
        std::chrono::hours(24 * approval.integer("within_days", policy.within.count() / 24, kDays));
    approval.refuse_the_rest();
    read_scope(file.table("scope"), policy.scope);
    read_trust(file.table("trust"), policy.trust);
    read_rating(file.table("rating"), policy.rating);
    read_penalties(file.table("penalties"), policy.penalties);
    read_self_shipped(file.table("self_shipped"), policy.self_shipped);
    read_typed_numbers(file.table("typed_numbers"), policy.typed_numbers);
    read_unshipped(file.table("unshipped"), policy.unshipped);
    read_negotiation(file.table("negotiation"), policy.negotiation);
    read_calendar(file.table("calendar"), policy.calendar);
    read_line(file.table("line"), policy);
    read_advance(file.table("advance"), policy);
    read_pickup(file.table("pickup"), policy.pickup);
    read_clocks(file.table("clocks"), policy.clocks);
    read_broker(file.table("broker"), policy.broker);
    read_silence(file.table("silence"), policy.silence);
    read_reconcile(file.table("reconcile"), read.reconcile);
    file.refuse_the_rest();
    return read;
}

Result<PolicyFile> parse_policy(std::string_view text, const std::string& name) {
    Faults faults;
    auto read = read_policy(TomlTable::from_text(text, name, faults));
    if (!faults.empty()) return fail(ErrorKind::invalid, "policy", joined(faults));
    return read;
}

}  // namespace returngate::configuration
