package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A new price is for new offers: an invoice that is open is paid at its own, up or down, and an old card shows the new one.
func TestAnOpenInvoiceKeepsItsPrice(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{"dearer": "/price 55%", "cheaper": "/price 25%", "too dear to be sold": "/price JP least 1000"} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			ann, olga := s.Messenger.User(annID), s.staffed()
			s.Send(ann, "JP")
			s.presses(ann, "plan|")
			card := ann.Last().ID
			_, buy := s.button(ann, "buy|")
			s.presses(ann, "buy|")
			asked := ann.Last().Invoice.Total
			s.Send(olga, rule)
			s.prices(olga)
			s.pressesOn(ann, card, buy)
			if unpaid, err := s.DB.UnpaidOrdersOf(t.Context(), annID); err != nil || len(unpaid) != 1 {
				t.Errorf("the old card sells at the old price: %+v, %v", unpaid, err)
			}
			s.Must(s.Pay(ann))
			orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
			s.Must(err)
			if o := orders[0]; o.State != esim.StatePaid || o.Price != esim.Stars(asked) {
				t.Errorf("paid: %+v", o)
			}
		})
	}
}

// A price that was asked about is not changed when the rules have changed since: the question is asked anew.
func TestAQuestionAboutPricesIsOfItsMoment(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(olga, "/price JP 45%")
	old, data := s.button(olga, "s_price")
	s.Send(olga, "/price JP 50%")
	s.presses(olga, "s_price")
	if toast := s.pressesOn(olga, old, data); !toast.Alert {
		t.Errorf("pressed: %+v", toast)
	}
	if got := s.Rules.Current().Values()["markup_percent@JP"]; got != "50" {
		t.Errorf("%s %%", got)
	}
	s.sees(olga, "45%", "−3%")
	s.presses(olga, "s_price") // the new question
	if got := s.Rules.Current().Values()["markup_percent@JP"]; got != "45" {
		t.Errorf("%s %%", got)
	}
	if a := s.audit(); len(a) != 2 || a[1].Before != `{"markup_percent@JP":"50"}` || a[1].After != `{"markup_percent@JP":"45"}` || a[1].Why != "JP 45%" {
		t.Errorf("audit: %+v", a)
	}
}

// What is no price rule is not asked about.
func TestOnlyPriceRulesAreAskedAbout(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	for _, c := range []string{
		"/price JP", "/price 45", "/price -5%", "/price 1001%", "/price JP 45% 50%", "/price QQ 45%", "/price round", "/price round .95", "/price profit x",
		"/price <b> 5%", "/price JP KR 5%", "/price 45% JP", "/price least 1001", "/settings markup_percent -1", "/settings max_loss_usd 1 2 x", "/settings token x",
	} {
		s.Send(olga, c)
		if offers(olga, "s_price") || offers(olga, "s_set") {
			t.Errorf("%s is asked about: %s", c, olga.Last().Text)
		}
	}
	for _, c := range []string{"/price japan 45 %", "/price South Korea 45,5%", "/price p_" + s.Catalog.Current().Country("JP")[0].Slug + " 45%", "/settings markup_percent 45"} {
		s.Send(olga, c)
		if !offers(olga, "s_price") {
			t.Errorf("%s is not asked about: %s", c, olga.Last().Text)
		}
	}
}

