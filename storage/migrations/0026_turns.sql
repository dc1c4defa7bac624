-- Of a message that is due it is asked whether an earlier one of its order still waits. By person alone that was all
-- that waits for the staff, whose messages are of many orders: in a rush a thousand, for each of a thousand.
CREATE INDEX outbox_of_order ON outbox (order_id, id) WHERE status = 'waiting';
