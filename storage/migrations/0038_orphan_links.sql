-- Links by which staff give a customer an eSIM that the vendor has and that is no order's. Who takes one gets an order of it.
CREATE TABLE orphan_links (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    token    TEXT    NOT NULL UNIQUE, -- its SHA-256
    tran_no  TEXT    NOT NULL,
    made     INTEGER NOT NULL,
    ends     INTEGER NOT NULL,
    offer    TEXT    NOT NULL, -- the eSIM as the vendor told of it (JSON); '': it is in esims
    order_id TEXT    NOT NULL, -- that it becomes
    taker    INTEGER REFERENCES people (id), -- NULL: nobody
    taken    INTEGER
) STRICT;
CREATE UNIQUE INDEX orphan_links_of ON orphan_links (tran_no);
CREATE INDEX orphan_links_taken ON orphan_links (taker) WHERE taker IS NOT NULL;
