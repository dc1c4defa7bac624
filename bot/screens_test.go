package bot_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// realCatalog is a captured answer of the vendor; it is not part of the repository.
const realCatalog = "../../shared/data/package-list.json"

// Telegram's limits as its documentation states them, written here once more so
// that a slip in the code's own constants is seen.
// Source: https://core.telegram.org/bots/api.
const (
	limitText        = 4096
	limitCaption     = 1024
	limitData        = 64
	limitRow         = 8
	limitButtons     = 60
	limitCard        = 8  // our own: lines
	limitRows        = 10 // our own: what a phone shows beside the text
	limitCopy        = 256
	limitToast       = 200
	limitTitle       = 32
	limitDescription = 255
)

// eachCatalog runs a test with the sandbox's catalogue and with the vendor's own.
func eachCatalog(t *testing.T, test func(t *testing.T, s *shop)) {
	t.Run("generated", func(t *testing.T) { test(t, newShop(t, vendorsandbox.Options{Balance: 1e12})) })
	t.Run("real", func(t *testing.T) {
		if underRaceDetector() {
			t.Skip("two thousand plans in one goroutine after the other: nothing to find for the race detector")
		}
		if _, err := os.Stat(realCatalog); errors.Is(err, fs.ErrNotExist) {
			t.Skip("../shared is absent: no package-list.json")
		}
		s := newShop(t, vendorsandbox.Options{Balance: 1e12, CatalogFile: realCatalog})
		if n := len(s.Catalog.Current().Plans()); n < 2000 {
			t.Fatalf("%d plans of the real catalogue", n)
		}
		test(t, s)
	})
}

// walkedCatalogs is eachCatalog for the long walks: by default over the sandbox's alone, with the tag soak, and so in .ci/run, over both.
func walkedCatalogs(t *testing.T, test func(t *testing.T, s *shop)) {
	if oneIn == 1 {
		eachCatalog(t, test)
		return
	}
	test(t, newShop(t, vendorsandbox.Options{Balance: 1e12}))
}

// eachLanguage runs a test in the languages that are walked, side by side.
func eachLanguage(t *testing.T, s *shop, test func(t *testing.T, lang string)) {
	for _, l := range walked(s.App.Texts.Languages()) {
		t.Run(l.Code, func(t *testing.T) { test(t, l.Code) })
	}
}

// leftOver finds a value that a sentence missed, and a key that has no sentence.
var leftOver = regexp.MustCompile(`\{[a-z_]+\}|%!|\b(about|alert|browse|buy|cancel|continent|credit|error|esims?|help|install|menu|notice|pay|plan|progress|qr|region|rights|search|staff|start|topup)\.[a-z_]+\b`)

// badText is the first thing in a text that should not be there, "" for none. Most texts have
// none of the signs one would begin with, and an expression takes its time to say so.
func badText(s string) string {
	if !strings.ContainsAny(s, "{%") && !innerDot(s) {
		return ""
	}
	return leftOver.FindString(s)
}

