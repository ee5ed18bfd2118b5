// What must hold after every decision, whatever happened before: for walks through a case's life.
#pragma once

#include <gtest/gtest.h>

#include "src/returns/clawback.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {

inline bool is_same(const CaseEvent& a, const CaseEvent& b) {
    return a.type == b.type && a.facts == b.facts;
}
inline bool is_same(const JobChange& a, const JobChange& b) {
    return a.key == b.key && a.due_at == b.due_at;
}
inline bool is_same(const ledger::Transfer& a, const ledger::Transfer& b) {
    return a.debit == b.debit && a.credit == b.credit && a.amount_fen == b.amount_fen && a.reason == b.reason;
}
template <class Row>
inline bool is_same(const std::vector<Row>& a, const std::vector<Row>& b) {
    return std::ranges::equal(a, b, [](const Row& x, const Row& y) { return is_same(x, y); });
}

inline bool is_same(const CaseFile& a, const CaseFile& b) {
    return a.order == b.order && a.case_ == b.case_ && a.bookings == b.bookings && a.advance == b.advance &&
           a.refunds == b.refunds && a.line == b.line && a.rulings == b.rulings && a.trust == b.trust &&
           a.standing == b.standing;
}

inline bool is_same(const Result<Decision>& a, const Result<Decision>& b) {
    if (!a || !b) return !a && !b && a.error() == b.error();
    return is_same(a->after, b->after) && is_same(a->events, b->events) && is_same(a->jobs, b->jobs) &&
           is_same(a->transfers, b->transfers) && a->pickup_refusal == b->pickup_refusal &&
           a->application.has_value() == b->application.has_value();
}

inline void expect_line_is_sound(const Story& story) {
    const auto& line = story.file.line;
    const auto& return_case = story.file.case_;
    EXPECT_LE(line.held_fen + line.open_fen, line.bound_fen);
    EXPECT_GE(line.bound_fen, line.line_fen);
    EXPECT_TRUE(return_case.held_fen == 0 || return_case.held_fen == return_case.amount_fen);
    EXPECT_EQ(line.held_fen, return_case.held_fen);
    EXPECT_TRUE(return_case.held_fen == 0 || !is_over(return_case.status));
}

inline void expect_books_balance(const Story& story) {
    Fen receivable = 0;
    Fen in_transit = 0;
    if (const auto& advance = story.file.advance) {
        const bool is_reversed = advance->state == AdvanceState::reversed;
        receivable = is_reversed ? 0 : advance->amount_fen - advance->recovered_fen;
        if (advance->state == AdvanceState::committed) in_transit = -advance->amount_fen;
    }
    Fen refunded = 0;
    for (const auto& refund : story.file.refunds) {
        if (refund.state != RefundState::rejected) refunded += refund.amount_fen;
        if (refund.state == RefundState::committed) in_transit -= refund.amount_fen;
    }
    EXPECT_EQ(story.balance(ledger::Account::refunds_receivable), refunded);
    EXPECT_EQ(story.balance(ledger::Account::advances_receivable), receivable);
    EXPECT_EQ(story.balance(ledger::Account::payouts_in_transit), in_transit);
    EXPECT_EQ(story.file.line.open_fen, receivable);
}

// All that the buyer ever paid back.
inline Fen repaid_fen(const Story& story) {
    Fen sum = 0;
    for (const auto& event : story.events) {
        if (event.type != "clawback.repaid") continue;
        for (const auto& [name, value] : event.facts) {
            if (name == "amount_fen") sum += std::get<std::int64_t>(value);
        }
    }
    return sum;
}

// The goods are paid for once, by an advance or by a refund, and for what was agreed to.
inline void expect_paid_once(const Story& story) {
    const CaseFile& file = story.file;
    int goods = file.advance && file.advance->state != AdvanceState::reversed ? 1 : 0;
    int postage = 0;
    Fen given_back_fen = 0;
    for (const auto& refund : file.refunds) {
        const bool is_goods = is_of_goods(refund.kind);
        if (is_goods) ++goods;
        if (refund.kind == RefundKind::postage) ++postage;
        if (refund.kind == RefundKind::restitution) given_back_fen += refund.amount_fen;
        EXPECT_EQ(refund.kind == RefundKind::unshipped, is_goods && file.case_.kind == CaseKind::unshipped);
        EXPECT_TRUE(!is_goods || refund.amount_fen == file.case_.amount_fen);
        const bool is_sent = story.has_job(JobKind::pay, refund.provider_key()) ||
                             story.has_job(JobKind::resolve_payout, refund.provider_key());
        EXPECT_EQ(is_sent, refund.state == RefundState::committed);
    }
    EXPECT_LE(goods, 1);
    EXPECT_LE(postage, 1);
    // Given back is what the buyer paid back, each fen once, or what was taken off for missing units.
    const Fen still_repaid_fen = file.advance ? file.advance->repaid_fen : 0;
    EXPECT_LE(given_back_fen, repaid_fen(story) - still_repaid_fen + file.case_.short_fen);
    // Nobody is asked for anything: then the escrow owes the whole advance.
    EXPECT_TRUE(!file.advance || !file.advance->clawback.empty() || still_repaid_fen == 0);
    if (file.advance && file.advance->state != AdvanceState::reversed) {
        EXPECT_EQ(file.advance->amount_fen, file.case_.amount_fen + file.case_.short_fen);
    }
}

