package esim

import "time"

// An ExportedOrder is an order as bookkeeping wants it, with what stands elsewhere about it.
type ExportedOrder struct {
	Order
	Name      string    // of the customer
	Delivered time.Time // zero: it was not
	// Cost (USD4) is what the vendor charged by the books, less what it gave back.
	Cost Money
	// Refunded is what went back the way it came, in the currency of the price; Credited (USD) what became store credit.
	Refunded, Credited Money
}

// A LedgerEntry is one line of the books: an account and by how much an event moved it.
type LedgerEntry struct {
	At      time.Time
	Key     string // of the event: all lines with one key are the same event, and sum to zero
	Order   OrderID
	Payment string // id, if it is about one
	Account Account
	Amount  Money
	Why     string
}

// An ExportedCustomer is a customer with what they bought.
type ExportedCustomer struct {
	Customer
	Blocked  bool
	Orders   int   // paid for, top-ups too
	Spent    Money // USD, on those whose money did not go back
	Credit   Money // USD; their store credit
	LastPaid time.Time
}
