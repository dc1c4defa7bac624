package buy

import (
	"context"
	"errors"

	"esimbot/esim"
)

// Store is all that buying needs from storage.
type Store interface {
	esimStore
	orderStore
	progressStore
	invoiceStore
	swapStore
	balanceStore
	promoStore
	esim.AutoTopUpStore
}

// esimStore is where customers' eSIMs are. All reads are by id and customer.
type esimStore interface {
	ESIMOf(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error)
	ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error)
	// ESIMFor is ESIMOf, and also one that the customer bought and gave away.
	ESIMFor(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error)
}

// orderStore is where orders are, and who made them.
type orderStore interface {
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
	// OrderOf is esim.ErrNotFound also when the order is somebody else's.
	OrderOf(ctx context.Context, customer esim.CustomerID, id esim.OrderID) (esim.Order, error)
}

// ownOrder is the order of an eSIM if it is the same customer's, else an empty one.
func ownOrder(ctx context.Context, store orderStore, e esim.ESIM) (esim.Order, error) {
	o, err := store.OrderOf(ctx, e.Customer, e.Order)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.Order{}, nil
	}
	return o, err
}
