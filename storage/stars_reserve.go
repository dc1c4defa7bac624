package storage

import (
	"context"
	"errors"
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

// StarsAtStake lists the payments in Stars that may have to go back: those that are due to go back, those
// of open orders, and those of orders with an eSIM that nobody used.
func (db *DB) StarsAtStake(ctx context.Context) ([]esim.StarsAtStake, error) {
	all, err := db.starsAtStake(db.read(ctx))
	if err != nil {
		return nil, fmt.Errorf("payments in Stars that may go back: %w", err)
	}
	return all, nil
}

func (db *DB) starsAtStake(src source) ([]esim.StarsAtStake, error) {
	payments, err := list(src, scanOrderPayment, starsAtStake, method(esim.MethodStars), jsonList(openStates), esim.ProfileGotResource)
	if err != nil || len(payments) == 0 {
		return nil, err
	}
	var ids []esim.OrderID
	for _, p := range payments {
		if p.Status == esim.PaymentSettled {
			ids = append(ids, p.Order)
		}
	}
	in := jsonList(ids)
	orders := map[esim.OrderID]esim.StarsAtStake{}
	found, err := list(src, scanOrder, ordersByIDs, in)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		orders[o.ID] = esim.StarsAtStake{Order: o}
	}
	esims, err := list(src, scanESIM, esimsOfOrders, in)
	if err != nil {
		return nil, err
	}
	for _, e := range esims {
		s := orders[e.Order]
		s.ESIMs = append(s.ESIMs, e)
		orders[e.Order] = s
	}
	all := make([]esim.StarsAtStake, 0, len(payments))
	for _, p := range payments {
		s := esim.StarsAtStake{}
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
	sum, err := one(db.read(ctx), value[int64], balanceOf, esim.AccountStars, esim.XTR)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return esim.Money{}, fmt.Errorf("sum the Stars in the books: %w", err)
	}
	return esim.Stars(sum), nil
}
