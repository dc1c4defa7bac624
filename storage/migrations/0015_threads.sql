-- Customers' talk with staff, and what was said in it.
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
) STRICT;
CREATE UNIQUE INDEX threads_open ON threads (person) WHERE closed IS NULL;
CREATE INDEX threads_quiet ON threads (spoken) WHERE closed IS NULL;
CREATE INDEX threads_closed ON threads (closed) WHERE closed IS NOT NULL;

-- Every head card there was: a reply to an old one is a reply to its thread.
CREATE TABLE thread_heads (
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    thread  INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_heads_of ON thread_heads (thread);

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
CREATE UNIQUE INDEX thread_messages_at ON thread_messages (chat, message);
CREATE INDEX thread_messages_copied ON thread_messages (copy_chat, copy) WHERE copy_chat IS NOT NULL;
CREATE INDEX thread_messages_waiting ON thread_messages (thread, from_staff, id) WHERE copy_chat IS NULL;
CREATE INDEX thread_messages_of ON thread_messages (thread, id);
CREATE INDEX thread_messages_held ON thread_messages (at) WHERE thread IS NULL;

-- Threads have a queue of their own: no crowd of them hides what staff must hear of an order.
CREATE INDEX outbox_threads ON outbox (id) WHERE status = 'waiting' AND kind = 'staff_thread';

-- Questions that wait for staff become threads. Their notes are the customer's number and the words.
INSERT INTO threads (person, esim, findings, opened, spoken, said, answered, closed, closed_by, head_chat, head)
SELECT p.id, '', '', min(o.created), max(o.created), 1, 0, NULL, '', 0, 0
FROM outbox o JOIN people p ON p.id = CAST(substr(o.note, 1, instr(o.note, ' ') - 1) AS INTEGER)
WHERE o.kind = 'staff_question' AND o.status = 'waiting' GROUP BY p.id;
INSERT INTO thread_messages (thread, person, from_staff, chat, message, album, kind, text, file, at, reply_to, copy_chat, copy)
SELECT t.id, t.person, 0, t.person, -o.id, '', '', substr(o.note, instr(o.note, ' ') + 1), '', o.created, 0, NULL, 0
FROM outbox o JOIN threads t ON t.person = CAST(substr(o.note, 1, instr(o.note, ' ') - 1) AS INTEGER)
WHERE o.kind = 'staff_question' AND o.status = 'waiting' ORDER BY o.id;
UPDATE outbox SET kind = 'staff_thread', note = CAST((SELECT t.id FROM threads t
    WHERE t.person = CAST(substr(outbox.note, 1, instr(outbox.note, ' ') - 1) AS INTEGER)) AS TEXT)
WHERE kind = 'staff_question' AND status = 'waiting'
    AND EXISTS (SELECT 1 FROM threads t WHERE t.person = CAST(substr(outbox.note, 1, instr(outbox.note, ' ') - 1) AS INTEGER));
