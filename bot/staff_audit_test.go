package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestStaffOrderIsFound(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	e := s.Vendor.Profiles()[0]
	iccid := e.ICCID
	for name, words := range map[string]string{
		"id": o.ID.String(), "id as typed": strings.ToLower(string(o.ID)), "end of ICCID": iccid[len(iccid)-6:],
		"whole ICCID": iccid, "customer": "101",
	} {
		s.Send(olga, "/order "+words)
		if !strings.Contains(olga.Last().Text, o.ID.String()) || !offers(olga, "s_ask|refund|") {
			t.Errorf("by %s: %s", name, olga.Last().Text)
		}
	}
	s.sees(olga, "delivered", "Ann", "101", "…"+iccid[len(iccid)-4:], o.VendorOrder)
	if strings.Contains(olga.Last().Text, iccid) {
		t.Error("the whole ICCID is shown")
	}
	for _, words := range []string{"", " ", "ZZZZ-ZZZZ", "12", "nonsense words", "-5", "99999999999999999999"} {
		s.Send(olga, "/order "+words)
		if offers(olga, "s_") {
			t.Errorf("/order %q offers buttons: %s", words, olga.Last().Text)
		}
	}
	s.buy(s.Messenger.User(annID))
	s.Send(olga, "/order 101")
	if !offers(olga, "s_card|"+o.ID.String()) {
		t.Errorf("of several orders: %s", olga.Last().Text)
	}
	s.presses(olga, "s_card|"+o.ID.String())
	s.sees(olga, "Order "+o.ID.String())
}

func TestStaffRefundIsConfirmedAndWrittenDown(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	ann := s.Messenger.User(annID)
	before := ann.Stars()
	s.Send(olga, "/refund "+o.ID.String()+" slow <b>network</b>\n& sorry")
	s.sees(olga, "Refund", o.ID.String(), "Ann", "📝 slow <b>network</b> & sorry")
	if s.state(o.ID) != esim.StateDelivered {
		t.Fatal("refunded without a confirming press")
	}
	s.presses(olga, "s_no|")
	s.sees(olga, "Olga", "left everything")
	if s.state(o.ID) != esim.StateDelivered || s.did("refund") != 0 {
		t.Fatal("refunded after No")
	}
	s.Send(olga, "/refund "+o.ID.String()+" slow <b>network</b>\n& sorry")
	asked := olga.Last().ID
	s.presses(olga, "s_yes|refund|")
	if olga.Last().ID != asked {
		t.Error("the question was not edited to the result")
	}
	s.sees(olga, "Olga", "refunded", "📝 slow <b>network</b> & sorry")
	s.Work()
	if s.state(o.ID) != esim.StateRefunded || ann.Stars()-before != o.Price.Minor {
		t.Errorf("%s, %d Stars came back", s.state(o.ID), ann.Stars()-before)
	}
	a := s.audit()[0]
	if a.Who != staffID || a.What != "refund" || a.Order != o.ID || a.Why != "slow <b>network</b> & sorry" || a.Amount != o.Price {
		t.Errorf("audit: %+v", a)
	}
}

func TestTwoStaffPressingAtOnceRefundOnce(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Messenger.AddUser(tgsandbox.User{ID: otherStaffID, FirstName: "Igor", LanguageCode: "en", Staff: true})
	igor := s.Messenger.User(otherStaffID).In(groupID)
	ann := s.Messenger.User(annID)
	before := ann.Stars()
	s.Send(olga, "/refund "+string(o.ID)+" why")
	message, data := s.button(olga, "s_yes|refund|")
	for range 3 {
		for _, h := range []*tgsandbox.UserClient{olga, igor} {
			_, err := h.PressData(message, data)
			s.Must(err)
		}
	}
	s.Pump()
	s.Work()
	if n := s.did("refund"); n != 1 || s.state(o.ID) != esim.StateRefunded || ann.Stars()-before != o.Price.Minor {
		t.Errorf("%d refunds written down, %s, %d Stars came back", n, s.state(o.ID), ann.Stars()-before)
	}
	if waiting := s.Messenger.Unanswered(); len(waiting) > 0 {
		t.Errorf("presses never answered: %v", waiting)
	}
}

func TestOrderThatChangedMeanwhileIsShownAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	o := s.buy(s.Messenger.User(annID))
	s.Send(olga, "/refund "+string(o.ID)+" why")
	message, data := s.button(olga, "s_yes|refund|")
	s.fulfils()
	toast := s.pressesOn(olga, message, data)
	if !toast.Alert || !strings.Contains(toast.Text, "changed meanwhile") {
		t.Errorf("toast %+v", toast)
	}
	for _, m := range olga.Chat() {
		if m.ID == message && (!strings.Contains(m.Text, "changed meanwhile") || !strings.Contains(m.Text, "delivered")) {
			t.Errorf("the question became %q", m.Text)
		}
	}
	if s.state(o.ID) != esim.StateDelivered || s.did("refund") != 0 {
		t.Errorf("%s", s.state(o.ID))
	}
}

