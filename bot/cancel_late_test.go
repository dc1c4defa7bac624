package bot_test

import (
	"testing"

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
