// The couriers' digests against the couriers' own published examples.
#include "adapters/sandbox/signatures.hpp"

#include <gtest/gtest.h>

#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

TEST(SandboxSignatures, JtMatchesThePublishedExamples) {
    EXPECT_EQ(jt_business_digest("J0086474299", "H5CD3zE6", "0258d71b55fc45e3ad7a7f38bf4b201a"),
              "qonqb4O1eNr6VCWS07Ieeg==");
    EXPECT_EQ(payload_digest(R"({"customerCode":"ITTEST0001"})", "8e88c8477d4e4939859c560192fcafbc"),
              "9uEscCXfBnaumFh3EXEH/Q==");
}

TEST(SandboxSignatures, DepponsIsTheBase64OfTheHexText) {
    // hashlib and base64 of Python.
    EXPECT_EQ(deppon_digest(R"({"logisticID":"DEMOGW2026011000001","orderType":"1"})", "deppon-demo-appkey",
                            "1768024800000"),
              "MGYxMWI1NWNiNjM0YzFkYzFkZThiYWI5MDIwMTUzNzk=");
}

TEST(SandboxSignatures, YtoMatchesThePublishedExamples) {
    // YTO's documents print md5("opentest" + "123456") and md5("<order></order>" + "123456").
    EXPECT_EQ(yto_sign("opentest", "", "", "123456"), "YLstCNa3x8ijQx16e/jqOA==");
    EXPECT_EQ(yto_push_digest("<order></order>", "123456"), "LghTkEmsD2tbQ3fsIBRcBg==");
}

TEST(SandboxSignatures, YtoSignsMethodAndVersionToo) {
    // Computed with Python's hashlib.
    EXPECT_EQ(yto_sign(R"({"NUMBER":"YT0000000000001"})", "track_query_adapter", "v1", "yto-demo-secret"),
              "DhjPL+J8WIyKp+hRUMvkmg==");
}

TEST(SandboxSignatures, SfMatchesThePublishedExample) {
    const std::string data = R"({"language":"zh-CN","orderId":"QIAO-20200618-004"})";
    const std::string checkword = "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci";
    EXPECT_EQ(sf_digest(SfDigest::standard, data, "12312334453453", checkword), "IIKJtuLVzoFTu4kHI8M8vA==");
    EXPECT_EQ(sf_digest(SfDigest::sm3, data, "12312334453453", checkword),
              "b05d21124eb6aedb3c6c99b1a37f9fc9a23a9898cb6a4b5df00d4402bda9081f");
}

TEST(SandboxSignatures, SfEncodesLikeJava) {
    // Computed with Java's URLEncoder and Python's hashlib.
    const std::string data = "{\"orderId\":\"RT-1\",\"remark\":\"退货 a+b*c~d (x)!'_.-/=\"}";
    const std::string checkword = "CheckWord0123456789abcdefABCDEF";
    EXPECT_EQ(sf_digest(SfDigest::standard, data, "1768008600456", checkword), "bt39DrcpHqsow9ggCqsVTQ==");
    EXPECT_EQ(sf_digest(SfDigest::simple, data, "1768008600456", checkword), "p0HQSTBcZQwSe118KJaRIw==");
}

TEST(SandboxSignatures, Kuaidi100IsUpperCaseAndTheSecretStandsLast) {
    // Computed with Python's hashlib.
    const std::string param =
        R"({"com":"jtexpress","num":"JT0000000000001","phone":"","resultv2":"4","order":"desc"})";
    EXPECT_EQ(upper_hex_md5(param + "TESTKEYabcd1234" + "TESTCUSTOMER0123456789ABCDEF0000"),
              "4359B05317B24A3C97684A0F89AEF4E9");
}

TEST(SandboxSignatures, ZtoAndStoSignThePayloadAndTheSecret) {
    // Computed with Python's hashlib.
    EXPECT_EQ(payload_digest(R"({"type":1,"billCode":"73100000000001"})", "zto-demo-appsecret"),
              "ujaaDuF3zQ35kvECv5KFeg==");
    EXPECT_EQ(payload_digest(
                  R"({"orderNo":"GW2026011000001","orderSource":"DEMO","billType":"00","orderType":"02"})",
                  "sto-demo-secret"),
              "GJaKZGuSfYBIioww71Dtow==");
}

TEST(SandboxForm, WhatIsRenderedReadsBack) {
    const FormFields fields{{"a", "+ &=%退"}, {"b", ""}};
    EXPECT_EQ(parse_form(render_form(fields)), fields);
}

TEST(SandboxForm, BrokenEscapesAndRepeatedNamesAreRefused) {
    EXPECT_FALSE(parse_form("a=%"));
    EXPECT_FALSE(parse_form("a=%4"));
    EXPECT_FALSE(parse_form("a=%zz"));
    EXPECT_FALSE(parse_form("a=1&a=2"));
}

}  // namespace
}  // namespace returngate::sandbox
