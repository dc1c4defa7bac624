package bot_test

import (
	"context"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// soldFor40Days is a shop with three sales, one every two weeks, and a copy of its database
// from after the first.
func soldFor40Days(t *testing.T) (s *shop, older string) {
	t.Helper()
	s = newShop(t, vendorsandbox.Options{})
	older = filepath.Join(t.TempDir(), "older.db")
	for i := range 3 {
		o := s.buy(s.Messenger.User(annID))
		s.fulfils()
		if s.state(o.ID) != esim.StateDelivered {
			t.Fatalf("sale %d is %s", i, s.state(o.ID))
		}
		s.compare()
		if i == 0 {
			s.Must(s.DB.CopyTo(t.Context(), older))
		}
		s.Vendor.Advance(14 * 24 * time.Hour)
	}
	return s, older
}

// compare is one round of reconciliation, of refunds and of messages.
func (s *shop) compare() esim.ReconcileReport {
	s.Helper()
	rep, err := s.Reconciler.Run(s.Context(), true)
	s.Must(err)
	s.Work()
	return rep
}

// noList is the list of an account at the vendor that bought nothing: no sale can be joined with it.
type noList struct{}

func (noList) AllProfiles(context.Context) iter.Seq2[[]esim.Profile, error] {
	return func(func([]esim.Profile, error) bool) {}
}

// reopen opens the shop on another database.
func (s *shop) reopen(messenger *tgsandbox.Server, database string) {
	s.Helper()
	s.Stop()
	s.Start(messenger, database)
}

// returned counts the refunds in the messenger's account.
func (s *shop) returned() int {
	s.Helper()
	n := 0
	for line, err := range s.App.Telegram.AllStarTransactions(s.Context(), 0) {
		s.Must(err)
		if !line.Incoming && line.Partner == "user" {
			n++
		}
	}
	return n
}

func TestADatabaseReplacedByAnEmptyOneSendsNothingBack(t *testing.T) {
	t.Parallel()
	s, _ := soldFor40Days(t)
	s.reopen(s.Messenger, filepath.Join(t.TempDir(), "empty.db"))
	s.Reconciler.Vendor = noList{}
	for range 3 {
		s.compare()
		s.Vendor.Advance(24 * time.Hour)
	}
	if n := s.returned(); n != 0 {
		t.Fatalf("%d sales were sent back while their eSIMs are live", n)
	}
	// The message of a payment that waited at Telegram, as for the sandbox with a live token.
	s.Must(s.App.Bot.Handle(t.Context(), telegram.Update{ID: 1 << 30, Message: &telegram.Message{
		ID: 1, Chat: telegram.Chat{ID: annID, Type: "private"}, From: &telegram.User{ID: annID, FirstName: "Ann"}, Date: s.Vendor.Time(),
		Payment: &telegram.SuccessfulPayment{Currency: "XTR", Amount: 99, Payload: "ABCD0001:P:1:0", ChargeID: "not-found-before"},
	}}))
	s.compare()
	olga := s.staffed()
	if n := strings.Count(chatText(olga), "Payments that nobody here knows"); n != 2 {
		t.Errorf("staff were told %d times", n)
	}
	s.presses(olga, "s_helds")
	s.sees(olga, "Payments that no order explains", "4, ⭐\u00a0417 in all", "older than this database", "101")

	// One is sent back, after a second press; pressed again it changes nothing.
	s.presses(olga, "s_held|")
	s.presses(olga, "s_ask_held|sendback|")
	if s.compare(); s.returned() != 0 {
		t.Error("a question sent money back")
	}
	message, yes := s.button(olga, "s_yes_held|sendback|")
	s.pressesOn(olga, message, yes)
	s.pressesOn(olga, message, yes)
	s.compare()
	if n := s.returned(); n != 1 {
		t.Errorf("%d went back", n)
	}
	if told := s.Messenger.User(annID).Last().Text; !strings.Contains(told, "106") || !strings.Contains(told, "back") {
		t.Errorf("the customer was not told: %q", s.Messenger.User(annID).Last().Text)
	}
	// Another is kept, and does not come back into the list.
	s.Send(olga, "/unexplained")
	s.presses(olga, "s_held|")
	s.presses(olga, "s_ask_held|keep|")
	s.presses(olga, "s_yes_held|keep|")
	s.compare()
	s.Send(olga, "/unexplained")
	s.sees(olga, "2, ⭐\u00a0205 in all")
	s.Send(olga, "/audit")
	s.sees(olga, "keep by Olga 900", "sendback by Olga 900")
	faults, err := s.DB.LedgerFaults(t.Context())
	if s.Must(err); len(faults) > 0 || s.returned() != 1 {
		t.Errorf("%d went back in all; faults in the books: %+v", s.returned(), faults)
	}
}

func TestARestoredOlderCopySendsNothingBack(t *testing.T) {
	t.Parallel()
	s, older := soldFor40Days(t)
	s.reopen(s.Messenger, older)
	s.Reconciler.Vendor = noList{}
	for range 3 {
		s.compare()
		s.Vendor.Advance(24 * time.Hour)
	}
	olga := s.staffed()
	s.Send(olga, "/unexplained")
	s.sees(olga, "2, ⭐\u00a0212 in all")
	if n := s.returned(); n != 0 {
		t.Errorf("%d sales were sent back while their eSIMs are live", n)
	}
}

func TestANewTokenSendsNothingBack(t *testing.T) {
	t.Parallel()
	s, _ := soldFor40Days(t)
	database := filepath.Join(t.TempDir(), "copy.db")
	s.Must(s.DB.CopyTo(t.Context(), database))
	s.reopen(shoptest.NewMessenger(s.Vendor.Time, 8, "777000777:"+strings.Repeat("x", 35)), database)
	o := s.buy(s.Messenger.User(annID))
	s.fulfils()
	for range 3 {
		s.compare()
		s.Vendor.Advance(time.Hour)
	}
	if n := s.returned(); n != 0 || s.state(o.ID) != esim.StateDelivered {
		t.Errorf("%d were sent back; the new sale is %s", n, s.state(o.ID))
	}
	s.Send(s.staffed(), "/unexplained")
	s.sees(s.staffed(), "explained by an order")
}

func chatText(h *tgsandbox.UserClient) string {
	var all strings.Builder
	for _, m := range h.Chat() {
		all.WriteString(m.Text + "\n")
	}
	return all.String()
}

// A payment by card whose message comes when its order's database is gone is no gift of store credit: its
// eSIM may be delivered. Staff decide, and read that the card itself gets nothing back from here.
func TestACardPaymentOfALostDatabaseIsHeld(t *testing.T) {
	t.Parallel()
	s, _ := soldFor40Days(t)
	s.reopen(s.Messenger, filepath.Join(t.TempDir(), "empty.db"))
	for range 2 { // its message comes again
		s.Must(s.App.Bot.Handle(t.Context(), telegram.Update{ID: 1 << 30, Message: &telegram.Message{
			ID: 1, Chat: telegram.Chat{ID: annID, Type: "private"}, From: &telegram.User{ID: annID, FirstName: "Ann"}, Date: s.Vendor.Time(),
			Payment: &telegram.SuccessfulPayment{Currency: "USD", Amount: 420, Payload: "ABCD0001:P:1:0", ChargeID: "card-of-before"},
		}}))
	}
	credit := func() int64 {
		m, err := s.DB.Credit(t.Context(), annID)
		s.Must(err)
		return m.Minor
	}
	s.compare()
	olga := s.staffed()
	s.Send(olga, "/unexplained")
	s.sees(olga, "Payments that no order explains", "$4.20")
	if open, err := s.DB.UnexplainedPayments(t.Context()); err != nil || len(open) == 0 || credit() != 0 {
		t.Fatalf("held %+v, %v, store credit %d", open, err, credit())
	}
	var ref string
	open, err := s.DB.UnexplainedPayments(t.Context())
	s.Must(err)
	for _, u := range open {
		if u.ID == "card-of-before" {
			ref = u.Ref()
		}
	}
	s.presses(olga, "s_held|"+ref)
	s.presses(olga, "s_ask_held|sendback|")
	s.sees(olga, "$4.20", "as store credit")
	s.presses(olga, "s_yes_held|sendback|")
	s.compare()
	if credit() != 420 {
		t.Errorf("store credit %d after staff sent it back", credit())
	}
}
