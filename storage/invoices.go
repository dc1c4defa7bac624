package storage

import (
	"context"
	"database/sql"
	"fmt"

	"esimbot/esim"
)

// AddInvoiceMessage notes where the invoice of an order stands. The order must exist.
func (db *DB) AddInvoiceMessage(ctx context.Context, m esim.InvoiceMessage) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO invoice_messages (chat, message, order_id, card) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			m.Chat, m.Message, m.Order, m.Card)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the invoice of order %s: %w", m.Order, err)
	}
	return nil
}

const (
	invoicesOfOrder = `SELECT order_id, chat, message, card FROM invoice_messages WHERE order_id = ?`
	invoiceAt       = `SELECT order_id, chat, message, card FROM invoice_messages WHERE chat = ? AND message = ?`
)

// InvoicesOf lists where the invoices of an order stand.
func (db *DB) InvoicesOf(ctx context.Context, id esim.OrderID) ([]esim.InvoiceMessage, error) {
	all, err := list(db.read(ctx), scanInvoice, invoicesOfOrder, id)
	if err != nil {
		return nil, fmt.Errorf("invoices of order %s: %w", id, err)
	}
	return all, nil
}

// InvoiceAt returns the invoice that a message of a chat is; esim.ErrNotFound if it is none.
func (db *DB) InvoiceAt(ctx context.Context, chat int64, message int) (esim.InvoiceMessage, error) {
	m, err := one(db.read(ctx), scanInvoice, invoiceAt, chat, message)
	if err != nil {
		return esim.InvoiceMessage{}, fmt.Errorf("invoice of a message: %w", err)
	}
	return m, nil
}

func scanInvoice(rows *sql.Rows) (esim.InvoiceMessage, error) {
	var m esim.InvoiceMessage
	err := rows.Scan(&m.Order, &m.Chat, &m.Message, &m.Card)
	return m, err
}

const unpaidInvoices = `SELECT m.order_id, m.chat, m.message, m.card FROM invoice_messages m JOIN orders o ON o.id = m.order_id
	WHERE m.chat = ? AND o.state IN (SELECT value FROM json_each(?)) ORDER BY m.message`

// UnpaidInvoices lists the invoices in a chat whose orders are not paid, oldest first.
func (db *DB) UnpaidInvoices(ctx context.Context, chat int64) ([]esim.InvoiceMessage, error) {
	all, err := list(db.read(ctx), scanInvoice, unpaidInvoices, chat, payableStates)
	if err != nil {
		return nil, fmt.Errorf("unpaid invoices of a chat: %w", err)
	}
	return all, nil
}

const expiredInvoices = `SELECT m.order_id, m.chat, m.message, m.card FROM invoice_messages m CROSS JOIN orders o ON o.id = m.order_id
	WHERE o.state = 'expired' LIMIT +?`

// ExpiredInvoices lists invoices that still stand in their chats though nobody can pay them any more.
func (db *DB) ExpiredInvoices(ctx context.Context, limit int) ([]esim.InvoiceMessage, error) {
	all, err := workListOf(ctx, db, "invoice of order", scanInvoice, limit, expiredInvoices)
	if err != nil {
		return nil, fmt.Errorf("invoices that expired: %w", err)
	}
	return all, nil
}

// ForgetInvoice removes an invoice that is not in its chat any more.
func (db *DB) ForgetInvoice(ctx context.Context, m esim.InvoiceMessage) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM invoice_messages WHERE chat = ? AND message = ?`, m.Chat, m.Message)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget an invoice: %w", err)
	}
	return nil
}
