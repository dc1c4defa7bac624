-- What staff write to many customers at once, and how far each of them is.
ALTER TABLE people ADD COLUMN news_off INTEGER NOT NULL DEFAULT 0 CHECK (news_off IN (0, 1));
CREATE TABLE broadcasts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    who      INTEGER NOT NULL, -- of the staff
    second   INTEGER NOT NULL,
    texts    TEXT    NOT NULL CHECK (json_valid(texts)),
    segment TEXT    NOT NULL CHECK (json_valid(segment)),
    state    TEXT    NOT NULL CHECK (state IN ('draft', 'sending', 'paused', 'done', 'stopped')),
    made     INTEGER NOT NULL,
    begun    INTEGER,
    ended    INTEGER,
    chat     INTEGER NOT NULL, -- where the message stands that shows how far it is
    message  INTEGER NOT NULL
) STRICT;
CREATE INDEX broadcasts_sending ON broadcasts (id) WHERE state = 'sending';

CREATE TABLE broadcast_people (
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    person    INTEGER NOT NULL REFERENCES people (id),
    reach     TEXT    NOT NULL CHECK (reach IN ('waiting', 'begun', 'sent', 'unreachable', 'off', 'refused', 'uncertain')),
    PRIMARY KEY (broadcast, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_people_waiting ON broadcast_people (broadcast, person) WHERE reach = 'waiting';
CREATE INDEX broadcast_people_begun ON broadcast_people (broadcast) WHERE reach = 'begun';
CREATE INDEX broadcast_people_of ON broadcast_people (person);
