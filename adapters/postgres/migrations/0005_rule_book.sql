-- The rule book's own facts: the buyer's conduct (A7), another amount (C5), the warehouse (C3), customer
-- service (C4, C6), self-shipped parcels (A1) and money asked back (A4).

-- The platform's monthly snapshot. Rates of the last 90 days, 10,000 = every order.
CREATE TABLE buyer_trust (
    cell            cell NOT NULL,
    buyer_id        text COLLATE "C" NOT NULL,
    refund_rate_bp  integer NOT NULL CHECK (refund_rate_bp BETWEEN 0 AND 10000),
    complaints      integer NOT NULL CHECK (complaints >= 0),
    dispute_rate_bp integer NOT NULL CHECK (dispute_rate_bp BETWEEN 0 AND 10000),
    is_selected     boolean NOT NULL,
    excluded        text NOT NULL,
    version         bigint NOT NULL,
    PRIMARY KEY (cell, buyer_id)
);

ALTER TABLE return_case
    ADD COLUMN offer_fen bigint CHECK (offer_fen BETWEEN 1 AND amount_fen),
    ADD COLUMN registered_at timestamptz,
    ADD COLUMN intervention_by text CHECK (intervention_by IN ('buyer', 'seller')),
    ADD COLUMN intervention_at timestamptz,
    ADD COLUMN ruling_proposed text CHECK (ruling_proposed IN ('for_buyer', 'for_seller')),
    ADD COLUMN ruling_by text,
    ADD CONSTRAINT intervention_is_whole CHECK ((intervention_by IS NULL) = (intervention_at IS NULL)),
    ADD CONSTRAINT offer_waits_for_buyer CHECK ((offer_fen IS NOT NULL) = (status = 'awaiting_buyer')),
    DROP CONSTRAINT return_case_status_check,
    ADD CONSTRAINT return_case_status_check CHECK (status IN ('awaiting_agreement', 'awaiting_buyer',
        'awaiting_parcel', 'in_carriage', 'delivered', 'received', 'disputed', 'refused', 'closed'));

-- Without a pickup: the buyer took the parcel to the courier and typed the number in.
ALTER TABLE booking ALTER COLUMN pickup_id DROP NOT NULL;

ALTER TABLE advance
    ADD COLUMN clawback text NOT NULL DEFAULT '',
    ADD COLUMN repay_by timestamptz,
    ADD COLUMN repaid_fen fen NOT NULL DEFAULT 0,
    ADD CONSTRAINT repaid_within_advance CHECK (recovered_fen + repaid_fen <= amount_fen);
