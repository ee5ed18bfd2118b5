// The words of the chart of accounts, as the database and the API spell them.
#include "src/ledger/ledger.hpp"

namespace returngate::ledger {
namespace {

constexpr std::array<std::string_view, 8> kAccounts{
    "advances_receivable", "payouts_in_transit", "platform_funds", "escrow_clearing",
    "clawback_receivable", "write_off_loss",     "courier_claims", "refunds_receivable"};
constexpr std::array<std::string_view, 7> kReasons{
    "advance_committed", "advance_paid", "advance_reversed", "advance_recovered",
    "refund_committed",  "refund_paid",  "refund_reversed"};

}  // namespace

std::string_view to_string(Account account) {
    return kAccounts[static_cast<std::size_t>(account)];
}
std::string_view to_string(Reason reason) {
    return kReasons[static_cast<std::size_t>(reason)];
}

}  // namespace returngate::ledger
