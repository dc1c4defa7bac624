-- Whoever asked to be forgotten leaves a mark: not who they are, but how to tell that they are back. It is made of
-- their number and a secret that is not in this database.
CREATE TABLE forgotten (
    mark    TEXT    PRIMARY KEY,
    at      INTEGER NOT NULL,
    tries   INTEGER NOT NULL, -- wrong codes of the last hour before
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
) STRICT, WITHOUT ROWID;
-- When somebody who is back was forgotten: what there is once for each customer they had their chance of before. NULL: never.
ALTER TABLE people ADD COLUMN returned INTEGER;

-- The books and the audit log stay as they are, with one exception: a name is taken out of them. The table has a row
-- only inside of the transaction that does it.
CREATE TABLE forgetting (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
DROP TRIGGER ledger_is_never_changed;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.order_id <> old.order_id
    OR new.payment <> old.payment OR new.minor <> old.minor OR new.currency <> old.currency
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
DROP TRIGGER audit_is_never_changed;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.who <> old.who OR new.what <> old.what
    OR new.order_id <> old.order_id OR new.minor <> old.minor OR new.currency <> old.currency
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

-- What a customer agreed to before they paid: the version of the words and their language. And when.
ALTER TABLE orders ADD COLUMN consent TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN consented INTEGER;

-- A customer withdrew from the contract of an order, or of one eSIM of it.
CREATE TABLE contract_withdrawals (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    person   INTEGER NOT NULL REFERENCES people (id),
    order_id TEXT    NOT NULL REFERENCES orders (id),
    esim     TEXT    NOT NULL, -- '': all of the order
    name     TEXT    NOT NULL, -- the customer's, as the statement has it
    at       INTEGER NOT NULL,
    outcome  TEXT    NOT NULL CHECK (outcome IN ('', 'cancelled', 'person')), -- '': nothing yet
    next_at  INTEGER NOT NULL, -- when it is worked on again
    UNIQUE (order_id, esim)
) STRICT;
CREATE INDEX contract_withdrawals_open ON contract_withdrawals (next_at) WHERE outcome = '';
CREATE INDEX contract_withdrawals_of ON contract_withdrawals (person);
