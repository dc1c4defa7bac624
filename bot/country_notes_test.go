package bot_test

import (
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What a traveller should know about a country stands on the card and where one chooses how to
// pay, in their language; a plan for several countries names those that have notes.
func TestCountryNotesStandBeforeThePayment(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	national := s.Catalog.Current().Country("TR")[0]
	regional := s.Catalog.Current().Covering("TR")[0]
	for _, tt := range []struct {
		lang, route string
		args        []any
		want        string
	}{
		{"en", "plan", []any{national.Code, "TR"}, "Sellers' sites and apps are blocked in Türkiye"},
		{"ru", "plan", []any{national.Code, "TR"}, "сайты и приложения продавцов"},
		{"en", "ways", []any{national.Code, "TR", 0, 1}, "Sellers' sites and apps are blocked in Türkiye"},
		{"en", "plan", []any{regional.Code, "TR", 3}, "Sellers' sites and apps are blocked in Türkiye"},
		{"en", "plan", []any{regional.Code, regional.Location, 3}, "rules of their own"},
	} {
		screen, err := s.screen(t, s.request(tt.lang, ui.NewCallbackData(ui.Route(tt.route), tt.args...)))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(screen.Text, tt.want) {
			t.Errorf("%s %v: the screen does not say %q:\n%s", tt.lang, tt.args, tt.want, screen.Text)
		}
	}
	for lang, want := range map[string]string{"en": "(checked 2", "ru": "(проверено 2"} { // a bare date says nothing
		screen, err := s.screen(t, s.request(lang, ui.NewCallbackData("plan", national.Code, "TR")))
		s.Must(err)
		if !strings.Contains(screen.Text, want) {
			t.Errorf("%s: the card does not say when the notes were checked:\n%s", lang, screen.Text)
		}
	}
	japan := s.Catalog.Current().Country("JP")[0]
	screen, err := s.screen(t, s.request("en", ui.NewCallbackData("plan", japan.Code, "JP")))
	s.Must(err)
	if strings.Contains(screen.Text, "Türkiye") || strings.Contains(screen.Text, "blocked") {
		t.Errorf("Japan has a note of another country:\n%s", screen.Text)
	}
}

// An eSIM is swapped for one of another country: what to know of that country stands on the swap's card, and on the
// invoice for the difference.
func TestCountryNotesStandBeforeASwap(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	var dear esim.Plan
	for _, p := range s.Catalog.Current().Country("TR") {
		if !p.DayPass() && p.Wholesale.Minor > dear.Wholesale.Minor {
			dear = p
		}
	}
	const note = "Sellers' sites and apps are blocked in Türkiye"
	card, err := s.screen(t, s.request("en", ui.NewCallbackData("swapcard", esims[0].ID, dear.Code, 0)))
	s.Must(err)
	if !strings.Contains(card.Text, note) {
		t.Errorf("the swap's card does not say %q:\n%s", note, card.Text)
	}
	invoice, err := s.screen(t, s.request("en", card.Rows[0][0].Data))
	s.Must(err)
	if invoice.Invoice == nil || !strings.Contains(invoice.Invoice.Description, note) {
		t.Errorf("the invoice of a swap does not say %q: %+v", note, invoice.Invoice)
	}
}
