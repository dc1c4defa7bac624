package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A DueRefund is a payment that has to go back.
type DueRefund struct {
	Payment
	Attempts int
	// Surplus: the payment never paid an order (a second payment, a wrong amount).
	Surplus bool
	// OrderCustomer is whose order it was meant for.
	OrderCustomer CustomerID
	// Retail (USD) is the price of that order, Credit what of it store credit paid; zero if there
	// is none.
	Retail, Credit Money
	// Quantity and Parts are that order's; Parts of it became store credit before.
	Quantity, Parts int
	// AmountBack (USD) is what staff gave back of that order as store credit.
	AmountBack Money
}

// A RefundedPayment is a payment that went back.
type RefundedPayment struct {
	Payment string // its id
	At      time.Time
	// Credited (USD) is the store credit it became; zero: it went back by its own payment method.
	Credited      Money
	Notifications []Notification
}

// RefundGateway sends money back the way it came.
type RefundGateway interface {
	// Refund returns nil when the money went back, now or earlier. It may be repeated.
	Refund(ctx context.Context, p Payment) error
}

// RefundStore is what refunds need from storage.
type RefundStore interface {
	// RefundsDue lists payments that have to go back and are due for a try.
	RefundsDue(ctx context.Context, now time.Time, limit int) ([]DueRefund, error)
	// PaymentRefunded marks the payment, books it as OrderPayment.RefundTransaction says, and does what
	// follows for its order (Consequences), with the notifications, in one transaction.
	// ErrConflict if the payment was marked before.
	PaymentRefunded(ctx context.Context, r RefundedPayment) error
	// RefundFailed notes a try and when to try again.
	RefundFailed(ctx context.Context, id string, attempts int, nextAt time.Time, why string, notifications []Notification) error
}

// staffAfterTries failed tries to send money back, staff are told; the tries go on.
const staffAfterTries = 5

// Refunder sends money back until that is confirmed.
type Refunder struct {
	Store   RefundStore
	Gateway RefundGateway
	Now     func() time.Time
}

// Run tries every refund that is due once.
func (r *Refunder) Run(ctx context.Context) error {
	due, err := r.Store.RefundsDue(ctx, r.Now(), 100)
	if err != nil {
		return fmt.Errorf("list refunds: %w", err)
	}
	var errs []error
	pauses := map[PaymentMethod]*RetryAfterError{} // of those who send money back
	for _, d := range due {
		if pause := pauses[d.Method]; pause != nil && d.sentBack() {
			errs = append(errs, alone(func() error { return r.paused(ctx, d, pause) }))
			continue
		}
		err := alone(func() error { return r.one(ctx, d) })
		if err == nil || errors.Is(err, ErrConflict) {
			continue
		}
		if pause := (*RetryAfterError)(nil); errors.As(err, &pause) {
			pauses[d.Method] = pause
			errs = append(errs, alone(func() error { return r.paused(ctx, d, pause) }))
			continue
		}
		if ctx.Err() != nil { // stopping: the same refund again does no harm
			errs = append(errs, ctx.Err())
			break
		}
		errs = append(errs, alone(func() error { return r.failed(ctx, d, err) }))
	}
	return errors.Join(errs...)
}

func (r *Refunder) one(ctx context.Context, d DueRefund) error {
	spec, err := d.Method.Spec()
	credited := d.credited(spec)
	switch {
	case err != nil: // nobody knows how it goes back: staff
	case d.refundRoute(spec) == RefundSameWay: // all others are the ledger's affair alone
		err = r.Gateway.Refund(ctx, d.Payment)
	case d.refundRoute(spec) == RefundAsCredit && credited.Minor == 0 && d.rest(d.Amount).Minor > 0:
		err = errWorth
	}
	if err != nil {
		return err
	}
	notifications := d.notifications(spec, credited)
	if !d.Surplus { // the order's message says "on its way back" until the last of them
		notifications = append(notifications, NewProgress(d.Customer, d.Order, d.step()))
	}
	return r.Store.PaymentRefunded(ctx, RefundedPayment{Payment: d.ID, At: r.Now(), Credited: credited, Notifications: notifications})
}

