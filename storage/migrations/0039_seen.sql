-- What a customer is called in the messenger (without the @), and when they last did something here: to the hour.
ALTER TABLE people ADD COLUMN username TEXT NOT NULL DEFAULT '' COLLATE NOCASE;
ALTER TABLE people ADD COLUMN seen INTEGER;
CREATE INDEX people_username ON people (username) WHERE username <> '';
