package main

import (
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

// TestCreditSpentSinceTheCopy: what was paid from store credit after a copy was made is in no list. When the copy is put back the
// credit is there again: staff are told of how much and of how many, what was bought is nobody's and in the daily reminder,
// no more can be spent than the copy has, and nothing is sent back, bought again or cancelled by itself. An order that the copy
// has unpaid gets the eSIM that was bought for it when it is paid again.
func TestCreditSpentSinceTheCopy(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	ann := esim.CustomerID(h.ID())
	sold := s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.Must(s.Admin.Grant(t.Context(), "granted", esim.AuditEntry{Who: 1, What: "credit", Customer: ann, Amount: esim.USDCents(900), Why: "kindness"}))
	begin := func() esim.Order {
		q, err := s.Checkout.QuoteWith(esim.MethodCredit, s.plan(false).Code, 1, 0)
		s.Must(err)
		o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: q.Plan.Code, Quantity: 1, Method: q.Method, Seen: q.Price, CallbackQueryID: fmt.Sprint("press ", len(s.sales))})
		s.Must(err)
		s.sales = append(s.sales, o)
		return o
	}
	pay := func(o esim.Order) {
		_, err := s.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
		s.Must(err)
		s.settles()
	}
	begun := begin()
	s.booksAgree()
	copied := filepath.Join(t.TempDir(), "copy.db")
	s.Must(s.DB.CopyTo(t.Context(), copied))
	pay(begun)
	since := begin()
	pay(since)
	stars, charged := h.Stars(), s.Vendor.Charged("")
	s.opens(copied)
	s.booksAgree()
	if all, held := s.live(ann); all != 3 || held != 1 {
		t.Errorf("%d eSIMs live, %d are hers", all, held)
	}
	pay(begun)
	if all, held := s.live(ann); all != 3 || held != 2 || s.Vendor.Charged("") != charged {
		t.Errorf("paid again: %d eSIMs live, %d are hers, charged %d times more", all, held, s.Vendor.Charged("")-charged)
	}
	s.Vendor.Advance(26 * time.Hour)
	s.booksAgree()
	s.Must(s.Admin.Remind(t.Context()))
	s.settles()
	if h.Stars() != stars || s.Vendor.Charged("") != charged {
		t.Errorf("%d Stars went back, charged %d times more", h.Stars()-stars, s.Vendor.Charged("")-charged)
	}
	for _, want := range []string{"an older copy", "have some: 1, in all $9.00", "order: " + since.ID.String(), "eSIMs of no order, live at the vendor: 1"} {
		if n := strings.Count(s.toldStaff(), want); n != 1 {
			t.Errorf("staff read %q %d times in:\n%s", want, n, s.toldStaff())
		}
	}
	spent := begun.Price.Minor
	for spent+begun.Price.Minor <= 900 {
		pay(begin())
		spent += begun.Price.Minor
	}
	q, err := s.Checkout.QuoteWith(esim.MethodCredit, s.plan(false).Code, 1, 0)
	s.Must(err)
	if o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: q.Plan.Code, Quantity: 1, Method: q.Method, Seen: q.Price}); err == nil {
		if _, err = s.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); err == nil {
			t.Error("more was spent than there is")
		}
	}
	if credit, err := s.DB.Credit(t.Context(), ann); err != nil || credit.Minor != 900-spent || credit.Minor < 0 {
		t.Errorf("she has %s left of 9.00, %v", credit, err)
	}
	s.booksAgree()
	if o, err := s.DB.Order(t.Context(), sold.ID); err != nil || o.State != esim.StateDelivered {
		t.Errorf("what was paid in Stars is %s, %v", o.State, err)
	}
	if n := strings.Count(s.toldStaff(), "an older copy"); n != 1 {
		t.Errorf("staff are told %d times", n)
	}
}
