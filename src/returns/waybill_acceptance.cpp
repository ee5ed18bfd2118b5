// The rules a number passes before it counts, cheapest first; all are evaluated and stored.
#include "src/returns/waybill_acceptance.hpp"

#include <algorithm>

#include "src/waybill/check.hpp"

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

std::optional<ClaimKey> claim_key(std::string_view number_courier, std::string_view raw) {
    auto report = waybill::check(raw, number_courier);
    if (report.canonical.empty() || report.verdict == waybill::Verdict::malformed) return std::nullopt;
    return ClaimKey{std::string(number_courier), std::move(report.canonical)};
}

}  // namespace returngate
