-- An order that is paid in part with store credit has a payment for each part: one by each method at the most.
DROP INDEX payments_one_per_order;
CREATE UNIQUE INDEX payments_one_per_order ON payments (order_id, rail) WHERE extra = 0;
