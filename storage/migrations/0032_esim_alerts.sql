-- Which alerts the holder of an eSIM wants of it alone: "own", and the kinds that are other than the default; '': as for all.
ALTER TABLE esims ADD COLUMN alerts TEXT NOT NULL DEFAULT '';
