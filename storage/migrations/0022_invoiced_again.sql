-- When an invoice of the order was asked for again. Two payments that were approved with none between them
-- are two tries of one invoice, which is paid once; with one between them both may have been made.
ALTER TABLE orders ADD COLUMN invoiced_again INTEGER;
