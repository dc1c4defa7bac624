-- A press on the message that shows an order opens a new one: the receipt stays as it is.
CREATE INDEX messages_of_orders ON order_messages (chat, message);
-- When a customer travels, told by them: it says when they are reminded to install.
ALTER TABLE esims ADD COLUMN trip INTEGER; -- the day's begin in UTC
ALTER TABLE esims ADD COLUMN trip_days INTEGER NOT NULL DEFAULT 0; -- how long; 0: not told
CREATE INDEX esims_travelling ON esims (trip) WHERE watched = 1 AND activated IS NULL AND trip IS NOT NULL;
CREATE INDEX esims_idle ON esims (created) WHERE watched = 1 AND activated IS NULL AND trip IS NULL;
-- What a customer was asked and answers by typing; a restart does not forget it.
CREATE TABLE questions (
    person INTEGER PRIMARY KEY REFERENCES people (id),
    kind   TEXT    NOT NULL,
    about  TEXT    NOT NULL, -- what the answer is for
    asked  INTEGER NOT NULL
) STRICT;
