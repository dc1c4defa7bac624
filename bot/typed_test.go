package bot_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// typed is the screen that answers a text, and where it was followed to.
func (s *shop) typed(text string) (ui.Screen, ui.CallbackData) {
	s.Helper()
	r := s.request("en", ui.CallbackData{})
	r.Text, r.Press = text, false
	screen, err := s.App.Bot.Screens().Run(s.Context(), s.App.Bot.Router().ForText(r), r, 1)
	s.Must(err)
	return screen, r.Data
}

// sells are the routes of screens with plans.
var sells = []string{"country", "region", "plan", "find"}

// TestNoCryForHelpIsAnsweredWithPlans types every cry for help of the corpus into the bot.
func TestNoCryForHelpIsAnsweredWithPlans(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	corpus, err := os.ReadFile("../i18n/places/testdata/queries.tsv")
	s.Must(err)
	cries := 0
	for line := range strings.Lines(string(corpus)) {
		queries, ok := strings.CutPrefix(strings.TrimSpace(line), "help\t")
		if !ok {
			continue
		}
		for text := range strings.SplitSeq(queries, "|") {
			cries++
			screen, followed := s.typed(text)
			asks := false
			for _, row := range screen.Rows {
				for _, b := range row {
					asks = asks || b.Data.Route == "person"
					if slices.Contains(sells, b.Data.Route) {
						t.Errorf("the cry for help %q is answered with %s: %s", text, b.Data.Route, b.Text)
					}
				}
			}
			if !asks || slices.Contains(sells, followed.Route) {
				t.Errorf("the cry for help %q leads to %q, and to a person: %v", text, followed.Route, asks)
			}
		}
	}
	if cries < 200 {
		t.Errorf("only %d cries for help", cries)
	}
}

// TestAnOrdersNumberLeadsToItsESIM: whatever else the sentence says, and to nobody else's.
func TestAnOrdersNumberLeadsToItsESIM(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	order := s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOf(s.Context(), esim.CustomerID(annID))
	s.Must(err)
	id, iccid := order.ID.String(), string(esims[0].ICCID)
	for _, text := range []string{
		id, strings.ToLower(id), string(order.ID), "#" + id,
		"My eSIM " + id + " is not connecting in Barcelona", "не работает " + id,
		string(order.ID) + " please", "what about " + strings.ToLower(string(order.ID)) + " in spain",
		iccid, iccid[len(iccid)-6:], "iccid ..." + iccid[len(iccid)-4:], "my esim ends in " + iccid[len(iccid)-5:], "номер симки " + iccid[len(iccid)-5:],
	} {
		if _, to := s.typed(text); to.Route != "esim" || argument(to, 0) != string(esims[0].ID) {
			t.Errorf("%q leads to %v, want the eSIM", text, to)
		}
	}
	tail := iccid[len(iccid)-5:]
	for _, text := range []string{
		"here is my receipt " + tail, "вот мой чек " + tail, "my card ends with " + tail, "my phone is +7 916 12" + tail, "flight " + tail, "SU" + tail,
		"it was $" + tail, tail + " rub", "invoice 2026-" + tail,
	} {
		screen, to := s.typed(text)
		if to.Route != "" || strings.Contains(screen.Text, "has this number") || !asksPerson(screen) {
			t.Errorf("%q, a number of something else, leads to %v %q", text, to, screen.Text)
		}
	}
	for _, text := range []string{"ZZZZ-9999", "My eSIM ZZZZ-9999 is not connecting in Barcelona", "1234567890"} {
		if screen, to := s.typed(text); slices.Contains(sells, to.Route) || to.Route == "esim" || screen.Text == "" {
			t.Errorf("%q, which is of nobody here, leads to %v", text, to)
		}
	}
}

// asksPerson reports whether a screen has a button to a person.
func asksPerson(screen ui.Screen) bool {
	return slices.ContainsFunc(slices.Concat(screen.Rows...), func(b ui.Button) bool { return b.Data.Route == "person" })
}

