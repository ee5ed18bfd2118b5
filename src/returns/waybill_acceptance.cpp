// The rules a number passes before it counts, cheapest first; all are evaluated and stored.
#include "src/returns/waybill_acceptance.hpp"

#include <algorithm>

#include "src/waybill/check.hpp"
#include "src/waybill/serials.hpp"

namespace returngate {
namespace {

std::string reasons_of(const waybill::Report& report) {
    std::string text(waybill::to_string(report.verdict));
    for (const auto reason : report.reasons) text.append(" ").append(reason);
    return text;
}

// An attempt that was given up keeps its number: it says nothing about the parcel of the next one.
bool is_of_another_booking(const CaseFile& file, const Booking& booking, std::string_view number) {
    return std::ranges::any_of(file.bookings, [&](const Booking& other) {
        return other.reference != booking.reference && other.waybill == number &&
               other.number_courier() == booking.number_courier();
    });
}

}  // namespace

WaybillAcceptance judge_waybill(const CaseFile& file, const Booking& booking, std::string_view raw,
                                std::optional<ReturnId> claim_owner) {
    const auto report = waybill::check(raw, booking.number_courier());
    WaybillAcceptance result;
    result.canonical = report.canonical;
    auto add = [&](std::string_view name, bool passed, std::string detail = {}) {
        result.rules.push_back({"W", name, passed, std::move(detail)});
    };
    add("well_formed", report.verdict == waybill::Verdict::ok, reasons_of(report));
    add("not_the_outbound_number", report.canonical != file.case_.outbound_waybill);
    add("claimed_by_this_return", claim_owner == file.case_.id);
    add("of_this_booking", !is_of_another_booking(file, booking, report.canonical));
    add("one_number_per_booking", booking.waybill.empty() || booking.waybill == report.canonical);
    return result;
}

std::vector<ClaimKey> related_keys(const ClaimKey& typed, int neighbour_distance) {
    std::vector<ClaimKey> keys;
    for (auto& reading : waybill::readings_of(typed.number)) {
        ClaimKey key{std::string(reading.courier), std::move(reading.number)};
        if (key != typed) keys.push_back(std::move(key));
    }
    for (auto& number : waybill::neighbours(typed.number, typed.courier, neighbour_distance))
        keys.push_back({typed.courier, std::move(number)});
    return keys;
}

std::vector<RuleResult> judge_claims(const ClaimKey& typed, const ReturnCase& return_case,
                                     std::span<const RelatedClaim> related, Instant now,
                                     const TypedNumbers& limits) {
    const auto beside = waybill::neighbours(typed.number, typed.courier, limits.neighbour_distance);
    const auto is_beside = [&](const RelatedClaim& claim) {
        return claim.key.courier == typed.courier && std::ranges::count(beside, claim.key.number) > 0;
    };
    // Typing errors of this return's own buyer are mostly one digit off.
    const auto is_ours = [&](const RelatedClaim& claim) { return claim.owner == return_case.id; };
    const auto age = [&](const RelatedClaim& claim) { return now - claim.claimed_at; };
    std::vector<RuleResult> rules;
    // The other number is not named: the buyer reads the timeline too.
    auto none = [&](std::string_view name, auto speaks_against) {
        rules.push_back({"W", name, std::ranges::none_of(related, speaks_against), {}});
    };
    none("not_claimed_otherwise", [&](const RelatedClaim& claim) { return !is_beside(claim); });
    none("not_beside_the_buyers_own", [&](const RelatedClaim& claim) {
        return is_beside(claim) && !is_ours(claim) && claim.buyer == return_case.buyer &&
               age(claim) <= limits.buyer_memory;
    });
    none("not_beside_the_sellers_other", [&](const RelatedClaim& claim) {
        return is_beside(claim) && !is_ours(claim) && claim.buyer != return_case.buyer &&
               claim.seller == return_case.seller && age(claim) <= limits.seller_memory;
    });
    return rules;
}

std::string failed_rules(const std::vector<RuleResult>& rules) {
    std::string names;
    for (const auto& rule : rules) {
        if (rule.passed) continue;
        if (!names.empty()) names += ", ";
        names += rule.name;
        if (!rule.detail.empty()) names.append(" (").append(rule.detail).append(")");
    }
    return names;
}

std::optional<ClaimKey> claim_key(std::string_view number_courier, std::string_view raw) {
    auto report = waybill::check(raw, number_courier);
    if (report.canonical.empty() || report.verdict == waybill::Verdict::malformed) return std::nullopt;
    return ClaimKey{std::string(number_courier), std::move(report.canonical)};
}

}  // namespace returngate