// innerDot reports whether a dot with a small letter after it stands in the text, as in a key.
func innerDot(s string) bool {
	for i := strings.IndexByte(s, '.'); i >= 0 && i+1 < len(s); {
		if c := s[i+1]; c == '_' || 'a' <= c && c <= 'z' {
			return true
		}
		next := strings.IndexByte(s[i+1:], '.')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// checkText holds an HTML text to Telegram's rules.
func checkText(t *testing.T, what, html string, limit int) {
	t.Helper()
	plain, _, err := tgsandbox.ParseHTML(html)
	if err != nil {
		t.Errorf("%s: %v\n%s", what, err, html)
	}
	if n := units(strings.TrimSpace(plain)); n > limit || n == 0 {
		t.Errorf("%s: %d characters, at most %d are allowed", what, n, limit)
	}
	if found := badText(plain); found != "" {
		t.Errorf("%s: %q stands in the text:\n%s", what, found, plain)
	}
}

// checkScreen holds a screen to Telegram's rules and returns where its buttons lead.
func checkScreen(t *testing.T, s *shop, what string, screen ui.Screen) []ui.CallbackData {
	t.Helper()
	limit := limitText
	if screen.Picture != nil {
		limit = limitCaption
	}
	if screen.Text != "" {
		checkText(t, what, screen.Text, limit)
	}
	if n := utf8.RuneCountInString(screen.Toast); n > limitToast {
		t.Errorf("%s: a toast of %d characters", what, n)
	}
	if n := len(screen.Rows); n > limitRows {
		t.Errorf("%s: %d rows of buttons", what, n)
	}
	total := 0
	var leads []ui.CallbackData
	for _, r := range screen.Rows {
		total += len(r)
		if len(r) > limitRow || len(r) == 0 {
			t.Errorf("%s: a row of %d buttons", what, len(r))
		}
		for _, button := range r {
			if w := ui.LabelWidth(button.Text); w > ui.MaxLabel(len(r)) {
				t.Errorf("%s: %q is %d wide, %d fit into a row of %d", what, button.Text, w, ui.MaxLabel(len(r)), len(r))
			}
			if d, ok := checkButton(t, s, what, button); ok {
				leads = append(leads, d)
			}
		}
	}
	if total > limitButtons {
		t.Errorf("%s: %d buttons, at most %d are wanted", what, total, limitButtons)
	}
	return leads
}

func checkButton(t *testing.T, s *shop, what string, button ui.Button) (ui.CallbackData, bool) {
	t.Helper()
	if button.Text == "" || badText(button.Text) != "" {
		t.Errorf("%s: a button says %q", what, button.Text)
	}
	kinds := 0
	for _, is := range []bool{button.Data.Route != "", button.URL != "", button.Copy != "", button.Pay, button.Inline != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		t.Errorf("%s: button %q has %d actions", what, button.Text, kinds)
	}
	if button.URL != "" {
		if u, err := url.Parse(button.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			t.Errorf("%s: URL %q: %v", what, button.URL, err)
		}
	}
	if n := units(button.Copy); n > limitCopy {
		t.Errorf("%s: %d characters to copy", what, n)
	}
	if button.Data.Route == "" {
		return ui.CallbackData{}, false
	}
	data, err := button.Data.Encode()
	if err != nil || len(data) > limitData {
		t.Errorf("%s: button %q with %d bytes: %v", what, button.Text, len(data), err)
		return ui.CallbackData{}, false
	}
	d, err := ui.ParseCallbackData(data)
	if err != nil || !s.answered(d) {
		t.Errorf("%s: button %q leads to %q, which nobody answers (%v)", what, button.Text, data, err)
		return ui.CallbackData{}, false
	}
	return d, true
}

const networksPage = 15 // countries on a page

// fewDays keeps the walk finite: of the 365 numbers of days of a day pass it takes a few.
var fewDays = map[int]bool{0: true, 1: true, 7: true, 30: true, esim.MaxDays: true}

// one reports whether a screen is among one in so many, by its first argument.
func one(in int, d ui.CallbackData) bool { return letters(d)%in == 0 }

// letters is a number that belongs to the first argument of a screen: its plan, its place.
func letters(d ui.CallbackData) (sum int) {
	for _, c := range []byte(argument(d, 0)) {
		sum += int(c)
	}
	return sum
}

// aboutOne are the screens of one plan, and of one place sorted, filtered or asked about: each language but Fallback
// takes its turn at them, since there are thousands of a few kinds.
func aboutOne(d ui.CallbackData) bool {
	switch d.Route {
	case "plan", "nets", "phone", "fit", "details", "need":
		return true
	case "country", "region":
		return argument(d, 2) != "" && argument(d, 2) != "d" || argument(d, 4) != ""
	default:
		return false
	}
}

// fewScreens keeps the walk finite: of what can be reached in many ways it takes each screen once
// and some of them in another way too.
func fewScreens(d ui.CallbackData) bool {
	switch d.Route {
	case "buy", "lang": // makes an order; changes the language of the walk
		return false
	case "country", "region": // of the sorted and filtered ones those with one of the three, in some places
		changed := 0
		for i, plain := range map[int]string{2: "d", 4: "", 5: "0", 6: "0"} {
			if a := argument(d, i); a != "" && a != plain {
				changed++
			}
		}
		return changed == 0 || changed == 1 && (argument(d, 4) == "m" || one(10, d))
	case "need": // in some places, with the fewest and the most phones
		return argument(d, 1) == "" && one(10, d) && number(d, 4, 0) != 2 && number(d, 4, 0) != 3
	case "plan", "nets", "phone", "fit", "details": // of a third of the plans: TestEveryPlanCardFits sees the card of each
		quantity := 3
		if d.Route == "nets" {
			quantity = 4
		}
		if !fewDays[number(d, 2, 0)] || strings.Contains(argument(d, 1), ".") && !one(40, d) || !one(3, d) {
			return false
		}
		n := number(d, quantity, 1)
		return n <= 1 || n == 2 && one(20, d)
	}
	return true
}

// TestEveryScreenWithinReach walks through all screens that can be reached from the
// menu by buttons alone, in every language: each fits into Telegram's limits, and
// each button on it leads to a screen.
func TestEveryScreenWithinReach(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		_, _, err := s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: "Ann"})
		s.Must(err)
		eachLanguage(t, s, func(t *testing.T, lang string) { walk(t, s, lang) })
	})
}

