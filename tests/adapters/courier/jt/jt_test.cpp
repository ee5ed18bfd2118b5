// J&T: printed vectors, and what the recordings in tests/conformance/jt cannot show.
#include "adapters/courier/jt/jt.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {
namespace {

Account account_of(std::string_view customer, std::string_view password, std::string_view key) {
    Account account;
    account.base_url = "https://jt.example";
    account.settings = {{"api_account", "1"},
                        {"private_key", std::string(key)},
                        {"customer_code", std::string(customer)},
                        {"password", std::string(password)}};
    return account;
}

Account demo() {
    return account_of("J0000000001", "Demo1234", "jt-demo-privatekey");
}

BookingOrder order_of(std::string_view reference) {
    const Party party{"张三", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号"};
    BookingOrder order;
    order.reference.value = reference;
    order.sender = order.recipient = party;
    order.window = Window{*parse_rfc3339("2026-01-10T08:00:00Z"), *parse_rfc3339("2026-01-10T10:00:00Z")};
    return order;
}

Push push_of(std::string_view content, std::string_view digest) {
    Push push;
    push.request.method = "POST";
    push.request.headers.set("digest", std::string(digest));
    push.request.body = http::encode_form({{"bizContent", std::string(content)}});
    return push;
}

std::string digest_of(std::string_view content, std::string_view key) {
    return crypto::to_base64(crypto::md5({content, key}));
}

std::string content_in(const http::Request& request) {
    const auto form = http::parse_form(request.body).value();
    return std::string(http::form_value(form, "bizContent").value());
}

TEST(JtSignature, MatchesThePublishedBusinessDigests) {
    const auto content = [](const Account& account) {
        return content_in(jt().encode_find(account, {}, BookingReference{"R"}).value());
    };
    EXPECT_NE(content(account_of("J0086474299", "H5CD3zE6", "0258d71b55fc45e3ad7a7f38bf4b201a"))
                  .find(R"("digest":"qonqb4O1eNr6VCWS07Ieeg==")"),
              std::string::npos);
    EXPECT_NE(content(account_of("J0086024173", "Aa123456", "a0a1047cce70493c9d5d29704f05d0d9"))
                  .find(R"("digest":"VdlpKaoq64AZ0yEsBkvt1A==")"),
              std::string::npos);
}

TEST(JtSignature, MatchesThePublishedHeaderDigest) {
    Account account = demo();
    account.settings["private_key"] = "8e88c8477d4e4939859c560192fcafbc";
    const Push push = push_of(R"({"customerCode":"ITTEST0001"})", "9uEscCXfBnaumFh3EXEH/Q==");
    EXPECT_EQ(jt().authenticate(account, push).value(), Proof::weak_signature);
    EXPECT_EQ(jt().decode_push(account, push).error().kind, ErrorKind::malformed);
}

TEST(JtSignature, LooseOrdersAreSignedBySalesmanAndNetwork) {
    Account account = demo();
    account.settings["salesman_code"] = "S0001";
    EXPECT_EQ(jt().check(account).error().code, "missing_setting");
    account.settings["network_code"] = "1001001";
    const auto request = jt().encode_book(account, {}, order_of("GW1")).value();
    EXPECT_EQ(request.target, "/webopenplatformapi/api/order/addLooseOrder");
    EXPECT_TRUE(content_in(request).starts_with(
        R"({"salesmanCode":"S0001","digest":"07hHhoGkZzxI4dF4zYg6bA==","txlogisticId":"GW1",)"));
    EXPECT_NE(content_in(request).find(R"("orderType":"1")"), std::string::npos);
    EXPECT_NE(content_in(request).find(R"("payType":"PP_CASH")"), std::string::npos);
}

TEST(JtSignature, TheSaltIsASetting) {
    Account account = demo();
    account.settings["digest_salt"] = "jadada369t3";
    const auto content = content_in(jt().encode_find(account, {}, BookingReference{"R"}).value());
    // hashlib: b64(md5("J0000000001" + upper(md5("Demo1234jadada369t3")) + "jt-demo-privatekey"))
    EXPECT_NE(content.find(R"("digest":"DVy2xWJ41ehngohO5KCRow==")"), std::string::npos) << content;
}

TEST(JtPush, TheHeadersDigestIsProofAndNothingElse) {
    const std::string content =
        R"({"txlogisticId":"GW1","billCode":"JT0000000000001","scanType":"已揽收","time":"2026-01-10 15:20:00"})";
    const std::string digest = digest_of(content, "jt-demo-privatekey");
    EXPECT_TRUE(jt().authenticate(demo(), push_of(content, digest)));
    for (std::size_t at = 0; at < digest.size(); ++at) {
        std::string changed = digest;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        if (changed != digest) {
            EXPECT_FALSE(jt().authenticate(demo(), push_of(content, changed))) << at;
        }
    }
    EXPECT_FALSE(jt().authenticate(demo(), push_of(content, "")));
    Push unsigned_push = push_of(content, digest);
    unsigned_push.request.headers.fields.clear();
    EXPECT_EQ(jt().authenticate(demo(), unsigned_push).error().code, "unsigned_push");
    Account empty = demo();
    empty.settings["private_key"] = "";
    EXPECT_FALSE(jt().authenticate(empty, push_of(content, digest_of(content, ""))));
}

TEST(JtPush, APlusLostToASpaceIsForgivenInTheDigestOnly) {
    std::string content;
    std::string digest;
    for (int i = 0; digest.find('+') == digest.npos; ++i) {
        content = R"({"scanType":"+)" + std::to_string(i) + "\"}";
        digest = digest_of(content, "jt-demo-privatekey");
    }
    std::string careless = digest;
    std::replace(careless.begin(), careless.end(), '+', ' ');
    EXPECT_TRUE(jt().authenticate(demo(), push_of(content, careless)));
    std::replace(content.begin(), content.end(), '+', ' ');
    EXPECT_FALSE(jt().authenticate(demo(), push_of(content, digest)));
}

TEST(JtPush, WhatIsUnreadableIsQuarantined) {
    for (const std::string_view content :
         {"", "[]", "{}", "5", R"({"details":[]})", R"({"billCode":"JT1","details":[{}]})",
          R"({"details":[{"scanTime":"2026-01-10 16:20:00","scanType":"发件"}]})",
          R"({"txlogisticId":"GW1","scanType":"已揽收","time":"now"})",
          R"({"scanType":"已揽收","time":"2026-01-10 15:20:00"})",
          R"({"txlogisticId":"GW1","time":"2026-01-10 15:20:00"})", R"({"waybillNo":"JT1"})",
          R"([{"txlogisticId":"GW1","scanType":"已揽收","time":"2026-01-10 15:20:00"},{}])"}) {
        const auto events = jt().decode_push(demo(), push_of(content, ""));
        ASSERT_FALSE(events) << content;
        EXPECT_EQ(events.error().kind, ErrorKind::malformed) << content;
    }
}

TEST(JtPush, AnAmountThatIsNotExactIsNoAmount) {
    const auto events =
        jt().decode_push(demo(), push_of(R"({"waybillNo":"JT1","totalFreight":"3.999"})", ""));
    ASSERT_TRUE(events);
    EXPECT_EQ(events->front().status, TrackingStatus::fee);
    EXPECT_FALSE(events->front().fee_fen);
}

TEST(JtRequest, PathUuidAndWeightAreAsJtWantsThem) {
    Account account = demo();
    account.settings["uuid"] = "0123456789abcdef";
    BookingOrder order = order_of("GW1");
    order.parcel.weight_grams = 1234;
    const auto request = jt().encode_book(account, {}, order).value();
    EXPECT_EQ(request.target, "/webopenplatformapi/api/order/addOrder?uuid=0123456789abcdef");
    EXPECT_NE(content_in(request).find(R"("weight":"1.24")"), std::string::npos);
    order.parcel.weight_grams = 0;
    EXPECT_NE(content_in(jt().encode_book(account, {}, order).value()).find(R"("weight":"0.01")"),
              std::string::npos);
    account.settings["uuid"] = "a&b=c";
    EXPECT_EQ(jt().check(account).error().code, "bad_setting");
}

}  // namespace
}  // namespace returngate::courier
