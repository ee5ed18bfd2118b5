-- How a refund is computed (E1): what the buyer paid beside the goods and what was taken off the order, and
-- the calculation itself, written once beside the application that it is of.
ALTER TABLE shop_order ADD COLUMN terms json NOT NULL DEFAULT '{}';
ALTER TABLE application ADD COLUMN amount json NOT NULL DEFAULT '{}';
