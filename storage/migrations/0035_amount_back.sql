-- What staff gave back of an order as store credit (US cents), beside the eSIMs that were given back alone.
ALTER TABLE orders ADD COLUMN amount_back INTEGER NOT NULL DEFAULT 0 CHECK (amount_back >= 0);
