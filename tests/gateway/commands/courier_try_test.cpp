// A trial: what is sent in which order, what is said about it, and what is never said.
#include "gateway/commands/courier_try.hpp"

#include <sstream>

#include "tests/gateway/commands/recorded.hpp"

namespace returngate::commands {
namespace {

using courier::Operation;

// Answers each request with what was recorded for its operation.
class Trials : public ::testing::TestWithParam<const courier::Courier*> {
protected:
    const courier::Courier& courier() const { return *GetParam(); }

    const conformance::RecordedOperation& recorded(Operation operation) const {
        for (const auto& one : recording_.operations)
            if (one.operation == operation) return one;
        throw std::runtime_error("not recorded");
    }
    // The first recorded answer that is neither an error nor a booking's end.
    http::Response success_of(Operation operation) const {
        for (const auto& answer : recorded(operation).answers) {
            const bool is_dead = answer.expected["booking"]["state"].string() == "dead";
            if (answer.expected.find("error") == nullptr && !is_dead) return answer.response;
        }
        throw std::runtime_error("no success recorded");
    }

    // `answers` are given one after the other; after the last one, nobody answers.
    int run(std::vector<Result<http::Response>> answers, const courier::Account& account) {
        const Trial trial{
            courier(), account, recorded(Operation::book).order,
            [this] { return recorded(Operation::book).moment; },
            [this, answers = std::move(answers)](const http::Request& request) {
                const std::size_t at = sent_.size();
                sent_.push_back(request);
                if (at < answers.size()) return answers[at];
                return Result<http::Response>(fail(ErrorKind::in_doubt, "no_answer", "No answer came."));
            }};
        std::ostringstream out;
        const int code = try_courier(trial, out);
        said_ = out.str();
        return code;
    }

    bool finds() const { return courier().profile().can(Operation::find); }

    conformance::Recording recording_ = conformance::load_recording(GetParam()->profile().code);
    std::vector<http::Request> sent_;
    std::string said_;
};
INSTANTIATE_TEST_SUITE_P(Registry, Trials, every_courier(), code_of);

TEST_P(Trials, BookFindAndCancel) {
    std::vector<Result<http::Response>> answers{success_of(Operation::book)};
    if (finds()) answers.emplace_back(success_of(Operation::find));
    answers.emplace_back(success_of(Operation::cancel));
    const std::size_t steps = answers.size();
    EXPECT_EQ(run(std::move(answers), recording_.account), 0) << said_;
    EXPECT_EQ(sent_.size(), steps);
    EXPECT_NE(said_.find("cancelled"), std::string::npos);
    EXPECT_EQ(said_.find("may still stand"), std::string::npos) << said_;
}

TEST_P(Trials, SayNeitherSecretNorPerson) {
    static_cast<void>(run({success_of(Operation::book)}, recording_.account));
    const auto& order = recorded(Operation::book).order;
    for (const auto& [key, value] : recording_.account.settings)
        if (key.find("secret") != key.npos) {
            EXPECT_EQ(said_.find(value), std::string::npos) << key;
        }
    for (const auto& word : {order.sender.name, order.sender.address, order.recipient.phone})
        EXPECT_EQ(said_.find(word), std::string::npos) << word << " in " << said_;
}

TEST_P(Trials, WithoutAnAnswerStillTryToCancelAndNameWhatMayStand) {
    EXPECT_EQ(run({}, recording_.account), 1);
    EXPECT_GE(sent_.size(), 1U);
    EXPECT_NE(said_.find("may still stand"), std::string::npos) << said_;
    EXPECT_NE(said_.find(recorded(Operation::book).order.reference.value), std::string::npos);
}

TEST_P(Trials, ThatNeverReachedTheCourierEndAtOnce) {
    EXPECT_EQ(run({fail(ErrorKind::unavailable, "connect", "No connection.")}, recording_.account), 1);
    EXPECT_EQ(sent_.size(), 1U);
    EXPECT_EQ(said_.find("may still stand"), std::string::npos) << said_;
    EXPECT_NE(said_.find("base_url"), std::string::npos) << "what to look at";
}

TEST_P(Trials, WithAnIncompleteAccountSendNothing) {
    courier::Account account = recording_.account;
    account.settings.erase(recording_.required_settings.front());
    EXPECT_EQ(run({}, account), 1);
    EXPECT_TRUE(sent_.empty());
    EXPECT_NE(said_.find("FAIL"), std::string::npos);
}

TEST(MadeUpOrder, SaysToTheCourierThatItIsATest) {
    const auto order = made_up_order(Window{});
    EXPECT_NE(order.remark.find("测试"), std::string::npos);
    EXPECT_FALSE(order.sender.address.empty());
}

}  // namespace
}  // namespace returngate::commands
