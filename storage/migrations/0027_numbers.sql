-- What the shop earned, by day.
CREATE INDEX ledger_earned ON ledger (at) WHERE account IN ('sales', 'refunds', 'cost', 'fees', 'grants');
CREATE INDEX people_by_age ON people (created);
-- How many customers did a step on the way to a purchase within an hour; who they are is not kept.
CREATE TABLE visits (
    hour   INTEGER NOT NULL, -- its begin
    step   TEXT    NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (hour, step)
) STRICT, WITHOUT ROWID;
