package esim

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A CustomerID names a customer. It is the messenger's own number.
type CustomerID int64

// An OrderID is short enough to be read out: eight characters of Crockford's base 32.
type OrderID string

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewOrderID returns a random id (40 bits; the store refuses one that exists). One digit at least is in
// it: of letters alone it could be a word, and who types it would not be understood.
func NewOrderID() OrderID {
	for {
		var b [8]byte
		rand.Read(b[:]) // never fails, see crypto/rand
		for i := range b {
			b[i] = crockford[b[i]&31]
		}
		if bytes.ContainsAny(b[:], "0123456789") {
			return OrderID(b[:])
		}
	}
}

// String writes the id in two groups, "K7M2-XQ4P".
func (id OrderID) String() string {
	if len(id) != 8 {
		return string(id)
	}
	return string(id[:4] + "-" + id[4:])
}

// ParseOrderID reads what customers type: any case, with or without the dash,
// and the letters that look like digits. It fails with ErrNotFound.
func ParseOrderID(s string) (OrderID, error) {
	s = strings.NewReplacer("-", "", " ", "", "#", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(s))
	if !validOrderID(s) {
		return "", fmt.Errorf("order id %q: %w", s, ErrNotFound)
	}
	return OrderID(s), nil
}

// IdempotencyKeyOf is the key for one purchase at the vendor (transactionId: unique, at most 50
// characters). It names the order, so that the vendor's list tells whose an eSIM is when our
// database is lost; and it follows from what the invoice carries, so that an order that was
// recovered from there asks under the same key and buys nothing twice. That of a swap ends with the
// order that it takes an eSIM of: one that nothing was paid for beside is in no account of payments.
func IdempotencyKeyOf(s InvoicedSale) string {
	sum := sha256.Sum256([]byte(s.payload()))
	key := "eb-" + string(s.Order) + "-" + base32.StdEncoding.EncodeToString(sum[:])[:26]
	if s.Swaps != "" {
		key += "-" + string(s.Swaps)
	}
	return key
}

// swappedByKey is the order whose eSIM a swap with this vendor key takes the place of; "": it is no swap.
func swappedByKey(key string) OrderID {
	if parts := strings.Split(key, "-"); len(parts) == 4 && validOrderID(parts[3]) {
		return OrderID(parts[3])
	}
	return ""
}

// OrderOfIdempotencyKey is the order that a vendor key names; false for keys of before it did.
func OrderOfIdempotencyKey(txID string) (OrderID, bool) {
	rest, ours := strings.CutPrefix(txID, "eb-")
	id, _, named := strings.Cut(rest, "-")
	return OrderID(id), ours && named && validOrderID(id)
}

func validOrderID(s string) bool { return len(s) == 8 && strings.Trim(s, crockford) == "" }

// A State is where an order is in its life.
type State string

// The states, in the order of a life without trouble.
const (
	StateAwaitingPayment State = "awaiting_payment"
	StateExpired         State = "expired"    // not paid in time
	StatePaid            State = "paid"       // the money is here
	StateOrdering        State = "ordering"   // the vendor is being asked, or was and did not answer
	StateAllocating      State = "allocating" // the vendor said yes; the QR message is not yet accepted
	StateDelivered       State = "delivered"  // the messenger accepted every QR message
	StateCancelling      State = "cancelling" // being cancelled at the vendor
	StateRefunding       State = "refunding"  // the money is on its way back
	StateRefunded        State = "refunded"
	StateNeedsHuman      State = "needs_human"
)

// next is the whole life of an order. Nothing else decides what may follow what; its
// picture is order.mmd, and a test holds the two together.
var next = map[State][]State{
	StateAwaitingPayment: {StatePaid, StateExpired},
	StateExpired:         {StatePaid}, // the invoice was paid at the last second
	StatePaid:            {StateOrdering, StateRefunding, StateNeedsHuman},
	StateOrdering:        {StateAllocating, StateDelivered, StateRefunding, StateNeedsHuman}, // Delivered: a top-up
	StateAllocating:      {StateDelivered, StateCancelling, StateRefunding, StateNeedsHuman},
	StateDelivered:       {StateCancelling, StateRefunding, StateNeedsHuman},                 // Refunding: staff, as a kindness; NeedsHuman: a top-up whose money went back elsewhere
	StateCancelling:      {StateRefunding, StateDelivered, StateAllocating, StateNeedsHuman}, // Delivered: it was installed meanwhile; Allocating: others of it are still to come
	StateRefunding:       {StateRefunded, StateNeedsHuman},
	StateNeedsHuman:      {StateOrdering, StateAllocating, StateDelivered, StateCancelling, StateRefunding},
	StateRefunded:        nil,
}

// CanMove reports whether an order in one state may go to another.
func CanMove(from, to State) bool { return slices.Contains(next[from], to) }

// States lists all states, in the order of a life without trouble.
func States() []State {
	return []State{StateAwaitingPayment, StateExpired, StatePaid, StateOrdering, StateAllocating, StateDelivered, StateCancelling, StateRefunding, StateRefunded, StateNeedsHuman}
}

