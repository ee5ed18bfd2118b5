// Problems (RFC 9457) and the one table from error to status.
#include "gateway/http/problem.hpp"

#include <gtest/gtest.h>

#include "adapters/json/reader.hpp"

namespace returngate::api {
namespace {

int status(ErrorKind kind, const char* code) {
    return status_of(Error{kind, code, "text"});
}

TEST(Problem, EveryKindOfErrorHasItsStatus) {
    EXPECT_EQ(status(ErrorKind::invalid, "any"), 422);
    EXPECT_EQ(status(ErrorKind::rejected, "any"), 422);
    EXPECT_EQ(status(ErrorKind::unauthorized, "any"), 401);
    EXPECT_EQ(status(ErrorKind::not_found, "any"), 404);
    EXPECT_EQ(status(ErrorKind::conflict, "any"), 409);
    EXPECT_EQ(status(ErrorKind::unsupported, "any"), 501);
    EXPECT_EQ(status(ErrorKind::throttled, "any"), 429);
    EXPECT_EQ(status(ErrorKind::unavailable, "any"), 503);
    EXPECT_EQ(status(ErrorKind::in_doubt, "any"), 503);
    EXPECT_EQ(status(ErrorKind::malformed, "any"), 502);
}

TEST(Problem, CodesWithAStatusOfTheirOwn) {
    EXPECT_EQ(status(ErrorKind::invalid, "json_syntax"), 400);
    EXPECT_EQ(status(ErrorKind::invalid, "json_nul"), 422);
    EXPECT_EQ(status(ErrorKind::invalid, "idempotency_key_missing"), 400);
    EXPECT_EQ(status(ErrorKind::invalid, "unsupported_media_type"), 415);
    EXPECT_EQ(status(ErrorKind::unauthorized, "forbidden"), 403);
    EXPECT_EQ(status(ErrorKind::conflict, "idempotency_key_reused"), 422);
    EXPECT_EQ(status(ErrorKind::in_doubt, "internal_error"), 500);
}

TEST(Problem, NamesEveryFieldWithItsPointer) {
    const auto refused = refuse_fields(
        {{"/items/0/quantity", "out_of_range", "Is to be from 1."}, {"/x", "unknown_member", "?"}});
    const http::Response response = problem(refused.value(), "req_1");
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
    const auto body = json::parse(response.body);
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["status"].integer(), 422);
    EXPECT_EQ((*body)["type"].string(), "urn:returngate:problem:invalid_fields");
    EXPECT_EQ((*body)["retryable"].boolean(), false);
    EXPECT_EQ((*body)["request_id"].string(), "req_1");
    ASSERT_EQ((*body)["errors"].items().size(), 2U);
    EXPECT_EQ((*body)["errors"].items()[0]["pointer"].string(), "/items/0/quantity");
}

TEST(Problem, WhatMayBeSentAgainSaysWhen) {
    const http::Response response = problem(Error{ErrorKind::unavailable, "queue_full", "Busy."}, "r");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.headers.find("Retry-After"), "1");
    EXPECT_FALSE(problem(Error{ErrorKind::conflict, "c", "d"}, "r").headers.find("Retry-After"));
}

TEST(Problem, AMissingKeyIsAskedFor) {
    EXPECT_EQ(
        problem(Error{ErrorKind::unauthorized, "no_valid_key", "d"}, "r").headers.find("WWW-Authenticate"),
        "Bearer");
}

TEST(Problem, TheServersOwnRefusalsHaveTheSameShape) {
    const http::Response response = server_problem(431, "header_too_large", "Too large.", "r7");
    const auto body = json::parse(response.body);
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["status"].integer(), 431);
    EXPECT_EQ((*body)["code"].string(), "header_too_large");
    EXPECT_EQ((*body)["request_id"].string(), "r7");
}

}  // namespace
}  // namespace returngate::api
