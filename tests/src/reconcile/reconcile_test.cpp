// The three-way match: each kind of break, what is merely open, and that nothing is ever lost.
#include "src/reconcile/reconcile.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <set>

namespace returngate::reconcile {
namespace {

using std::chrono::days;

const Instant kNow = parse_rfc3339("2026-03-01T00:00:00Z").value();

Instant days_ago(int count) {
    return kNow - days{count};
}

ReturnId return_id(int number) {
    ReturnId id;
    id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

AdvanceId advance_id(int number) {
    return AdvanceId{return_id(number).bytes};
}

// Books that own their records.
struct Ledger {
    std::vector<AdvanceRecord> advances;
    std::vector<DeliveryRecord> deliveries;
    std::vector<ReceiptRecord> receipts;
    std::vector<RecoveryRecord> recoveries;
    std::optional<std::vector<PayoutLine>> payouts;

    Ledger& advance(int number, Fen amount, int age, AdvanceState state = AdvanceState::paid) {
        const bool was_paid = state != AdvanceState::committed && state != AdvanceState::reversed;
        advances.push_back({return_id(number), advance_id(number), amount, state, days_ago(age),
                            was_paid ? std::optional(days_ago(age)) : std::nullopt});
        return *this;
    }
    Ledger& delivery(int number, int age) {
        deliveries.push_back({return_id(number), CourierCode{"YTO"}, WaybillNumber{"YT1"}, days_ago(age)});
        return *this;
    }
    Ledger& receipt(int number, int age, ReceiptOutcome outcome = ReceiptOutcome::confirmed) {
        receipts.push_back({return_id(number), outcome, days_ago(age)});
        return *this;
    }
    Ledger& recovery(int number, Fen amount, int age) {
        recoveries.push_back({return_id(number), amount, days_ago(age), "escrow-1"});
        return *this;
    }
    Ledger& payout(const std::string& key, Fen amount, int age) {
        if (!payouts) payouts.emplace();
        payouts->push_back({key, amount, days_ago(age)});
        return *this;
    }

    [[nodiscard]] Result<Outcome> try_match() const {
        Books books{advances, deliveries, receipts, recoveries, std::nullopt};
        if (payouts) books.payouts = std::span<const PayoutLine>(*payouts);
        return match(books, Ages{}, kNow);
    }
    [[nodiscard]] Outcome matched() const { return try_match().value(); }
};

std::vector<std::string_view> kinds(const Outcome& outcome) {
    std::vector<std::string_view> words;
    for (const auto& found : outcome.breaks) words.push_back(to_string(found.kind));
    return words;
}

using Words = std::vector<std::string_view>;

TEST(Reconciliation, MatchesAReturnWhoseFourLegsAgree) {
    const auto outcome =
        Ledger{}.advance(1, 29900, 20).delivery(1, 17).receipt(1, 15).recovery(1, 29900, 14).matched();
    EXPECT_EQ(outcome.matched, (Count{1, 29900}));
    EXPECT_TRUE(outcome.breaks.empty());
    EXPECT_EQ(outcome.advances, (Count{1, 29900}));
    EXPECT_EQ(outcome.recoveries, (Count{1, 29900}));
    EXPECT_EQ(outcome.deliveries.records, 1);
    EXPECT_EQ(outcome.receipts.records, 1);
}

TEST(Reconciliation, LeavesAReturnOpenWhileEachLegIsWithinItsAge) {
    const auto outcome = Ledger{}
                             .advance(1, 100, 0, AdvanceState::committed)
                             .advance(2, 200, 14)
                             .advance(3, 300, 20)
                             .delivery(3, 10)
                             .advance(4, 400, 20)
                             .delivery(4, 10)
                             .receipt(4, 2)
                             .delivery(5, 0)
                             .matched();
    EXPECT_EQ(kinds(outcome), Words{});
    EXPECT_EQ(outcome.open, (Count{5, 1000}));
}

TEST(Reconciliation, ReportsEachLegThatIsMissingTooLong) {
    const auto outcome = Ledger{}
                             .advance(1, 100, 2, AdvanceState::committed)
                             .advance(2, 200, 16)
                             .advance(3, 300, 20)
                             .delivery(3, 12)
                             .advance(4, 400, 20)
                             .delivery(4, 10)
                             .receipt(4, 4)
                             .matched();
    EXPECT_EQ(kinds(outcome),
              (Words{"advance_not_paid", "delivery_missing", "receipt_missing", "recovery_missing"}));
    EXPECT_EQ(outcome.broken, (Count{4, 1000}));
    EXPECT_EQ(outcome.breaks[0].age, days{2});
    EXPECT_EQ(outcome.breaks[0].reference, to_string(advance_id(1)));
    EXPECT_EQ(outcome.breaks[1].amount_fen, 200);
    EXPECT_EQ(outcome.breaks[1].return_id, return_id(2));
    EXPECT_EQ(outcome.breaks[2].age, days{12});
    EXPECT_EQ(outcome.breaks[3].age, days{4});
}

TEST(Reconciliation, ReportsADisputeAtOnceAndBelievesTheLastWord) {
    const auto outcome = Ledger{}
                             .advance(1, 100, 5)
                             .delivery(1, 2)
                             .receipt(1, 0, ReceiptOutcome::disputed)
                             .advance(2, 100, 5)
                             .delivery(2, 3)
                             .receipt(2, 0)
                             .receipt(2, 2, ReceiptOutcome::disputed)
                             .matched();
    EXPECT_EQ(kinds(outcome), (Words{"receipt_disputed"}));
    EXPECT_EQ(outcome.open, (Count{1, 100}));
}

TEST(Reconciliation, ComparesWhatEscrowPaidBack) {
    Ledger ledger;
    for (int number = 1; number <= 5; ++number)
        ledger.advance(number, 1000, 20).delivery(number, 15).receipt(number, 9);
    ledger.recovery(1, 999, 8);                      // too little for too long
    ledger.recovery(2, 1001, 0);                     // too much
    ledger.recovery(3, 400, 2);                      // in parts, the rest may come
    ledger.recovery(4, 400, 8).recovery(4, 600, 1);  // in parts, complete
    ledger.recovery(9, 50, 3);                       // for nothing
    const auto outcome = ledger.matched();
    EXPECT_EQ(kinds(outcome), (Words{"recovery_amount_differs", "recovery_amount_differs", "recovery_missing",
                                     "recovery_without_advance"}));
    EXPECT_EQ(outcome.breaks[0].amount_fen, 1);
    EXPECT_EQ(outcome.breaks[1].amount_fen, 1);
    EXPECT_EQ(outcome.breaks[3].amount_fen, 50);
    EXPECT_EQ(outcome.breaks[3].reference, "escrow-1");
    EXPECT_EQ(outcome.matched.records, 1);
    EXPECT_EQ(outcome.open.records, 1);
}

TEST(Reconciliation, BelievesNoRecoveredStateWithoutTheMoney) {
    const auto outcome =
        Ledger{}.advance(1, 100, 3, AdvanceState::recovered).delivery(1, 2).receipt(1, 1).matched();
    EXPECT_EQ(kinds(outcome), (Words{"recovery_missing"}));
}

TEST(Reconciliation, ExpectsNothingOfAnAdvanceThatEndedOtherwise) {
    const auto outcome = Ledger{}
                             .advance(1, 100, 90, AdvanceState::reversed)
                             .advance(2, 200, 90, AdvanceState::clawed_back)
                             .advance(3, 300, 90, AdvanceState::written_off)
                             .delivery(3, 80)
                             .advance(4, 400, 90, AdvanceState::written_off)
                             .recovery(4, 400, 1)
                             .matched();
    EXPECT_EQ(kinds(outcome), (Words{"recovery_without_advance"}));
    EXPECT_EQ(outcome.settled_otherwise, (Count{3, 600}));
    EXPECT_EQ(outcome.broken, (Count{1, 400}));
}

TEST(Reconciliation, ReportsParcelsAndReceiptsThatNobodyAdvancedFor) {
    const auto outcome = Ledger{}.delivery(1, 2).delivery(1, 1).receipt(2, 2).receipt(3, 0).matched();
    EXPECT_EQ(kinds(outcome), (Words{"delivery_without_advance", "receipt_without_advance"}));
    EXPECT_EQ(outcome.breaks[0].age, days{2});
    EXPECT_EQ(outcome.open.records, 1);
}

TEST(Reconciliation, ReportsASecondAdvanceOfOneReturn) {
    Ledger ledger;
    ledger.advance(1, 100, 1).advance(1, 70, 1);
    ledger.advances[1].id = advance_id(2);
    const auto outcome = ledger.matched();
    EXPECT_EQ(kinds(outcome), (Words{"duplicate_advance"}));
    EXPECT_EQ(outcome.breaks[0].reference, to_string(advance_id(2)));
}

TEST(Reconciliation, ComparesTheProvidersLines) {
    const auto key = [](int number) { return to_string(advance_id(number)); };
    const auto outcome = Ledger{}
                             .advance(1, 100, 5)
                             .payout(key(1), 100, 5)
                             .advance(2, 200, 5)
                             .payout(key(2), 200, 5)
                             .payout(key(2), 200, 4)
                             .advance(3, 300, 5)
                             .payout(key(3), 299, 5)
                             .advance(4, 400, 5)
                             .advance(5, 500, 1)
                             .advance(6, 600, 5, AdvanceState::reversed)
                             .payout(key(6), 600, 5)
                             .advance(7, 700, 5, AdvanceState::committed)
                             .payout(key(7), 700, 5)
                             .advance(8, 800, 0, AdvanceState::committed)
                             .payout(key(8), 800, 0)
                             .payout(key(99), 9900, 5)
                             .payout("not a key of ours", 1, 5)
                             .matched();
    EXPECT_EQ(kinds(outcome), (Words{"paid_twice", "provider_amount_differs", "provider_payout_missing",
                                     "paid_though_reversed", "payment_not_recorded",
                                     "provider_unknown_payout", "provider_unknown_payout"}));
    EXPECT_EQ(outcome.payouts.records, 9);
    EXPECT_EQ(outcome.payouts_matched, (Count{3, 1100}));  // of 1, 2 and the fresh 8
    EXPECT_EQ(outcome.payouts_broken.records, 6);
    EXPECT_TRUE(outcome.breaks.back().return_id.is_nil());
    EXPECT_EQ(outcome.breaks.back().reference, "not a key of ours");
}

TEST(Reconciliation, WithoutProviderLinesComparesNoPayouts) {
    const auto outcome = Ledger{}.advance(1, 100, 10).matched();
    EXPECT_TRUE(outcome.breaks.empty());
    EXPECT_EQ(outcome.payouts.records, 0);
}

TEST(Reconciliation, OfNothingIsNothing) {
    const auto outcome = Ledger{}.matched();
    EXPECT_TRUE(outcome.breaks.empty());
    EXPECT_EQ(outcome.matched.records + outcome.open.records + outcome.broken.records, 0);
}

TEST(Reconciliation, FailsInsteadOfOverflowing) {
    constexpr Fen kMax = std::numeric_limits<Fen>::max();
    EXPECT_EQ(Ledger{}.advance(1, kMax, 1).advance(2, 1, 1).try_match().error().code, "amount_overflow");
    EXPECT_EQ(Ledger{}.advance(1, 5, 1).recovery(1, kMax, 1).recovery(1, kMax, 1).try_match().error().code,
              "amount_overflow");
}

// Random books: whatever they hold, every return stands in one place and every line is accounted for.
class RandomBooks {
public:
    explicit RandomBooks(std::uint32_t seed) : random_(seed) {
        ledger_.payouts.emplace();
        for (int number = 1; number <= 400; ++number) add(number);
        std::ranges::shuffle(ledger_.advances, random_);
        std::ranges::shuffle(ledger_.deliveries, random_);
        std::ranges::shuffle(ledger_.receipts, random_);
        std::ranges::shuffle(ledger_.recoveries, random_);
        std::ranges::shuffle(*ledger_.payouts, random_);
    }

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }

private:
    bool chance(unsigned percent) { return random_() % 100 < percent; }
    int age() { return static_cast<int>(random_() % 40); }

    void add(int number) {
        const Fen amount = 1 + static_cast<Fen>(random_() % 100'000);
        const auto state = static_cast<AdvanceState>(random_() % 6);
        if (chance(85)) ledger_.advance(number, amount, age(), state);
        if (chance(2)) ledger_.advance(number, amount, age(), state);
        if (chance(70)) ledger_.delivery(number, age());
        if (chance(5)) ledger_.delivery(number, age());
        if (chance(60))
            ledger_.receipt(number, age(), chance(80) ? ReceiptOutcome::confirmed : ReceiptOutcome::disputed);
        if (chance(50)) ledger_.recovery(number, chance(90) ? amount : amount + 1, age());
        if (chance(80))
            ledger_.payout(to_string(advance_id(number)), chance(90) ? amount : amount - 1, age());
        if (chance(3)) ledger_.payout(to_string(advance_id(number)), amount, age());
        if (chance(3)) ledger_.payout("unknown", amount, age());
    }

    std::mt19937 random_;
    Ledger ledger_;
};

std::set<ReturnId> returns_of(const Ledger& ledger) {
    std::set<ReturnId> ids;
    for (const auto& record : ledger.advances) ids.insert(record.return_id);
    for (const auto& record : ledger.deliveries) ids.insert(record.return_id);
    for (const auto& record : ledger.receipts) ids.insert(record.return_id);
    for (const auto& record : ledger.recoveries) ids.insert(record.return_id);
    return ids;
}

TEST(Reconciliation, IsTotal) {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        const RandomBooks books(seed);
        const Outcome outcome = books.ledger().matched();
        const auto returns = returns_of(books.ledger());
        std::set<ReturnId> broken;
        for (const auto& found : outcome.breaks) {
            EXPECT_GE(found.amount_fen, 0);
            EXPECT_GE(found.age, Duration{0});
            if (found.return_id.is_nil()) continue;
            EXPECT_TRUE(returns.contains(found.return_id));
            broken.insert(found.return_id);
        }
        EXPECT_EQ(outcome.broken.records, static_cast<std::int64_t>(broken.size()));
        EXPECT_EQ(outcome.matched.records + outcome.open.records + outcome.settled_otherwise.records +
                      outcome.broken.records,
                  static_cast<std::int64_t>(returns.size()));
        EXPECT_EQ(outcome.payouts_matched.records + outcome.payouts_broken.records,
                  static_cast<std::int64_t>(books.ledger().payouts->size()));
        EXPECT_EQ(outcome.payouts_matched.amount_fen + outcome.payouts_broken.amount_fen,
                  outcome.payouts.amount_fen);
    }
}

TEST(Reconciliation, DoesNotDependOnTheOrderOfTheRecords) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        Ledger ledger = RandomBooks(seed).ledger();
        // Records of one return keep their order: only their place among the others may change.
        const auto by_return = [](const auto& a, const auto& b) { return a.return_id < b.return_id; };
        const Outcome shuffled = ledger.matched();
        std::ranges::stable_sort(ledger.advances, by_return);
        std::ranges::stable_sort(ledger.deliveries, by_return);
        std::ranges::stable_sort(ledger.receipts, by_return);
        std::ranges::stable_sort(ledger.recoveries, by_return);
        EXPECT_EQ(ledger.matched().breaks, shuffled.breaks);
    }
}

