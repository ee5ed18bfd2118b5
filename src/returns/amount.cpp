// Integer split of an order's discounts over its items, and of each part over an item's units.
#include "src/returns/amount.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace returngate {
namespace {

__extension__ using Wide = __int128;

constexpr std::string_view kSeller = "seller";
constexpr std::string_view kBuyer = "buyer";

// In proportion to the weights, whose sum is not below the amount: no part exceeds its weight.
std::vector<Fen> spread(Fen amount_fen, const std::vector<Fen>& weights) {
    const Fen sum = std::accumulate(weights.begin(), weights.end(), Fen{0});
    std::vector<Fen> parts(weights.size(), 0);
    if (amount_fen <= 0 || sum <= 0) return parts;
    std::vector<Fen> remainders(weights.size(), 0);
    Fen left = amount_fen;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide product = static_cast<Wide>(amount_fen) * weights[i];
        parts[i] = static_cast<Fen>(product / sum);
        remainders[i] = static_cast<Fen>(product % sum);
        left -= parts[i];
    }
    std::vector<std::size_t> by_remainder(weights.size());
    std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
    std::ranges::stable_sort(by_remainder, [&](auto a, auto b) { return remainders[a] > remainders[b]; });
    for (std::size_t i = 0; i < by_remainder.size() && left > 0; ++i, --left) ++parts[by_remainder[i]];
    return parts;
}

// What the first `units` of `quantity` are of a part.
std::optional<Fen> share(Fen part_fen, std::int32_t units, std::int32_t quantity) {
    const auto product = checked_multiply(part_fen, units);
    if (!product || quantity <= 0) return std::nullopt;
    return *product / quantity;
}

Error overflow() {
    return Error{ErrorKind::invalid, "amount_overflow", "The amount is out of range."};
}

Result<std::vector<DiscountShare>> shares_of(const Order& order, const ItemWorth& worth,
                                             const ItemAmount& units) {
    std::vector<DiscountShare> shares;
    for (std::size_t i = 0; i < order.discounts.size(); ++i) {
        const auto before = share(worth.discounts_fen[i], units.before_quantity, units.of_quantity);
        const auto upto =
            share(worth.discounts_fen[i], units.before_quantity + units.quantity, units.of_quantity);
        if (!before || !upto) return tl::unexpected(overflow());
        const Discount& discount = order.discounts[i];
        shares.push_back({discount.name, discount.borne_by, *upto - *before});
    }
    return shares;
}

Result<ItemAmount> take_units(const Order& order, OrderItem& item, const ItemWorth& worth,
                              std::int32_t quantity) {
    ItemAmount taken{.item_id = item.item_id,
                     .quantity = quantity,
                     .of_quantity = item.quantity,
                     .of_fen = worth.paid_fen,
                     .before_quantity = item.returned_quantity,
                     .before_fen = item.returned_fen,
                     .gross_fen = 0,
                     .discounts = {},
                     .refund_fen = 0};
    const auto upto = share(worth.paid_fen, item.returned_quantity + quantity, item.quantity);
    if (!upto) return tl::unexpected(overflow());
    auto shares = shares_of(order, worth, taken);
    if (!shares) return tl::unexpected(shares.error());
    taken.discounts = *std::move(shares);
    // Less what was refunded before; the platform may have changed quantity or amount since.
    taken.refund_fen = std::max<Fen>(0, *upto - item.returned_fen);
    taken.gross_fen = taken.refund_fen;
    for (const auto& discount : taken.discounts) taken.gross_fen += discount.amount_fen;
    item.returned_quantity += quantity;
    item.returned_fen += taken.refund_fen;
    return taken;
}

bool is_all_taken(const Order& order) {
    return std::ranges::all_of(order.items,
                               [](const OrderItem& item) { return item.returned_quantity == item.quantity; });
}

void take_charges(Taken& taken, Charges charges) {
    const bool is_refunded = charges == Charges::refunded && is_all_taken(taken.order);
    for (auto& charge : taken.order.charges) {
        const Fen refund_fen = is_refunded ? charge.amount_fen - charge.returned_fen : 0;
        charge.returned_fen += refund_fen;
        taken.amount.total_fen += refund_fen;
        taken.amount.charges.push_back(
            {charge.name, charge.amount_fen, refund_fen, std::string(is_refunded ? kSeller : kBuyer)});
    }
}

}  // namespace

std::vector<ItemWorth> worths_of(const Order& order) {
    std::vector<ItemWorth> worths;
    std::vector<Fen> left;
    for (const auto& item : order.items) {
        worths.push_back({item.amount_fen, {}});
        left.push_back(item.amount_fen);
    }
    for (const auto& discount : order.discounts) {
        const auto parts = spread(discount.amount_fen, left);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            worths[i].discounts_fen.push_back(parts[i]);
            worths[i].paid_fen -= parts[i];
            left[i] -= parts[i];
        }
    }
    return worths;
}

Result<Taken> take_items(Order order, const std::vector<ItemUnits>& items, Charges charges) {
    Taken taken;
    const auto worths = worths_of(order);
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
        const auto& worth = worths[static_cast<std::size_t>(item - order.items.begin())];
        auto units = take_units(order, *item, worth, wanted.quantity);
        if (!units) return tl::unexpected(units.error());
        taken.amount.total_fen += units->refund_fen;
        taken.amount.items.push_back(*std::move(units));
    }
    taken.order = std::move(order);
    take_charges(taken, charges);
    if (taken.amount.total_fen <= 0) {
        return fail(ErrorKind::invalid, "nothing_to_refund", "Nothing is left to refund for these items.");
    }
    return taken;
}

void remember_takings(Order& order, ReturnId by, bool is_unshipped, const Amount& amount) {
    for (const auto& item : amount.items)
        order.takings.push_back({by, is_unshipped, item.item_id, item.quantity, item.refund_fen});
    for (const auto& charge : amount.charges) {
        if (charge.refund_fen > 0)
            order.takings.push_back({by, is_unshipped, charge.name, 0, charge.refund_fen});
    }
}

void give_back(Order& order, ReturnId by) {
    for (const auto& taking : order.takings) {
        if (taking.return_id != by) continue;
        for (auto& item : order.items) {
            if (taking.quantity == 0 || item.item_id != taking.name) continue;
            item.returned_quantity -= taking.quantity;
            item.returned_fen -= taking.amount_fen;
        }
        for (auto& charge : order.charges) {
            if (taking.quantity == 0 && charge.name == taking.name) charge.returned_fen -= taking.amount_fen;
        }
    }
    std::erase_if(order.takings, [&](const Taking& taking) { return taking.return_id == by; });
}

}  // namespace returngate
