-- Who comes to the door, accounts at a courier, and where a courier has nobody free.

-- Of a booking's courier: the id follows from the booking's reference, so the booking does not name it.
ALTER TABLE contact
    DROP CONSTRAINT contact_kind_check,
    ADD CONSTRAINT contact_kind_check CHECK (kind IN ('pickup', 'return_address', 'payee', 'courier')),
    ADD COLUMN pickup_code text NOT NULL DEFAULT '',
    ADD COLUMN told_at timestamptz;

-- Written once, with the booking. An empty account is the courier's first one; an empty region, one from before
-- regions were kept.
ALTER TABLE booking
    ADD COLUMN account text NOT NULL DEFAULT '',
    ADD COLUMN region text NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN account text NOT NULL DEFAULT '';

-- One index for all that is noted against a courier, as costly to keep as the one before it.
CREATE INDEX case_entry_of_courier ON case_entry (at) WHERE events::text LIKE '%"courier.%';
DROP INDEX case_entry_contradiction;
