-- The baseline: what a callback costs when each statement goes alone, all in one transaction, by
-- pgbench with prepared statements. The same rows are written as the gateway writes.
\set n random(1, 1000000000)
SELECT c.cell, c.return_id, c.buyer_id, c.version AS case_version, b.booking_reference, b.version AS booking_version, c.event_seq
  FROM bench_queue q JOIN return_case c USING (cell, return_id) JOIN booking b ON b.cell = c.cell AND b.return_id = c.return_id
 WHERE q.n = (SELECT nextval('bench_next')) \gset
BEGIN;
SELECT 1 FROM inbox WHERE cell = :cell AND source = 'YTO' AND dedupe_key = :booking_reference::text || '-GOT';
INSERT INTO inbox VALUES (:cell, 'YTO', :booking_reference::text || '-GOT', decode(repeat('ab', 32), 'hex'), 'weak_signature', now(), decode(repeat('78', 420), 'hex'));
INSERT INTO waybill_claim VALUES (:cell, 'YTO', 'B' || :booking_reference::text, :return_id, now()) ON CONFLICT DO NOTHING;
UPDATE return_case SET status = 'in_carriage', pickup_status = 'collected', held_fen = 0, event_seq = event_seq + 3, version = version + 1 WHERE cell = :cell AND return_id = :return_id AND version = :case_version;
UPDATE booking SET status = 'collected', waybill = 'B' || :booking_reference::text, collected_known_at = now(), confirmed_at = now(), version = version + 1 WHERE cell = :cell AND booking_reference = :booking_reference AND version = :booking_version;
UPDATE credit_line SET held_fen = held_fen - 9900, open_fen = open_fen + 9900, version = version + 1 WHERE cell = :cell AND buyer_id = :buyer_id AND held_fen >= 9900;
INSERT INTO advance SELECT :cell, id, id, :buyer_id, 9900, 'committed', 'sandbox', 'adv_' || replace(id::text, '-', ''), id, :booking_reference, 'B' || :booking_reference::text, now(), now(), NULL, '', 0, NULL, 1 FROM (SELECT :return_id::uuid) r(id);
INSERT INTO ledger_transfer VALUES (:cell, gen_random_uuid(), 0, :return_id, 'advances_receivable', 'payouts_in_transit', 9900, 'advance_committed', now());
INSERT INTO case_entry VALUES (:cell, :return_id, :event_seq + 1, now(), '[{"type": "waybill.accepted","data": {"courier": "YTO","waybill": "YT8100000000000","rules": "well_formed, not_the_outbound_number, claimed_by_this_return, of_this_booking, one_number_per_booking"}},{"type": "pickup.collected","data": {"courier": "YTO","occurred_at": "2026-01-10","promise_kept": true}},{"type": "advance.committed","data": {"advance_id": "adv_0","amount_fen": 9900,"courier": "YTO","waybill": "YT8100000000000"}}]');
INSERT INTO job VALUES (:cell, :return_id, 'pay', 'adv', now(), now());
DELETE FROM job WHERE cell = :cell AND return_id = :return_id AND kind = 'door_deadline';
COMMIT;
