// The money side of an advance's life: what the accounts say at each of its states.
#include "src/ledger/ledger.hpp"

#include <gtest/gtest.h>
#include <map>
#include <set>

namespace returngate::ledger {
namespace {

class Books {
public:
    Books& post(const Transfer& transfer) {
        EXPECT_GT(transfer.amount_fen, 0);
        EXPECT_NE(transfer.debit, transfer.credit);
        balances_[transfer.debit] += transfer.amount_fen;
        balances_[transfer.credit] -= transfer.amount_fen;
        Fen sum = 0;
        for (const auto& [account, balance] : balances_) sum += balance;
        EXPECT_EQ(sum, 0);
        return *this;
    }
    Fen operator[](Account account) { return balances_[account]; }

private:
    std::map<Account, Fen> balances_;
};

TEST(Ledger, ACommittedAdvanceIsOwedByEscrowAndToTheProvider) {
    auto books = Books().post(advance_committed(9900));
    EXPECT_EQ(books[Account::advances_receivable], 9900);
    EXPECT_EQ(books[Account::payouts_in_transit], -9900);
}

TEST(Ledger, APaidAdvanceHasLeftOurFunds) {
    auto books = Books().post(advance_committed(9900)).post(advance_paid(9900));
    EXPECT_EQ(books[Account::advances_receivable], 9900);
    EXPECT_EQ(books[Account::payouts_in_transit], 0);
    EXPECT_EQ(books[Account::platform_funds], -9900);
}

TEST(Ledger, AReversedAdvanceLeavesNoTrace) {
    auto books = Books().post(advance_committed(9900)).post(advance_reversed(9900));
    EXPECT_EQ(books[Account::advances_receivable], 0);
    EXPECT_EQ(books[Account::payouts_in_transit], 0);
}

TEST(Ledger, ARecoveryInPartsClosesTheReceivable) {
    auto books = Books().post(advance_committed(9900)).post(advance_paid(9900));
    books.post(advance_recovered(4000)).post(advance_recovered(5900));
    EXPECT_EQ(books[Account::advances_receivable], 0);
    EXPECT_EQ(books[Account::escrow_clearing], 9900);
}

TEST(Ledger, ARefundIsOwedByEscrowApartFromTheAdvances) {
    auto books = Books().post(refund_committed(9900)).post(refund_paid(9900));
    EXPECT_EQ(books[Account::refunds_receivable], 9900);
    EXPECT_EQ(books[Account::advances_receivable], 0);
    EXPECT_EQ(books[Account::payouts_in_transit], 0);
    EXPECT_EQ(books[Account::platform_funds], -9900);
    auto reversed = Books().post(refund_committed(9900)).post(refund_reversed(9900));
    EXPECT_EQ(reversed[Account::refunds_receivable], 0);
    EXPECT_EQ(reversed[Account::payouts_in_transit], 0);
}

TEST(Ledger, EveryAccountAndReasonHasAWordOfItsOwn) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Account::refunds_receivable); ++i)
        words.insert(to_string(Account(i)));
    EXPECT_EQ(words.size(), 8U);
    words.clear();
    for (int i = 0; i <= static_cast<int>(Reason::refund_reversed); ++i) words.insert(to_string(Reason(i)));
    EXPECT_EQ(words.size(), 7U);
    EXPECT_FALSE(words.contains(""));
}

}  // namespace
}  // namespace returngate::ledger
