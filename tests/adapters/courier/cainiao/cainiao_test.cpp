// Cainiao: computed vectors of its digest, and what the recordings in tests/conformance/cainiao cannot show.
#include "adapters/courier/cainiao/cainiao.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/envelope.hpp"

namespace returngate::courier {
namespace {

// The sample secret of Cainiao's signing page.
constexpr std::string_view kSecret = "8026ny111111111111";

Account account() {
    Account account;
    account.base_url = "https://cainiao.example";
    account.settings = {{"logistic_provider_id", "OUR_CODE"},
                        {"secret", std::string(kSecret)},
                        {"access_code", "AC_1"},
                        {"cn_account_id", "CN_ACC_1"}};
    return account;
}

Push push_of(std::string_view text, std::string_view digest) {
    Push push;
    push.request.method = "POST";
    push.request.body =
        http::encode_form({{"logistics_interface", std::string(text)}, {"data_digest", std::string(digest)}});
    return push;
}

Push signed_push(std::string_view text) {
    return push_of(text, md5_base64({text, kSecret}));
}

TrackingEvent event_of(const Account& at, std::string_view text) {
    return cainiao().decode_push(at, signed_push(text)).value().front();
}

// Computed with Python's hashlib: the page prints a secret and no digest.
TEST(CainiaoSignature, IsWhatAnotherToolComputes) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {R"({"testkey":"testkey","testdata":"testdata"})", "ZLOV/XD2b0EmB/fzigfxGg=="},
        {R"({"orderId":"5"})", "6Lmzuh7j/XLMxC2+BWYHyA=="},
        {"<request><orderId>1234567890123</orderId></request>", "RYt3P7t388JzI/z/+/MLtQ=="},
    };
    for (const auto& [text, digest] : rows) {
        EXPECT_TRUE(cainiao().authenticate(account(), push_of(text, digest))) << text;
        EXPECT_FALSE(cainiao().authenticate(account(), push_of(std::string(text) + " ", digest))) << text;
    }
}

TEST(CainiaoSignature, CoversTheRequestAsItIsSent) {
    const BookedOrder order(BookingReference{"R1"}, "1234567890123");
    const auto request = cainiao().encode_cancel(account(), Moment{}, order, "买家取消");
    ASSERT_TRUE(request);
    const auto form = http::parse_form(request->body);
    EXPECT_EQ(http::form_value(*form, "data_digest"), "/6fi9eLd7/zjGZpTlMDnFw==");
    EXPECT_EQ(request->target, "/gateway/link.do");
}

TEST(CainiaoSignature, APlusLostToASpaceIsForgivenInTheDigestOnly) {
    EXPECT_TRUE(cainiao().authenticate(account(), push_of(R"({"orderId":"5"})", "6Lmzuh7j/XLMxC2 BWYHyA==")));
    Account keyless = account();
    keyless.settings["secret"] = "";
    EXPECT_FALSE(cainiao().authenticate(keyless, push_of("{}", md5_base64({"{}"}))));
}

TEST(CainiaoAccount, RefusesWordsThatAreNoneOfOurs) {
    for (const char* words : {"GOT", "GOT=picked", "=collected", "GOT=collected,SIGN=delivered"}) {
        Account wrong = account();
        wrong.settings["statuses"] = words;
        EXPECT_EQ(cainiao().check(wrong).error().code, "bad_setting") << words;
    }
    Account wrong = account();
    wrong.settings["fee_unit"] = "jiao";
    EXPECT_FALSE(cainiao().check(wrong));
}

TEST(CainiaoBooking, IsCancelledFoundAndPolledByCainiaosOwnKeyOnly) {
    const BookedOrder keyless(BookingReference{"R1"});
    EXPECT_EQ(cainiao().encode_cancel(account(), {}, keyless, "x").error().code, "no_courier_key");
    EXPECT_EQ(cainiao().encode_find(account(), {}, keyless).error().code, "no_courier_key");
    EXPECT_EQ(cainiao().encode_track_booking(account(), {}, keyless, "").error().code, "no_waybill");
    EXPECT_TRUE(cainiao().encode_track_booking(account(), {}, BookedOrder({"R1"}, "77"), ""));
}

TEST(CainiaoBooking, ANumberAloneIsAskedForByItsTraces) {
    const auto request =
        cainiao().encode_track_booking(account(), {}, BookingReference{"R1"}, "YT0000000000011");
    ASSERT_TRUE(request);
    const auto form = http::parse_form(request->body);
    EXPECT_EQ(http::form_value(*form, "msg_type"), "guoguo.pickup.query.logistics.detail");
    EXPECT_EQ(http::form_value(*form, "logistics_interface"),
              R"({"request":{"mailNo":"YT0000000000011"},"accessOption":{"accessCode":"AC_1"}})");
}

// Decision: a callback whose words nobody confirmed moves nothing; its number counts.
TEST(CainiaoPush, WordsCountOnlyWhereTheAccountNamesThem) {
    constexpr std::string_view kTrace =
        R"({"mailNo":"YT0000000000011","traceDetail":{"actionCode":"GOT","time":"2026-01-10 14:35:10"}})";
    constexpr std::string_view kOrder =
        R"({"outOrderId":"RG1","orderId":"77","mailNo":"YT0000000000011","status":"400"})";
    EXPECT_EQ(event_of(account(), kTrace).status, TrackingStatus::unknown);
    EXPECT_EQ(event_of(account(), kOrder).status, TrackingStatus::unknown);
    EXPECT_EQ(event_of(account(), kOrder).waybill, "YT0000000000011");
    Account told = account();
    told.settings["statuses"] = "GOT=collected 400=collected";
    EXPECT_EQ(event_of(told, kTrace).status, TrackingStatus::collected);
    EXPECT_EQ(event_of(told, kOrder).status, TrackingStatus::collected);
}

TEST(CainiaoPush, WhatNamesNeitherBookingNorNumberIsUnreadable) {
    for (const std::string_view text :
         {R"({"orderId":"77","status":"400"})", R"({"mailNo":"YT0000000000011"})",
          R"({"mailNo":"YT1","traceDetail":{"actionCode":"GOT","time":"soon"}})"})
        EXPECT_EQ(cainiao().decode_push(account(), signed_push(text)).error().kind, ErrorKind::malformed)
            << text;
}

TEST(CainiaoDetail, TheFeeIsReadInTheUnitThatTheAccountNames) {
    http::Response response;
    response.body =
        R"({"success":true,"data":{"orderStatusCode":"400","packageInfo":{"mailNo":"YT0000000000011"},)"
        R"("payInfo":{"totalPrice":12.5},"latestLogisticsDetail":{"updateTime":"2026-01-10 14:35:10"}}})";
    const auto fee = [&response](const Account& at) {
        return cainiao().decode_track(at, "", response).value().front().fee_fen;
    };
    EXPECT_EQ(fee(account()), std::nullopt);
    Account told = account();
    told.settings["fee_unit"] = "yuan";
    EXPECT_EQ(fee(told), 1250);
    told.settings["fee_unit"] = "fen";
    EXPECT_EQ(fee(told), std::nullopt);  // half a fen is none
}

}  // namespace
}  // namespace returngate::courier
