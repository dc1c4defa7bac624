package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

// SetESIMName gives an eSIM of a customer a name, "" takes it away. It is esim.ErrNotFound also when the eSIM is
// somebody else's.
func (db *DB) SetESIMName(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID, name string) error {
	err := db.write(ctx, func(t *tx) error {
		return mustChange(t.exec(`UPDATE esims SET name = ? WHERE tran_no = ? AND person = ?`, name, esimID, customer))
	})
	if err != nil {
		return fmt.Errorf("name eSIM %s: %w", esimID, err)
	}
	return nil
}