// TestATypedTextLeadsToWhatItSays goes through the kinds of texts with the bot's own price list.
func TestATypedTextLeadsToWhatItSays(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	tests := []struct{ text, route, argument, says string }{
		{"japan", "country", "JP", "Japan"},
		{"dubai", "country", "AE", "Dubai"},
		{"canary islands", "country", "ES", "is served by"},
		{"new mexico", "country", "US", "New Mexico"},
		{"london ontario", "country", "CA", "Canada"},
		{"georgia usa", "country", "US", "United States"},
		{"turkey 30 days 5gb", "find", "aTR5_30", "5"},
		{"usa canada", "find", "aUSCA", "One eSIM for all"},
		{"spain, 7 days", "find", "aES_7", "Spain"},
		{"europe", "find", "reurope", "of 41, without"},
		{"🇪🇺", "find", "reu", "European Union"},
		{"schengen", "find", "rschengen", "(34): all 29 of them"},
		{"eu", "find", "reu", "(34): all 27 of them"},
		{"benelux", "find", "rbenelux", "(34): all 3 of them"},
		{"балканы", "find", "rbalkans", "(7): 7 of 11, without Bosnia"},
		{"1 gb a day japan 10 days", "find", "aJP1d_10", "1\u00a0GB/day · 10\u00a0days"},
		{"1gb/day japan", "find", "aJP1d", "1\u00a0GB/day"},
		{"10gb schengen", "find", "rschengen10", "Schengen"},
		{"10gb europe", "find", "reurope10", "10"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			screen, to := s.typed(tt.text)
			if to.Route != tt.route || argument(to, 0) != tt.argument || !strings.Contains(screen.Text, tt.says) {
				t.Errorf("leads to %v %q, want %s %s with %q", to, screen.Text, tt.route, tt.argument, tt.says)
			}
			if len(screen.Rows) > 10 && to.Route == "find" {
				t.Errorf("%d rows", len(screen.Rows))
			}
		})
	}
	for text, label := range map[string]string{"1 gb a day japan 10 days": "/day · 10", "japan unlimited 10 days": "/day · 10", "thailand unlimited 10 days": "10"} {
		screen, _ := s.typed(text)
		passes := 0
		for _, b := range slices.Concat(screen.Rows...) {
			if b.Data.Route != "plan" {
				continue
			}
			if passes++; !strings.Contains(b.Text, label) {
				t.Errorf("%q offers %q, want day passes with %q", text, b.Text, label)
			}
		}
		if passes == 0 {
			t.Errorf("%q offers no day pass", text)
		}
	}
	for _, text := range []string{"does it work in spain?", "will my phone work in Spain"} {
		screen, to := s.typed(text)
		if to.Route != "" || !strings.Contains(screen.Text, "Spain, or ask us?") {
			t.Errorf("%q leads to %v %q", text, to, screen.Text)
		}
	}
}

// TestSearchScreensFitAPhone: labels on one line and at most ten rows, in each language.
func TestSearchScreensFitAPhone(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	for _, l := range s.App.Texts.Languages() {
		for _, text := range []string{
			"europe", "caribbean", "balkans", "benelux", "asia 500mb 365 days", "world 10gb", "global", "south america", "guinea",
			"turkey 30 days 5gb", "thailand unlimited 30 days", "japan 7 days", "bosnia and trinidad 30 days", "usa canada", "Dominican Republic, Papua New Guinea",
			"united arab emirates, united kingdom, united states, dominican republic, new zealand, south africa, saudi arabia, south korea",
		} {
			r := s.request(l.Code, ui.CallbackData{})
			r.Text, r.Press = text, false
			screen, err := s.App.Bot.Screens().Run(t.Context(), s.App.Bot.Router().ForText(r), r, 1)
			s.Must(err)
			if r.Data.Route != "find" && r.Data.Route != "" {
				continue // the screens of places have tests of their own
			}
			if len(screen.Rows) > 10 {
				t.Errorf("%s: %q has %d rows", l.Code, text, len(screen.Rows))
			}
			for _, row := range screen.Rows {
				for _, b := range row {
					if n := ui.LabelWidth(b.Text); n > ui.MaxLabel(len(row)) {
						t.Errorf("%s: %q has the label %q, %d wide", l.Code, text, b.Text, n)
					}
				}
			}
		}
	}
}

// TestAContinentOffersItsRegionsOnTop: "All countries → Europe" begins with the plans for all of it.
func TestAContinentOffersItsRegionsOnTop(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	r := s.request("en", ui.CallbackData{Route: "cont", Args: []string{"europe"}})
	r.Press = true
	screen, err := s.App.Bot.Screens().Run(t.Context(), s.App.Bot.Router().ForPress(r, "cont|europe"), r, 1)
	s.Must(err)
	if first := screen.Rows[0][0]; first.Data.Route != "find" || argument(first.Data, 0) != "reurope" || len(screen.Rows) > 10 {
		t.Errorf("the first of %d rows is %q to %v", len(screen.Rows), first.Text, first.Data)
	}
}
