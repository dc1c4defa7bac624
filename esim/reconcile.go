package esim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// A StarTransaction is one line of the messenger's own account of Stars.
type StarTransaction struct {
	ID       string // the charge id of a payment; a refund has the id of its payment
	Incoming bool   // a customer paid; otherwise a payment was refunded
	Amount   Money  // that the customer paid, or got back
	// Commission (XTR9) is what of it an affiliate got, below zero what the affiliate gave back with a refund; PerMille
	// is at which rate. Zero: there is none.
	Commission Money
	PerMille   int64
	Customer   CustomerID
	Order      OrderID // named by the invoice
	Invoiced   InvoicedSale
	At         time.Time
	Name       string // as the customer calls themselves; may be empty
	Language   string // of their app; may be empty
}

// StarSource is the messenger's account of Stars.
type StarSource interface {
	// StarTransactions walks payments and refunds, oldest first, after the first skip lines
	// of the account. It yields the number of lines read so far beside each, and ends
	// after the first error. Lines that are neither are left out.
	StarTransactions(ctx context.Context, skip int) iter.Seq2[StarTransactionAt, error]
}

// A StarTransactionAt is a StarTransaction and how many lines of the account end with it.
type StarTransactionAt struct {
	StarTransaction
	Read int
}

// A LedgerFault is a place where the books do not agree with themselves.
type LedgerFault struct {
	What string // "posting", "prepaid", "credit", "payment": what was compared
	Name string // of the posting, payment or order
	Off  Money
}

// ProfileLister is the vendor's listing of all our eSIMs.
type ProfileLister interface {
	// AllProfiles walks all profiles, newest first, page by page. It ends after the first error.
	AllProfiles(ctx context.Context) iter.Seq2[[]Profile, error]
}

// A Reconciler compares what we believe with what the messenger and the vendor believe,
// and mends what differs.
type Reconciler struct {
	Stars    StarSource // nil: no Stars are taken
	Bot      int64      // whose account Stars is
	Vendor   ProfileLister
	Balance  DatedBalanceSource
	Manager  ProfileManager
	Profiles ProfileSource
	Records  RecordLister
	Checkout *Checkout
	// Affiliates learns what the account says of the messenger's affiliate program; nil: nobody asks.
	Affiliates      *Affiliates
	Seal            *CreditSeal  // reads who paid from store credit; nil: nothing does
	Lines           RecordSource // what each eSIM was bought as
	Store           ReconcileStore
	RestoreDetector *RestoreDetector // told when the vendor knows more than this database; nil: nobody is
	Now             func() time.Time

	failing  failures             // lines and eSIMs
	booked   map[string]bool      // payments of the lines that are read again
	untold   map[ESIMID]bool      // swaps of which the neighbours do not tell all
	toppedUp bool                 // it was looked once what top-ups store credit paid since a copy
	early    map[string]time.Time // payments that are of our future, since when they are seen
}

// A ReconcileReport counts what was looked at and mended.
type ReconcileReport struct {
	Stars          int // movements read
	Payments       int // booked, of which nobody had told us
	Unexplained    int // payments found that no order explains
	Refunds        int // made elsewhere, noticed
	Profiles       int // of the vendor's, looked at
	Late           int // cancelled, since they came after their order was refunded
	UnmatchedESIMs int // new ones that belong to no order
	Faults         int // in the ledger
	Stuck          int // lines and eSIMs with which something failed; they are looked at again
	// Off (USD4) is what our account at the vendor has more than the books explain, or less.
	Off Money
}

// Mended reports whether anything differed.
func (r ReconcileReport) Mended() bool {
	return r.Payments+r.Unexplained+r.Refunds+r.Late+r.UnmatchedESIMs+r.Faults > 0 || r.Off.Minor != 0
}

