package bot_test

import (
	"slices"
	"strings"
	"testing"

	"esimbot/bot/customer"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestGuidesFit shows every card of every family's guide, with the longest eSIM and with none, and
// every screen of the dialogue about phones, in every language.
func TestGuidesFit(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	japan := s.Catalog.Current().Country("JP")[0]
	owned := func(code esim.ActivationCode) *customer.Chats {
		e := esim.ESIM{Plan: japan.Snapshot(), Index: 10, Order: "K7M2XQ4P", Customer: annID}
		e.ID, e.ActivationCode, e.APN, e.Days, e.Status = "261123120000000000001", code, "plus.long.apn.example", esim.MaxDays, esim.ProfileGotResource
		e.SMDPStatus = esim.SMDPReleased
		return customer.New(customer.Config{
			Texts: s.App.Texts, Catalog: s.Catalog, Checkout: s.Checkout, Store: oneESIM{s.store, e}, QR: s.App.QR, Now: s.Vendor.Time,
		})
	}
	shops := map[string]*customer.Chats{"drawn": owned(longest), "words": owned("no code at all")}
	eachLanguage(t, s, func(t *testing.T, lang string) {
		seen := 0
		show := func(chats *customer.Chats, phone esim.Phone, data string) ui.Screen {
			seen++
			d, err := ui.ParseCallbackData(data)
			s.Must(err)
			r := s.request(lang, d)
			r.Customer.Phone = phone
			screen, err := chats.Router().ForPress(r, data)(t.Context(), r)
			if err != nil || screen.Text == "" {
				t.Errorf("%s: %q, %v", data, screen.Text, err)
			}
			checkScreen(t, s, data, screen)
			return screen
		}
		for _, family := range esim.PhoneFamilies() {
			for _, card := range []string{"link", "photo", "screen", "codes", "asks", "use", "home", "full", "stuck", "all", "which"} {
				for _, chats := range shops {
					show(chats, esim.Phone{}, "guide|"+string(family)+"|261123120000000000001|"+card)
					show(chats, esim.Phone{}, "guide|"+string(family)+"||"+card)
				}
			}
			for _, eid := range []esim.Answer{"", esim.AnswerYes, esim.AnswerNo, esim.AnswerUnsure} {
				for _, unlocked := range []esim.Answer{"", esim.AnswerYes, esim.AnswerNo, esim.AnswerUnsure} {
					phone := esim.Phone{Family: family, EID: eid, Unlocked: unlocked}
					show(shops["drawn"], phone, "phone")
					show(shops["drawn"], phone, "phone|"+japan.Code+"|JP|0|1")
				}
			}
			// The QR picture offers a link exactly where the guide has a card for it.
			byLink := slices.Contains(family.InstallWays(), esim.InstallByLink)
			if qr := show(shops["drawn"], esim.Phone{Family: family}, "qr|261123120000000000001"); opensInstaller(qr) != byLink {
				t.Errorf("%s: a link at the QR picture %v, in the guide %v", family, !byLink, byLink)
			}
			for _, chats := range shops {
				show(chats, esim.Phone{Family: family}, "qr|261123120000000000001")
				show(chats, esim.Phone{Family: family}, "install|261123120000000000001")
			}
		}
		if seen < 7*(11*4+32+5) {
			t.Errorf("%d screens", seen)
		}
	})
}

// opensInstaller reports whether a button of a screen opens a phone's own installer.
func opensInstaller(s ui.Screen) bool {
	return slices.ContainsFunc(slices.Concat(s.Rows...), func(b ui.Button) bool { return strings.Contains(b.URL, "esimsetup") })
}
