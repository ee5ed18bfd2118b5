// Walks the books together, return by return; each return is judged on its own.
#include "src/reconcile/reconcile.hpp"

#include <algorithm>
#include <array>

#include "src/reconcile/books.hpp"

namespace returngate::reconcile {
namespace {

constexpr std::array<std::string_view, 16> kBreakNames{
    "advance_not_paid",
    "duplicate_advance",
    "delivery_missing",
    "receipt_missing",
    "receipt_disputed",
    "recovery_missing",
    "recovery_amount_differs",
    "recovery_without_advance",
    "delivery_without_advance",
    "receipt_without_advance",
    "paid_twice",
    "paid_though_reversed",
    "payment_not_recorded",
    "provider_amount_differs",
    "provider_unknown_payout",
    "provider_payout_missing",
};

// |a - b|; nullopt when it leaves 64 bits.
std::optional<Fen> distance(Fen a, Fen b) {
    Fen difference = 0;
    if (__builtin_sub_overflow(std::max(a, b), std::min(a, b), &difference)) return std::nullopt;
    return difference;
}

class Matcher {
public:
    Matcher(const Books& books, const Ages& ages, Instant now)
        : ages_(ages), now_(now), payouts_(books.payouts) {}

    void judge(const Group& group) {
        const std::size_t breaks_before = outcome_.breaks.size();
        return_id_ = group.return_id();
        is_open_ = false;
        is_settled_otherwise_ = false;
        if (group.advances.empty()) {
            judge_without_advance(group);
        } else {
            judge_advance(*group.advances.front(), group);
            for (const auto* extra : std::span(group.advances).subspan(1)) judge_duplicate(*extra);
        }
        count(standing(outcome_.breaks.size() > breaks_before), group.amount_fen());
    }

    void judge_unknown_payouts() {
        return_id_ = ReturnId{};
        payouts_.each_unclaimed([&](const PayoutLine& line) {
            add(BreakKind::provider_unknown_payout, line.amount_fen, line.at, line.key);
            count(outcome_.payouts_broken, line.amount_fen);
        });
    }

    void count(Count& total, Fen amount_fen) {
        ++total.records;
        total.amount_fen = checked(checked_add(total.amount_fen, amount_fen));
    }

    [[nodiscard]] Outcome& outcome() { return outcome_; }
    [[nodiscard]] bool has_overflown() const { return has_overflown_; }

private:
    Count& standing(bool is_broken) {
        if (is_broken) return outcome_.broken;
        if (is_open_) return outcome_.open;
        return is_settled_otherwise_ ? outcome_.settled_otherwise : outcome_.matched;
    }

    void add(BreakKind kind, Fen amount_fen, Instant since, std::string reference = {}) {
        outcome_.breaks.push_back({kind, return_id_, std::move(reference), amount_fen, now_ - since});
    }

    // A leg that is not there yet: open within its age, a break beyond.
    void expect(BreakKind kind, Fen amount_fen, Instant since, Duration within, std::string reference = {}) {
        if (now_ - since > within) {
            add(kind, amount_fen, since, std::move(reference));
        } else {
            is_open_ = true;
        }
    }

    void judge_without_advance(const Group& group) {
        for (const auto* recovery : group.recoveries) {
            add(BreakKind::recovery_without_advance, recovery->amount_fen, recovery->at, recovery->reference);
        }
        if (!group.deliveries.empty()) {
            const auto* first = earliest_delivery(group);
            expect(BreakKind::delivery_without_advance, 0, first->delivered_at, ages_.advanced,
                   first->waybill.value);
        } else if (!group.receipts.empty()) {
            expect(BreakKind::receipt_without_advance, 0, latest_receipt(group)->at, ages_.advanced);
        }
    }

    void judge_duplicate(const AdvanceRecord& advance) {
        add(BreakKind::duplicate_advance, advance.amount_fen, advance.committed_at, to_string(advance.id));
        if (payouts_.is_given()) judge_payout(advance);
    }

