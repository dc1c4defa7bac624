package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// paidBackElsewhere is an order whose eSIM is in use and whose Stars Telegram's support gave back.
func paidBackElsewhere(t *testing.T) (*shop, *tgsandbox.UserClient, esim.Order, string) {
	t.Helper()
	s, olga, o := sold(t)
	tran := s.Vendor.Profiles()[0].EsimTranNo
	s.Must(s.Vendor.Install(tran))
	s.Must(s.Vendor.Burn(tran, 50<<20))
	s.Vendor.Advance(time.Hour)
	s.Must(s.Messenger.RefundElsewhere(s.chargeOf(o.ID)))
	s.Pump()
	s.compare()
	if st, v := s.state(o.ID), s.profile(esim.ESIMID(tran)); st != esim.StateNeedsHuman || v != "SUSPENDED" {
		t.Fatalf("%s, the vendor has it %s", st, v)
	}
	return s, olga, o, tran
}

// chargeOf is the messenger's number of the payment of an order.
func (s *shop) chargeOf(id esim.OrderID) string {
	s.Helper()
	payments, err := s.DB.PaymentsOf(s.Context(), id)
	s.Must(err)
	if len(payments) != 1 {
		s.Fatalf("%d payments", len(payments))
	}
	return payments[0].ID
}

// says counts the messages of a chat that contain words.
func says(h *tgsandbox.UserClient, words string) int {
	n := 0
	for _, m := range h.Chat() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// Whatever staff decide about an eSIM in use that was paid back elsewhere closes the case: no money
// moves a second time, the daily reminder is rid of it, and the customer knows what it means.
func TestADecisionClosesWhatWasPaidBackElsewhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ act, vendor, told string }{
		{"resume", "IN_USE", "works again"},
		{"revoke", "REVOKE", "switched off"},
		{"leave", "SUSPENDED", "stays paused"},
	} {
		t.Run(tt.act, func(t *testing.T) {
			t.Parallel()
			s, olga, o, tran := paidBackElsewhere(t)
			ann := s.Messenger.User(annID)
			stars := ann.Stars()
			if says(ann, "not by this shop") != 1 || says(ann, "is paused") < 1 {
				t.Errorf("the customer reads %q", ann.Last().Text)
			}
			s.Send(olga, "/order "+string(o.ID))
			if offers(olga, "s_ask|retry|") || offers(olga, "s_ask|refund|") || !offers(olga, "s_ask|leave|") {
				t.Errorf("the buttons are %v", olga.Last().Keyboard)
			}
			ask, yes := "s_ask_esim|"+tt.act+"|"+tran, "s_yes_esim|"+tt.act+"|"
			if tt.act == "leave" {
				ask, yes = "s_ask|leave|", "s_yes|leave|"
			}
			s.presses(olga, ask)
			message, data := s.button(olga, yes)
			s.pressesOn(olga, message, data)
			s.pressesOn(olga, message, data) // twice does no more
			s.Work()
			if got := s.state(o.ID); got != esim.StateRefunded || s.did(tt.act) != 1 {
				t.Errorf("it is %s, %q was done %d times", got, tt.act, s.did(tt.act))
			}
			if got := s.profile(esim.ESIMID(tran)); !strings.HasPrefix(got, tt.vendor) {
				t.Errorf("the vendor has it %s", got)
			}
			if got := ann.Stars(); got != stars {
				t.Errorf("%d Stars went back a second time", got-stars)
			}
			if says(ann, tt.told) != 1 {
				t.Errorf("the customer was told %q %d times; last %q", tt.told, says(ann, tt.told), ann.Last().Text)
			}
			open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time())
			s.Must(err)
			if open.Count() != 0 {
				t.Errorf("%d items are still open", open.Count())
			}
			s.compare()
			if faults, err := s.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
				t.Errorf("the books: %v, %v", faults, err)
			}
		})
	}
}

// An unused eSIM that was paid back elsewhere is cancelled, and its customer hears why.
func TestTheCustomerHearsOfARefundMadeElsewhere(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "ru"} {
		s := newShop(t, vendorsandbox.Options{})
		ann := s.Messenger.User(annID)
		s.Send(ann, "/start")
		o := s.buy(ann)
		s.fulfils()
		ann.SetLanguage(language)
		s.Must(s.DB.SetLanguage(t.Context(), annID, language))
		s.Must(s.Messenger.RefundElsewhere(s.chargeOf(o.ID)))
		s.Pump()
		s.compare()
		s.fulfils()
		words := map[string]string{"en": "do not install it", "ru": "не устанавливайте её"}[language]
		if s.state(o.ID) != esim.StateRefunded || says(ann, words) != 1 {
			t.Errorf("%s: %s, told %d times", language, s.state(o.ID), says(ann, words))
		}
		s.compare()
		if says(ann, words) != 1 {
			t.Errorf("%s: told again", language)
		}
	}
}

// TestARefundMadeElsewhereStopsTheESIMAtOnce: Telegram's message of it is enough, no comparison of accounts
// has to come by. That comparison tells nobody a second time, and our own refunds tell nobody at all.
func TestARefundMadeElsewhereStopsTheESIMAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		used   bool
		state  esim.State
		vendor string
		told   string
	}{
		{"unused", false, esim.StateRefunded, "CANCEL", "do not install it"},
		{"in use", true, esim.StateNeedsHuman, "SUSPENDED", "is paused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, olga, o := sold(t)
			ann, tran := s.Messenger.User(annID), s.Vendor.Profiles()[0].EsimTranNo
			if tt.used {
				s.Must(s.Vendor.Install(tran))
				s.Must(s.Vendor.Burn(tran, 50<<20))
				s.Vendor.Advance(time.Hour)
			}
			s.Must(s.Messenger.RefundElsewhere(s.chargeOf(o.ID)))
			s.Pump()
			s.Work()
			if st, v := s.state(o.ID), s.profile(esim.ESIMID(tran)); st != tt.state || !strings.HasPrefix(v, tt.vendor) {
				t.Errorf("%s, the vendor has it %s", st, v)
			}
			told := func() [3]int {
				return [3]int{says(ann, tt.told), says(ann, "not by this shop"), says(olga, "Refunded by somebody else")}
			}
			once := told()
			if once[0] == 0 || once[1] != 1 || once[2] == 0 {
				t.Errorf("told %v times; the customer reads %q, staff %q", once, ann.Last().Text, olga.Last().Text)
			}
			s.compare()
			s.Work()
			if again := told(); again != once {
				t.Errorf("told %v times, and %v after the comparison", once, again)
			}
			if faults, err := s.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
				t.Errorf("the books: %v, %v", faults, err)
			}
		})
	}
	t.Run("by us", func(t *testing.T) {
		t.Parallel()
		s, olga, o := sold(t)
		s.Must(s.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "refund", Order: o.ID}))
		s.Work()
		s.Pump() // the message of it comes now
		s.Work()
		if st := s.state(o.ID); st != esim.StateRefunded || says(olga, "Refunded by somebody else") != 0 || says(s.Messenger.User(annID), "not by this shop") != 0 {
			t.Errorf("%s; the customer reads %q, staff %q", st, s.Messenger.User(annID).Last().Text, olga.Last().Text)
		}
	})
}
