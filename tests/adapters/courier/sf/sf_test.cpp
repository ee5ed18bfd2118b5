// SF: printed vectors, and what the recordings in tests/conformance/sf cannot show.
#include "adapters/courier/sf/sf.hpp"

#include <gtest/gtest.h>

#include "adapters/courier/sf/push.hpp"
#include "adapters/courier/sf/signature.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kCheckword = "CheckWord0123456789abcdefABCDEF";

Account account() {
    Account account;
    account.base_url = "https://sf.example";
    account.settings["partner_id"] = "RETURNGATE";
    account.settings["secret"] = kCheckword;
    return account;
}

Push json_push(std::string body) {
    Push push;
    push.request.body = std::move(body);
    return push;
}

struct SignatureRow {
    std::string_view msg_data, timestamp, checkword, standard, simple, sm3;
};

TEST(SfSignature, MatchesThePublishedAndTheComputedVectors) {
    const SignatureRow rows[] = {
        {R"({"language":"zh-CN","orderId":"QIAO-20200618-004"})", "12312334453453",
         "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci", "IIKJtuLVzoFTu4kHI8M8vA==", "OwYXm3XG9fjHK7A+/t7Ckw==",
         "b05d21124eb6aedb3c6c99b1a37f9fc9a23a9898cb6a4b5df00d4402bda9081f"},
        {R"({"language":"zh-CN","orderId":"RT20260110000001","dealType":2})", "1768008600123", kCheckword,
         "afa2qVLDmBx81Tl+IRdjqA==", "svERPr4BVD/uo4ge3t0biA==",
         "69bb4842cba341cb143f6b34ad3b721d7746ac7837f0718aab1e3efd85bb3607"},
        {R"({"orderId":"RT-1","remark":"退货 a+b*c~d (x)!'_.-/="})", "1768008600456", kCheckword,
         "bt39DrcpHqsow9ggCqsVTQ==", "p0HQSTBcZQwSe118KJaRIw==",
         "6170615dda35240118c3949706ecc382a91f949b0894b71f20f742075327822e"},
    };
    for (const SignatureRow& row : rows) {
        EXPECT_EQ(sf_digest(SfDigest::standard, row.msg_data, row.timestamp, row.checkword), row.standard);
        EXPECT_EQ(sf_digest(SfDigest::simple, row.msg_data, row.timestamp, row.checkword), row.simple);
        EXPECT_EQ(sf_digest(SfDigest::sm3, row.msg_data, row.timestamp, row.checkword), row.sm3);
    }
}

// The XML generation is not spoken; its vectors hold the digest that the fee push uses.
TEST(SfSignature, LegacyVerifyCodeIsMd5OfTextAndCheckword) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {R"(<Request service="OrderConfirmService" lang="zh-CN"><Head>QIAO_TEST</Head><Body><OrderConfirm orderid="RT20260110000001" dealtype="2"/></Body></Request>)",
         "hQz0D757Ta4M8kHthFzaEw=="},
        {R"(<Request service="RouteService" lang="zh-CN"><Head>QIAO_TEST</Head><Body><RouteRequest tracking_type="1" tracking_number="444003079772"/></Body></Request>)",
         "aExUmq7wwbGd8n4pTLFsWw=="},
        {R"({"orderNo":"RT2","waybillNo":"SF2","feeList":[]})", "mfPBE0q1cZjwNmIEWjSYWQ=="},
    };
    for (const auto& [text, expected] : rows)
        EXPECT_EQ(crypto::to_base64(crypto::md5({text, kCheckword})), expected);
}

TEST(SfAccount, BadSettingsSayHowToMendThem) {
    EXPECT_TRUE(sf().check(account()));
    for (const std::string_view key : {"digest_mode", "express_type_id", "pay_method", "fee_sign"}) {
        Account bad = account();
        bad.settings[std::string(key)] = "nonsense";
        const auto checked = sf().check(bad);
        ASSERT_FALSE(checked) << key;
        EXPECT_NE(checked.error().message.find(key), std::string::npos);
    }
}

TEST(SfRequest, DigestModeAndPathFollowTheAccount) {
    Account with_path = account();
    with_path.base_url = "https://sf.example/sandbox/std/service";
    with_path.settings["digest_mode"] = "sm3";
    Moment moment;
    moment.now = Instant(std::chrono::milliseconds(1768008600123));
    const auto request =
        sf().encode_cancel(with_path, moment, BookingReference{"RT20260110000001"}, "").value();
    EXPECT_EQ(request.target, "/sandbox/std/service");
    EXPECT_NE(request.body.find("69bb4842cba341cb143f6b34ad3b721d7746ac7837f0718aab1e3efd85bb3607"),
              std::string::npos);
    EXPECT_EQ(sf().encode_cancel(account(), moment, BookingReference{"R"}, "").value().target,
              "/std/service");
}

TEST(SfRequest, TracksByOurReferenceWhileThereIsNoWaybill) {
    const auto request = sf().encode_track(account(), {}, {"RT20260110000001"}, "").value();
    const auto form = http::parse_form(request.body).value();
    EXPECT_EQ(
        http::form_value(form, "msgData").value(),
        R"({"language":"zh-CN","trackingType":"2","trackingNumber":["RT20260110000001"],"methodType":"1"})");
}

TEST(SfRequest, AnIncompletePartyIsInvalidBeforeAnythingIsSent) {
    EXPECT_EQ(sf().encode_book(account(), {}, {}).error().kind, ErrorKind::invalid);
}

