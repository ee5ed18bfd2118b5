// How much a return is worth, item by item and with who bears what (E1): by integers, never above what was
// paid.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.hpp"
#include "src/returns/case_file.hpp"

namespace returngate {

// The rule's name, as it stands with every amount: an auditor computes the same from the same inputs.
//   An order's discounts are spread over its items by their amounts, one discount after the other over what
//   is left of each item: floors first, then one fen each to the largest remainders, the earlier item first.
//   Unit k of n of a part is worth floor(part·k/n) − floor(part·(k−1)/n), for what is paid of the item and
//   for each of its shares: the parts of all units sum to the whole exactly.
inline constexpr std::string_view kAmountRule = "largest_remainder_over_items_floor_over_units";

struct ItemUnits {
    std::string item_id;
    std::int32_t quantity = 0;
};

struct DiscountShare {
    std::string name;
    std::string borne_by;
    Fen amount_fen = 0;
    bool operator==(const DiscountShare&) const = default;
};

// Of some units of one item, with what it was computed from. gross = refund + the sum of the shares, but for
// what an order that changed in between had refunded too much before.
struct ItemAmount {
    std::string item_id;
    std::int32_t quantity = 0;
    std::int32_t of_quantity = 0;      // units of the order
    Fen of_fen = 0;                    // paid for all of them, discounts taken off
    std::int32_t before_quantity = 0;  // in earlier returns
    Fen before_fen = 0;
    Fen gross_fen = 0;
    std::vector<DiscountShare> discounts;
    Fen refund_fen = 0;
    bool operator==(const ItemAmount&) const = default;
};

// Paid beside the goods; refunded with the last unit of an order that was never shipped, else the buyer's.
struct ChargeAmount {
    std::string name;
    Fen paid_fen = 0;
    Fen refund_fen = 0;
    std::string borne_by;  // seller | buyer
    bool operator==(const ChargeAmount&) const = default;
};

struct Amount {
    std::vector<ItemAmount> items;
    std::vector<ChargeAmount> charges;
    Fen total_fen = 0;
    bool operator==(const Amount&) const = default;
};

// What the buyer paid for an item, and what each of the order's discounts took off it, in their order.
struct ItemWorth {
    Fen paid_fen = 0;
    std::vector<Fen> discounts_fen;
};
// One per item. Needs discounts that are within the items' sum.
[[nodiscard]] std::vector<ItemWorth> worths_of(const Order& order);

enum class Charges { kept, refunded };

struct Taken {
    Order order;  // with the units and amounts marked as returned
    Amount amount;
};
// Fails when an item is unknown, named twice, or more units are asked for than are left.
[[nodiscard]] Result<Taken> take_items(Order order, const std::vector<ItemUnits>& items, Charges charges);

// Who took it, so that it can be given back.
void remember_takings(Order& order, ReturnId by, bool is_unshipped, const Amount& amount);
// What this return took may be applied for again. Nothing when it took nothing.
void give_back(Order& order, ReturnId by);

}  // namespace returngate