// What is hidden is found and bought nowhere; what was paid for is brought, and an open invoice is refused in words.
func TestWhatIsHiddenIsNotSold(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	paid := s.buy(ann)
	s.Send(ann, "JP")
	s.presses(ann, "plan|")
	card := ann.Last().ID
	_, buy := s.button(ann, "buy|")
	s.presses(ann, "buy|")
	s.Send(olga, "/hide JP")
	var declined *tgsandbox.DeclinedError
	if err := s.Pay(ann); !errors.As(err, &declined) || declined.Text == "" {
		t.Errorf("an open invoice of what is hidden: %v", err)
	}
	s.pressesOn(ann, card, buy)
	if offers(ann, "buy|") && strings.Contains(ann.Last().Text, "Japan") {
		t.Errorf("an old card sells it: %s", ann.Last().Text)
	}
	for _, words := range []string{"Japan", "/start JP", "/start p_" + paid.Plan.Code, "japan 5gb 30 days"} {
		s.Send(ann, words)
		if offers(ann, "plan|") || offers(ann, "country|JP") || offers(ann, "need|JP") {
			t.Errorf("%s leads to it: %s", words, ann.Last().Text)
		}
	}
	for _, data := range []string{"country|JP", "country|JP|f", "need|JP", "plan|" + paid.Plan.Code + "|JP", "again|" + string(paid.ID), "cont|asia", "cont|asia|1"} {
		s.pressesOn(ann, card, data)
		if offers(ann, "plan|"+paid.Plan.Code) || offers(ann, "country|JP") {
			t.Errorf("%s leads to it: %s", data, ann.Last().Text)
		}
	}
	for _, r := range s.asksInline(ann, "japan", "").Results {
		if strings.Contains(r.Title, "🇯🇵") {
			t.Errorf("inline: %s", r.Title)
		}
	}
	s.fulfils()
	if st := s.state(paid.ID); st != esim.StateDelivered {
		t.Errorf("what was paid for before is %s", st)
	}
	e, err := s.DB.ESIMsOfOrder(t.Context(), paid.ID)
	s.Must(err)
	s.pressesOn(ann, card, "topup|"+string(e[0].ID))
	if !offers(ann, "tcard|") {
		t.Errorf("no top-up of an eSIM whose place is hidden: %s", ann.Last().Text)
	}
	s.Reopen(nil)
	s.Send(ann, "Japan")
	if offers(ann, "country|JP") || offers(ann, "plan|") {
		t.Errorf("after a restart: %s", ann.Last().Text)
	}
	s.Send(olga, "/show JP")
	s.Send(ann, "Japan")
	if !offers(ann, "plan|") {
		t.Errorf("back again: %s", ann.Last().Text)
	}
}

// prices presses Yes under a question about prices; where it takes two, another owner agrees.
func (s *shop) prices(h *tgsandbox.UserClient) {
	s.Helper()
	s.presses(h, "s_price")
	if offers(h, "s_agree|") {
		message, data := s.button(h, "s_agree|")
		s.pressesOn(s.joins(piaID, "Pia", esim.RoleOwner), message, data)
	}
}

const piaID = 906

// A change that moves a price by more than half takes two, whatever the limit; and none of them twice.
func TestAPriceBeyondHalfTakesTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	pia := s.joins(piaID, "Pia", esim.RoleOwner)
	s.Must(s.DB.AssignRole(t.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
	set := func() string { return s.Rules.Current().Values()["markup_percent@JP"] }
	s.Send(olga, "/price JP 200%")
	message, yes := s.button(olga, "s_price")
	s.pressesOn(olga, message, yes)
	if set() != "" {
		t.Fatalf("one was enough for %s %%", set())
	}
	s.sees(olga, "200%", "Needs a second person")
	_, agree := s.button(olga, "s_agree|")
	if toast := s.pressesOn(olga, message, agree); !toast.Alert || set() != "" {
		t.Errorf("the same person: %+v", toast)
	}
	s.pressesOn(pia, message, yes) // the question's own button, by somebody else, is no agreement
	if set() != "" {
		t.Errorf("agreed by the question's button")
	}
	s.Reopen(nil)
	s.pressesOn(pia, message, agree)
	if set() != "200" {
		t.Errorf("two agreed, and it is %q", set())
	}
	s.sees(olga, "Olga", "changed the prices", "Pia")
	s.Send(olga, "/price JP 190%")
	s.presses(olga, "s_price")
	if set() != "190" {
		t.Errorf("a small change takes two: %q", set())
	}
}

// Twice a little within a day is much: what one person alone changed counts together, and what two have agreed to does not.
func TestAPriceInPiecesTakesTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	pia := s.joins(piaID, "Pia", esim.RoleOwner)
	s.Must(s.DB.AssignRole(t.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
	set := func() string { return s.Rules.Current().Values()["markup_percent@JP"] }
	step := func(percent string, after time.Duration, waits bool) {
		t.Helper()
		s.Vendor.Advance(after)
		s.Send(olga, "/price JP "+percent+"%")
		s.presses(olga, "s_price")
		if offers(olga, "s_agree|") != waits || (set() == percent) == waits {
			t.Errorf("%s %%: waits %t, is %s", percent, offers(olga, "s_agree|"), set())
		}
	}
	step("90", 0, false)          // from 40: by a good third
	step("150", time.Hour, true)  // by less than a half, and by more than that since yesterday
	s.presses(pia, "s_agree|")    // both have looked at it
	step("180", time.Hour, false) // from there
	step("240", 26*time.Hour, false)
}
