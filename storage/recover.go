package storage

import (
	"context"
	"errors"
	"fmt"
	"os"

	"esimbot/esim"
)

// ErrNotEmpty is returned for a database in which there are customers, orders or payments.
var ErrNotEmpty = errors.New("the database is not empty")

// InUse reports whether another process works on the database at path; one that does not exist
// is not in use.
func InUse(ctx context.Context, path string) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	l, err := lockOf(ctx, path)
	if errors.Is(err, ErrInUse) {
		return true, nil
	} else if err != nil {
		return false, fmt.Errorf("is %s in use: %w", path, err)
	}
	return false, l.release()
}

// FillRecovered writes what esim.Recover found into an empty database: all of it, or nothing.
// ErrNotEmpty if it is not empty.
func (db *DB) FillRecovered(ctx context.Context, r esim.Recovery) error {
	err := db.write(ctx, func(t *tx) error {
		used, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM orders) OR EXISTS (SELECT 1 FROM payments)
			OR EXISTS (SELECT 1 FROM unexplained_payments) OR EXISTS (SELECT 1 FROM ledger)`)
		switch {
		case err != nil:
			return err
		case used:
			return ErrNotEmpty
		}
		for _, c := range r.Customers {
			if err := t.addRecoveredCustomer(c); err != nil {
				return err
			}
		}
		for _, o := range r.Orders {
			if err := db.addRecovered(t, o); err != nil {
				return fmt.Errorf("order %s: %w", o.Order.ID, err)
			}
		}
		for _, u := range r.Unexplained {
			if _, err := t.exec(insertUnexplained, u.ID, u.Order, u.Customer, u.Amount.Minor, u.Amount.Currency, stamp(u.At), u.Why, u.Older); err != nil {
				return err
			}
		}
		for _, e := range r.UnmatchedESIMs { // the report names them; no notice for each
			if _, err := t.exec(insertOrphan, e.ID, e.Order, stamp(r.At)); err != nil {
				return err
			}
		}
		key, position := r.Position()
		if _, err := t.exec(setSetting, key, position); err != nil {
			return err
		}
		return t.notifications(db.now(), r.Notifications())
	})
	if err != nil {
		return fmt.Errorf("write what was recovered: %w", err)
	}
	return nil
}

func (t *tx) addRecoveredCustomer(c esim.Customer) error {
	_, err := t.exec(`INSERT INTO people (id, chat, language, language_chosen, name, unreachable, created)
		VALUES (?, ?, ?, 0, ?, 0, ?) ON CONFLICT (id) DO NOTHING`, c.ID, c.Chat, c.Language, c.Name, stamp(c.Created))
	return err
}

// addRecovered writes an order with all it brings. Its customer must be known.
func (db *DB) addRecovered(t *tx, r esim.RecoveredOrder) error {
	o := r.Order
	if err := db.insertOrderRow(t, o, ""); err != nil {
		return err
	}
	for _, e := range r.Events {
		if err := t.event(o.ID, e.At, e.From, e.To, e.Why); err != nil {
			return err
		}
	}
	for _, p := range r.Payments {
		if err := db.addPayment(t, p, true); err != nil {
			return err
		}
		if p.Status != esim.PaymentRefunded {
			continue
		}
		if _, err := t.exec(`UPDATE payments SET refunded_at = ?, credited_minor = ? WHERE id = ?`, stamp(p.Refunded), p.Credited.Minor, p.ID); err != nil {
			return err
		}
	}
	for _, e := range r.ESIMs {
		if err := t.addESIM(e); err != nil {
			return err
		}
		for _, k := range esim.AlertsTold(e, db.now()) {
			if _, err := db.noteAlert(t, e, k, false); err != nil {
				return err
			}
		}
	}
	if r.ToppedUp != "" { // all its warnings begin anew, and it is looked at
		if _, err := t.exec(`UPDATE esims SET epoch = epoch + 1, next_look = ?, edge = 0 WHERE tran_no = ?`, stamp(db.now()), r.ToppedUp); err != nil {
			return err
		}
	}
	credit, err := t.creditOf(o.Customer)
	if err != nil {
		return err
	}
	if err := db.postAll(t, r.CreditFound(credit)); err != nil {
		return err
	}
	for _, b := range r.Books {
		if _, err := db.post(t, b.At, b.Transaction); err != nil {
			return err
		}
	}
	if err := db.postAll(t, r.SwapReserve(credit)); err != nil || r.Old == nil {
		return err
	}
	return db.move(t, *r.Old)
}

// AdoptRecovered stores an order that was held as unexplained payments, with the customer if they
// are unknown, closes these payments, and adds the notifications. esim.ErrConflict if the order
// exists, or if a payment of it that was kept is not open any more.
func (db *DB) AdoptRecovered(ctx context.Context, c esim.Customer, o esim.RecoveredOrder, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		for _, p := range o.Payments {
			n, err := t.exec(closeUnexplained, stamp(db.now()), p.ID)
			if err != nil {
				return err
			}
			if n == 0 && p.Status == esim.PaymentSettled && p.Amount.Currency == esim.XTR {
				return esim.ErrConflict
			}
		}
		if err := t.addRecoveredCustomer(c); err != nil {
			return err
		}
		if err := db.addRecovered(t, o); err != nil {
			return err
		}
		t.orderPaid = true
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("adopt order %s: %w", o.Order.ID, err)
	}
	return nil
}
