-- One press makes one order: what made it (the id of the press), so that an update that comes
-- again finds it. Empty for orders of before, and for those that no press made.
ALTER TABLE orders ADD COLUMN press TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX orders_of_press ON orders (person, press) WHERE press <> '';
-- The unpaid orders of one customer, of which there may be only so many.
CREATE INDEX orders_unpaid ON orders (person, created) WHERE state = 'awaiting_payment';
