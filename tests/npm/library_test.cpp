// What we sign, verified by the library that consumers use (npm standardwebhooks).
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "adapters/json/writer.hpp"
#include "adapters/webhook/signature.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::webhook {
namespace {

using ::testing::ElementsAre;

const Secret kOld = make_secret({1}, {2});
const Secret kNew = make_secret({0xff, 0xfe}, {0xfb, 0xfa});
const Message kMessage{
    "evt_5c0f6e2ad1b94c7f8a3e6d20419b7c55_7",
    R"({"type":"advance.paid","timestamp":"2026-01-10T07:20:00Z","data":{"note":"极速退款"}})"};

// The library holds the timestamp against its own clock.
Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string line(const Secret& secret, const Message& signed_message, const std::string& body,
                 const std::vector<Secret>& signed_with, Instant at) {
    http::Headers headers;
    add_headers(headers, signed_with, signed_message, at);
    json::Writer w;
    w.begin_object().member("secret", text_of(secret)).key("headers").begin_object();
    for (const auto& [name, value] : headers.fields) w.member(name, value);
    w.end_object().member("body", body).end_object();
    return w.take() + "\n";
}

std::vector<std::string> verdicts(const std::string& lines) {
    const testing::TemporaryFolder folder;
    const auto in = folder.path() / "in";
    const auto out = folder.path() / "out";
    std::ofstream(in) << lines;
    const std::string command = "node " RETURNGATE_SOURCE_DIR "/tests/npm/verify.mjs " RETURNGATE_BINARY_DIR
                                "/npm <" +
                                in.string() + " >" + out.string();
    const int status = std::system(command.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    std::vector<std::string> all;
    std::ifstream file(out);
    for (std::string verdict; std::getline(file, verdict);) all.push_back(verdict);
    return all;
}

TEST(ThePublishedLibrary, AcceptsWhatWeSign) {
    const Instant at = now();
    EXPECT_THAT(verdicts(line(kOld, kMessage, kMessage.body, {kOld}, at) +
                         line(kOld, kMessage, kMessage.body, {kNew, kOld}, at) +
                         line(kNew, kMessage, kMessage.body, {kNew, kOld}, at)),
                ElementsAre("ok", "ok", "ok"));
}

TEST(ThePublishedLibrary, RefusesAnotherBodyAnotherSecretAndAnotherTime) {
    const Instant at = now();
    EXPECT_THAT(verdicts(line(kOld, kMessage, kMessage.body + " ", {kOld}, at) +
                         line(kNew, kMessage, kMessage.body, {kOld}, at) +
                         line(kOld, kMessage, kMessage.body, {kOld}, at - std::chrono::minutes(6))),
                ElementsAre("No matching signature found", "No matching signature found",
                            "Message timestamp too old"));
}

}  // namespace
}  // namespace returngate::webhook
