package main

import (
	"context"
	"slices"
	"strings"

	"esimbot/esim"
)

// check compares what the neighbours know with what the shop knows, when everything is
// mended and quiet: the promise, payment by payment.
func (s *simulated) check() {
	s.t.Helper()
	ctx := context.Background()
	orders, err := s.app.DB.RecentOrders(ctx, nil, 100_000)
	s.must(err)
	s.logEnd(ctx, orders)
	for _, o := range orders {
		if o.PaidAt.IsZero() {
			continue
		}
		if n := s.vendor.Charged(o.IdempotencyKey); n > 1 {
			s.t.Errorf("order %s: the vendor charged %d times", o.ID, n)
		}
		switch o.State {
		case esim.StateDelivered, esim.StateRefunded, esim.StateNeedsHuman:
		default:
			s.t.Errorf("order %s ends %s: %s", o.ID, o.State, o.Reason)
		}
		s.checkESIMs(ctx, o)
	}
	s.checkAllTold(ctx)
	kept := s.checkPayments(ctx)
	s.checkHeld(ctx)
	s.checkBooks(ctx, kept)
	s.checkWays(ctx, orders)
	s.checkOrphans(ctx)
	s.checkQueues(ctx)
	s.checkNotifications()
	s.checkPrivacy(ctx, orders)
	if v := s.telegram.Violations(); len(v) > 0 {
		s.t.Errorf("%d calls within the wait that Telegram asked for: %v", len(v), v[0])
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for _, f := range s.watch.faults {
		s.t.Error(f)
	}
}

// checkESIMs: what was delivered exists at the vendor, belongs to this order and to nobody else,
// and its picture was shown to its customer.
func (s *simulated) checkESIMs(ctx context.Context, o esim.Order) {
	s.t.Helper()
	esims, err := s.app.DB.ESIMsOfOrder(ctx, o.ID)
	s.must(err)
	events, err := s.app.DB.OrderEvents(ctx, o.ID)
	s.must(err)
	if o.State == esim.StateDelivered && o.ESIM == "" && len(esims)+o.Missing != o.Quantity {
		s.t.Errorf("order %s: delivered with %d of %d eSIMs, %d missing", o.ID, len(esims), o.Quantity, o.Missing)
	}
	for _, e := range esims {
		p, ok := s.vendor.Profile(string(e.ID))
		if !ok || p.TransactionID != o.IdempotencyKey || e.Customer != o.Customer {
			s.t.Errorf("order %s: eSIM %s is of %q and of customer %d", o.ID, e.ID, p.TransactionID, e.Customer)
		}
		switch {
		case o.State.RefundOwed() && !kindness(events) && p.EsimStatus == "GOT_RESOURCE" && p.Installed.IsZero():
			s.t.Errorf("order %s is %s and its eSIM %s can be used: %v", o.ID, o.State, e.ID, events)
		case o.State == esim.StateDelivered && o.ESIM == "" && p.EsimStatus == "CANCEL" && o.Returned == 0:
			s.t.Errorf("order %s is delivered and its eSIM %s is cancelled", o.ID, e.ID)
		case o.State == esim.StateDelivered && o.ESIM == "" && p.EsimStatus == "GOT_RESOURCE" && !s.showed(e, !p.Installed.IsZero()):
			s.t.Errorf("order %s: its customer was not shown eSIM %s", o.ID, e.ID)
		}
	}
}

// kindness reports whether staff decided that an eSIM lives on though its money went back: the
// question before a refund says so, and they may resume what was refunded elsewhere.
func kindness(events []esim.OrderEvent) bool {
	return slices.ContainsFunc(events, func(e esim.OrderEvent) bool {
		return e.To == esim.StateRefunding && (e.From == esim.StateDelivered && strings.HasPrefix(e.Why, "refunded by staff") ||
			strings.HasSuffix(e.Why, "decided by staff: resumed"))
	})
}

// showed reports whether the customer of an eSIM has got its QR picture, or what else the vendor gave
// for its code, as text. What the text was good enough to install needs no picture, though its code be
// written as it should by now.
func (s *simulated) showed(e esim.ESIM, installed bool) bool {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	_, code := e.ActivationCode.Split()
	is := shown{int64(e.Customer), code}
	return s.watch.pictures[is]+s.watch.unsure[is] > 0 || (installed || !e.ActivationCode.Drawable()) && s.watch.texts[esim.NewQR(e).Key]
}
