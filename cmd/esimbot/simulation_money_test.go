package main

import (
	"context"
	"slices"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// checkPayments: each payment that Telegram has taken for us is of an order that has its eSIM, or
// went back once, or staff keep it. What they keep, which is in no book, is returned.
func (s *simulated) checkPayments(ctx context.Context) (keptStars int64) {
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
	held, kept := s.held(ctx), 0
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
		if i := slices.IndexFunc(held, func(h heldPayment) bool { return h.id == p.ID }); i >= 0 && !held[i].booked {
			switch {
			case len(back) > 0 && !held[i].closed:
				s.t.Errorf("payment %s went back and is held for staff", p.ID)
			case len(back) == 0: // told of, see checkAllTold, and at an end, see checkHeld
				kept, keptStars = kept+1, keptStars+p.Amount
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
		s.checkBooked(ctx, payments[i], p.Date)
	}
	for _, h := range held { // by card: in no account, see checkCards
		if h.closed && !h.booked && h.amount.Currency != esim.XTR {
			kept++
		}
	}
	if decided := s.audited(ctx, "keep"); kept != decided {
		s.t.Errorf("%d payments are in no book and did not go back, and staff kept %d", kept, decided)
	}
	return keptStars
}

// audited counts what staff did with one of their buttons.
func (s *simulated) audited(ctx context.Context, what string) (n int) {
	s.t.Helper()
	all, err := s.app.DB.AuditEntries(ctx, "", 10_000)
	s.must(err)
	for _, a := range all {
		if a.What == what {
			n++
		}
	}
	return n
}

// checkBooked: a payment is booked within an hour of when it was made, also one whose update was lost.
// What came before a copy was put back is the copy's, or is found anew.
func (s *simulated) checkBooked(ctx context.Context, p esim.OrderPayment, made time.Time) {
	s.t.Helper()
	events, err := s.app.DB.OrderEvents(ctx, p.Order)
	s.must(err)
	i := slices.IndexFunc(events, func(e esim.OrderEvent) bool { return e.To == esim.StatePaid })
	if i < 0 || p.Surplus || s.lost(made) {
		return
	}
	if at, _ := s.truly(events[i].At); at.Sub(made)-s.impossible(made, at) > toldWithin {
		s.t.Errorf("payment %s of %s was booked at %s", p.ID, made.Format(time.DateTime), at.Format(time.DateTime))
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
	case p.Status == esim.PaymentSettled && (p.Surplus || o.State != esim.StateDelivered && o.State != esim.StateNeedsHuman):
		s.t.Errorf("payment %s is kept and order %s is %s", p.ID, o.ID, o.State)
	case p.Status == esim.PaymentRefunded && !p.Surplus && o.State != esim.StateRefunded && o.State != esim.StateNeedsHuman:
		s.t.Errorf("payment %s is refunded and order %s is %s", p.ID, o.ID, o.State)
	}
}

// checkBooks: the books agree with themselves, with Telegram's account of Stars, and with the vendor's.
func (s *simulated) checkBooks(ctx context.Context, keptStars int64) {
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
	stars := of(esim.AccountStars) + keptStars
	if got := s.telegram.BotStars(); got != stars {
		s.t.Errorf("the books say %d Stars, Telegram has %d", stars, got)
	}
	// A copy that was put back cannot know what was bought by hand, by card and from store credit since, nor
	// what was cancelled since: of what it does not find at both neighbours staff are told the amount. Neither is booked what
	// the vendor gave back for part of an order about which staff have to decide: they are told of that too.
	spent, untold := s.vendor.Spent(""), int64(0)
	states, err := s.app.DB.CountOrders(ctx, time.Time{})
	s.must(err)
	if waits := states[esim.StateNeedsHuman] > 0; len(s.losses) > 0 || waits && spent != -of(esim.AccountVendor) {
		untold = s.watch.moneyTold()
	}
	if spent != -of(esim.AccountVendor)+untold {
		s.t.Errorf("the books say that the vendor got %d, it has %d, and staff were told of %d after %d copies were put back",
			-of(esim.AccountVendor), spent, untold, len(s.losses))
	}
}
