// One case lived through in memory: commands are decided, decisions applied, as the pipeline and the
// store do it. Time stands still until a test moves it.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "src/returns/waybill_acceptance.hpp"
#include "tests/support/builders.hpp"

namespace returngate::test {

class Story {
public:
    explicit Story(CaseFile start = {}) : file(std::move(start)) {}
    // A buyer of so many stars with an order of this amount, and nothing applied for yet.
    static Story of_buyer(int stars, Fen amount_fen) {
        CaseFile start;
        start.order = an_order(amount_fen);
        start.seller = a_seller();
        start.line = a_line(stars, Policy{}.line_by_stars.at(static_cast<std::size_t>(stars)));
        return Story(start);
    }

    Policy policy = a_policy();
    CaseFile file;
    Instant now = at("10:00");
    std::vector<CourierCode> open_breakers;
    std::vector<CourierRecord> records;
    std::vector<CourierQuote> quotes;
    std::map<std::string, ReturnId> claims;  // "COURIER NUMBER" → owner
    std::vector<RelatedClaim> others_claims;

    std::vector<CaseEvent> events;
    std::vector<ledger::Transfer> transfers;
    using JobName = std::pair<JobKind, std::string>;
    std::map<JobName, Instant> jobs;

    // Decides and, unless refused, applies.
    Result<Decision> tell(const Command& command) {
        Situation situation{policy, now, now, next_seed(), claim(command), open_breakers, records, quotes};
        const auto related = related_claims(command);
        situation.related_claims = related;
        auto decision = decide(file, command, situation);
        if (decision) apply(*decision);
        return decision;
    }
    Decision must(const Command& command) {
        auto decision = tell(command);
        if (!decision) {
            ADD_FAILURE() << name_of(command) << ": " << decision.error().message;
            return {};
        }
        return std::move(*decision);
    }

    static BookingAnswered about(const BookingReference& booking) {
        BookingAnswered answer;
        answer.id = kReturn;
        answer.reference = booking;
        return answer;
    }

    // --- what the outside says -----------------------------------------------------------------
    Booking& booking(std::size_t attempt) { return file.bookings.at(attempt - 1); }
    [[nodiscard]] const std::string& booking_number() const { return file.bookings.front().waybill; }
    const BookingReference& reference(std::size_t attempt) { return booking(attempt).reference; }

    Decision answered(std::size_t attempt, BookingAnswered::Outcome outcome, std::string_view waybill = {}) {
        BookingAnswered answer = about(reference(attempt));
        answer.outcome = outcome;
        answer.reason = "full";
        if (!waybill.empty()) answer.waybill = std::string(waybill);
        return must(answer);
    }
    Decision reported(std::size_t attempt, TrackingEvent event, Proof proof = Proof::strong_signature) {
        return must(
            CourierReported{booking(attempt).courier, reference(attempt), {std::move(event)}, proof, 0});
    }
    Decision reported(std::size_t attempt, TrackingStatus status, std::string_view clock,
                      Proof proof = Proof::strong_signature) {
        return reported(attempt, an_event(status, at(clock)), proof);
    }
    // The courier's answer to our question.
    Decision asked(std::size_t attempt, std::vector<TrackingEvent> events_there, int try_number = 1) {
        return must(CourierReported{booking(attempt).courier, reference(attempt), std::move(events_there),
                                    Proof::query, try_number});
    }
    Decision paid_out(PayoutAnswered::Outcome outcome) {
        return must(PayoutAnswered{kReturn, outcome, "trade-1", "account_closed", 1});
    }
    Decision refund_paid_out(RefundKind kind, PayoutAnswered::Outcome outcome) {
        PayoutAnswered answer{kReturn, outcome, "trade-2", "account_closed", 1};
        answer.payout = refund_key(kind);
        return must(answer);
    }
    // "" when there is none of that kind.
    [[nodiscard]] std::string refund_key(RefundKind kind) const {
        const auto found = std::ranges::find(file.refunds, kind, &Refund::kind);
        return found == file.refunds.end() ? "" : found->provider_key();
    }
    // Only what has been promised can be due.
    Decision fires(JobKind kind, const std::string& subject = {}) {
        EXPECT_TRUE(has_job(kind, subject)) << to_string(kind);
        if (has_job(kind, subject)) now = std::max(now, due(kind, subject));
        return must(TimerFired{kReturn, kind, subject});
    }

