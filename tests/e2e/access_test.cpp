// Who may see and do what over the wire, and requests that are sent twice.
#include <gtest/gtest.h>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"

namespace returngate::e2e {
namespace {

TEST(ASeller, CannotTellAnotherSellersReturnFromNone) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    ASSERT_TRUE(scene.comes_to(id, "parcel.delivered"));
    const std::string unknown = "ret_" + std::string(32, '0');
    const std::string confirmed = R"({"outcome":"confirmed"})";
    for (const std::string& each : {id, unknown}) {
        const std::string path = "/v1/returns/" + each;
        EXPECT_EQ(scene.call(As::other_seller, "GET", path).status, 404);
        EXPECT_EQ(scene.call(As::other_seller, "GET", path + "/timeline").status, 404);
        EXPECT_EQ(scene.call(As::other_seller, "POST", path + "/receipt", {.body = confirmed}).status, 404);
        EXPECT_EQ(
            scene.call(As::other_seller, "POST", path + "/agreement", {.body = R"({"outcome":"agreed"})"})
                .status,
            404);
    }
    EXPECT_EQ(scene.call(As::seller, "GET", "/v1/returns/" + id).status, 200);
    EXPECT_EQ(scene.timeline(id).count("receipt.confirmed"), 0);
    expect_square(scene);
}

TEST(ARequestSentTwice, IsAnsweredWithTheSameBytesEvenByARestartedGateway) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper, false);
    const std::string target = "/v1/returns/" + id + "/pickup";
    const CallOptions once{.body = pickup_body(shopper), .idempotency_key = "a-key"};
    const auto first = scene.call(As::buyer_app, "POST", target, once);
    ASSERT_EQ(first.status, 201) << first.body;
    const auto second = scene.call(As::buyer_app, "POST", target, once);
    EXPECT_EQ(second.status, first.status);
    EXPECT_EQ(second.body, first.body);
    scene.gateway().kill_outright();
    scene.gateway().start();
    const auto third = scene.call(As::buyer_app, "POST", target, once);
    EXPECT_EQ(third.status, first.status);
    EXPECT_EQ(third.body, first.body);

    Shopper moved = shopper;
    moved.door = "文三路999号";
    const auto other =
        scene.call(As::buyer_app, "POST", target, {.body = pickup_body(moved), .idempotency_key = "a-key"});
    EXPECT_EQ(other.status, 422) << other.body;
    EXPECT_EQ(scene.call(As::buyer_app, "POST", target, {.body = pickup_body(shopper)}).status, 400);
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM pickup"), 1);
    ASSERT_TRUE(scene.comes_to(id, "advance.paid"));
    expect_square(scene);
}

TEST(ARequestSentTwice, WithAnAfterSaleIdIsTheSameReturn) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const std::string body = application_body(shopper, true);
    const auto first = scene.call(As::buyer_app, "POST", "/v1/returns", {.body = body});
    const auto second = scene.call(As::buyer_app, "POST", "/v1/returns", {.body = body});
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(json::parse(first.body)->operator[]("return_id").string(),
              json::parse(second.body)->operator[]("return_id").string());
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM return_case"), 1);
    EXPECT_EQ(books.number("SELECT count(*) FROM pickup"), 1);
    expect_square(scene);
}

TEST(ARecoverySentTwice, IsCountedOnce) {
    Scene scene;
    const Shopper shopper = scene.introduced();
    const std::string id = scene.apply(shopper);
    scene.receive_and_recover(shopper, id);
    ASSERT_TRUE(scene.comes_to(id, "return.closed"));
    scene.receive_and_recover(shopper, id);  // the same keys, the same answers
    Books books(scene.dsn());
    EXPECT_EQ(books.number("SELECT count(*) FROM recovery"), 1);
    EXPECT_EQ(scene.timeline(id).count("receipt.confirmed"), 1);
    expect_square(scene);
}

}  // namespace
}  // namespace returngate::e2e
