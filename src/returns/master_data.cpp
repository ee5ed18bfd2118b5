// What the platform tells us of orders and buyers.
#include <algorithm>
#include <set>

#include "src/returns/handlers.hpp"

namespace returngate {
namespace {

// What stands in returns already stays ours; an order cannot shrink below it.
Result<void> keep_returned(Order& order, const Order& known) {
    for (const auto& old : known.items) {
        if (old.returned_quantity == 0) continue;
        const auto item = std::ranges::find(order.items, old.item_id, &OrderItem::item_id);
        if (item == order.items.end() || item->quantity < old.returned_quantity ||
            item->amount_fen < old.returned_fen) {
            return fail(ErrorKind::conflict, "order_below_returns",
                        "Returns of this order name more than it would hold.");
        }
        item->returned_quantity = old.returned_quantity;
        item->returned_fen = old.returned_fen;
    }
    return {};
}

}  // namespace

Result<Decision> put_order(Draft draft, const PutOrder& command) {
    Order order = command.order;
    Fen sum = 0;
    std::set<std::string_view> named;
    for (auto& item : order.items) {
        if (item.quantity < 1 || item.amount_fen < 0) {
            return fail(ErrorKind::invalid, "item_out_of_range",
                        "An item has a quantity and no negative amount.");
        }
        if (!named.insert(item.item_id).second) {
            return fail(ErrorKind::invalid, "item_named_twice",
                        "An item is named twice; give it one quantity.");
        }
        item.returned_quantity = 0;
        item.returned_fen = 0;
        const auto next = checked_add(sum, item.amount_fen);
        if (!next) return fail(ErrorKind::invalid, "amount_overflow", "The items' amounts are out of range.");
        sum = *next;
    }
    if (sum > order.paid_fen) {
        return fail(ErrorKind::invalid, "items_above_paid",
                    "The items' amounts add up to more than was paid.");
    }
    if (const auto& known = draft.file().order) {
        if (known->buyer != order.buyer || known->seller != order.seller) {
            return fail(ErrorKind::conflict, "order_parties_fixed",
                        "An order keeps its buyer and its seller.");
        }
        if (const auto kept = keep_returned(order, *known); !kept) return tl::unexpected(kept.error());
        order.version = known->version;
    } else {
        order.version = 0;
    }
    draft.file().order = std::move(order);
    return std::move(draft).finish();
}

Result<Decision> set_trust(Draft draft, const SetTrust& command) {
    if (command.stars < 1 || command.stars > 5) {
        return fail(ErrorKind::invalid, "stars_out_of_range", "Stars are 1 to 5.");
    }
    if (command.line_fen && *command.line_fen < 0) {
        return fail(ErrorKind::invalid, "line_negative", "A credit line is not negative.");
    }
    const Fen by_stars = draft.policy().line_by_stars.at(static_cast<std::size_t>(command.stars));
    draft.file().line.buyer = command.buyer;
    draft.file().line = with_line(draft.file().line, command.stars, command.line_fen.value_or(by_stars));
    const auto version = draft.file().trust.version;
    draft.file().trust = command.trust;
    draft.file().trust.buyer = command.buyer;
    draft.file().trust.version = version;
    return std::move(draft).finish();
}

}  // namespace returngate
