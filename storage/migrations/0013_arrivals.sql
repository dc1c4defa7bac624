-- By which link a customer first came, so that campaigns and referrals can be counted.
CREATE TABLE arrivals (
    person INTEGER NOT NULL REFERENCES people (id),
    kind   TEXT    NOT NULL CHECK (kind IN ('campaign', 'referral')),
    code   TEXT    NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrivals_by_code ON arrivals (kind, code);
