-- Appeals with their evidence (E2), what a buyer's conduct makes of the rating (B6, E3, E4), and receipts of fewer
-- units than were applied for (C5).

ALTER TABLE return_case ADD COLUMN short_fen fen NOT NULL DEFAULT 0;

-- How customer service ruled, and every appeal: by two people.
CREATE TABLE ruling (
    cell        cell NOT NULL,
    return_id   uuid NOT NULL,
    number      integer NOT NULL CHECK (number > 0),
    is_appeal   boolean NOT NULL,
    called_by   text NOT NULL CHECK (called_by IN ('buyer', 'seller')),
    opened_at   timestamptz NOT NULL,
    proposed    text NOT NULL CHECK (proposed IN ('', 'for_buyer', 'for_seller', 'upheld', 'dismissed')),
    proposed_by text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('', 'for_buyer', 'for_seller', 'upheld', 'dismissed', 'withdrawn')),
    decided_at  timestamptz,
    version     bigint NOT NULL,
    PRIMARY KEY (cell, return_id, number),
    FOREIGN KEY (cell, return_id) REFERENCES return_case,
    CONSTRAINT decided_has_its_time CHECK ((outcome = '') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX one_appeal_of_a_side ON ruling (cell, return_id, called_by) WHERE is_appeal;

-- Who put it forward, and when it came to us; of what came before this, the event of its number says both.
ALTER TABLE evidence
    ADD COLUMN given_by text NOT NULL DEFAULT '',
    ADD COLUMN given_at timestamptz;

-- What an appeal gives back.
ALTER TABLE refund
    DROP CONSTRAINT refund_kind_check,
    ADD CONSTRAINT refund_kind_check CHECK (kind IN ('refund', 'unshipped', 'postage', 'restitution'));
DROP INDEX one_refund_of_the_goods;
CREATE UNIQUE INDEX one_refund_of_the_goods ON refund (cell, return_id) WHERE kind IN ('refund', 'unshipped');

-- The rating before its penalties, the facts of the last days, and every penalty there ever was. Neither a callback
-- nor an application reads it: what it comes to stands in credit_line and buyer_trust (docs/decisions/0014).
CREATE TABLE buyer_standing (
    cell          cell NOT NULL,
    buyer_id      text COLLATE "C" NOT NULL,
    stars         smallint NOT NULL CHECK (stars BETWEEN 0 AND 5),
    line_fen      fen,
    excluded      text NOT NULL,
    is_by_records boolean NOT NULL,
    as_of         timestamptz,
    facts         json NOT NULL,
    penalties     json NOT NULL,
    version       bigint NOT NULL,
    PRIMARY KEY (cell, buyer_id)
);
CREATE VIEW penalty AS
    SELECT s.cell, s.buyer_id, (p ->> 'number')::int AS number, p ->> 'step' AS step, p ->> 'cause' AS cause,
           p ->> 'return_id' AS return_id, (p ->> 'imposed_at')::timestamptz AS imposed_at,
           p ->> 'imposed_by' AS imposed_by, p ->> 'reversal_by' AS reversal_by,
           (p ->> 'reversed_at')::timestamptz AS reversed_at, p ->> 'reversed_by' AS reversed_by,
           p ->> 'reversal_reason' AS reversal_reason
    FROM buyer_standing s CROSS JOIN LATERAL json_array_elements(s.penalties) AS p;
CREATE INDEX standing_with_penalties ON buyer_standing (cell, buyer_id) WHERE penalties::text <> '[]';

-- For a buyer's own records: how many orders in the last days.
ALTER TABLE shop_order ADD COLUMN told_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX shop_order_by_buyer ON shop_order (cell, buyer_id, told_at);
