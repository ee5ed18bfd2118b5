// Values for domain tests, said shortly: policies, orders, case files, events. Names are the domain's.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/time.hpp"
#include "src/returns/decide.hpp"

namespace returngate::test {

// Wall clock of Asia/Shanghai on the day that all tests share, a Saturday: "10:00" or "10:00:30".
inline Instant at(std::string_view clock) {
    std::string text = "2026-01-10 " + std::string(clock);
    if (clock.size() == 5) text += ":00";
    return parse_shanghai(text).value();
}

// Numbers that pass their courier's format and are nobody's published sample.
inline constexpr std::string_view kYtoNumber = "YT8830417529604";
inline constexpr std::string_view kOtherYtoNumber = "YT8830417529711";
inline constexpr std::string_view kJtNumber = "JT3071846295083";
inline constexpr std::string_view kSfNumber = "SF3182649705216";  // with its check digit
inline constexpr std::string_view kOutboundNumber = "YT6604192837560";

inline const BuyerId kBuyer{"buyer-1"};
inline const SellerId kSeller{"seller-1"};
inline const OrderId kOrder{"order-1"};
inline const AfterSaleId kAfterSale{"after-sale-1"};

template <class IdType>
IdType an_id(std::uint8_t number) {
    IdType id;
    id.bytes[0] = cell_of(kBuyer.value);
    id.bytes[15] = number;
    return id;
}
inline const ReturnId kReturn = an_id<ReturnId>(1);
inline const PickupId kPickup = an_id<PickupId>(2);
inline const ContactId kContact = an_id<ContactId>(3);

inline CourierTerms some_terms_of(std::string_view code, int priority) {
    CourierTerms terms;
    terms.code.value = code;
    terms.priority = priority;
    return terms;
}

// YTO first, then JT, then JD; a lost answer is repeated at YTO, looked up at JT, and stays lost at JD. SF is
// asked about the numbers that buyers type in, and comes to nobody's door.
inline Policy a_policy() {
    Policy policy;
    CourierTerms yto = some_terms_of("YTO", 10);
    yto.repeats_reference = true;
    CourierTerms jt = some_terms_of("JT", 20);
    jt.finds_by_reference = true;
    CourierTerms jd = some_terms_of("JD", 30);
    jd.accepts_by_answer = false;
    CourierTerms sf = some_terms_of("SF", 40);
    sf.hours = {kNoCutOff, std::chrono::minutes{0}};
    policy.couriers = {yto, jt, jd, sf};
    return policy;
}

// One item of one unit, received the day before.
inline Order an_order(Fen amount_fen = 9900) {
    Order order;
    order.id = kOrder;
    order.buyer = kBuyer;
    order.seller = kSeller;
    order.items = {OrderItem{.item_id = "item-1", .title = "Coat", .quantity = 1, .amount_fen = amount_fen}};
    order.paid_fen = amount_fen;
    order.trade_kind = "normal";
    order.category = "womens_wear";
    order.state = "received";
    order.received_at = at("10:00") - std::chrono::hours(24);
    order.outbound_courier = "YTO";
    order.outbound_waybill = kOutboundNumber;
    order.provider = "sandbox";
    order.payee = an_id<ContactId>(4);
    order.payment_reference = "payment-1";
    order.version = 1;
    return order;
}

inline CreditLine a_line(int stars, Fen line_fen) {
    return with_line(CreditLine{.buyer = kBuyer}, stars, line_fen);
}

// Takes part in the pilot, as the instant flow wants it (B2).
inline SellerTerms a_seller() {
    return SellerTerms{.id = kSeller, .pilot = true, .return_contact = std::nullopt};
}

inline ApplyForReturn an_application() {
    ApplyForReturn apply;
    apply.id = kReturn;
    apply.buyer = kBuyer;
    apply.order = kOrder;
    apply.after_sale = kAfterSale;
    apply.items = {{"item-1", 1}};
    apply.reason = "seven_day_no_reason";
    apply.pictures = {"picture-1"};
    return apply;
}

inline PickupRequest a_pickup_request(std::optional<Window> window = std::nullopt) {
    return PickupRequest{kPickup, window, kContact, "浙江/杭州"};
}

inline TrackingEvent an_event(TrackingStatus status, Instant occurred_at, std::string_view waybill = {}) {
    TrackingEvent event;
    event.status = status;
    event.raw_status = to_string(status);
    event.occurred_at = occurred_at;
    if (!waybill.empty()) event.waybill = std::string(waybill);
    event.dedupe_key = event.raw_status + format_rfc3339(occurred_at);
    return event;
}

// A stored case in the middle of its life. The default: agreed at 10:00, no pickup, refund after receipt.
class CaseBuilder {
public:
    CaseBuilder() {
        ReturnCase& return_case = file_.case_;
        return_case.id = kReturn;
        return_case.buyer = kBuyer;
        return_case.seller = kSeller;
        return_case.order = kOrder;
        return_case.after_sale = kAfterSale;
        return_case.status = CaseStatus::awaiting_parcel;
        return_case.approval = Approval::automatic;
        return_case.amount_fen = 9900;
        return_case.provider = "sandbox";
        return_case.payee = an_id<ContactId>(4);
        return_case.outbound_waybill = kOutboundNumber;
        return_case.applied_at = at("10:00");
        return_case.version = 1;
        file_.line = a_line(4, 80000);
        file_.line.version = 1;
    }

    // The amount is reserved, as the application does it; the line grows when it must.
    CaseBuilder& advance_path(Fen amount_fen) {
        file_.case_.amount_fen = amount_fen;
        file_.case_.refund = RefundPath::advance;
        file_.case_.held_fen = amount_fen;
        if (file_.line.left_fen() < amount_fen) file_.line = with_line(file_.line, 4, amount_fen);
        file_.line = reserve(file_.line, amount_fen).value();
        return *this;
    }

    // Booked at 10:00 for [10:00, 12:00] with this courier, whose answer is still awaited.
    CaseBuilder& with_pickup(std::string_view courier) {
        file_.case_.pickup = Pickup{.id = kPickup,
                                    .window = {at("10:00"), at("12:00")},
                                    .contact = kContact,
                                    .requested_at = at("10:00"),
                                    .door_by = at("12:00")};
        return with_attempt(courier);
    }
    CaseBuilder& with_attempt(std::string_view courier) {
        Booking booking;
        booking.reference.value = "RG00BOOKING" + std::to_string(file_.bookings.size() + 1);
        booking.pickup = kPickup;
        booking.courier.value = courier;
        booking.window = file_.case_.pickup->window;
        booking.placed_at = at("10:00");
        booking.version = 1;
        file_.bookings.push_back(booking);
        return *this;
    }

    // About the latest attempt.
    CaseBuilder& accepted() {
        file_.bookings.back().status = BookingStatus::accepted;
        file_.case_.pickup->status = PickupStatus::booked;
        return *this;
    }
    CaseBuilder& given_up(BookingStatus status) {
        file_.bookings.back().status = status;
        return *this;
    }
    CaseBuilder& with_waybill(std::string_view number) {
        file_.bookings.back().waybill = number;
        return *this;
    }

    CaseBuilder& status(CaseStatus status) {
        file_.case_.status = status;
        return *this;
    }
    CaseBuilder& pickup_status(PickupStatus status) {
        file_.case_.pickup->status = status;
        return *this;
    }

    [[nodiscard]] CaseFile build() const { return file_; }
    operator CaseFile() const { return file_; }  // NOLINT: a builder stands for what it builds

private:
    CaseFile file_;
};

inline CaseBuilder a_case() {
    return {};
}

}  // namespace returngate::test
