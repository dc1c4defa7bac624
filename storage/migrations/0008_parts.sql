-- Each eSIM of an order stands for itself: which one is being cancelled alone ('': all of them), and
-- how many of them went back as store credit: given back alone, or never come.
ALTER TABLE orders ADD COLUMN giving_back TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE esims ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1));
