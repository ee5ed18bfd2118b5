// The couriers' shared pieces: answers by HTTP status, bounded texts, strict XML, blanked bodies.
#include "adapters/courier/toolbox.hpp"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "adapters/courier/envelope.hpp"
#include "adapters/courier/redact.hpp"
#include "adapters/courier/xml.hpp"

namespace returngate::courier {
namespace {

http::Response response_with(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

TEST(ReadAnswer, TheHttpStatusSaysWhatIsKnownAboutTheOutcome) {
    const std::pair<int, ErrorKind> rows[] = {
        {429, ErrorKind::throttled}, {401, ErrorKind::unauthorized}, {403, ErrorKind::unauthorized},
        {500, ErrorKind::in_doubt},  {503, ErrorKind::in_doubt},     {204, ErrorKind::malformed},
        {302, ErrorKind::malformed}, {404, ErrorKind::malformed},
    };
    for (const auto& [status, kind] : rows) {
        const auto read = read_answer(response_with(status, "{}"));
        ASSERT_FALSE(read) << status;
        EXPECT_EQ(read.error().kind, kind) << status;
    }
    EXPECT_EQ(read_answer(response_with(200, "<html>")).error().kind, ErrorKind::malformed);
    EXPECT_TRUE(read_answer(response_with(200, "{}")));
}

TEST(IsTrue, ReadsBothSpellings) {
    const auto parsed = json::parse(R"([true,"true",false,"false","TRUE",1,null])");
    const auto items = parsed->items();
    EXPECT_TRUE(is_true(items[0]) && is_true(items[1]));
    for (std::size_t i = 2; i < items.size(); ++i) EXPECT_FALSE(is_true(items[i])) << i;
}

TEST(ErrorOf, UnlistedCodesAreTamedBeforeTheyReachAMessage) {
    const Error error = error_of({}, "x\n<张三>", ErrorKind::rejected).value();
    EXPECT_EQ(error.code, "courier_refused");
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
    EXPECT_EQ(error.message.find("张三"), std::string::npos);
}

// Digests of Python's hashlib; the first inputs are the vendor's public example (Yunda), the others made up.
TEST(CompositeDigest, HashesThePartsAsOneTextAndWritesItInThreeWays) {
    EXPECT_EQ(md5_hex({R"({"mailno":"3120052228790"})", "_", "04d4ad40eeec11e9bad2d962f53dda9d"}),
              "db8547260e1e5a67dd48b5835bc6c220");
    EXPECT_EQ(
        md5_base64(
            {R"({"billCode":"770000000000001","orderType":"02","orderSource":"DEMO","remark":"买家取消"})",
             "sto-demo-secret"}),
        "ifWaqAmaycFvHT2vCtpXyQ==");
    EXPECT_EQ(md5_hex_base64({R"({"logisticID":"DEMOGW2026011000001","orderType":"1"})", "deppon-demo-appkey",
                              "1768024800000"}),
              "MGYxMWI1NWNiNjM0YzFkYzFkZThiYWI5MDIwMTUzNzk=");
}

// As the documentation of java.net.URLEncoder says.
TEST(JavaUrlEncode, KeepsFourSignsAndWritesASpaceAsPlus) {
    EXPECT_EQ(java_url_encode("aZ9 *-._~+/=\"{}"), "aZ9+*-._%7E%2B%2F%3D%22%7B%7D");
    EXPECT_EQ(java_url_encode("中"), "%E4%B8%AD");
}

TEST(SignedField, NeedsBothFieldsOnceAndALiveSecret) {
    Push push;
    Account account;
    account.settings = {{"key", "new"}, {"key_previous", "sto-demo-secret"}};
    push.request.body = "data_digest=ifWaqAmaycFvHT2vCtpXyQ%3D%3D&content=" +
                        java_url_encode(R"({"billCode":"770000000000001","orderType":"02",)"
                                        R"("orderSource":"DEMO","remark":"买家取消"})");
    const auto field = signed_field(push, "content", "data_digest");
    ASSERT_TRUE(field);
    EXPECT_EQ(prove_md5_base64(account, *field, "key").value(), Proof::weak_signature);
    account.settings.erase("key_previous");
    EXPECT_EQ(prove_md5_base64(account, *field, "key").error().kind, ErrorKind::unauthorized);
    push.request.body += "&content=x";
    EXPECT_FALSE(signed_field(push, "content", "data_digest"));
    push.request.body = "content=x";
    EXPECT_EQ(signed_field(push, "content", "data_digest").error().kind, ErrorKind::unauthorized);
}

TEST(MemberInAnyCase, FindsTheFirstOfThatName) {
    const auto document = json::parse(R"({"OrderId":"a","orderID":"b","billCode":7})");
    EXPECT_EQ(member_in_any_case(*document, "orderid").text(), "a");
    EXPECT_EQ(member_in_any_case(*document, "BILLCODE").text(), "7");
    EXPECT_TRUE(member_in_any_case(*document, "bill").is_null());
    EXPECT_TRUE(member_in_any_case(json::Value(), "bill").is_null());
}

TEST(TargetOf, KeepsThePathOfTheBaseUrl) {
    Account account;
    account.base_url = "https://courier.example/root/";
    EXPECT_EQ(target_of(account, "/api"), "/root/api");
    account.base_url = "https://courier.example";
    EXPECT_EQ(target_of(account, "/api"), "/api");
}

TEST(BoundTexts, RefusesWhatWouldNotFitARowAndDropsPersonsThatDoNot) {
    TrackingEvent event;
    event.raw_status = "GOT";
    event.dedupe_key = "key";
    event.courier_person = std::string(65, 'x');
    ASSERT_TRUE(bound_texts(event));
    EXPECT_EQ(event.courier_person, "");
    TrackingEvent long_waybill = event;
    long_waybill.waybill = std::string(65, '1');
    EXPECT_EQ(bound_texts(long_waybill).error().kind, ErrorKind::malformed);
    TrackingEvent control = event;
    control.raw_status = "GO\nT";
    EXPECT_FALSE(bound_texts(control));
    TrackingEvent no_text = event;
    no_text.raw_status = "GOT\xff";
    EXPECT_FALSE(bound_texts(no_text));
    event.dedupe_key.clear();
    EXPECT_FALSE(bound_texts(event));
}

TEST(Texts, AreCutAndWrittenAsCouriersWantThem) {
    EXPECT_EQ(shorten_utf8("退货", 5), "退");
    EXPECT_EQ(shorten_utf8("退货", 6), "退货");
    EXPECT_EQ(kilograms(1000), "1.0");
    EXPECT_EQ(kilograms(1250), "1.25");
    EXPECT_EQ(national_phone("+8613800000000"), "13800000000");
    EXPECT_EQ(path_of("https://h.example:8443/a/b"), "/a/b");
    EXPECT_EQ(path_of("https://h.example"), "");
}

bool loads(std::string_view text) {
    pugi::xml_document document;
    return load_xml(text, document).has_value();
}

TEST(StrictXml, RefusesWhatHasASecondMeaning) {
    EXPECT_TRUE(loads("<?xml version='1.0'?><a b=\"&#x9000;\">&amp;&#10;<!-- c --></a>"));
    EXPECT_FALSE(loads(""));
    EXPECT_FALSE(loads("<a>"));
    EXPECT_FALSE(loads("<a/><b/>"));
    EXPECT_FALSE(loads("<!DOCTYPE a><a/>"));
    EXPECT_FALSE(loads("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"));
    EXPECT_FALSE(loads("<a>&#0;</a>"));
    EXPECT_FALSE(loads("<a>&#xD800;</a>"));
    EXPECT_FALSE(loads("<a>&#99999999999;</a>"));
    EXPECT_FALSE(loads("<a>\xff</a>"));
    EXPECT_FALSE(loads(std::string_view("<a>\0</a>", 8)));
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "<a>";
    for (int i = 0; i < 10'000; ++i) deep += "</a>";
    EXPECT_FALSE(loads(deep));
}

TEST(Redaction, KeepsOnlyWhatIsListedHoweverDeepItStands) {
    constexpr std::string_view kKeep = "id items";
    EXPECT_EQ(
        redact_body(R"({"id":"7","name":"张三","n":5,"ok":true,"items":["a",{"id":1,"x":"y"}]})", kKeep),
        R"({"id":"7","name":"***","n":"***","ok":true,"items":["a",{"id":"1","x":"***"}]})");
    EXPECT_EQ(redact_body("<r><id>7</id><name>张三</name><s id=\"8\" phone=\"1\"/></r>", kKeep),
              R"({"r":{"id":"7","name":"***","s":{"id":"8","phone":"***"}}})");
    EXPECT_EQ(redact_body("id=7&name=x&doc=%7B%22id%22%3A1%2C%22p%22%3A%222%22%7D", kKeep),
              R"({"id":"7","name":"***","doc":{"id":"1","p":"***"}})");
    EXPECT_EQ(redact_body("{\"id\":", kKeep), "(unreadable, 6 bytes)");
    EXPECT_EQ(redact_body("张三 13800000000", kKeep), "(unreadable, 18 bytes)");
    EXPECT_EQ(redact_body("{\"id\":\"" + std::string(65, 'x') + "\"}", kKeep), R"({"id":"***"})");
}

}  // namespace
}  // namespace returngate::courier
