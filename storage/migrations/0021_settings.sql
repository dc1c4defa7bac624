-- Where a customer said to be (an IANA time zone; '': they did not), and when they said it.
ALTER TABLE people ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN zone_at INTEGER;
-- Alerts that they switched (esim.AlertSettings), and their quiet hours: '' by default, 'off', '22-8'.
ALTER TABLE people ADD COLUMN alerts TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN quiet TEXT NOT NULL DEFAULT '';
-- 1: it waits for the customer's quiet hours to end, and holds nothing else back.
ALTER TABLE outbox ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1));
