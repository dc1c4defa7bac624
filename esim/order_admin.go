package esim

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// OrderAdminStore is what staff's hands need from storage.
type OrderAdminStore interface {
	CancelStore
	UnexplainedDecisionStore
	OpenItemStore
	StaffActionStore
	VendorActionStore
	AmountRefundStore
}

// StaffActionStore does what staff do, together with the audit entry of it.
type StaffActionStore interface {
	// ExpediteOrder makes an order due now; ErrConflict if it is not in one of the states in
	// which a worker looks at it.
	ExpediteOrder(ctx context.Context, id OrderID, entry AuditEntry) error
	// Grant posts store credit once per key with the audit entry and the notifications;
	// ErrConflict if the key is known, ErrInsufficientCredit if the customer's credit would fall below zero.
	Grant(ctx context.Context, p Transaction, entry AuditEntry, notifications []Notification) error
	// AddAuditEntry writes an audit entry down that changes nothing in the database by itself.
	AddAuditEntry(ctx context.Context, entry AuditEntry) error
}

// An OrderAdmin is where staff change orders and eSIMs. Everything done here is written down
// with who and why, and is safe when two do it at once: the second gets ErrConflict or
// ErrWrongState.
type OrderAdmin struct {
	Store     OrderAdminStore
	Vendor    ProfileManager
	Texts     SMSSender
	Watcher   *Watcher
	Canceller *Canceller
	TopUps    TopUpVendor // looks a top-up up before its money goes back
	Records   RecordLister
	Now       func() time.Time

	acts    actsHere
	failing failures
}

// Retry makes the workers look at an order now; one that needs a human goes back to
// where it can go on.
func (d *OrderAdmin) Retry(ctx context.Context, id OrderID, entry AuditEntry) error {
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to retry: %w", err)
	}
	switch {
	case o.State == StateNeedsHuman:
		to := StateOrdering
		if _, esims, back, err := d.paidBackCase(ctx, id); err != nil {
			return err
		} else if !WorthRetrying(o, esims, back) {
			return fmt.Errorf("order %s, whose money is back: %w", id, ErrWrongState)
		} else if o.VendorOrder != "" && !o.Allocated {
			to = StateAllocating // what is still to come is looked for, whatever is here
		} else if len(esims) > 0 {
			to = StateCancelling // else only a cancellation leads to a human with eSIMs in hand
		} else if o.VendorOrder != "" {
			to = StateAllocating
		}
		named := VendorRecord{}
		if to == StateOrdering {
			if named, err = namedRecord(ctx, d.Records, o, d.Now()); err != nil {
				return err
			}
		}
		if named.VendorOrder != "" {
			to = StateAllocating
		}
		m := o.TransitionTo(to, "staff: try again", d.Now())
		m.IdempotencyKey, m.VendorOrder = named.IdempotencyKey, named.VendorOrder
		m.Audit = &entry
		return d.Store.ApplyTransition(ctx, m)
	case !o.State.Open():
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	return d.Store.ExpediteOrder(ctx, id, entry)
}

// Resend sends the customer the QR pictures of an order once more. Pressing twice within a
// minute sends them once.
func (d *OrderAdmin) Resend(ctx context.Context, id OrderID, entry AuditEntry) error {
	esims, err := d.Store.ESIMsOfOrder(ctx, id)
	if err != nil {
		return fmt.Errorf("eSIMs of order %s: %w", id, err)
	}
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to send again: %w", err)
	}
	esims = slices.DeleteFunc(esims, func(e ESIM) bool { return o.State.RefundOwed() || !e.Installable(o) })
	if len(esims) == 0 {
		return fmt.Errorf("order %s has no eSIM to install: %w", id, ErrWrongState)
	}
	if err := d.Store.AddAuditEntry(ctx, entry); err != nil {
		return err
	}
	var notifications []Notification
	for _, e := range esims {
		notifications = append(notifications, NewQRAgain(e, d.Now()))
	}
	return d.Store.AddNotifications(ctx, notifications)
}

