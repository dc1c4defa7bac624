-- An eSIM that tops itself up from store credit: what is added from which share of its data on, and for how much at most.
CREATE TABLE auto_topups (
    esim         TEXT    PRIMARY KEY,
    person       INTEGER NOT NULL REFERENCES people (id), -- who switched it on
    plan         TEXT    NOT NULL CHECK (json_valid(plan)),
    level        TEXT    NOT NULL CHECK (level IN ('data20', 'data10', 'data_gone')),
    agreed_minor INTEGER NOT NULL CHECK (agreed_minor >= 0), -- US cents
    consent      TEXT    NOT NULL,
    set_at       INTEGER NOT NULL,
    -- Where it is in this epoch of the eSIM. Of one epoch and level there is one order: its press is made of them.
    state        TEXT    NOT NULL CHECK (state IN ('', 'announced', 'buying', 'short', 'dearer', 'done')),
    epoch        INTEGER NOT NULL,
    used         INTEGER NOT NULL, -- bytes, when this epoch began
    next_at      INTEGER NOT NULL,
    order_id     TEXT    NOT NULL -- that was made last
) STRICT, WITHOUT ROWID;
CREATE INDEX auto_topups_of ON auto_topups (person);
