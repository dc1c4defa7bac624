package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

// SetPhone notes what a customer says of their phone; esim.ErrNotFound if the customer is unknown.
func (db *DB) SetPhone(ctx context.Context, id esim.CustomerID, p esim.Phone) error {
	err := db.write(ctx, func(t *tx) error {
		return mustChange(t.exec(`UPDATE people SET phone = ? WHERE id = ?`, p.String(), id))
	})
	if err != nil {
		return fmt.Errorf("set phone: %w", err)
	}
	return nil
}

// SetOrderPhone notes which phone gets the eSIMs of a customer's order. It is esim.ErrNotFound also
// when the order is somebody else's.
func (db *DB) SetOrderPhone(ctx context.Context, customer esim.CustomerID, id esim.OrderID, p esim.Phone) error {
	err := db.write(ctx, func(t *tx) error {
		return mustChange(t.exec(`UPDATE orders SET phone = ? WHERE id = ? AND person = ?`, p.String(), id, customer))
	})
	if err != nil {
		return fmt.Errorf("set phone of order %s: %w", id, err)
	}
	return nil
}

// phone reads and writes an esim.Phone in its column.
type phone esim.Phone

// Scan reads the column.
func (p *phone) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a phone that is %T", v)
	}
	*p = phone(esim.ParsePhone(text))
	return nil
}
