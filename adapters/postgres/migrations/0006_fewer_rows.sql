-- Fewer rows and index entries a booking and a callback (docs/decisions/0015): the pickup stands in its case's
-- row, an advance is named by its return, and one index finds a case's bookings and keeps one of them live.

ALTER TABLE return_case
    ADD COLUMN pickup_window_start timestamptz,
    ADD COLUMN pickup_window_end timestamptz,
    ADD COLUMN pickup_contact_id uuid,
    ADD COLUMN pickup_requested_at timestamptz,
    ADD COLUMN pickup_door_by timestamptz,
    ADD COLUMN pickup_status text,
    ADD COLUMN pickup_promise_missed boolean;
UPDATE return_case c
SET pickup_window_start = p.window_start, pickup_window_end = p.window_end, pickup_contact_id = p.contact_id,
    pickup_requested_at = p.requested_at, pickup_door_by = p.door_by, pickup_status = p.status,
    pickup_promise_missed = p.promise_missed
FROM pickup p WHERE p.cell = c.cell AND p.pickup_id = c.pickup_id;
ALTER TABLE return_case
    ADD CONSTRAINT pickup_is_whole CHECK (num_nulls(pickup_id, pickup_window_start, pickup_window_end,
        pickup_contact_id, pickup_requested_at, pickup_door_by, pickup_status, pickup_promise_missed) IN (0, 8)),
    ADD CONSTRAINT pickup_window_has_length CHECK (pickup_window_end > pickup_window_start),
    ADD CONSTRAINT pickup_status_check CHECK (pickup_status IN ('brokering', 'booked', 'collected', 'unserved',
        'cancelled'));

-- Pickups that were over when another one was asked for, as they ended.
DELETE FROM pickup p USING return_case c WHERE c.cell = p.cell AND c.pickup_id = p.pickup_id;
ALTER TABLE pickup RENAME TO replaced_pickup;
ALTER TABLE replaced_pickup DROP COLUMN is_live, DROP COLUMN version, DROP COLUMN contact_id,
    ADD CONSTRAINT replaced_pickup_is_over CHECK (status IN ('unserved', 'cancelled'));
CREATE INDEX replaced_pickup_by_return ON replaced_pickup (cell, return_id);
CREATE VIEW pickup AS
    SELECT cell, pickup_id, return_id, window_start, window_end, requested_at, door_by, status, promise_missed
    FROM replaced_pickup
    UNION ALL
    SELECT cell, pickup_id, return_id, pickup_window_start, pickup_window_end, pickup_requested_at, pickup_door_by,
           pickup_status, pickup_promise_missed
    FROM return_case WHERE pickup_id IS NOT NULL;

-- A live booking has the place that every other live one of the return would need.
DROP INDEX one_live_booking;
DROP INDEX booking_by_return;
ALTER TABLE booking
    ADD COLUMN place text COLLATE "C" GENERATED ALWAYS AS (CASE
        WHEN status IN ('placing', 'placed', 'accepted', 'collected') THEN 'live' ELSE booking_reference END) STORED,
    DROP COLUMN is_live;
CREATE UNIQUE INDEX one_live_booking ON booking (cell, return_id, place);

-- One advance per return for ever, so the return's name is the advance's, and its key cannot be another's.
ALTER TABLE advance
    DROP CONSTRAINT one_key_per_advance,
    ADD CONSTRAINT named_by_its_return CHECK (advance_id = return_id) NOT VALID;

ALTER TABLE shop_order SET (fillfactor = 50);
