package esim

import (
	"context"
	"time"
)

// ReconcileStore is what reconciliation needs from storage.
type ReconcileStore interface {
	UnexplainedStore
	AdoptStore
	OrphanStore
	BooksStore
	SettingStore
	NotificationStore
}

// RefundedElsewhereStore takes the refunds that the messenger tells of and that are not ours.
type RefundedElsewhereStore interface {
	// PaymentRefundedElsewhere notes that a payment was refunded by somebody else: it is marked and
	// booked as refunded, and its order goes where RefundedElsewhere says. mended is false if that was known, or if a refund of ours is under way.
	PaymentRefundedElsewhere(ctx context.Context, payment string, at time.Time, notifications []Notification) (mended bool, err error)
}

// OrphanStore finds whose the eSIMs in the vendor's list are, and remembers those that are of no order.
type OrphanStore interface {
	KnownESIMStore
	// NoteOrphan remembers an eSIM of the vendor that belongs to no order, with the notifications, and
	// reports whether it is new.
	NoteOrphan(ctx context.Context, esimID ESIMID, order OrderID, at time.Time, notifications []Notification) (fresh bool, err error)
	// BookLateReturn writes a transaction about an eSIM that came after its order's refund,
	// with the notifications.
	BookLateReturn(ctx context.Context, t Transaction, notifications []Notification) error
}

// KnownESIMStore says what of the vendor's list is known.
type KnownESIMStore interface {
	// ESIMs loads eSIMs by esimTranNo; unknown ones are left out.
	ESIMs(ctx context.Context, esimIDs []ESIMID) ([]ESIM, error)
	// KnownESIMs says which of some eSIMs are stored.
	KnownESIMs(ctx context.Context, esimIDs []ESIMID) (map[ESIMID]bool, error)
	// OrderByIdempotencyKey returns the order with a key for the vendor, or ErrNotFound.
	OrderByIdempotencyKey(ctx context.Context, txID string) (Order, error)
	// PaymentsOf lists the payments of an order, oldest first.
	PaymentsOf(ctx context.Context, order OrderID) ([]OrderPayment, error)
}

// BooksStore tells what the books say of themselves and of our account at the vendor.
type BooksStore interface {
	// LedgerFaults compares the books with themselves, with payments and with orders.
	LedgerFaults(ctx context.Context) ([]LedgerFault, error)
	// VendorBooks is what is known of our account at the vendor.
	VendorBooks(ctx context.Context) (VendorBooks, error)
}
