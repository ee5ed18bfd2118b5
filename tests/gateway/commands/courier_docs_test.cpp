// docs/couriers.md is what others write tests against: its examples run, for every courier.
#include <algorithm>

#include "gateway/commands/courier_callback.hpp"
#include "gateway/commands/courier_order.hpp"
#include "gateway/configuration/account_file.hpp"
#include "tests/gateway/commands/recorded.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::commands {
namespace {

using courier::Operation;

const std::string& document() {
    static const std::string text = content_of(RETURNGATE_SOURCE_DIR "/docs/couriers.md");
    return text;
}

// What stands between "```LABEL" and the next "```".
std::string example(const std::string& label) {
    const std::string fence = "\n```" + label + "\n";
    const auto at = document().find(fence);
    if (at == std::string::npos) return "";
    const auto begin = at + fence.size();
    return document().substr(begin, document().find("\n```", begin) - begin);
}

class DocumentedCourier : public ::testing::TestWithParam<const courier::Courier*> {
protected:
    const courier::Courier& courier() const { return *GetParam(); }
    const std::string code_{GetParam()->profile().code};

    courier::Account account() const {
        const testing::TemporaryFolder folder;
        std::ofstream(folder.path() / "account.toml") << example("toml " + code_);
        auto account = configuration::load_account(folder.path() / "account.toml");
        EXPECT_TRUE(account) << account.error().message;
        return account.value_or(courier::Account{});
    }
};
INSTANTIATE_TEST_SUITE_P(Registry, DocumentedCourier, every_courier(), code_of);

TEST_P(DocumentedCourier, HasAnAccountThatSuffices) {
    ASSERT_NE(example("toml " + code_), "") << "docs/couriers.md shows no account file of " << code_;
    const auto checked = courier().check(account());
    EXPECT_TRUE(checked) << checked.error().message;
}

TEST_P(DocumentedCourier, TakesTheOrdersOfEveryOperationThatItOffers) {
    const courier::Moment moment{*parse_rfc3339("2026-01-10T06:00:00Z"), "nonce"};
    for (const Operation operation : courier().profile().offers) {
        const std::string order = example("json " + std::string(to_string(operation)));
        ASSERT_NE(order, "") << to_string(operation);
        const auto request = encode_order(courier(), account(), moment, operation, order);
        EXPECT_TRUE(request) << to_string(operation) << request.error().message;
    }
}

TEST_P(DocumentedCourier, HasItsKeysInTheTable) {
    const auto row_at = document().find("\n| `" + code_ + "` | `");
    ASSERT_NE(row_at, std::string::npos);
    const std::string row = document().substr(row_at, document().find('\n', row_at + 1) - row_at);
    for (const auto& [key, value] : conformance::load_recording(code_).account.settings)
        EXPECT_NE(row.find("`" + key + "`"), std::string::npos) << key;
}

std::string names_in(const json::Value& object) {
    std::string names;
    for (const auto& member : object.members()) names += member.name + " ";
    return names;
}

TEST(DocumentedAnswer, HasTheMembersOfARealOne) {
    const auto shown = json::parse(example("json answer"));
    ASSERT_TRUE(shown) << shown.error().message;
    const auto recording = conformance::load_recording("YTO");
    const auto answer = decode_callback(*courier::find_courier("YTO"), recording.account,
                                        recording.pushes.front().push, std::nullopt);
    const auto real = json::parse(answer.json);
    ASSERT_TRUE(real) << answer.json;
    EXPECT_EQ(names_in(*shown), names_in(*real));
    EXPECT_EQ(names_in((*shown)["events"].items()[0]), names_in((*real)["events"].items()[0]));
    EXPECT_EQ(names_in((*shown)["acknowledgement"]), names_in((*real)["acknowledgement"]));
}

}  // namespace
}  // namespace returngate::commands
