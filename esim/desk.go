package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// DeskStore is what staff's hands need from storage.
type DeskStore interface {
	CancelStore
	ESIM(ctx context.Context, tranNo string) (ESIM, error)
	// Hurry makes an order due now; ErrConflict if it is not in one of the states in
	// which a worker looks at it.
	Hurry(ctx context.Context, id OrderID, act Act) error
	// AddAct writes an act down that changes nothing in the database by itself.
	AddAct(ctx context.Context, act Act) error
	// Grant posts store credit once per key with the act; ErrConflict if the key is
	// known, ErrNoCredit if the person's credit would fall below zero.
	Grant(ctx context.Context, p Posting, act Act) error
	// AddNotices stores notices; one whose Key exists already is left out.
	AddNotices(ctx context.Context, notices []Notice) error
}

// A Desk is where staff change orders and eSIMs. Everything done here is written down
// with who and why, and is safe when two do it at once: the second gets ErrConflict or
// ErrWrongState.
type Desk struct {
	Store     DeskStore
	Vendor    VendorDesk
	Watcher   *Watcher
	Canceller *Canceller
	Now       func() time.Time
}

// Retry makes the workers look at an order now; one that needs a human goes back to
// where it can go on.
func (d *Desk) Retry(ctx context.Context, id OrderID, act Act) error {
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to retry: %w", err)
	}
	switch {
	case o.State == NeedsHuman:
		to := Ordering
		if esims, err := d.Store.ESIMsOfOrder(ctx, id); err != nil {
			return fmt.Errorf("eSIMs of order %s: %w", id, err)
		} else if len(esims) > 0 {
			to = Cancelling // only a cancellation leads to a human with eSIMs in hand
		} else if o.VendorOrder != "" {
			to = Allocating
		}
		return d.Store.MoveOrder(ctx, Move{Order: id, From: NeedsHuman, To: to, Why: "staff: try again", Act: &act, NextAt: d.Now()})
	case !o.State.Open():
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	return d.Store.Hurry(ctx, id, act)
}

// Resend owes the customer the QR pictures of an order once more. Pressing twice within a
// minute owes them once.
func (d *Desk) Resend(ctx context.Context, id OrderID, act Act) error {
	esims, err := d.Store.ESIMsOfOrder(ctx, id)
	if err != nil {
		return fmt.Errorf("eSIMs of order %s: %w", id, err)
	}
	if len(esims) == 0 {
		return fmt.Errorf("order %s has no eSIM: %w", id, ErrWrongState)
	}
	if err := d.Store.AddAct(ctx, act); err != nil {
		return err
	}
	var notices []Notice
	for _, e := range esims {
		notices = append(notices, Notice{
			Kind: NoticeQR, Key: fmt.Sprintf("qr:%s:again:%d", e.TranNo, d.Now().Unix()/60), Person: e.Person, Order: id, ESIM: e.TranNo,
		})
	}
	return d.Store.AddNotices(ctx, notices)
}

// Refund gives the money of an order back without asking the vendor: for orders that
// hang, and as a kindness. An eSIM that arrives later is cancelled by reconciliation; one
// that was delivered stays with the customer.
func (d *Desk) Refund(ctx context.Context, id OrderID, act Act) error {
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to refund: %w", err)
	}
	if !CanMove(o.State, Refunding) {
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	return d.Store.MoveOrder(ctx, Move{
		Order: id, From: o.State, To: Refunding, Why: "refunded by staff: " + act.Why, Act: &act,
		Notices: []Notice{{Kind: NoticeProgress, Key: fmt.Sprintf("progress:%s:%s", id, Refunding), Person: o.Person, Order: id}},
	})
}

// Cancel gives the unused eSIMs of an order back to the vendor, then the money to the
// customer.
func (d *Desk) Cancel(ctx context.Context, id OrderID, act Act) error {
	return d.Canceller.Begin(ctx, id, &act)
}

// Suspend stops the data of an eSIM. The vendor is asked for its state afterwards.
func (d *Desk) Suspend(ctx context.Context, tranNo string, act Act) error {
	return d.manage(ctx, tranNo, act, d.Vendor.Suspend)
}

// Resume lets the data of a suspended eSIM flow again.
func (d *Desk) Resume(ctx context.Context, tranNo string, act Act) error {
	return d.manage(ctx, tranNo, act, d.Vendor.Unsuspend)
}

// Revoke takes an eSIM away for good.
func (d *Desk) Revoke(ctx context.Context, tranNo string, act Act) error {
	return d.manage(ctx, tranNo, act, d.Vendor.Revoke)
}

// manage writes down what is about to be done, does it, and looks at what became of it.
// Twice does no more than once: the vendor refuses what is done already.
func (d *Desk) manage(ctx context.Context, tranNo string, act Act, do func(context.Context, string) error) error {
	if _, err := d.Store.ESIM(ctx, tranNo); err != nil {
		return fmt.Errorf("eSIM to %s: %w", act.What, err)
	}
	if err := d.Store.AddAct(ctx, act); err != nil {
		return err
	}
	err := do(ctx, tranNo)
	if err != nil && VerdictOf(err) == NotAllowed {
		err = fmt.Errorf("%w: %w", ErrWrongState, err)
	}
	if look := d.Watcher.Refresh(ctx, tranNo); look != nil && err == nil {
		err = fmt.Errorf("look at the eSIM afterwards: %w", look)
	}
	return err
}

// Grant gives store credit to a person, or takes it (a negative amount). key makes it
// happen once, however often it is pressed: the second is ErrConflict.
func (d *Desk) Grant(ctx context.Context, key string, act Act) error {
	if act.Amount.Currency != USD || act.Amount.Minor == 0 {
		return fmt.Errorf("store credit of %s: %w", act.Amount, ErrWrongState)
	}
	return d.Store.Grant(ctx, GrantPosting(key, act.Person, act.Amount, act.Why), act)
}

// Remind tells staff, once a day for each, of orders that still need them. They were told
// when it began.
func (d *Desk) Remind(ctx context.Context) error {
	due, _, err := d.Store.OrdersDue(ctx, []State{NeedsHuman}, d.Now(), 100)
	if err != nil {
		return fmt.Errorf("list orders that need a human: %w", err)
	}
	var errs []error
	for _, o := range due {
		notices := []Notice{{Kind: StaffHuman, Key: fmt.Sprintf("human:%s:%d", o.ID, d.Now().UnixMilli()), Order: o.ID, Note: o.Reason}}
		o.NextAt = d.Now().Add(day)
		if first := o.Changed.Add(day); d.Now().Before(first) {
			o.NextAt, notices = first, nil
		}
		if err := d.Store.NoteWork(ctx, o, notices); err != nil && !errors.Is(err, ErrConflict) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
