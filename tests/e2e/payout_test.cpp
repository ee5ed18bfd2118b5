// The payment provider on bad days: whatever becomes of its answers, each advance is paid once or reversed.
#include <gtest/gtest.h>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

struct BadDay {
    const char* name;
    const char* behaviour;
};

class ABadDayOfTheProvider : public ::testing::TestWithParam<BadDay> {};

TEST_P(ABadDayOfTheProvider, StillPaysExactlyOnce) {
    Scene scene;
    scene.script_provider(GetParam().behaviour);
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    const Timeline timeline = scene.timeline(id);
    EXPECT_EQ(timeline.count("advance.paid"), 1);
    EXPECT_EQ(timeline.count("advance.reversed"), 0);
    EXPECT_EQ(scene.provider_book()["payouts"].items().size(), 1U);
    EXPECT_EQ(scene.provider_attempts().members().size(), 1U) << "more than one key was sent";
    expect_square(scene);
}

INSTANTIATE_TEST_SUITE_P(
    Way, ABadDayOfTheProvider,
    ::testing::Values(BadDay{"executes_and_hangs_up", R"({"way":"execute_then_close"})"},
                      BadDay{"executes_and_keeps_silent", R"({"way":"execute_then_hang"})"},
                      BadDay{"executes_and_answers_502", R"({"way":"execute_then_fail"})"},
                      BadDay{"executes_and_answers_half", R"({"way":"execute_then_garble"})"},
                      BadDay{"hangs_up_before", R"({"way":"close_before"})"},
                      BadDay{"keeps_silent_before", R"({"way":"hang_before"})"},
                      BadDay{"answers_503_before", R"({"way":"fail_before"})"},
                      BadDay{"executes_and_answers_late", R"({"answer_delay_ms":1500})"},
                      BadDay{"does_not_know_it_at_first",
                             R"({"way":"execute_then_close","queries_not_found":2})"}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(ARejectedPayout, IsReversedAndTheLineIsFreeAgain) {
    Scene scene;
    scene.script_provider(R"({"way":"reject"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.reversed"));
    EXPECT_EQ(scene.get(As::buyer_app, "/v1/returns/" + id)["refund"]["verdict"].string(), "after_receipt");
    const auto entitlement = scene.get(As::buyer_app, "/v1/buyers/" + shopper.buyer + "/entitlement");
    EXPECT_EQ(entitlement["credit_line"]["open_fen"].integer(), 0);
    EXPECT_EQ(entitlement["credit_line"]["held_fen"].integer(), 0);
    EXPECT_TRUE(scene.provider_book()["payouts"].items().empty());
    expect_square(scene);
}

// Waits until the gateway's workers have seen a change of the money halt.
bool has_logged(Scene& scene, std::string_view word) {
    return testing::eventually([&] { return scene.gateway().log().find(word) != std::string::npos; });
}

TEST(AMoneyHalt, StopsPayoutsAndReleasingItResumesThem) {
    Scene scene;
    const auto halted = scene.call(As::operations, "POST", "/v1/operations/halts",
                                   {.body = R"({"halted":true,"reason":"drill"})"});
    ASSERT_EQ(halted.status, 201) << halted.body;
    ASSERT_TRUE(has_logged(scene, "payouts_stop"));
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "advance.committed"));
    ASSERT_TRUE(scene.comes_to(id, "parcel.delivered"));  // everything else goes on
    EXPECT_TRUE(scene.provider_attempts().members().empty());

    const auto released = scene.call(As::operations, "POST", "/v1/operations/halts",
                                     {.body = R"({"halted":false,"reason":"drill is over"})"});
    ASSERT_EQ(released.status, 201) << released.body;
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    EXPECT_EQ(scene.provider_book()["payouts"].items().size(), 1U);
    expect_square(scene);
}

TEST(AProviderThatAnswersForAnotherAmount, HaltsTheMoneyUntilAPersonReleasesIt) {
    Scene scene;
    scene.script_provider(R"({"way":"wrong_echo"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(testing::eventually(
        [&] { return scene.get(As::operations, "/v1/operations/halts")["halted"].boolean() == true; }));
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));  // asked again, the provider says what it really paid
    const auto released = scene.call(As::operations, "POST", "/v1/operations/halts",
                                     {.body = R"({"halted":false,"reason":"looked into"})"});
    EXPECT_EQ(released.status, 201) << released.body;
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
