// Plain words for every event and every rule, in both languages.
#include "gateway/api/timeline_words.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "tests/gateway/api/house.hpp"
#include "tests/support/story.hpp"

namespace returngate::api {
namespace {

using ::testing::HasSubstr;

std::string said(Language language, std::string_view type, std::string_view facts) {
    const auto parsed = json::parse(facts);
    return parsed ? event_words(language, type, *parsed) : "no JSON";
}

TEST(TimelineWords, FillInAmountsInstantsAndWords) {
    const std::string applied = R"({"amount_fen":12905,"approval":"automatic","refund":"advance"})";
    EXPECT_EQ(said(Language::en, "return.applied", applied),
              "The buyer applied for a return of CNY 129.05: approval automatic, refund in advance.");
    EXPECT_EQ(said(Language::zh_cn, "return.applied", applied),
              "买家申请退货，金额129.05元；审核方式：自动通过，退款方式：先行垫付。");
    const std::string notified =
        R"({"amount_fen":9900,"reason":"not_collected","repay_by":"2026-01-19T07:00:00Z"})";
    EXPECT_EQ(
        said(Language::en, "clawback.notified", notified),
        "The buyer is asked to pay CNY 99.00 back by 2026-01-19 15:00: no courier collected the parcel.");
    EXPECT_EQ(said(Language::zh_cn, "clawback.notified", notified),
              "通知买家在2026-01-19 15:00前退还99.00元：快递公司未揽收。");
}

TEST(TimelineWords, LeaveOutWhatWasNotSaid) {
    EXPECT_EQ(said(Language::en, "receipt.disputed", R"({"fault":""})"), "The seller disputes the parcel.");
    EXPECT_EQ(said(Language::en, "receipt.disputed", R"({"fault":"empty"})"),
              "The seller disputes the parcel: empty parcel.");
    EXPECT_EQ(said(Language::en, "return.approved", R"({"by":"seller","amount_fen":1})"),
              "The return of CNY 0.01 was approved by the seller.");
    EXPECT_EQ(said(Language::en, "no.such_event", "{}"), "");
}

// The types stand in the source as texts like "return.applied".
std::set<std::string> types_in_the_source() {
    std::set<std::string> types;
    const std::regex type(
        "\"((?:courier|return|pickup|waybill|advance|refund|clawback|parcel|receipt|intervention)\\.[a-z_]+)"
        "\"");
    for (const auto* folder : {"src/returns", "src/advance"}) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(RETURNGATE_SOURCE_DIR) / folder)) {
            if (entry.path().extension() != ".cpp") continue;
            std::ifstream in(entry.path());
            const std::string text{std::istreambuf_iterator<char>(in), {}};
            for (std::sregex_iterator found(text.begin(), text.end(), type), end; found != end; ++found)
                types.insert((*found)[1]);
        }
    }
    return types;
}

TEST(TimelineWords, AreThereForEveryEventThatIsNoted) {
    const auto types = types_in_the_source();
    EXPECT_GT(types.size(), 30U);
    for (const auto& type : types) {
        EXPECT_NE(said(Language::en, type, "{}"), "") << type << ": add it to gateway/api/timeline_words.cpp";
        EXPECT_NE(said(Language::zh_cn, type, "{}"), said(Language::en, type, "{}")) << type;
    }
}

TEST(TimelineWords, AreThereForEveryRuleOfAnApplication) {
    auto story = test::Story::of_buyer(4, 9900);
    const auto record = story.must(test::an_application()).application.value();
    auto unshipped = test::Story::of_buyer(4, 9900);
    unshipped.file.order->state = "paid";
    auto application = test::an_application();
    application.is_unshipped = true;
    const auto other = unshipped.must(application).application.value();
    for (const auto* rules : {&record.approval_rules, &record.refund_rules, &other.approval_rules}) {
        for (const auto& rule : *rules) {
            for (const auto language : {Language::en, Language::zh_cn}) {
                EXPECT_NE(rule_words(language, rule.name, true), "") << rule.name;
                EXPECT_NE(rule_words(language, rule.name, true), rule_words(language, rule.name, false));
            }
        }
    }
}

TEST(TimelineWords, FollowTheLanguageThatIsWantedMost) {
    EXPECT_EQ(preferred_language(""), Language::en);
    EXPECT_EQ(preferred_language("zh-CN,zh;q=0.9,en;q=0.8"), Language::zh_cn);
    EXPECT_EQ(preferred_language("en-GB, zh-CN;q=0.5"), Language::en);
    EXPECT_EQ(preferred_language("fr, zh;q=0.2, en;q=0.1"), Language::zh_cn);
    EXPECT_EQ(preferred_language("zh;q=0, de"), Language::en);
    EXPECT_EQ(preferred_language(",,;q=,zh;q=abc,enx"), Language::en);
    EXPECT_EQ(parse_language("ZH-Hans-CN"), Language::zh_cn);
    EXPECT_EQ(parse_language("z"), std::nullopt);
}

TEST(Timeline, SaysWhatHappenedAndWhyInPlainWords) {
    House house;
    house.put_master_data();
    const std::string path = "/v1/returns/" + house.apply() + "/timeline";
    const auto chinese = house.ask(Caller::buyer_app, "GET", path + "?lang=zh-CN");
    ASSERT_EQ(chinese.status, 200) << chinese.body;
    EXPECT_EQ(chinese.header("Content-Language"), "zh-CN");
    EXPECT_THAT(std::string(body_of(chinese)["events"].items()[0]["text"].string().value_or("")),
                HasSubstr("买家申请退货，金额129.50元"));
    const auto english = body_of(house.ask(Caller::auditor, "GET", path));
    EXPECT_EQ(english["decision"]["policy_version"].integer(), 1);
    const auto& rule = english["decision"]["approval_rules"].items()[0];
    EXPECT_EQ(rule["name"].string(), "stars_at_least");
    EXPECT_EQ(rule["text"].string(), "passed: the buyer has enough trust stars");
    EXPECT_EQ(house.ask(Caller::auditor, "GET", path + "?lang=fr").status, 422);
}

}  // namespace
}  // namespace returngate::api
