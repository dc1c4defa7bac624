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

// SetProgressMessage notes where the moving message of an order is. The order must exist.
func (db *DB) SetProgressMessage(ctx context.Context, id esim.OrderID, chat int64, message int) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO order_messages (order_id, chat, message) VALUES (?, ?, ?)
			ON CONFLICT (order_id) DO UPDATE SET chat = excluded.chat, message = excluded.message`, id, chat, message)
		return err
	})
	if err != nil {
		return fmt.Errorf("note progress message of order %s: %w", id, err)
	}
	return nil
}
