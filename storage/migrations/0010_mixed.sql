-- An order can be paid in part with store credit: how much of its retail price (US cents), beside what is
-- asked for in price. Until it is paid the part may be set aside: account 'reserved' of the ledger.
ALTER TABLE orders ADD COLUMN credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (credit_minor >= 0);