TEST(SfPush, OneBadRowMakesTheWholeBatchUnreadable) {
    const auto events = sf().decode_push(
        account(),
        json_push(
            R"({"Body":{"WaybillRoute":[{"mailno":"SF1","id":"1","acceptTime":"2026-01-10 14:41:00","opCode":"50"},
                                {"mailno":"SF1","id":"2","acceptTime":"soon","opCode":"30"}]}})"));
    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().kind, ErrorKind::malformed);
}

TEST(SfPush, StatesLackingWhatIdentifiesThemAreUnreadable) {
    for (const std::string_view body :
         {R"({"orderState":[]})", R"({"orderState":[{"orderNo":"R","orderStateCode":"04"}]})",
          R"({"orderState":[{"orderNo":"R","createTm":"2026-01-10 13:35:00"}]})",
          R"({"orderState":[{"orderStateCode":"04","createTm":"2026-01-10 13:35:00"}]})",
          R"({"Body":{"WaybillRoute":[]}})",
          R"({"Body":{"WaybillRoute":[{"mailno":"SF1","acceptTime":"2026-01-10 14:41:00","opCode":"50"}]}})"})
        EXPECT_EQ(sf().decode_push(account(), json_push(std::string(body))).error().kind,
                  ErrorKind::malformed)
            << body;
}

Push fee_push(std::string_view content, std::string_view secret) {
    Push push;
    push.request.body = http::encode_form(
        {{"content", std::string(content)}, {"sign", crypto::to_base64(crypto::md5({content, secret}))}});
    return push;
}

TEST(SfFeePush, UnsignedOnlyWhereTheAccountSaysSo) {
    Push unsigned_push;
    unsigned_push.request.body = http::encode_form({{"content", R"({"orderNo":"RT2","feeList":[]})"}});
    EXPECT_EQ(sf().authenticate(account(), unsigned_push).error().code, "unsigned_push");
    Account lenient = account();
    lenient.settings["fee_sign"] = "absent";
    EXPECT_EQ(sf().authenticate(lenient, unsigned_push).value(), Proof::secret_url);
}

TEST(SfFeePush, SumsExactYuanAndKeepsOutWhatItCannotRead) {
    const auto fee_of = [](std::string_view list) {
        const std::string content = R"({"orderNo":"RT2","feeList":)" + std::string(list) + "}";
        return sf().decode_push(account(), fee_push(content, kCheckword)).value().front().fee_fen;
    };
    EXPECT_EQ(fee_of(R"([{"feeAmt":12.0,"currencyCode":"CNY"},{"feeAmt":"0.55","currencyCode":"CNY"}])"),
              1255);
    EXPECT_EQ(fee_of(R"([{"feeAmt":-1.5,"currencyCode":"CNY"}])"), -150);
    EXPECT_FALSE(fee_of(R"([{"feeAmt":12.0,"currencyCode":"HKD"}])"));
    EXPECT_FALSE(fee_of(R"([{"feeAmt":12.0}])"));
    EXPECT_FALSE(fee_of(R"([{"feeAmt":0.555,"currencyCode":"CNY"}])"));
    EXPECT_FALSE(fee_of(R"([{"feeAmt":1.2e1,"currencyCode":"CNY"}])"));
    EXPECT_FALSE(fee_of("[]"));
}

TEST(SfFeePush, OccursWhenSfEnteredItAndACorrectionIsAnotherEvent) {
    const auto event = [](std::string_view amount) {
        const std::string content = R"({"orderNo":"RT2","feeList":[{"feeAmt":)" + std::string(amount) +
                                    R"(,"currencyCode":"CNY","inputTm":1768032000000}]})";
        return sf().decode_push(account(), fee_push(content, kCheckword)).value().front();
    };
    EXPECT_EQ(format_rfc3339(event("12.0").occurred_at), "2026-01-10T08:00:00Z");
    EXPECT_EQ(event("12.0").dedupe_key, event("12.0").dedupe_key);
    EXPECT_NE(event("12.0").dedupe_key, event("13.0").dedupe_key);
}

TEST(SfPush, OrderStateAnswersAreConfigurable) {
    Account other = account();
    other.settings["order_state_ack"] = R"({"status":"OK"})";
    other.settings["order_state_refusal"] = R"({"status":"ERR"})";
    const Push push = json_push(R"({"orderState":[]})");
    EXPECT_EQ(sf().acknowledge(other, push, AckOutcome::taken).body, R"({"status":"OK"})");
    EXPECT_EQ(sf().acknowledge(other, push, AckOutcome::failed).body, R"({"status":"ERR"})");
}

TEST(SfRelabelled, TheNewNumberIsReadOnlyWhenItIsTheOnlyOne) {
    const std::string_view old = "SF7444400043266";
    EXPECT_EQ(new_number_in("新单号为:SF7444400043277", old), "SF7444400043277");
    EXPECT_EQ(new_number_in("原单 SF7444400043266 新单号444003079772.", old), "444003079772");
    EXPECT_FALSE(new_number_in("", old));
    EXPECT_FALSE(new_number_in("电话13888888888", old));
    EXPECT_FALSE(new_number_in("SF7444400043266", old));
    EXPECT_FALSE(new_number_in("SF7444400043277或SF7444400043288", old));
}

}  // namespace
}  // namespace returngate::courier
