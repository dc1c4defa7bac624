package esim

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Whoever buys at a distance may withdraw from the contract within a period, without a reason, by a button that is called
// so, and gets a receipt with date and time: Directive 2011/83/EU, article 11a, since 19 June 2026. What is unused goes back
// to the vendor and the money to the customer; where the period of grace was given up with the installation the statement
// is taken all the same, and a person looks at it.
// Source: https://eur-lex.europa.eu/eli/dir/2023/2673/oj.

// ConsentVersion is that of the words by which customers ask for delivery at once (sentence buy.consent): new words, new version.
const ConsentVersion = "2"

// Consent is what is kept of a customer's consent to the words in a language; "" where no period is given.
func (c *Contracts) Consent(lang string) string {
	if c.Days == 0 {
		return ""
	}
	return ConsentVersion + " " + lang
}

// A ContractWithdrawal is a customer's statement that they withdraw from the contract of an order.
type ContractWithdrawal struct {
	ID       int64
	Customer CustomerID
	Order    OrderID
	ESIM     ESIMID // one of several; "": all of the order
	Name     string // as the customer calls themselves
	At       time.Time
	Outcome  WithdrawalOutcome
}

// A WithdrawalOutcome is what came of a ContractWithdrawal.
type WithdrawalOutcome string

// The outcomes.
const (
	WithdrawalOpen      WithdrawalOutcome = ""          // nothing yet
	WithdrawalCancelled WithdrawalOutcome = "cancelled" // it is on its way back, and so is the money
	WithdrawalToPerson  WithdrawalOutcome = "person"    // staff decide
)

// WithdrawalDecisionPeriod is how long staff have to decide: what is owed has to be paid back within it (article 13).
const WithdrawalDecisionPeriod = 14 * day

// ErrWithdrawalPeriodOver: the period is over.
var ErrWithdrawalPeriodOver = errors.New("the period to withdraw is over")

// ContractStore keeps the statements.
type ContractStore interface {
	ContractOrders
	WithdrawalStore
	WithdrawalQueue
	NotificationStore
}

// ContractOrders finds what a statement is about.
type ContractOrders interface {
	OrderOf(ctx context.Context, customer CustomerID, id OrderID) (Order, error)
	Order(ctx context.Context, id OrderID) (Order, error)
	ESIMsOfOrder(ctx context.Context, id OrderID) ([]ESIM, error)
}

// WithdrawalStore keeps one statement for each eSIM of an order, or the order.
type WithdrawalStore interface {
	// AddWithdrawal stores a statement and its acknowledgement; the one that is there for the same eSIM of the same order
	// is returned instead.
	AddWithdrawal(ctx context.Context, w ContractWithdrawal) (ContractWithdrawal, error)
	// WithdrawalOf is the statement about an order, or an eSIM of it, or ErrNotFound.
	WithdrawalOf(ctx context.Context, order OrderID, esimID ESIMID) (ContractWithdrawal, error)
}

// WithdrawalQueue is the statements whose outcome is open.
type WithdrawalQueue interface {
	// OpenWithdrawals lists those that are due.
	OpenWithdrawals(ctx context.Context, now time.Time) ([]ContractWithdrawal, error)
	// SettleWithdrawal notes the outcome, with the notifications.
	SettleWithdrawal(ctx context.Context, id int64, outcome WithdrawalOutcome, told []Notification) error
	// PostponeWithdrawal has it looked at later.
	PostponeWithdrawal(ctx context.Context, id int64, next time.Time) error
}

// Contracts take withdrawals.
type Contracts struct {
	Store     ContractStore
	Canceller *Canceller
	Days      int // that the period has; 0: none is given
	Now       func() time.Time

	failing failures
	running sync.Mutex // held while statements are worked on: by the clock, and by each press that made one
}

// Until is when the period of an order ends: with the last of its days, where that ends last on Earth. The day of the
// purchase does not count. Zero: it has none.
func (c *Contracts) Until(o Order) time.Time {
	if c.Days == 0 || o.PaidAt.IsZero() {
		return time.Time{}
	}
	return o.PaidAt.UTC().Truncate(day).Add(time.Duration(c.Days+1)*day + day/2)
}

// MayWithdraw reports whether the customer of an order may withdraw now. What the shop gave was no contract.
func (c *Contracts) MayWithdraw(o Order) bool {
	return !o.Gift && c.Now().Before(c.Until(o)) && !o.State.RefundOwed() && o.Remaining() > 0
}

