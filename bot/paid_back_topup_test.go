package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// Telegram's support gives back what somebody paid for a top-up: staff read it with the buttons that
// decide it, the customer reads what is true, and the eSIM, which was paid for, goes on.
func TestATopUpThatTelegramGaveBackIsForStaffToDecide(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "ru"} {
		s, olga, o := sold(t)
		ann := s.Messenger.User(annID)
		ann.SetLanguage(language)
		s.Must(s.DB.SetLanguage(t.Context(), annID, language))
		tran := s.Vendor.Profiles()[0].EsimTranNo
		s.Must(s.Vendor.Install(tran))
		s.Must(s.Vendor.Burn(tran, 50<<20))
		s.Send(ann, "/esims")
		s.presses(ann, "esim|")
		s.presses(ann, "topup|")
		s.presses(ann, "tcard|")
		s.presses(ann, "tbuy|")
		s.Must(s.Pay(ann))
		s.fulfils()
		orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
		s.Must(err)
		more := orders[0].ID
		if s.state(more) != esim.StateDelivered || orders[0].Kind != esim.TopUp {
			t.Fatalf("%s, %+v", s.state(more), orders[0])
		}
		s.Vendor.Advance(time.Hour)
		s.Must(s.Messenger.RefundElsewhere(s.chargeOf(more)))
		s.Pump()
		s.compare()
		if s.state(more) != esim.StateNeedsHuman || s.state(o.ID) != esim.StateDelivered || s.profile(esim.ESIMID(tran)) != "IN_USE" {
			t.Errorf("the top-up is %s, the eSIM's order %s, the eSIM %s", s.state(more), s.state(o.ID), s.profile(esim.ESIMID(tran)))
		}
		s.Send(olga, "/order "+string(more))
		if offers(olga, "s_ask|retry|") || offers(olga, "s_ask|refund|") || offers(olga, "s_ask|cancel|") ||
			!offers(olga, "s_ask|leave|") || !offers(olga, "s_ask_esim|suspend|") || !offers(olga, "s_ask_esim|revoke|") {
			t.Errorf("the buttons are %v", olga.Last().Keyboard)
		}
		if told := map[string]string{"en": "It was for a top-up", "ru": "Это было пополнение"}[language]; says(ann, told) != 1 {
			t.Errorf("the customer reads %q", ann.Last().Text)
		}
		s.presses(olga, "s_ask|leave|")
		s.presses(olga, "s_yes|leave|")
		s.Work()
		if s.state(more) != esim.StateRefunded || s.profile(esim.ESIMID(tran)) != "IN_USE" {
			t.Errorf("%s, the vendor has it %s", s.state(more), s.profile(esim.ESIMID(tran)))
		}
		for _, m := range ann.Chat() {
			for _, wrong := range []string{"was not added", "не дошло", "could not be added", "Пополнить не удалось"} {
				if strings.Contains(m.Text, wrong) {
					t.Errorf("the customer reads %q", m.Text)
				}
			}
		}
	}
}

// What staff gave back, as a kindness, of a top-up that was applied is not said to be missing.
func TestAKindnessAboutATopUpDoesNotSayThatItIsMissing(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	ann := s.Messenger.User(annID)
	s.Send(ann, "/esims")
	s.presses(ann, "esim|")
	s.presses(ann, "topup|")
	s.presses(ann, "tcard|")
	s.presses(ann, "tbuy|")
	s.Must(s.Pay(ann))
	s.fulfils()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	s.Send(olga, "/order "+string(orders[0].ID))
	s.presses(olga, "s_ask|refund|")
	s.presses(olga, "s_why|refund|")
	s.presses(olga, "s_yes|refund|")
	s.Work()
	if s.state(orders[0].ID) != esim.StateRefunded || says(ann, "was not added")+says(ann, "could not be added") > 0 || says(ann, "Your money is back") != 1 || says(ann, "is cancelled") > 0 {
		t.Errorf("it is %s; the customer reads %q", s.state(orders[0].ID), ann.Last().Text)
	}
}
