package bot_test

import (
	"context"
	"strings"
	"testing"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The button that cancels stays in the chat when the order has moved on.
func TestACustomersCancelBeyondDelivered(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.fulfils()
	s.Must(s.DB.ApplyTransition(t.Context(), esim.Transition{Order: o.ID, From: esim.StateDelivered, To: esim.StateCancelling}))
	s.Must(s.DB.ApplyTransition(t.Context(), esim.Transition{Order: o.ID, From: esim.StateCancelling, To: esim.StateNeedsHuman}))
	data, err := ui.NewCallbackData("cancelnow", string(o.ID)).Encode()
	s.Must(err)
	calls := len(s.Vendor.Calls())
	id, err := ann.PressData(ann.Last().ID, data)
	s.Must(err)
	s.Pump()
	if toast := ann.Toast(); toast.QueryID != id || toast.Text == s.request("en", ui.CallbackData{}).Plain("cancel.toast_asking", nil) {
		t.Errorf("the shop says that it asks the vendor: %+v", toast)
	}
	if s.state(o.ID) != esim.StateNeedsHuman || len(s.Vendor.Calls()) != calls {
		t.Errorf("the order is %s after %d calls to the vendor", s.state(o.ID), len(s.Vendor.Calls())-calls)
	}
}

// When the network is quick, the order's progress says in the same message that the money is back before the press that
// began it has its answer. That it is being cancelled is then no news, and nothing would ever change it.
func TestTheMoneyIsBackIsTheLastWord(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.fulfils()
	s.Send(ann, "/esims")
	for _, data := range []string{"esim|", "cancel|"} {
		s.presses(ann, data)
	}
	s.App.Bot.Router().Route("quick", func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		same := *r
		same.Data = refs.Order{Route: refs.RouteCancelNow, Order: o.ID}.Data()
		screen, err := s.screen(t, &same)
		s.Must(err)
		begin := screen.After
		screen.After = func(ctx context.Context) (ui.Screen, error) {
			told, err := begin(ctx)
			s.fulfils()
			s.Deliver()
			return told, err
		}
		return screen, nil
	})
	s.pressesOn(ann, ann.Last().ID, "quick")
	s.App.Bot.Wait()
	s.fulfils()
	if s.state(o.ID) != esim.StateRefunded {
		t.Fatalf("the order is %s", s.state(o.ID))
	}
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "Being cancelled") {
			t.Errorf("it still reads %q", m.Text)
		}
	}
}
