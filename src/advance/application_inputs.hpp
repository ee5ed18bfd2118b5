// What the rules of an application looked at: stored with the decision, so that it can be taken again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate {

struct ApplicationInputs {
    Instant at{};
    // The order, and what of it is given back.
    SellerId seller;
    bool is_pilot_seller = false;
    std::string category;
    std::string trade_kind;
    std::optional<Instant> received_at;
    Fen paid_fen = 0;
    Fen amount_fen = 0;
    // The buyer: rating, line before this application, conduct.
    int stars = 0;
    Fen line_fen = 0;
    Fen held_fen = 0;
    Fen open_fen = 0;
    std::int32_t refund_rate_bp = 0;
    std::int32_t complaints = 0;
    std::int32_t dispute_rate_bp = 0;
    bool is_selected = false;
    std::string excluded;
    // The application itself.
    bool is_unshipped = false;
    std::vector<std::string> items;  // item ids
    std::string reason;
    std::size_t pictures = 0;
    bool operator==(const ApplicationInputs&) const = default;
};

}  // namespace returngate
