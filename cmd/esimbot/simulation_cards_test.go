package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"esimbot/esim"
)

// checkWays: money that came by card, by hand or from store credit is of an order that has its eSIM, or
// became store credit; what was set aside is free again; nothing waits for its money for ever.
func (s *simulated) checkWays(ctx context.Context, orders []esim.Order) {
	s.t.Helper()
	s.booked = map[esim.PaymentMethod]int{}
	var byHand, byCard []esim.OrderPayment
	for _, o := range orders {
		if o.State == esim.StateAwaitingPayment && s.now().Sub(o.NextAt) > quietRound+simulatedRound {
			s.t.Errorf("order %s waits for its money, and was to expire at %s", o.ID, o.NextAt.Format(time.DateTime))
		}
		if o.Credit.Minor > 0 && !o.PaidAt.IsZero() {
			s.booked["beside credit"]++
		}
		payments, err := s.app.DB.PaymentsOf(ctx, o.ID)
		s.must(err)
		for _, p := range payments {
			s.booked[p.Method]++
			switch p.Method {
			case esim.MethodStars: // see checkPayments
				continue
			case esim.MethodManual:
				byHand = append(byHand, p)
			case esim.MethodProvider:
				byCard = append(byCard, p)
			}
			s.checkPayment(ctx, p, false)
		}
	}
	for _, h := range s.held(ctx) { // of no order here: in the books only if staff sent it back, as store credit
		if h.amount.Currency != esim.XTR && h.booked {
			byCard = append(byCard, esim.OrderPayment{Payment: esim.Payment{ID: h.id, Customer: h.customer, Amount: h.amount, At: h.made}})
		}
	}
	balances, err := s.app.DB.Balances(ctx)
	s.must(err)
	sum := func(payments []esim.OrderPayment) (all int64) {
		for _, p := range payments {
			all += p.Amount.Minor
		}
		return all
	}
	for account, want := range map[esim.Account]int64{esim.AccountReserved: 0, esim.AccountCash: sum(byHand), esim.AccountProvider: sum(byCard)} {
		got := int64(0)
		for _, m := range balances[account] {
			got += m.Minor
		}
		if got != want {
			s.t.Errorf("the books say %d of %s, want %d", got, account, want)
		}
	}
	if n := s.audited(ctx, "received"); n != len(byHand) {
		s.t.Errorf("staff said %d times that money came, and %d payments by hand are booked", n, len(byHand))
	}
	for _, h := range s.held(ctx) { // and a human knows of what they keep
		if h.amount.Currency != esim.XTR && !h.booked {
			byCard = append(byCard, esim.OrderPayment{Payment: esim.Payment{ID: h.id, Customer: h.customer, Amount: h.amount, At: h.made}})
		}
	}
	s.checkCards(byCard, orders)
}

// checkCards compares the payments by card that customers see in their chats with those that are booked.
// No account lists them: of one that nobody told the shop of, staff heard that it was approved and did
// not come. A copy that was put back cannot know of those that came since it was made.
func (s *simulated) checkCards(booked []esim.OrderPayment, orders []esim.Order) {
	s.t.Helper()
	for _, h := range s.people {
		made := map[int64][]time.Time{}
		for _, m := range h.Chat() {
			if at := time.Unix(m.Date, 0); m.Payment != nil && m.Payment.Currency == "USD" && !s.lost(at) {
				made[m.Payment.Total] = append(made[m.Payment.Total], at)
			}
		}
		for _, p := range booked {
			if int64(p.Customer) != h.ID() {
				continue
			}
			of := made[p.Amount.Minor]
			switch at, _ := s.truly(p.At); {
			case len(of) > 0: // of the same amount the one made then: another may be the lost one
				i := slices.Index(of, slices.MinFunc(of, func(a, b time.Time) int {
					return cmp.Compare(a.Sub(at).Abs(), b.Sub(at).Abs())
				}))
				made[p.Amount.Minor] = slices.Delete(of, i, i+1)
			case !s.lost(at):
				s.t.Errorf("payment %s of customer %d is booked, and was never made", p.ID, h.ID())
			}
		}
		for _, o := range orders {
			if int64(o.Customer) != h.ID() || o.Method != esim.MethodProvider || !o.PaidAt.IsZero() {
				continue
			}
			told := s.watch.toldWhere(func(text string) bool {
				return strings.Contains(text, "Approved, and no payment came") && strings.Contains(text, o.ID.String())
			})
			i := slices.IndexFunc(made[o.Price.Minor], func(made time.Time) bool {
				return slices.ContainsFunc(told, func(at time.Time) bool {
					return at.After(made) && at.Sub(made)-s.impossible(made, at) <= toldWithin
				})
			})
			if i >= 0 {
				made[o.Price.Minor] = slices.Delete(made[o.Price.Minor], i, i+1)
			}
		}
		for amount, untold := range made {
			if len(untold) > 0 {
				s.t.Errorf("customer %d paid %d cents by card at %v, of which no book and no human knows", h.ID(), amount, untold)
			}
		}
	}
}