TEST(Reconciliation, NeverCallsAReturnMatchedWhoseMoneyDoesNotAgree) {
    for (std::uint32_t seed = 100; seed < 140; ++seed) {
        const RandomBooks books(seed);
        const Outcome outcome = books.ledger().matched();
        std::map<ReturnId, Fen> recovered;
        for (const auto& record : books.ledger().recoveries) recovered[record.return_id] += record.amount_fen;
        Fen equal = 0;
        for (const auto& advance : books.ledger().advances) {
            const auto found = recovered.find(advance.return_id);
            if (found != recovered.end() && found->second == advance.amount_fen) equal += advance.amount_fen;
        }
        EXPECT_LE(outcome.matched.amount_fen, equal);
    }
}

TEST(Reconciliation, WordsAreUnique) {
    std::set<std::string_view> words;
    for (int kind = 0; kind <= static_cast<int>(BreakKind::provider_payout_missing); ++kind) {
        EXPECT_TRUE(words.insert(to_string(static_cast<BreakKind>(kind))).second);
    }
    EXPECT_EQ(to_string(BreakKind::provider_payout_missing), "provider_payout_missing");
    EXPECT_EQ(to_string(BreakKind::payment_not_recorded), "payment_not_recorded");
}

}  // namespace
}  // namespace returngate::reconcile
