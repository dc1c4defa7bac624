-- A top-up that was given on credit leaves store credit below zero: once for each customer, unless it never came.
ALTER TABLE orders ADD COLUMN rescue INTEGER NOT NULL DEFAULT 0 CHECK (rescue IN (0, 1));
CREATE UNIQUE INDEX orders_rescued ON orders (person)
    WHERE rescue = 1 AND paid_at IS NOT NULL AND (allocated = 1 OR state <> 'refunded');
-- What of an order's price (US cents) pays what its customer owed. Where credit_minor is 0.
ALTER TABLE orders ADD COLUMN debt_minor INTEGER NOT NULL DEFAULT 0 CHECK (debt_minor >= 0);
