// YTO: printed vectors, and what the recordings in tests/conformance/yto cannot show.
#include "adapters/courier/yto/yto.hpp"

#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {
namespace {

Push push_of(std::string_view xml, std::string_view secret) {
    Push push;
    push.request.method = "POST";
    push.request.body = http::encode_form({{"logistics_interface", std::string(xml)},
                                           {"data_digest", crypto::to_base64(crypto::md5({xml, secret}))}});
    return push;
}

Account account_with(std::string_view secret) {
    Account account;
    account.base_url = "https://yto.example";
    account.settings["secret"] = secret;
    return account;
}

std::string update(std::string_view inside) {
    return "<UpdateInfo><infoType>STATUS</infoType>" + std::string(inside) + "</UpdateInfo>";
}

TEST(YtoSignature, MatchesThePublishedAndTheComputedVectors) {
    const auto digest = [](std::initializer_list<std::string_view> parts) {
        return crypto::to_base64(crypto::md5(parts));
    };
    EXPECT_EQ(digest({"opentest", "123456"}), "YLstCNa3x8ijQx16e/jqOA==");
    EXPECT_EQ(digest({"<order></order>", "123456"}), "LghTkEmsD2tbQ3fsIBRcBg==");
    EXPECT_EQ(digest({R"({"channelCode":"TEST_STD","logisticsNo":"GW2026011000001"})", "order_create_adapter",
                      "v2", "yto-demo-secret"}),
              "3si3wsd0R9aAS9JiJy64uw==");
    // The vectors of cancel, track and the GOT push are recordings.
}

TEST(YtoPush, PublishedExampleAuthenticates) {
    Push push;
    push.request.body =
        "logistics_interface=%3Corder%3E%3C%2Forder%3E&data_digest=LghTkEmsD2tbQ3fsIBRcBg%3D%3D";
    EXPECT_EQ(yto().authenticate(account_with("123456"), push).value(), Proof::weak_signature);
    EXPECT_EQ(yto().decode_push(account_with("123456"), push).error().kind, ErrorKind::malformed);
}

TEST(YtoPush, APlusLostToASpaceIsForgivenInTheDigestOnly) {
    // A payload whose digest has a plus, as a sender writes it that forgets to encode the plus.
    std::string xml;
    std::string digest;
    for (int i = 0; digest.find('+') == digest.npos; ++i) {
        xml = "<UpdateInfo><mailNo>YT" + std::to_string(i) + "+1</mailNo></UpdateInfo>";
        digest = crypto::to_base64(crypto::md5({xml, "s"}));
    }
    Push careless;
    careless.request.body =
        "logistics_interface=" + http::encode_form_component(xml) + "&data_digest=" + digest;
    EXPECT_TRUE(yto().authenticate(account_with("s"), careless));
    careless.request.body =
        "logistics_interface=" + xml + "&data_digest=" + http::encode_form_component(digest);
    EXPECT_FALSE(yto().authenticate(account_with("s"), careless));
}

TEST(YtoPush, AnEmptySecretNeverAuthenticates) {
    EXPECT_FALSE(yto().authenticate(account_with(""), push_of("<a/>", "")));
}

TEST(YtoPush, RepeatedFieldsAreRefused) {
    Push push = push_of("<a/>", "s");
    push.request.body += "&logistics_interface=%3Cb%2F%3E";
    EXPECT_FALSE(yto().authenticate(account_with("s"), push));
}

TEST(YtoPush, AcceptTimeIsReadWithFractionsAndZone) {
    for (const std::string_view time : {"2026-01-10 15:20:00", "2026-01-10 15:20:00.000",
                                        "2026-01-10 15:20:00+08:00", "2026-01-10 07:20:00Z"}) {
        const std::string xml = update("<mailNo>YT1</mailNo><infoContent>GOT</infoContent><acceptTime>" +
                                       std::string(time) + "</acceptTime>");
        const auto events = yto().decode_push({}, push_of(xml, "s"));
        ASSERT_TRUE(events) << time;
        EXPECT_EQ(format_rfc3339(events->front().occurred_at), "2026-01-10T07:20:00Z") << time;
    }
}

TEST(YtoPush, UnreadableOnesAreQuarantinedNotGuessed) {
    const std::string_view kTime = "<acceptTime>2026-01-10 15:20:00</acceptTime>";
    const std::string rows[] = {
        "<Other/>",
        update(kTime),
        update("<infoContent>GOT</infoContent>" + std::string(kTime)),
        update("<mailNo>YT1</mailNo><infoContent>GOT</infoContent><acceptTime>yesterday</acceptTime>"),
        update("<mailNo>YT1</mailNo><infoContent>GOT</infoContent>"),
        update("<mailNo>" + std::string(65, '1') + "</mailNo><infoContent>GOT</infoContent>" +
               std::string(kTime)),
        "<!DOCTYPE a>" + update("<mailNo>YT1</mailNo><infoContent>GOT</infoContent>" + std::string(kTime)),
    };
    for (const std::string& xml : rows) {
        const auto events = yto().decode_push({}, push_of(xml, "s"));
        ASSERT_FALSE(events) << xml;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << xml;
    }
}

TEST(YtoPush, OnlyStatusPushesSayAStatus) {
    const auto events = yto().decode_push(
        {}, push_of("<UpdateInfo><infoType>OTHER</infoType><mailNo>YT1</mailNo><infoContent>GOT</infoContent>"
                    "<acceptTime>2026-01-10 15:20:00</acceptTime></UpdateInfo>",
                    "s"));
    ASSERT_TRUE(events);
    EXPECT_EQ(events->front().status, TrackingStatus::unknown);
}

TEST(YtoPush, AcknowledgementNeverEchoesMarkup) {
    const Push push = push_of("<UpdateInfo><txLogisticID>&lt;x&gt;</txLogisticID></UpdateInfo>", "s");
    EXPECT_EQ(yto().acknowledge({}, push, AckOutcome::taken).body,
              "<Response><logisticProviderID>YTO</logisticProviderID><txLogisticID></txLogisticID>"
              "<success>true</success></Response>");
}

TEST(YtoAccount, PathsMustNameTheirInterface) {
    Account account = account_with("s");
    account.settings["book_path"] = "/open/privacy_create_adapter/v1/AbCdEf/K21000000";
    account.settings["cancel_path"] = "/open/korder_cancel_adapter/v1/AbCdEf/K21000000";
    account.settings["track_path"] = "/open/track_query_adapter/v1/AbCdEf/K21000000";
    EXPECT_TRUE(yto().check(account));
    for (const std::string_view wrong :
         {"", "/open/korder_cancel_adapter/v1/AbCdEf/K21000000",
          "open/privacy_create_adapter/v1/AbCdEf/K21000000", "/open/privacy_create_adapter/v1/AbCdEf",
          "/open/privacy_create_adapter/v1/AbCdEf/K2 1", "/"}) {
        account.settings["book_path"] = wrong;
        EXPECT_EQ(yto().check(account).error().code, "bad_setting") << wrong;
    }
}

TEST(YtoRequest, InterfacesMayHaveSecretsOfTheirOwn) {
    Account account = account_with("yto-demo-secret");
    account.settings["track_path"] = "/open/track_query_adapter/v1/AbCdEf/K21000000";
    const auto body = [&] { return yto().encode_track(account, {}, {}, "YT0000000000001").value().body; };
    EXPECT_NE(body().find("DhjPL+J8WIyKp+hRUMvkmg=="), std::string::npos);
    account.settings["track_secret"] = "other";
    EXPECT_EQ(body().find("DhjPL+J8WIyKp+hRUMvkmg=="), std::string::npos);
    EXPECT_EQ(yto().encode_track(account, {}, {}, "").error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace returngate::courier