// Run compares everything once. whole walks the vendor's whole account; otherwise the
// walk ends with the second page on which everything is known. What goes wrong in one
// comparison does not keep the others from being made.
func (r *Reconciler) Run(ctx context.Context, whole bool) (ReconcileReport, error) {
	var rep ReconcileReport
	stuck := map[string]bool{}
	err := errors.Join(
		alone(func() error { return r.stars(ctx, &rep, stuck) }), alone(func() error { return r.vendor(ctx, whole, &rep, stuck) }),
		alone(func() error { return r.ledger(ctx, whole, &rep) }), alone(func() error { return r.balance(ctx, &rep) }),
	)
	rep.Stuck = len(stuck)
	return rep, err
}

// stuckAfter comparisons in which something failed, staff are told of it.
const stuckAfter = 3

// isolate does the work on one item of a comparison. What fails is looked at in the next one.
func (r *Reconciler) isolate(ctx context.Context, stuck map[string]bool, what, item string, order OrderID, work func() error) error {
	err := alone(work)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	key := what + " " + item
	if err == nil {
		r.failing.fine(key)
		return nil
	}
	err = fmt.Errorf("%s: %w", what, err)
	if stuck[key] {
		return err
	}
	stuck[key] = true
	if r.failing.failed(key) >= stuckAfter {
		err = errors.Join(err, r.tell(ctx, NewStaffStuck(what, item, order, err.Error(), r.Now())))
	}
	return err
}

// starsAgain is how many of the lines read are read again: lines of one second may change places.
const starsAgain = 50

// stars books payments whose update was lost, and notices refunds made elsewhere.
func (r *Reconciler) stars(ctx context.Context, rep *ReconcileReport, stuck map[string]bool) error {
	if r.Stars == nil {
		return nil
	}
	at, err := r.position(ctx)
	if err != nil {
		return err
	}
	if err := r.Affiliates.load(ctx, r.Store); err != nil {
		return err
	}
	was := at.read
	booked := map[string]bool{}
	defer func() { r.booked = booked }()
	var failed []error
	for line, err := range r.Stars.StarTransactions(ctx, max(0, was-starsAgain)) {
		if err != nil {
			return errors.Join(fmt.Errorf("read the Stars account: %w", err), r.tellHeld(ctx, rep))
		}
		rep.Stars++
		settled, held := r.booked[line.ID] && line.Incoming, false
		if !settled {
			err = r.isolate(ctx, stuck, "payment", line.ID, line.Order, func() (err error) {
				settled, held, err = r.star(ctx, line.StarTransaction, at.opened, rep)
				return err
			})
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if failed = append(failed, err); len(failed) >= stopAfter {
				break
			}
			continue
		}
		if !settled {
			break // its update is on its way; the next comparison begins before it
		}
		if line.Incoming && !held && line.Read > was-starsAgain {
			booked[line.ID] = true
		}
		if len(failed) == 0 { // else the next comparison begins before what failed
			at.read = max(at.read, line.Read)
		}
	}
	failed = append(failed, r.tellHeld(ctx, rep))
	if at.read != was {
		failed = append(failed, r.setPosition(ctx, at))
	}
	return errors.Join(failed...)
}

// star takes one line in. It is not settled while its update may still explain it, and held if
// no order does.
func (r *Reconciler) star(ctx context.Context, m StarTransaction, opened time.Time, rep *ReconcileReport) (settled, held bool, err error) {
	if !m.Incoming {
		mended, err := r.Checkout.RefundedElsewhere(ctx, m)
		if mended {
			rep.Refunds++
		}
		if err != nil {
			return false, false, err
		}
		return true, false, r.commission(ctx, m)
	}
	p := Payment{ID: m.ID, Order: m.Order, Customer: m.Customer, Amount: m.Amount, Method: MethodStars, At: m.At, Found: true}
	o, b, err := r.Checkout.Paid(ctx, p)
	fresh := r.onItsWay(m)
	switch {
	case err != nil:
		return false, false, fmt.Errorf("book a payment found in the Stars account: %w", err)
	case b == PaymentKnown:
		return true, false, r.commission(ctx, m)
	case b == PaymentUnexplained && fresh:
		return false, false, nil
	case b == PaymentUnexplained:
		return true, true, r.hold(ctx, p, opened, rep)
	}
	rep.Payments++
	if err := r.commission(ctx, m); err != nil {
		return false, false, err
	}
	if fresh {
		return true, false, nil // its update is on its way, and finds it booked
	}
	return true, false, r.tell(ctx, NewStaffFoundPaid(m, o.ID))
}

