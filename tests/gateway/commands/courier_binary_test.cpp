// The binary through standard input and output: bytes, exit codes, and who is told what.
#include <fstream>

#include "tests/gateway/commands/recorded.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::commands {
namespace {

using courier::Operation;
using testing::CommandEnd;
using testing::run_command;

class CourierBinary : public ::testing::TestWithParam<const courier::Courier*> {
protected:
    CourierBinary() { std::ofstream(account_) << account_toml(recording_.account); }
    CommandEnd run(std::vector<std::string> arguments, const std::string& input) const {
        arguments.insert(arguments.begin(), "courier");
        arguments.insert(arguments.end(), {"--account", account_});
        return run_command(arguments, input);
    }
    const std::string code_{GetParam()->profile().code};
    const conformance::Recording recording_ = conformance::load_recording(code_);
    const testing::TemporaryFolder folder_;
    const std::string account_ = (folder_.path() / "account.toml").string();
};
INSTANTIATE_TEST_SUITE_P(Registry, CourierBinary, every_courier(), code_of);

TEST_P(CourierBinary, WritesTheRecordedBooking) {
    const auto& recorded = recording_.operations.front();
    ASSERT_EQ(recorded.operation, Operation::book);
    const auto end = run({"encode", code_, "book", "--at", format_rfc3339(recorded.moment.now), "--nonce",
                          recorded.moment.nonce},
                         order_json(code_, Operation::book));
    EXPECT_EQ(end.code, 0) << end.errors;
    const std::string body = recorded.request.substr(recorded.request.find("\n\n") + 2);
    EXPECT_TRUE(
        end.output.ends_with("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body))
        << end.output;
    EXPECT_EQ(end.errors, "");
}

TEST_P(CourierBinary, DecodesTheRecordedCallbacks) {
    for (const auto& recorded : recording_.pushes) {
        const auto end = run({"decode", code_, "--at", format_rfc3339(recorded.push.received_at)},
                             raw(recorded.push.request));
        EXPECT_EQ(end.code, 0) << end.errors;
        const auto json = json::parse(end.output);
        ASSERT_TRUE(json) << end.output;
        EXPECT_EQ((*json)["events"].items().size(), recorded.expected["events"].items().size());
        EXPECT_EQ((*json)["acknowledgement"]["status"].integer(), 200);
    }
}

class CommandLine : public ::testing::Test {
protected:
    const conformance::Recording recording_ = conformance::load_recording("YTO");
    const testing::TemporaryFolder folder_;
    const std::string account_ = (folder_.path() / "account.toml").string();
    CommandLine() { std::ofstream(account_) << account_toml(recording_.account); }
};

TEST_F(CommandLine, AnswersARefusalWithExitZeroAndTheReasonOnStandardError) {
    http::Request push = recording_.pushes.front().push.request;
    push.body.replace(push.body.find("data_digest=") + 12, 1, "!");
    const auto end = run_command({"courier", "decode", "YTO", "--account", account_}, raw(push));
    EXPECT_EQ(end.code, 0);
    EXPECT_TRUE(end.output.starts_with(R"({"proof":"refused","events":[],"acknowledgement":{"status":401,)"))
        << end.output;
    EXPECT_NE(end.errors.find("bad_signature"), std::string::npos) << end.errors;
}

TEST_F(CommandLine, EndsWithTwoAndNothingOnStandardOutputWhenItIsUsedWrongly) {
    const std::vector<std::vector<std::string>> wrong{
        {"courier", "encode", "YTO", "book"},
        {"courier", "encode", "YTO", "book", "--account", account_ + ".missing"},
        {"courier", "encode", "YTO", "book", "--account", account_},
        {"courier", "encode", "YTO", "find", "--account", account_},
        {"courier", "encode", "YTO", "dance", "--account", account_},
        {"courier", "encode", "NOBODY", "book", "--account", account_},
        {"courier", "encode", "YTO", "track", "--account", account_, "--at", "yesterday"},
        {"courier", "decode", "YTO", "--account", account_},
        {"courier", "decode", "YTO", "--account", account_, "--booking", "{}"},
        {"courier", "try", "NOBODY"},
        {"courier", "dance"}};
    for (const auto& arguments : wrong) {
        const auto end = run_command(arguments, "");
        EXPECT_EQ(end.code, 2) << arguments.back() << end.errors;
        EXPECT_NE(end.errors, "");
    }
}

}  // namespace
}  // namespace returngate::commands
