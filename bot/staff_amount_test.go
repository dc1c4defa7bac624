package bot_test

import (
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// several is a delivered order of two eSIMs of Ann, the first of them in use.
func (s *shop) several() (esim.Order, []esim.ESIM) {
	s.Helper()
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodCredit}
	s.credits(10_000)
	plan := s.Catalog.Current().Country("JP")[0]
	q, err := s.Checkout.Quote(plan.Code, 2, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: plan.Code, Quantity: 2, Seen: q.Price})
	s.Must(err)
	_, err = s.Checkout.PayWithoutInvoice(s.Context(), annID, o.ID)
	s.Must(err)
	s.fulfils()
	esims, err := s.DB.ESIMsOfOrder(s.Context(), o.ID)
	s.Must(err)
	s.Must(s.Vendor.Install(string(esims[0].ID)))
	s.Must(s.Watcher.Refresh(s.Context(), esims[0].ID))
	o, err = s.DB.Order(s.Context(), o.ID)
	s.Must(err)
	return o, esims
}

// Less than the whole goes back for a reason, once per question, and not more than there is.
func TestStaffGiveAnAmountBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	o, esims := s.several()
	has := 10_000 - o.Retail.Minor
	s.credited(has)
	s.Send(olga, "/order "+string(o.ID))
	card := olga.Last().ID
	amount := func(words string) {
		t.Helper()
		s.pressesOn(olga, card, "s_ask|amount|"+string(o.ID))
		s.replies(olga, words)
	}
	for _, wrong := range []string{"much", "1.00", "-1 why", "0 why", "900 why"} {
		amount(wrong)
		if offers(olga, "s_yes_part|") {
			t.Errorf("%q is asked about: %s", wrong, olga.Last().Text)
		}
	}
	amount("0.50 slow <network>")
	s.sees(olga, "Give $0.50", "📝 slow <network>")
	message, yes := s.button(olga, "s_yes_part|")
	s.pressesOn(olga, message, yes)
	s.pressesOn(olga, message, yes)
	s.credited(has + 50)
	for _, e := range esims { // one is in use and stays, the other goes back to the vendor first
		s.pressesOn(olga, card, "s_ask_esim|part|"+string(e.ID)+"|"+string(o.ID))
		s.presses(olga, "s_why|part|")
		message, yes = s.button(olga, "s_yes_part|")
		s.pressesOn(olga, message, yes)
		s.App.Bot.Screens().Wait()
		s.fulfils()
		s.pressesOn(olga, message, yes)
		s.App.Bot.Screens().Wait()
	}
	s.fulfils()
	s.credited(10_000)
	if s.profile(esims[0].ID) == string(esim.ProfileCancelled) || s.profile(esims[1].ID) != string(esim.ProfileCancelled) {
		t.Errorf("profiles: %s, %s", s.profile(esims[0].ID), s.profile(esims[1].ID))
	}
	s.Send(olga, "/order "+string(o.ID))
	s.sees(olga, "Given back as store credit", "slow <network>")
	if s.did("amount") != 2 || s.did("part") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
	s.handledAll()
}

func TestTalkStaffAmount(t *testing.T) {
	t.Parallel()
	talks(t, "staff-amount", func(k *talk) {
		ann := k.user
		k.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.USDCents(100) })
		k.Send(ann, "/start")
		olga, pia := k.staffed(), k.joins(piaID, "Pia", esim.RoleOwner)
		k.Must(k.DB.AssignRole(k.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
		o, _ := k.several()
		k.becomes(olga)
		k.says("/order " + o.ID.String())
		k.taps("s_ask|refund|")
		k.taps("s_ask|amount|")
		k.replies(olga.Last().ID, "0.80 slow network")
		k.taps("s_yes_part|")
		k.note("another little more needs two")
		k.taps("s_card|")
		k.taps("s_ask|refund|")
		k.taps("s_pick|part|")
		k.taps("s_ask_esim|part|") // the first, which is in use
		k.taps("s_why|part|")
		k.taps("s_yes_part|")
		k.user = pia
		k.taps("s_agree|")
		k.user = olga
		k.works()
		k.later(time.Minute)
		k.taps("s_card|")
		k.says("/audit")
		k.note("Ann")
		k.becomes(ann)
		k.works()
		k.says("/credit")
	})
}
