// The first return that presents a number owns it, whoever asks, in whatever order.
#include <algorithm>
#include <thread>

#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

class Claims : public ::testing::Test {
protected:
    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());
};

const ReturnId kOther = an_id<ReturnId>(99);

store::ClaimRequest claim_of(std::string_view number, ReturnId id, std::string_view courier = "YTO") {
    return {ClaimKey{std::string(courier), std::string(number)}, id, at("11:00")};
}

TEST_F(Claims, TheFirstReturnOwnsTheNumber) {
    EXPECT_EQ(store_->claim({claim_of(kYtoNumber, kReturn)}).value(), std::vector{kReturn});
    EXPECT_EQ(store_->claim({claim_of(kYtoNumber, kOther)}).value(), std::vector{kReturn});
    EXPECT_EQ(database_.number("SELECT count(*) FROM waybill_claim"), 1);
}

TEST_F(Claims, TheSameReturnMayAskAgain) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(store_->claim({claim_of(kYtoNumber, kReturn)}).value(), std::vector{kReturn});
    }
}

TEST_F(Claims, InOneRequestTheEarlierLineWins) {
    const auto owners =
        store_->claim({claim_of(kYtoNumber, kOther), claim_of(kYtoNumber, kReturn),
                       claim_of(kOtherYtoNumber, kReturn), claim_of(kYtoNumber, kReturn, "JT")});
    const std::vector expected{kOther, kOther, kReturn, kReturn};
    EXPECT_EQ(owners.value(), expected);
}

TEST_F(Claims, AnswersComeInTheOrderAsked) {
    (void)store_->claim({claim_of("B", kOther)});
    const auto owners =
        store_->claim({claim_of("C", kReturn), claim_of("B", kReturn), claim_of("A", kReturn)});
    const std::vector expected{kReturn, kOther, kReturn};
    EXPECT_EQ(owners.value(), expected);
}

TEST_F(Claims, TwoGatewaysWithTheSameNumbersInOppositeOrderAgreeAndDoNotDeadlock) {
    constexpr int kRounds = 60;
    constexpr int kNumbers = 40;
    std::array<std::vector<std::vector<ReturnId>>, 2> answers;
    auto gateway = [&](std::size_t which, ReturnId id) {
        const auto store = open_store(database_.dsn());
        for (int round = 0; round < kRounds; ++round) {
            std::vector<store::ClaimRequest> requests;
            for (int i = 0; i < kNumbers; ++i) {
                const int number = which == 0 ? i : kNumbers - 1 - i;
                requests.push_back(claim_of("R" + std::to_string(round) + "N" + std::to_string(number), id));
            }
            auto owners = store->claim(requests);
            ASSERT_TRUE(owners) << owners.error().message;
            if (which == 1) std::reverse(owners->begin(), owners->end());
            answers.at(which).push_back(std::move(*owners));
        }
    };
    {
        std::jthread other([&] { gateway(1, kOther); });
        gateway(0, kReturn);
    }
    EXPECT_EQ(answers[0], answers[1]);
    EXPECT_EQ(database_.number("SELECT count(*) FROM waybill_claim"), kRounds * kNumbers);
}

}  // namespace
}  // namespace returngate::test
