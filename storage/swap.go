package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

// "swaps <> ”" are the words of the index.
const swapOf = `SELECT ` + orderColumns + ` FROM orders WHERE swaps <> '' AND swaps = ? AND swapped = 0 AND state = ? ORDER BY paid_at, id LIMIT 1`

// SwapOf is the order that waits for an eSIM to be given back for it, of several the first that was
// paid; false: there is none.
func (db *DB) SwapOf(ctx context.Context, esimID esim.ESIMID) (o esim.Order, found bool, err error) {
	waiting, err := list(db.read(ctx), scanOrder, swapOf, esimID, esim.StatePaid)
	if err != nil {
		return esim.Order{}, false, fmt.Errorf("swap of an eSIM: %w", err)
	}
	if len(waiting) == 0 {
		return esim.Order{}, false, nil
	}
	return waiting[0], true, nil
}

// release gives a customer back what is set aside for an order.
func (db *DB) release(t *tx, id esim.OrderID) error {
	o, err := one(t, scanOrder, selectOrder, id)
	if err != nil {
		return err
	}
	r, err := t.reserveOf(o)
	if err != nil {
		return err
	}
	return db.postAll(t, o.ReleaseTransactions(r))
}

// creditAll makes store credit of all that is due to go back of an order, and returns how much.
func (db *DB) creditAll(t *tx, id esim.OrderID) (esim.Money, error) {
	sum := esim.USDCents(0)
	o, err := one(t, scanOrder, selectOrder, id)
	if err != nil {
		return sum, err
	}
	payments, err := list(t, scanOrderPayment, paymentsOf, id)
	if err != nil {
		return sum, err
	}
	for _, p := range payments {
		credited := o.AsCredit(p.Payment)
		if p.Surplus || p.Status != esim.PaymentRefundDue || credited.Minor == 0 && p.Amount.Minor > 0 {
			continue
		}
		if err := db.returned(t, p, db.now(), credited); err != nil {
			return sum, err
		}
		sum.Minor += credited.Minor
	}
	return sum, nil
}

// endSwap does what esim.DecideSwap says now that a cancellation has ended which was for a swap.
func (db *DB) endSwap(t *tx, m esim.Transition, credited esim.Money) error {
	f := esim.SwapFacts{ID: m.EndsSwap, Back: m.PaysSwap, Worth: credited}
	var err error
	if f.Old, err = one(t, scanOrder, selectOrder, m.Order); err != nil {
		return err
	}
	switch f.Order, err = one(t, scanOrder, selectOrder, m.EndsSwap); {
	case errors.Is(err, esim.ErrNotFound):
	case err != nil:
		return err
	default:
		if f.Reserve, err = t.reserveOf(f.Order); err != nil {
			return err
		}
	}
	end, err := esim.DecideSwap(f, db.now())
	if err != nil {
		return err
	}
	if end.Move != nil {
		if err := db.move(t, *end.Move); err != nil {
			return err
		}
	}
	for _, p := range end.Payments {
		if err := db.addPayment(t, p, true); err != nil {
			return err
		}
	}
	if err := db.postAll(t, end.Transactions); err != nil {
		return err
	}
	return t.notifications(db.now(), end.Notifications)
}

// SetSwapSearch notes that a customer looks for a plan to swap an eSIM for; "": they do not.
func (db *DB) SetSwapSearch(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID, at time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO swap_searches (person, esim, at) VALUES (?1, ?2, ?3)
			ON CONFLICT (person) DO UPDATE SET esim = ?2, at = ?3`, customer, esimID, stamp(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("note a search for a swap: %w", err)
	}
	return nil
}

// SwapSearch is the eSIM that a customer has been looking to swap since a time; "": none.
func (db *DB) SwapSearch(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.ESIMID, error) {
	found, err := list(db.read(ctx), value[string], `SELECT esim FROM swap_searches WHERE person = ? AND at >= ?`, customer, stamp(since))
	if err != nil {
		return "", fmt.Errorf("search for a swap: %w", err)
	}
	if len(found) == 0 {
		return "", nil
	}
	return esim.ESIMID(found[0]), nil
}
