package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

// The words of the index orders_rescued.
const rescuedBefore = `SELECT ` + orderColumns + ` FROM orders INDEXED BY orders_rescued
	WHERE person = ? AND rescue = 1 AND paid_at IS NOT NULL AND (allocated = 1 OR state <> 'refunded')`

// EmergencyTopUpFacts are what a top-up on credit is decided on; esim.ErrNotFound if there is no such eSIM.
func (db *DB) EmergencyTopUpFacts(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.EmergencyTopUpFacts, error) {
	f, err := rescueFacts(db.read(ctx), customer, esimID)
	if err != nil {
		return f, fmt.Errorf("may a customer have a top-up on credit: %w", err)
	}
	return f, nil
}

func rescueFacts(q source, customer esim.CustomerID, esimID esim.ESIMID) (f esim.EmergencyTopUpFacts, err error) {
	if f.ESIM, err = one(q, scanESIM, selectESIM, esimID); err != nil {
		return f, err
	}
	f.Bought, err = one(q, scanOrder, selectOrder, f.ESIM.Order)
	if errors.Is(err, esim.ErrNotFound) {
		f.Bought, err = esim.Order{}, nil
	}
	if err != nil {
		return f, err
	}
	if f.Payments, err = list(q, scanOrderPayment, paymentsOf, f.Bought.ID); err != nil {
		return f, err
	}
	balance, err := one(q, value[int64], balanceOf, esim.AccountCredit(customer), esim.USD)
	if err != nil {
		return f, err
	}
	f.Credit = esim.USDCents(-balance)
	before, err := list(q, scanOrder, rescuedBefore, customer)
	if err != nil {
		return f, err
	}
	if len(before) > 0 {
		f.Before = before[0]
	}
	f.Back, err = one(q, value[bool], `SELECT EXISTS (SELECT 1 FROM people WHERE id = ? AND returned IS NOT NULL)`, customer)
	return f, err
}