    void judge_advance(const AdvanceRecord& advance, const Group& group) {
        const bool is_noted_by_provider = payouts_.is_given() && judge_payout(advance);
        switch (advance.state) {
            case AdvanceState::committed:
                if (!is_noted_by_provider) {
                    expect(BreakKind::advance_not_paid, advance.amount_fen, advance.committed_at, ages_.paid,
                           to_string(advance.id));
                }
                is_open_ = true;
                break;
            case AdvanceState::paid:
            case AdvanceState::recovered: judge_legs(advance, group); return;
            case AdvanceState::reversed:
            case AdvanceState::clawed_back:
            case AdvanceState::written_off: is_settled_otherwise_ = true; break;
        }
        // Nothing is owed (any more, or yet): what escrow pays now is somebody else's money.
        for (const auto* recovery : group.recoveries) {
            add(BreakKind::recovery_without_advance, recovery->amount_fen, recovery->at, recovery->reference);
        }
    }

    void judge_legs(const AdvanceRecord& advance, const Group& group) {
        const Instant paid_at = advance.paid_at.value_or(advance.committed_at);
        const auto* delivery = earliest_delivery(group);
        const auto* receipt = latest_receipt(group);
        if (delivery == nullptr) {
            expect(BreakKind::delivery_missing, advance.amount_fen, paid_at, ages_.delivered);
        }
        if (receipt != nullptr && receipt->outcome == ReceiptOutcome::disputed) {
            add(BreakKind::receipt_disputed, advance.amount_fen, receipt->at);
        } else if (!is_confirmed(receipt)) {
            judge_missing_receipt(advance, delivery);
        }
        judge_recovery(advance, receipt, group);
    }

    // The seller's time begins with the delivery; without one, that leg is missing already.
    void judge_missing_receipt(const AdvanceRecord& advance, const DeliveryRecord* delivery) {
        if (delivery == nullptr) {
            is_open_ = true;
            return;
        }
        expect(BreakKind::receipt_missing, advance.amount_fen, delivery->delivered_at, ages_.received,
               delivery->waybill.value);
    }

    void judge_recovery(const AdvanceRecord& advance, const ReceiptRecord* receipt, const Group& group) {
        Fen recovered = 0;
        for (const auto* recovery : group.recoveries) {
            recovered = checked(checked_add(recovered, recovery->amount_fen));
        }
        if (recovered == advance.amount_fen) return;
        if (!group.recoveries.empty()) {
            judge_unequal_recovery(advance, recovered, *group.recoveries.front());
        } else if (advance.state == AdvanceState::recovered) {
            add(BreakKind::recovery_missing, advance.amount_fen, advance.committed_at);
        } else if (is_confirmed(receipt)) {
            expect(BreakKind::recovery_missing, advance.amount_fen, receipt->at, ages_.recovered);
        } else {
            is_open_ = true;
        }
    }

    // Escrow may pay in parts for a while; too much is wrong at once.
    void judge_unequal_recovery(const AdvanceRecord& advance, Fen recovered, const RecoveryRecord& first) {
        const Fen difference = checked(distance(advance.amount_fen, recovered));
        if (recovered > advance.amount_fen || advance.state == AdvanceState::recovered) {
            add(BreakKind::recovery_amount_differs, difference, first.at, first.reference);
        } else {
            expect(BreakKind::recovery_amount_differs, difference, first.at, ages_.recovered,
                   first.reference);
        }
    }

    // Returns whether the provider says that it paid.
    bool judge_payout(const AdvanceRecord& advance) {
        const auto lines = payouts_.claim(advance.id);
        const bool is_reversed = advance.state == AdvanceState::reversed;
        if (lines.empty()) {
            if (advance.paid_at && !is_reversed) {
                expect(BreakKind::provider_payout_missing, advance.amount_fen, *advance.paid_at,
                       ages_.in_statement, to_string(advance.id));
            }
            return false;
        }
        judge_line(advance, *lines.front());
        for (const auto* again : std::span(lines).subspan(1)) {
            add(BreakKind::paid_twice, again->amount_fen, again->at, again->key);
            count(outcome_.payouts_broken, again->amount_fen);
        }
        return true;
    }

