package esim

import (
	"context"
	"fmt"
)

// A customer may owe the shop something: their store credit stands below zero. Nobody gets there but by TopUps.BeginEmergency, or
// because a payment goes back that had paid such a debt. Whatever store credit comes pays it by itself, since it is one
// account. Money from outside pays it with the next order: Order.Price asks for it too, and Order.Credit, below zero, says
// how much of it that is. So the part of the price that paid a debt is a payment of its own, like a part from store
// credit: where the order goes back it does too, and the debt stands again.

// Owed is what a customer with some store credit owes (USD); zero: nothing.
func Owed(credit Money) Money { return USDCents(max(0, -credit.Minor)) }

// paysWhatIsOwed reports whether the price of an order has in it what its customer owes now: ErrPriceChanged, and of a swap,
// which first makes store credit of an eSIM, ErrInDebt.
func (c *Checkout) paysWhatIsOwed(ctx context.Context, customer CustomerID, method PaymentMethod, o Order) error {
	spec, err := method.Spec()
	if err != nil || spec.RefundRoute == RefundNothing {
		return err
	}
	credit, err := c.Store.Credit(ctx, customer)
	if err != nil {
		return fmt.Errorf("store credit: %w", err)
	}
	owed := Owed(credit)
	switch {
	case owed.Minor > 0 && o.Replaces != "":
		return fmt.Errorf("a swap by somebody who owes %s: %w", owed, ErrInDebt)
	case spec.FromCredit: // of which there is none then, and the books say so
		return nil
	case Owed(o.Credit) != owed:
		return fmt.Errorf("plan %s: %s owed, and %s in the price: %w", o.Plan.Code, owed, Owed(o.Credit), ErrPriceChanged)
	}
	return nil
}

// quotesWithDebt are the quotes in which each method takes what the customer owes, too, in the order of the buttons.
func (c *Checkout) quotesWithDebt(credit Money, price func(PaymentMethod) (Quote, error)) ([]Quote, error) {
	whole, err := price(creditMethod())
	if err != nil {
		return nil, err
	}
	var quotes []Quote
	for _, m := range c.Offered() {
		if q, err := c.Pricing.withCredit(whole, m, credit); err == nil {
			quotes = append(quotes, q)
		}
	}
	return quotes, nil
}

// CanPayDebts reports whether one of the methods takes money from outside, with which a debt can be paid.
func CanPayDebts(methods []PaymentMethod) bool {
	can := false
	for _, m := range methods {
		spec, err := m.Spec()
		if err == nil && spec.RefundRoute == RefundNothing {
			return false // nobody pays where something is free
		}
		can = can || err == nil && !spec.FromCredit && spec.leastRest > 0
	}
	return can
}
