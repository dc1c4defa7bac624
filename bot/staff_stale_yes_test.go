package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
)

// Two of staff have the case of a top-up open that Telegram gave back: one asks to revoke the eSIM, the
// other leaves it as it is. The eSIM itself was paid for, so the first one's Yes takes nothing away.
func TestAYesAboutAnESIMEndsWithTheCaseItWasAskedIn(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	ann := s.Messenger.User(annID)
	tran := s.Vendor.Profiles()[0].EsimTranNo
	s.Must(s.Vendor.Install(tran))
	s.Must(s.Vendor.Burn(tran, 50<<20))
	s.Send(ann, "/esims")
	for _, button := range []string{"esim|", "topup|", "tcard|", "tbuy|"} {
		s.presses(ann, button)
	}
	s.Must(s.Pay(ann))
	s.fulfils()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	more := orders[0].ID
	s.Vendor.Advance(time.Hour)
	s.Must(s.Messenger.RefundElsewhere(s.chargeOf(more)))
	s.Pump()
	s.compare()
	type yes struct {
		message int
		data    string
	}
	var asked []yes
	for _, card := range []esim.OrderID{more, o.ID} { // on either card
		s.Send(olga, "/order "+string(card))
		s.presses(olga, "s_ask_esim|revoke|")
		message, data := s.button(olga, "s_yes_esim|revoke|")
		asked = append(asked, yes{message, data})
	}
	s.Send(olga, "/order "+string(more))
	s.presses(olga, "s_ask|leave|")
	s.presses(olga, "s_yes|leave|")
	s.Work()
	for _, y := range asked {
		s.pressesOn(olga, y.message, y.data)
		s.Work()
	}
	if got := s.profile(esim.ESIMID(tran)); got != "IN_USE" || s.state(o.ID) != esim.StateDelivered || s.state(more) != esim.StateRefunded {
		t.Errorf("it was left as it is, and is %s; its order is %s, the top-up %s", got, s.state(o.ID), s.state(more))
	}
	s.Send(olga, "/order "+string(o.ID)) // who asks now is obeyed
	s.presses(olga, "s_ask_esim|suspend|")
	s.presses(olga, "s_yes_esim|suspend|")
	s.Work()
	if got := s.profile(esim.ESIMID(tran)); got != "SUSPENDED" {
		t.Errorf("asked again, it is %s", got)
	}
}
