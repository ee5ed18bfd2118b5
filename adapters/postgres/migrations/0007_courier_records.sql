-- What the broker goes by: bookings of the last hours, and couriers whose "collected" was contradicted.

-- Bookings are written in the order of their time: a range of pages is all that such an index keeps, and a new
-- booking costs it next to nothing.
CREATE INDEX booking_by_time ON booking USING brin (placed_at) WITH (pages_per_range = 16);

CREATE INDEX case_entry_contradiction ON case_entry (at) WHERE events::text LIKE '%"courier.contradicted"%';
