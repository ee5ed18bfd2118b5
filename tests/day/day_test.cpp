// A whole day with everything going wrong: nobody is paid twice, the books balance, no line is exceeded, no
// pickup is left without an end or a clock, and every one can be told in words. RETURNGATE_DAY_RETURNS makes
// it a bigger day.
#include "tests/day/day.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

#include "adapters/postgres/json_texts.hpp"
#include "gateway/api/timeline_words.hpp"

namespace returngate::test {
namespace {

int returns_of_a_day() {
    const char* wanted = std::getenv("RETURNGATE_DAY_RETURNS");
    return wanted == nullptr ? 1200 : std::atoi(wanted);
}

bool is_advanced(const store::CaseRows& rows) {
    return rows.advance && rows.advance->state != AdvanceState::reversed;
}

void expect_every_fault_happened(const Day& day) {
    for (const auto& [name, count] : day.counts) std::cout << "  " << count << "  " << name << "\n";
    std::cout << "  " << day.tables.cases.size() << "  returns, " << day.events << " events\n";
    for (const char* fault : {"late callbacks",
                              "duplicate callbacks",
                              "callbacks in the wrong order",
                              "lost answers",
                              "lost questions",
                              "replaced numbers",
                              "calls to a dead courier",
                              "stopped by a breaker",
                              "early pushes",
                              "silent parcels",
                              "forgotten bookings",
                              "bookings given up by the courier",
                              "refused bookings",
                              "acceptances after five minutes",
                              "pickups after the promise",
                              "callbacks that never came",
                              "callbacks sent again",
                              "lost payout answers",
                              "lost payout questions",
                              "payouts asked about",
                              "commits that somebody outran",
                              "commits without a database",
                              "commits whose answer was lost",
                              "invented numbers typed in",
                              "pickups that the buyer cancels",
                              "pickups that the buyer moves"}) {
        EXPECT_GT(day.counts.contains(fault) ? day.counts.at(fault) : 0, 0) << fault;
    }
    EXPECT_FALSE(day.counts.contains("calls that the courier did not understand"));
    EXPECT_FALSE(day.counts.contains("callbacks refused"));
    EXPECT_FALSE(day.counts.contains("callbacks quarantined"));
    EXPECT_FALSE(day.counts.contains("money halted"));
    EXPECT_EQ(day.counts.at("violated constraints"), 0);
}

void expect_all_couriers_carry(const Day& day) {
    for (const auto& terms : day.policy.couriers) {
        const auto calls = day.counts.find("calls to " + terms.code.value);
        EXPECT_TRUE(calls != day.counts.end() && calls->second > 10) << terms.code.value;
    }
}

void expect_nobody_is_paid_twice(const Day& day) {
    std::size_t known = 0;
    for (const auto& [id, rows] : day.tables.cases) {
        Fen goods_fen = 0;
        const auto expect_paid = [&](const std::string& key, Fen amount_fen, bool is_paid, bool is_waiting) {
            const auto payout = day.payouts.find(key);
            if (is_paid) {
                ASSERT_NE(payout, day.payouts.end()) << key;
            }
            if (payout == day.payouts.end()) return;
            ++known;
            EXPECT_TRUE(is_paid || is_waiting) << key;
            EXPECT_EQ(payout->second.executions, 1);
            EXPECT_EQ(payout->second.amount_fen, amount_fen);
            EXPECT_EQ(payout->second.payee, "payer-of-" + rows.case_.order.value);
            goods_fen += amount_fen;
        };
        if (rows.advance) {
            const auto& advance = *rows.advance;
            expect_paid(advance.provider_key(), advance.amount_fen,
                        advance.state >= AdvanceState::paid && advance.state != AdvanceState::reversed,
                        advance.state == AdvanceState::committed);
        }
        for (const auto& refund : rows.refunds) {
            expect_paid(refund.provider_key(), refund.amount_fen, refund.state == RefundState::paid,
                        refund.state == RefundState::committed);
        }
        EXPECT_LE(goods_fen, rows.case_.amount_fen) << to_string(id);
    }
    EXPECT_EQ(known, day.payouts.size()) << "the provider paid what no case knows of";
    EXPECT_GT(known, day.tables.cases.size() / 4);
}

void expect_books_balance_within_the_lines(const Day& day) {
    std::map<ledger::Account, Fen> balances;
    for (const auto& row : day.tables.transfers) {
        balances[row.transfer.debit] += row.transfer.amount_fen;
        balances[row.transfer.credit] -= row.transfer.amount_fen;
    }
    Fen sum = 0;
    for (const auto& [account, balance] : balances) sum += balance;
    EXPECT_EQ(sum, 0);
    Fen receivable = 0;
    Fen in_transit = 0;
    Fen refunded = 0;
    std::map<BuyerId, Fen> held;
    std::map<BuyerId, Fen> open;
    for (const auto& [id, rows] : day.tables.cases) {
        held[rows.case_.buyer] += rows.case_.held_fen;
        if (is_advanced(rows)) {
            const Fen owed_fen = rows.advance->amount_fen - rows.advance->recovered_fen;
            receivable += owed_fen;
            open[rows.case_.buyer] += owed_fen;
            if (rows.advance->state == AdvanceState::committed) in_transit -= rows.advance->amount_fen;
        }
        for (const auto& refund : rows.refunds) {
            if (refund.state != RefundState::rejected) refunded += refund.amount_fen;
            if (refund.state == RefundState::committed) in_transit -= refund.amount_fen;
        }
    }
    EXPECT_EQ(balances[ledger::Account::advances_receivable], receivable);
    EXPECT_EQ(balances[ledger::Account::payouts_in_transit], in_transit);
    EXPECT_EQ(balances[ledger::Account::refunds_receivable], refunded);
    for (const auto& [buyer, line] : day.tables.lines) {
        EXPECT_LE(line.held_fen + line.open_fen, line.bound_fen) << buyer.value;
        EXPECT_EQ(line.held_fen, held[buyer]) << buyer.value;
        EXPECT_EQ(line.open_fen, open[buyer]) << buyer.value;
    }
}

void expect_advances_were_due(const Day& day) {
    int advances = 0;
    for (const auto& [id, rows] : day.tables.cases) {
        for (const auto& booking : rows.bookings) {
            if (booking.waybill.empty()) continue;
            const auto claim =
                day.tables.claims.find({std::string(booking.number_courier()), booking.waybill});
            ASSERT_NE(claim, day.tables.claims.end()) << booking.waybill;
            EXPECT_EQ(claim->second.owner, id) << booking.waybill;
        }
        if (!rows.advance) continue;
        ++advances;
        const auto booking = std::ranges::find(rows.bookings, rows.advance->booking, &Booking::reference);
        ASSERT_NE(booking, rows.bookings.end());
        EXPECT_EQ(booking->waybill, rows.advance->waybill);
        EXPECT_TRUE(booking->confirmed_at);
        EXPECT_TRUE(booking->is_self_shipped() || booking->milestones.collected_at());
    }
    EXPECT_GT(advances, static_cast<int>(day.tables.cases.size()) / 4);
}

// --- pickups --------------------------------------------------------------------------------------

std::string job_kinds_of(const Day& day, const ReturnId& id) {
    std::string kinds;
    for (const auto& [name, job] : day.tables.jobs) {
        if (std::get<0>(name) == id) kinds.append(to_string(job.key.kind)).append(" ");
    }
    return kinds;
}

bool has_live_clock(const Day& day, const store::CaseRows& rows, const Booking& booking) {
    const auto has = [&](JobKind kind, const std::string& subject) {
        return day.tables.jobs.contains({rows.case_.id, kind, subject});
    };
    return has(JobKind::accept_deadline, booking.reference.value) ||
           has(JobKind::door_give_up, booking.reference.value) ||
           has(JobKind::door_deadline, to_string(rows.case_.pickup->id));
}

void expect_every_pickup_ends_or_has_a_clock(const Day& day) {
    std::map<PickupStatus, int> ends;
    for (const auto& [id, rows] : day.tables.cases) {
        if (!rows.case_.pickup) continue;
        ++ends[rows.case_.pickup->status];
        const auto live = std::ranges::count_if(rows.bookings, [](const Booking& booking) {
            return is_live(booking.status) && !booking.is_self_shipped();
        });
        EXPECT_EQ(live, is_live(rows.case_.pickup->status) ? 1 : 0) << to_string(id);
        for (const auto& booking : rows.bookings) {
            if (!is_live(booking.status) || booking.is_self_shipped()) continue;
            EXPECT_TRUE(booking.status == BookingStatus::collected || has_live_clock(day, rows, booking))
                << to_string(id) << " " << to_string(booking.status) << ": " << job_kinds_of(day, id);
        }
    }
    for (const auto& [status, count] : ends) std::cout << "  " << count << "  " << to_string(status) << "\n";
    EXPECT_GT(ends[PickupStatus::collected], 10 * ends[PickupStatus::unserved]);
    EXPECT_GT(ends[PickupStatus::cancelled], 0);
}

// The last word on a pickup, by what it came to.
bool explains(const Day& day, const ReturnCase& return_case) {
    const auto& told = day.tables.timelines.at(return_case.id);
    const auto says = [&](std::string_view type) {
        return std::ranges::any_of(told,
                                   [&](const TimelineEntry& entry) { return entry.event.type == type; });
    };
    switch (return_case.pickup->status) {
        case PickupStatus::brokering: return says("pickup.booked") || says("pickup.rebrokered");
        case PickupStatus::booked: return says("pickup.accepted");
        case PickupStatus::collected: return says("pickup.collected");
        case PickupStatus::unserved: return says("pickup.unserved");
        case PickupStatus::cancelled: return says("pickup.cancelled");
    }
    return false;
}

void expect_every_pickup_is_told_in_words(const Day& day) {
    for (const auto& [id, rows] : day.tables.cases) {
        if (rows.case_.pickup) {
            EXPECT_TRUE(explains(day, rows.case_))
                << to_string(id) << " " << to_string(rows.case_.pickup->status);
        }
        for (const auto& entry : day.tables.timelines.at(id)) {
            const auto facts = json::parse(postgres::events_json({entry.event})).value();
            for (const auto language : {api::Language::en, api::Language::zh_cn}) {
                const auto words = api::event_words(language, entry.event.type, facts.items()[0]["data"]);
                EXPECT_FALSE(words.empty()) << entry.event.type;
                EXPECT_EQ(words.find('{'), std::string::npos) << words;
            }
        }
    }
}

TEST(ADayOfTraffic, EndsWithAllInvariantsHoldingAndEveryPickupExplained) {
    const auto day = live_a_day({.seed = 20261122, .returns = returns_of_a_day()});
    expect_every_fault_happened(*day);
    expect_all_couriers_carry(*day);
    expect_nobody_is_paid_twice(*day);
    expect_books_balance_within_the_lines(*day);
    expect_advances_were_due(*day);
    expect_every_pickup_ends_or_has_a_clock(*day);
    expect_every_pickup_is_told_in_words(*day);
}

TEST(ADayOfTraffic, IsTheSameDayForTheSameSeed) {
    const auto once = live_a_day({.seed = 7, .returns = 60});
    const auto again = live_a_day({.seed = 7, .returns = 60});
    EXPECT_EQ(once->fingerprint, again->fingerprint);
    EXPECT_EQ(once->counts, again->counts);
    EXPECT_NE(once->fingerprint, live_a_day({.seed = 8, .returns = 60})->fingerprint);
}

}  // namespace
}  // namespace returngate::test
