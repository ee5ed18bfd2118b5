// Callbacks as couriers really send them: twice, in the wrong order, too early, unreadable, and from
// somebody else.
#include <gtest/gtest.h>

#include "tests/e2e/books.hpp"
#include "tests/e2e/pushes.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {
namespace {

using testing::GatewaySecrets;

struct Habit {
    const char* name;
    const char* courier;
    const char* behaviour;
};

class CallbackHabits : public ::testing::TestWithParam<Habit> {};

TEST_P(CallbackHabits, HaveTheSameEndAsGoodManners) {
    const Habit habit = GetParam();
    Scene scene({.first = habit.courier});
    scene.script(habit.courier, "book", habit.behaviour);
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    scene.receive_and_recover(shopper, id);
    ASSERT_TRUE(scene.comes_to(id, "return.closed"));
    const Timeline timeline = scene.timeline(id);
    for (const char* type : {"pickup.accepted", "pickup.collected", "waybill.accepted", "advance.committed",
                             "advance.paid", "parcel.delivered"})
        EXPECT_EQ(timeline.count(type), 1) << type << " in:" << timeline.words();
    expect_one_live_booking_each(scene);
    expect_square(scene);
}

INSTANTIATE_TEST_SUITE_P(
    Courier, CallbackHabits,
    ::testing::Values(
        Habit{"repeats_each_three_times", "YTO", R"({"callback_copies":3})"},
        Habit{"repeats_each_three_times", "SF", R"({"callback_copies":3})"},
        Habit{"repeats_each_three_times", "KUAIDI100", R"({"callback_copies":3})"},
        Habit{"swaps_neighbours", "YTO", R"({"swaps_callbacks":true})"},
        Habit{"swaps_neighbours", "SF", R"({"swaps_callbacks":true})"},
        Habit{"swaps_neighbours", "KUAIDI100", R"({"swaps_callbacks":true})"},
        Habit{"calls_before_it_answers", "YTO", R"({"calls_back_first":true,"answer_delay_ms":200})"},
        Habit{"calls_before_it_answers", "SF", R"({"calls_back_first":true,"answer_delay_ms":200})"},
        Habit{"calls_before_it_answers", "KUAIDI100", R"({"calls_back_first":true,"answer_delay_ms":200})"},
        Habit{"tells_the_number_by_callback_only", "YTO", R"({"waybill":"later"})"},
        Habit{"tells_the_number_by_callback_only", "SF", R"({"waybill":"later"})"},
        Habit{"tells_the_number_by_callback_only", "KUAIDI100", R"({"waybill":"later"})"},
        Habit{"sends_garbage_before_each", "YTO", R"({"sends_garbage":true})"},
        Habit{"sends_garbage_before_each", "SF", R"({"sends_garbage":true})"},
        Habit{"sends_garbage_before_each", "KUAIDI100", R"({"sends_garbage":true})"},
        Habit{"is_forged_along_the_way", "YTO", R"({"sends_forgery":true})"},
        Habit{"is_forged_along_the_way", "KUAIDI100", R"({"sends_forgery":true})"}),
    [](const auto& parameter) { return std::string(parameter.param.courier) + "_" + parameter.param.name; });

TEST(Callbacks, ThatCannotBeReadAreKeptForAPersonAndCanBeReplayed) {
    Scene scene;
    const std::string cut = yto_form("<UpdateInfo><mailNo>YT88", GatewaySecrets{}.yto_push);
    const auto taken = scene.call_back("YTO", kYtoPushType, cut);
    EXPECT_EQ(taken.status, 200);
    EXPECT_NE(taken.body.find("<success>true</success>"), std::string::npos) << taken.body;

    const auto listed = scene.get(As::operations, "/v1/operations/quarantine?state=quarantined");
    ASSERT_EQ(listed["callbacks"].items().size(), 1U);
    const std::string id(listed["callbacks"].items()[0]["quarantine_id"].string().value_or(""));
    EXPECT_EQ(listed["callbacks"].items()[0]["courier"].string(), "YTO");
    const auto replayed = scene.call(As::operations, "POST", "/v1/operations/quarantine/" + id + "/replay");
    EXPECT_EQ(replayed.status, 200) << replayed.body;
    EXPECT_EQ(json::parse(replayed.body)->operator[]("state").string(), "quarantined");
    EXPECT_EQ(
        scene.get(As::operations, "/v1/operations/quarantine?state=quarantined")["callbacks"].items().size(),
        1U);
}

TEST(Callbacks, AboutANumberNobodyKnowsYetAreParkedAndBoundWhenItArrives) {
    Scene scene;
    // Nothing but the number: YTO may leave our reference out.
    scene.script("YTO", "book", R"({"hold_before":"accepted","answer_delay_ms":400})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(testing::eventually([&] { return !scene.only_parcel("YTO").is_null(); }));
    const auto parcel = scene.only_parcel("YTO");
    const std::string number(*parcel["waybill"].string());
    const std::string early = yto_push("", number, "GOT", scene_now(), GatewaySecrets{}.yto_push);
    EXPECT_EQ(scene.call_back("YTO", kYtoPushType, early).status, 200);
    // Bound when the booking's answer brings the number; YTO is asked, since what was parked lost its proof.
    scene.advance("YTO", std::string(*parcel["reference"].string()), "collected");
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    Books books(scene.dsn());
    EXPECT_TRUE(testing::eventually([&] {
        return books.number("SELECT count(*) FROM quarantine WHERE state IN ('parked', 'quarantined')") == 0;
    }));
    expect_square(scene);
}

TEST(Callbacks, WithAWrongSignatureAreRefusedInTheCouriersOwnBodyAndChangeNothing) {
    Scene scene;
    scene.script("YTO", "book", R"({"hold_before":"collected"})");
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "pickup.accepted"));
    const auto parcel = scene.only_parcel("YTO");
    const std::string forged = yto_push(*parcel["reference"].string(), *parcel["waybill"].string(), "GOT",
                                        scene_now(), "somebody else's secret");
    const auto refused = scene.call_back("YTO", kYtoPushType, forged);
    EXPECT_EQ(refused.status, 401);
    EXPECT_TRUE(refused.body.starts_with("<Response>")) << refused.body;
    EXPECT_NE(refused.body.find("<success>false</success>"), std::string::npos) << refused.body;
    EXPECT_EQ(scene.timeline(id).count("pickup.collected"), 0);
    EXPECT_TRUE(scene.get(As::operations, "/v1/operations/quarantine")["callbacks"].items().empty());
    expect_square(scene);
}

TEST(Callbacks, ToAWrongTokenFindNothing) {
    Scene scene;
    std::string target = scene.callback_target("YTO");
    target.back() = target.back() == '0' ? '1' : '0';
    const std::string body = yto_push("RG00AAAAAAAAAAAAAAAAAAAAAAAA", "YT8830417529604", "GOT", scene_now(),
                                      GatewaySecrets{}.yto_push);
    const testing::PlainRequest push{
        scene.gateway().port(), "POST", target, {{"Content-Type", std::string(kYtoPushType)}}, body};
    EXPECT_EQ(testing::send_plain(push).status, 404);
    // Another courier's token opens nothing, either.
    auto swapped = push;
    swapped.target = scene.callback_target("SF");
    swapped.target.replace(swapped.target.find("/SF/"), 4, "/YTO/");
    EXPECT_EQ(testing::send_plain(swapped).status, 404);
}

}  // namespace
}  // namespace returngate::e2e
