// Paths to routes.
#include "gateway/http/router.hpp"

#include <gtest/gtest.h>

namespace returngate::api {
namespace {

const Router& router() {
    static const Router made({{"GET", "/v1/returns/{id}"},
                              {"POST", "/v1/returns/{id}/pickup"},
                              {"DELETE", "/v1/returns/{id}/pickup"},
                              {"POST", "/v1/couriers/{code}/callbacks/{token}"}});
    return made;
}

TEST(Router, FindsARouteAndItsParameters) {
    const auto match = router().match("POST", "/v1/couriers/SF/callbacks/abc");
    EXPECT_EQ(match.index, 3U);
    EXPECT_EQ(match.parameters, (std::vector<std::string>{"SF", "abc"}));
}

TEST(Router, DecodesParametersOnce) {
    EXPECT_EQ(router().match("GET", "/v1/returns/a%20b").parameters, (std::vector<std::string>{"a b"}));
    EXPECT_EQ(router().match("GET", "/v1/returns/a%2520b").parameters, (std::vector<std::string>{"a%20b"}));
    EXPECT_FALSE(router().match("GET", "/v1/returns/a%0").index);
}

TEST(Router, TakesNothingMoreAndNothingLess) {
    EXPECT_FALSE(router().match("GET", "/v1/returns").index);
    EXPECT_FALSE(router().match("GET", "/v1/returns/").index);
    EXPECT_FALSE(router().match("GET", "/v1/returns/1/").index);
    EXPECT_FALSE(router().match("GET", "/V1/returns/1").index);
    EXPECT_FALSE(router().match("GET", "").index);
}

TEST(Router, SaysWhichMethodsAPathHas) {
    const auto match = router().match("PUT", "/v1/returns/1/pickup");
    EXPECT_FALSE(match.index);
    EXPECT_EQ(match.allow, "POST, DELETE");
    EXPECT_EQ(router().match("PUT", "/nowhere").allow, "");
}

}  // namespace
}  // namespace returngate::api
