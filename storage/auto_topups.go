package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	autoColumns = `esim, person, plan, level, agreed_minor, consent, set_at, state, epoch, used, next_at, order_id`
	autoOf      = `SELECT ` + autoColumns + ` FROM auto_topups WHERE esim = ?`
	// A widest bound: esim.DecideAutoTopUp says which of them have a step.
	firstAuto = `SELECT min(next_at) FROM auto_topups`
	autoDue   = `SELECT ` + autoColumns + ` FROM auto_topups a WHERE next_at <= ?1 AND NOT EXISTS (SELECT 1 FROM esims e WHERE e.tran_no = a.esim
		AND e.person = a.person AND e.returned = 0 AND e.watched = 1 AND e.epoch = a.epoch
		AND (a.state IN ('dearer', 'done') OR a.state IN ('', 'short') AND e.status <> 'USED_UP' AND e.used < e.total - e.total / 5))`
)

func scanAuto(rows *sql.Rows) (esim.AutoTopUp, error) {
	a := esim.AutoTopUp{Agreed: esim.USDCents(0)}
	var plan string
	err := rows.Scan(&a.ESIM, &a.Customer, &plan, &a.Level, &a.Agreed.Minor, &a.Consent, (*stamp)(&a.Set), &a.State, &a.Epoch, &a.Used, (*stamp)(&a.NextAt), &a.Order)
	if err != nil {
		return a, err
	}
	a.Plan, err = parsePlan(plan)
	return a, err
}

// AutoTopUp is the automatic top-up of an eSIM that a customer switched on; esim.ErrNotFound if there is none.
func (db *DB) AutoTopUp(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.AutoTopUp, error) {
	a, err := one(db.read(ctx), scanAuto, autoOf+` AND person = ?`, esimID, customer)
	if err != nil {
		return esim.AutoTopUp{}, fmt.Errorf("automatic top-up of eSIM %s: %w", esimID, err)
	}
	return a, nil
}

