package bot_test

import (
	"strings"
	"testing"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n/countrynotes"
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
		{"en", "plan", []any{national.Code, "TR"}, "🚫 Sellers' sites are blocked: save codes"},
		{"ru", "plan", []any{national.Code, "TR"}, "🚫 Сайты продавцов закрыты"},
		{"en", "ways", []any{national.Code, "TR", 0, 1}, "🚫 Sellers' sites are blocked: save codes"},
		{"en", "plan", []any{regional.Code, "TR", 3}, "🚫 Sellers' sites are blocked: save codes"},
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
	for lang, want := range map[string]string{"en": "(checked 29", "ru": "(проверено 29"} {
		card, err := s.screen(t, s.request(lang, ui.NewCallbackData("plan", national.Code, "TR")))
		s.Must(err)
		details, err := s.screen(t, s.request(lang, ui.NewCallbackData("details", national.Code, "TR", 0, 1)))
		s.Must(err)
		if !strings.Contains(card.Text, "\n🚫 ") || !strings.Contains(card.Text, "\n📥 ") || strings.Contains(card.Text, want) {
			t.Errorf("%s: not a short line for each note:\n%s", lang, card.Text)
		}
		if n := strings.Count(card.Text, s.App.Texts.Printer(lang).Place("TR")); n > 1 {
			t.Errorf("%s: the card names its country %d times:\n%s", lang, n, card.Text)
		}
		if strings.Count(details.Text, want) != 2 || !strings.Contains(details.Text, `<a href="https://gizmoarena.top/`) {
			t.Errorf("%s: the details do not say of each note when and where it was read:\n%s", lang, details.Text)
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
	const note = "🚫 Sellers' sites are blocked: save codes"
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

// An operator's notes stand beside ours: two on the card, all of them with their days and sources in the details.
func TestAnOperatorsNotesOnTheCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	notes, err := countrynotes.BuiltIn().With([]byte(`{
		"TR": {"notes": [{"text": {"en": "The <old> airport shop sells none."}, "checked": "2026-11-20", "source": "https://www.airport.example/sim"}]},
		"JP": {"notes": [{"text": {"en": "Buy a Suica card."}, "checked": "2026-11-21", "source": "https://suica.example"}]}
	}`), "en")
	s.Must(err)
	r := s.request("en", ui.CallbackData{})
	for country, want := range map[string][2]string{
		"TR": {"(+ details)", `The &lt;old&gt; airport shop sells none. <i>(checked 20`},
		"JP": {"ℹ️ Buy a Suica card.", `Buy a Suica card. <i>(checked 21`},
	} {
		p := s.Catalog.Current().Country(country)[0]
		card := forsale.ShortNotes(r, notes, p, country, forsale.MaxNotes)
		details := strings.Join(forsale.SourcedNotes(r, notes, p, country), "\n")
		if !strings.Contains(card, want[0]) || strings.Count(card, "\n") > 1 || !strings.Contains(details, want[1]) || !strings.Contains(details, `.example`) {
			t.Errorf("%s: the card\n%s\nthe details\n%s", country, card, details)
		}
	}
}

// An order that waits for money by hand says what to know of its country again when it is opened again.
func TestCountryNotesStandOnAnOrderByHand(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	k := s.talk(s.Messenger.User(annID))
	k.says("/start")
	k.taps("country|TR")
	k.taps("plan|")
	k.taps("buy|")
	const note = "🚫 Sellers' sites are blocked"
	first := k.user.Last()
	if !strings.Contains(first.Text, note) {
		t.Fatalf("the order does not say %q:\n%s", note, first.Text)
	}
	k.taps("leave|")
	k.taps("order|")
	if again := k.user.Last(); !strings.Contains(again.Text, note) {
		t.Errorf("the order that was opened again does not say %q:\n%s", note, again.Text)
	}
}