func walk(t *testing.T, s *shop, lang string) {
	seen := map[string]bool{"menu": true}
	perRoute := map[string]int{}
	for queue := []string{"menu"}; len(queue) > 0; queue = queue[1:] {
		d, err := ui.ParseCallbackData(queue[0])
		if err != nil {
			t.Fatal(err)
		}
		perRoute[d.Route]++
		if !fewScreens(d) || aboutOne(d) && !inTurn(s, lang, letters(d)/3) {
			continue
		}
		screen, err := s.screen(t, s.request(lang, d))
		if err != nil || screen.Text == "" {
			t.Errorf("%s: %v, text %q", queue[0], err, screen.Text)
			continue
		}
		for _, next := range checkScreen(t, s, queue[0], screen) {
			data, _ := next.Encode()
			if !seen[data] {
				seen[data] = true
				queue = append(queue, data)
			}
		}
	}
	for _, route := range []string{"conts", "cont", "regions", "country", "region", "plan", "details", "nets", "phone", "need", "buy", "help", "esims"} {
		if perRoute[route] == 0 {
			t.Errorf("no button leads to %q", route)
		}
	}
	t.Logf("%d screens: %v", len(seen), perRoute)
	// Every plan that is sold can be found by buttons.
	cards := map[string]bool{}
	for data := range seen {
		if d, _ := ui.ParseCallbackData(data); d.Route == "plan" {
			cards[argument(d, 0)] = true
		}
	}
	for _, p := range s.Catalog.Current().Plans() {
		if _, err := s.Checkout.LowestQuote(p); err == nil && !cards[p.Code] {
			t.Errorf("no button leads to plan %s (%s)", p.Code, p.Name)
		}
	}
}

// TestNoPlaceIsCut: the button of every country and region says all of a name, in every language.
func TestNoPlaceIsCut(t *testing.T) {
	t.Parallel()
	eachCatalog(t, func(t *testing.T, s *shop) {
		for _, l := range walked(s.App.Texts.Languages()) {
			seen := map[string]bool{"menu": true}
			for queue := []string{"menu"}; len(queue) > 0; queue = queue[1:] {
				d, err := ui.ParseCallbackData(queue[0])
				s.Must(err)
				screen, err := s.screen(t, s.request(l.Code, d))
				s.Must(err)
				for _, b := range slices.Concat(screen.Rows...) {
					if strings.Contains(b.Text, "…") {
						t.Errorf("%s: %q is cut", l.Code, b.Text)
					}
					data, _ := b.Data.Encode()
					if slices.Contains([]string{"conts", "cont", "regions"}, b.Data.Route) && !seen[data] {
						seen[data] = true
						queue = append(queue, data)
					}
				}
			}
			if len(seen) < 30 {
				t.Errorf("%s: only %d screens were seen", l.Code, len(seen))
			}
		}
	})
}
