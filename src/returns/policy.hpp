// Every number of the rule book, with its default. Loaded from config/policy.toml; never a constant in code.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/money.hpp"
#include "src/pickup/windows.hpp"

namespace returngate {

// Which callbacks are confirmed by asking the courier before money moves (decision 10).
enum class ConfirmByQuery { unsigned_only, weak, always };

// How long each promise and each silence lasts (decisions.md, "Time-outs").
struct Clocks {
    std::chrono::hours seller_answers_application{72};
    std::chrono::hours buyer_ships{7 * 24};
    std::chrono::seconds courier_accepts{300};
    std::chrono::seconds courier_at_door{7200};
    std::chrono::seconds door_grace{3600};  // after the window's end, then the next courier
    std::chrono::hours seller_confirms_receipt{10 * 24};
    std::chrono::milliseconds advance_pays{1000};
};

// A courier as the rules see it: profile facts and configuration, no wire.
struct CourierTerms {
    CourierCode code;
    bool enabled = true;
    int priority = 100;             // lower goes first
    bool accepts_by_answer = true;  // else acceptance comes by callback
    bool finds_by_reference = false;
    bool repeats_reference = false;
    std::chrono::minutes cut_off = kNoCutOff;
};

struct Policy {
    int version = 1;
    int min_stars = 3;                                                    // B1
    std::chrono::hours within{7 * 24};                                    // B1: of receiving the goods
    std::array<Fen, 6> line_by_stars{0, 0, 30000, 50000, 80000, 120000};  // decision 7; index = stars
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
    std::vector<CourierTerms> couriers;

    [[nodiscard]] const CourierTerms* terms(const CourierCode& code) const;
};

}  // namespace returngate
