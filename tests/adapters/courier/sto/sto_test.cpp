// STO: computed vectors, and what the recordings in tests/conformance/sto cannot show.
#include "adapters/courier/sto/sto.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/envelope.hpp"

namespace returngate::courier {
namespace {

Account account_with(const std::map<std::string, std::string>& more = {}) {
    Account account;
    account.base_url = "https://sto.example";
    account.settings = {
        {"from_appkey", "CAKdemo"}, {"from_code", "CAKdemoCode"}, {"secret_key", "sto-demo-secret"},
        {"order_source", "DEMO"},   {"site_code", "666666"},      {"customer_name", "666666000001"},
        {"site_password", "p"}};
    for (const auto& [key, value] : more) account.settings[key] = value;
    return account;
}

Push push_of(const std::string& content) {
    Push push;
    push.received_at = *parse_rfc3339("2026-01-10T08:00:00Z");
    push.request.body =
        http::encode_form({{"content", content}, {"data_digest", md5_base64({content, "sto-demo-secret"})}});
    return push;
}

// Digests of Python's hashlib. The third vector, a dispatch push, is a recording.
TEST(StoSignature, MatchesTheComputedVectors) {
    EXPECT_EQ(
        md5_base64(
            {R"({"billCode":"770000000000001","orderType":"02","orderSource":"DEMO","remark":"买家取消"})",
             "sto-demo-secret"}),
        "ifWaqAmaycFvHT2vCtpXyQ==");
    EXPECT_EQ(
        md5_base64({R"({"orderNo":"GW2026011000001","orderSource":"DEMO","billType":"00","orderType":"02"})",
                    "sto-demo-secret"}),
        "GJaKZGuSfYBIioww71Dtow==");
}

TEST(StoRequest, GoesToTheGatewaysPathWhetherTheBaseUrlNamesItOrNot) {
    Account account = account_with();
    const auto target = [&] { return sto().encode_track(account, {}, {}, "77").value().target; };
    EXPECT_EQ(target(), "/gateway/link.do");
    account.base_url = "https://sto.example/gateway/link.do";
    EXPECT_EQ(target(), "/gateway/link.do");
    account.base_url = "https://sto.example/sto/";
    EXPECT_EQ(target(), "/sto/gateway/link.do");
}

TEST(StoAccount, SettingsOutsideTheirListAreRefused) {
    for (const auto& [key, value] : {std::pair{"bill_type", "05"}, std::pair{"pay_model", "0"},
                                     std::pair{"battery", "none"}, std::pair{"unsigned_pushes", "yes"}})
        EXPECT_EQ(sto().check(account_with({{key, value}})).error().code, "bad_setting") << key;
    EXPECT_TRUE(sto().check(account_with()));
}

TEST(StoTrack, NeedsANumber) {
    EXPECT_EQ(sto().encode_track(account_with(), {}, {}, "").error().code, "no_waybill");
}

TEST(StoPush, BareJsonIsAHintAndOnlyWhereTheAccountSaysSo) {
    Push push;
    push.request.body = R"({"waybillNo":"770000000000001","trace":{"outBizCode":"b-1",)"
                        R"("opTime":"2026-01-10 16:20:00","scanType":"收件"}})";
    EXPECT_EQ(sto().authenticate(account_with(), push).error().code, "unsigned_push");
    const Account accepting = account_with({{"unsigned_pushes", "accept"}});
    EXPECT_EQ(sto().authenticate(accepting, push).value(), Proof::secret_url);
    EXPECT_EQ(sto().decode_push(accepting, push).value().front().status, TrackingStatus::collected);
    // A form is held to its signature all the same.
    Push form = push_of("{}");
    form.request.body += "x";
    EXPECT_FALSE(sto().authenticate(accepting, form));
}

TEST(StoPush, MembersAreFoundInLettersOfAnyCase) {
    const auto events = sto().decode_push(
        {}, push_of(R"({"Event":"ORDER_CANCEL_NOTIFY","CancelInfo":{"orderid":"GW1","BILLCODE":"77"}})"));
    ASSERT_TRUE(events);
    EXPECT_EQ(events->front().status, TrackingStatus::cancelled);
    EXPECT_EQ(events->front().booking_reference->value, "GW1");
    EXPECT_EQ(events->front().waybill, "77");
}

TEST(StoPush, TheSameStateWithOtherContentIsAnotherEvent) {
    const auto key_of = [](const std::string& person) {
        const auto events = sto().decode_push(
            {}, push_of(R"({"event":"ORDER_STATUS_CHANGE_NOTIFY","changeInfo":{"OrderId":"GW1","Status":"2",)"
                        R"("UserName":")" +
                        person + R"("}})"));
        return events.value().front().dedupe_key;
    };
    EXPECT_EQ(key_of("李师傅"), key_of("李师傅"));
    EXPECT_NE(key_of("李师傅"), key_of("王师傅"));
}

TEST(StoPush, UnreadableOnesAreQuarantinedNotGuessed) {
    for (const std::string text : {
             R"([])",
             R"({})",
             R"({"event":"ORDER_STATUS_CHANGE_NOTIFY"})",
             R"({"event":"ORDER_STATUS_CHANGE_NOTIFY","changeInfo":{"OrderId":"GW1"}})",
             R"({"event":"ORDER_STATUS_CHANGE_NOTIFY","changeInfo":{"Status":"5"}})",
             R"({"event":"ORDER_STATUS_CHANGE_NOTIFY","cancelInfo":{"OrderId":"GW1","Status":"5"}})",
             R"({"event":"ORDER_CANCEL_NOTIFY","cancelInfo":"GW1"})",
             R"({"event":"SOMETHING_NEW"})",
             R"({"trace":{"opTime":"2026-01-10 16:20:00","scanType":"收件"}})",
             R"({"waybillNo":"77","trace":{"opTime":"2026-01-10 16:20:00"}})",
             R"({"waybillNo":"77","trace":{"opTime":"yesterday","scanType":"收件"}})",
             R"({"waybillNo":"77","trace":[]})",
             R"({"SettleWeight":"1.30"})",
         }) {
        const auto events = sto().decode_push({}, push_of(text));
        ASSERT_FALSE(events) << text;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << text;
    }
}

}  // namespace
}  // namespace returngate::courier
