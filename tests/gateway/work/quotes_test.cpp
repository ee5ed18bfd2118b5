// What is asked about coverage and price, how long it is believed, and that nobody is named.
#include "gateway/work/quotes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "tests/gateway/pipeline/world.hpp"
#include "tests/gateway/work/scripted_client.hpp"

namespace returngate::work {
namespace {

using namespace std::chrono_literals;
using test::at;

class Quoting : public ::testing::Test {
protected:
    Quoting() {
        CourierOptions fleet = asked();
        fleet.account.base_url = "https://fleet.test/book";
        fleet.account.settings = {{"secret", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}};
        CourierOptions silent = fleet;  // not asked
        silent.code = CourierCode{"YTO"};
        silent.quote_keeps = 0min;
        configuration_.couriers = {fleet, silent};
    }
    static CourierOptions asked() {
        CourierOptions options;
        options.code = CourierCode{"OPEN"};
        options.enabled = true;
        options.quote_keeps = 60min;
        return options;
    }
    // The courier's next question, if it has one.
    void ask() {
        boost::asio::io_context io(1);
        test::ScriptedClient client(io, outside_);
        const QuoteContext context{configuration_, clock_, random_, client, quotes_};
        boost::asio::co_spawn(io, ask_for_quote(context, configuration_.couriers.front()),
                              [](const std::exception_ptr& thrown) { EXPECT_FALSE(thrown); });
        io.run();
    }
    const CourierQuote* quote() const {
        held_ = quotes_.current();
        return held_ ? find_quote(*held_, CourierCode{"OPEN"}, way_.region, way_.seller) : nullptr;
    }

    test::Outside outside_;
    test::TestClock clock_{at("10:00")};
    SystemRandom random_;
    Configuration configuration_;
    Quotes quotes_{{asked()}};
    mutable std::shared_ptr<const Quotes::List> held_;
    Way way_{"浙江/杭州",
             SellerId{"s-1"},
             {"", "", "浙江省", "杭州市", "西湖区", ""},
             {"", "", "上海市", "上海市", "", ""}};
};

constexpr const char* kFleet = "POST /book";

TEST_F(Quoting, ANewWayIsAskedAboutOnceAndBelievedForAWhile) {
    outside_.on(kFleet, [](const std::string&) { return test::ok(R"({"fee_fen":1200})"); });
    quotes_.want(way_, clock_.now());
    quotes_.want(way_, clock_.now());
    EXPECT_EQ(quote(), nullptr) << "nobody waits for it";
    ask();
    ask();
    EXPECT_EQ(outside_.asked(kFleet), 1);
    ASSERT_NE(quote(), nullptr);
    EXPECT_EQ(quote()->fee_fen, 1200);
    EXPECT_TRUE(quote()->serves);
    clock_.pass(59min);
    quotes_.forget_old(clock_.now());
    EXPECT_NE(quote(), nullptr);
    clock_.pass(1min);
    quotes_.forget_old(clock_.now());
    EXPECT_EQ(quote(), nullptr);
    quotes_.want(way_, clock_.now());
    ask();
    EXPECT_EQ(outside_.asked(kFleet), 2);
}

TEST_F(Quoting, ACourierThatDoesNotComeThereSaysSo) {
    outside_.on(kFleet, [](const std::string&) {
        return http::Response{422, {}, R"({"error":"out_of_coverage"})"};
    });
    quotes_.want(way_, clock_.now());
    ask();
    ASSERT_NE(quote(), nullptr);
    EXPECT_FALSE(quote()->serves);
    EXPECT_FALSE(quote()->fee_fen);
}

TEST_F(Quoting, NoAnswerSaysNothingAndIsNotAskedForAgainAtOnce) {
    outside_.on(kFleet, [](const std::string&) { return test::lost(); });
    quotes_.want(way_, clock_.now());
    ask();
    EXPECT_EQ(quote(), nullptr);
    quotes_.want(way_, clock_.now());
    ask();
    EXPECT_EQ(outside_.asked(kFleet), 1);
    clock_.pass(61s);
    quotes_.want(way_, clock_.now());
    ask();
    EXPECT_EQ(outside_.asked(kFleet), 2);
}

TEST_F(Quoting, NamesPlacesOnly) {
    quotes_.want(way_, clock_.now());
    ask();
    ASSERT_EQ(outside_.bodies(kFleet).size(), 1U);
    const std::string body = outside_.bodies(kFleet).front();
    EXPECT_NE(body.find("杭州市"), body.npos);
    for (const char* personal : {"phone", "name", "address"})
        EXPECT_EQ(body.find(personal), body.npos) << body;
}

TEST_F(Quoting, AWayWithoutARegionIsNotAskedAbout) {
    way_.region.clear();
    quotes_.want(way_, clock_.now());
    ask();
    EXPECT_EQ(outside_.asked(kFleet), 0);
}

}  // namespace
}  // namespace returngate::work
