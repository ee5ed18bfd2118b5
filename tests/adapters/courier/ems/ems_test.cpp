// EMS: the published samples of its cipher, and what the recordings in tests/conformance/ems cannot show.
#include "adapters/courier/ems/ems.hpp"

#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/sm4.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kKey = "MDEyMzQ1Njc4OWFiY2RlZg==";

Account account() {
    Account account;
    account.base_url = "https://ems.example/";
    account.settings = {
        {"sender_no", "1100000000000"}, {"authorization", "A1"}, {"sign_key", std::string(kKey)}};
    return account;
}

std::string seal(std::string_view text, std::string_view key_text) {
    const auto key = crypto::sm4_key_from_base64(key_text);
    const std::string cipher = crypto::sm4_ecb_encrypt(key.value(), text);
    return "|$4|" + crypto::to_base64({reinterpret_cast<const std::uint8_t*>(cipher.data()), cipher.size()});
}

Push push_of(std::string_view sealed, std::string_view serial = "S1") {
    json::Writer w;
    w.begin_object().member("logitcsInterface", sealed).member("method", "040002");
    w.member("serialNo", serial).end_object();
    Push push;
    push.request.method = "POST";
    push.request.body = w.take();
    return push;
}

constexpr std::string_view kCollected =
    R"({"waybillNo":"1200000000011","orderNo":"RG1","opCode":"203","opTime":"2026-01-10 10:05:00"})";

// Samples of EMS's own documents and of a client beside them: the key's text stands behind the JSON.
TEST(EmsCipher, MatchesThePublishedSamples) {
    struct Row {
        std::string_view json;
        std::string_view key;
        std::string_view sealed;
    };
    constexpr Row kRows[] = {
        {R"({"language":"zh-CN","orderId":"QIAO-20200618-004"})", "TvaBgrhE46sft3nZlfe7xw==",
         "|$4|efB6PnjDpgHG4xfrvYlXonyBuMJoGTynkfasopHvbl2u3nmNeP+rznA3DyRwb/"
         "2GeZL7I3rL6HKD5+Tv3Uy6x8jIDISbYG8Bg14c"
         "aH2flYE="},
        {R"([{"wholeAddress":"ABC123"}])", "WjNoNmhXWE12SFZJdk0zWQ==",
         "|$4|slRLUixzb1DplJxnGKMG5tcXh0zH5Ry1qZAIemYxDc7VfSxow31WUmgLbzbJt996Ud/vpaVOMcwyqsLvQRXPaA=="},
    };
    for (const Row& row : kRows) EXPECT_EQ(seal(std::string(row.json).append(row.key), row.key), row.sealed);
}

// As openssl's command line has it.
TEST(EmsCipher, ACancellationIsWhatAnotherToolEncrypts) {
    const BookedOrder order(BookingReference{"RT20260110000001"}, "1200000000001");
    const Moment moment{*parse_rfc3339("2026-01-10T01:30:00Z"), "nonce"};
    const auto request = ems().encode_cancel(account(), moment, order, "buyer cancelled");
    ASSERT_TRUE(request) << request.error().message;
    const auto form = http::parse_form(request->body);
    EXPECT_EQ(
        http::form_value(*form, "logitcsInterface"),
        "|$4|HBUlITN8H6eM/Qyvnyp3BVRvhLxXfg9HLser1yWdWoDQhaZF+NhCfuBdCGYELvVODt4YMjQdBGbMwfRkEri4LNQHtmhUTukl"
        "fx79M03aU+d1oKRybaO7EBAIhNf/oyy/Nj6qaetTMSd7Ojt9/IuDbFNm90gymE5Dr3ZQKclGrHM=");
    EXPECT_EQ(request->path(), "/amp-prod-api/f/amp/api/open");
}

TEST(EmsAccount, TheTestEnvironmentHasAPathOfItsOwn) {
    Account test = account();
    test.base_url = "https://api.ems.com.cn/amp-prod-api/f/amp/api/test";
    const auto request = ems().encode_track(test, Moment{}, BookingReference{}, "1200000000011");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, "/amp-prod-api/f/amp/api/test");
}

TEST(EmsAccount, KeysAreSixteenBytesAndNotShownWhenTheyAreNot) {
    Account wrong = account();
    wrong.settings["sign_key"] = "c2hvcnQ=";
    const auto checked = ems().check(wrong);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, "bad_setting");
    EXPECT_EQ(checked.error().message.find("c2hvcnQ="), std::string::npos);
    EXPECT_FALSE(ems().encode_track(wrong, Moment{}, BookingReference{}, "1200000000011"));
}

TEST(EmsBooking, ACancellationWithoutTheNumberNamesOurReferenceAlone) {
    const auto request = ems().encode_cancel(account(), Moment{}, BookingReference{"RG1"}, "buyer cancelled");
    ASSERT_TRUE(request);
    const auto form = http::parse_form(request->body);
    EXPECT_EQ(
        http::form_value(*form, "logitcsInterface"),
        seal(R"({"logisticsOrderNo":"RG1","cancelReason":"buyer cancelled"})" + std::string(kKey), kKey));
}

TEST(EmsPush, CountsOnlyWhenItCanBeReadWithALiveKey) {
    const Push push = push_of(seal(kCollected, kKey));
    EXPECT_EQ(ems().authenticate(account(), push).value(), Proof::secret_url);
    Account rotated = account();
    rotated.settings["sign_key"] = "ZmVkY2JhOTg3NjU0MzIxMA==";
    EXPECT_EQ(ems().authenticate(rotated, push).error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(ems().decode_push(rotated, push).error().kind, ErrorKind::malformed);
    rotated.settings["sign_key_previous"] = kKey;
    EXPECT_TRUE(ems().authenticate(rotated, push));
    EXPECT_EQ(ems().decode_push(rotated, push).value().front().status, TrackingStatus::collected);
}

TEST(EmsPush, WhatIsNotSealedIsRefused) {
    const std::string sealed = seal(kCollected, kKey);
    for (const std::string& text :
         {std::string(), std::string(kCollected), sealed.substr(4), "|$3|" + sealed.substr(4),
          sealed.substr(0, sealed.size() - 4), seal("[]", kKey), seal("no json", kKey)})
        EXPECT_FALSE(ems().authenticate(account(), push_of(text))) << text;
}

TEST(EmsPush, ANumberAloneIsNoReferenceOfOurs) {
    const std::string theirs =
        R"({"waybillNo":"1200000000011","orderNo":"222105314900991","opCode":"203","opTime":"2026-01-10 10:05:00"})";
    EXPECT_FALSE(ems().decode_push(account(), push_of(seal(theirs, kKey))).value().front().booking_reference);
    EXPECT_TRUE(
        ems().decode_push(account(), push_of(seal(kCollected, kKey))).value().front().booking_reference);
}

TEST(EmsPush, TheSerialNumberIsEchoedOnlyAsAPlainWord) {
    const auto body = [](std::string_view serial) {
        return ems().acknowledge(account(), push_of("", serial), AckOutcome::taken).body;
    };
    EXPECT_EQ(body("S-1"),
              R"({"serialNo":"S-1","code":"00000","codeMessage":"","senderNo":"1100000000000"})");
    EXPECT_EQ(body("<b>"), R"({"serialNo":"","code":"00000","codeMessage":"","senderNo":"1100000000000"})");
}

}  // namespace
}  // namespace returngate::courier
