package bot

import (
	"context"
	"time"

	"esimbot/esim"
)

// StaffStore is what the staff group is told from, and what its hands change.
type StaffStore interface {
	RecentOrders(ctx context.Context, states []esim.State, limit int) ([]esim.Order, error)
	CountOrders(ctx context.Context, since time.Time) (map[esim.State]int, error)
	SalesSince(ctx context.Context, since time.Time) (count int, revenue []esim.Money, wholesale esim.Money, err error)
	OutboxSize(ctx context.Context) (waiting, dead int, err error)
	// LastOK returns ErrNotFound for a job that never succeeded.
	LastOK(ctx context.Context, job string) (time.Time, error)
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
	RecordStore
}

// RecordStore is what order cards and the books are read from.
type RecordStore interface {
	// ESIM returns an eSIM of anybody, or ErrNotFound.
	ESIM(ctx context.Context, esimID string) (esim.ESIM, error)
	// ESIMsOfOrder lists the eSIMs of an order, by Index.
	ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
	// ESIMsByICCID lists eSIMs by their whole ICCID or its last digits, at least four;
	// newest first.
	ESIMsByICCID(ctx context.Context, iccid string) ([]esim.ESIM, error)
	// AuditEntries lists what staff did, newest first; to one order if it is named.
	AuditEntries(ctx context.Context, order esim.OrderID, limit int) ([]esim.AuditEntry, error)
	// SetBlocked blocks a customer or lets them buy again, and writes the audit entry down.
	SetBlocked(ctx context.Context, customer esim.CustomerID, blocked bool, entry esim.AuditEntry) error
	// CustomerUsage says whether a customer is blocked, and what they bought since a time.
	CustomerUsage(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.CustomerUsage, error)
	// Credit is a customer's store credit (USD).
	Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
	// RefundsDue lists payments that have to go back and are due for a try by then.
	RefundsDue(ctx context.Context, by time.Time, limit int) ([]esim.DueRefund, error)
	// LedgerFaults compares the books with themselves, with payments and with orders.
	LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error)
	// Balances are the sums of all accounts, by account and currency; the store credit of
	// all customers is one sum under "credit". Accounts that are even are left out.
	Balances(ctx context.Context) (map[esim.Account][]esim.Money, error)
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
