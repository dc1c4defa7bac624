package main

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// stillShop is a shop whose workers run only when a test calls them.
func stillShop(t *testing.T) (*rig, *shop.App) {
	w := newTown(t)
	env := map[string]string{}
	for _, pair := range w.env() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	a, err := shop.New(w.ctx, cfg, shop.Options{Now: w.vendor.Time, Log: discarded, Version: version(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		a.Bot.Close()
		if err := a.DB.Close(); err != nil {
			t.Error(err)
		}
	})
	s := w.rig
	s.app = a
	if err := errors.Join(a.Catalog.Refresh(s.ctx), a.Monitor.Check(s.ctx)); err != nil {
		t.Fatal(err)
	}
	return s, a
}

// request is Ann's purchase request for a plan at its present price.
func (s *rig) request(method esim.PaymentMethod) esim.PurchaseRequest {
	s.t.Helper()
	if _, _, err := s.app.DB.UpsertCustomer(s.ctx, esim.Customer{ID: esim.CustomerID(s.ann().ID()), Chat: s.ann().ID(), Language: "en", Name: "Ann", Created: s.app.Now()}); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range s.app.Catalog.Current().Country("JP") {
		if q, err := s.app.Checkout.QuoteWith(method, p.Code, 1, 0); err == nil && !p.DayPass() {
			return esim.PurchaseRequest{Customer: esim.CustomerID(s.ann().ID()), PlanCode: p.Code, Quantity: 1, Method: method, Seen: q.Price}
		}
	}
	s.t.Fatal("nothing is sold for Japan")
	return esim.PurchaseRequest{}
}

// paidFor is an order of Ann's that is paid with Stars.
func (s *rig) paidFor() esim.Order {
	s.t.Helper()
	o, err := s.app.Checkout.Begin(s.ctx, s.request(esim.MethodStars))
	if err != nil {
		s.t.Fatal(err)
	}
	o, _, err = s.app.Checkout.Paid(s.ctx, esim.Payment{ID: "charge-" + string(o.ID), Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: s.app.Now()})
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

func TestNever05AnApologyWhereARefundIsDue(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	stars := ann.Stars()
	s.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011"})
	ann.buys(s.japan())
	ann.untilText("are back with you")
	var in, out []telegram.StarTransaction
	for tr, err := range s.app.Telegram.AllStarTransactions(s.ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if tr.Incoming {
			in = append(in, tr)
		} else {
			out = append(out, tr)
		}
	}
	if len(in) != 1 || len(out) != 1 || in[0].ID != out[0].ID || in[0].Amount != out[0].Amount || out[0].UserID != ann.ID() {
		t.Errorf("Telegram's account has %+v in and %+v out; want the same payment once each way", in, out)
	}
	if ann.Stars() != stars || s.telegram.BotStars() != 0 {
		t.Errorf("Ann has %d Stars, had %d; the bot keeps %d", ann.Stars(), stars, s.telegram.BotStars())
	}
	s.becomes(s.newestOf(ann.ID()).ID, esim.StateRefunded)
}

// atOnce calls do n times at one moment and counts the successes.
func atOnce(n int, do func(i int) error) (ok int, failures []error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				ok++
			} else {
				failures = append(failures, err)
			}
		})
	}
	close(begin)
	all.Wait()
	return ok, failures
}

func TestNever06ReadThenWriteOnMoneyWithoutAGuard(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", map[string]string{"PAYMENTS": "stars,credit"})
	s, a := h.rig, h.app
	if err := errors.Join(a.Catalog.Refresh(s.ctx), a.Monitor.Check(s.ctx)); err != nil {
		t.Fatal(err)
	}
	visit(s, s.ann()).says("/start", "Where are you going")
	request := s.request(esim.MethodCredit)
	price := request.Seen.Minor
	entry := func(what string) esim.AuditEntry {
		return esim.AuditEntry{At: a.Now(), Who: esim.CustomerID(s.staff().ID()), What: what, Customer: request.Customer, Amount: esim.USDCents(price + price/2), Why: "a test"}
	}
	if err := a.Admin.Grant(s.ctx, "gift", entry("credit")); err != nil {
		t.Fatal(err)
	}
	// Enough for one order and a half: of two orders, pressed 25 times each, one is paid once.
	var ids [2]esim.OrderID
	for i := range ids {
		o, err := a.Checkout.Begin(s.ctx, request)
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = o.ID
	}
	ok, failures := atOnce(50, func(i int) error {
		_, err := a.Checkout.PayWithoutInvoice(s.ctx, request.Customer, ids[i%2])
		return err
	})
	for _, err := range failures {
		if !errors.Is(err, esim.ErrAlreadyPaid) && !errors.Is(err, esim.ErrInsufficientCredit) {
			t.Errorf("PayInside: %v", err)
		}
	}
	credit := func() int64 {
		t.Helper()
		c, err := a.DB.Credit(s.ctx, request.Customer)
		if err != nil {
			t.Fatal(err)
		}
		return c.Minor
	}
	if ok == 0 || credit() != price/2 {
		t.Errorf("%d of 50 presses paid, %d cents of credit are left, want %d", ok, credit(), price/2)
	}
	visit(s, s.ann()).qr()
	order := onlyOrder(t, h.vendor)
	paid, err := a.DB.OrderByIdempotencyKey(s.ctx, order.TransactionID)
	if err != nil {
		t.Fatal(err)
	}
	s.becomes(paid.ID, esim.StateDelivered)
	ok, failures = atOnce(20, func(int) error { return a.Admin.Refund(s.ctx, paid.ID, entry("refund")) })
	for _, err := range failures {
		if !errors.Is(err, esim.ErrConflict) && !errors.Is(err, esim.ErrWrongState) {
			t.Errorf("Refund: %v", err)
		}
	}
	s.becomes(paid.ID, esim.StateRefunded)
	if ok != 1 || credit() != price+price/2 {
		t.Errorf("%d of 20 refunds happened, %d cents of credit are there, want %d", ok, credit(), price+price/2)
	}
	if faults, err := a.DB.LedgerFaults(s.ctx); err != nil || len(faults) > 0 {
		t.Errorf("the books do not agree: %v, %v", faults, err)
	}
}
