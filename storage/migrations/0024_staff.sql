-- Who works here: how they are called, and what they were named; '': nothing.
CREATE TABLE staff (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL,
    role TEXT    NOT NULL CHECK (role IN ('', 'owner', 'manager', 'support'))
) STRICT;

-- The second person of what two have done; 0: one did it.
ALTER TABLE audit ADD COLUMN second INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER audit_is_never_changed;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.who <> old.who OR new.what <> old.what
    OR new.order_id <> old.order_id OR new.minor <> old.minor OR new.currency <> old.currency OR new.second <> old.second
    OR new.before <> old.before OR new.after <> old.after
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

-- What staff are about to do that moves a customer's money or takes an eSIM away, and what became of it.
CREATE TABLE staff_deeds (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT    NOT NULL UNIQUE, -- of what is done: pressed twice it is one
    what     TEXT    NOT NULL,
    who      INTEGER NOT NULL,
    second   INTEGER NOT NULL, -- who agreed; 0: nobody yet
    person   INTEGER NOT NULL, -- the customer; 0: it is about none
    order_id TEXT    NOT NULL,
    minor    INTEGER NOT NULL, -- US cents
    at       INTEGER NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('alone', 'waiting', 'agreed', 'done', 'dropped')),
    press    TEXT    NOT NULL, -- the button that does it
    shown    TEXT    NOT NULL  -- the question above it, with the reason
) STRICT;
CREATE INDEX staff_deeds_of ON staff_deeds (who, person, at);
CREATE INDEX staff_deeds_by_time ON staff_deeds (at);