// step is the place that the order comes by when this payment of it is back.
func (d DueRefund) step() string {
	if d.Method == creditMethod() && d.Credit.Minor != 0 { // beside another
		return stepCreditBack
	}
	return string(StateRefunded)
}

// paused moves a refund back to when its gateway may be asked again. It was not tried.
func (r *Refunder) paused(ctx context.Context, d DueRefund, p *RetryAfterError) error {
	err := r.Store.RefundFailed(ctx, d.ID, d.Attempts, r.Now().Add(p.For), p.Error(), nil)
	if err == nil || errors.Is(err, ErrConflict) {
		return nil
	}
	return errors.Join(p, err)
}

// sentBack reports whether a gateway is asked to send the payment back.
func (d DueRefund) sentBack() bool {
	spec, err := d.Method.Spec()
	return err == nil && d.refundRoute(spec) == RefundSameWay
}

// failed moves a refund back that did not succeed, or that could not be noted: the same refund again
// does no harm.
func (r *Refunder) failed(ctx context.Context, d DueRefund, err error) error {
	attempts := d.Attempts + 1
	var notifications []Notification
	if attempts == staffAfterTries {
		notifications = []Notification{NewStaffRefundStuck(d.Payment, err.Error())}
	}
	next := r.Now().Add(Backoff(attempts, refundPause, refundPatience))
	if err2 := r.Store.RefundFailed(ctx, d.ID, attempts, next, err.Error(), notifications); err2 != nil {
		return errors.Join(err, err2)
	}
	return fmt.Errorf("refund for order %s, try %d: %w", d.Order, attempts, err)
}

// A refund that failed is tried again after refundPause, doubled per failure, at the most
// after refundPatience.
const (
	refundPause    = 5 * time.Second
	refundPatience = time.Hour
)

// errWorth leaves a payment in a foreign currency, for an order that nobody knows, to staff.
var errWorth = errors.New("nobody knows what it is worth as store credit")

// credited is the store credit (USD) that a refund becomes, zero where the money goes
// back by its own payment method.
func (d DueRefund) credited(spec PaymentMethodSpec) Money {
	switch {
	case d.refundRoute(spec) != RefundAsCredit, d.Amount.Minor == 0:
		return Money{}
	}
	return d.rest(Order{Retail: d.Retail, Credit: d.Credit}.worth(d.Payment)) // in the shop
}

// rest is what is left to give back of an amount.
func (d DueRefund) rest(m Money) Money {
	if d.Surplus {
		return m
	}
	return Order{Quantity: d.Quantity, Returned: d.Parts, Retail: d.Retail, AmountBack: d.AmountBack}.rest(m)
}

// refundRoute is how the payment goes back: what cannot be sent back whole becomes store credit.
func (d DueRefund) refundRoute(spec PaymentMethodSpec) RefundRoute {
	if spec.RefundRoute == RefundSameWay && (d.Parts > 0 || d.AmountBack.Minor > 0) && !d.Surplus {
		return RefundAsCredit
	}
	return spec.RefundRoute
}

// notifications tell of a refund. The customer reads of that of an order in the order's message alone.
func (d DueRefund) notifications(spec PaymentMethodSpec, credited Money) []Notification {
	switch {
	case d.Amount.Minor <= 0, d.rest(d.Amount).Minor == 0: // it cost nothing, paid a debt of which the order's message tells, or is back already
		return nil
	case credited.Minor == 0 && d.Surplus:
		return []Notification{NewRefunded(d.Payment), NewStaffRefunded(d.Payment, d.Amount)}
	case credited.Minor == 0:
		return []Notification{NewStaffRefunded(d.Payment, d.Amount)}
	}
	staff := NewStaffRefunded(d.Payment, credited)
	if spec.StaffReturn {
		staff = NewStaffToReturn(d.Payment, credited)
	}
	if !d.Surplus {
		return []Notification{staff}
	}
	return []Notification{NewCredited(d.Payment, credited), staff}
}
