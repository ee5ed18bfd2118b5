// One question after the other; each is judged by what the protocol says that its answer must be.
#include "gateway/commands/courier_conform.hpp"

#include <ostream>

namespace returngate::commands {
namespace {

using courier::Booking;
using courier::BookingOrder;
using courier::BookingState;

constexpr std::string_view kForeignSecret = "whsec_Tm90VGhlU2VjcmV0VGhhdFdlQWdyZWVkVXBvbiE=";
constexpr std::chrono::minutes kTooOld{10};
constexpr std::int64_t kAnotherWeight = 500;
constexpr std::size_t kStepWidth = 18;

std::string describe(const Booking& booking) {
    constexpr std::array<std::string_view, 3> kStates{"accepted", "pending", "cancelled"};
    std::string text(kStates.at(static_cast<std::size_t>(booking.state)));
    return text + (booking.waybill ? ", waybill " + *booking.waybill : ", waybill later");
}

class Conformance {
public:
    Conformance(const Trial& trial, BookingReference stranger, std::ostream& out)
        : trial_(trial), stranger_(std::move(stranger)), out_(out) {}

    int run() {
        const auto checked = trial_.courier.check(trial_.account);
        judge("account", checked.has_value(), checked ? trial_.account.base_url : checked.error().message);
        if (!checked) return verdict();
        refuses_what_it_must_not_believe();
        knows_no_stranger();
        if (const auto booked = books()) {
            repeats(*booked);
            tells(*booked);
            cancels();
        }
        return verdict();
    }

private:
    void judge(std::string_view step, bool passed, const std::string& text) {
        ++(passed ? passed_ : failed_);
        out_ << (passed ? "pass  " : "FAIL  ") << step << std::string(kStepWidth - step.size(), ' ') << text
             << "\n";
        if (!passed && answer_)
            out_ << "      the answer was HTTP " << answer_->status << "  "
                 << trial_.courier.redact(answer_->body) << "\n";
    }
    void failed(std::string_view step, std::string_view wanted, const Error& error) {
        judge(step, false, std::string(wanted) + "; " + error.code + ": " + error.message);
    }

    Result<http::Response> send(const Result<http::Request>& request) {
        answer_.reset();
        if (!request) return tl::unexpected(request.error());
        auto response = trial_.send(*request);
        if (response) answer_ = *response;
        return response;
    }
    Result<Booking> book(const BookingOrder& order) {
        const auto response = send(trial_.courier.encode_book(trial_.account, trial_.moment(), order));
        if (!response) return tl::unexpected(response.error());
        return trial_.courier.decode_book(trial_.account, order, *response);
    }
    Result<Booking> find(const BookingReference& reference) {
        const auto response = send(trial_.courier.encode_find(trial_.account, trial_.moment(), reference));
        if (!response) return tl::unexpected(response.error());
        return trial_.courier.decode_find(trial_.account, reference, *response);
    }
    Result<void> cancel(const BookingReference& reference) {
        const auto response = send(
            trial_.courier.encode_cancel(trial_.account, trial_.moment(), reference, "conformance test"));
        if (!response) return tl::unexpected(response.error());
        return trial_.courier.decode_cancel(trial_.account, reference, *response);
    }

    template <class T>
    void expect_error(std::string_view step, const Result<T>& result, ErrorKind kind, std::string_view code,
                      const std::string& wanted) {
        if (!result && result.error().kind == kind && result.error().code == code)
            return judge(step, true, wanted);
        judge(step, false,
              "should be " + wanted + (result ? "; it was done" : "; " + result.error().message));
    }

    // None of these may book anything: knows_no_stranger looks.
    void refuses_what_it_must_not_believe() {
        BookingOrder order = trial_.order;
        order.reference = stranger_;
        courier::Account foreign = trial_.account;
        foreign.settings["secret"] = kForeignSecret;
        foreign.settings.erase("secret_previous");
        expect_401("foreign signature", trial_.courier.encode_book(foreign, trial_.moment(), order));
        courier::Moment past = trial_.moment();
        past.now -= kTooOld;
        expect_401("old timestamp", trial_.courier.encode_book(trial_.account, past, order));
        auto changed = trial_.courier.encode_book(trial_.account, trial_.moment(), order);
        if (changed) changed->body += ' ';
        expect_401("changed body", changed);
        auto bare = trial_.courier.encode_book(trial_.account, trial_.moment(), order);
        if (bare)
            std::erase_if(bare->headers.fields,
                          [](const auto& field) { return field.first == "webhook-signature"; });
        expect_401("no signature", bare);
    }
    void expect_401(std::string_view step, const Result<http::Request>& request) {
        const auto response = send(request);
        if (!response) return failed(step, "should be 401", response.error());
        judge(step, response->status == 401, response->status == 401 ? "401" : "should be 401");
    }

