package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

// ApplyTopUp moves a top-up's order from Ordering to Delivered, stores its eSIM in a new
// epoch, in which all warnings begin anew, and the notifications. esim.ErrConflict if the order
// is not in Ordering.
func (db *DB) ApplyTopUp(ctx context.Context, top esim.AppliedTopUp) error {
	err := db.write(ctx, func(t *tx) error {
		m := esim.Move{
			Order: top.Order, From: esim.Ordering, To: esim.Delivered, Why: "the supplier applied the top-up", Notifications: top.Notifications,
		}
		if err := db.move(t, m); err != nil {
			return err
		}
		// An order at its end is not in the index of those under work.
		if _, err := t.exec(`UPDATE orders SET allocated = 1 WHERE id = ?`, top.Order); err != nil {
			return err
		}
		// Another top-up of the same eSIM may have been applied since it was read.
		stored, err := one(t, scanESIM, selectStored, top.ESIM.ID)
		if err != nil {
			return fmt.Errorf("eSIM %s: %w", top.ESIM.ID, err)
		}
		if err := t.updateESIM(combine(stored, top.ESIM)); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE esims SET epoch = epoch + 1, next_look = ?, edge = 0 WHERE tran_no = ?`, stamp(db.now()), top.ESIM.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("apply top-up %s: %w", top.Order, err)
	}
	return nil
}
