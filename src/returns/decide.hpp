// The one decision function: a case file, a command and the situation in, everything that changes out.
// No I/O, no clock, no lock; the same inputs give the same decision.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/advance/application_inputs.hpp"
#include "src/base/ids.hpp"
#include "src/base/result.hpp"
#include "src/base/rule.hpp"
#include "src/ledger/ledger.hpp"
#include "src/pickup/quote.hpp"
#include "src/returns/case_file.hpp"
#include "src/returns/claims.hpp"
#include "src/returns/command.hpp"
#include "src/returns/contact.hpp"
#include "src/returns/job.hpp"
#include "src/returns/policy.hpp"

namespace returngate {

// What the command is decided under. `claim_owner`: who owns the waybill number that the command
// presents (claims are committed ahead of deciding); absent when it presents none.
struct Situation {
    const Policy& policy;
    Instant now{};          // when it is decided
    Instant received_at{};  // when the fact reached us: the one second starts here
    std::array<std::uint8_t, 16> seed{};
    std::optional<ReturnId> claim_owner;
    std::vector<CourierCode> open_breakers;
    std::span<const CourierRecord> records{};  // of the last hours; a courier without one is unknown
    std::span<const CourierQuote> quotes{};    // as couriers answered lately, sorted by their key
    std::span<const RelatedClaim>
        related_claims{};  // of a number that was typed in; nobody looks for others'
};

// One entry of the timeline, and later of the event stream (decision 27). No personal data.
struct CaseEvent {
    using Value = std::variant<std::string, std::int64_t, bool, std::vector<RankedCourier>>;
    std::string_view type;
    std::vector<std::pair<std::string_view, Value>> facts;
};

// Written once, with the application; read only by people.
struct ApplicationRecord {
    std::vector<ApplyForReturn::Item> items;
    std::string reason;
    std::vector<std::string> pictures;
    std::vector<RuleResult> approval_rules;
    std::vector<RuleResult> refund_rules;
    std::int32_t policy_version = 0;
    ApplicationInputs inputs{};  // with the version: the same rules, again, at any time
    Amount amount{};
};

// From the escrow, or from the buyer.
struct MoneyBackRecord {
    std::string reference;
    Fen amount_fen = 0;
};

struct EvidenceRecord {
    std::string kind;  // refusal | dispute | intervention | appeal | answer | short_receipt
    std::string by;    // buyer | seller
    std::string reason;
    std::vector<Evidence> items;
};

struct Decision {
    CaseFile after;
    std::vector<CaseEvent> events;
    std::vector<ledger::Transfer> transfers;  // one journal
    std::vector<JobChange> jobs;              // in order; the last word on a key stands
    std::optional<ApplicationRecord> application;
    std::optional<Error> pickup_refusal;  // the application was taken, the pickup asked for with it was not
    std::optional<MoneyBackRecord> recovery;
    std::optional<MoneyBackRecord> repayment;
    std::optional<EvidenceRecord> evidence;
    std::optional<DoorContact> door;  // who comes, as the courier told us
};

// An error is a refusal: nothing is saved.
[[nodiscard]] Result<Decision> decide(const CaseFile& file, const Command& command,
                                      const Situation& situation);

}  // namespace returngate
