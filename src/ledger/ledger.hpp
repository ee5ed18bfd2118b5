// Accounts and transfers: double entry that balances by construction (one debit, one credit, one amount).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"

namespace returngate::ledger {

// The chart of accounts; the same words stand in the database's enum.
enum class Account : std::uint8_t {
    advances_receivable,  // asset: what sellers' escrow owes the platform
    payouts_in_transit,   // liability: committed, not yet executed by the provider
    platform_funds,       // asset: our money at the provider
    escrow_clearing,      // asset: released by escrow, on its way to platform funds
    clawback_receivable,  // asset: what buyers owe
    write_off_loss,       // expense
    courier_claims,       // asset: claims on couriers
    refunds_receivable,   // asset: refunded for sellers, owed by their escrow
};
[[nodiscard]] std::string_view to_string(Account account);

enum class Reason : std::uint8_t {
    advance_committed,
    advance_paid,
    advance_reversed,
    advance_recovered,
    refund_committed,
    refund_paid,
    refund_reversed
};
[[nodiscard]] std::string_view to_string(Reason reason);

// `amount_fen` is always positive; the direction is in the accounts.
struct Transfer {
    Account debit{};
    Account credit{};
    Fen amount_fen = 0;
    Reason reason{};
};

// The money side of an advance's life, as data.
[[nodiscard]] constexpr Transfer advance_committed(Fen amount_fen) {
    return {Account::advances_receivable, Account::payouts_in_transit, amount_fen, Reason::advance_committed};
}
[[nodiscard]] constexpr Transfer advance_paid(Fen amount_fen) {
    return {Account::payouts_in_transit, Account::platform_funds, amount_fen, Reason::advance_paid};
}
[[nodiscard]] constexpr Transfer advance_reversed(Fen amount_fen) {
    return {Account::payouts_in_transit, Account::advances_receivable, amount_fen, Reason::advance_reversed};
}
[[nodiscard]] constexpr Transfer advance_recovered(Fen amount_fen) {
    return {Account::escrow_clearing, Account::advances_receivable, amount_fen, Reason::advance_recovered};
}

// The same of a refund that is no advance (decision 14).
[[nodiscard]] constexpr Transfer refund_committed(Fen amount_fen) {
    return {Account::refunds_receivable, Account::payouts_in_transit, amount_fen, Reason::refund_committed};
}
[[nodiscard]] constexpr Transfer refund_paid(Fen amount_fen) {
    return {Account::payouts_in_transit, Account::platform_funds, amount_fen, Reason::refund_paid};
}
[[nodiscard]] constexpr Transfer refund_reversed(Fen amount_fen) {
    return {Account::payouts_in_transit, Account::refunds_receivable, amount_fen, Reason::refund_reversed};
}

}  // namespace returngate::ledger
