-- Payments that only the messenger's account tells of and no order here explains. They are in
-- no book: the program sends none of them back, staff decide.
CREATE TABLE unexplained_payments (
    id        TEXT    PRIMARY KEY, -- the messenger's charge id
    meant_for TEXT    NOT NULL,    -- the order named with the money
    person    INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    currency  TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    why       TEXT    NOT NULL,
    older     INTEGER NOT NULL CHECK (older IN (0, 1)), -- than this database is
    closed    INTEGER -- when it went back, or was explained after all
) STRICT;
CREATE INDEX unexplained_open ON unexplained_payments (at) WHERE closed IS NULL;

-- When the messenger was last told to take the money for an order. NULL: never, or so long ago
-- that nobody waits for it any more.
ALTER TABLE orders ADD COLUMN approved_at INTEGER;
CREATE INDEX orders_approved ON orders (approved_at) WHERE approved_at IS NOT NULL;
