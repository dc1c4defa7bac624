package sandbox

import (
	"slices"
	"time"
)

// A ProfileView is an eSIM as one can see it who sees everything: the truth, not the vendor's late
// knowledge of it.
type ProfileView struct {
	EsimTranNo, OrderNo, TransactionID string
	ICCID                              string // real, even where answers do not show it yet
	Slug, Name                         string
	Place                              string // locationCode of the plan
	SMDPStatus, EsimStatus             string
	Used                               int64 // bytes really used
	Reported                           int64 // bytes that answers show
	Total                              int64 // bytes
	Days                               int
	DayPass                            bool
	Silent                             bool // its carrier reports no usage
	Allocated                          bool
	Ordered                            time.Time
	Installed, Activated               time.Time // zero if not yet
	Expires                            time.Time
}

// Profiles are all eSIMs ever bought, newest first, those being allocated included.
func (s *Sandbox) Profiles() []ProfileView {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Time()
	var out []ProfileView
	for _, p := range slices.Backward(s.book.profiles) {
		out = append(out, p.view(now, s.reported(now)))
	}
	return out
}

// Profile is one of them; ok is false if there is none.
func (s *Sandbox) Profile(esimTranNo string) (v ProfileView, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.book.byTran[esimTranNo]
	if p == nil {
		return ProfileView{}, false
	}
	now := s.Time()
	return p.view(now, s.reported(now)), true
}

func (p *profile) view(now, reported time.Time) ProfileView {
	return ProfileView{
		EsimTranNo: p.tranNo, OrderNo: p.order.no, TransactionID: p.order.tx, ICCID: p.iccid,
		Slug: p.plan.Slug, Name: p.plan.Name, Place: p.plan.LocationCode,
		SMDPStatus: p.smdpStatus(), EsimStatus: p.esimStatus(now, reported),
		Used: p.burnt(now), Reported: p.known(reported), Total: p.totalVolume(), Days: p.totalDays(),
		DayPass: p.plan.daily(), Silent: p.silent, Allocated: p.there(now), Ordered: p.ordered,
		Installed: p.installed, Activated: p.activated(), Expires: p.expires(),
	}
}

// An OrderView is one purchase of eSIMs.
type OrderView struct {
	OrderNo, TransactionID string
	At                     time.Time
	Amount                 int64 // USD × 10,000
	EsimTranNos            []string
}

// Orders are all orders of eSIMs, oldest first. Top-ups are not among them.
func (s *Sandbox) Orders() []OrderView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []OrderView
	for _, o := range s.book.orders {
		v := OrderView{OrderNo: o.no, TransactionID: o.tx, At: o.at, Amount: o.amount}
		for _, p := range o.profiles {
			v.EsimTranNos = append(v.EsimTranNos, p.tranNo)
		}
		out = append(out, v)
	}
	return out
}

// Charged is how many times money was taken for transactionID: 1 is what everybody wants. With ""
// it is how many times money was taken at all.
func (s *Sandbox) Charged(transactionID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.charged(transactionID)
}

func (b *book) charged(transactionID string) (n int) {
	for _, m := range b.moves {
		if m.units < 0 && (transactionID == "" || m.tx == transactionID) {
			n++
		}
	}
	return n
}

// Balance is the account's money, USD × 10,000.
func (s *Sandbox) Balance() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.balance
}

// SetBalance puts the account's money to units, USD × 10,000.
func (s *Sandbox) SetBalance(units int64) {
	s.locked(func(time.Time) {
		s.book.balance = units
		s.dirty = true
	})
}
