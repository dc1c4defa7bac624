package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whoever goes on in a message while the vendor is asked is not thrown back by the answer: what was only looked up is
// dropped, and what an act brought is told in a message of its own.
func TestALateOutcomeIsNotDrawnOverWhereSomebodyWentOn(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	for route, looks := range map[ui.Route]bool{"act": false, "told": true} {
		s.App.Bot.Router().Route(route, func(context.Context, *ui.Request) (ui.Screen, error) {
			return ui.Screen{Toast: "wait", After: func(ctx context.Context) (ui.Screen, error) {
				_, err := s.Monitor.Source.Balance(ctx)
				return ui.Screen{Text: "done", Looks: looks}, err
			}}, nil
		})
	}
	s.Send(ann, "/start")
	s.buy(ann)
	s.fulfils()
	tests := []struct {
		name  string
		way   []string // from the list of eSIMs
		press string
		held  string // the endpoint of the vendor that does not answer yet
		told  bool   // though they went on
		stays bool   // the message: it tells of the order from now on
	}{
		{"refresh", []string{"esim|"}, "fresh|", "esim/query", false, false},
		{"fault finder", []string{"esim|"}, "fault|", "esim/query", false, false},
		{"top-ups", []string{"esim|"}, "topup|", "package/list", false, false},
		{"a top-up", []string{"esim|", "topup|"}, "tcard|", "package/list", false, false},
		{"automatic top-ups", []string{"esim|", "topup|"}, "auto|", "package/list", false, false},
		{"swap", []string{"esim|"}, "swap|", "esim/query", false, false},
		{"buying a top-up", []string{"esim|", "topup|", "tcard|"}, "tbuy|", "package/list", true, false},
		{"any act", []string{"esim|"}, "act", "balance/query", true, false},
		{"an act that others tell of", []string{"esim|"}, "told", "balance/query", false, false},
		{"cancel", []string{"esim|", "cancel|"}, "cancelnow|", "esim/query", true, true},
	}
	for _, tt := range tests {
		s.Send(ann, "/esims")
		for _, data := range tt.way {
			s.presses(ann, data)
		}
		s.Vendor.Advance(2 * time.Minute)
		message, data := ann.Last().ID, tt.press
		if strings.HasSuffix(tt.press, "|") {
			message, data = s.button(ann, tt.press)
		}
		stop := s.Vendor.BreakpointAt(tt.held, vendorsandbox.BeforeWork)
		press := func(data string) {
			_, err := ann.PressData(message, data)
			s.Must(err)
			s.Take()
		}
		press(data)
		select {
		case <-stop.Reached():
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: the vendor is not asked", tt.name)
		}
		press("menu")
		menu, newest := textOf(ann, message), ann.Last().ID
		stop.Release()
		s.App.Bot.Wait()
		if now := textOf(ann, message); (now == menu) == tt.stays {
			t.Errorf("%s: in place of where they went on stands %q", tt.name, now)
		}
		if told := ann.Last().ID > newest; told != (tt.told && !tt.stays) {
			t.Errorf("%s: told in a message of its own: %v, which says %q", tt.name, told, ann.Last().Text)
		}
	}
}

// textOf is what a message shows; "" if it is gone.
func textOf(h *tgsandbox.UserClient, message int) string {
	chat := h.Chat()
	if i := slices.IndexFunc(chat, func(m tgsandbox.Message) bool { return m.ID == message }); i >= 0 {
		return chat[i].Text
	}
	return ""
}
