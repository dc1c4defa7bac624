package esim

import (
	"context"
	"time"
)

// ReconcileStore is what reconciliation needs from storage.
type ReconcileStore interface {
	UnexplainedStore
	AdoptStore
	UnmatchedESIMStore
	LedgerStore
	SettingStore
	NotificationStore
}

// RefundedElsewhereStore takes the refunds that the messenger tells of and that are not ours.
type RefundedElsewhereStore interface {
	// PaymentRefundedElsewhere notes that a payment was refunded by somebody else: it is marked and
	// booked as refunded, and its order goes where RefundedElsewhere says. mended is false if that was known, or if a refund of ours is under way.
	PaymentRefundedElsewhere(ctx context.Context, payment string, at time.Time, notifications []Notification) (mended bool, err error)
}

// UnmatchedESIMStore finds whose the eSIMs in the vendor's list are, and remembers those that are of no order.
type UnmatchedESIMStore interface {
	KnownESIMStore
	// ESIMsOfOrder lists the eSIMs of an order, by Index.
	ESIMsOfOrder(ctx context.Context, id OrderID) ([]ESIM, error)
	// NoteUnmatchedESIM remembers an eSIM of the vendor that belongs to no order, with the notifications, and
	// reports whether it is new.
	NoteUnmatchedESIM(ctx context.Context, esimID ESIMID, order OrderID, at time.Time, notifications []Notification) (fresh bool, err error)
	// CostsCameBack is for how many eSIMs of an order alone the vendor gave back what they cost, and whether it did for all of it.
	CostsCameBack(ctx context.Context, id OrderID) (esims int, whole bool, err error)
	// BookLateReturn writes a transaction about an eSIM that came after its order's refund,
	// with the notifications.
	BookLateReturn(ctx context.Context, t Transaction, notifications []Notification) error
}

// KnownESIMStore says what of the vendor's list is known.
type KnownESIMStore interface {
	// ESIMs loads eSIMs by esimTranNo; unknown ones are left out.
	ESIMs(ctx context.Context, esimIDs []ESIMID) ([]ESIM, error)
	// KnownESIMs says which of some eSIMs are stored, or are given away by a link of staff.
	KnownESIMs(ctx context.Context, esimIDs []ESIMID) (map[ESIMID]bool, error)
	// OrderByIdempotencyKey returns the order with a key for the vendor, or ErrNotFound.
	OrderByIdempotencyKey(ctx context.Context, txID string) (Order, error)
	// PaymentsOf lists the payments of an order, oldest first.
	PaymentsOf(ctx context.Context, order OrderID) ([]OrderPayment, error)
}

// LedgerStore tells what the books say of themselves and of our account at the vendor.
type LedgerStore interface {
	// LedgerFaults compares the books with themselves, with payments and with orders.
	LedgerFaults(ctx context.Context) ([]LedgerFault, error)
	// KnownLedgerFaults may give the last answer again if the store itself wrote nothing since that bears on it.
	KnownLedgerFaults(ctx context.Context) ([]LedgerFault, error)
	// VendorBooks is what is known of our account at the vendor.
	VendorBooks(ctx context.Context) (VendorBooks, error)
	// BookCommission writes what an affiliate got of a payment, or gave back, once, if the payment is in the books.
	BookCommission(ctx context.Context, at time.Time, t Transaction) error
}
