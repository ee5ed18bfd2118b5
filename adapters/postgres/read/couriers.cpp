// What the couriers have done lately, read from our own bookings and timelines.
#include <algorithm>
#include <pqxx/pqxx>

#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

// Milestones 3 to 5 are collected, in transit and delivered; the earliest of them is the collection. A
// booking that the buyer cancelled, or that waits for its answer, says nothing of the courier.
constexpr const char* kBookingRecords = R"(
SELECT courier, count(*), count(*) FILTER (WHERE served),
       count(*) FILTER (WHERE served AND (status = 'collected' OR window_end < $2::timestamptz)),
       count(*) FILTER (WHERE status = 'collected' AND collected_at <= 1000000 * extract(epoch FROM window_end))
FROM (SELECT courier, status, window_end, status IN ('accepted', 'collected') AS served,
             least(nullif(milestones[3], 0), nullif(milestones[4], 0), nullif(milestones[5], 0)) AS collected_at
      FROM booking
      WHERE placed_at > $1::timestamptz AND pickup_id IS NOT NULL
        AND status IN ('accepted', 'collected', 'refused', 'expired')) AS lately
GROUP BY courier)";

// What the buyer cancelled owes nothing. Booked at the first attempt within the hours: by the index on time.
constexpr const char* kDoorPromises = R"(
SELECT courier, province, city, count(*), count(*) FILTER (WHERE NOT missed)
FROM (SELECT DISTINCT ON (b.cell, b.return_id) b.courier, d.province, d.city, c.pickup_promise_missed AS missed
      FROM booking b JOIN return_case c ON (c.cell, c.return_id, c.pickup_id) = (b.cell, b.return_id, b.pickup_id)
      JOIN contact d ON (d.cell, d.contact_id) = (c.cell, c.pickup_contact_id)
      WHERE b.placed_at > $1::timestamptz AND c.pickup_requested_at > $1::timestamptz
        AND (c.pickup_promise_missed OR c.pickup_status = 'collected' OR c.pickup_door_by <= $2::timestamptz)
        AND c.pickup_status <> 'cancelled'
      ORDER BY b.cell, b.return_id, b.status IN ('placing', 'placed', 'accepted', 'collected') DESC, b.placed_at DESC) AS promised
GROUP BY courier, province, city
ORDER BY count(*) FILTER (WHERE missed) DESC, count(*) DESC, courier, province, city LIMIT $3::int)";

// By the index on what is noted against couriers, which is little.
constexpr const char* kContradictions = R"(
SELECT noted.event -> 'data' ->> 'courier', max(at)
FROM case_entry CROSS JOIN LATERAL json_array_elements(events) AS noted(event)
WHERE at > $1::timestamptz AND events::text LIKE '%"courier.%'
  AND noted.event ->> 'type' = 'courier.contradicted'
GROUP BY 1)";

constexpr const char* kFull = R"(
SELECT b.courier, b.region, max(e.at)
FROM case_entry e CROSS JOIN LATERAL json_array_elements(e.events) AS noted(event)
JOIN booking b ON b.cell = e.cell AND b.booking_reference = noted.event -> 'data' ->> 'booking_reference'
WHERE e.at > $1::timestamptz AND e.events::text LIKE '%"courier.%'
  AND noted.event ->> 'type' = 'courier.full' AND b.region <> ''
GROUP BY 1, 2 ORDER BY 1, 2)";

// Milestone 11 is the latest scan, 8 the return to the buyer.
constexpr const char* kSilent = R"(
SELECT return_id, booking_reference
FROM (SELECT b.cell, b.return_id, b.booking_reference,
             row_number() OVER (PARTITION BY b.courier ORDER BY b.placed_at) AS nth
      FROM booking b JOIN return_case c USING (cell, return_id)
      WHERE b.placed_at >= $1::timestamptz AND b.placed_at < $2::timestamptz AND b.status = 'collected'
        AND b.pickup_id IS NOT NULL AND b.waybill <> '' AND b.milestones[5] = 0 AND b.milestones[8] = 0
        AND b.milestones[11] <= 1000000 * extract(epoch FROM $3::timestamptz)
        AND c.status NOT IN ('refused', 'closed')
        AND NOT EXISTS (SELECT FROM job j WHERE (j.cell, j.return_id, j.kind, j.subject) =
                                                (b.cell, b.return_id, 'ask_courier', b.booking_reference))) AS silent
WHERE nth <= $4::int ORDER BY nth)";

CourierRecord& found_or_added(std::vector<CourierRecord>& records, const CourierCode& code) {
    const auto found = std::ranges::find(records, code, &CourierRecord::code);
    if (found != records.end()) return *found;
    records.push_back({.code = code});
    return records.back();
}

}  // namespace

std::vector<CourierRecord> ReadModel::courier_records(Instant now, const CourierRules& rules) {
    pqxx::nontransaction session(session_.connection());
    std::vector<CourierRecord> records;
    for (const auto& row :
         session.exec_params(kBookingRecords, format_rfc3339(now - rules.record), format_rfc3339(now))) {
        RowReader in(row);
        CourierRecord& record = found_or_added(records, CourierCode{in.text()});
        record.asked = static_cast<std::int32_t>(in.integer());
        record.accepted = static_cast<std::int32_t>(in.integer());
        record.due = static_cast<std::int32_t>(in.integer());
        record.on_time = static_cast<std::int32_t>(in.integer());
    }
    for (const auto& row : session.exec_params(kContradictions, format_rfc3339(now - rules.distrust))) {
        RowReader in(row);
        CourierRecord& record = found_or_added(records, CourierCode{in.text()});
        record.contradicted_at = in.instant();
    }
    for (const auto& row : session.exec_params(kFull, format_rfc3339(now - rules.stand_back))) {
        RowReader in(row);
        CourierRecord& record = found_or_added(records, CourierCode{in.text()});
        FullRegion& full = record.full.emplace_back();
        full.region = in.text();
        full.at = in.instant();
    }
    std::ranges::sort(records, {}, [](const CourierRecord& record) { return record.code.value; });
    return records;
}

std::vector<DoorPromisesView> ReadModel::door_promises(Instant since, Instant now, int most) {
    pqxx::nontransaction session(session_.connection());
    std::vector<DoorPromisesView> promises;
    for (const auto& row :
         session.exec_params(kDoorPromises, format_rfc3339(since), format_rfc3339(now), most)) {
        RowReader in(row);
        DoorPromisesView view;
        view.courier.value = in.text();
        view.province = in.text();
        view.city = in.text();
        view.due = in.integer();
        view.kept = in.integer();
        promises.push_back(std::move(view));
    }
    return promises;
}

std::vector<WatchParcel> ReadModel::silent_bookings(Instant from, Instant until, Instant silent_since,
                                                    int most) {
    pqxx::nontransaction session(session_.connection());
    std::vector<WatchParcel> silent;
    for (const auto& row : session.exec_params(kSilent, format_rfc3339(from), format_rfc3339(until),
                                               format_rfc3339(silent_since), most)) {
        RowReader in(row);
        const auto id = in.id<ReturnId>();
        silent.push_back({id, BookingReference{in.text()}});
    }
    return silent;
}

}  // namespace returngate::postgres
