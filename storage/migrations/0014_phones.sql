-- What a customer said of their phone (esim.Phone), and what they had said when they ordered: "samsung,yes,no".
ALTER TABLE people ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN phone TEXT NOT NULL DEFAULT '';
-- When an eSIM was first seen as downloaded and not installed; NULL: never.
ALTER TABLE esims ADD COLUMN fetched INTEGER;
