package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Our account at the vendor is compared with the books at quiet moments: since the last
// comparison the balance must have moved by what the books say was charged and given back. What
// it moved besides, staff are told: a deposit, or a charge that nothing here explains.

// VendorBooks is what we know of our account at the vendor without asking.
type VendorBooks struct {
	// Balance (USD4) is AccountVendor: charges count down, deposits are not in it.
	Balance Money
	Moved   time.Time // when it last moved; zero: never
	Open    []Order   // orders for which money was taken and nothing yet given
}

// DatedBalanceSource is our account at the vendor.
type DatedBalanceSource interface {
	// BalanceAsOf is the money left (USD4), and when the vendor reckoned it; zero: it does not say.
	BalanceAsOf(ctx context.Context) (balance Money, asOf time.Time, err error)
}

// movesVendorMoney reports whether the vendor may have charged for an order, or paid back, what
// the books are about to have. An order with which nothing happened for a while, most of all one that
// waits for staff, keeps nobody from comparing: what it would explain is told as a difference then, and
// told the other way round when the books have it.
func (o Order) movesVendorMoney(now time.Time) bool {
	if now.Sub(o.Changed) >= vendorWaits {
		return false
	}
	switch o.State {
	case StateOrdering, StateCancelling:
		return true
	case StateNeedsHuman: // a purchase that may have been made, or one that is given back in part
		return o.OutcomeUnknown || o.Allocated && o.Kind != TopUp
	}
	return false
}

const (
	// vendorQuiet is how long nothing has moved on the account before a balance is believed,
	// and how far the vendor's clock may be off.
	vendorQuiet = time.Minute
	// vendorOffFor a difference lasts before it is told: the books may be about to learn of it.
	vendorOffFor = 5 * time.Minute
	// vendorWaits is how long the comparison waits for an order that is open.
	vendorWaits = day
)

// quiet reports whether the books have all that a balance of a moment says.
func (b VendorBooks) quiet(now, asOf time.Time) bool {
	for _, o := range b.Open {
		if o.movesVendorMoney(now) {
			return false
		}
	}
	if b.Moved.IsZero() || b.Moved.After(now) { // the clock was set back since
		return true
	}
	return now.Sub(b.Moved) >= vendorQuiet && (asOf.IsZero() || asOf.After(b.Moved.Add(-vendorQuiet)))
}

// sameAs reports whether nothing moved between two looks.
func (b VendorBooks) sameAs(c VendorBooks) bool {
	return b.Balance == c.Balance && b.Moved.Equal(c.Moved)
}

// A vendorMark is the last comparison: both sides (USD4), and what was off since when. The mark
// stays where it is while something is off and untold.
type vendorMark struct {
	at          int64 // milliseconds
	bank, books int64
	off, since  int64
}

// saysAs reports whether two comparisons found the same, whenever they were made.
func (m vendorMark) saysAs(n vendorMark) bool {
	m.at = n.at
	return m == n
}

// String is how it is stored.
func (m vendorMark) String() string {
	return fmt.Sprintf("%d %d %d %d %d", m.at, m.bank, m.books, m.off, m.since)
}

func parseVendorMark(v string) (m vendorMark, ok bool) {
	n, err := fmt.Sscan(v, &m.at, &m.bank, &m.books, &m.off, &m.since)
	return m, n == 5 && err == nil
}

// compareVendor says what a balance means after the last comparison, nil if there was none: the
// mark from now on, what is off (USD4; more than nothing: the account has more than the books
// explain), and the notification when that is to be told.
func compareVendor(last *vendorMark, balance, books Money, now time.Time) (vendorMark, Money, []Notification) {
	next := vendorMark{at: now.UnixMilli(), bank: balance.Minor, books: books.Minor}
	if last == nil {
		return next, USDTenThousandths(0), nil
	}
	off := (balance.Minor - last.bank) - (books.Minor - last.books)
	amount := USDTenThousandths(off)
	switch {
	case off == 0:
		return next, amount, nil
	case off != last.off || now.UnixMilli() < last.since:
		next.at, next.bank, next.books, next.off, next.since = last.at, last.bank, last.books, off, now.UnixMilli()
		return next, amount, nil
	case now.UnixMilli()-last.since < vendorOffFor.Milliseconds():
		return *last, amount, nil
	case off > 0:
		return next, amount, []Notification{NewStaffDeposit(last.at, amount, balance)}
	}
	return next, amount, []Notification{NewStaffBalanceOff(last.at, USDTenThousandths(-off), balance)}
}

// balance compares our account at the vendor with the books, if the moment is quiet.
func (r *Reconciler) balance(ctx context.Context, rep *ReconcileReport) error {
	before, err := r.Store.VendorBooks(ctx)
	if err != nil {
		return fmt.Errorf("what the books say of the vendor's account: %w", err)
	}
	if !before.quiet(r.Now(), time.Time{}) {
		return nil
	}
	balance, asOf, err := r.Balance.BalanceAsOf(ctx)
	if err != nil {
		return fmt.Errorf("compare the vendor's balance: %w", err)
	}
	after, err := r.Store.VendorBooks(ctx)
	if err != nil {
		return fmt.Errorf("what the books say of the vendor's account: %w", err)
	}
	if !before.sameAs(after) || !after.quiet(r.Now(), asOf) {
		return nil
	}
	var last *vendorMark
	v, err := r.Store.Setting(ctx, vendorMarkKey)
	if err == nil {
		if m, ok := parseVendorMark(v); ok {
			last = &m
		}
	} else if !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("the last comparison with the vendor's balance: %w", err)
	}
	next, off, told := compareVendor(last, balance, after.Balance, r.Now())
	rep.Off = off
	if len(told) > 0 { // first: the key keeps it from being told twice
		if err := r.tell(ctx, told[0]); err != nil {
			return err
		}
	}
	if last != nil && next.saysAs(*last) {
		return nil
	}
	if err := r.Store.SetSetting(ctx, vendorMarkKey, next.String()); err != nil {
		return fmt.Errorf("note the comparison with the vendor's balance: %w", err)
	}
	return nil
}

const vendorMarkKey = "vendor_account"
