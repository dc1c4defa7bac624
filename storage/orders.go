package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"esimbot/esim"
)

const orderColumns = `id, person, kind, plan, quantity, days, tx_id, vendor_order, wholesale_minor, wholesale_currency,
	retail_minor, retail_currency, price_minor, price_currency, rail, state, reason, attempts, unsure, unsure_at,
	next_at, staff_told, created, changed, paid_at, allocated, esim, giving_back, returned, missing, credit_minor, phone,
	swaps, swap_worth_minor, swapped, swapped_for, promo, discount_minor, consent, consented, debt_minor, rescue, amount_back, gift`

const selectOrder = `SELECT ` + orderColumns + ` FROM orders WHERE id = ?`

func scanOrder(rows *sql.Rows) (esim.Order, error) { return scanOrderAnd(rows) }

// scanOrderAnd scans an order and the columns behind it.
func scanOrderAnd(rows *sql.Rows, more ...any) (esim.Order, error) {
	var o esim.Order
	var plan string
	var debt int64
	err := rows.Scan(append([]any{
		&o.ID, &o.Customer, &o.Kind, &plan, &o.Quantity, &o.Days, &o.IdempotencyKey, &o.VendorOrder,
		&o.Wholesale.Minor, &o.Wholesale.Currency, &o.Retail.Minor, &o.Retail.Currency, &o.Price.Minor, &o.Price.Currency,
		(*method)(&o.Method), &o.State, &o.Reason, &o.Attempts, &o.OutcomeUnknown, (*stamp)(&o.OutcomeUnknownAt), (*stamp)(&o.NextAt), &o.StaffTold,
		(*stamp)(&o.Created), (*stamp)(&o.Changed), (*stamp)(&o.PaidAt), &o.Allocated, &o.ESIM,
		&o.CancellingESIM, &o.Returned, &o.Missing, &o.Credit.Minor, (*phone)(&o.Phone),
		&o.Replaces, &o.SwapWorth.Minor, &o.SwapDone, &o.SwappedFor, &o.Promo, &o.Discount.Minor, &o.Consent, (*stamp)(&o.Consented), &debt, &o.EmergencyTopUp, &o.AmountBack.Minor, &o.Gift,
	}, more...)...)
	if err != nil {
		return esim.Order{}, err
	}
	o.Credit.Minor -= debt
	if o.Credit.Minor != 0 {
		o.Credit.Currency = esim.USD
	}
	if o.AmountBack.Minor != 0 {
		o.AmountBack.Currency = esim.USD
	}
	if o.Replaces != "" {
		o.SwapWorth.Currency = esim.USD
	}
	if o.Promo != "" {
		o.Discount.Currency = esim.USD
	}
	o.Plan, err = parsePlan(plan)
	return o, err
}

const (
	orderOfPress   = `SELECT ` + orderColumns + ` FROM orders WHERE person = ? AND press = ? AND press <> ''`
	unpaidOfPerson = `SELECT ` + orderColumns + ` FROM orders WHERE person = ? AND state = 'awaiting_payment' AND next_at > ? ORDER BY created, id`
)

// AddOrder stores a new order, its first event and the notifications; esim.ErrConflict if
// its id exists. An order that the same press made before is returned instead, and so is
// one that is the same purchase and waits for its money (esim.SamePurchase), with as much
// time as a new one has. Of too many unpaid ones the oldest expire. The customer must be known.
func (db *DB) AddOrder(ctx context.Context, o esim.Order, press string, notifications []esim.Notification) (esim.Order, error) {
	made := o
	err := db.write(ctx, func(t *tx) error {
		if before, err := list(t, scanOrder, orderOfPress, o.Customer, press); err != nil {
			return err
		} else if len(before) > 0 {
			made = before[0]
			_, err := t.exec(`UPDATE orders SET invoiced_again = ? WHERE id = ?`, stamp(db.now()), made.ID)
			return err
		}
		unpaid, err := list(t, scanOrder, unpaidOfPerson, o.Customer, stamp(db.now()))
		if err != nil {
			return err
		}
		if same, found := esim.SamePurchase(unpaid, o); found {
			made = same
			made.NextAt, made.Phone = o.NextAt, o.Phone // what was last said of the phone counts
			made.Consent, made.Consented = o.Consent, o.Consented
			_, err := t.exec(`UPDATE orders SET next_at = ?, phone = ?, consent = ?, consented = ?, invoiced_again = ? WHERE id = ?`,
				stamp(db.orNow(o.NextAt)), o.Phone.String(), o.Consent, stamp(o.Consented), stamp(db.now()), same.ID)
			return err
		}
		for _, old := range esim.TooManyUnpaid(unpaid) {
			if err := db.expire(t, old); err != nil {
				return err
			}
		}
		if o.Promo != "" {
			f, err := t.promoFacts(o.Promo, o.Customer, o.ID, db.now())
			if err != nil {
				return err
			}
			if err := esim.PromoForOrder(o, f, db.now()); err != nil {
				return err
			}
		}
		credit, err := t.creditFor(o)
		if err != nil {
			return err
		}
		reserved, err := esim.ReserveFor(o, credit)
		if err != nil {
			return err
		}
		if err := db.insertOrder(t, o, press, notifications); err != nil {
			return err
		}
		return db.postAll(t, reserved)
	})
	if err != nil {
		return esim.Order{}, fmt.Errorf("add order %s: %w", o.ID, err)
	}
	return made, nil
}

// UnpaidOrdersOf lists a customer's orders that wait for payment in time, oldest first.
func (db *DB) UnpaidOrdersOf(ctx context.Context, customer esim.CustomerID) ([]esim.Order, error) {
	unpaid, err := list(db.read(ctx), scanOrder, unpaidOfPerson, customer, stamp(db.now()))
	if err != nil {
		return nil, fmt.Errorf("unpaid orders of customer %d: %w", customer, err)
	}
	return unpaid, nil
}

