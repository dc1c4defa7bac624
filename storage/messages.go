package storage

import (
	"context"
	"database/sql"
	"fmt"

	"esimbot/esim"
)

// ProgressMessage returns where the moving message of an order is;
// esim.ErrNotFound if there is none yet.
func (db *DB) ProgressMessage(ctx context.Context, id esim.OrderID) (chat int64, message int, err error) {
	_, err = one(db.read(ctx), func(rows *sql.Rows) (struct{}, error) {
		return struct{}{}, rows.Scan(&chat, &message)
	}, `SELECT chat, message FROM order_messages WHERE order_id = ?`, id)
	if err != nil {
		return 0, 0, fmt.Errorf("progress message of order %s: %w", id, err)
	}
	return chat, message, nil
}

// SetProgressMessage notes where the moving message of an order is. The order must exist. Another
// order that the message showed has none from now on: two in one would write over each other.
func (db *DB) SetProgressMessage(ctx context.Context, id esim.OrderID, chat int64, message int) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM order_messages WHERE chat = ? AND message = ? AND order_id <> ?`, chat, message, id); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO order_messages (order_id, chat, message) VALUES (?, ?, ?)
			ON CONFLICT (order_id) DO UPDATE SET chat = excluded.chat, message = excluded.message`, id, chat, message)
		return err
	})
	if err != nil {
		return fmt.Errorf("note progress message of order %s: %w", id, err)
	}
	return nil
}

// ForgetProgressMessage forgets which message shows an order: none does.
func (db *DB) ForgetProgressMessage(ctx context.Context, id esim.OrderID) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM order_messages WHERE order_id = ?`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget the progress message of order %s: %w", id, err)
	}
	return nil
}

const showsOrder = `SELECT EXISTS (SELECT 1 FROM order_messages WHERE chat = ? AND message = ?)`

// ShowsOrder reports whether a message of a chat is the moving message of an order.
func (db *DB) ShowsOrder(ctx context.Context, chat int64, message int) (bool, error) {
	shows, err := oneUnchanged(db.read(ctx), value[bool], showsOrder, chat, message)
	if err != nil {
		return false, fmt.Errorf("look whether a message shows an order: %w", err)
	}
	return shows, nil
}

// AddQRMessage notes that a message shows the QR picture of an eSIM. The eSIM must exist.
func (db *DB) AddQRMessage(ctx context.Context, esimID esim.ESIMID, chat int64, message int) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO qr_messages (esim, chat, message) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, esimID, chat, message)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a QR message of eSIM %s: %w", esimID, err)
	}
	return nil
}

// QRMessages lists the messages of a chat that show the QR picture of an eSIM.
func (db *DB) QRMessages(ctx context.Context, esimID esim.ESIMID, chat int64) ([]int, error) {
	all, err := list(db.read(ctx), value[int], `SELECT message FROM qr_messages WHERE esim = ? AND chat = ? ORDER BY message`, esimID, chat)
	if err != nil {
		return nil, fmt.Errorf("QR messages of eSIM %s: %w", esimID, err)
	}
	return all, nil
}
