-- The first schema: cases, money, claims, inbox, jobs. Money rules stand here too, not only in code.
-- `cell` (hash of the buyer, 0…255) is first in every case-related key, so that the same schema can be
-- distributed by it. Instants are timestamptz (UTC); money is bigint fen; ids are uuid whose first
-- byte is the cell. Triggers forbid, they never decide. A row that every event of a return writes again
-- leaves half of its page free: an update that finds room there touches no index. What is written with its
-- case in one statement has no foreign key, which would lock that case's row once more for each; `ledger verify`
-- looks for rows without a case. Documents that only people read are json: kept as they were written.

CREATE DOMAIN cell AS smallint CHECK (VALUE BETWEEN 0 AND 255);
CREATE DOMAIN positive_fen AS bigint CHECK (VALUE > 0 AND VALUE <= 100000000000);
CREATE DOMAIN booking_reference AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z0-9]{8,30}$');
CREATE DOMAIN fen AS bigint CHECK (VALUE >= 0 AND VALUE <= 100000000000);

-- Who may call, and on whose behalf. Only hashes of keys are stored; four eyes means two owners.
CREATE TABLE api_key (
    key_id     uuid PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    caller     text NOT NULL CHECK (caller IN ('platform', 'buyer_app', 'seller', 'finance', 'operations',
                                               'auditor', 'admin', 'provider')),
    owner      text NOT NULL CHECK (owner <> ''),
    seller_id  text COLLATE "C" CHECK ((caller = 'seller') = (seller_id IS NOT NULL)),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- Personal data, and nothing else, lives here (to be encrypted in place).
CREATE TABLE contact (
    cell            cell NOT NULL,
    contact_id      uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('pickup', 'return_address', 'payee')),
    name            text NOT NULL DEFAULT '',
    phone           text NOT NULL DEFAULT '',
    province        text NOT NULL DEFAULT '',
    city            text NOT NULL DEFAULT '',
    county          text NOT NULL DEFAULT '',
    address         text NOT NULL DEFAULT '',
    payee_reference text NOT NULL DEFAULT '',
    PRIMARY KEY (cell, contact_id)
);

-- A reference table: small, the same everywhere. Its return address is a contact of cell 0.
CREATE TABLE seller (
    seller_id         text COLLATE "C" PRIMARY KEY,
    name              text NOT NULL,
    pilot             boolean NOT NULL,
    return_contact_id uuid NOT NULL,
    updated_at        timestamptz NOT NULL
);

CREATE TABLE shop_order (
    cell              cell NOT NULL,
    order_id          text COLLATE "C" NOT NULL,
    buyer_id          text COLLATE "C" NOT NULL,
    seller_id         text COLLATE "C" NOT NULL,
    items             json NOT NULL,
    paid_fen          positive_fen NOT NULL,
    trade_kind        text NOT NULL,
    category          text NOT NULL,
    state             text NOT NULL CHECK (state IN ('paid', 'shipped', 'received')),
    received_at       timestamptz,
    outbound_courier  text NOT NULL,
    outbound_waybill  text NOT NULL,
    provider          text NOT NULL,
    payee_contact_id  uuid NOT NULL,
    payment_reference text NOT NULL,
    version           bigint NOT NULL,
    PRIMARY KEY (cell, order_id)
) WITH (fillfactor = 80);

-- Reserved beside open; neither can be promised twice. The bound is the line, or what is in use while
-- a lowered line drains.
CREATE TABLE credit_line (
    cell      cell NOT NULL,
    buyer_id  text COLLATE "C" NOT NULL,
    stars     smallint NOT NULL CHECK (stars BETWEEN 0 AND 5),
    line_fen  fen NOT NULL,
    bound_fen fen NOT NULL,
    held_fen  fen NOT NULL,
    open_fen  fen NOT NULL,
    version   bigint NOT NULL,
    PRIMARY KEY (cell, buyer_id),
    CONSTRAINT credit_line_not_exceeded CHECK (held_fen + open_fen <= bound_fen AND bound_fen >= line_fen)
) WITH (fillfactor = 50);

