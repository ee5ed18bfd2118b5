-- What buyers paid back, each transfer once: its reference is the bank's or the provider's.
CREATE TABLE repayment (
    cell        cell NOT NULL,
    reference   text COLLATE "C" NOT NULL,
    return_id   uuid NOT NULL,
    amount_fen  positive_fen NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (cell, reference),
    FOREIGN KEY (cell, return_id) REFERENCES return_case
);
-- Those of before, from the timeline.
INSERT INTO repayment (cell, reference, return_id, amount_fen, recorded_at)
SELECT cell, data ->> 'reference', return_id, (data ->> 'amount_fen')::bigint, at
FROM case_event WHERE type = 'clawback.repaid'
ON CONFLICT DO NOTHING;
