package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

const (
	starsDue       = `SELECT ` + paymentColumns + ` FROM payments WHERE status = 'refund_due' AND rail = ?`
	starsOfOrders  = `SELECT ` + paymentColumns + ` FROM payments WHERE order_id IN (SELECT value FROM json_each(?)) AND status = 'kept' AND rail = ?`
	openOrderIDs   = `SELECT id FROM orders WHERE state IN (SELECT value FROM json_each(?))`
	unusedOrderIDs = `SELECT DISTINCT order_id FROM esims WHERE watched = 1 AND status = +?` // +: else SQLite looks at each value whether a partial index could serve, and prepares anew
	esimsOfOrders  = `SELECT ` + esimColumns + ` FROM esims WHERE order_id IN (SELECT value FROM json_each(?))`
	ordersByIDs    = `SELECT ` + orderColumns + ` FROM orders WHERE id IN (SELECT value FROM json_each(?))`
)

// StarsAtStake lists the payments in Stars that can be owed: those that are due to go back, those
// of open orders, and those of orders with an eSIM that nobody used.
func (db *DB) StarsAtStake(ctx context.Context) ([]esim.StarsAtStake, error) {
	all, err := db.starsAtStake(db.read(ctx))
	if err != nil {
		return nil, fmt.Errorf("payments in Stars that may go back: %w", err)
	}
	return all, nil
}

func (db *DB) starsAtStake(src source) ([]esim.StarsAtStake, error) {
	var all []esim.StarsAtStake
	due, err := list(src, scanOrderPayment, starsDue, method(esim.MethodStars))
	if err != nil {
		return nil, err
	}
	for _, p := range due {
		all = append(all, esim.StarsAtStake{Payment: p})
	}
	ids, err := list(src, value[string], openOrderIDs, jsonList(openStates))
	if err != nil {
		return nil, err
	}
	unused, err := list(src, value[string], unusedOrderIDs, esim.ProfileGotResource)
	if err != nil {
		return nil, err
	}
	in := jsonList(append(ids, unused...))
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
	kept, err := list(src, scanOrderPayment, starsOfOrders, in, method(esim.MethodStars))
	if err != nil {
		return nil, err
	}
	for _, p := range kept {
		s := orders[p.Order]
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
