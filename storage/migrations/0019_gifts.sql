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
