-- Events out: where they go, how far each endpoint has read, and what did not arrive at once.

-- The transaction that wrote the entry. Ids of rows say nothing about the order of commits; a transaction
-- older than every running one (pg_snapshot_xmin) is over, so what is read up to there stays complete
-- (docs/decisions/0011). Rows from before get the id of this migration.
ALTER TABLE case_entry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX case_entry_by_tx ON case_entry (tx);

-- The cursor is the last event that was taken: (tx, cell, return_id, seq). A round of deliveries holds the
-- lease; whoever moves the cursor by hand takes the lease away, so that the round's outcome is not written.
CREATE TABLE webhook_endpoint (
    endpoint_id     uuid PRIMARY KEY,
    url             text NOT NULL,
    description     text NOT NULL,
    types           text NOT NULL, -- with commas between them; '' is every type
    state           text NOT NULL CHECK (state IN ('active', 'paused')),
    pause_reason    text NOT NULL CHECK (pause_reason IN ('', 'by_request', 'gone', 'failing')),
    created_at      timestamptz NOT NULL,
    paused_at       timestamptz,
    cursor_tx       xid8 NOT NULL,
    cursor_cell     smallint NOT NULL,
    cursor_return   uuid NOT NULL,
    cursor_seq      integer NOT NULL,
    not_before      timestamptz NOT NULL, -- older events are passed over
    failures        integer NOT NULL,
    failing_since   timestamptz,
    next_at         timestamptz NOT NULL,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    last_status     integer NOT NULL,
    last_error      text NOT NULL,
    lease           uuid,
    leased_until    timestamptz NOT NULL,
    CONSTRAINT webhook_endpoint_url UNIQUE (url),
    CHECK ((state = 'paused') = (paused_at IS NOT NULL) AND (state = 'paused') = (pause_reason <> ''))
);

-- Two at most are valid at a time, while they overlap.
CREATE TABLE webhook_secret (
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    secret      bytea NOT NULL CHECK (length(secret) BETWEEN 24 AND 64),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    PRIMARY KEY (endpoint_id, secret)
);

-- Events behind the cursor that have not arrived: failed, or behind a failed one of the same return.
-- An endpoint that answers has none.
CREATE TABLE webhook_pending (
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    cell        smallint NOT NULL,
    return_id   uuid NOT NULL,
    seq         integer NOT NULL,
    at          timestamptz NOT NULL, -- of the event
    attempts    integer NOT NULL,
    next_at     timestamptz NOT NULL,
    PRIMARY KEY (endpoint_id, cell, return_id, seq)
);

-- In order per return: only the first of each return may go.
CREATE VIEW webhook_due AS
    SELECT * FROM webhook_pending p WHERE NOT EXISTS (
        SELECT 1 FROM webhook_pending o WHERE o.endpoint_id = p.endpoint_id AND o.cell = p.cell
            AND o.return_id = p.return_id AND o.seq < p.seq);
