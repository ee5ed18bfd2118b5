// The words that the database and the API spell: one per value, no two alike, none empty.
#include <gtest/gtest.h>
#include <set>

#include "src/returns/case_file.hpp"
#include "src/returns/job.hpp"

namespace returngate {
namespace {

template <class Enum>
std::vector<std::string> words_up_to(Enum last) {
    std::vector<std::string> words;
    for (int i = 0; i <= static_cast<int>(last); ++i) words.emplace_back(to_string(static_cast<Enum>(i)));
    EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), words.size());
    for (const auto& word : words) EXPECT_FALSE(word.empty());
    return words;
}

TEST(Words, OfTheCaseAreTheSchemas) {
    const std::vector<std::string> expected{
        "awaiting_agreement", "awaiting_consent", "awaiting_buyer", "awaiting_parcel",
        "in_carriage",        "delivered",        "received",       "refunding",
        "disputed",           "refused",          "closed"};
    EXPECT_EQ(words_up_to(CaseStatus::closed), expected);
    EXPECT_EQ(words_up_to(Approval::seller), (std::vector<std::string>{"automatic", "seller"}));
    EXPECT_EQ(words_up_to(CaseKind::unshipped),
              (std::vector<std::string>{"goods_return", "keeps_goods", "unshipped"}));
    EXPECT_EQ(words_up_to(RefundPath::direct),
              (std::vector<std::string>{"advance", "after_receipt", "direct"}));
    EXPECT_EQ(words_up_to(ReceiptOutcome::disputed),
              (std::vector<std::string>{"none", "confirmed", "disputed"}));
}

TEST(Words, OfPickupsAndBookingsAreTheSchemas) {
    EXPECT_EQ(words_up_to(PickupStatus::cancelled),
              (std::vector<std::string>{"brokering", "booked", "collected", "unserved", "cancelled"}));
    EXPECT_EQ(words_up_to(BookingStatus::cancelled),
              (std::vector<std::string>{"placing", "placed", "accepted", "collected", "refused", "expired",
                                        "cancelling", "cancelled"}));
}

TEST(Words, OfTheAdvanceAreThoseOfDecision16) {
    EXPECT_EQ(words_up_to(AdvanceState::reversed),
              (std::vector<std::string>{"committed", "paid", "recovered", "clawed_back", "written_off",
                                        "reversed"}));
}

TEST(Words, OfRefundsAreThoseOfDecision14) {
    EXPECT_EQ(words_up_to(RefundKind::postage), (std::vector<std::string>{"refund", "unshipped", "postage"}));
    EXPECT_EQ(words_up_to(RefundState::rejected),
              (std::vector<std::string>{"committed", "paid", "rejected"}));
}

TEST(Words, OfJobsAreReadBack) {
    for (std::size_t i = 0; i < kJobKinds; ++i) {
        EXPECT_EQ(parse_job_kind(to_string(JobKind(i))), JobKind(i));
    }
    EXPECT_FALSE(parse_job_kind("fly"));
    EXPECT_FALSE(parse_job_kind(""));
    words_up_to(static_cast<JobKind>(kJobKinds - 1));
}

TEST(Words, SayWhatIsLiveOpenAndOver) {
    EXPECT_TRUE(is_live(PickupStatus::collected));
    EXPECT_FALSE(is_live(PickupStatus::unserved));
    EXPECT_TRUE(is_live(BookingStatus::collected));
    EXPECT_FALSE(is_live(BookingStatus::refused));
    EXPECT_TRUE(is_open(AdvanceState::paid));
    EXPECT_FALSE(is_open(AdvanceState::recovered));
    EXPECT_TRUE(is_over(CaseStatus::refused));
    EXPECT_FALSE(is_over(CaseStatus::disputed));
}

}  // namespace
}  // namespace returngate