// What the order says was returned is what its live and finished returns took.
inline void expect_order_agrees(const Story& story) {
    const Order& order = *story.file.order;
    for (const auto& item : order.items) {
        std::int32_t units = 0;
        Fen amount_fen = 0;
        for (const auto& taking : order.takings) {
            if (taking.name != item.item_id) continue;
            units += taking.quantity;
            amount_fen += taking.amount_fen;
        }
        EXPECT_EQ(units, item.returned_quantity);
        EXPECT_EQ(amount_fen, item.returned_fen);
        EXPECT_LE(item.returned_quantity, item.quantity);
        EXPECT_LE(item.returned_fen, item.amount_fen);
    }
    const auto& advance = story.file.advance;
    const bool has_paid =
        (advance && advance->state != AdvanceState::reversed) || !story.file.refunds.empty();
    EXPECT_TRUE(!has_paid || !order.takings.empty());
}

inline void expect_one_live_booking(const Story& story) {
    const auto live = [&](bool is_self_shipped) {
        return std::ranges::count_if(story.file.bookings, [&](const Booking& booking) {
            return is_live(booking.status) && booking.is_self_shipped() == is_self_shipped;
        });
    };
    EXPECT_EQ(live(false), story.file.has_live_pickup() ? 1 : 0);
    EXPECT_LE(live(false) + live(true), 1);
    for (const auto& booking : story.file.bookings) {
        const bool is_placing = story.has_job(JobKind::place_booking, booking.reference.value);
        EXPECT_TRUE(!is_placing || is_live(booking.status)) << "placing one that was given up";
    }
}

// C1: every wait has a clock or a call that ends it.
inline void expect_no_silence(const Story& story) {
    const auto& file = story.file;
    const auto status = file.case_.status;
    EXPECT_TRUE(status != CaseStatus::awaiting_agreement || story.has_job(JobKind::seller_answer_deadline));
    EXPECT_TRUE(status != CaseStatus::awaiting_parcel || file.has_live_pickup() ||
                story.has_job(JobKind::ship_deadline));
    EXPECT_TRUE(status != CaseStatus::delivered || story.has_job(JobKind::receipt_deadline));
    EXPECT_TRUE(status != CaseStatus::awaiting_buyer || story.has_job(JobKind::offer_deadline));
    EXPECT_TRUE(status != CaseStatus::awaiting_consent || story.has_job(JobKind::seller_answer_deadline));
    EXPECT_TRUE(status != CaseStatus::refunding || file.goods_refund() != nullptr);
    EXPECT_EQ(status == CaseStatus::awaiting_buyer || status == CaseStatus::awaiting_consent,
              file.case_.offer_fen.has_value());
    EXPECT_EQ(status == CaseStatus::awaiting_consent, !file.case_.offer_by.empty());
    EXPECT_TRUE(!file.case_.intervention || story.has_job(JobKind::intervention_deadline) ||
                story.saw("intervention.escalated") > 0);
    for (const auto& ruling : file.rulings) {
        EXPECT_TRUE(!ruling.outcome.empty() || story.has_job(JobKind::appeal_deadline) ||
                    story.saw("appeal.escalated") > 0);
    }
    if (file.advance && !file.advance->clawback.empty() && is_open(file.advance->state)) {
        EXPECT_TRUE(story.has_job(JobKind::repayment_deadline) || story.saw("clawback.overdue") > 0 ||
                    asked_back_fen(file) == 0);
    }
    // A typed number that nobody collects has its watch, until money moved on it.
    if (const Booking* typed = file.self_shipped(); typed != nullptr && file.case_.frozen.empty()) {
        EXPECT_TRUE(status != CaseStatus::awaiting_parcel || typed->milestones.is_collected() ||
                    (file.advance && file.advance->booking == typed->reference) ||
                    story.has_job(JobKind::self_shipped_deadline, typed->reference.value));
    }
    // Whoever's parcel is there is paid: by the advance, or by what follows the receipt.
    const bool is_advanced = file.advance && file.advance->state != AdvanceState::reversed;
    EXPECT_TRUE(status != CaseStatus::received || !file.case_.frozen.empty() || is_advanced ||
                file.goods_refund() != nullptr);
    if (const Booking* booking = file.live_booking()) {
        const auto& name = booking->reference.value;
        EXPECT_TRUE(booking->status >= BookingStatus::accepted ||
                    story.has_job(JobKind::accept_deadline, name));
        EXPECT_TRUE(booking->status == BookingStatus::collected ||
                    story.has_job(JobKind::door_give_up, name) ||
                    story.has_job(JobKind::door_deadline, to_string(file.case_.pickup->id)));
    }
    if (file.advance && file.advance->state == AdvanceState::committed) {
        const auto name = to_string(file.advance->id);
        EXPECT_TRUE(story.has_job(JobKind::pay, name) || story.has_job(JobKind::resolve_payout, name));
    }
}

