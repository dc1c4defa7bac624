package main

import (
	"context"

	"esimbot/esim"
)

// check compares what the neighbours know with what the shop knows, when everything is
// mended and quiet: the promise, payment by payment.
func (s *simulated) check() {
	s.t.Helper()
	ctx := context.Background()
	orders, err := s.app.DB.RecentOrders(ctx, nil, 100_000)
	s.must(err)
	for _, o := range orders {
		if o.PaidAt.IsZero() {
			continue
		}
		if n := s.vendor.Charged(o.TxID); n > 1 {
			s.t.Errorf("order %s: the vendor charged %d times", o.ID, n)
		}
		switch o.State {
		case esim.Delivered, esim.Refunded, esim.NeedsHuman:
		default:
			s.t.Errorf("order %s ends %s: %s", o.ID, o.State, o.Reason)
		}
		s.checkESIMs(ctx, o)
	}
	faults, err := s.app.DB.LedgerFaults(ctx)
	s.must(err)
	for _, f := range faults {
		s.t.Errorf("books: %s %s is off by %s", f.What, f.Name, f.Off)
	}
	if waiting, dead, err := s.app.DB.OutboxSize(ctx); err != nil || waiting+dead > 0 {
		s.t.Errorf("outbox: %d waiting, %d dead, %v", waiting, dead, err)
	}
	if v := s.telegram.Violations(); len(v) > 0 {
		s.t.Errorf("%d calls within the wait that Telegram asked for: %v", len(v), v[0])
	}
}

// checkESIMs: what was delivered exists at the vendor, belongs to this order and to nobody else.
func (s *simulated) checkESIMs(ctx context.Context, o esim.Order) {
	s.t.Helper()
	esims, err := s.app.DB.ESIMsOfOrder(ctx, o.ID)
	s.must(err)
	if o.State == esim.Delivered && o.ESIM == "" && len(esims) != o.Quantity {
		s.t.Errorf("order %s: delivered with %d of %d eSIMs", o.ID, len(esims), o.Quantity)
	}
	for _, e := range esims {
		p, ok := s.vendor.Profile(string(e.ID))
		if !ok || p.TransactionID != o.TxID || e.Customer != o.Customer {
			s.t.Errorf("order %s: eSIM %s is of %q and of customer %d", o.ID, e.ID, p.TransactionID, e.Customer)
		}
	}
}
