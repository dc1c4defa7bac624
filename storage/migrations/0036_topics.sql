-- A customer's own topic in the staff's chat, if that is a forum.
CREATE TABLE customer_topics (
    person INTEGER NOT NULL REFERENCES people (id),
    chat   INTEGER NOT NULL,
    topic  INTEGER NOT NULL,
    PRIMARY KEY (person, chat)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX customer_topics_at ON customer_topics (chat, topic);
CREATE INDEX threads_of ON threads (person, id);
