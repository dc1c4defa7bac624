package esim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// BalanceSource is our account at the vendor.
type BalanceSource interface {
	// Balance is the money left, in USD4.
	Balance(ctx context.Context) (Money, error)
}

// OpenCostSource knows what our account still has to pay.
type OpenCostSource interface {
	// OpenCost is the wholesale total (USD4) of orders that are paid for and not
	// yet accepted by the vendor.
	OpenCost(ctx context.Context) (Money, error)
}

// downAfter failures in a row the vendor counts as down: one may be an accident.
const downAfter = 2

// VendorMonitor knows, without asking again, whether the vendor can deliver: it is read
// at checkout and within the ten seconds of a pre-checkout.
type VendorMonitor struct {
	Source    BalanceSource
	Committed OpenCostSource
	// Floor (USD4) is what our account keeps for orders under way: below it nothing new is
	// sold. Staff hear of it at twice as much, while there is time to pay in.
	Floor Money
	Rules *RuleBook // whose balance_floor_usd wins over Floor; nil: none
	Now   func() time.Time

	mu       sync.Mutex
	balance  Money
	asked    time.Time
	failures int
	why      string // the last failed
}

// A VendorStatus is what staff see.
type VendorStatus struct {
	Balance Money     // USD4
	AsOf    time.Time // zero: never asked with success
	Down    bool
	Why     string // it is down, or did not answer the last question
}

// Status returns what is known.
func (s *VendorMonitor) Status() VendorStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return VendorStatus{Balance: s.balance, AsOf: s.asked, Down: s.down(), Why: s.why}
}

func (s *VendorMonitor) down() bool { return s.failures >= downAfter }

// CanSell reports whether the vendor answers and our account covers a purchase
// at the given wholesale price besides what is promised already.
// It fails with ErrVendorDown or ErrShopClosed.
func (s *VendorMonitor) CanSell(ctx context.Context, wholesale Money) error {
	st := s.Status()
	if st.Down || st.AsOf.IsZero() {
		return ErrVendorDown
	}
	if floor := s.CurrentFloor(); st.Balance.Minor < floor.Minor {
		return fmt.Errorf("%s left, %s is the floor: %w", st.Balance, floor, ErrShopClosed)
	}
	committed, err := s.Committed.OpenCost(ctx)
	if err != nil {
		return fmt.Errorf("sum up open orders: %w", err)
	}
	return covers(st.Balance, committed, wholesale)
}

// covers reports whether our account pays for a purchase besides what is promised: ErrShopClosed.
func covers(balance, committed, wholesale Money) error {
	if committed.Minor+wholesale.Minor > balance.Minor {
		return fmt.Errorf("%s promised, %s wanted, %s left: %w", committed, wholesale, balance, ErrShopClosed)
	}
	return nil
}

// Check asks for the balance. What it means is told by ShopWatch.
func (s *VendorMonitor) Check(ctx context.Context) error {
	balance, err := s.Source.Balance(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.failures++
		s.why = err.Error()
		return fmt.Errorf("check balance: %w", err)
	}
	s.failures, s.why = 0, ""
	s.balance, s.asked = balance, now
	return nil
}
