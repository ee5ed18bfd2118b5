// The inputs of an application, written and read back.
#include "adapters/postgres/json_texts.hpp"

#include <gtest/gtest.h>

namespace returngate::postgres {
namespace {

ApplicationInputs full() {
    ApplicationInputs inputs;
    inputs.at = Instant(std::chrono::microseconds(1'768'010'400'123'456));
    inputs.seller.value = "seller \"1\"";
    inputs.is_pilot_seller = true;
    inputs.category = "女装";
    inputs.trade_kind = "normal";
    inputs.received_at = inputs.at - std::chrono::hours(24);
    inputs.paid_fen = 1;
    inputs.amount_fen = 2;
    inputs.stars = 3;
    inputs.line_fen = 4;
    inputs.held_fen = 5;
    inputs.open_fen = 6;
    inputs.refund_rate_bp = 7;
    inputs.complaints = 8;
    inputs.dispute_rate_bp = 9;
    inputs.is_selected = true;
    inputs.excluded = "fraud";
    return inputs;
}

TEST(ApplicationInputs, AreReadBackAsTheyWereWritten) {
    for (ApplicationInputs inputs : {full(), ApplicationInputs{}}) {
        const std::string json = inputs_json(inputs);
        inputs.items = {"item-1", "item-2"};
        inputs.reason = "damaged";
        inputs.pictures = 1;
        EXPECT_EQ(
            parse_inputs(json, R"([{"item_id":"item-1","quantity":1},{"item_id":"item-2","quantity":3}])",
                         R"(["picture"])", "damaged"),
            inputs);
    }
}

TEST(ApplicationInputs, OfAQuietBuyerTakeLittleRoom) {
    ApplicationInputs inputs = full();
    inputs.refund_rate_bp = inputs.complaints = inputs.dispute_rate_bp = 0;
    inputs.held_fen = inputs.open_fen = 0;
    inputs.is_selected = false;
    inputs.excluded.clear();
    EXPECT_LT(inputs_json(inputs).size(), 300U);
}

TEST(ApplicationInputs, ThatWeDidNotWriteAreRefused) {
    EXPECT_ANY_THROW(static_cast<void>(parse_inputs("[]", "[]", "[]", "")));
    EXPECT_ANY_THROW(static_cast<void>(parse_inputs("{", "[]", "[]", "")));
    EXPECT_ANY_THROW(static_cast<void>(parse_inputs("{}", "[]", "[]", "")));
}

}  // namespace
}  // namespace returngate::postgres