func TestStaffCancelUnusedESIM(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	balance := s.Vendor.Profiles()[0].EsimStatus
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask|cancel|")
	s.presses(olga, "s_why|cancel|")
	s.presses(olga, "s_yes|cancel|")
	s.sees(olga, "Olga", "cancelled")
	for range 3 {
		s.Work()
		s.Vendor.Advance(time.Minute)
	}
	if s.state(o.ID) != esim.StateRefunded || s.Vendor.Profiles()[0].EsimStatus == balance {
		t.Errorf("%s, the vendor has it as %s", s.state(o.ID), s.Vendor.Profiles()[0].EsimStatus)
	}
	if s.did("cancel") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
}

func TestInstalledESIMIsNotCancelled(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask|cancel|")
	s.presses(olga, "s_why|cancel|")
	s.Must(s.Vendor.Install(s.Vendor.Profiles()[0].EsimTranNo))
	s.presses(olga, "s_yes|cancel|")
	s.sees(olga, "on a phone already", "Order "+o.ID.String(), "installed")
	if s.state(o.ID) != esim.StateDelivered || offers(olga, "s_ask|cancel|") {
		t.Errorf("%s; buttons %v", s.state(o.ID), olga.Last().Keyboard)
	}
}

func TestMoneyByHandAndSeveralESIMs(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	o := s.byHand(2)
	s.sees(olga, "Waits for money by hand", o.ID.String())
	old, ask := s.button(olga, "s_ask|received|")
	s.pressesOn(olga, old, ask)
	message, data := s.button(olga, "s_yes|received|")
	s.pressesOn(olga, message, data)
	s.pressesOn(olga, message, data)
	if s.did("received") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
	s.pressesOn(olga, old, ask) // the card from before still has the button
	s.sees(olga, "confirmed already: Olga", "UTC")
	s.fulfils()
	if s.state(o.ID) != esim.StateDelivered || len(s.Vendor.Profiles()) != 2 {
		t.Fatalf("%s, %d eSIMs", s.state(o.ID), len(s.Vendor.Profiles()))
	}
	second := s.Vendor.Profiles()[1].EsimTranNo
	s.Must(s.Vendor.Install(second))
	s.Must(s.Vendor.Burn(second, 1<<20))
	_, err := s.Watcher.Sweep(t.Context())
	s.Must(err)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_pick|suspend|")
	s.presses(olga, "s_ask_esim|suspend|"+second)
	s.presses(olga, "s_yes_esim|suspend|"+second)
	s.sees(olga, "Olga", "suspended an eSIM")
	if st := s.profile(esim.ESIMID(second)); st != string(esim.ProfileSuspended) {
		t.Fatalf("the vendor has it as %s", st)
	}
	s.presses(olga, "s_card|")
	s.presses(olga, "s_ask_esim|resume|"+second)
	s.presses(olga, "s_yes_esim|resume|"+second)
	s.sees(olga, "resumed")
	s.presses(olga, "s_card|")
	s.presses(olga, "s_pick|revoke|")
	s.presses(olga, "s_ask_esim|revoke|"+second)
	message, data = s.button(olga, "s_yes_esim|revoke|"+second)
	s.pressesOn(olga, message, data)
	s.pressesOn(olga, message, data)
	if st := s.profile(esim.ESIMID(second)); !strings.HasPrefix(st, "REVOKE") {
		t.Errorf("the vendor has it as %s", st)
	}
	if s.did("suspend") != 1 || s.did("resume") != 1 || s.did("revoke") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
	for _, a := range s.audit() {
		if a.Who != staffID || a.Order != o.ID {
			t.Errorf("audit: %+v", a)
		}
	}
	s.Send(olga, "/refund "+string(o.ID)+" why")
	s.sees(olga, "store credit")
}

func (s *shop) profile(esimID esim.ESIMID) string {
	for _, p := range s.Vendor.Profiles() {
		if esim.ESIMID(p.EsimTranNo) == esimID {
			return p.EsimStatus
		}
	}
	return ""
}

func TestStaffResendAndRetry(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	ann := s.Messenger.User(annID)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask|resend|")
	s.presses(olga, "s_yes|resend|")
	s.Work()
	if n := pictures(ann); n != 2 || s.did("resend") != 1 {
		t.Errorf("%d pictures", n)
	}
	s.Vendor.Down(true)
	o = s.buy(ann)
	s.Work()
	s.Vendor.Down(false)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask|retry|")
	s.presses(olga, "s_yes|retry|")
	s.sees(olga, "tried again")
	s.fulfils()
	if s.state(o.ID) != esim.StateDelivered || s.did("retry") != 1 {
		t.Errorf("after the retry: %s; audit %+v", s.state(o.ID), s.audit())
	}
}

func TestVendorRefusalIsTold(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask_esim|revoke|")
	s.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/revoke", Kind: vendorsandbox.Refuse, Code: "101001", Count: 1})
	s.presses(olga, "s_yes_esim|revoke|")
	s.sees(olga, "The vendor:", "101001", "Order "+o.ID.String())
}
