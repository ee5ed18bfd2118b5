// The tables' columns, in the order in which tables.cpp puts their values.
#include "adapters/postgres/tables.hpp"

namespace returngate::postgres {
namespace {

constexpr std::array kOrder{Column{"cell", "int2"},
                            Column{"order_id", "text"},
                            Column{"buyer_id", "text"},
                            Column{"seller_id", "text"},
                            Column{"items", "json"},
                            Column{"paid_fen", "int8"},
                            Column{"trade_kind", "text"},
                            Column{"category", "text"},
                            Column{"state", "text"},
                            Column{"received_at", "timestamptz"},
                            Column{"outbound_courier", "text"},
                            Column{"outbound_waybill", "text"},
                            Column{"provider", "text"},
                            Column{"payee_contact_id", "uuid"},
                            Column{"payment_reference", "text"},
                            Column{"terms", "json"},
                            Column{"version", "int8"}};
constexpr std::array kCreditLine{Column{"cell", "int2"},      Column{"buyer_id", "text"},
                                 Column{"stars", "int2"},     Column{"line_fen", "int8"},
                                 Column{"bound_fen", "int8"}, Column{"held_fen", "int8"},
                                 Column{"open_fen", "int8"},  Column{"version", "int8"}};
constexpr std::array kTrust{
    Column{"cell", "int2"},       Column{"buyer_id", "text"},        Column{"refund_rate_bp", "int4"},
    Column{"complaints", "int4"}, Column{"dispute_rate_bp", "int4"}, Column{"is_selected", "bool"},
    Column{"excluded", "text"},   Column{"version", "int8"}};
constexpr std::array kStanding{Column{"cell", "int2"},         Column{"buyer_id", "text"},
                               Column{"stars", "int2"},        Column{"line_fen", "int8"},
                               Column{"excluded", "text"},     Column{"is_by_records", "bool"},
                               Column{"as_of", "timestamptz"}, Column{"facts", "json"},
                               Column{"penalties", "json"},    Column{"version", "int8"}};
constexpr std::array kContact{Column{"cell", "int2"},    Column{"contact_id", "uuid"},
                              Column{"kind", "text"},    Column{"name", "text"},
                              Column{"phone", "text"},   Column{"province", "text"},
                              Column{"city", "text"},    Column{"county", "text"},
                              Column{"address", "text"}, Column{"payee_reference", "text"}};
// A person is told whole, and the later word stands (merge in src/returns/contact.cpp).
constexpr std::string_view kKeptName =
    "CASE WHEN EXCLUDED.name || EXCLUDED.phone <> '' AND (EXCLUDED.told_at >= t.told_at OR t.name || t.phone "
    "= '') "
    "THEN EXCLUDED.name ELSE t.name END";
constexpr std::string_view kKeptPhone =
    "CASE WHEN EXCLUDED.name || EXCLUDED.phone <> '' AND (EXCLUDED.told_at >= t.told_at OR t.name || t.phone "
    "= '') "
    "THEN EXCLUDED.phone ELSE t.phone END";
constexpr std::string_view kKeptCode =
    "CASE WHEN EXCLUDED.pickup_code <> '' AND (EXCLUDED.told_at >= t.told_at OR t.pickup_code = '') "
    "THEN EXCLUDED.pickup_code ELSE t.pickup_code END";
constexpr std::array kDoorContact{
    Column{"cell", "int2"},
    Column{"contact_id", "uuid"},
    Column{"kind", "text"},
    Column{"name", "text", {}, kKeptName},
    Column{"phone", "text", {}, kKeptPhone},
    Column{"pickup_code", "text", {}, kKeptCode},
    Column{"told_at", "timestamptz", {}, "greatest(EXCLUDED.told_at, t.told_at)"}};
constexpr std::array kCase{Column{"cell", "int2"},
                           Column{"return_id", "uuid"},
                           Column{"buyer_id", "text"},
                           Column{"seller_id", "text"},
                           Column{"order_id", "text"},
                           Column{"after_sale_id", "text"},
                           Column{"approval", "text"},
                           Column{"provider", "text"},
                           Column{"payee_contact_id", "uuid"},
                           Column{"outbound_waybill", "text"},
                           Column{"applied_at", "timestamptz"},
                           Column{"status", "text"},
                           Column{"refund", "text"},
                           Column{"amount_fen", "int8"},
                           Column{"held_fen", "int8"},
                           Column{"pickup_id", "uuid"},
                           Column{"pickup_window_start", "timestamptz"},
                           Column{"pickup_window_end", "timestamptz"},
                           Column{"pickup_contact_id", "uuid"},
                           Column{"pickup_requested_at", "timestamptz"},
                           Column{"pickup_door_by", "timestamptz"},
                           Column{"pickup_status", "text"},
                           Column{"pickup_promise_missed", "bool"},
                           Column{"frozen", "text"},
                           Column{"delivered_at", "timestamptz"},
                           Column{"receipt", "text"},
                           Column{"receipt_at", "timestamptz"},
                           Column{"closed_at", "timestamptz"},
                           Column{"kind", "text"},
                           Column{"offer_fen", "int8"},
                           Column{"offer_by", "text"},
                           Column{"short_fen", "int8"},
                           Column{"above_line", "bool"},
                           Column{"registered_at", "timestamptz"},
                           Column{"intervention_by", "text"},
                           Column{"intervention_at", "timestamptz"},
                           Column{"ruling_proposed", "text"},
                           Column{"ruling_by", "text"},
                           Column{"event_seq", "int4"},
                           Column{"version", "int8"}};
constexpr std::array kApplication{Column{"cell", "int2"},         Column{"return_id", "uuid"},
                                  Column{"items", "json"},        Column{"reason", "text"},
                                  Column{"pictures", "json"},     Column{"approval_rules", "json"},
                                  Column{"refund_rules", "json"}, Column{"policy_version", "int4"},
                                  Column{"inputs", "json"},       Column{"amount", "json"}};
constexpr std::array kEvidence{Column{"cell", "int2"},      Column{"return_id", "uuid"},
                               Column{"event_seq", "int4"}, Column{"kind", "text"},
                               Column{"given_by", "text"},  Column{"given_at", "timestamptz"},
                               Column{"reason", "text"},    Column{"pictures", "json"}};
constexpr std::array kReplacedPickup{Column{"cell", "int2"},
                                     Column{"pickup_id", "uuid"},
                                     Column{"return_id", "uuid"},
                                     Column{"window_start", "timestamptz"},
                                     Column{"window_end", "timestamptz"},
                                     Column{"requested_at", "timestamptz"},
                                     Column{"door_by", "timestamptz"},
                                     Column{"status", "text"},
                                     Column{"promise_missed", "bool"}};
constexpr std::array kBooking{Column{"cell", "int2"},
                              Column{"booking_reference", "text"},
                              Column{"return_id", "uuid"},
                              Column{"courier", "text"},
                              Column{"account", "text"},
                              Column{"region", "text"},
                              Column{"window_start", "timestamptz"},
                              Column{"window_end", "timestamptz"},
                              Column{"placed_at", "timestamptz"},
                              Column{"pickup_id", "uuid"},
                              Column{"carrying_courier", "text"},
                              Column{"courier_key", "text"},
                              Column{"status", "text"},
                              Column{"waybill", "text"},
                              Column{"waybill_held", "text"},
                              Column{"waybill_verdict", "text"},
                              Column{"milestones", "text", "u.milestones::bigint[]"},
                              Column{"collected_known_at", "timestamptz"},
                              Column{"confirmed_at", "timestamptz"},
                              Column{"version", "int8"}};
constexpr std::array kAdvance{Column{"cell", "int2"},
                              Column{"return_id", "uuid"},
                              Column{"advance_id", "uuid"},
                              Column{"buyer_id", "text"},
                              Column{"amount_fen", "int8"},
                              Column{"provider", "text"},
                              Column{"provider_key", "text"},
                              Column{"payee_contact_id", "uuid"},
                              Column{"booking_reference", "text"},
                              Column{"waybill", "text"},
                              Column{"trigger_at", "timestamptz"},
                              Column{"committed_at", "timestamptz"},
                              Column{"state", "text"},
                              Column{"paid_at", "timestamptz"},
                              Column{"provider_reference", "text"},
                              Column{"recovered_fen", "int8"},
                              Column{"settled_at", "timestamptz"},
                              Column{"clawback", "text"},
                              Column{"repay_by", "timestamptz"},
                              Column{"repaid_fen", "int8"},
                              Column{"version", "int8"}};
constexpr std::array kRefund{
    Column{"cell", "int2"},         Column{"return_id", "uuid"},        Column{"kind", "text"},
    Column{"refund_id", "uuid"},    Column{"amount_fen", "int8"},       Column{"provider", "text"},
    Column{"provider_key", "text"}, Column{"payee_contact_id", "uuid"}, Column{"committed_at", "timestamptz"},
    Column{"state", "text"},        Column{"paid_at", "timestamptz"},   Column{"provider_reference", "text"},
    Column{"version", "int8"}};
constexpr std::array kRuling{Column{"cell", "int2"},      Column{"return_id", "uuid"},
                             Column{"number", "int4"},    Column{"is_appeal", "bool"},
                             Column{"called_by", "text"}, Column{"opened_at", "timestamptz"},
                             Column{"proposed", "text"},  Column{"proposed_by", "text"},
                             Column{"outcome", "text"},   Column{"decided_at", "timestamptz"},
                             Column{"version", "int8"}};
constexpr std::array kTransfer{Column{"cell", "int2"},
                               Column{"journal_id", "uuid"},
                               Column{"line", "int2"},
                               Column{"return_id", "uuid"},
                               Column{"debit", "text", "u.debit::ledger_account"},
                               Column{"credit", "text", "u.credit::ledger_account"},
                               Column{"amount_fen", "int8"},
                               Column{"reason", "text"},
                               Column{"posted_at", "timestamptz"}};
constexpr std::array kMoneyBack{Column{"cell", "int2"}, Column{"reference", "text"},
                                Column{"return_id", "uuid"}, Column{"amount_fen", "int8"},
                                Column{"recorded_at", "timestamptz"}};
constexpr std::array kEntry{Column{"cell", "int2"}, Column{"return_id", "uuid"}, Column{"first_seq", "int4"},
                            Column{"at", "timestamptz"}, Column{"events", "json"}};
constexpr std::array kInbox{Column{"cell", "int2"},       Column{"source", "text"},
                            Column{"dedupe_key", "text"}, Column{"payload_hash", "bytea"},
                            Column{"proof", "text"},      Column{"received_at", "timestamptz"},
                            Column{"payload", "bytea"}};
constexpr std::array kIdempotency{Column{"cell", "int2"},
                                  Column{"key_id", "uuid"},
                                  Column{"key", "text"},
                                  Column{"fingerprint", "bytea"},
                                  Column{"status", "int2"},
                                  Column{"body", "text"},
                                  Column{"stored_at", "timestamptz"}};
constexpr std::array kJob{Column{"cell", "int2"},          Column{"return_id", "uuid"},
                          Column{"kind", "text"},          Column{"subject", "text"},
                          Column{"due_at", "timestamptz"}, Column{"run_at", "timestamptz"}};
constexpr std::array kJobKey{Column{"cell", "int2"}, Column{"return_id", "uuid"}, Column{"kind", "text"},
                             Column{"subject", "text"}};

}  // namespace

const Table kOrderTable{"shop_order", kOrder, 2};
const Table kCreditLineTable{"credit_line", kCreditLine, 2};
const Table kTrustTable{"buyer_trust", kTrust, 2};
const Table kContactTable{"contact", kContact, 2};
const Table kDoorContactTable{"contact", kDoorContact, 2, 0, "door_contact"};
const Table kCaseTable{"return_case", kCase, 2, 9};
const Table kApplicationTable{"application", kApplication, 2};
const Table kEvidenceTable{"evidence", kEvidence, 3};
const Table kReplacedPickupTable{"replaced_pickup", kReplacedPickup, 2};
const Table kBookingTable{"booking", kBooking, 2, 7};
// What is fixed otherwise is written too: the window.
const Table kMovedBookingTable{"booking", kBooking, 2, 0, "moved_booking"};
const Table kAdvanceTable{"advance", kAdvance, 2, 10};
const Table kRefundTable{"refund", kRefund, 3, 6};
const Table kRulingTable{"ruling", kRuling, 3, 3};
const Table kStandingTable{"buyer_standing", kStanding, 2};
const Table kTransferTable{"ledger_transfer", kTransfer, 3};
const Table kRecoveryTable{"recovery", kMoneyBack, 2};
const Table kRepaymentTable{"repayment", kMoneyBack, 2};
const Table kEntryTable{"case_entry", kEntry, 3};
const Table kInboxTable{"inbox", kInbox, 3};
const Table kIdempotencyTable{"idempotency", kIdempotency, 3};
const Table kJobTable{"job", kJob, 4};
const Table kJobDoneTable{"job", kJobKey, 4};

}  // namespace returngate::postgres
