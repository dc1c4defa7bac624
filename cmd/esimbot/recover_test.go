package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// lostShop is a shop whose sales are made through both simulators, and whose database is lost.
type lostShop struct {
	*shoptest.Shop
	path   string // of its database
	sales  []esim.Order
	owners map[esim.ESIMID]esim.CustomerID
}

func newLostShop(t *testing.T, alter ...func(*vendorsandbox.Options)) *lostShop {
	t.Helper()
	plans, err := shoptest.FewPlans(3)
	if err != nil {
		t.Fatal(err)
	}
	s := &lostShop{owners: map[esim.ESIMID]esim.CustomerID{}}
	o := vendorsandbox.Options{Catalog: plans, Balance: 1_000_000_000}
	for _, a := range alter {
		a(&o)
	}
	s.Shop = shoptest.Open(t, o, nil)
	s.opens(filepath.Join(t.TempDir(), "lost.db"))
	return s
}

// customer is somebody with enough Stars.
func (s *lostShop) customer(n int) *tgsandbox.UserClient {
	s.Helper()
	id := int64(2001 + n)
	h := s.Messenger.AddUser(tgsandbox.User{ID: id, FirstName: fmt.Sprint("Customer ", n), LanguageCode: "en"})
	h.AddStars(1_000_000)
	_, _, err := s.DB.UpsertCustomer(s.Context(), esim.Customer{ID: esim.CustomerID(id), Chat: id, Language: "en"})
	s.Must(err)
	return h
}

func (s *lostShop) plan(dayPass bool) esim.Plan {
	s.Helper()
	for _, p := range s.Catalog.Current().Country("JP") {
		if p.DayPass() == dayPass && p.TopUp != esim.NoTopUp && p.Wholesale.Minor > 5_000 {
			return p
		}
	}
	s.Fatal("no plan")
	return esim.Plan{}
}

// pays pays an order as Telegram has it: an invoice, a question to the bot, the message.
func (s *lostShop) pays(h *tgsandbox.UserClient, o esim.Order) {
	s.Helper()
	link, err := s.App.Telegram.InvoiceLink(s.Context(), telegram.Invoice{
		Title: "eSIM", Description: "eSIM", Payload: esim.InvoicePayload(o), Currency: telegram.Stars, Amount: o.Price.Minor,
	})
	s.Must(err)
	form, err := h.OpenInvoiceLink(link)
	s.Must(err)
	s.Must(s.PayForm(h, form.ID))
	s.sales = append(s.sales, o)
}

func (s *lostShop) buys(h *tgsandbox.UserClient, p esim.Plan, quantity, days int) esim.Order {
	s.Helper()
	q, err := s.Checkout.Quote(p.Code, quantity, days)
	s.Must(err)
	o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: esim.CustomerID(h.ID()), PlanCode: p.Code, Quantity: quantity, Days: days, Seen: q.Price})
	s.Must(err)
	s.pays(h, o)
	return o
}

func (s *lostShop) topsUp(h *tgsandbox.UserClient, e esim.ESIM) esim.Order {
	s.Helper()
	offers, err := s.TopUps.Offers(s.Context(), e, 0)
	s.Must(err)
	o, err := s.TopUps.Begin(s.Context(), e, esim.PurchaseRequest{
		Customer: e.Customer, PlanCode: offers[0].Plan.Code, Quantity: 1, Days: offers[0].Days, Seen: offers[0].Price,
	})
	s.Must(err)
	s.pays(h, o)
	return o
}

// settles lets everything arrive.
func (s *lostShop) settles() {
	s.Helper()
	for range 3 {
		s.Work()
		s.Pump()
		s.Vendor.Advance(10 * time.Second)
	}
}

func (s *lostShop) esimsOf(o esim.Order) []esim.ESIM {
	s.Helper()
	esims, err := s.DB.ESIMsOfOrder(s.Context(), o.ID)
	s.Must(err)
	return esims
}

// money is what must not move: Stars with the bot, our account at the vendor, purchases.
func (s *lostShop) money() string {
	return fmt.Sprintf("%d Stars, %d at the vendor, charged %d times", s.Messenger.BotStars(), s.Vendor.Balance(), s.Vendor.Charged(""))
}

// found asks both neighbours as the command does.
func (s *lostShop) found() shop.RecoveryResult {
	s.Helper()
	f, err := shop.Recover(s.Context(), s.Settings(), shop.Options{
		Now: s.Vendor.Time, Log: slog.New(slog.DiscardHandler), Vendor: esimaccess.Config{PerSecond: 1e6},
	})
	s.Must(err)
	return f
}

// recovers rebuilds the database into a new file and opens the shop on it.
func (s *lostShop) recovers() shop.RecoveryResult {
	s.Helper()
	before := s.money()
	_, asked := s.Messenger.Calls(0)
	found := s.found()
	path := filepath.Join(s.TempDir(), "recovered.db")
	s.Must(writeRecovered(s.Context(), path, found.Recovery, s.Vendor.Time, slog.New(slog.DiscardHandler)))
	calls, _ := s.Messenger.Calls(asked)
	for _, c := range calls {
		if c.Name != "getStarTransactions" {
			s.Errorf("recover called %s", c.Name)
		}
	}
	if now := s.money(); now != before {
		s.Errorf("recover moved money: %s, now %s", before, now)
	}
	s.opens(path)
	return found
}

