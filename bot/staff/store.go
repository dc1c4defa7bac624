package staff

import (
	"context"
	"time"

	"esimbot/esim"
)

// Orders are the orders and who made them.
type Orders interface {
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
}

// Settings are what the group keeps for itself.
type Settings interface {
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Store is all that the group needs from storage.
type Store interface {
	Orders
	Settings
	CardStore
	SearchStore
	PeopleStore
	LedgerStore
	StatsStore
	StatusStore
}

// BookStore is what order cards and /stats tell of the past.
type BookStore interface {
	// OrderEvents lists what happened to an order, oldest first.
	OrderEvents(ctx context.Context, id esim.OrderID) ([]OrderEvent, error)
	// PaymentsOf lists the payments of an order, oldest first.
	PaymentsOf(ctx context.Context, id esim.OrderID) ([]OrderPayment, error)
	// Statement sums up the orders delivered since a time, by what the books say they cost.
	Statement(ctx context.Context, since time.Time) (Statement, error)
}

// An OrderEvent is one change of an order's state.
type OrderEvent struct {
	At       time.Time
	From, To esim.State // From is "" for the first
	Why      string
}

// An OrderPayment is a payment and what became of it.
type OrderPayment struct {
	esim.Payment
	Status   string     // "kept", "refund_due" or "refunded"
	Extra    bool       // it never paid an order
	Refunded time.Time  // zero: it did not go back
	Credited esim.Money // USD; the store credit it became, zero: none
	Reason   string     // why it is in its status
}

// A Statement sets what was delivered beside what the vendor charged for it.
type Statement struct {
	Orders   int        // delivered, top-ups too, whatever became of them since
	Retail   esim.Money // USD; their prices
	Refunded esim.Money // USD; of Retail, went back or is about to
	Cost     esim.Money // USD4; charged by the vendor for them, less what it gave back
	Margin   esim.Money // USD4; Retail less Refunded and Cost
}
