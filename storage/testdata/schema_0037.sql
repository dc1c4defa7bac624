CREATE TABLE people (
    id              INTEGER PRIMARY KEY, -- the messenger's number
    chat            INTEGER NOT NULL,
    language        TEXT    NOT NULL,
    language_chosen INTEGER NOT NULL CHECK (language_chosen IN (0, 1)),
    name            TEXT    NOT NULL,
    unreachable     INTEGER NOT NULL CHECK (unreachable IN (0, 1)),
    created         INTEGER NOT NULL
, blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)), phone TEXT NOT NULL DEFAULT '', returned INTEGER, zone TEXT NOT NULL DEFAULT '', zone_at INTEGER, alerts TEXT NOT NULL DEFAULT '', quiet TEXT NOT NULL DEFAULT '', news_off INTEGER NOT NULL DEFAULT 0 CHECK (news_off IN (0, 1))) STRICT;
CREATE TABLE orders (
    id                 TEXT    PRIMARY KEY,
    person             INTEGER NOT NULL REFERENCES people (id),
    kind               TEXT    NOT NULL CHECK (kind IN ('purchase', 'topup')),
    plan               TEXT    NOT NULL CHECK (json_valid(plan)), -- what was bought, as it was then
    quantity           INTEGER NOT NULL CHECK (quantity >= 1),
    days               INTEGER NOT NULL CHECK (days >= 0),
    tx_id              TEXT    NOT NULL UNIQUE, -- the key for the supplier: made once, used for every try
    vendor_order       TEXT    NOT NULL,
    wholesale_minor    INTEGER NOT NULL,
    wholesale_currency TEXT    NOT NULL,
    retail_minor       INTEGER NOT NULL,
    retail_currency    TEXT    NOT NULL,
    price_minor        INTEGER NOT NULL CHECK (price_minor >= 0),
    price_currency     TEXT    NOT NULL,
    rail               TEXT    NOT NULL,
    state              TEXT    NOT NULL CHECK (state IN ('awaiting_payment', 'expired', 'paid', 'ordering', 'allocating',
                                                         'delivered', 'cancelling', 'refunding', 'refunded', 'needs_human')),
    reason             TEXT    NOT NULL,
    attempts           INTEGER NOT NULL,
    unsure             INTEGER NOT NULL CHECK (unsure IN (0, 1)),
    unsure_at          INTEGER,
    next_at            INTEGER NOT NULL,
    staff_told         INTEGER NOT NULL CHECK (staff_told IN (0, 1)),
    created            INTEGER NOT NULL,
    changed            INTEGER NOT NULL,
    paid_at            INTEGER,
    allocated          INTEGER NOT NULL CHECK (allocated IN (0, 1))
, esim TEXT NOT NULL DEFAULT '', press TEXT NOT NULL DEFAULT '', approved_at INTEGER, giving_back TEXT NOT NULL DEFAULT '', returned INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0, credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (credit_minor >= 0), phone TEXT NOT NULL DEFAULT '', swaps TEXT NOT NULL DEFAULT '', swap_worth_minor INTEGER NOT NULL DEFAULT 0 CHECK (swap_worth_minor >= 0), swapped INTEGER NOT NULL DEFAULT 0, swapped_for TEXT NOT NULL DEFAULT '', promo TEXT NOT NULL DEFAULT '', discount_minor INTEGER NOT NULL DEFAULT 0 CHECK (discount_minor >= 0), consent TEXT NOT NULL DEFAULT '', consented INTEGER, invoiced_again INTEGER, rescue INTEGER NOT NULL DEFAULT 0 CHECK (rescue IN (0, 1)), debt_minor INTEGER NOT NULL DEFAULT 0 CHECK (debt_minor >= 0), amount_back INTEGER NOT NULL DEFAULT 0 CHECK (amount_back >= 0), gift INTEGER NOT NULL DEFAULT 0 CHECK (gift IN (0, 1))) STRICT;
CREATE TABLE order_events (
    id       INTEGER PRIMARY KEY,
    order_id TEXT    NOT NULL REFERENCES orders (id),
    at       INTEGER NOT NULL,
    was      TEXT    NOT NULL, -- '' for the first
    became   TEXT    NOT NULL,
    why      TEXT    NOT NULL
) STRICT;
CREATE TABLE payments (
    id          TEXT    PRIMARY KEY, -- the messenger's charge id
    meant_for   TEXT    NOT NULL,    -- the order named with the money, known or not
    order_id    TEXT    REFERENCES orders (id),
    person      INTEGER NOT NULL,    -- may be nobody we know
    minor       INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    rail        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('kept', 'refund_due', 'refunded')),
    extra       INTEGER NOT NULL CHECK (extra IN (0, 1)), -- it never paid an order
    attempts    INTEGER NOT NULL,    -- to send it back
    next_at     INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    refunded_at INTEGER
