-- Links that give an eSIM away. Who took one is the person of the eSIM then; who bought it that of its order.
CREATE TABLE gifts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    token     TEXT    NOT NULL UNIQUE, -- its SHA-256
    esim      TEXT    NOT NULL REFERENCES esims (tran_no),
    giver     INTEGER NOT NULL REFERENCES people (id),
    made      INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    taker     INTEGER REFERENCES people (id), -- NULL: nobody
    taken     INTEGER,
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX gifts_open ON gifts (esim) WHERE taker IS NULL AND withdrawn = 0;
CREATE INDEX gifts_by ON gifts (giver, id);
-- When somebody tried a link or a code that is none, so that nobody guesses.
CREATE TABLE wrong_codes (
    person INTEGER NOT NULL REFERENCES people (id),
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX wrong_codes_of ON wrong_codes (person, at);

-- Promo codes: percent of the retail price, or US cents off an order.
CREATE TABLE promos (
    code       TEXT    PRIMARY KEY,
    percent    INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    minor      INTEGER NOT NULL CHECK (minor >= 0),
    places     TEXT    NOT NULL, -- parted by spaces; '': all
    first_only INTEGER NOT NULL CHECK (first_only IN (0, 1)),
    uses       INTEGER NOT NULL, -- 0: any number
    ends       INTEGER,
    made       INTEGER NOT NULL,
    ended      INTEGER, -- by staff
    CHECK ((percent > 0) <> (minor > 0))
) STRICT, WITHOUT ROWID;
-- The code a customer typed, for what they buy next.
CREATE TABLE promos_entered (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    code   TEXT    NOT NULL REFERENCES promos (code),
    at     INTEGER NOT NULL
) STRICT;
-- retail_minor is what was asked for: the discount (US cents) is off it already.
ALTER TABLE orders ADD COLUMN promo TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN discount_minor INTEGER NOT NULL DEFAULT 0 CHECK (discount_minor >= 0);
CREATE INDEX orders_promo ON orders (promo) WHERE promo <> '';

-- The code in a customer's link for friends.
CREATE TABLE referral_codes (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    code   TEXT    NOT NULL UNIQUE
) STRICT;
-- Who brought whom, and what it brought (US cents).
CREATE TABLE referrals (
    friend   INTEGER PRIMARY KEY REFERENCES people (id),
    referrer INTEGER NOT NULL REFERENCES people (id),
    promised INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    order_id TEXT REFERENCES orders (id), -- whose delivery brought it
    credited INTEGER NOT NULL DEFAULT 0,
    owed     INTEGER NOT NULL DEFAULT 0 CHECK (owed >= 0), -- was to be taken back, and had been spent
    CHECK (friend <> referrer)
) STRICT;
CREATE INDEX referrals_by ON referrals (referrer);
