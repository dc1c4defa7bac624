package bot_test

import (
	"testing"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whatever staff do to a customer's store credit stands in the audit log as much as it moved, with whose it is, the reason,
// and both persons where it took two: the books have the sum, the log has who and why.
func TestWhatStaffMoveIsInTheLog(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.USDCents(100) })
	olga, pia := s.staffed(), s.joins(piaID, "Pia", esim.RoleOwner)
	s.Send(s.Messenger.User(annID), "/start")
	has := func() int64 {
		t.Helper()
		credit, err := s.DB.Credit(t.Context(), annID)
		s.Must(err)
		return credit.Minor
	}
	moves := func(what string, act func()) {
		t.Helper()
		before, known := has(), len(s.audit())
		act()
		if offers(pia, "s_agree|") {
			s.presses(pia, "s_agree|")
		}
		s.App.Bot.Screens().Wait()
		s.fulfils()
		moved, log := has()-before, s.audit()[known:]
		if moved == 0 || len(log) != 1 {
			t.Errorf("%s moved %d, and %d things are in the log: %+v", what, moved, len(log), log)
			return
		}
		a := log[0]
		if two := max(moved, -moved) > 50; a.What != what || a.Customer != annID || a.Amount != esim.USDCents(moved) || a.Why == "" || a.Who != staffID || (a.ApprovedBy == piaID) != two {
			t.Errorf("%s moved %d, and the log has %+v", what, moved, a)
		}
	}
	moves("credit", func() {
		s.Send(olga, "/credit 101 20 sorry")
		s.presses(olga, "s_credit|")
	})
	moves("credit", func() {
		s.Send(olga, "/credit 101 -3 it was too much")
		s.presses(olga, "s_credit|")
	})
	o, esims := s.several()
	s.Send(olga, "/order "+string(o.ID))
	card := olga.Last().ID
	moves("amount", func() {
		s.pressesOn(olga, card, "s_ask|amount|"+string(o.ID))
		s.replies(olga, "0.50 slow network")
		s.presses(olga, "s_yes_part|")
	})
	moves("part", func() {
		s.pressesOn(olga, card, "s_ask_esim|part|"+string(esims[1].ID)+"|"+string(o.ID))
		s.presses(olga, "s_why|part|")
		s.presses(olga, "s_yes_part|")
	})
	whole := s.creditOrder(s.Catalog.Current().Country("JP")[0])
	_, err := s.Checkout.PayWithoutInvoice(t.Context(), annID, whole.ID)
	s.Must(err)
	s.fulfils()
	moves("refund", func() {
		s.Send(olga, "/refund "+string(whole.ID)+" never worked")
		s.presses(olga, "s_yes|refund|")
	})
}