// sellsTen makes ten sales of a new customer, of all kinds.
func (s *lostShop) sellsTen(n int) {
	s.Helper()
	h := s.customer(n)
	var made []esim.Order
	for i := range 9 {
		switch i {
		case 5:
			made = append(made, s.buys(h, s.plan(false), 2, 0))
		case 6:
			made = append(made, s.buys(h, s.plan(true), 1, 3))
		default:
			made = append(made, s.buys(h, s.plan(false), 1, 0))
		}
	}
	s.settles()
	for _, i := range []int{0, 4, 8} {
		s.Must(s.Vendor.Burn(s.tran(made[i]), 1<<20))
	}
	s.topsUp(h, s.esimsOf(made[4])[0])
	s.settles()
	s.Must(s.Canceller.Begin(s.Context(), made[7].ID, nil))
	s.settles()
	for _, o := range made {
		for _, e := range s.esimsOf(o) {
			s.owners[e.ID] = o.Customer
		}
	}
	// Telegram's support refunds one behind our back.
	payments, err := s.DB.PaymentsOf(s.Context(), made[8].ID)
	s.Must(err)
	s.Must(s.App.Telegram.RefundStars(s.Context(), h.ID(), payments[0].ID))
	s.Pump()
}

func (s *lostShop) tran(o esim.Order) string {
	s.Helper()
	esims := s.esimsOf(o)
	if len(esims) == 0 {
		now, _ := s.DB.Order(s.Context(), o.ID)
		s.Fatalf("order %s has no eSIM: %s %s", o.ID, now.State, now.Reason)
	}
	return string(esims[0].ID)
}

// loses deletes the database.
func (s *lostShop) loses() {
	s.Helper()
	s.Stop()
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.path + end); err != nil && !os.IsNotExist(err) {
			s.Fatal(err)
		}
	}
	s.Start(s.Messenger, filepath.Join(s.TempDir(), "none.db")) // Stop at the end of the test needs one
}

// opens opens the shop on a database.
func (s *lostShop) opens(path string) {
	s.Helper()
	s.Stop()
	s.path = path
	s.Start(s.Messenger, path)
}

// booksAgree compares everything with everything, and holds that no money moved by it.
func (s *lostShop) booksAgree() esim.ReconcileReport {
	s.Helper()
	rep, err := s.Reconciler.Run(s.Context(), true)
	s.Must(err)
	s.settles()
	faults, err := s.DB.LedgerFaults(s.Context())
	s.Must(err)
	if len(faults) > 0 {
		s.Errorf("the books do not agree: %+v", faults)
	}
	return rep
}

func TestALostDatabaseIsFoundAgain(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	for n := range saleDays {
		s.sellsTen(n)
	}
	if len(s.sales) != 10*saleDays {
		t.Fatalf("%d sales", len(s.sales))
	}
	s.Vendor.Advance(48 * time.Hour)
	s.loses()
	found := s.recovers()
	c := found.Count()
	if c.Orders != 10*saleDays || c.Customers != saleDays || c.TopUps != saleDays || c.Refunded != 2*saleDays || c.Delivered != 8*saleDays || c.Human+c.Unexplained+c.UnmatchedESIMs != 0 {
		t.Errorf("found %+v", c)
	}
	for id, owner := range s.owners {
		e, err := s.DB.ESIM(t.Context(), id)
		if err != nil || e.Customer != owner {
			t.Errorf("eSIM %s is %d's, not %d's: %v", id, e.Customer, owner, err)
		}
	}
	before := s.money()
	rep := s.booksAgree()
	if rep.Payments+rep.Unexplained+rep.Refunds+rep.Late+rep.UnmatchedESIMs+rep.Faults > 0 {
		t.Errorf("the first comparison found %+v", rep)
	}
	if now := s.money(); now != before {
		t.Errorf("the new shop moved money: %s, now %s", before, now)
	}
	s.goesOn()
}

// goesOn is the life after: a customer sees their eSIMs, tops one up and gives an unused one back.
func (s *lostShop) goesOn() {
	s.Helper()
	h := s.Messenger.User(2001)
	s.Send(h, "/esims")
	if text := h.Last().Text + strings.Join(h.Last().Labels(), "\n"); !strings.Contains(text, "Japan") {
		s.Errorf("My eSIMs: %s", text)
	}
	used := s.esimsOf(s.sales[0])[0]
	o := s.topsUp(h, used)
	s.settles()
	if now, err := s.DB.Order(s.Context(), o.ID); err != nil || now.State != esim.StateDelivered {
		s.Errorf("the top-up is %s, %v", now.State, err)
	}
	stars := h.Stars()
	s.Must(s.Canceller.Begin(s.Context(), s.sales[1].ID, nil))
	s.settles()
	if got := h.Stars() - stars; got != s.sales[1].Price.Minor {
		s.Errorf("%d Stars came back of %s", got, s.sales[1].Price)
	}
	s.booksAgree()
}
