// Every number of the rule book, with its default. Loaded from config/policy.toml; never a constant in code.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "src/advance/standing.hpp"
#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/pickup/ranking.hpp"
#include "src/pickup/windows.hpp"

namespace returngate {

// Which callbacks are confirmed by asking the courier before money moves (decision 10).
enum class ConfirmByQuery { unsigned_only, weak, always };

// How long each promise and each silence lasts (decisions.md, "Time-outs").
struct Clocks {
    std::chrono::hours seller_answers_application{72};
    std::chrono::hours buyer_answers_offer{72};
    std::chrono::hours buyer_ships{7 * 24};
    std::chrono::seconds courier_accepts{300};
    std::chrono::seconds courier_at_door{7200};
    std::chrono::seconds door_grace{3600};  // after the window's end, then the next courier
    std::chrono::hours seller_confirms_receipt{10 * 24};
    int customer_service_days = 2;  // working days (C6)
    std::chrono::hours self_shipped_collected{48};
    std::chrono::hours buyer_repays{7 * 24};
    std::chrono::hours appeal_within{15 * 24};  // of the outcome (E2)
    int appeal_days = 5;                        // working days, then escalated
    std::chrono::milliseconds advance_pays{1000};
};

// Where a courier comes to, by areas (src/pickup/region.hpp).
struct Coverage {
    std::vector<std::string> served;      // empty: everywhere …
    std::vector<std::string> not_served;  // … but here
};

// A further account of ours at a courier, for some places or some sellers. An empty list is all of them.
struct AccountTerms {
    std::string name;
    std::vector<std::string> areas;
    std::vector<SellerId> sellers;
};

// A courier as the rules see it: profile facts and configuration, no wire.
struct CourierTerms {
    CourierCode code;
    bool enabled = true;
    int priority = 100;             // lower goes first
    bool accepts_by_answer = true;  // else acceptance comes by callback
    bool finds_by_reference = false;
    bool repeats_reference = false;
    CourierHours hours{};
    Fen fee_fen = 0;                    // agreed for one pickup
    std::chrono::seconds last_push{0};  // its last try at a push, after the event; 0: not known
    Coverage coverage{};
    std::vector<AccountTerms> accounts{};  // besides the first one; the first that fits is taken
    bool moves_bookings = false;           // by an operation of its own; else cancelled and booked anew
};
[[nodiscard]] bool covers(const Coverage& coverage, std::string_view region);
// The name of the account to book with; empty: the first one.
[[nodiscard]] std::string account_for(const CourierTerms& terms, std::string_view region,
                                      const SellerId& seller);

// A courier that is not heard of is asked.
struct Silence {
    std::chrono::hours carriage{24};      // since the last scan of a parcel under way …
    std::chrono::minutes poll{180};       // … and then so often
    std::chrono::minutes door_poll{10};   // from the end of the promised window on
    std::chrono::hours give_up{15 * 24};  // since the last scan; reconciliation names it by then
};

// Which courier is asked first, and whose word counts.
struct CourierRules {
    std::chrono::hours record{12};  // bookings of the last hours make up a courier's record
    RankingWeights weights;
    // A courier that had nobody free in a region lets others go first there, for so long.
    std::chrono::minutes stand_back{120};
    // A courier whose "collected" turned out to be wrong is asked before money moves, for so long.
    std::chrono::hours distrust{24};
};

// Whom and what the instant flow is for (A8, B2, D2). Names are the platform's.
struct Scope {
    std::vector<std::string> reasons{"seven_day_no_reason"};
    std::vector<std::string> categories{"womens_wear", "mens_wear", "accessories", "womens_shoes",
                                        "mens_shoes"};
    bool pilot_sellers_only = true;
    std::vector<std::string> excluded_trade_kinds{"try_before_buy", "fund_instalment", "compensation_claim",
                                                  "postage_refund", "staged_order"};
    std::vector<std::string> excluded_sellers;
    std::vector<std::string> excluded_items;
};

// Above these figures of the last 90 days a buyer gets no advance (A7).
struct TrustLimits {
    std::int32_t refund_rate_bp = 5000;
    std::int32_t complaints = 3;
    std::int32_t dispute_rate_bp = 1000;
    bool selected_only = false;  // A2: open to selected members first
};

// Days that are not worked although they are no weekend, and weekend days that are (C6), Asia/Shanghai.
struct Calendar {
    std::vector<std::chrono::year_month_day> holidays;
    std::vector<std::chrono::year_month_day> worked_weekends;
};

// A number that the buyer typed in moves money on its own only for these (A1, decision 13).
struct SelfShipped {
    int min_stars = 4;
    std::chrono::seconds poll{30 * 60};
};

// Claims that speak against a typed number.
struct TypedNumbers {
    int neighbour_distance = 3;                // numbers that follow each other so closely; 0: not asked
    std::chrono::hours buyer_memory{30 * 24};  // one buyer's numbers within so long …
    std::chrono::hours seller_memory{24};      // … and, of all buyers, those sent to one seller
};

// Refunded at once although nobody was asked: an order that was never shipped (D1). Scope's exclusions hold
// too.
struct Unshipped {
    int min_stars = 3;      // a quality user
    Fen below_fen = 30000;  // paid for the whole order
    std::vector<std::string> excluded_categories{"made_to_order", "virtual"};
    // A refunded order whose outbound number is known is asked about so often, so many times (D3).
    std::chrono::hours trace_every{24};
    int traces = 4;
};

// What sellers may agree to on their own (C5).
struct Negotiation {
    Fen superior_above_fen = 50000;  // other terms on more than this need a second person of the seller's
    Fen postage_at_most_fen = 5000;
};

struct Policy {
    int version = 1;
    int min_stars = 3;                  // B1
    std::chrono::hours within{7 * 24};  // B1: of receiving the goods
    Scope scope;
    TrustLimits trust;
    SelfShipped self_shipped;
    TypedNumbers typed_numbers;
    Unshipped unshipped;
    Negotiation negotiation;
    RatingRules rating;
    PenaltyRules penalties;
    Calendar calendar;
    std::array<Fen, 6> line_by_stars{0, 0, 30000, 50000, 80000, 120000};  // decision 7; index = stars
    std::chrono::hours reservation{
        0};  // how long an application holds the line (A2); 0: until its return ends
    ConfirmByQuery confirm_by_query = ConfirmByQuery::unsigned_only;
    Fen weak_limit_fen = 200000;
    std::array<std::chrono::milliseconds, 4> confirm_after{
        std::chrono::milliseconds{200}, std::chrono::milliseconds{500}, std::chrono::milliseconds{1000},
        std::chrono::milliseconds{2000}};  // decision 10, then every confirm_poll
    std::chrono::seconds confirm_poll{60};
    // A courier's clock may be this far from ours before an event counts as older than its booking.
    std::chrono::seconds clock_skew{60};
    PickupHours pickup;
    Clocks clocks;
    CourierRules broker;
    Silence silence;
    std::vector<CourierTerms> couriers;

    [[nodiscard]] const CourierTerms* terms(const CourierCode& code) const;
    // From the earliest opening to the latest cut-off of those that take bookings.
    [[nodiscard]] CourierHours courier_hours() const;
};

}  // namespace returngate