    void judge_line(const AdvanceRecord& advance, const PayoutLine& line) {
        const std::size_t breaks_before = outcome_.breaks.size();
        if (advance.state == AdvanceState::reversed) {
            add(BreakKind::paid_though_reversed, line.amount_fen, line.at, line.key);
        }
        if (advance.state == AdvanceState::committed && !advance.paid_at) {
            expect(BreakKind::payment_not_recorded, line.amount_fen, line.at, ages_.paid, line.key);
        }
        if (line.amount_fen != advance.amount_fen) {
            const Fen difference = checked(distance(line.amount_fen, advance.amount_fen));
            add(BreakKind::provider_amount_differs, difference, line.at, line.key);
        }
        const bool is_broken = outcome_.breaks.size() > breaks_before;
        count(is_broken ? outcome_.payouts_broken : outcome_.payouts_matched, line.amount_fen);
    }

    // Notes an overflow and goes on; the whole match fails in the end.
    Fen checked(std::optional<Fen> amount) {
        has_overflown_ = has_overflown_ || !amount;
        return amount.value_or(0);
    }

    static bool is_confirmed(const ReceiptRecord* receipt) {
        return receipt != nullptr && receipt->outcome == ReceiptOutcome::confirmed;
    }

    static const DeliveryRecord* earliest_delivery(const Group& group) {
        const auto first = std::ranges::min_element(group.deliveries, {}, &DeliveryRecord::delivered_at);
        return first == group.deliveries.end() ? nullptr : *first;
    }

    // A seller may dispute first and confirm later: the last word counts.
    static const ReceiptRecord* latest_receipt(const Group& group) {
        const auto last = std::ranges::max_element(group.receipts, {}, &ReceiptRecord::at);
        return last == group.receipts.end() ? nullptr : *last;
    }

    const Ages& ages_;
    Instant now_;
    Payouts payouts_;
    Outcome outcome_;
    ReturnId return_id_;
    bool is_open_ = false;
    bool is_settled_otherwise_ = false;
    bool has_overflown_ = false;
};

void count_books(const Books& books, Matcher& matcher) {
    Outcome& outcome = matcher.outcome();
    for (const auto& advance : books.advances) matcher.count(outcome.advances, advance.amount_fen);
    for (const auto& recovery : books.recoveries) matcher.count(outcome.recoveries, recovery.amount_fen);
    outcome.deliveries.records = static_cast<std::int64_t>(books.deliveries.size());
    outcome.receipts.records = static_cast<std::int64_t>(books.receipts.size());
    if (!books.payouts) return;
    for (const auto& line : *books.payouts) matcher.count(outcome.payouts, line.amount_fen);
}

void judge_returns(const Books& books, Matcher& matcher) {
    Book advances(books.advances);
    Book deliveries(books.deliveries);
    Book receipts(books.receipts);
    Book recoveries(books.recoveries);
    Group group;
    for (;;) {
        const std::array fronts{advances.front(), deliveries.front(), receipts.front(), recoveries.front()};
        const Entry* first = nullptr;
        for (const Entry* front : fronts) {
            if (front != nullptr && (first == nullptr || front->key() < first->key())) first = front;
        }
        if (first == nullptr) return;
        const Entry wanted = *first;
        advances.take(wanted, group.advances);
        deliveries.take(wanted, group.deliveries);
        receipts.take(wanted, group.receipts);
        recoveries.take(wanted, group.recoveries);
        matcher.judge(group);
    }
}

}  // namespace

std::string_view to_string(BreakKind kind) {
    return kBreakNames[static_cast<std::size_t>(kind)];
}

Result<Outcome> match(const Books& books, const Ages& ages, Instant now) {
    Matcher matcher(books, ages, now);
    count_books(books, matcher);
    judge_returns(books, matcher);
    matcher.judge_unknown_payouts();
    if (matcher.has_overflown()) {
        return fail(ErrorKind::invalid, "amount_overflow", "The amounts add up to more than 64 bits hold.");
    }
    return std::move(matcher.outcome());
}

}  // namespace returngate::reconcile
