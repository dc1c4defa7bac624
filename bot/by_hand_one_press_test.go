package bot_test

import (
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestOnePressByHandIsOneOrder: its update comes three times, the answers to what it shows are lost, its
// customer taps again; there is one order, and staff are asked for its money once.
func TestOnePressByHandIsOneOrder(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(s *shop){
		"the update is repeated": func(s *shop) { s.Messenger.RepeatUpdates(1) },
		"the answers are lost": func(s *shop) {
			for _, method := range []string{"sendMessage", "editMessageText", "deleteMessage", "answerCallbackQuery"} {
				s.Messenger.Break(method, 2, tgsandbox.Fault{Kind: tgsandbox.LoseAnswer})
			}
		},
		"the edit fails, and the update is tried again": func(s *shop) {
			s.Messenger.Break("editMessageText", 2, tgsandbox.Fault{Kind: tgsandbox.ServerError})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, vendorsandbox.Options{})
			ann, olga := s.Messenger.User(annID), s.staffed()
			s.Send(ann, "/start")
			s.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
			s.Send(ann, "JP")
			s.presses(ann, "plan|")
			message, buy := s.button(ann, "buy|")
			trouble(s)
			_, err := ann.PressData(message, buy)
			s.Must(err)
			_, err = ann.PressData(message, buy) // before anything is shown
			s.Must(err)
			s.Pump()
			s.delivers()
			orders, err := s.DB.OrdersOf(t.Context(), annID, 10)
			s.Must(err)
			if len(orders) != 1 || says(olga, "Waits for money by hand") != 1 {
				t.Errorf("%d orders, staff were told %d times", len(orders), says(olga, "Waits for money by hand"))
			}
		})
	}
}
