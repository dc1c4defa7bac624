package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestNotesOnTheWayToRussiaAndChina: what to know of a country stands on the card, where one chooses how to pay, on
// the invoice, and in the reminder before the flight. The card has room for two, and says that there are more.
func TestNotesOnTheWayToRussiaAndChina(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang, place          string
		card, paying, flight []string
	}{
		{
			"en", "Russia",
			[]string{"⏸ No data for the first 24 hours", "✈️ Telegram is slow or blocked: save codes"},
			[]string{"⏸ No data for the first 24 hours", "✈️ Telegram is slow or blocked: save codes"},
			[]string{"Russia gives foreign SIMs no data for the first 24 hours", "Telegram is blocked or slowed in Russia"},
		},
		{
			"ru", "Китай",
			[]string{"📵 В местных телефонах часто нет eSIM", "🧱 Google и WhatsApp заблокированы", "ещё в подробностях"},
			[]string{"📵 В местных телефонах часто нет eSIM", "🧱 Google и WhatsApp заблокированы", "✈️ Telegram блокируют: сохраните коды"},
			[]string{"обычно нет eSIM", "в местных сетях заблокированы Google, WhatsApp", "Telegram заблокирован или замедлен"},
		},
	} {
		t.Run(tt.place, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual, esim.MethodFree} // of more than two there is a choice
			ann := s.Messenger.User(annID)
			ann.SetLanguage(tt.lang)
			k := s.talk(ann)
			says := func(where, text string, want []string) {
				t.Helper()
				for _, note := range want {
					if !strings.Contains(text, note) {
						t.Errorf("%s does not say %q:\n%s", where, note, text)
					}
				}
			}
			k.says(tt.place)
			k.taps("plan|")
			says("the card", k.user.Last().Text, tt.card)
			k.asksWays()
			says("the choice of how to pay", k.user.Last().Text, tt.paying)
			k.tapsMethod(esim.MethodStars)
			says("the invoice", k.user.Last().Invoice.Description, tt.paying)
			k.pays()
			k.arrives()
			k.taps("trip|o")
			k.taps("trip|" + k.aboutTrip() + "|2026-11-30")
			k.later(6*24*time.Hour + 21*time.Hour)
			k.Must(k.Watcher.Remind(k.Context()))
			k.works()
			says("the reminder before the flight", k.user.Last().Text, tt.flight)
		})
	}
}