CREATE TABLE return_case (
    cell             cell NOT NULL,
    return_id        uuid NOT NULL,
    buyer_id         text COLLATE "C" NOT NULL,
    seller_id        text COLLATE "C" NOT NULL,
    order_id         text COLLATE "C" NOT NULL,
    after_sale_id    text COLLATE "C" NOT NULL,
    status           text NOT NULL CHECK (status IN ('awaiting_agreement', 'awaiting_parcel', 'in_carriage',
                         'delivered', 'received', 'disputed', 'refused', 'closed')),
    approval         text NOT NULL CHECK (approval IN ('automatic', 'seller')),
    refund           text NOT NULL CHECK (refund IN ('advance', 'after_receipt')),
    amount_fen       positive_fen NOT NULL,
    held_fen         fen NOT NULL,
    provider         text NOT NULL,
    payee_contact_id uuid NOT NULL,
    outbound_waybill text NOT NULL,
    pickup_id        uuid,
    frozen           text NOT NULL,
    applied_at       timestamptz NOT NULL,
    delivered_at     timestamptz,
    receipt          text NOT NULL CHECK (receipt IN ('none', 'confirmed', 'disputed')),
    receipt_at       timestamptz,
    closed_at        timestamptz,
    event_seq        integer NOT NULL,
    version          bigint NOT NULL,
    PRIMARY KEY (cell, return_id),
    CONSTRAINT one_return_per_after_sale_id UNIQUE (cell, after_sale_id),
    CONSTRAINT held_is_all_or_nothing CHECK (held_fen IN (0, amount_fen)),
    CONSTRAINT nothing_held_when_over CHECK (held_fen = 0 OR status NOT IN ('refused', 'closed'))
) WITH (fillfactor = 50);
CREATE INDEX return_case_by_buyer ON return_case (cell, buyer_id);

-- Written once, with the application; read by people.
CREATE TABLE application (
    cell           cell NOT NULL,
    return_id      uuid NOT NULL,
    items          json NOT NULL,
    reason         text NOT NULL,
    pictures       json NOT NULL,
    approval_rules json NOT NULL,
    refund_rules   json NOT NULL,
    policy_version integer NOT NULL,
    PRIMARY KEY (cell, return_id)
);

CREATE TABLE evidence (
    cell       cell NOT NULL,
    return_id  uuid NOT NULL,
    event_seq  integer NOT NULL,
    kind       text NOT NULL,
    reason     text NOT NULL,
    pictures   json NOT NULL,
    PRIMARY KEY (cell, return_id, event_seq),
    FOREIGN KEY (cell, return_id) REFERENCES return_case
);