// Open reports whether money was taken and neither an eSIM nor the money has reached the customer.
func (s State) Open() bool {
	switch s {
	case StatePaid, StateOrdering, StateAllocating, StateCancelling, StateRefunding, StateNeedsHuman:
		return true
	}
	return false
}

// RefundOwed reports whether the money is with the customer again, or on its way.
func (s State) RefundOwed() bool { return s == StateRefunding || s == StateRefunded }

// AtVendor reports whether an answer of the vendor is awaited, so that news of it matter.
func (s State) AtVendor() bool { return s == StateOrdering || s == StateAllocating }

// Uncharged reports whether the vendor may still have to be paid for an order that has no
// number of the vendor's.
func (s State) Uncharged() bool { return s == StatePaid || s == StateOrdering || s == StateNeedsHuman }

// Over reports whether nothing is to happen any more by itself.
func (s State) Over() bool { return s == StateDelivered || s == StateRefunded || s == StateExpired }

// A WaitReason is what an order waits for, and what can be made due at once.
type WaitReason int

const (
	// WaitingForNothing: no worker looks at it.
	WaitingForNothing WaitReason = iota
	// WaitingForWorker: the order itself is due at some time.
	WaitingForWorker
	// WaitingForRefund: its payments are due to go back.
	WaitingForRefund
	// WaitingForMessages: its QR messages are due to be sent.
	WaitingForMessages
)

// WaitsFor says what the order waits for.
func (o Order) WaitsFor() WaitReason {
	switch {
	case o.State == StatePaid, o.State == StateOrdering, o.State == StateCancelling, o.State == StateAllocating && !o.Allocated:
		return WaitingForWorker
	case o.State == StateAllocating:
		return WaitingForMessages
	case o.State == StateRefunding:
		return WaitingForRefund
	}
	return WaitingForNothing
}

// An OrderKind tells purchases from top-ups.
type OrderKind string

const (
	// Purchase of new eSIMs.
	Purchase OrderKind = "purchase"
	// TopUp of an eSIM the customer has.
	TopUp OrderKind = "topup"
)

// An Order is one purchase, from the purchase request to the eSIM or the money back.
type Order struct {
	ID             OrderID
	Customer       CustomerID
	Kind           OrderKind
	ESIM           ESIMID // of a TopUp: the eSIM it tops up, else ""
	Plan           Plan   // a Snapshot: what was bought, even when the catalogue moved on
	Quantity       int
	Days           int // of a day pass, else 0
	IdempotencyKey string
	VendorOrder    string // the vendor's orderNo, once known
	Wholesale      Money  // USD4, total
	Retail         Money  // USD, total
	Price          Money  // what the customer pays by Method
	Method         PaymentMethod
	Phone          Phone     // that gets its eSIMs, as far as the customer said
	Credit         Money     // USD; the part of Retail that store credit pays beside Price; below zero: what Price pays of a debt beside it; zero: none
	Promo          PromoCode // that lowered Retail, by Discount (USD); "": none did
	Discount       Money
	Consent        string    // the words its customer agreed to before paying: their version and language; "": none were shown
	Consented      time.Time // when they did
	EmergencyTopUp bool      // it was given on credit, see TopUps.BeginEmergency
	State          State
	Reason         string // why it is in this state, for staff
	// Attempts counts calls to the vendor in the present state.
	Attempts int
	// OutcomeUnknown: a call to buy was begun and no definite answer to it is known.
	// While it is set, no refusal of a later call proves that nothing was bought.
	OutcomeUnknown bool
	// OutcomeUnknownAt is when the last unanswered call was begun.
	OutcomeUnknownAt time.Time
	// NextAt is when a worker looks at it again.
	NextAt time.Time
	// StaffTold: staff were told that this order is late or held.
	StaffTold bool
	Created   time.Time
	Changed   time.Time // of State
	PaidAt    time.Time // zero until paid
	// Allocated: all its eSIMs are stored and their QR messages are in the outbox.
	Allocated bool
	// CancellingESIM is the one eSIM of several that is being cancelled alone; "": all of them.
	CancellingESIM ESIMID
	// Returned counts its eSIMs that were given back alone, Missing those that never came.
	Returned, Missing int
	// Gift: a top-up that staff gave; it costs its customer nothing, and is no sale.
	Gift bool
	// AmountBack (USD) is what staff gave back of it as store credit beside its parts; the zero value: nothing.
	AmountBack Money
	// Replaces is the eSIM that a Purchase takes the place of, SwapWorth (USD) the store credit that
	// it is to become, SwapDone: that it did. "": none.
	Replaces  ESIMID
	SwapWorth Money
	SwapDone  bool
	// SwappedFor is the order that is paid from what goes back of this one; "": none.
	SwappedFor OrderID
}

// Fulfilled reports whether it is a purchase whose eSIMs are all here, as far as they were not given back.
func (o Order) Fulfilled() bool {
	return o.Kind == Purchase && (o.State == StateDelivered || o.State == StateAllocating && o.Allocated)
}

// UnitWholesale is the vendor's price of one eSIM (one day of it for a day pass).
func (o Order) UnitWholesale() Money {
	return USDTenThousandths(o.Wholesale.Minor / int64(max(o.Quantity, 1)*max(o.Days, 1)))
}
