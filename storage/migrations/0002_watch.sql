-- When a sweep should look at an eSIM again, and when its next warning is expected at
-- the pace it is used. 0: not reckoned yet, so at once and before all others.
ALTER TABLE esims ADD COLUMN next_look INTEGER NOT NULL DEFAULT 0;
ALTER TABLE esims ADD COLUMN edge INTEGER NOT NULL DEFAULT 0;

DROP INDEX esims_watched;
CREATE INDEX esims_watched  ON esims (tran_no) WHERE watched = 1;
CREATE INDEX esims_to_meter ON esims (edge, next_look) WHERE watched = 1 AND status = 'IN_USE';
CREATE INDEX esims_to_look  ON esims (next_look, status) WHERE watched = 1 AND status <> 'IN_USE';
CREATE INDEX esims_ended    ON esims (created) WHERE watched = 0;

-- What somebody told us who may be the supplier: to be looked up, never believed.
CREATE TABLE hints (
    id           TEXT    PRIMARY KEY, -- the same for each copy of one event
    kind         TEXT    NOT NULL,
    vendor_order TEXT    NOT NULL,
    tx_id        TEXT    NOT NULL,
    tran_no      TEXT    NOT NULL,
    received     INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    attempts     INTEGER NOT NULL, -- failed ones
    handled      INTEGER,
    error        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hints_due     ON hints (due, received) WHERE handled IS NULL;
CREATE INDEX hints_handled ON hints (handled) WHERE handled IS NOT NULL;

CREATE INDEX outbox_sent ON outbox (ended) WHERE status = 'sent';
