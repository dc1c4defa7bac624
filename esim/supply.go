package esim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// BalanceSource is our account at the supplier.
type BalanceSource interface {
	// Balance is the money left, in USD4.
	Balance(ctx context.Context) (Money, error)
}

// CommittedSource knows what our account still has to pay.
type CommittedSource interface {
	// Committed is the wholesale total (USD4) of orders that are paid for and not
	// yet accepted by the supplier.
	Committed(ctx context.Context) (Money, error)
}

// downAfter failures in a row the supplier counts as down: one may be an accident.
const downAfter = 2

// Supply knows, without asking again, whether the supplier can deliver: it is read
// at checkout and within the ten seconds of a pre-checkout.
type Supply struct {
	Source    BalanceSource
	Committed CommittedSource
	// Floor (USD4) is what our account keeps for orders under way: below it nothing new is
	// sold. Staff hear of it at twice as much, while there is time to pay in.
	Floor   Money
	Notices NoticeStore
	Now     func() time.Time

	mu       sync.Mutex
	balance  Money
	asked    time.Time
	failures int
	lowTo    bool // staff know that the balance nears the floor
	downTo   bool // staff know that the supplier is down
}

// A SupplyStatus is what staff see.
type SupplyStatus struct {
	Balance Money     // USD4
	AsOf    time.Time // zero: never asked with success
	Down    bool
}

// Status returns what is known.
func (s *Supply) Status() SupplyStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return SupplyStatus{Balance: s.balance, AsOf: s.asked, Down: s.down()}
}

func (s *Supply) down() bool { return s.failures >= downAfter }

// CanSell reports whether the supplier answers and our account covers a purchase
// at the given wholesale price besides what is promised already.
// It fails with ErrSupplierDown or ErrShopClosed.
func (s *Supply) CanSell(ctx context.Context, wholesale Money) error {
	st := s.Status()
	if st.Down || st.AsOf.IsZero() {
		return ErrSupplierDown
	}
	if st.Balance.Minor < s.Floor.Minor {
		return fmt.Errorf("%s left, %s is the floor: %w", st.Balance, s.Floor, ErrShopClosed)
	}
	committed, err := s.Committed.Committed(ctx)
	if err != nil {
		return fmt.Errorf("sum up open orders: %w", err)
	}
	if committed.Minor+wholesale.Minor > st.Balance.Minor {
		return fmt.Errorf("%s promised, %s wanted, %s left: %w", committed, wholesale, st.Balance, ErrShopClosed)
	}
	return nil
}

// Check asks for the balance and tells staff, once each time, when it came
// near the floor or the supplier went down or came back.
func (s *Supply) Check(ctx context.Context) error {
	balance, err := s.Source.Balance(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := s.Now()
	s.mu.Lock()
	var notices []Notice
	if err != nil {
		s.failures++
		if s.down() && !s.downTo {
			s.downTo = true
			notices = append(notices, Notice{Kind: StaffSupplierDown, Note: err.Error()})
		}
	} else {
		s.failures = 0
		if s.downTo {
			s.downTo = false
			notices = append(notices, Notice{Kind: StaffSupplierBack})
		}
		s.balance, s.asked = balance, now
		low := balance.Minor < 2*s.Floor.Minor
		if low && !s.lowTo {
			notices = append(notices, Notice{Kind: StaffBalanceLow, Amount: balance})
		}
		s.lowTo = low
	}
	s.mu.Unlock()
	for i := range notices {
		notices[i].Key = fmt.Sprintf("%s:%d", notices[i].Kind, now.UnixMilli())
	}
	if len(notices) > 0 {
		if err := s.Notices.AddNotices(ctx, notices); err != nil {
			return fmt.Errorf("tell staff about the supply: %w", err)
		}
	}
	if err != nil {
		return fmt.Errorf("check balance: %w", err)
	}
	return nil
}
