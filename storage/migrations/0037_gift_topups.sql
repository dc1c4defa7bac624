-- A top-up that staff gave: it cost its customer nothing.
ALTER TABLE orders ADD COLUMN gift INTEGER NOT NULL DEFAULT 0 CHECK (gift IN (0, 1));