// SetAutoTopUp switches an automatic top-up on, in the place of what was there. esim.ErrNotFound if the customer does not
// hold the eSIM.
func (db *DB) SetAutoTopUp(ctx context.Context, a esim.AutoTopUp) error {
	err := db.write(ctx, func(t *tx) error {
		if held, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM esims WHERE tran_no = ? AND person = ?)`, a.ESIM, a.Customer); err != nil {
			return err
		} else if !held {
			return esim.ErrNotFound
		}
		return t.putAuto(a)
	})
	if err != nil {
		return fmt.Errorf("switch an automatic top-up on: %w", err)
	}
	return nil
}

func (t *tx) putAuto(a esim.AutoTopUp) error {
	plan, err := planText(a.Plan)
	if err != nil {
		return err
	}
	next := a.NextAt.UnixMilli()
	if a.NextAt.IsZero() {
		next = 0
	}
	_, err = t.exec(`INSERT INTO auto_topups (`+autoColumns+`) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (esim) DO UPDATE SET
		person = ?2, plan = ?3, level = ?4, agreed_minor = ?5, consent = ?6, set_at = ?7, state = ?8, epoch = ?9, used = ?10, next_at = ?11, order_id = ?12`,
		a.ESIM, a.Customer, plan, a.Level, a.Agreed.Minor, a.Consent, stamp(a.Set), a.State, a.Epoch, a.Used, next, a.Order)
	return err
}

// StopAutoTopUp switches one off; esim.ErrNotFound if there is none, esim.ErrConflict if it is being bought.
func (db *DB) StopAutoTopUp(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) error {
	err := db.write(ctx, func(t *tx) error {
		a, err := one(t, scanAuto, autoOf+` AND person = ?`, esimID, customer)
		if err != nil {
			return err
		}
		if a.State == esim.AutoTopUpBuying {
			return esim.ErrConflict
		}
		_, err = t.exec(`DELETE FROM auto_topups WHERE esim = ?`, esimID)
		return err
	})
	if err != nil {
		return fmt.Errorf("switch an automatic top-up off: %w", err)
	}
	return nil
}

// AutoTopUpsDue are the automatic top-ups for which there may be something to do, with all there is to decide on.
func (db *DB) AutoTopUpsDue(ctx context.Context, now time.Time) ([]esim.AutoTopUpFacts, error) {
	q := db.read(ctx)
	if none, err := db.noneBefore(ctx, now, firstAuto); none || err != nil {
		return nil, wrapped("automatic top-ups", err)
	}
	due, err := workList(ctx, db, "automatic top-up", scanAuto, autoDue, now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("automatic top-ups: %w", err)
	}
	facts := make([]esim.AutoTopUpFacts, 0, len(due))
	for _, a := range due {
		var f esim.AutoTopUpFacts
		err := isolated(func() (err error) {
			f, err = autoFacts(q, a)
			return err
		})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil { // its eSIM, or the order of that
			db.unreadable(ctx, "automatic top-up", []badRow{{string(a.ESIM), err}})
			continue
		}
		facts = append(facts, f)
	}
	return facts, nil
}

func autoFacts(q source, a esim.AutoTopUp) (f esim.AutoTopUpFacts, err error) {
	f.Auto = a
	f.ESIM, err = one(q, scanESIM, selectESIM, a.ESIM)
	if errors.Is(err, esim.ErrNotFound) {
		f.ESIM = esim.ESIM{}
		return f, nil
	}
	if err != nil {
		return f, err
	}
	if f.Bought, err = one(q, scanOrder, selectOrder, f.ESIM.Order); errors.Is(err, esim.ErrNotFound) {
		f.Bought, err = esim.Order{}, nil
	}
	if err != nil {
		return f, err
	}
	if f.Blocked, err = one(q, value[bool], `SELECT EXISTS (SELECT 1 FROM people WHERE id = ? AND blocked = 1)`, a.Customer); err != nil {
		return f, err
	}
	balance, err := one(q, value[int64], balanceOf, esim.AccountCredit(a.Customer), esim.USD)
	if err != nil {
		return f, err
	}
	f.Credit = esim.USDCents(-balance)
	f.Open, err = one(q, value[bool], topUpOpen, a.ESIM, jsonList(openStates))
	return f, err
}

// The words of its index: see openTopUps.
const topUpOpen = `SELECT EXISTS (SELECT 1 FROM orders WHERE esim <> '' AND esim = ?1 AND state IN (SELECT value FROM json_each(?2)))`

// MoveAutoTopUp puts to in the place of from, or nothing where to is the zero value, with the notifications;
// esim.ErrConflict if it is not as from is any more, or is to be bought and AutoTopUpFacts.MayBuy does not hold.
func (db *DB) MoveAutoTopUp(ctx context.Context, from, to esim.AutoTopUp, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		now, err := one(t, scanAuto, autoOf, from.ESIM)
		switch {
		case errors.Is(err, esim.ErrNotFound):
			return esim.ErrConflict
		case err != nil:
			return err
		case now.Customer != from.Customer || now.State != from.State || now.Epoch != from.Epoch || !now.Set.Equal(from.Set) || now.Agreed != from.Agreed:
			return esim.ErrConflict
		}
		if to.State == esim.AutoTopUpBuying {
			if f, err := autoFacts(t, to); err != nil {
				return err
			} else if !f.MayBuy() {
				return esim.ErrConflict
			}
		}
		if to.ESIM == "" {
			_, err = t.exec(`DELETE FROM auto_topups WHERE esim = ?`, from.ESIM)
		} else {
			err = t.putAuto(to)
		}
		if err != nil {
			return err
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("automatic top-up of eSIM %s: %w", from.ESIM, err)
	}
	return nil
}

// OrderOfPress is the order that was made for a press of a customer; esim.ErrNotFound if there is none.
func (db *DB) OrderOfPress(ctx context.Context, customer esim.CustomerID, press string) (esim.Order, error) {
	o, err := one(db.read(ctx), scanOrder, orderOfPress, customer, press)
	if err != nil {
		return esim.Order{}, fmt.Errorf("order of a press: %w", err)
	}
	return o, nil
}
