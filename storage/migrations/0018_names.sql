-- What a customer calls an eSIM; '': nothing.
ALTER TABLE esims ADD COLUMN name TEXT NOT NULL DEFAULT '';
