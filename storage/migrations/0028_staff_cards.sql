-- Where what announced something about an order stands in the staff's group: it shows where the order is, as that moves.
CREATE TABLE staff_cards (
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    order_id TEXT    NOT NULL,
    notice   INTEGER NOT NULL, -- of the outbox
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_cards_of ON staff_cards (order_id);
