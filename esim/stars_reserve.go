package esim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Stars that were paid stay in the bot's balance until the operator withdraws them, and Stars go
// back out of that balance: so it is a reserve for all that may still have to go back.

// A StarsExposure is a payment in Stars and what it depends on whether it goes back.
type StarsExposure struct {
	Payment OrderPayment
	Order   Order  // the zero value if it paid none
	ESIMs   []ESIM // of the order
}

// mayGoBack reports whether the payment may still have to go back: it is on its way, nothing was given
// for it yet, or what was given is unused and can be given back.
func (s StarsExposure) mayGoBack() bool {
	switch {
	case s.Payment.Status != PaymentSettled:
		return s.Payment.Status == PaymentRefundDue
	case s.Order.State.Open():
		return true
	case s.Order.State != StateDelivered || s.Order.Kind == TopUp || len(s.ESIMs) == 0:
		return false
	}
	for _, e := range s.ESIMs {
		if !e.unusedYet() {
			return false
		}
	}
	return true
}

// StarsOwed sums up what may still have to go back.
func StarsOwed(all []StarsExposure) Money {
	sum := Stars(0)
	for _, s := range all {
		if s.mayGoBack() {
			sum.Minor += s.Payment.Amount.Minor
		}
	}
	return sum
}

// StarBalanceSource is the bot's balance of Stars.
type StarBalanceSource interface {
	StarBalance(ctx context.Context) (Money, error)
}

// StarsReserveStore is what the reserve needs from storage.
type StarsReserveStore interface {
	// StarsExposures lists the payments in Stars that may have to go back: those that are due to go back,
	// those of open orders, and those of orders with an eSIM that nobody used.
	StarsExposures(ctx context.Context) ([]StarsExposure, error)
	// StarsBooked is what the books say that the bot has.
	StarsBooked(ctx context.Context) (Money, error)
}

// SettingStore keeps a few values under their names: what must be remembered and is of no order.
type SettingStore interface {
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// StarsReserve compares the bot's Stars with what may still have to go back in Stars.
type StarsReserve struct {
	Source StarBalanceSource
	Store  StarsReserveStore
	Now    func() time.Time

	mu     sync.Mutex
	status StarsReserveStatus
}

// A StarsReserveStatus is what staff see.
type StarsReserveStatus struct {
	Balance Money
	Owed    Money // what may still have to go back
	Booked  Money // what the books say; Balance is less by what was withdrawn
	AsOf    time.Time
}

// Low reports whether the balance does not cover what may have to go back, or hardly does since some of it was
// withdrawn. A shop that withdrew nothing and whose sales are all unused owes all it has.
func (s StarsReserveStatus) Low() bool {
	withdrawn := s.Booked.Minor > s.Balance.Minor
	return s.Balance.Minor < s.Owed.Minor || withdrawn && s.Balance.Minor < s.Owed.Minor+s.Owed.Minor/4
}

// Status returns what is known; the zero value before the first Check.
func (r *StarsReserve) Status() StarsReserveStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Check asks for the balance. What it means is told by ShopWatch.
func (r *StarsReserve) Check(ctx context.Context) error {
	now, err := r.look(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = now
	return nil
}

// look sums up before the question, and where that says that Stars are short after it too, and
// takes the less: what went back meanwhile is in the balance already, and what came in since was not.
func (r *StarsReserve) look(ctx context.Context) (StarsReserveStatus, error) {
	before, err := r.Store.StarsExposures(ctx)
	if err != nil {
		return StarsReserveStatus{}, err
	}
	balance, err := r.Source.StarBalance(ctx)
	if err != nil {
		return StarsReserveStatus{}, fmt.Errorf("the bot's balance of Stars: %w", err)
	}
	booked, err := r.Store.StarsBooked(ctx)
	if err != nil {
		return StarsReserveStatus{}, err
	}
	now := StarsReserveStatus{Balance: balance, Owed: StarsOwed(before), Booked: booked, AsOf: r.Now()}
	if !now.Low() { // less would not be either
		return now, nil
	}
	after, err := r.Store.StarsExposures(ctx)
	if err != nil {
		return StarsReserveStatus{}, err
	}
	now.Owed.Minor = min(now.Owed.Minor, StarsOwed(after).Minor)
	return now, nil
}
