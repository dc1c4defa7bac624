package bot_test

import (
	"slices"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// coloured are the labels' routes of a message's buttons that have a colour, each with it.
func coloured(m tgsandbox.Message) (out []string) {
	for _, b := range slices.Concat(m.Keyboard...) {
		if b.Style != "" {
			out = append(out, b.Style)
		}
	}
	return out
}

// What takes money is green, what cannot be undone red, the one next step blue; and nobody is drawn to buy what will not
// work on their phone.
func TestButtonsHaveTheColoursOfWhatTheyDo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	colour := func(what string, want ...string) {
		t.Helper()
		if got := coloured(k.user.Last()); !slices.Equal(got, want) {
			t.Errorf("%s has the colours %v, want %v", what, got, want)
		}
	}
	k.says("JP")
	colour("a country")
	k.taps("need|")
	k.taps("need|JP|m|7")
	k.taps("need|JP|m|7|social")
	k.taps("need|JP|m|7|social|1")
	colour("what was recommended", "primary")
	k.taps("plan|")
	colour("a card", "success")
	k.taps("buy|")
	colour("an invoice", "success")
	k.pays()
	k.arrives()
	k.says("/esims")
	k.taps("esim|")
	colour("an unused eSIM", "primary")
	k.taps("cancel|")
	colour("whether to cancel", "danger")
	s.Must(s.DB.SetPhone(t.Context(), annID, esim.Phone{Family: esim.FamilySamsung, EID: esim.AnswerNo}))
	k.says("JP")
	k.taps("plan|")
	colour("a card of what will not work")
}
