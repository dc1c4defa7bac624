ALTER TABLE orders ADD COLUMN esim TEXT NOT NULL DEFAULT ''; -- which eSIM a top-up refills
ALTER TABLE people ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1));
ALTER TABLE payments ADD COLUMN fee_minor      INTEGER NOT NULL DEFAULT 0; -- of minor, kept by a payment provider
ALTER TABLE payments ADD COLUMN credited_minor INTEGER NOT NULL DEFAULT 0; -- US cents of store credit that it became

CREATE INDEX orders_of_esim ON orders (esim) WHERE esim <> '';
CREATE INDEX esims_by_iccid ON esims (iccid);
CREATE INDEX order_events_delivered ON order_events (at, order_id) WHERE became = 'delivered' AND was <> 'cancelling';

-- Orders with their eSIMs in hand are under work too while these are taken back.
DROP INDEX orders_due;
CREATE INDEX orders_due ON orders (state, next_at) WHERE allocated = 0 OR state IN ('cancelling', 'needs_human');

-- next_at says from now on until when an order can be paid.
UPDATE orders SET next_at = max(next_at, created + 3600000) WHERE state = 'awaiting_payment';

-- The books: each event is written once and is zero in every currency (esim.Posting).
CREATE TABLE ledger (
    id       INTEGER PRIMARY KEY,
    key      TEXT    NOT NULL, -- of the event
    at       INTEGER NOT NULL,
    order_id TEXT    NOT NULL, -- '' if it is about none; it may be one that never was
    payment  TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    minor    INTEGER NOT NULL,
    currency TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    UNIQUE (key, account, currency)
) STRICT;
CREATE INDEX ledger_of_order   ON ledger (order_id, id) WHERE order_id <> '';
CREATE INDEX ledger_by_account ON ledger (account, currency, order_id, minor);

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- What staff did.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    who      INTEGER NOT NULL,
    what     TEXT    NOT NULL,
    order_id TEXT    NOT NULL,
    esim     TEXT    NOT NULL,
    person   INTEGER NOT NULL, -- 0: it is about none
    minor    INTEGER NOT NULL,
    currency TEXT    NOT NULL,
    why      TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_order ON audit (order_id, id) WHERE order_id <> '';

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

-- eSIMs at the vendor that are nobody's, told of once.
CREATE TABLE orphans (
    tran_no  TEXT    PRIMARY KEY,
    order_id TEXT    NOT NULL, -- '': not even an order's
    seen     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The books of what happened before there were books. Until now Stars were the only rail.
CREATE TEMP TABLE was_delivered AS
    SELECT o.id, coalesce((SELECT min(e.at) FROM order_events e WHERE e.order_id = o.id AND e.became = 'delivered'), o.changed) AS at
    FROM orders o
    WHERE o.state = 'delivered' OR EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.became = 'delivered');

CREATE TEMP TABLE happened AS -- from one account to the other
    SELECT 'pay:' || id AS key, at, meant_for AS order_id, id AS payment, 'prepaid' AS source, 'stars' AS target, minor, currency, 'payment' AS why
    FROM payments
    UNION ALL
    SELECT 'deliver:' || p.order_id, d.at, p.order_id, '', 'sales', 'prepaid', p.minor, p.currency, 'delivered'
    FROM payments p JOIN was_delivered d ON d.id = p.order_id WHERE p.extra = 0
    UNION ALL
    SELECT 'refund:' || id, coalesce(refunded_at, at), meant_for, id, 'stars',
        iif(extra = 0 AND order_id IN (SELECT id FROM was_delivered), 'refunds', 'prepaid'), minor, currency, 'refund'
    FROM payments WHERE status = 'refunded'
    UNION ALL
    SELECT 'cost:' || o.id, coalesce((SELECT min(e.at) FROM order_events e WHERE e.order_id = o.id AND e.became = 'allocating'), o.changed),
        o.id, '', 'vendor', 'cost', o.wholesale_minor, o.wholesale_currency, 'bought'
    FROM orders o WHERE o.vendor_order <> '';

INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why)
    SELECT key, at, order_id, payment, target, minor, currency, why FROM happened WHERE minor <> 0
    UNION ALL
    SELECT key, at, order_id, payment, source, -minor, currency, why FROM happened WHERE minor <> 0
    ORDER BY 2, 1;
DROP TABLE happened;
DROP TABLE was_delivered;
