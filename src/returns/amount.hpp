// How much a return is worth: units of order items, by integers, never above what was paid for them.
#pragma once

#include <vector>

#include "src/base/result.hpp"
#include "src/returns/case_file.hpp"
#include "src/returns/command.hpp"

namespace returngate {

struct Taken {
    Order order;  // with the units and amounts marked as returned
    Fen amount_fen = 0;
};
// Unit k of n is worth floor(amount·k/n) − floor(amount·(k−1)/n): the parts sum to the whole exactly.
// Fails when an item is unknown, named twice, or more units are asked for than are left.
[[nodiscard]] Result<Taken> take_items(Order order, const std::vector<ApplyForReturn::Item>& items);

}  // namespace returngate
