package bot_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"esimbot/bot/customer"
	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// TestEveryPlanCardFits shows each plan by its own link, with no list in front of it. Of plans that
// differ by numbers alone it sells those that have most to write: details, networks, invoice and
// the caption of the QR picture.
func TestEveryPlanCardFits(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		_, _, err := s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: "Ann"})
		s.Must(err)
		eachLanguage(t, s, func(t *testing.T, lang string) {
			var side errgroup.Group
			side.SetLimit(16) // orders share commits
			sold := wordiest(s.Catalog.Current().Plans())
			long := longestPlaces(s, lang)
			for i, p := range s.Catalog.Current().Plans() {
				if !inTurn(s, lang, i) && !long[p.Location] {
					continue
				}
				side.Go(func() error {
					checkPlan(t, s, lang, p, sold[p.Code])
					return nil
				})
			}
			_ = side.Wait()
		})
	})
}

// inTurn reports whether a language looks at the n-th of many things that are the same in every language but for
// its words: Fallback at each (by default at one in so many), the others at every twelfth, no two at the same while
// there are not more of them.
func inTurn(s *shop, lang string, n int) bool {
	const turns = 12
	for i, l := range s.App.Texts.Languages() {
		if l.Code == lang {
			if i == 0 {
				return n%oneIn == 0
			}
			return n%turns == i%turns
		}
	}
	return true
}

// longestPlaces are the ten places with the longest names in a language, which take the most room on its screens.
func longestPlaces(s *shop, lang string) map[string]bool {
	names := map[string]int{}
	for _, p := range s.Catalog.Current().Plans() {
		names[p.Location] = ui.LabelWidth(s.App.Texts.Printer(lang).Place(p.Location))
	}
	codes := slices.SortedFunc(maps.Keys(names), func(a, b string) int { return cmp.Or(names[b]-names[a], cmp.Compare(a, b)) })
	long := map[string]bool{}
	for _, code := range codes[:min(10, len(codes))] {
		long[code] = true
	}
	return long
}

// wordiest are, of the plans that are the same but for their data, days and price, the one with the longest
// name and the dearest: what both have room for, those between have too.
func wordiest(plans []esim.Plan) map[string]bool {
	longest, dearest := map[string]esim.Plan{}, map[string]esim.Plan{}
	for _, p := range plans {
		alike := p
		alike.Code, alike.Slug, alike.Name, alike.Description = "", "", "", ""
		alike.Wholesale, alike.Data, alike.Days = esim.Money{}, 0, 0
		kind := fmt.Sprintf("%+v", alike)
		if len(p.Name) > len(longest[kind].Name) {
			longest[kind] = p
		}
		if p.Wholesale.Minor > dearest[kind].Wholesale.Minor {
			dearest[kind] = p
		}
	}
	codes := map[string]bool{}
	for kind := range dearest {
		codes[longest[kind].Code], codes[dearest[kind].Code] = true, true
	}
	return codes
}

func checkPlan(t *testing.T, s *shop, lang string, p esim.Plan, sold bool) {
	show := func(d ui.CallbackData) ui.Screen {
		r := s.request(lang, d)
		screen, err := s.screen(t, r)
		if errors.Is(err, esim.ErrPriceTooHigh) {
			return ui.Screen{Text: r.T("error.too_dear", nil)}
		}
		if err != nil {
			t.Errorf("%s: %v", p.Code, err)
		}
		return screen
	}
	card := show(ui.NewCallbackData("plan", p.Code))
	checkScreen(t, s, p.Code, card)
	origin := p.Location
	if len(p.Places) > 1 { // the longest: with the networks of the country it was looked up for
		origin = p.Places[0] + ".m"
	}
	for _, text := range []string{card.Text, show(ui.NewCallbackData("plan", p.Code, origin)).Text} {
		plain, _, err := tgsandbox.ParseHTML(text)
		if err != nil {
			t.Errorf("%s: %v", p.Code, err)
		}
		limit := limitCard
		if strings.ContainsAny(plain, "ℹ⏸✈📵🧱🚫📥📞🛂") { // what to know of a country comes on top
			limit = limitCard + 3
		}
		if n := linesOn(plain, 42); n > limit {
			t.Errorf("%s: a card of %d lines:\n%s", p.Code, n, plain)
		}
	}
	if !sold {
		return
	}
	checkScreen(t, s, p.Code+" details", show(ui.NewCallbackData("details", p.Code)))
	var nets strings.Builder
	for n := range (len(p.Coverage)-1)/networksPage + 1 {
		page := show(ui.NewCallbackData("nets", p.Code, "", 0, n))
		checkScreen(t, s, p.Code+" networks", page)
		nets.WriteString(page.Text)
	}
	for _, c := range p.Coverage {
		if len(c.Networks) > 0 && !strings.Contains(nets.String(), telegram.EscapeHTML(strings.TrimSpace(c.Networks[0].Name))) {
			t.Errorf("%s: %s in %s is left out", p.Code, c.Networks[0].Name, c.Name)
		}
	}
	if len(card.Rows) == 0 || card.Rows[0][0].Data.Route != "buy" {
		return // too dear to be sold
	}
	checkInvoice(t, p.Code, show(card.Rows[0][0].Data), s)
	if captioned(p) {
		checkCaption(t, s, lang, p)
	}
}

