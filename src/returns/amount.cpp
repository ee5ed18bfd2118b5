// Integer split of an item's amount over its units.
#include "src/returns/amount.hpp"

#include <algorithm>
#include <set>

namespace returngate {
namespace {

// What the first `units` of the item are worth.
std::optional<Fen> worth(const OrderItem& item, std::int32_t units) {
    const auto product = checked_multiply(item.amount_fen, units);
    if (!product || item.quantity <= 0) return std::nullopt;
    return *product / item.quantity;
}

}  // namespace

Result<Taken> take_items(Order order, const std::vector<ApplyForReturn::Item>& items) {
    Taken taken;
    std::set<std::string_view> named;
    for (const auto& wanted : items) {
        if (!named.insert(wanted.item_id).second) {
            return fail(ErrorKind::invalid, "item_named_twice",
                        "An item is named twice; give it one quantity.");
        }
        const auto item = std::ranges::find(order.items, wanted.item_id, &OrderItem::item_id);
        if (item == order.items.end()) {
            return fail(ErrorKind::invalid, "item_unknown", "The order has no such item.");
        }
        if (wanted.quantity < 1 || wanted.quantity > item->quantity - item->returned_quantity) {
            return fail(ErrorKind::invalid, "quantity_exceeded",
                        "More units than the order has left to return.");
        }
        const auto upto = worth(*item, item->returned_quantity + wanted.quantity);
        if (!upto) return fail(ErrorKind::invalid, "amount_overflow", "The amount is out of range.");
        // Less what was refunded before; the platform may have changed quantity or amount since.
        const Fen amount_fen = std::max<Fen>(0, *upto - item->returned_fen);
        item->returned_quantity += wanted.quantity;
        item->returned_fen += amount_fen;
        taken.amount_fen += amount_fen;
    }
    if (taken.amount_fen <= 0) {
        return fail(ErrorKind::invalid, "nothing_to_refund", "Nothing is left to refund for these items.");
    }
    taken.order = std::move(order);
    return taken;
}

}  // namespace returngate