func (r *Reconciler) tell(ctx context.Context, n Notification) error {
	if err := r.Store.AddNotifications(ctx, []Notification{n}); err != nil {
		return fmt.Errorf("tell staff what was mended: %w", err)
	}
	return nil
}

// knownPages with nothing new in a row end a walk that is not whole: new profiles stand first.
const knownPages = 2

// vendor compares the vendor's profiles with our orders.
func (r *Reconciler) vendor(ctx context.Context, whole bool, rep *ReconcileReport, stuck map[string]bool) error {
	known, w := 0, &walk{whole: whole, gone: map[OrderID]map[ESIMID]bool{}}
	var failed []error
	for page, err := range r.Vendor.AllProfiles(ctx) {
		if err != nil {
			return errors.Join(append(failed, fmt.Errorf("list the vendor's profiles: %w", err))...)
		}
		fresh, err := r.page(ctx, page, rep, stuck, w)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, err)
		}
		if len(stuck) >= stuckMost {
			break
		}
		if known++; fresh {
			known = 0
		}
		if !whole && known >= knownPages {
			break
		}
	}
	failed = append(failed, r.adoptSwaps(ctx, w, rep, stuck), r.adoptCredit(ctx, w, rep, stuck))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(stuck) < stuckMost {
		failed = append(failed, r.creditTopUps(ctx, rep, stuck))
	}
	return errors.Join(append(failed, r.adopt(ctx, w, whole, rep, stuck))...)
}

// stuckMost items fail in one comparison before it ends: it is not the items.
const stuckMost = 50

func (r *Reconciler) page(ctx context.Context, page []Profile, rep *ReconcileReport, stuck map[string]bool, w *walk) (fresh bool, err error) {
	numbers := make([]ESIMID, len(page))
	for i, p := range page {
		numbers[i] = p.ID
	}
	known, err := r.Store.KnownESIMs(ctx, numbers)
	if err != nil {
		return false, fmt.Errorf("which of %d eSIMs are ours: %w", len(numbers), err)
	}
	rep.Profiles += len(page)
	var failed []error
	for _, p := range page {
		if known[p.ID] {
			continue
		}
		seen, held := false, false
		err := r.isolate(ctx, stuck, "line of the vendor's list", string(p.ID), "", func() (err error) {
			if seen, err = r.swapSeen(ctx, p, w); err == nil && !seen {
				seen, err = r.paidFromCredit(ctx, p, w)
			}
			if err == nil && !seen {
				held, err = r.named(ctx, p, w)
			}
			return err
		})
		if ctx.Err() != nil {
			return fresh, ctx.Err()
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if seen {
			fresh = true
			continue
		}
		if held || p.Status.Final() {
			fresh = fresh || held
			if !held && p.Status.gone() {
				failed = append(failed, r.isolate(ctx, stuck, "eSIM", string(p.ID), "", func() error { return r.goneOfNobody(ctx, p, w) }))
			}
			continue
		}
		fresh = true
		err = r.isolate(ctx, stuck, "eSIM", string(p.ID), "", func() error { return r.stranger(ctx, p, rep) })
		if ctx.Err() != nil {
			return fresh, ctx.Err()
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	return fresh, errors.Join(failed...)
}

// ledger compares the books with themselves and tells staff once a day what is off. Where the whole is compared they are walked
// though nobody wrote in them: a program of its own may have.
func (r *Reconciler) ledger(ctx context.Context, whole bool, rep *ReconcileReport) error {
	compare := r.Store.KnownLedgerFaults
	if whole {
		compare = r.Store.LedgerFaults
	}
	faults, err := compare(ctx)
	if err != nil {
		return fmt.Errorf("compare the books: %w", err)
	}
	rep.Faults = len(faults)
	if len(faults) == 0 {
		return nil
	}
	return r.tell(ctx, NewStaffLedger(faults[0], len(faults), r.Now()))
}