// Withdraw takes a statement, about an order or one eSIM of it ("": all). However often it is made, it is one, with the
// time of the first. Errors: ErrNotFound, ErrWithdrawalPeriodOver.
func (c *Contracts) Withdraw(ctx context.Context, who Customer, id OrderID, one ESIMID) (ContractWithdrawal, Order, error) {
	o, err := c.Store.OrderOf(ctx, who.ID, id)
	if err != nil {
		return ContractWithdrawal{}, o, err
	}
	w, err := c.Store.WithdrawalOf(ctx, id, one)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return w, o, err
	}
	if !c.MayWithdraw(o) {
		return ContractWithdrawal{}, o, fmt.Errorf("withdraw from order %s: %w", id, ErrWithdrawalPeriodOver)
	}
	if one != "" {
		if _, err := c.esim(ctx, id, one); err != nil {
			return ContractWithdrawal{}, o, err
		}
	}
	w, err = c.Store.AddWithdrawal(ctx, ContractWithdrawal{Customer: who.ID, Order: id, ESIM: one, Name: who.Name, At: c.Now()})
	return w, o, err
}

// esim is one of the eSIMs of an order.
func (c *Contracts) esim(ctx context.Context, id OrderID, one ESIMID) (ESIM, error) {
	esims, err := c.Store.ESIMsOfOrder(ctx, id)
	if err != nil {
		return ESIM{}, err
	}
	for _, e := range esims {
		if e.ID == one {
			return e, nil
		}
	}
	return ESIM{}, fmt.Errorf("eSIM %s of order %s: %w", one, id, ErrNotFound)
}

const (
	withdrawalAgain    = time.Minute
	withdrawalPatience = time.Hour // after which a person looks at what cannot be done
)

// Run works on all statements that are due, one run after the other.
func (c *Contracts) Run(ctx context.Context) error {
	c.running.Lock()
	defer c.running.Unlock()
	open, err := c.Store.OpenWithdrawals(ctx, c.Now())
	if err != nil {
		return fmt.Errorf("list withdrawals from contracts: %w", err)
	}
	var errs []error
	for _, w := range open {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		item := strconv.FormatInt(w.ID, 10)
		if err := alone(func() error { return c.step(ctx, w) }); err != nil {
			errs = append(errs, c.failing.stuck(ctx, c.Store, "withdrawal from a contract", item, w.Order, err, c.Now()))
		} else {
			c.failing.fine(item)
		}
	}
	return errors.Join(errs...)
}

// step has what is unused cancelled; everything else is for a person.
func (c *Contracts) step(ctx context.Context, w ContractWithdrawal) error {
	o, err := c.Store.Order(ctx, w.Order)
	if err != nil {
		return err
	}
	switch done, err := c.cancel(ctx, o, w); {
	case done:
		return c.Store.SettleWithdrawal(ctx, w.ID, WithdrawalCancelled, nil)
	case err == nil: // the canceller is at it: this statement's, or another eSIM of the order first
		return c.Store.PostponeWithdrawal(ctx, w.ID, c.Now().Add(withdrawalAgain))
	case errors.Is(err, ErrInstalled), errors.Is(err, ErrWrongState), errors.Is(err, ErrNotFound), c.Now().Sub(w.At) > withdrawalPatience:
		return c.Store.SettleWithdrawal(ctx, w.ID, WithdrawalToPerson, []Notification{NewStaffContractWithdrawal(w), NewContractToPerson(w)})
	default:
		return errors.Join(err, c.Store.PostponeWithdrawal(ctx, w.ID, c.Now().Add(withdrawalAgain)))
	}
}

// cancel begins to give back what the statement is about, and reports whether that is on its way: what was only begun may be
// installed before the vendor takes it, and a cancellation under way may be of another eSIM.
func (c *Contracts) cancel(ctx context.Context, o Order, w ContractWithdrawal) (done bool, err error) {
	switch {
	case o.State.RefundOwed():
		return true, nil
	case o.State == StateCancelling:
		return false, nil
	case o.Kind != Purchase:
		return false, fmt.Errorf("a top-up cannot be cancelled: %w", ErrWrongState)
	case w.ESIM == "" && (o.State == StatePaid || o.State.AtVendor()) && c.Now().Sub(w.At) <= withdrawalPatience:
		return false, nil // it is on its way to them; when it is here it can be cancelled
	}
	// The canceller would keep the eSIM, and say so, each time it is asked.
	open, err := c.Canceller.Store.OpenTopUps(ctx, o.ID)
	if err != nil {
		return false, fmt.Errorf("top-ups on order %s: %w", o.ID, err)
	}
	if troubleOf(topUpsOf(open, w.ESIM)) == topUpMayBeOn {
		return false, fmt.Errorf("a top-up of it is under way: %w", ErrWrongState)
	}
	if w.ESIM == "" {
		return false, c.Canceller.BeginAll(ctx, o.ID)
	}
	e, err := c.esim(ctx, o.ID, w.ESIM)
	switch {
	case err != nil:
		return false, err
	case e.Returned:
		return true, nil
	}
	return false, c.Canceller.BeginOne(ctx, e)
}
