// Courier callbacks over HTTP: URL secret, signature, binding, repeats, quarantine and replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "gateway/pipeline/ports.hpp"
#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

using ::testing::HasSubstr;

constexpr const char* kForm = "application/x-www-form-urlencoded; charset=UTF-8";
const std::string kPickupNow = R"(,"pickup":{"now":true,"contact":)" + std::string(kContact) + "}";
// Of the form YT + 13 digits.
constexpr const char* kWaybill = "YT2500000000017";

// Signed as YTO's document says: Base64(MD5(logistics_interface + secret)).
std::string signed_xml(const std::string& xml, std::string_view secret = kYtoPushSecret) {
    return http::encode_form({{"logistics_interface", xml},
                              {"data_digest", crypto::to_base64(crypto::md5({xml, secret}))},
                              {"clientId", "K21000000"},
                              {"type", "online"}});
}

std::string today_at(std::string_view time) {
    return format_shanghai(SystemClock().now()).substr(0, 11) + std::string(time);
}

std::string push_at(const std::string& reference, const std::string& word, const std::string& time) {
    return signed_xml("<UpdateInfo><mailNo>" + std::string(kWaybill) + "</mailNo><txLogisticID>" + reference +
                      "</txLogisticID><infoType>STATUS</infoType><infoContent>" + word +
                      "</infoContent><acceptTime>" + time + "</acceptTime></UpdateInfo>");
}

std::string push(const std::string& reference, const std::string& word, const std::string& more = "",
                 std::string_view secret = kYtoPushSecret, const std::string& waybill = kWaybill) {
    return signed_xml("<UpdateInfo><logisticProviderID>YTO</logisticProviderID><mailNo>" + waybill +
                          "</mailNo>" +
                          (reference.empty() ? "" : "<txLogisticID>" + reference + "</txLogisticID>") +
                          "<infoType>STATUS</infoType><infoContent>" + word + "</infoContent><acceptTime>" +
                          today_at("23:59:00") + "</acceptTime>" + more + "</UpdateInfo>",
                      secret);
}

testing::PlainAnswer send(House& house, const std::string& body, std::string_view token = kYtoToken) {
    return house.nobody("POST", "/v1/couriers/YTO/callbacks/" + std::string(token),
                        {.body = body, .content_type = kForm});
}

class Callbacks : public ::testing::Test {
protected:
    void SetUp() override {
        house_.put_master_data();
        return_id_ = house_.apply(kPickupNow);
        reference_ = house_.booking_reference();
        ASSERT_FALSE(reference_.empty());
    }
    [[nodiscard]] std::string quarantined() {
        return house_.database().text(
            "SELECT string_agg(state || ':' || reason, ' ' ORDER BY received_at) FROM quarantine");
    }
    // Of the only one there is.
    [[nodiscard]] json::Value replay() {
        const std::string id =
            "qua_" + house_.database().text("SELECT replace(quarantine_id::text, '-', '') FROM quarantine");
        return body_of(house_.ask(Caller::operations, "POST", "/v1/operations/quarantine/" + id + "/replay"));
    }

    House house_;
    std::string return_id_;
    std::string reference_;
};

