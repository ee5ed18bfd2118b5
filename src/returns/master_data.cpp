// What the platform tells us of orders.
#include <algorithm>
#include <set>

#include "src/returns/amount.hpp"
#include "src/returns/handlers.hpp"
#include "src/returns/unshipped.hpp"

namespace returngate {
namespace {

// What stands in returns already stays ours; an order cannot shrink below it.
Result<void> keep_returned(Order& order, const Order& known) {
    const auto below_returns = fail(ErrorKind::conflict, "order_below_returns",
                                    "Returns of this order name more than it would hold.");
    const auto worths = worths_of(order);
    for (const auto& old : known.items) {
        if (old.returned_quantity == 0) continue;
        const auto item = std::ranges::find(order.items, old.item_id, &OrderItem::item_id);
        if (item == order.items.end() || item->quantity < old.returned_quantity ||
            worths[static_cast<std::size_t>(item - order.items.begin())].paid_fen < old.returned_fen) {
            return below_returns;
        }
        item->returned_quantity = old.returned_quantity;
        item->returned_fen = old.returned_fen;
    }
    for (const auto& old : known.charges) {
        if (old.returned_fen == 0) continue;
        const auto charge = std::ranges::find(order.charges, old.name, &Charge::name);
        if (charge == order.charges.end() || charge->amount_fen < old.returned_fen) return below_returns;
        charge->returned_fen = old.returned_fen;
    }
    return {};
}

Result<Fen> sum_of_items(Order& order) {
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
    return sum;
}

Result<Fen> sum_of_charges(Order& order) {
    Fen sum = 0;
    std::set<std::string_view> named;
    for (auto& charge : order.charges) {
        if (!named.insert(charge.name).second)
            return fail(ErrorKind::invalid, "charge_named_twice", "A charge is named twice.");
        charge.returned_fen = 0;
        const auto next = checked_add(sum, charge.amount_fen);
        if (!next || charge.amount_fen < 0)
            return fail(ErrorKind::invalid, "amount_overflow", "The charges are out of range.");
        sum = *next;
    }
    return sum;
}

Result<Fen> sum_of_discounts(const Order& order, Fen items_fen) {
    Fen sum = 0;
    for (const auto& discount : order.discounts) {
        const auto next = checked_add(sum, discount.amount_fen);
        if (!next || discount.amount_fen < 0 || *next > items_fen) {
            return fail(ErrorKind::invalid, "discounts_above_items",
                        "The discounts take off more than the items cost.");
        }
        sum = *next;
    }
    return sum;
}

// items − discounts + charges ≤ paid
Result<void> add_up(Order& order) {
    const auto items = sum_of_items(order);
    if (!items) return tl::unexpected(items.error());
    const auto charges = sum_of_charges(order);
    if (!charges) return tl::unexpected(charges.error());
    const auto discounts = sum_of_discounts(order, *items);
    if (!discounts) return tl::unexpected(discounts.error());
    const auto sum = checked_add(*items - *discounts, *charges);
    if (!sum) return fail(ErrorKind::invalid, "amount_overflow", "The order's amounts are out of range.");
    if (*sum > order.paid_fen) {
        return fail(ErrorKind::invalid, "items_above_paid",
                    "The items' amounts add up to more than was paid.");
    }
    return {};
}

}  // namespace

Result<Decision> put_order(Draft draft, const PutOrder& command) {
    Order order = command.order;
    if (const auto sound = add_up(order); !sound) return tl::unexpected(sound.error());
    if (const auto& known = draft.file().order) {
        if (known->buyer != order.buyer || known->seller != order.seller) {
            return fail(ErrorKind::conflict, "order_parties_fixed",
                        "An order keeps its buyer and its seller.");
        }
        if (const auto kept = keep_returned(order, *known); !kept) return tl::unexpected(kept.error());
        order.takings = known->takings;
        order.version = known->version;
        tell_unshipped(draft, *known, order);
    } else {
        order.takings.clear();
        order.version = 0;
    }
    draft.file().order = std::move(order);
    return std::move(draft).finish();
}

}  // namespace returngate
