package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// never is when an eSIM that is withheld will be allocated.
var never = time.Date(2999, time.January, 1, 0, 0, 0, 0, time.UTC)

// Withhold keeps the n-th eSIM of an order (1 is the first) from ever being allocated, until
// Deliver. The order's esim/query says 200010 with the number that is ready, as captured of
// orders under way, while the others, which are ready, appear in listings and can be asked for,
// used, and cancelled by their esimTranNo. There is no ORDER_STATUS. Whether the vendor has such orders is
// known from one voice only.
func (s *Sandbox) Withhold(orderNo string, n int) (err error) {
	s.locked(func(now time.Time) {
		o := s.book.byNo[orderNo]
		switch {
		case o == nil || n < 1 || n > len(o.profiles):
			err = fmt.Errorf("order %q has no eSIM %d: %w", orderNo, n, ErrNoProfile)
		case o.whole(now):
			err = fmt.Errorf("order %s is allocated: %w", orderNo, ErrCannot)
		default:
			o.profiles[n-1].allocated, o.split, s.dirty = never, true, true
		}
	})
	return err
}

// Deliver allocates whatever of an order was withheld.
func (s *Sandbox) Deliver(orderNo string) (err error) {
	s.locked(func(now time.Time) {
		o := s.book.byNo[orderNo]
		if o == nil {
			err = fmt.Errorf("order %q: %w", orderNo, ErrNoProfile)
			return
		}
		for _, p := range o.profiles {
			if p.allocated.Equal(never) {
				p.allocated, s.dirty = now, true
				s.tell(p, now)
			}
		}
	})
	return err
}

// there reports whether the vendor lets an eSIM be seen at now: with its order, or by itself when
// another of the order is withheld.
func (p *profile) there(now time.Time) bool {
	return p.order.whole(now) || p.order.split && !now.Before(p.allocated)
}

// Cancel is the vendor taking an eSIM back by itself: what esim/cancel does, also before it was
// allocated; the money comes back to the balance. Only eSIMs that no phone has fetched.
func (s *Sandbox) Cancel(esimTranNo string) error {
	s.locked(func(now time.Time) {
		if p := s.book.byTran[esimTranNo]; p != nil && now.Before(p.allocated) {
			p.allocated, p.order.split, s.dirty = now, true, true
		}
	})
	return s.console(esimTranNo, (*Sandbox).cancelProfile)
}

// Suspend, Unsuspend and Revoke do what the vendor's console can do to an eSIM, without a call.
func (s *Sandbox) Suspend(esimTranNo string) error {
	return s.console(esimTranNo, (*Sandbox).suspendProfile)
}

// Unsuspend undoes Suspend.
func (s *Sandbox) Unsuspend(esimTranNo string) error {
	return s.console(esimTranNo, (*Sandbox).unsuspendProfile)
}

// Revoke ends an eSIM for good, with no money back.
func (s *Sandbox) Revoke(esimTranNo string) error {
	return s.console(esimTranNo, (*Sandbox).revokeProfile)
}

// ListTwice makes listings show an eSIM's row twice, or ends that. The total counts both.
func (s *Sandbox) ListTwice(esimTranNo string, twice bool) (err error) {
	s.locked(func(time.Time) {
		p := s.book.byTran[esimTranNo]
		if p == nil {
			err = ErrNoProfile
			return
		}
		p.twice, s.dirty = twice, true
	})
	return err
}

// Deposit puts money (USD × 10,000) onto the account, as the operator does in the console.
func (s *Sandbox) Deposit(units int64) {
	s.locked(func(time.Time) {
		s.book.balance += units
		s.dirty = true
	})
}

// Withdraw takes money (USD × 10,000) off the account that no order explains. No more is taken
// than there is; it returns what was.
func (s *Sandbox) Withdraw(units int64) (taken int64) {
	s.locked(func(time.Time) {
		taken = min(units, s.book.balance)
		s.book.balance -= taken
		s.dirty = true
	})
	return taken
}

// Spent is what transactionID has cost so far (USD × 10,000), what came back taken off. With "" it
// is what all orders and top-ups have cost; deposits and withdrawals are none of it.
func (s *Sandbox) Spent(transactionID string) (units int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.book.moves {
		if transactionID == "" || m.tx == transactionID {
			units -= m.units
		}
	}
	return units
}

// repeated are rows with those of eSIMs that are listed twice.
func (s *Sandbox) repeated(rows []esimRow) []esimRow {
	out := rows
	for i := len(rows) - 1; i >= 0; i-- {
		if p := s.book.byTran[rows[i].EsimTranNo]; p != nil && p.twice {
			out = slices.Insert(out, i+1, rows[i])
		}
	}
	return out
}

// withoutCode is a row of an eSIM that is not allocated: what will be known later is "".
func (r esimRow) withoutCode() esimRow {
	r.ICCID, r.IMSI, r.MSISDN, r.AC, r.QRCodeURL, r.ShortURL = "", "", "", "", "", ""
	r.PIN, r.PUK, r.APN = "", "", ""
	r.ExpiredTime = stamp{}
	return r
}
