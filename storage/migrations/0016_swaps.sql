-- A swap is an order that takes the place of an unused eSIM: swaps is that eSIM, swap_worth_minor the store
-- credit (US cents) that it is to become, swapped: that it did. swapped_for, of the order that the eSIM is of,
-- is the order that is paid from what goes back.
ALTER TABLE orders ADD COLUMN swaps TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN swap_worth_minor INTEGER NOT NULL DEFAULT 0 CHECK (swap_worth_minor >= 0);
ALTER TABLE orders ADD COLUMN swapped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN swapped_for TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_swaps ON orders (swaps) WHERE swaps <> '';
-- Who looks for another plan to swap an eSIM for: its card offers to.
CREATE TABLE swap_searches (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    esim   TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
