// Authorization, Idempotency-Key and traceparent, by their grammars.
#include "gateway/http/headers.hpp"

#include <gtest/gtest.h>

namespace returngate::api {
namespace {

http::Headers with(const std::string& name, const std::string& value) {
    http::Headers headers;
    headers.set(name, value);
    return headers;
}

std::optional<std::string> key_of(const std::string& value) {
    return idempotency_key(with("Idempotency-Key", value)).value_or(std::optional<std::string>("(refused)"));
}

TEST(BearerToken, IsWhatFollowsTheScheme) {
    EXPECT_EQ(bearer_token(with("Authorization", "Bearer rgk_1")), "rgk_1");
    EXPECT_EQ(bearer_token(with("authorization", "bearer rgk_1")), "rgk_1");
    EXPECT_EQ(bearer_token(with("Authorization", "Basic rgk_1")), "");
    EXPECT_EQ(bearer_token(with("Authorization", "Bearer ")), "");
    EXPECT_EQ(bearer_token(http::Headers{}), "");
}

TEST(IdempotencyKey, MayBeQuotedOrBare) {
    EXPECT_EQ(key_of("\"8e03978e-40d5\""), "8e03978e-40d5");
    EXPECT_EQ(key_of("8e03978e-40d5"), "8e03978e-40d5");
    EXPECT_EQ(key_of(R"("a\"b\\c")"), R"(a"b\c)");
    EXPECT_EQ(idempotency_key(http::Headers{}).value(), std::nullopt);
}

TEST(IdempotencyKey, IsBoundedPrintableAscii) {
    EXPECT_EQ(key_of(std::string(255, 'k')), std::string(255, 'k'));
    EXPECT_EQ(key_of(std::string(256, 'k')), "(refused)");
    EXPECT_EQ(key_of("\"\""), "(refused)");
    EXPECT_EQ(key_of("schl\xc3\xbcssel"), "(refused)");
    EXPECT_EQ(key_of("a\tb"), "(refused)");
    EXPECT_EQ(key_of("\"a\"b\""), "(refused)");
}

TEST(TraceId, IsTakenFromAWellFormedTraceparentOnly) {
    // The example of the W3C recommendation "Trace Context".
    EXPECT_EQ(trace_id(with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
              "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(trace_id(with("traceparent", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")), "");
    EXPECT_EQ(trace_id(with("traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01")), "");
    EXPECT_EQ(trace_id(with("traceparent", "00-0af7651916cd43dd8448eb211c80319c")), "");
    EXPECT_EQ(trace_id(http::Headers{}), "");
}

}  // namespace
}  // namespace returngate::api
