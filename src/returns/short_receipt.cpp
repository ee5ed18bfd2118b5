// Unit k of n of what the return took is worth floor(part·k/n) − floor(part·(k−1)/n), as everywhere (E1).
#include "src/returns/short_receipt.hpp"

#include <algorithm>
#include <set>

#include "src/returns/clawback.hpp"
#include "src/returns/freeze.hpp"
#include "src/returns/receipt.hpp"

namespace returngate {
namespace {

__extension__ using Wide = __int128;

struct Worth {
    Fen received_fen = 0;
    Fen taken_fen = 0;
    std::int32_t received_units = 0;
    std::int32_t taken_units = 0;
};

Result<void> check_names(const Order& order, ReturnId id, const std::vector<ItemUnits>& received) {
    std::set<std::string_view> named;
    for (const auto& units : received) {
        if (!named.insert(units.item_id).second)
            return fail(ErrorKind::invalid, "item_named_twice",
                        "An item is named twice; give it one quantity.");
        const bool is_taken = std::ranges::any_of(order.takings, [&](const Taking& taking) {
            return taking.return_id == id && taking.name == units.item_id && taking.quantity > 0;
        });
        if (!is_taken) return fail(ErrorKind::invalid, "item_unknown", "The return has no such item.");
    }
    return {};
}

// An item that is not named did not come.
Result<Worth> worth_of(const Order& order, ReturnId id, const std::vector<ItemUnits>& received) {
    if (const auto known = check_names(order, id, received); !known) return tl::unexpected(known.error());
    Worth worth;
    for (const auto& taking : order.takings) {
        if (taking.return_id != id || taking.quantity == 0) continue;
        const auto units = std::ranges::find(received, taking.name, &ItemUnits::item_id);
        const std::int32_t came = units == received.end() ? 0 : units->quantity;
        if (came < 0 || came > taking.quantity) {
            return fail(ErrorKind::invalid, "more_than_applied_for",
                        "More units than the return was applied for.");
        }
        worth.received_units += came;
        worth.taken_units += taking.quantity;
        worth.received_fen += static_cast<Fen>(static_cast<Wide>(taking.amount_fen) * came / taking.quantity);
        worth.taken_fen += taking.amount_fen;
    }
    return worth;
}

// In proportion, where the two sides had agreed to another amount than the units' own.
Fen amount_of(const Worth& worth, Fen agreed_fen) {
    if (worth.taken_fen <= 0) return 0;
    return static_cast<Fen>(static_cast<Wide>(agreed_fen) * worth.received_fen / worth.taken_fen);
}

void ask_for_the_rest(Draft& draft) {
    const auto& advance = draft.file().advance;
    // Not advanced yet: what came is refunded as it is, after the receipt.
    if (!advance || advance->state == AdvanceState::reversed) return defer_refund(draft, kUnitsMissing);
    if (!is_open(advance->state)) return freeze(draft, kUnitsMissing);  // settled: a person's
    notify_clawback(draft, kUnitsMissing);
}

}  // namespace

Result<void> take_short_receipt(Draft& draft, const ConfirmReceipt& receipt) {
    if (receipt.received.empty()) return {};
    const auto& order = draft.file().order;
    ReturnCase& return_case = draft.case_();
    if (!order || order->id != return_case.order)
        return fail(ErrorKind::not_found, "order_not_found", "The return's order is not there.");
    const auto worth = worth_of(*order, return_case.id, receipt.received);
    if (!worth) return tl::unexpected(worth.error());
    if (worth->received_units == worth->taken_units) return {};
    const Fen agreed_fen = return_case.amount_fen;
    const Fen amount_fen = amount_of(*worth, agreed_fen);
    if (amount_fen <= 0) {
        return fail(ErrorKind::invalid, "nothing_received", "What holds nothing is disputed, not confirmed.");
    }
    if (receipt.reason.empty() || receipt.evidence.empty()) {
        return fail(ErrorKind::invalid, "reason_and_evidence_required",
                    "A receipt of fewer units needs a reason and evidence.");
    }
    return_case.short_fen = agreed_fen - amount_fen;
    lower_amount(draft, amount_fen);
    draft.decision().evidence = EvidenceRecord{"short_receipt", "seller", receipt.reason, receipt.evidence};
    draft.note("receipt.short", {{"amount_fen", amount_fen},
                                 {"applied_for_fen", agreed_fen},
                                 {"units", std::int64_t{worth->received_units}},
                                 {"of_units", std::int64_t{worth->taken_units}}});
    ask_for_the_rest(draft);
    return {};
}

}  // namespace returngate
