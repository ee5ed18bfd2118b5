-- Money to the buyer that is no advance: of goods that came back, that may be kept, that never left, and of postage
-- (C5, D1). At most one for the goods and one for the postage of a return, each with one key for ever.
ALTER TABLE return_case
    ADD COLUMN kind text NOT NULL DEFAULT 'goods_return' CHECK (kind IN ('goods_return', 'keeps_goods', 'unshipped')),
    ADD COLUMN offer_by text NOT NULL DEFAULT '',
    ADD COLUMN above_line boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT return_case_status_check,
    ADD CONSTRAINT return_case_status_check CHECK (status IN ('awaiting_agreement', 'awaiting_consent',
        'awaiting_buyer', 'awaiting_parcel', 'in_carriage', 'delivered', 'received', 'refunding', 'disputed',
        'refused', 'closed')),
    DROP CONSTRAINT return_case_refund_check,
    ADD CONSTRAINT return_case_refund_check CHECK (refund IN ('advance', 'after_receipt', 'direct')),
    DROP CONSTRAINT offer_waits_for_buyer,
    ADD CONSTRAINT offer_waits_for_somebody
        CHECK ((offer_fen IS NOT NULL) = (status IN ('awaiting_buyer', 'awaiting_consent'))),
    ADD CONSTRAINT nothing_held_without_advance CHECK (held_fen = 0 OR refund = 'advance');

CREATE TABLE refund (
    cell               cell NOT NULL,
    return_id          uuid NOT NULL,
    kind               text COLLATE "C" NOT NULL CHECK (kind IN ('refund', 'unshipped', 'postage')),
    refund_id          uuid NOT NULL,
    amount_fen         positive_fen NOT NULL,
    provider           text NOT NULL,
    provider_key       text COLLATE "C" NOT NULL,
    payee_contact_id   uuid NOT NULL,
    committed_at       timestamptz NOT NULL,
    state              text NOT NULL CHECK (state IN ('committed', 'paid', 'rejected')),
    paid_at            timestamptz,
    provider_reference text NOT NULL,
    version            bigint NOT NULL,
    CONSTRAINT one_refund_per_kind PRIMARY KEY (cell, return_id, kind),
    CONSTRAINT one_key_per_refund UNIQUE (cell, provider_key),
    CONSTRAINT refund_key_is_derived CHECK (provider_key = 'rfd_' || replace(refund_id::text, '-', ''))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX one_refund_of_the_goods ON refund (cell, return_id) WHERE kind <> 'postage';

-- Usable once this is committed.
ALTER TYPE ledger_account ADD VALUE 'refunds_receivable';
