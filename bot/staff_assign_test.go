package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// orphan has the vendor sell an eSIM under a key that is no order's, and the shop find it.
func (s *shop) orphan(key string) esim.ESIMID {
	s.Helper()
	p := s.Catalog.Current().Country("JP")[0]
	before := len(s.Vendor.Profiles())
	_, err := s.Client.Order(s.Context(), esim.VendorPurchase{IdempotencyKey: key, Plan: p, Quantity: 1, Days: max(1, p.Days)})
	s.Must(err)
	s.Vendor.Advance(time.Minute)
	_, err = s.App.Reconciler.Run(s.Context(), true)
	s.Must(err)
	all := s.Vendor.Profiles()
	if len(all) != before+1 {
		s.Fatalf("%d eSIMs at the vendor", len(all))
	}
	for _, p := range all {
		if _, err := s.DB.ESIM(s.Context(), esim.ESIMID(p.EsimTranNo)); err != nil {
			return esim.ESIMID(p.EsimTranNo)
		}
	}
	s.Fatal("no eSIM is unknown")
	return ""
}

// TestTalkStaffAssign gives an eSIM that is no order's to a customer: the notice has the button, a second person agrees, and
// whoever opens the link first has it.
func TestTalkStaffAssign(t *testing.T) {
	t.Parallel()
	talks(t, "staff-assign", func(k *talk) {
		ann := k.user
		k.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.USDCents(1) })
		k.Send(ann, "/start")
		bob := k.friend()
		k.Send(bob, "/start")
		olga, pia := k.staffed(), k.joins(piaID, "Pia", esim.RoleOwner)
		k.Must(k.DB.AssignRole(k.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
		k.becomes(olga)
		k.says("/assign")
		tran := k.orphan("eb-of-a-shop-of-before")
		k.Deliver()
		k.look()
		k.says("/assign")
		k.taps("s_ask_esim|assign|" + string(tran))
		k.replies(olga.Last().ID, "paid by hand before the loss")
		k.taps("s_yes_assign|")
		k.user = pia
		k.taps("s_agree|")
		k.App.Bot.Screens().Wait()
		k.look()
		link := claimLink(k.TB, olga.Last())
		k.as("Bob", bob, func() {
			k.says("/start " + link)
			k.taps("take|")
			k.works()
		})
		k.as("Ann, who comes second", ann, func() { k.says("/start " + link) })
		k.as("Bob again", bob, func() { k.says("/start " + link) })
		k.user = olga
		k.works()
		k.taps("s_card|")
		k.says("/assign")
		if rep, err := k.App.Reconciler.Run(k.Context(), true); err != nil || rep.UnmatchedESIMs != 0 || rep.Faults != 0 || rep.Late != 0 {
			k.Errorf("compared afterwards: %+v, %v", rep, err)
		}
		k.note("one that is lost")
		e, err := k.DB.ESIM(k.Context(), tran)
		k.Must(err)
		iccid := e.ICCID.Reveal()
		k.says("/assign " + iccid[len(iccid)-6:] + " he has a new account")
		k.taps("s_yes_assign|")
		k.user = pia
		k.taps("s_agree|")
		k.App.Bot.Screens().Wait()
		k.look()
		link = claimLink(k.TB, olga.Last())
		k.as("Ann", ann, func() {
			k.says("/start " + link)
			k.taps("take|")
			k.works()
		})
		k.user = olga
		k.taps("s_card|")
		if n := k.did("assign"); n != 2 {
			k.Errorf("%d links in the log", n)
		}
	})
}

// assigned makes a link for an eSIM of no order without asking anybody, and returns what it is opened by.
func (s *shop) assigned(id esim.ESIMID, press string) string {
	s.Helper()
	_, token, err := s.App.Assigner.Assign(s.Context(), id, press, esim.AuditEntry{Who: staffID, What: "assign", Why: "why"})
	s.Must(err)
	return "/start claim_" + token.Reveal()
}

// What the vendor charged for an eSIM of no order is booked as given away.
func TestTheBooksOfAnAssignedESIM(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	bob := s.Messenger.AddUser(tgsandbox.User{ID: annID + 1, FirstName: "Bob", LanguageCode: "en"})
	given := func() (minor int64) {
		t.Helper()
		balances, err := s.DB.Balances(t.Context())
		s.Must(err)
		for _, m := range balances[esim.AccountGrants] {
			if m.Currency == esim.USD4 {
				minor = m.Minor
			}
		}
		return minor
	}
	id := s.orphan("eb-of-nobody")
	link := s.assigned(id, "one")
	if again := s.assigned(id, "one"); again != link {
		t.Errorf("a press that is handled again made %s of %s", again, link)
	}
	s.Send(bob, link)
	s.presses(bob, "take|")
	s.Work()
	e, err := s.DB.ESIM(t.Context(), id)
	s.Must(err)
	o, err := s.DB.Order(t.Context(), e.Order)
	s.Must(err)
	if e.Customer != annID+1 || e.Buyer != e.Customer || !o.Gift || o.State != esim.StateDelivered || o.Wholesale.Minor == 0 || given() != o.Wholesale.Minor {
		t.Errorf("%+v of %+v: %d given away", e, o, given())
	}
	if _, _, err := s.App.Assigner.Assign(t.Context(), "26000000000000", "two", esim.AuditEntry{}); err == nil {
		t.Error("an eSIM that nobody knows was assigned")
	}

	if faults, err := s.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the books: %+v, %v", faults, err)
	}
	if s.Log.Has(strings.TrimPrefix(link, "/start claim_")) {
		t.Error("the link is in the log")
	}
}

// What the shop gave for nothing is worth something to who holds it: taking it away takes two at any limit.
func TestTakingAGiftOfTheShopTakesTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	bob := s.Messenger.AddUser(tgsandbox.User{ID: annID + 1, FirstName: "Bob", LanguageCode: "en"})
	id := s.orphan("eb-of-nobody")
	s.Send(bob, s.assigned(id, "one"))
	s.presses(bob, "take|")
	s.Work()
	s.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.USDCents(1_000_000) })
	olga, before := s.staffed(), s.did("assign")
	e, err := s.DB.ESIM(t.Context(), id)
	s.Must(err)
	iccid := e.ICCID.Reveal()
	s.Send(olga, "/assign "+iccid[len(iccid)-6:]+" lost")
	s.presses(olga, "s_yes_assign|")
	s.presses(olga, "s_disagree|")
	s.Send(olga, "/order "+iccid[len(iccid)-6:])
	s.presses(olga, "s_ask_esim|revoke|")
	s.presses(olga, "s_yes_esim|revoke|")
	s.presses(olga, "s_disagree|")
	if s.did("assign") != before || s.did("revoke") != 0 {
		t.Errorf("done by one: %+v", s.audit())
	}
}
