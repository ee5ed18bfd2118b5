// Rows for the store's tests: a case with everything that can hang on it, every field of it set.
#pragma once

#include <gtest/gtest.h>

#include "adapters/postgres/postgres_store.hpp"
#include "tests/support/builders.hpp"

namespace returngate::test {

using Kind = store::SaveOutcome::Kind;

// Everything that an array literal, JSON or a sloppy quoting could trip over.
inline const std::string kNasty = "a\"b\\c\\\\{d},'e' NULL \n\t 退货原因：尺码不合适 \xF0\x9F\x93\xA6 $1 ;--";

inline std::unique_ptr<store::Store> open_store(const std::string& dsn) {
    return postgres::make_store(dsn);
}

inline BookingReference reference_of(int number) {
    IdSource ids({9, static_cast<std::uint8_t>(number)});
    return ids.next_booking_reference(kReturn.cell());
}

inline Order a_new_order() {
    Order order = an_order();
    order.version = 0;
    return order;
}

inline CreditLine a_new_line() {
    CreditLine line = a_line(4, 80000);
    line.version = 0;
    return line;
}

inline ReturnCase a_new_case(ReturnId id = kReturn, AfterSaleId after_sale = kAfterSale) {
    ReturnCase row = a_case().build().case_;
    row.id = id;
    row.after_sale = std::move(after_sale);
    row.version = 0;
    return row;
}

inline Pickup a_new_pickup(PickupId id = kPickup) {
    Pickup pickup = a_case().with_pickup("SF").build().case_.pickup.value();
    pickup.id = id;
    return pickup;
}

inline Booking a_new_booking(int number, BookingStatus status, PickupId pickup = kPickup) {
    Booking booking = a_case().with_pickup("SF").build().bookings.back();
    booking.reference = reference_of(number);
    booking.pickup = pickup;
    booking.status = status;
    booking.placed_at += std::chrono::minutes(number);
    booking.version = 0;
    return booking;
}

inline Advance a_new_advance() {
    Advance advance;
    advance.id = AdvanceId{kReturn.bytes};
    advance.amount_fen = 9900;
    advance.provider = "sandbox";
    advance.payee = an_id<ContactId>(4);
    advance.booking = reference_of(1);
    advance.waybill = kYtoNumber;
    advance.trigger_at = at("11:00");
    advance.committed_at = at("11:00:01");
    return advance;
}

inline Refund a_new_refund(std::uint8_t number = 60) {
    Refund refund;
    refund.id = an_id<RefundId>(number);
    refund.amount_fen = 9900;
    refund.provider = "sandbox";
    refund.payee = an_id<ContactId>(4);
    refund.committed_at = at("11:00");
    return refund;
}

inline Contact a_contact(ContactId id, std::string kind, std::string payee_reference = {}) {
    Contact contact;
    contact.id = id;
    contact.kind = std::move(kind);
    contact.payee_reference = std::move(payee_reference);
    return contact;
}

inline store::Changes a_stored_case() {
    store::Changes changes;
    changes.at = at("10:00");
    changes.cases = {a_new_case()};
    return changes;
}

inline void must_save(store::Store& store, const store::Changes& changes) {
    const auto saved = store.save(changes);
    ASSERT_EQ(saved.kind, Kind::committed) << saved.constraint << " " << saved.detail;
}

inline store::LoadedRows must_load(store::Store& store, const store::LoadRequest& request) {
    auto loaded = store.load(request);
    EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error().message);
    return loaded ? std::move(*loaded) : store::LoadedRows{};
}

inline store::CaseRows case_of(store::Store& store, ReturnId id = kReturn) {
    store::LoadRequest request;
    request.returns = {id};
    auto loaded = must_load(store, request);
    EXPECT_EQ(loaded.cases.size(), 1U);
    return loaded.cases.empty() ? store::CaseRows{} : std::move(loaded.cases.front());
}

// As it comes back after its first save.
template <class Row>
Row saved_once(Row row) {
    row.version += 1;
    return row;
}

}  // namespace returngate::test
