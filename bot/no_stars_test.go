package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// saysStars finds a word about Stars in any of the languages.
var saysStars = regexp.MustCompile(`\bStars?\b|⭐|(?i:зв[её]зд)`)

// TestNothingSaysStarsWhereNoneAreTaken: what there is to pay with is said as it is configured, on
// every screen on the way from the first to the refund, and to staff.
func TestNothingSaysStarsWhereNoneAreTaken(t *testing.T) {
	t.Parallel()
	for i, methods := range [][]esim.PaymentMethod{
		{esim.MethodManual}, {esim.MethodProvider}, {esim.MethodProvider, esim.MethodCredit, esim.MethodManual}, {esim.MethodFree},
	} {
		languages := written(t)
		if oneIn > 1 { // with the tag soak each in each
			languages = languages[i%len(languages):][:1]
		}
		for _, lang := range languages {
			t.Run(fmt.Sprint(methods, lang), func(t *testing.T) {
				t.Parallel()
				s := newShop(t, vendorsandbox.Options{})
				s.Reopen(func(cfg *wiring.Config) {
					cfg.Payments, cfg.ProviderCurrency, cfg.ProviderRate = methods, esim.USD, 10_000
				})
				s.Must(s.DB.SetSetting(t.Context(), "staff_language", lang))
				ann := s.Messenger.User(annID)
				ann.SetLanguage(lang)
				k := s.talk(ann)
				for _, c := range []string{"/start", "/help", "/terms", "/privacy", "/credit", "/esims", "JP"} {
					k.says(c)
				}
				for _, press := range []string{"country|JP|f", "plan|", "details|", "plan|", "plan|"} {
					k.taps(press)
				}
				k.says("JP")
				k.taps(k.planOn(5, 7)) // a small one is too little for a card
				k.buysWith(methods[0])
				k.arrives()
				k.says("/esims")
				k.taps("esim|")
				k.taps("topup|")
				k.taps("tcard|")
				k.says("/esims")
				k.taps("esim|")
				k.taps("cancel|")
				k.taps("cancelnow|")
				k.works()
				k.says("/credit")
				k.says("/paysupport")
				k.user = s.Messenger.User(staffID).In(groupID)
				for _, c := range []string{"/help", "/status", "/stats", "/orders", "/refunds", "/ledger"} {
					k.says(c)
				}
				for _, line := range strings.Split(k.text.String(), "\n") {
					if saysStars.MatchString(line) {
						t.Errorf("says Stars: %s", line)
					}
				}
			})
		}
	}
}

// buysWith buys what the card on the screen shows, and pays with a method.
func (k *talk) buysWith(method esim.PaymentMethod) {
	k.Helper()
	if slices.ContainsFunc(k.user.Last().Keyboard, func(row []tgsandbox.Button) bool { return strings.HasPrefix(row[0].Data, "ways|") }) {
		k.asksWays()
	}
	k.tapsMethod(method)
	spec, err := method.Spec()
	k.Must(err)
	switch spec.ConfirmedBy {
	case esim.ConfirmedByMessenger:
		k.pays()
	case esim.ConfirmedByCustomer:
		k.taps("paycredit|")
	case esim.ConfirmedByStaff:
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		_, err = k.Checkout.PaidByHand(k.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
		k.Must(err)
	}
}