TEST_F(Callbacks, ReachTheReturnThatTheyAreAbout) {
    const auto answer = send(house_, push(reference_, "ACCEPT"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("<success>true</success>"));
    EXPECT_EQ(house_.database().text("SELECT status FROM booking"), "accepted");
    EXPECT_EQ(house_.database().number(
                  "SELECT count(*) FROM inbox WHERE source = 'YTO' AND proof = 'weak_signature'"),
              1);
    EXPECT_EQ(quarantined(), "");
}

TEST_F(Callbacks, CommitTheAdvanceWhenTheParcelIsCollected) {
    EXPECT_EQ(send(house_, push(reference_, "GOT")).status, 200);
    EXPECT_EQ(house_.database().text("SELECT state FROM advance"), "committed");
    EXPECT_EQ(house_.database().number("SELECT open_fen FROM credit_line"), 12950);
    const json::Value entitlement =
        body_of(house_.ask(Caller::buyer_app, "GET", "/v1/buyers/buyer-1/entitlement"));
    ASSERT_EQ(entitlement["open_advances"].items().size(), 1U);
    EXPECT_EQ(entitlement["open_advances"].items()[0]["amount_fen"].integer(), 12950);
}

TEST_F(Callbacks, ToAWrongUrlFindNothing) {
    EXPECT_EQ(send(house_, push(reference_, "GOT"), "wrongToken0123456789abcdef0123456").status, 404);
    EXPECT_EQ(house_
                  .nobody("POST", "/v1/couriers/ACME/callbacks/" + std::string(kYtoToken),
                          {.body = "x", .content_type = kForm})
                  .status,
              404);
    EXPECT_EQ(house_.nobody("GET", "/v1/couriers/YTO/callbacks/" + std::string(kYtoToken)).status, 405);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
}

TEST_F(Callbacks, WithABadSignatureAreRefusedInTheCouriersOwnBody) {
    const auto answer = send(house_, push(reference_, "GOT", "", "another-secret"));
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(answer.body, HasSubstr("<success>false</success>"));
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
    EXPECT_EQ(quarantined(), "");
}

TEST_F(Callbacks, OfAFurtherAccountAreProvedByItsSecretsAndAreAboutItsBookings) {
    house_.database().run("UPDATE booking SET account = 'south'");
    const auto south_signed = push(reference_, "ACCEPT", "", kYtoSouthPushSecret);
    EXPECT_EQ(send(house_, south_signed).status, 401) << "the first account's URL, another account's secret";
    EXPECT_EQ(send(house_, push(reference_, "ACCEPT"), kYtoSouthToken).status, 401);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
    EXPECT_EQ(send(house_, push(reference_, "ACCEPT")).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:account_mismatch") << "well signed, and not its booking";
    EXPECT_EQ(house_.database().text("SELECT status FROM booking"), "placing");
    EXPECT_EQ(send(house_, south_signed, kYtoSouthToken).status, 200);
    EXPECT_EQ(house_.database().text("SELECT status FROM booking"), "accepted");
}

TEST_F(Callbacks, OfAFurtherAccountAreTakenAgainByThatAccount) {
    const auto south_signed = push(reference_, "ACCEPT", "", kYtoSouthPushSecret);
    EXPECT_EQ(send(house_, south_signed, kYtoSouthToken).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:account_mismatch");
    house_.database().run("UPDATE booking SET account = 'south'");
    EXPECT_EQ(replay()["state"].string(), "bound");
    EXPECT_EQ(house_.database().text("SELECT status FROM booking"), "accepted");
}

TEST_F(Callbacks, TellTheBuyerWhoComesAndNobodyElse) {
    const std::string person = "<empName>李师傅</empName><contactInfo>13700001234</contactInfo>";
    EXPECT_EQ(send(house_, push(reference_, "ACCEPT", person)).status, 200);
    const std::string target = "/v1/returns/" + return_id_;
    for (const Caller caller : {Caller::buyer_app, Caller::operations}) {
        const json::Value shown = body_of(house_.ask(caller, "GET", target));
        EXPECT_EQ(shown["pickup"]["courier_person"]["name"].string(), "李师傅");
        EXPECT_EQ(shown["pickup"]["courier_person"]["phone"].string(), "***1234");
    }
    for (const Caller caller : {Caller::seller, Caller::auditor, Caller::platform}) {
        const auto answer = house_.ask(caller, "GET", target);
        EXPECT_EQ(answer.body.find("courier_person"), answer.body.npos) << to_string(caller);
    }
    const auto timeline = house_.ask(Caller::buyer_app, "GET", target + "/timeline");
    EXPECT_THAT(timeline.body, HasSubstr("pickup.courier_named"));
    EXPECT_EQ(timeline.body.find("0001234"), timeline.body.npos);
    EXPECT_EQ(timeline.body.find("李师傅"), timeline.body.npos);
    EXPECT_EQ(house_.database().text("SELECT name FROM contact WHERE kind = 'courier'"), "李师傅");
}

TEST_F(Callbacks, OfTheCollectionWriteNobodyDown) {
    const std::string person = "<empName>李师傅</empName><contactInfo>13700001234</contactInfo>";
    EXPECT_EQ(send(house_, push(reference_, "GOT", person)).status, 200);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM contact WHERE kind = 'courier'"), 0);
}

TEST_F(Callbacks, SentAgainHaveNoSecondEffect) {
    const std::string body = push(reference_, "GOT");
    EXPECT_EQ(send(house_, body).body, send(house_, body).body);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 1);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 1);
    EXPECT_EQ(quarantined(), "");
}

TEST_F(Callbacks, WithTheSameIdAndAnotherBodyAreASecurityMatter) {
    EXPECT_EQ(send(house_, push(reference_, "GOT")).status, 200);
    EXPECT_EQ(send(house_, push(reference_, "GOT", "<weight>9.9</weight>")).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:same_id_other_body");
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 1);
}

TEST_F(Callbacks, OfAnUnknownBookingAreQuarantined) {
    EXPECT_EQ(send(house_, push("RG00" + std::string(24, 'A'), "GOT")).status, 200);
    EXPECT_EQ(send(house_, push("SOMEBODYELSES", "GOT")).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:booking_unknown quarantined:reference_is_not_ours");
}

TEST_F(Callbacks, ThatAreAuthenticAndUnreadableAreKept) {
    const std::string xml = "<UpdateInfo><broken>";
    const std::string body =
        http::encode_form({{"logistics_interface", xml},
                           {"data_digest", crypto::to_base64(crypto::md5({xml, kYtoPushSecret}))}});
    EXPECT_EQ(send(house_, body).status, 200);
    EXPECT_THAT(quarantined(), ::testing::StartsWith("quarantined:"));
    EXPECT_EQ(house_.database().text("SELECT payload FROM quarantine"),
              "\\x" + crypto::to_hex({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}));
}

TEST_F(Callbacks, OfAnUnknownNumberAreParkedAndBoundWhenItIsKnown) {
    EXPECT_EQ(send(house_, push("", "GOT")).status, 200);
    EXPECT_EQ(quarantined(), "parked:number_not_known_yet");
    EXPECT_EQ(house_.database().text("SELECT match_key FROM quarantine"), std::string("YTO ") + kWaybill);
    const json::Value list =
        body_of(house_.ask(Caller::operations, "GET", "/v1/operations/quarantine?state=parked"));
    ASSERT_EQ(list["callbacks"].items().size(), 1U);
    const std::string id(list["callbacks"].items()[0]["quarantine_id"].string().value_or(""));
    const std::string replay = "/v1/operations/quarantine/" + id + "/replay";
    EXPECT_EQ(body_of(house_.ask(Caller::operations, "POST", replay))["state"].string(), "parked");

    EXPECT_EQ(send(house_, push(reference_, "ACCEPT")).status, 200);  // brings the number
    EXPECT_EQ(body_of(house_.ask(Caller::operations, "POST", replay))["state"].string(), "bound");
    EXPECT_EQ(house_.database().text("SELECT state FROM advance"), "committed");
    EXPECT_EQ(house_.ask(Caller::operations, "POST", replay).status, 409);
    EXPECT_EQ(house_
                  .ask(Caller::operations, "POST",
                       "/v1/operations/quarantine/qua_" + std::string(32, '0') + "/replay")
                  .status,
              404);
}

TEST_F(Callbacks, ThatWereParkedAndTurnOutToBeForAPersonStayUndecided) {
    EXPECT_EQ(send(house_, push("", "GOT", "<weight>9.9</weight>")).status, 200);
    EXPECT_EQ(send(house_, push(reference_, "GOT")).status, 200);  // the same event with another body
    EXPECT_EQ(replay()["state"].string(), "quarantined");
    EXPECT_EQ(quarantined(), "quarantined:same_id_other_body");
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM quarantine WHERE decided_at IS NULL"), 1);
}

// As when a program that can read it takes it again: nobody looks for a partner of what was not parked.
TEST_F(Callbacks, ThatWereQuarantinedAreNeverParkedByAReplay) {
    EXPECT_EQ(send(house_, push("", "GOT")).status, 200);
    house_.database().run(
        "UPDATE quarantine SET state = 'quarantined', match_key = '', reason = 'unreadable'");
    const json::Value replayed = replay();
    EXPECT_EQ(replayed["state"].string(), "quarantined");
    EXPECT_EQ(replayed["reason"].string(), "number_not_known_yet");
    EXPECT_EQ(quarantined(), "quarantined:unreadable");

    EXPECT_EQ(send(house_, push(reference_, "ACCEPT")).status, 200);  // brings the number
    EXPECT_EQ(replay()["state"].string(), "bound");
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM quarantine WHERE decided_at IS NULL"), 0);
}

TEST_F(Callbacks, ByTheWaybillAloneFindTheirBooking) {
    EXPECT_EQ(send(house_, push(reference_, "ACCEPT")).status, 200);
    EXPECT_EQ(send(house_, push("", "GOT")).status, 200);
    EXPECT_EQ(house_.database().text("SELECT state FROM advance"), "committed");
    EXPECT_EQ(quarantined(), "");
}

// Refused in the courier's own body, and nothing is stored.
TEST_F(Callbacks, ThatProveNothingAreRefusedWhateverTheyAre) {
    const std::string good = push(reference_, "GOT");
    const auto at = good.find("data_digest=") + 12;
    const std::string digest = good.substr(at, good.find('&', at) - at);
    const auto with_digest = [&](const std::string& other) {
        std::string changed = good;
        return changed.replace(at, digest.size(), other);
    };
    const std::pair<const char*, std::string> rows[] = {
        {"nothing", ""},
        {"JSON", "{\"a\":1}"},
        {"XML without a form", "<UpdateInfo/>"},
        {"a broken escape", good + "&a=%"},
        {"NUL", good + "&a=%00"},
        {"a name twice", good + "&data_digest=" + digest},
        {"a name twice, once escaped", good + "&%64ata_digest=" + digest},
        {"the text twice", good + "&logistics_interface=x"},
        {"no digest", with_digest("")},
        {"a cut digest", with_digest(digest.substr(0, 8))},
        {"a longer digest", with_digest(digest + "AAAA")},
        {"a digest with a line end", with_digest(digest + "%0A")},
        {"a digest of another alphabet", with_digest("-_" + digest.substr(2))},
        {"a digest without its padding", with_digest(digest.substr(0, digest.find("%3D")))},
        {"a digest in hex", with_digest(std::string(32, '0'))},
        {"a digest with its scheme", with_digest("v1%2C" + digest)},
        {"the digest of nothing", with_digest("1B2M2Y8AsgTpgAmY7PhCfg%3D%3D")},
    };
    for (const auto& [name, body] : rows) {
        const auto answer = send(house_, body);
        EXPECT_EQ(answer.status, 401) << name;
        EXPECT_THAT(answer.body, HasSubstr("<success>false</success>")) << name;
    }
    EXPECT_EQ(send(house_, std::string(64 * 1024 + 1, 'a')).status, 413);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
    EXPECT_EQ(quarantined(), "");
}

// Proved and not understood: kept as it came, acknowledged, and without effect.
TEST_F(Callbacks, ThatAreProvedAndMeanNothingAreKeptForAPerson) {
    const auto named = [&](const std::string& more) {
        return signed_xml("<UpdateInfo><mailNo>" + std::string(kWaybill) + "</mailNo><txLogisticID>" +
                          reference_ + "</txLogisticID>" + more + "</UpdateInfo>");
    };
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += "<a>";
    const std::string time = "<acceptTime>" + today_at("10:00:00") + "</acceptTime>";
    const std::pair<const char*, std::string> rows[] = {
        {"nothing", signed_xml("")},
        {"text", signed_xml("hello")},
        {"JSON", signed_xml("{}")},
        {"HTML", signed_xml("<html><body>ok</body></html>")},
        {"a document type", signed_xml("<!DOCTYPE a [<!ENTITY b \"c\">]><UpdateInfo/>")},
        {"a nest", signed_xml(deep)},
        {"no UTF-8", signed_xml("<UpdateInfo><infoContent>\xd6\xd0</infoContent></UpdateInfo>")},
        {"an escaped NUL", named("<infoContent>GOT&#0;</infoContent>" + time)},
        {"no word", named(time)},
        {"no time", named("<infoContent>GOT</infoContent>")},
        {"a word of 65 bytes", named("<infoContent>" + std::string(65, 'G') + "</infoContent>" + time)},
        {"a word with a line end", named("<infoContent>GOT&#10;x</infoContent>" + time)},
        {"nobody", signed_xml("<UpdateInfo><infoContent>GOT</infoContent>" + time + "</UpdateInfo>")},
        {"a number that is none",
         push("", "GOT", "", kYtoPushSecret, "\u0410\u0412\u0421-\u0661\u0662\u0663")},
        {"a reference like ours", push("RG00" + std::string(24, 'a'), "GOT")},
        {"a reference of SQL", push("' OR 1=1 --", "GOT")},
        {"a time that is none", push_at(reference_, "GOT", "yesterday")},
        {"30 February", push_at(reference_, "GOT", "2026-02-30 10:00:00")},
        {"24 o'clock", push_at(reference_, "GOT", "2026-01-10 24:00:00")},
        {"a leap second", push_at(reference_, "GOT", "2026-01-10 23:59:60")},
        {"a clock at zero", push_at(reference_, "GOT", "1970-01-01 08:00:00")},
        {"the year 0", push_at(reference_, "GOT", "0000-01-01 00:00:00")},
    };
    std::int64_t kept = 0;
    for (const auto& [name, body] : rows) {
        const auto answer = send(house_, body);
        EXPECT_EQ(answer.status, 200) << name << answer.body;
        EXPECT_THAT(answer.body, HasSubstr("<success>true</success>")) << name;
        EXPECT_EQ(house_.database().number("SELECT count(*) FROM quarantine WHERE state = 'quarantined'"),
                  ++kept)
            << name << ": " << quarantined();
    }
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 0);
}

TEST_F(Callbacks, OfAnotherCouriersBookingAreASecurityMatter) {
    house_.database().run("UPDATE booking SET courier = 'SF'");
    EXPECT_EQ(send(house_, push(reference_, "GOT")).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:courier_mismatch");
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 0);
}

// A readable time is the courier's word, but before we asked for the parcel it is a person's matter, and
// more than a day ahead it is nobody's.
TEST_F(Callbacks, OfAStrangeTimeAreTakenAndPayNobodyForAnOldParcel) {
    EXPECT_EQ(send(house_, push_at(reference_, "GOT", "0001-01-02 00:00:00")).status, 200);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 1);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 0);
    EXPECT_EQ(house_.database().text("SELECT frozen FROM return_case"), "reported_before_booking");
    EXPECT_EQ(send(house_, push_at(reference_, "SIGNED", "9999-12-31 23:59:59")).status, 200);
    EXPECT_EQ(quarantined(), "quarantined:time_in_the_future");
    const auto timeline = house_.ask(Caller::buyer_app, "GET", "/v1/returns/" + return_id_ + "/timeline");
    EXPECT_EQ(timeline.status, 200) << timeline.body;
}