// linesOn counts the lines of a text on a screen with room for so many letters, which goes on in the next line at a
// space: written once more here, so that a slip in the code's own count is seen.
func linesOn(text string, room int) (lines int) {
	for line := range strings.SplitSeq(text, "\n") {
		lines++
		now := ""
		for word := range strings.SplitSeq(line, " ") {
			if now != "" && ui.LabelWidth(now+word) > room {
				lines++
				now = ""
			}
			now += word + " "
		}
	}
	return lines
}

// captioned picks the plans whose picture is drawn and read: those of several places, whose
// titles are the longest, and every eighth of the others, which differ by a name and a number.
func captioned(p esim.Plan) bool {
	h := fnv.New32a()
	h.Write([]byte(p.Code))
	return len(p.Places) > 1 && h.Sum32()%2 == 0 || h.Sum32()%8 == 0
}

func checkInvoice(t *testing.T, code string, screen ui.Screen, s *shop) {
	inv := screen.Invoice
	if inv == nil {
		t.Errorf("%s: no invoice but %+v", code, screen)
		return
	}
	checkScreen(t, s, code+" invoice", screen)
	if n := units(inv.Title); n < 1 || n > limitTitle || badText(inv.Title) != "" {
		t.Errorf("%s: invoice title %q, %d characters", code, inv.Title, n)
	}
	if n := units(inv.Description); n < 1 || n > limitDescription || badText(inv.Description) != "" {
		t.Errorf("%s: invoice description %q, %d characters", code, inv.Description, n)
	}
	if !screen.Rows[0][0].Pay {
		t.Errorf("%s: the first button of an invoice must pay", code)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`).MatchString(inv.StartParameter) {
		t.Errorf("%s: start parameter %q", code, inv.StartParameter)
	}
}

// longest is the longest activation code seen at the vendor, 127 characters.
var longest = esim.ActivationCode("LPA:1$" + strings.Repeat("s", 55) + ".example$" + strings.Repeat("9", 57))

// oneESIM is a store in which everybody owns this eSIM.
type oneESIM struct {
	*testStore
	esim esim.ESIM
}

func (s oneESIM) ESIMOf(context.Context, esim.CustomerID, esim.ESIMID) (esim.ESIM, error) {
	return s.esim, nil
}

func (s oneESIM) OrderOf(context.Context, esim.CustomerID, esim.OrderID) (esim.Order, error) {
	return esim.Order{ID: s.esim.Order, Quantity: 10}, nil
}

func (s oneESIM) SetOrderPhone(context.Context, esim.CustomerID, esim.OrderID, esim.Phone) error {
	return nil
}

func checkCaption(t *testing.T, s *shop, lang string, p esim.Plan) {
	if len(longest) != 127 {
		t.Fatalf("the longest code has %d characters", len(longest))
	}
	e := esim.ESIM{Plan: p.Snapshot(), Index: 10, Order: "K7M2XQ4P"}
	e.ID, e.ActivationCode, e.APN, e.Days, e.Status = "26112312000001", longest, strings.Repeat("a", 64), esim.MaxDays, esim.ProfileGotResource
	chats := customer.New(customer.Config{
		Texts: s.App.Texts, Catalog: s.Catalog, Checkout: s.Checkout, Store: oneESIM{s.store, e}, QR: s.App.QR, Now: s.Vendor.Time,
	})
	r := s.request(lang, ui.NewCallbackData("qr", e.ID))
	screen, err := chats.Router().ForPress(r, "qr|"+string(e.ID))(t.Context(), r)
	if err != nil || screen.Picture == nil {
		t.Errorf("%s QR: %+v, %v", p.Code, screen, err)
	}
	checkScreen(t, s, p.Code+" QR", screen)
}