inline void expect_advance_was_due(const Story& story, const std::optional<Advance>& before) {
    const auto& advance = story.file.advance;
    if (before) {
        ASSERT_TRUE(advance);
        EXPECT_EQ(advance->id, before->id);
        EXPECT_EQ(advance->amount_fen, before->amount_fen);
        EXPECT_EQ(advance->payee, before->payee);
        EXPECT_EQ(advance->provider, before->provider);
        return;
    }
    if (!advance) return;
    const Booking* booking = story.file.booking(advance->booking);
    ASSERT_NE(booking, nullptr);
    EXPECT_EQ(booking->waybill, advance->waybill);
    EXPECT_FALSE(advance->waybill.empty());
    EXPECT_TRUE(booking->confirmed_at);
    EXPECT_TRUE(booking->is_self_shipped() || booking->milestones.is_collection_proved());
    EXPECT_TRUE(!booking->is_self_shipped() || is_live(booking->status)) << "a number that was given up";
    EXPECT_GT(story.file.line.line_fen, 0) << "excluded, or no line at all";
    EXPECT_TRUE(!booking->is_self_shipped() || story.file.line.stars >= story.policy.self_shipped.min_stars);
    EXPECT_EQ(story.file.case_.frozen, "");
    EXPECT_EQ(advance->amount_fen, story.file.case_.amount_fen);
    EXPECT_LE(advance->trigger_at, advance->committed_at);
}

// The rating is what the platform or the records said, less what stands against the buyer.
inline void expect_standing_takes_effect(const Story& story) {
    const auto& standing = story.file.standing;
    if (standing.version == 0) return;
    const auto stands = [&](PenaltyStep step) {
        return std::ranges::count_if(standing.penalties, [&](const Penalty& penalty) {
            return penalty.stands() && penalty.step == step;
        });
    };
    const auto& line = story.file.line;
    EXPECT_LE(line.stars, standing.stars);
    EXPECT_TRUE(stands(PenaltyStep::rating_cut) == 0 || line.stars < standing.stars || standing.stars == 1);
    EXPECT_TRUE(stands(PenaltyStep::restriction) == 0 ||
                line.line_fen <= story.policy.penalties.restricted_line_fen);
    EXPECT_TRUE(stands(PenaltyStep::privilege_withdrawn) == 0 || line.line_fen == 0);
    EXPECT_EQ(stands(PenaltyStep::ban) > 0, !story.file.trust.excluded.empty());
    for (const auto& penalty : standing.penalties)
        EXPECT_TRUE(penalty.stands() || penalty.reversed_by == "rules" ||
                    penalty.reversed_by != penalty.imposed_by);
}

inline void expect_sound(const Story& story, const Decision& decision) {
    for (const auto& event : decision.events) EXPECT_FALSE(event.type.empty());
    for (const auto& transfer : decision.transfers) EXPECT_GT(transfer.amount_fen, 0);
    for (const auto& job : decision.jobs) EXPECT_EQ(job.key.return_id, story.file.case_.id);
    expect_line_is_sound(story);
    expect_books_balance(story);
    expect_paid_once(story);
    expect_order_agrees(story);
    expect_one_live_booking(story);
    expect_no_silence(story);
    expect_standing_takes_effect(story);
}

}  // namespace returngate::test
