package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"esimbot/esim"
)

// logEnd writes what became of each order and each eSIM at the end of an episode, for whoever looks for
// the reason of a fault (SIMULATION_LOG).
func (s *simulated) logEnd(ctx context.Context, orders []esim.Order) {
	if os.Getenv("SIMULATION_LOG") == "" {
		return
	}
	write := func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	for _, o := range orders {
		write("order %s, %s of customer %d by %s, %s and %s credit: %s, %s; key %s, charged %d times", o.ID, o.Kind, o.Customer, o.Method,
			o.Price, o.Credit, o.State, o.Reason, o.IdempotencyKey, s.vendor.Charged(o.IdempotencyKey))
		events, err := s.app.DB.OrderEvents(ctx, o.ID)
		s.must(err)
		for _, e := range events {
			write("\t%s %s to %s: %s", e.At.Format(time.DateTime), e.From, e.To, e.Why)
		}
		payments, err := s.app.DB.PaymentsOf(ctx, o.ID)
		s.must(err)
		for _, p := range payments {
			write("\t%s payment %s of %s: %s %s", p.At.Format(time.DateTime), p.ID, p.Amount, p.Status, p.Reason)
		}
	}
	for _, p := range s.vendor.Profiles() {
		write("eSIM %s of key %s is %s", p.EsimTranNo, p.TransactionID, p.EsimStatus)
	}
	for _, h := range s.people {
		for _, m := range h.Chat() {
			if m.Payment != nil {
				write("%s customer %d paid %d %s", time.Unix(m.Date, 0).Format(time.DateTime), h.ID(), m.Payment.Total, m.Payment.Currency)
			}
		}
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for key, m := range s.watch.money {
		write("%s staff were told %s", m.at.Format(time.DateTime), key)
	}
}