TEST_F(Callbacks, OfACourierThatSignsNothingAreTakenOrKeptButNeverAFault) {
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    for (const std::string& body :
         {std::string("{}"), std::string("null"), std::string("[]"), deep, std::string("{\"Body\":5}"),
          std::string(R"({"Body":{"WaybillRoute":[]}})"), std::string(R"({"Body":{"WaybillRoute":[5]}})"),
          std::string(R"({"Body":{"WaybillRoute":[{"mailno":18446744073709551616}]}})"),
          std::string(R"({"Body":{"WaybillRoute":[{"mailno":"SF1","orderid":"a\u0000b"}]}})"),
          std::string(R"({"Body":{"a":1,"a":2}})"), std::string("\xff\xfe{}")}) {
        const auto answer =
            house_.nobody("POST", "/v1/couriers/SF/callbacks/" + std::string(kSfToken), {.body = body});
        EXPECT_TRUE(answer.status == 200 || answer.status == 401) << body.substr(0, 60) << answer.status;
    }
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM inbox"), 0);
}

TEST_F(Callbacks, AreNotAcknowledgedWithoutADatabase) {
    house_.database().run("ALTER TABLE inbox RENAME TO inbox_away");
    const auto answer = send(house_, push(reference_, "GOT"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.body, HasSubstr("<success>false</success>"));
    house_.database().run("ALTER TABLE inbox_away RENAME TO inbox");
    EXPECT_EQ(send(house_, push(reference_, "GOT")).status, 200);
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 1);
}

TEST_F(Callbacks, WithoutAnySignatureAreAHintThatTheCourierIsAskedAbout) {
    house_.database().run("UPDATE booking SET courier = 'SF'");
    const std::string body = R"({"Body":{"WaybillRoute":[{"mailno":"SF1300000000017","orderid":")" +
                             reference_ + R"(","acceptTime":")" + today_at("23:59:00") +
                             R"(","acceptAddress":"杭州市","remark":"已收取快件","opCode":"50","id":"1"}]}})";
    const auto answer =
        house_.nobody("POST", "/v1/couriers/SF/callbacks/" + std::string(kSfToken), {.body = body});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(house_.database().number("SELECT count(*) FROM advance"), 0);
    EXPECT_EQ(house_.database().number(
                  "SELECT count(*) FROM job WHERE kind IN ('resolve_booking', 'confirm_collection')"),
              1);
}

}  // namespace
}  // namespace returngate::api