    // --- what can be seen ----------------------------------------------------------------------
    [[nodiscard]] bool has_job(JobKind kind, const std::string& subject = {}) const {
        return jobs.contains({kind, subject});
    }
    [[nodiscard]] Instant due(JobKind kind, const std::string& subject = {}) const {
        return jobs.at({kind, subject});
    }
    [[nodiscard]] auto saw(std::string_view type) const {
        return std::ranges::count(events, type, &CaseEvent::type);
    }
    [[nodiscard]] Fen balance(ledger::Account account) const {
        Fen sum = 0;
        for (const auto& transfer : transfers) {
            if (transfer.debit == account) sum += transfer.amount_fen;
            if (transfer.credit == account) sum -= transfer.amount_fen;
        }
        return sum;
    }

private:
    // As the store finds them: asked for by the number that was typed in.
    std::vector<RelatedClaim> related_claims(const Command& command) const {
        const auto* typed = std::get_if<ShipYourself>(&command);
        const auto key = typed != nullptr ? claim_key(typed->courier.value, typed->waybill) : std::nullopt;
        if (!key) return {};
        const auto asked = related_keys(*key, policy.typed_numbers.neighbour_distance);
        std::vector<RelatedClaim> found;
        for (const auto& claim : others_claims) {
            if (std::ranges::count(asked, claim.key) > 0) found.push_back(claim);
        }
        return found;
    }

    // The first return that presents a number owns it; claims are committed ahead of deciding.
    std::optional<ReturnId> claim(const Command& command) {
        if (const auto* typed = std::get_if<ShipYourself>(&command))
            return claim_number(typed->courier.value, typed->waybill);
        std::optional<BookingReference> about;
        std::optional<std::string> number;
        std::string carrying;
        if (const auto* answer = std::get_if<BookingAnswered>(&command)) {
            about = answer->reference;
            number = answer->waybill;
            carrying = answer->carrying_courier;
        } else if (const auto* report = std::get_if<CourierReported>(&command)) {
            about = report->reference;
            for (const auto& event : report->events) {
                if (event.waybill) number = event.waybill;
            }
        }
        const Booking* known = about ? file.booking(*about) : nullptr;
        if (known == nullptr || !number) return std::nullopt;
        return claim_number(carrying.empty() ? known->number_courier() : carrying, *number);
    }

    std::optional<ReturnId> claim_number(std::string_view courier, std::string_view number) {
        const auto key = claim_key(courier, number);
        if (!key) return std::nullopt;
        return claims.emplace(key->courier + " " + key->number, file.case_.id).first->second;
    }

    void apply(const Decision& decision) {
        const bool has_standing = decision.after.standing != file.standing;
        file = decision.after;
        if (has_standing) ++file.standing.version;
        for (auto& each : file.rulings) ++each.version;
        if (!file.case_.id.is_nil()) ++file.case_.version;
        for (auto& each : file.bookings) ++each.version;
        if (file.advance) ++file.advance->version;
        for (auto& each : file.refunds) ++each.version;
        ++file.line.version;
        events.insert(events.end(), decision.events.begin(), decision.events.end());
        transfers.insert(transfers.end(), decision.transfers.begin(), decision.transfers.end());
        for (const auto& job : decision.jobs) {
            const JobName name{job.key.kind, job.key.subject};
            if (job.due_at) {
                jobs[name] = *job.due_at;
            } else {
                jobs.erase(name);
            }
        }
    }

    std::array<std::uint8_t, 16> next_seed() {
        std::array<std::uint8_t, 16> seed{};
        ++step_;
        for (std::size_t i = 0; i < 4; ++i) seed.at(i) = static_cast<std::uint8_t>(step_ >> (8 * i));
        return seed;
    }

    std::uint32_t step_ = 0;
};

}  // namespace returngate::test