// expire moves an order that was not paid in time.
func (db *DB) expire(t *tx, o esim.Order) error {
	r, err := t.reserveOf(o)
	if err != nil {
		return err
	}
	return db.move(t, esim.Expiry(o, r, db.now()))
}

func (db *DB) insertOrderRow(t *tx, o esim.Order, press string) error {
	plan, err := planText(o.Plan)
	if err != nil {
		return err
	}
	n, err := t.exec(`INSERT INTO orders (`+orderColumns+`, press)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		o.ID, o.Customer, o.Kind, plan, o.Quantity, o.Days, o.IdempotencyKey, o.VendorOrder,
		o.Wholesale.Minor, o.Wholesale.Currency, o.Retail.Minor, o.Retail.Currency, o.Price.Minor, o.Price.Currency,
		method(o.Method), o.State, o.Reason, o.Attempts, o.OutcomeUnknown, stamp(o.OutcomeUnknownAt), stamp(db.orNow(o.NextAt)), o.StaffTold,
		stamp(db.orNow(o.Created)), stamp(db.orNow(o.Changed)), stamp(o.PaidAt), o.Allocated, o.ESIM,
		o.CancellingESIM, o.Returned, o.Missing, max(0, o.Credit.Minor), o.Phone.String(),
		o.Replaces, o.SwapWorth.Minor, o.SwapDone, o.SwappedFor, o.Promo, o.Discount.Minor, o.Consent, stamp(o.Consented),
		esim.Owed(o.Credit).Minor, o.EmergencyTopUp, o.AmountBack.Minor, o.Gift, press)
	if err != nil {
		return err
	}
	if n == 0 {
		return esim.ErrConflict
	}
	return nil
}

func (db *DB) insertOrder(t *tx, o esim.Order, press string, notifications []esim.Notification) error {
	if err := db.insertOrderRow(t, o, press); err != nil {
		return err
	}
	if err := t.event(o.ID, db.orNow(o.Created), "", o.State, "created"); err != nil {
		return err
	}
	return t.notifications(db.now(), notifications)
}

// Order returns an order, or esim.ErrNotFound.
func (db *DB) Order(ctx context.Context, id esim.OrderID) (esim.Order, error) {
	o, err := one(db.read(ctx), scanOrder, selectOrder, id)
	if err != nil {
		return esim.Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	return o, nil
}

// OrderOf returns an order of a customer. It is esim.ErrNotFound also when the order
// is somebody else's.
func (db *DB) OrderOf(ctx context.Context, customer esim.CustomerID, id esim.OrderID) (esim.Order, error) {
	o, err := one(db.read(ctx), scanOrder, selectOrder+` AND person = ?`, id, customer)
	if err != nil {
		return esim.Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	return o, nil
}

const ordersOfCustomer = `SELECT ` + orderColumns + ` FROM orders WHERE person = ? ORDER BY created DESC LIMIT +?`

// OrdersOf lists the orders of a customer, newest first, unpaid ones too.
func (db *DB) OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error) {
	all, err := list(db.read(ctx), scanOrder, ordersOfCustomer, customer, limit)
	if err != nil {
		return nil, fmt.Errorf("orders of a customer: %w", err)
	}
	return all, nil
}

const (
	ordersByAge = `SELECT ` + orderColumns + ` FROM orders ORDER BY created DESC LIMIT +?`
	// Each state is read from the end of an index.
	ordersInStates = `SELECT ` + orderColumns + ` FROM (SELECT value AS among FROM json_each(?1)) CROSS JOIN orders
		ON orders.id IN (SELECT id FROM orders WHERE state = among ORDER BY created DESC LIMIT +?2)`
)

// RecentOrders lists orders of everybody in the given states (all if none is
// given), newest first.
func (db *DB) RecentOrders(ctx context.Context, states []esim.State, limit int) ([]esim.Order, error) {
	if len(states) == 0 {
		all, err := workListOf(ctx, db, "order", scanOrder, limit, ordersByAge)
		if err != nil {
			return nil, fmt.Errorf("recent orders: %w", err)
		}
		return all, nil
	}
	var all []esim.Order
	for most := limit; ; { // of each state; those that cannot be read do not count
		readable, bad, err := readable(db.read(ctx), scanOrder, ordersInStates, jsonList(states), most)
		if err != nil {
			return nil, fmt.Errorf("recent orders: %w", err)
		}
		if all = readable; limit+len(bad) <= most {
			db.unreadable(ctx, "order", bad)
			break
		}
		most = limit + len(bad)
	}
	slices.SortStableFunc(all, func(a, b esim.Order) int { return b.Created.Compare(a.Created) })
	return all[:min(limit, len(all))], nil
}

const eventsOfOrder = `SELECT at, was, became, why FROM order_events WHERE order_id = ? ORDER BY id`

// OrderEvents lists what happened to an order, oldest first.
func (db *DB) OrderEvents(ctx context.Context, id esim.OrderID) ([]esim.OrderEvent, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.OrderEvent, error) {
		var e esim.OrderEvent
		err := rows.Scan((*stamp)(&e.At), &e.From, &e.To, &e.Why)
		return e, err
	}, eventsOfOrder, id)
	if err != nil {
		return nil, fmt.Errorf("events of order %s: %w", id, err)
	}
	return all, nil
}

// event notes a change of state in the transaction that makes it.
func (t *tx) event(id esim.OrderID, at time.Time, was, became esim.State, why string) error {
	_, err := t.exec(`INSERT INTO order_events (order_id, at, was, became, why) VALUES (?, ?, ?, ?, ?)`,
		id, stamp(at), was, became, why)
	return err
}