    void knows_no_stranger() {
        const std::string wanted = "404 unknown_reference";
        expect_error("find unknown", find(stranger_), ErrorKind::not_found, "unknown_reference", wanted);
        expect_error("cancel unknown", cancel(stranger_), ErrorKind::not_found, "unknown_reference", wanted);
    }

    std::optional<Booking> books() {
        const auto booking = book(trial_.order);
        may_stand_ = booking || booking.error().kind == ErrorKind::in_doubt ||
                     booking.error().kind == ErrorKind::malformed;
        if (!booking) {
            failed("book", "should be a booking", booking.error());
            return std::nullopt;
        }
        judge("book", booking->state != BookingState::dead, describe(*booking));
        return *booking;
    }

    // The number may have come in between; another one may not.
    static bool is_same(const Booking& first, const Booking& now) {
        return now.state != BookingState::dead && (!first.waybill || first.waybill == now.waybill) &&
               first.carrying_courier == now.carrying_courier;
    }
    void repeats(const Booking& booked) {
        const auto again = book(trial_.order);
        if (!again) failed("book again", "should be the same booking", again.error());
        if (again) judge("book again", is_same(booked, *again), describe(*again));
        BookingOrder other = trial_.order;
        other.parcel.weight_grams += kAnotherWeight;
        expect_error("book another", book(other), ErrorKind::conflict, "duplicate_reference",
                     "409 reference_reused");
    }

    void tells(const Booking& booked) {
        const auto found = find(trial_.order.reference);
        if (!found) failed("find", "should be the same booking", found.error());
        if (found) judge("find", is_same(booked, *found), describe(*found));
        track(found ? found->waybill.value_or("") : booked.waybill.value_or(""));
        price();
    }
    void track(const std::string& waybill) {
        const auto response = send(
            trial_.courier.encode_track(trial_.account, trial_.moment(), trial_.order.reference, waybill));
        const auto events = response ? trial_.courier.decode_track(trial_.account, waybill, *response)
                                     : tl::unexpected(response.error());
        if (!events) return failed("track", "should be a list of events", events.error());
        judge("track", true, std::to_string(events->size()) + " events");
    }
    void price() {
        const auto response =
            send(trial_.courier.encode_price(trial_.account, trial_.moment(), trial_.order));
        const auto price = response ? trial_.courier.decode_price(trial_.account, *response)
                                    : tl::unexpected(response.error());
        const bool has_none = !price && price.error().kind == ErrorKind::unsupported;
        if (!price && !has_none) return failed("price", "should be fee_fen", price.error());
        judge("price", true, has_none ? "not offered" : std::to_string(price->fee_fen) + " fen");
    }

    void cancels() {
        const auto first = cancel(trial_.order.reference);
        may_stand_ = !first;
        if (!first) return failed("cancel", "should be cancelled", first.error());
        judge("cancel", true, "cancelled");
        const auto second = cancel(trial_.order.reference);
        if (!second) failed("cancel again", "should be cancelled, as before", second.error());
        if (second) judge("cancel again", true, "cancelled, as before");
        expect_cancelled("find cancelled", find(trial_.order.reference));
        expect_cancelled("book cancelled", book(trial_.order));
    }
    void expect_cancelled(std::string_view step, const Result<Booking>& booking) {
        if (!booking) return failed(step, "should be the booking, cancelled", booking.error());
        judge(step, booking->state == BookingState::dead, describe(*booking));
        may_stand_ = may_stand_ || booking->state != BookingState::dead;
    }

    int verdict() {
        const int all = passed_ + failed_;
        out_ << (failed_ == 0 ? "conforms: " : "does not conform: ") << passed_ << " of " << all
             << " steps passed\n";
        if (may_stand_)
            out_ << "A booking may still stand: " << trial_.order.reference.value << " is to be cancelled.\n";
        return failed_ == 0 ? 0 : 1;
    }

    const Trial& trial_;
    BookingReference stranger_;
    std::ostream& out_;
    std::optional<http::Response> answer_;  // of the latest question
    int passed_ = 0;
    int failed_ = 0;
    bool may_stand_ = false;
};

}  // namespace

int conform(const Trial& trial, const BookingReference& stranger, std::ostream& out) {
    return Conformance(trial, stranger, out).run();
}

}  // namespace returngate::commands
