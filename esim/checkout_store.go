package esim

import (
	"context"
	"time"
)

// CheckoutStore keeps orders until they are paid.
type CheckoutStore interface {
	PurchaseStore
	ApprovalStore
	PromoStore
	PaymentStore
	UnpaidStore
	SwapStore
	UnexplainedStore
	RefundedElsewhereStore
	NotificationStore
}

// PurchaseStore takes in what customers order, within their limits and their store credit.
type PurchaseStore interface {
	// AddOrder stores a new order with the notifications; ErrConflict if its id exists.
	//
	// One press makes one order: press names what made it ("": nothing did), and an order
	// that it made before is returned as it is now. So is one that SamePurchase finds among
	// the customer's unpaid orders, with its time to be paid beginning anew. Of more than
	// MaxUnpaid unpaid orders of one customer the oldest expire. What a new one takes of the
	// store credit is ReserveFor's; ErrInsufficientCredit.
	AddOrder(ctx context.Context, o Order, press string, notifications []Notification) (Order, error)
	// UnpaidOrdersOf lists a customer's orders that wait for payment in time, oldest first.
	UnpaidOrdersOf(ctx context.Context, customer CustomerID) ([]Order, error)
	// CustomerUsage sums up what a customer bought since a time; refunded orders do not count.
	CustomerUsage(ctx context.Context, customer CustomerID, since time.Time) (CustomerUsage, error)
	// Credit is a customer's store credit (USD).
	Credit(ctx context.Context, customer CustomerID) (Money, error)
}

// PaymentStore books what is paid for an order.
type PaymentStore interface {
	OrderStore
	// BookPayment applies what DecidePayment says of a payment that is told of for the first
	// time, in one transaction. A move of the order takes the audit entry, if there is
	// one, and the notifications with it. Store credit that does not cover the amount is
	// ErrInsufficientCredit. The order is the one after the booking.
	BookPayment(ctx context.Context, p Payment, entry *AuditEntry, notifications []Notification) (Order, PaymentResult, error)
}

// UnpaidStore ends orders that are not paid.
type UnpaidStore interface {
	// AbandonOrder moves an order that waits for payment to StateExpired, as Abandonment says; ErrConflict if
	// it does not wait any more. The order is the one after it.
	AbandonOrder(ctx context.Context, id OrderID) (Order, error)
	// UnpaidOrders lists orders that wait for payment by one of the methods, and expire before the given time.
	UnpaidOrders(ctx context.Context, by []PaymentMethod, before time.Time) ([]Order, error)
	// ExpireOrders moves orders that wait for payment and whose NextAt has passed to
	// Expired, and returns how many.
	ExpireOrders(ctx context.Context, now time.Time) (int, error)
}
