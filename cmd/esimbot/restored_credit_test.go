package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
)

// toldStaff is all that stands in the staff group.
func (s *lostShop) toldStaff() string {
	text := ""
	for _, m := range s.Messenger.User(shoptest.Olga).In(shoptest.Group).Chat() {
		text += m.Text + "\n"
	}
	return text
}

// live counts the eSIMs that live at the vendor, and those of them that are a customer's here.
func (s *lostShop) live(c esim.CustomerID) (all, held int) {
	s.Helper()
	for _, p := range s.Vendor.Profiles() {
		if esim.ProfileStatus(p.EsimStatus).Final() {
			continue
		}
		all++
		if e, err := s.DB.ESIM(s.Context(), esim.ESIMID(p.EsimTranNo)); err == nil && e.Customer == c {
			held++
		}
	}
	return all, held
}

// TestCreditSpentSinceTheCopy: what was paid from store credit after a copy was made is in no account of the messenger's, but the vendor's
// key says who paid how much. When the copy is put back no store credit is spent until the vendor's list was read; then what was
// bought is its owner's, and what it cost is spent, also where the copy has the order unpaid, or it topped an eSIM up. Nothing is sent
// back, bought again or cancelled, and each is told once.
func TestCreditSpentSinceTheCopy(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	ann := esim.CustomerID(h.ID())
	sold := s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.Must(s.Admin.Grant(t.Context(), "granted", esim.AuditEntry{Who: 1, What: "credit", Customer: ann, Amount: esim.USDCents(3000), Why: "kindness"}))
	begin := func(p esim.Plan, quantity, days int) esim.Order {
		q, err := s.Checkout.QuoteWith(esim.MethodCredit, p.Code, quantity, days)
		s.Must(err)
		o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{
			Customer: ann, PlanCode: q.Plan.Code, Quantity: quantity, Days: days, Method: q.Method, Seen: q.Price, CallbackQueryID: fmt.Sprint("press ", len(s.sales)),
		})
		s.Must(err)
		s.sales = append(s.sales, o)
		return o
	}
	pay := func(o esim.Order) {
		_, err := s.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
		s.Must(err)
		s.settles()
	}
	credit := func() int64 {
		c, err := s.DB.Credit(t.Context(), ann)
		s.Must(err)
		return c.Minor
	}
	begun := begin(s.plan(false), 1, 0)
	s.booksAgree()
	s.Must(s.DB.NoteJobSuccess(t.Context(), "sweep", s.Vendor.Time()))
	copied := filepath.Join(t.TempDir(), "copy.db")
	s.Must(s.DB.CopyTo(t.Context(), copied))
	pay(begun)
	s.Vendor.Advance(time.Hour)
	pay(begin(s.plan(false), 1, 0))
	pay(begin(s.plan(true), 1, 3))
	three := begin(s.plan(false), 3, 0)
	pay(three)
	s.Must(s.Canceller.BeginOne(t.Context(), s.esimsOf(three)[1])) // its part is store credit again
	s.settles()
	base := s.esimsOf(sold)[0]
	offers, err := s.TopUps.Offers(t.Context(), base, 0)
	s.Must(err)
	q, err := s.Checkout.Prices().QuoteWith(esim.MethodCredit, offers[0].Plan, 1, offers[0].Days)
	s.Must(err)
	more, err := s.TopUps.Begin(t.Context(), base, esim.PurchaseRequest{Customer: ann, PlanCode: q.Plan.Code, Quantity: 1, Method: esim.MethodCredit, Seen: q.Price})
	s.Must(err)
	pay(more)
	left, stars, charged := credit(), h.Stars(), s.Vendor.Charged("")
	all, _ := s.live(ann)
	s.Vendor.Advance(time.Hour)

	s.opens(copied)
	s.Must(s.RestoreDetector.Remember(t.Context()))
	if credit() != 3000 {
		t.Fatalf("the copy has %d of store credit", credit())
	}
	again := begin(s.plan(false), 1, 0)
	if _, err := s.Checkout.PayWithoutInvoice(t.Context(), ann, again.ID); !errors.Is(err, esim.ErrVendorDown) {
		t.Errorf("before the list was read store credit is spent: %v", err)
	}
	if _, err := s.Reconciler.Run(t.Context(), false); err != nil || s.RestoreDetector.ListUnread() { // as at each start
		t.Errorf("store credit rests after the first comparison, %v", err)
	}
	s.settles()
	for range 3 {
		s.booksAgree()
		if now, held := s.live(ann); now != all || held != all || credit() != left {
			t.Errorf("%d of %d eSIMs live, %d are hers; she has %d of store credit, want %d", now, all, held, credit(), left)
		}
		s.Vendor.Advance(26 * time.Hour)
	}
	s.Must(s.Admin.Remind(t.Context()))
	s.settles()
	if h.Stars() != stars || s.Vendor.Charged("") != charged {
		t.Errorf("%d Stars went back, charged %d times more", h.Stars()-stars, s.Vendor.Charged("")-charged)
	}
	told := s.toldStaff()
	for want, times := range map[string]int{"This database is an older copy, or new": 1, "Found again": 5, "live at the vendor: ": 0, "Found again " + more.ID.String(): 1} {
		if n := strings.Count(told, want); n != times {
			t.Errorf("staff read %q %d times, want %d, in:\n%s", want, n, times, told)
		}
	}
	if o, err := s.DB.Order(t.Context(), three.ID); err != nil || o.Price != three.Price || o.Customer != ann || o.State != esim.StateDelivered || o.Returned != 1 {
		t.Errorf("of three, one given back: %+v, %v", o, err)
	}
}
