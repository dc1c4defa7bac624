-- Where the invoices of orders stand, so that one that is left goes away.
CREATE TABLE invoice_messages (
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    order_id TEXT    NOT NULL REFERENCES orders (id),
    card     INTEGER NOT NULL, -- the message whose button asked for it; 0: none
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX invoices_of_order ON invoice_messages (order_id);
