package bot_test

import (
	"strings"
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
)

func TestTalkWithdraw(t *testing.T) {
	t.Parallel()
	talks(t, "withdraw", func(k *talk) {
		k.buys()
		k.taps("wdraw|")
		k.taps("wdrawnow|")
		k.works()
		tran := k.buys()
		k.note("one of two")
		k.many(2)
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.taps("wdraw|")
		k.taps("wdraw|")
		k.taps("wdrawnow|")
		k.works()
		k.note("one that is in use")
		k.uses(tran, 1, 4*time.Hour, 1<<28)
		k.says("/esims")
		k.taps("esim|" + tran)
		k.taps("wdraw|")
		k.taps("wdrawnow|")
		k.works()
		k.note("when the period is over")
		k.later(15 * 24 * time.Hour)
		k.says("/esims")
		k.taps("wdraw|")
	})
}

// withdrawn is an eSIM that was bought and withdrawn from, as a test left it.
func (s *shop) withdrawn(id esim.OrderID) esim.ContractWithdrawal {
	s.Helper()
	w, err := s.DB.WithdrawalOf(s.Context(), id, "")
	s.Must(err)
	return w
}

// A receipt has date and time, comes once, and is never changed; and the vendor's bad hour does not lose the statement.
func TestAWithdrawalIsTakenWhateverTheVendorDoes(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	id := orders[0].ID
	if o := orders[0]; o.Consent != "2 en" || o.Consented.IsZero() {
		t.Errorf("what was agreed to: %q at %s", o.Consent, o.Consented)
	}
	s.Vendor.Down(true)
	k.taps("wdraw|")
	k.taps("wdrawnow|")
	s.Work()
	receipt, at := "", s.withdrawn(id).At.UTC().Format("2006-01-02 15:04:05 UTC")
	for _, m := range k.user.Chat() {
		if strings.Contains(m.Text, "Receipt: your withdrawal") {
			if receipt != "" {
				t.Error("two receipts")
			}
			receipt = m.HTML()
		}
	}
	for _, want := range []string{at, "<tg-time", "Ann", id.String(), "Japan"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt does not say %q: %s", want, receipt)
		}
	}
	if w := s.withdrawn(id); w.Outcome != esim.WithdrawalOpen {
		t.Errorf("outcome %q while the vendor is silent", w.Outcome)
	}
	s.Vendor.Down(false)
	s.Vendor.Advance(2 * time.Minute)
	s.Must(s.Contracts.Run(t.Context()))
	s.Work()
	s.Vendor.Advance(2 * time.Minute)
	s.Must(s.Contracts.Run(t.Context()))
	s.Work()
	if w, o := s.withdrawn(id), s.state(id); w.Outcome != esim.WithdrawalCancelled || o != "refunded" {
		t.Errorf("outcome %q, the order is %s", w.Outcome, o)
	}
	for _, m := range k.user.Chat() {
		if strings.Contains(m.Text, "Receipt: your withdrawal") && m.HTML() != receipt {
			t.Errorf("the receipt was changed: %s", m.HTML())
		}
	}
}

// Nobody withdraws from another's contract, nor from their own when the period is over.
func TestWhoMayWithdraw(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	o := orders[0]
	bob := esim.Customer{ID: annID + 1, Name: "Bob"}
	if _, _, err := s.Contracts.Withdraw(t.Context(), bob, o.ID, ""); err == nil {
		t.Error("Bob withdraws from Ann's")
	}
	until := s.Contracts.Until(o)
	if want := time.Date(2026, 12, 8, 12, 0, 0, 0, time.UTC); !until.Equal(want) { // bought on 23 November
		t.Errorf("until %s, want %s", until, want)
	}
	s.Vendor.Advance(until.Sub(s.Vendor.Time()))
	if _, _, err := s.Contracts.Withdraw(t.Context(), esim.Customer{ID: annID}, o.ID, ""); err == nil {
		t.Error("the period was over")
	}
	s.Contracts.Days = 0
	if s.Contracts.MayWithdraw(o) || s.Contracts.Consent("en") != "" {
		t.Error("no period was given")
	}
}

// An operator's own terms and privacy are shown in place of ours, in the reader's language; of /paysupport they stand above
// what leads to a person.
func TestTheOperatorsOwnTexts(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Reopen(func(c *wiring.Config) {
		c.LegalTexts = i18n.LegalTexts{
			Terms: i18n.OperatorText{"en": "Our <terms> {x}", "ru": "Наши условия"}, Privacy: i18n.OperatorText{"en": "Our privacy"}, PaySupport: i18n.OperatorText{"en": "Call us"},
		}
	})
	ann := s.Messenger.User(annID)
	for command, want := range map[string]string{"/terms": "Our <terms> {x}", "/privacy": "Our privacy", "/paysupport": "Call us"} {
		s.Send(ann, command)
		if got := ann.Last().Text; !strings.HasPrefix(got, want) || command != "/paysupport" && got != want {
			t.Errorf("%s says %q", command, got)
		}
	}
	s.Messenger.User(staffID).SetLanguage("ru")
	s.Send(s.Messenger.User(staffID), "/terms")
	if got := s.Messenger.User(staffID).Last().Text; got != "Наши условия" {
		t.Errorf("in Russian: %q", got)
	}
}

// Other words of consent are another version of it: orders keep which one was agreed to.
func TestOtherWordsOfConsentAreAnotherVersion(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{
		"1": "By paying you ask for delivery at once; once installed or used, the right to withdraw (DAYS) ends.",
		// Russian said nothing of "or used" in the first.
		"2": "By paying you ask for delivery at once; once installed or used, the right to withdraw (DAYS) ends.",
	}
	if got := texts.Printer("en").Plain("buy.consent", i18n.Args{"days": "DAYS"}); got != words[esim.ConsentVersion] {
		t.Errorf("%q is not version %s: give esim.ConsentVersion a new one, and add it here", got, esim.ConsentVersion)
	}
}
