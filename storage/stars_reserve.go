package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

const (
	// Those due to go back, and those kept for open orders (?2) and for orders with an eSIM that nobody used (?3;
	// +: else SQLite looks at each value whether a partial index could serve, and prepares anew).
	starsAtStake = `SELECT ` + paymentColumns + ` FROM payments WHERE status = 'refund_due' AND rail = ?1
		UNION ALL SELECT ` + paymentColumns + ` FROM payments WHERE status = 'kept' AND rail = ?1 AND order_id IN (
			SELECT id FROM orders WHERE state IN (SELECT value FROM json_each(?2))
			UNION SELECT order_id FROM esims WHERE watched = 1 AND status = +?3)`
	esimsOfOrders = `SELECT ` + esimColumns + ` FROM esims WHERE order_id IN (SELECT value FROM json_each(?))`
	ordersByIDs   = `SELECT ` + orderColumns + ` FROM orders WHERE id IN (SELECT value FROM json_each(?))`
)

// StarsExposures lists the payments in Stars that may have to go back: those that are due to go back, those
// of open orders, and those of orders with an eSIM that nobody used. What cannot be read of them is left out, but an order:
// nobody knows whether its payment goes back, so it is one that waits for staff.
func (db *DB) StarsExposures(ctx context.Context) ([]esim.StarsExposure, error) {
	all, err := db.starsAtStake(ctx)
	if err != nil {
		return nil, fmt.Errorf("payments in Stars that may go back: %w", err)
	}
	return all, nil
}

func (db *DB) starsAtStake(ctx context.Context) ([]esim.StarsExposure, error) {
	payments, err := workList(ctx, db, "payment", scanOrderPayment, starsAtStake, method(esim.MethodStars), jsonList(openStates), esim.ProfileGotResource)
	if err != nil || len(payments) == 0 {
		return nil, err
	}
	orders := map[esim.OrderID]esim.StarsExposure{}
	var ids []esim.OrderID
	for _, p := range payments {
		if p.Status == esim.PaymentSettled {
			ids = append(ids, p.Order)
			orders[p.Order] = esim.StarsExposure{Order: esim.Order{ID: p.Order, State: esim.StateNeedsHuman}}
		}
	}
	in := jsonList(ids)
	found, err := workList(ctx, db, "order", scanOrder, ordersByIDs, in)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		orders[o.ID] = esim.StarsExposure{Order: o}
	}
	esims, err := workList(ctx, db, "eSIM", scanESIM, esimsOfOrders, in)
	if err != nil {
		return nil, err
	}
	for _, e := range esims {
		s := orders[e.Order]
		s.ESIMs = append(s.ESIMs, e)
		orders[e.Order] = s
	}
	all := make([]esim.StarsExposure, 0, len(payments))
	for _, p := range payments {
		s := esim.StarsExposure{}
		if p.Status == esim.PaymentSettled {
			s = orders[p.Order]
		}
		s.Payment = p
		all = append(all, s)
	}
	return all, nil
}

// StarsBooked is what the books say that the bot has in Stars.
func (db *DB) StarsBooked(ctx context.Context) (esim.Money, error) {
	sum, err := oneUnchanged(db.read(ctx), value[int64], balanceOf, esim.AccountStars, esim.XTR)
	var parts int64
	if err == nil {
		parts, err = oneUnchanged(db.read(ctx), value[int64], balanceOf, esim.AccountStars, esim.XTR9)
	}
	if err != nil {
		return esim.Money{}, fmt.Errorf("sum the Stars in the books: %w", err)
	}
	return esim.WholeStars(esim.Stars(sum), esim.Money{Minor: parts, Currency: esim.XTR9}), nil
}
