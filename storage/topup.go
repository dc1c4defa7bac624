package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

// ApplyTopUp applies the Transition of a top-up's order and stores its eSIM, as the vendor has it
// now, in a new epoch, in which all warnings begin anew. esim.ErrConflict if the order is
// not in From.
func (db *DB) ApplyTopUp(ctx context.Context, m esim.Transition, e esim.ESIM) error {
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
		if _, err = t.exec(`UPDATE esims SET epoch = epoch + 1, next_look = ?, edge = 0 WHERE tran_no = ?`, stamp(db.now()), e.ID); err != nil {
			return err
		}
		switch after := stored.Combine(e); { // the look that found the top-up may have found this, too
		case stored.Status.Withdrawn():
			return db.toppedUpWithdrawn(t, stored, after, m.Order)
		case after.Status.Withdrawn():
			return db.withdrawn(t, withdrawnESIM{before: stored, after: after})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("apply top-up %s: %w", m.Order, err)
	}
	return nil
}

// openTopUps: "esim <> ”" are the words of its index.
const openTopUps = `SELECT ` + orderColumns + ` FROM orders
	WHERE esim <> '' AND esim IN (SELECT tran_no FROM esims WHERE order_id = ?1) AND state IN (SELECT value FROM json_each(?2)) ORDER BY created`

// OpenTopUps lists the paid top-ups under way on the eSIMs of an order.
func (db *DB) OpenTopUps(ctx context.Context, id esim.OrderID) ([]esim.Order, error) {
	open, err := list(db.read(ctx), scanOrder, openTopUps, id, jsonList(openStates))
	if err != nil {
		return nil, fmt.Errorf("top-ups on order %s: %w", id, err)
	}
	return open, nil
}

// guard gathers the facts that may stand against a move, and lets esim judge them.
func guard(t *tx, m esim.Transition) error {
	var f esim.GuardFacts
	var err error
	if f.Order, err = one(t, scanOrder, selectOrder, m.Order); errors.Is(err, esim.ErrNotFound) {
		return esim.ErrConflict
	} else if err != nil {
		return err
	}
	if m.SwappedFor != "" {
		if f.Swap, err = one(t, scanOrder, selectOrder, m.SwappedFor); err != nil && !errors.Is(err, esim.ErrNotFound) {
			return err
		}
	}
	if f.OpenTopUps, err = list(t, scanOrder, openTopUps, m.Order, jsonList(openStates)); err != nil {
		return err
	}
	if m.Holder != 0 {
		if f.ESIMs, err = list(t, scanESIM, esimsOfOrder, m.Order); err != nil {
			return err
		}
	}
	return esim.CheckGuard(m, f)
}
