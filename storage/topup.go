package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

// ApplyTopUp applies the Move of a top-up's order and stores its eSIM, as the vendor has it
// now, in a new epoch, in which all warnings begin anew. esim.ErrConflict if the order is
// not in From.
func (db *DB) ApplyTopUp(ctx context.Context, m esim.Move, e esim.ESIM) error {
	err := db.write(ctx, func(t *tx) error {
		if err := db.move(t, m); err != nil {
			return err
		}
		// An order at its end is not in the index of those under work.
		if _, err := t.exec(`UPDATE orders SET allocated = 1 WHERE id = ?`, m.Order); err != nil {
			return err
		}
		// Another top-up of the same eSIM may have been applied since it was read.
		stored, err := one(t, scanESIM, selectStored, e.ID)
		if err != nil {
			return fmt.Errorf("eSIM %s: %w", e.ID, err)
		}
		if err := t.updateESIM(stored.Combine(e)); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE esims SET epoch = epoch + 1, next_look = ?, edge = 0 WHERE tran_no = ?`, stamp(db.now()), e.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("apply top-up %s: %w", m.Order, err)
	}
	return nil
}