, fee_minor      INTEGER NOT NULL DEFAULT 0, credited_minor INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE esims (
    tran_no      TEXT    PRIMARY KEY, -- the identity; ICCIDs are reused by the supplier
    person       INTEGER NOT NULL REFERENCES people (id),
    order_id     TEXT    REFERENCES orders (id),
    idx          INTEGER NOT NULL,
    plan         TEXT    NOT NULL CHECK (json_valid(plan)),
    vendor_order TEXT    NOT NULL,
    tx_id        TEXT    NOT NULL,
    iccid        TEXT    NOT NULL,
    code         TEXT    NOT NULL,
    smdp         TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    eid          TEXT    NOT NULL,
    total        INTEGER NOT NULL, -- bytes
    used         INTEGER NOT NULL, -- bytes
    days         INTEGER NOT NULL,
    activated    INTEGER,
    expires      INTEGER,
    apn          TEXT    NOT NULL,
    pin          TEXT    NOT NULL,
    puk          TEXT    NOT NULL,
    usage_at     INTEGER,
    epoch        INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    asked        INTEGER,
    watched      INTEGER NOT NULL CHECK (watched IN (0, 1)) -- its status is not final
, next_look INTEGER NOT NULL DEFAULT 0, edge INTEGER NOT NULL DEFAULT 0, returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1)), trip INTEGER, trip_days INTEGER NOT NULL DEFAULT 0, fetched INTEGER, name TEXT NOT NULL DEFAULT '', alerts TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE usage_samples (
    tran_no TEXT    NOT NULL REFERENCES esims (tran_no),
    as_of   INTEGER NOT NULL,
    used    INTEGER NOT NULL, -- bytes
    total   INTEGER NOT NULL, -- bytes
    PRIMARY KEY (tran_no, as_of)
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts (
    tran_no TEXT    NOT NULL REFERENCES esims (tran_no),
    epoch   INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    due     INTEGER NOT NULL CHECK (due IN (0, 1)), -- 0: overtaken by a graver one, never sent
    at      INTEGER NOT NULL,
    PRIMARY KEY (tran_no, epoch, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (
    id       INTEGER PRIMARY KEY, -- the messenger's number of the update
    person   INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    raw      BLOB    NOT NULL,
    received INTEGER NOT NULL,
    handled  INTEGER,
    attempts INTEGER NOT NULL,
    error    TEXT    NOT NULL
) STRICT;
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT    NOT NULL UNIQUE, -- two notices with one key are the same notice
    kind     TEXT    NOT NULL,
    person   INTEGER NOT NULL, -- 0: staff
    order_id TEXT    NOT NULL,
    esim     TEXT    NOT NULL,
    alert    TEXT    NOT NULL,
    minor    INTEGER NOT NULL,
    currency TEXT    NOT NULL,
    note     TEXT    NOT NULL,
    status   TEXT    NOT NULL CHECK (status IN ('waiting', 'held', 'sent', 'dead')), -- held: the person cannot be reached
    created  INTEGER NOT NULL,
    next_at  INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    ended    INTEGER, -- when it was sent or given up
    reason   TEXT    NOT NULL
, quiet INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1))) STRICT;
CREATE TABLE order_messages (
    order_id TEXT    PRIMARY KEY REFERENCES orders (id),
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE catalog (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    plans   BLOB    NOT NULL, -- gzip of JSON
    fetched INTEGER NOT NULL
) STRICT;
CREATE TABLE job_runs (
    name    TEXT    PRIMARY KEY,
    last_ok INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
, before TEXT NOT NULL DEFAULT '', after TEXT NOT NULL DEFAULT '', second INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE orphans (
    tran_no  TEXT    PRIMARY KEY,
    order_id TEXT    NOT NULL, -- '': not even an order's
    seen     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE unexplained_payments (
    id        TEXT    PRIMARY KEY, -- the messenger's charge id
    meant_for TEXT    NOT NULL,    -- the order named with the money
    person    INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    currency  TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    why       TEXT    NOT NULL,
    older     INTEGER NOT NULL CHECK (older IN (0, 1)), -- than this database is
    closed    INTEGER -- when it went back, or was explained after all
) STRICT;
CREATE TABLE invoice_messages (
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    order_id TEXT    NOT NULL REFERENCES orders (id),
    card     INTEGER NOT NULL, -- the message whose button asked for it; 0: none
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE qr_messages (
    esim    TEXT    NOT NULL REFERENCES esims (tran_no),
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (esim, chat, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE questions (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    kind   TEXT    NOT NULL,
    about  TEXT    NOT NULL, -- what the answer is for
    asked  INTEGER NOT NULL
) STRICT;
CREATE TABLE arrivals (
    person INTEGER NOT NULL REFERENCES people (id),
    kind   TEXT    NOT NULL CHECK (kind IN ('campaign', 'referral')),
    code   TEXT    NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE threads (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    person    INTEGER NOT NULL REFERENCES people (id),
    esim      TEXT    NOT NULL, -- what it is about; '': not said
    findings  TEXT    NOT NULL, -- of the fault finder
    opened    INTEGER NOT NULL,
    spoken    INTEGER NOT NULL, -- when either side last said something
    said      INTEGER NOT NULL CHECK (said IN (0, 1)),     -- the customer did, or there are findings
    answered  INTEGER NOT NULL CHECK (answered IN (0, 1)), -- staff spoke last
    closed    INTEGER,          -- NULL: it is open
    closed_by TEXT    NOT NULL,
    head_chat INTEGER NOT NULL, -- where the present head card stands; 0: nowhere yet
    head      INTEGER NOT NULL
, taken INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE thread_heads (
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    thread  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE thread_messages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    thread     INTEGER REFERENCES threads (id) ON DELETE CASCADE, -- NULL: held, in case its writer asks a person next
    person     INTEGER NOT NULL REFERENCES people (id), -- the customer
    from_staff INTEGER NOT NULL CHECK (from_staff IN (0, 1)),
    chat       INTEGER NOT NULL, -- where it was written
    message    INTEGER NOT NULL,
    album      TEXT    NOT NULL,
    kind       TEXT    NOT NULL, -- '': text
    text       TEXT    NOT NULL, -- or the caption
    file       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    reply_to   INTEGER NOT NULL, -- what it answers, in the chat of its copy; 0: nothing
    copy_chat  INTEGER,          -- where its copy stands; NULL: it waits
    copy       INTEGER NOT NULL
) STRICT;
CREATE TABLE swap_searches (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    esim   TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
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
CREATE TABLE wrong_codes (
    person INTEGER NOT NULL REFERENCES people (id),
    at     INTEGER NOT NULL
) STRICT;
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
CREATE TABLE promos_entered (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    code   TEXT    NOT NULL REFERENCES promos (code),
    at     INTEGER NOT NULL
) STRICT;
CREATE TABLE referral_codes (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    code   TEXT    NOT NULL UNIQUE
) STRICT;
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
CREATE TABLE forgotten (
    mark    TEXT    PRIMARY KEY,
    at      INTEGER NOT NULL,
    tries   INTEGER NOT NULL, -- wrong codes of the last hour before
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE forgetting (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
CREATE TABLE contract_withdrawals (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    person   INTEGER NOT NULL REFERENCES people (id),
    order_id TEXT    NOT NULL REFERENCES orders (id),
    esim     TEXT    NOT NULL, -- '': all of the order
    name     TEXT    NOT NULL, -- the customer's, as the statement has it
    at       INTEGER NOT NULL,
    outcome  TEXT    NOT NULL CHECK (outcome IN ('', 'cancelled', 'person')), -- '': nothing yet
    next_at  INTEGER NOT NULL, -- when it is worked on again
    UNIQUE (order_id, esim)
) STRICT;
CREATE TABLE rules (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE staff (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL,
    role TEXT    NOT NULL CHECK (role IN ('', 'owner', 'manager', 'support'))
) STRICT;
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
CREATE TABLE visits (
    hour   INTEGER NOT NULL, -- its begin
    step   TEXT    NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (hour, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff_cards (
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    order_id TEXT    NOT NULL,
    notice   INTEGER NOT NULL, -- of the outbox
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE broadcast_people (
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    person    INTEGER NOT NULL REFERENCES people (id),
    reach     TEXT    NOT NULL CHECK (reach IN ('waiting', 'begun', 'sent', 'unreachable', 'off', 'refused', 'uncertain')),
    PRIMARY KEY (broadcast, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_topics (
    person INTEGER NOT NULL REFERENCES people (id),
    chat   INTEGER NOT NULL,
    topic  INTEGER NOT NULL,
    PRIMARY KEY (person, chat)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_of_person ON orders (person, created);
CREATE INDEX orders_by_state  ON orders (state, created);
CREATE INDEX orders_by_age    ON orders (created);
CREATE INDEX orders_paid      ON orders (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX order_events_of_order ON order_events (order_id, id);
CREATE INDEX payments_of_order   ON payments (order_id);
CREATE INDEX payments_refund_due ON payments (next_at) WHERE status = 'refund_due';
CREATE INDEX esims_of_person ON esims (person, created);
CREATE INDEX esims_of_order  ON esims (order_id, idx);
CREATE INDEX esims_ending    ON esims (expires) WHERE watched = 1 AND activated IS NOT NULL AND expires IS NOT NULL;
CREATE INDEX inbox_unhandled ON inbox (id) WHERE handled IS NULL;
CREATE INDEX outbox_waiting   ON outbox (id) WHERE status = 'waiting';
CREATE INDEX outbox_in_turn   ON outbox (person, id) WHERE status = 'waiting';
CREATE INDEX outbox_next      ON outbox (next_at) WHERE status = 'waiting';
CREATE INDEX outbox_held      ON outbox (person) WHERE status = 'held';
CREATE INDEX outbox_dead      ON outbox (id) WHERE status = 'dead';
CREATE INDEX outbox_qr_unsent ON outbox (order_id) WHERE kind = 'qr' AND status <> 'sent';
CREATE INDEX esims_watched  ON esims (tran_no) WHERE watched = 1;
CREATE INDEX esims_to_meter ON esims (edge, next_look) WHERE watched = 1 AND status = 'IN_USE';
CREATE INDEX esims_to_look  ON esims (next_look, status) WHERE watched = 1 AND status <> 'IN_USE';
CREATE INDEX esims_ended    ON esims (created) WHERE watched = 0;
CREATE INDEX hints_due     ON hints (due, received) WHERE handled IS NULL;
CREATE INDEX hints_handled ON hints (handled) WHERE handled IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (ended) WHERE status = 'sent';
CREATE INDEX orders_of_esim ON orders (esim) WHERE esim <> '';
CREATE INDEX esims_by_iccid ON esims (iccid);
CREATE INDEX order_events_delivered ON order_events (at, order_id) WHERE became = 'delivered' AND was <> 'cancelling';
CREATE INDEX orders_due ON orders (state, next_at) WHERE allocated = 0 OR state IN ('cancelling', 'needs_human');
CREATE INDEX ledger_of_order   ON ledger (order_id, id) WHERE order_id <> '';
CREATE INDEX ledger_by_account ON ledger (account, currency, order_id, minor);
CREATE INDEX audit_of_order ON audit (order_id, id) WHERE order_id <> '';
CREATE INDEX orders_paid_of_person ON orders (person, paid_at) WHERE paid_at IS NOT NULL;
CREATE UNIQUE INDEX orders_of_press ON orders (person, press) WHERE press <> '';
CREATE INDEX orders_unpaid ON orders (person, created) WHERE state = 'awaiting_payment';
CREATE INDEX unexplained_open ON unexplained_payments (at) WHERE closed IS NULL;
CREATE INDEX orders_approved ON orders (approved_at) WHERE approved_at IS NOT NULL;
CREATE INDEX invoices_of_order ON invoice_messages (order_id);
CREATE INDEX esims_lapsing ON esims (expires) WHERE watched = 1 AND activated IS NULL AND expires IS NOT NULL;
CREATE UNIQUE INDEX payments_one_per_order ON payments (order_id, rail) WHERE extra = 0;
CREATE INDEX messages_of_orders ON order_messages (chat, message);
CREATE INDEX esims_travelling ON esims (trip) WHERE watched = 1 AND activated IS NULL AND trip IS NOT NULL;
CREATE INDEX esims_idle ON esims (created) WHERE watched = 1 AND activated IS NULL AND trip IS NULL;
CREATE INDEX arrivals_by_code ON arrivals (kind, code);
CREATE UNIQUE INDEX threads_open ON threads (person) WHERE closed IS NULL;
CREATE INDEX threads_quiet ON threads (spoken) WHERE closed IS NULL;
CREATE INDEX threads_closed ON threads (closed) WHERE closed IS NOT NULL;
CREATE INDEX thread_heads_of ON thread_heads (thread);
CREATE UNIQUE INDEX thread_messages_at ON thread_messages (chat, message);
CREATE INDEX thread_messages_copied ON thread_messages (copy_chat, copy) WHERE copy_chat IS NOT NULL;
CREATE INDEX thread_messages_waiting ON thread_messages (thread, from_staff, id) WHERE copy_chat IS NULL;
CREATE INDEX thread_messages_of ON thread_messages (thread, id);
CREATE INDEX thread_messages_held ON thread_messages (at) WHERE thread IS NULL;
CREATE INDEX outbox_threads ON outbox (id) WHERE status = 'waiting' AND kind = 'staff_thread';
CREATE INDEX orders_swaps ON orders (swaps) WHERE swaps <> '';
CREATE INDEX esims_fetched ON esims (fetched) WHERE watched = 1 AND fetched IS NOT NULL AND smdp IN ('DOWNLOAD', 'INSTALLATION');
CREATE UNIQUE INDEX gifts_open ON gifts (esim) WHERE taker IS NULL AND withdrawn = 0;
CREATE INDEX gifts_by ON gifts (giver, id);
CREATE INDEX wrong_codes_of ON wrong_codes (person, at);
CREATE INDEX orders_promo ON orders (promo) WHERE promo <> '';
CREATE INDEX referrals_by ON referrals (referrer);
CREATE INDEX contract_withdrawals_open ON contract_withdrawals (next_at) WHERE outcome = '';
CREATE INDEX contract_withdrawals_of ON contract_withdrawals (person);
CREATE INDEX staff_deeds_of ON staff_deeds (who, person, at);
CREATE INDEX staff_deeds_by_time ON staff_deeds (at);
CREATE UNIQUE INDEX orders_rescued ON orders (person)
    WHERE rescue = 1 AND paid_at IS NOT NULL AND (allocated = 1 OR state <> 'refunded');
CREATE INDEX outbox_of_order ON outbox (order_id, id) WHERE status = 'waiting';
CREATE INDEX people_by_age ON people (created);
CREATE INDEX staff_cards_of ON staff_cards (order_id);
CREATE INDEX people_by_name ON people (name);
CREATE INDEX audit_of_person ON audit (person, id) WHERE person <> 0;
CREATE INDEX auto_topups_of ON auto_topups (person);
CREATE INDEX ledger_earned ON ledger (at) WHERE account IN ('sales', 'refunds', 'cost', 'fees', 'commission', 'grants');
CREATE INDEX broadcasts_sending ON broadcasts (id) WHERE state = 'sending';
CREATE INDEX broadcast_people_waiting ON broadcast_people (broadcast, person) WHERE reach = 'waiting';
CREATE INDEX broadcast_people_begun ON broadcast_people (broadcast) WHERE reach = 'begun';
CREATE INDEX broadcast_people_of ON broadcast_people (person);
CREATE UNIQUE INDEX customer_topics_at ON customer_topics (chat, topic);
CREATE INDEX threads_of ON threads (person, id);
CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.order_id <> old.order_id
    OR new.payment <> old.payment OR new.minor <> old.minor OR new.currency <> old.currency
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.who <> old.who OR new.what <> old.what
    OR new.order_id <> old.order_id OR new.minor <> old.minor OR new.currency <> old.currency OR new.second <> old.second
    OR new.before <> old.before OR new.after <> old.after
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