// Refund gives the money of an order back without asking the vendor: for orders that
// hang, and as a kindness. An eSIM that arrives later is cancelled by reconciliation; one
// that was delivered stays with the customer. While a top-up of its eSIM is under way, or the
// order is a top-up that the vendor may have applied, and where the customer was forgotten, the error is ErrWrongState.
func (d *OrderAdmin) Refund(ctx context.Context, id OrderID, entry AuditEntry) error {
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to refund: %w", err)
	}
	if !CanMove(o.State, StateRefunding) || o.Customer.Forgotten() { // nobody is there to get it
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	if o.State == StateNeedsHuman {
		if err := lookUpTopUp(ctx, d.TopUps, o, d.Now()); err != nil {
			return err
		}
	}
	m := o.TransitionTo(StateRefunding, "refunded by staff: "+entry.Why, d.Now())
	m.Guarded = true
	m.Audit, m.Notifications = &entry, []Notification{o.progress(StateRefunding)}
	return d.Store.ApplyTransition(ctx, m)
}

// Cancel gives the unused eSIMs of an order back to the vendor, then the money to the
// customer.
func (d *OrderAdmin) Cancel(ctx context.Context, id OrderID, entry AuditEntry) error {
	return d.Canceller.Begin(ctx, id, &entry)
}

// Suspend stops the data of an eSIM. The vendor is asked for its state afterwards.
func (d *OrderAdmin) Suspend(ctx context.Context, esimID ESIMID, entry AuditEntry) error {
	return d.manage(ctx, esimID, entry, d.Vendor.Suspend)
}

// Resume lets the data of a suspended eSIM flow again, and tells its customer.
func (d *OrderAdmin) Resume(ctx context.Context, esimID ESIMID, entry AuditEntry) error {
	if err := d.manage(ctx, esimID, entry, d.Vendor.Unsuspend); err != nil {
		return err
	}
	e, err := d.Store.ESIM(ctx, esimID)
	if err != nil {
		return fmt.Errorf("eSIM that was resumed: %w", err)
	}
	if err := d.Store.AddNotifications(ctx, []Notification{NewAlert(e, AlertResumed)}); err != nil {
		return err
	}
	return d.decided(ctx, e, "resumed")
}

// Revoke takes an eSIM away for good.
func (d *OrderAdmin) Revoke(ctx context.Context, esimID ESIMID, entry AuditEntry) error {
	if err := d.manage(ctx, esimID, entry, d.Vendor.Revoke); err != nil {
		return err
	}
	e, err := d.Store.ESIM(ctx, esimID)
	if err != nil {
		return fmt.Errorf("eSIM that was revoked: %w", err)
	}
	return d.decided(ctx, e, "revoked")
}

// manage writes down what is about to be done, does it, and looks at what became of it.
// Twice does no more than once: the vendor refuses what is done already.
func (d *OrderAdmin) manage(ctx context.Context, esimID ESIMID, entry AuditEntry, do func(context.Context, ESIMID) error) error {
	e, err := d.Store.ESIM(ctx, esimID)
	if err != nil {
		return fmt.Errorf("eSIM to %s: %w", entry.What, err)
	}
	// What the next look finds is known by these as our own doing.
	entry.Order, entry.ESIM = e.Order, e.ID
	if err := d.Store.AddAuditEntry(ctx, entry); err != nil {
		return err
	}
	err = do(ctx, esimID)
	if err != nil && ActionFor(err) == ActionNotAllowed {
		err = fmt.Errorf("%w: %w", ErrWrongState, err)
	}
	if plan := d.Watcher.Refresh(ctx, esimID); plan != nil && err == nil {
		err = fmt.Errorf("look at the eSIM afterwards: %w", plan)
	}
	return err
}

// Grant gives store credit to a customer, or takes it (a negative amount). key makes it
// happen once, however often it is pressed: the second is ErrConflict. Who is given some is told.
func (d *OrderAdmin) Grant(ctx context.Context, key string, entry AuditEntry) error {
	if entry.Amount.Currency != USD || entry.Amount.Minor == 0 {
		return fmt.Errorf("store credit of %s: %w", entry.Amount, ErrWrongState)
	}
	var told []Notification
	if entry.Amount.Minor > 0 {
		told = []Notification{NewGranted(key, entry.Customer, entry.Amount)}
	}
	return d.Store.Grant(ctx, GrantTransaction(key, entry.Customer, entry.Amount, entry.Why), entry, told)
}
