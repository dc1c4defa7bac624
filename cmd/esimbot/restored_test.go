package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
)

// An outcome is what the customers and the money end as when a database is lost, restored, or when
// the bot gets another token.
type outcome struct {
	owned, held, human, back, boughtAgain int
}

// sells makes n sales of a new customer, each with its eSIM.
func (s *lostShop) sells(customer, n int) {
	s.Helper()
	h := s.customer(customer)
	for range n {
		s.buys(h, s.plan(false), 1, 0)
	}
	s.settles()
}

// ends says what became of all sales after two days of comparisons.
func (s *lostShop) ends(charged int) outcome {
	s.Helper()
	for range 4 {
		s.booksAgree()
		s.Vendor.Advance(12 * time.Hour)
	}
	o := outcome{boughtAgain: s.Vendor.Charged("") - charged}
	for _, sale := range s.sales {
		now, err := s.DB.Order(s.Context(), sale.ID)
		switch {
		case err != nil:
		case now.State == esim.StateNeedsHuman:
			o.human++
		case now.State == esim.StateDelivered && now.Customer == sale.Customer && len(s.esimsOf(sale)) == 1:
			o.owned++
		}
	}
	open, err := s.DB.UnexplainedPayments(s.Context())
	s.Must(err)
	o.held = len(open)
	for line, err := range s.App.Telegram.AllStarTransactions(s.Context(), 0) {
		s.Must(err)
		if line.Refund() {
			o.back++
		}
	}
	return o
}

// TestWhatALostDatabaseCosts is the table of README.md: ten sales, the last four of today.
func TestWhatALostDatabaseCosts(t *testing.T) {
	t.Parallel()
	if !wholeMatrix {
		t.Skip("twenty shops of ten sales: with the tag soak, as .ci/run does")
	}
	for _, tt := range []struct {
		name string
		then func(s *lostShop, yesterday string)
		want outcome
	}{
		{"lost, a new empty one", func(s *lostShop, _ string) { s.loses() }, outcome{owned: 10}},
		{"lost, recovered", func(s *lostShop, _ string) {
			s.loses()
			s.recovers()
		}, outcome{owned: 10}},
		{"restored from yesterday", func(s *lostShop, yesterday string) { s.opens(yesterday) }, outcome{owned: 10}},
		{"restored from yesterday, one never bought", func(s *lostShop, yesterday string) {
			s.Vendor.Down(true) // paid, and the vendor is not reached before the disk dies
			s.buys(s.Messenger.User(2002), s.plan(false), 1, 0)
			s.Work()
			s.Vendor.Down(false)
			s.opens(yesterday)
		}, outcome{owned: 10, held: 1}},
		{"new token, the same database", func(s *lostShop, _ string) {
			s.Stop()
			s.Start(shoptest.NewMessenger(s.Vendor.Time, 8, "777000777:"+strings.Repeat("x", 35)), s.path)
		}, outcome{owned: 10}},
		{"new token, lost and recovered", func(s *lostShop, _ string) {
			s.loses()
			s.Stop()
			s.Start(shoptest.NewMessenger(s.Vendor.Time, 8, "777000777:"+strings.Repeat("x", 35)), filepath.Join(s.TempDir(), "other.db"))
			s.recovers()
		}, outcome{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newLostShop(t)
			s.sells(1, 6)
			s.Vendor.Advance(24 * time.Hour)
			s.booksAgree()
			yesterday := filepath.Join(t.TempDir(), "yesterday.db")
			s.Must(s.DB.CopyTo(t.Context(), yesterday))
			s.sells(2, 4)
			charged := s.Vendor.Charged("")
			tt.then(s, yesterday)
			got := s.ends(charged)
			t.Logf("%d with their eSIM, %d held for staff, %d orders before a human, %d sent back, %d bought again", got.owned, got.held, got.human, got.back, got.boughtAgain)
			if got != tt.want {
				t.Errorf("ends as %+v, want %+v", got, tt.want)
			}
		})
	}
}
