package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// checkPayments: each payment that Telegram has taken for us is of an order that has its eSIM, or
// went back once, or staff know of it.
func (s *simulated) checkPayments(ctx context.Context) {
	s.t.Helper()
	var came, went []telegram.StarTransaction
	for line, err := range s.app.Telegram.AllStarTransactions(ctx, 0) {
		s.must(err)
		if line.Incoming {
			came = append(came, line)
		} else if line.Refund() {
			went = append(went, line)
		}
	}
	held, err := s.app.DB.UnexplainedPayments(ctx)
	s.must(err)
	for _, p := range came {
		var back []telegram.StarTransaction
		for _, w := range went {
			if w.ID == p.ID {
				back = append(back, w)
			}
		}
		if len(back) > 1 || len(back) == 1 && (back[0].Amount != p.Amount || back[0].UserID != p.UserID) {
			s.t.Errorf("payment %s of %d Stars by %d went back as %+v", p.ID, p.Amount, p.UserID, back)
		}
		id := esim.ParseInvoicePayload(p.Payload).Order
		if slices.ContainsFunc(held, func(u esim.UnexplainedPayment) bool { return u.ID == p.ID }) {
			if len(back) > 0 {
				s.t.Errorf("payment %s went back and is held for staff", p.ID)
			}
			continue
		}
		payments, err := s.app.DB.PaymentsOf(ctx, id)
		s.must(err)
		i := slices.IndexFunc(payments, func(o esim.OrderPayment) bool { return o.ID == p.ID })
		if i < 0 {
			if len(back) == 0 {
				s.t.Errorf("payment %s of order %s, %s, is in no book and did not go back", p.ID, id, p.Date.Format(time.DateTime))
			}
			continue
		}
		s.checkPayment(ctx, payments[i], len(back) > 0)
	}
}

// checkPayment compares what the books say of one payment with what became of it.
func (s *simulated) checkPayment(ctx context.Context, p esim.OrderPayment, back bool) {
	s.t.Helper()
	o, err := s.app.DB.Order(ctx, p.Order)
	s.must(err)
	credited := p.Credited.Minor > 0
	switch {
	case p.Status == esim.PaymentRefunded && back && credited && s.toldOf("Given back twice"): // not by us
	case p.Status == esim.PaymentRefunded && back == credited:
		s.t.Errorf("payment %s of order %s is refunded; it went back %v, became store credit %v", p.ID, o.ID, back, credited)
	case p.Status != esim.PaymentRefunded && back:
		s.t.Errorf("payment %s of order %s went back and is %s", p.ID, o.ID, p.Status)
	case p.Status == esim.PaymentRefundDue && o.State != esim.StateNeedsHuman:
		s.t.Errorf("payment %s of order %s never goes back: %s", p.ID, o.ID, p.Reason)
	case p.Status == esim.PaymentSettled && (p.Extra || o.State != esim.StateDelivered && o.State != esim.StateNeedsHuman):
		s.t.Errorf("payment %s is kept and order %s is %s", p.ID, o.ID, o.State)
	case p.Status == esim.PaymentRefunded && !p.Extra && o.State != esim.StateRefunded && o.State != esim.StateNeedsHuman:
		s.t.Errorf("payment %s is refunded and order %s is %s", p.ID, o.ID, o.State)
	}
}

// checkBooks: the books agree with themselves, with Telegram's account of Stars, and with the vendor's.
func (s *simulated) checkBooks(ctx context.Context) {
	s.t.Helper()
	faults, err := s.app.DB.LedgerFaults(ctx)
	s.must(err)
	for _, f := range faults {
		s.t.Errorf("books: %s %s is off by %s", f.What, f.Name, f.Off)
	}
	balances, err := s.app.DB.Balances(ctx)
	s.must(err)
	of := func(a esim.Account) (sum int64) {
		for _, m := range balances[a] {
			sum += m.Minor
		}
		return sum
	}
	held, err := s.app.DB.UnexplainedPayments(ctx)
	s.must(err)
	stars := of(esim.AccountStars)
	for _, u := range held {
		stars += u.Amount.Minor
	}
	if got := s.telegram.BotStars(); got != stars {
		s.t.Errorf("the books say %d Stars, Telegram has %d", stars, got)
	}
	if spent := s.vendor.Spent(""); spent != -of(esim.AccountVendor) && !s.restored {
		s.t.Errorf("the books say that the vendor got %d, it has %d", -of(esim.AccountVendor), spent)
	}
}

// toldOf reports whether a notice to the group has these words.
func (s *simulated) toldOf(words string) bool {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	return slices.ContainsFunc(s.watch.notices, func(n string) bool { return strings.Contains(n, words) })
}