CREATE TABLE pickup (
    cell           cell NOT NULL,
    pickup_id      uuid NOT NULL,
    return_id      uuid NOT NULL,
    window_start   timestamptz NOT NULL,
    window_end     timestamptz NOT NULL CHECK (window_end > window_start),
    contact_id     uuid NOT NULL,
    requested_at   timestamptz NOT NULL,
    door_by        timestamptz NOT NULL,
    status         text NOT NULL CHECK (status IN ('brokering', 'booked', 'collected', 'unserved', 'cancelled')),
    promise_missed boolean NOT NULL,
    version        bigint NOT NULL,
    -- In a column of its own, so that a collection, which leaves it as it is, touches no index.
    is_live        boolean GENERATED ALWAYS AS (status IN ('brokering', 'booked', 'collected')) STORED,
    PRIMARY KEY (cell, pickup_id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX one_live_pickup ON pickup (cell, return_id) WHERE is_live;

-- One attempt with one courier. `milestones`: microseconds since the epoch, 0 = not reported, in the
-- order of src/pickup/milestones.hpp.
CREATE TABLE booking (
    cell               cell NOT NULL,
    booking_reference  booking_reference NOT NULL,
    return_id          uuid NOT NULL,
    pickup_id          uuid NOT NULL,
    courier            text NOT NULL,
    carrying_courier   text NOT NULL,
    courier_key        text NOT NULL,
    window_start       timestamptz NOT NULL,
    window_end         timestamptz NOT NULL,
    status             text NOT NULL CHECK (status IN ('placing', 'placed', 'accepted', 'collected', 'refused',
                           'expired', 'cancelling', 'cancelled')),
    waybill            text COLLATE "C" NOT NULL,
    waybill_held       text NOT NULL,
    waybill_verdict    text NOT NULL,
    milestones         bigint[] NOT NULL CHECK (cardinality(milestones) = 12),
    collected_known_at timestamptz,
    confirmed_at       timestamptz,
    placed_at          timestamptz NOT NULL,
    version            bigint NOT NULL,
    is_live            boolean GENERATED ALWAYS AS (status IN ('placing', 'placed', 'accepted', 'collected')) STORED,
    PRIMARY KEY (cell, booking_reference)
) WITH (fillfactor = 50);
CREATE INDEX booking_by_return ON booking (cell, return_id);
CREATE UNIQUE INDEX one_live_booking ON booking (cell, pickup_id) WHERE is_live;

-- The first return that presents a number owns it. Lives in the number's own cell; committed ahead.
CREATE TABLE waybill_claim (
    cell        cell NOT NULL,
    courier     text COLLATE "C" NOT NULL,
    number      text COLLATE "C" NOT NULL,
    return_id   uuid NOT NULL,
    claimed_at  timestamptz NOT NULL,
    PRIMARY KEY (cell, courier, number)
);

CREATE TABLE advance (
    cell               cell NOT NULL,
    return_id          uuid NOT NULL,
    advance_id         uuid NOT NULL,
    buyer_id           text COLLATE "C" NOT NULL,
    amount_fen         positive_fen NOT NULL,
    state              text NOT NULL CHECK (state IN ('committed', 'paid', 'recovered', 'clawed_back', 'written_off',
                           'reversed')),
    provider           text NOT NULL,
    provider_key       text COLLATE "C" NOT NULL,
    payee_contact_id   uuid NOT NULL,
    booking_reference  text COLLATE "C" NOT NULL,
    waybill            text COLLATE "C" NOT NULL CHECK (waybill <> ''),
    trigger_at         timestamptz NOT NULL,
    committed_at       timestamptz NOT NULL,
    paid_at            timestamptz,
    provider_reference text NOT NULL,
    recovered_fen      fen NOT NULL,
    settled_at         timestamptz,
    version            bigint NOT NULL,
    CONSTRAINT one_advance_per_return PRIMARY KEY (cell, return_id),
    CONSTRAINT one_key_per_advance UNIQUE (cell, provider_key),
    CONSTRAINT key_is_derived CHECK (provider_key = 'adv_' || replace(advance_id::text, '-', '')),
    CONSTRAINT recovered_within_advance CHECK (recovered_fen <= amount_fen)
) WITH (fillfactor = 80);

-- Double entry by construction: every row debits one account and credits another by the same amount.
CREATE TYPE ledger_account AS ENUM ('advances_receivable', 'payouts_in_transit', 'platform_funds',
    'escrow_clearing', 'clawback_receivable', 'write_off_loss', 'courier_claims');
CREATE TABLE chart_of_accounts (
    account ledger_account PRIMARY KEY,
    class   text NOT NULL CHECK (class IN ('asset', 'liability', 'expense')),
    meaning text NOT NULL
);
INSERT INTO chart_of_accounts VALUES
    ('advances_receivable', 'asset', 'advanced to buyers, owed by the sellers'' escrow'),
    ('payouts_in_transit', 'liability', 'committed, not yet executed by the provider'),
    ('platform_funds', 'asset', 'our money at the payment provider'),
    ('escrow_clearing', 'asset', 'released by escrow to the platform'),
    ('clawback_receivable', 'asset', 'owed by buyers'),
    ('write_off_loss', 'expense', 'given up'),
    ('courier_claims', 'asset', 'claims on couriers for lost parcels');
CREATE TABLE ledger_transfer (
    cell       cell NOT NULL,
    journal_id uuid NOT NULL,
    line       smallint NOT NULL,
    return_id  uuid NOT NULL,
    debit      ledger_account NOT NULL,
    credit     ledger_account NOT NULL,
    amount_fen positive_fen NOT NULL,
    reason     text NOT NULL,
    posted_at  timestamptz NOT NULL,
    PRIMARY KEY (cell, return_id, journal_id, line),
    CHECK (debit <> credit)
);
CREATE VIEW ledger_posting AS
    SELECT cell, journal_id, line, return_id, debit AS account, amount_fen, reason, posted_at FROM ledger_transfer
    UNION ALL
    SELECT cell, journal_id, line, return_id, credit, -amount_fen, reason, posted_at FROM ledger_transfer;

CREATE TABLE recovery (
    cell        cell NOT NULL,
    reference   text COLLATE "C" NOT NULL,
    return_id   uuid NOT NULL,
    amount_fen  positive_fen NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (cell, reference),
    FOREIGN KEY (cell, return_id) REFERENCES return_case
);
CREATE INDEX recovery_by_return ON recovery (cell, return_id);

-- The timeline, and the event stream: gapless per return. One row is what one decision noted, an array of
-- {"type", "data"} numbered from first_seq; the view has them one by one.
CREATE TABLE case_entry (
    cell      cell NOT NULL,
    return_id uuid NOT NULL,
    first_seq integer NOT NULL,
    at        timestamptz NOT NULL,
    events    json NOT NULL,
    PRIMARY KEY (cell, return_id, first_seq)
);
CREATE VIEW case_event AS
    SELECT cell, return_id, first_seq + n::int - 1 AS seq, at, event ->> 'type' AS type, event -> 'data' AS data
    FROM case_entry CROSS JOIN LATERAL json_array_elements(events) WITH ORDINALITY AS noted(event, n);

-- Callbacks that we took, remembered for ever: the same event again has no second effect.
CREATE TABLE inbox (
    cell         cell NOT NULL,
    source       text COLLATE "C" NOT NULL,
    dedupe_key   text COLLATE "C" NOT NULL,
    payload_hash bytea NOT NULL,
    proof        text NOT NULL,
    received_at  timestamptz NOT NULL,
    payload      bytea NOT NULL,
    PRIMARY KEY (cell, source, dedupe_key)
);

-- Answers to requests that carried an Idempotency-Key, stored in the effect's own transaction.
CREATE TABLE idempotency (
    cell        cell NOT NULL,
    key_id      uuid NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status      smallint NOT NULL,
    body        text NOT NULL,
    stored_at   timestamptz NOT NULL,
    PRIMARY KEY (cell, key_id, key)
);

-- Callbacks that could not be bound yet: parked (the partner is expected) or quarantined (a person looks).
CREATE TABLE quarantine (
    quarantine_id uuid PRIMARY KEY,
    courier       text NOT NULL,
    state         text NOT NULL CHECK (state IN ('parked', 'quarantined', 'bound', 'discarded')),
    match_key     text COLLATE "C" NOT NULL,
    reason        text NOT NULL,
    received_at   timestamptz NOT NULL,
    decided_at    timestamptz,
    content_hash  bytea NOT NULL,
    target        text NOT NULL,
    content_type  text NOT NULL,
    payload       bytea NOT NULL,
    CONSTRAINT quarantined_once UNIQUE (courier, content_hash)
);
CREATE INDEX quarantine_waiting ON quarantine (match_key) WHERE state = 'parked';
CREATE INDEX quarantine_open ON quarantine (received_at) WHERE state IN ('parked', 'quarantined');

-- Outbox and durable timers: a promise to do something later. `run_at` moves ahead while leased.
CREATE TABLE job (
    cell      cell NOT NULL,
    return_id uuid NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    subject   text COLLATE "C" NOT NULL,
    due_at    timestamptz NOT NULL,
    run_at    timestamptz NOT NULL,
    attempts  integer NOT NULL DEFAULT 0,
    PRIMARY KEY (cell, return_id, kind, subject)
) WITH (fillfactor = 80);
CREATE INDEX job_by_time ON job (run_at);

CREATE TABLE reconciliation_run (
    run_id     uuid PRIMARY KEY,
    started_at timestamptz NOT NULL,
    counts     jsonb NOT NULL
);
CREATE TABLE reconciliation_break (
    run_id     uuid NOT NULL REFERENCES reconciliation_run,
    number     integer NOT NULL,
    kind       text NOT NULL,
    return_id  uuid,
    amount_fen bigint NOT NULL,
    age_hours  integer NOT NULL,
    detail     text NOT NULL,
    PRIMARY KEY (run_id, number)
);

-- Money halted by a person or by the checker; the latest row stands.
CREATE TABLE money_halt (
    halt_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    halted  boolean NOT NULL,
    reason  text NOT NULL,
    by_whom text NOT NULL,
    at      timestamptz NOT NULL
);

CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_entry
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inbox
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Version check of a save: fewer rows than sent means that somebody was faster.
CREATE FUNCTION require_all(saved bigint, sent integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF saved <> sent THEN
        RAISE EXCEPTION 'stale version' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
