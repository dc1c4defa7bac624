package bot_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// listed are the plans of all pages of a list, in its order, and the buttons of its first page.
func listed(t *testing.T, s *shop, l refs.List) (quotes []esim.Quote, buttons []ui.Button) {
	t.Helper()
	for page := 0; ; page++ {
		l.Page = page
		screen, err := s.screen(t, s.request("en", l.Data()))
		s.Must(err)
		on := slices.Concat(screen.Rows...)
		if page == 0 {
			buttons = on
		}
		more := false
		for _, b := range on {
			switch b.Data.Route {
			case "plan":
				q, err := s.Checkout.LowestQuote(s.plan(argument(b.Data, 0)))
				s.Must(err)
				quotes = append(quotes, q)
			case string(l.Route):
				to, err := refs.ParseList(l.Route)(b.Data)
				s.Must(err)
				more = more || to.Page == page+1
			}
		}
		if !more {
			return quotes, buttons
		}
	}
}

// plan is the one of this code.
func (s *shop) plan(code string) esim.Plan {
	s.Helper()
	p, err := s.Catalog.Plan(code)
	s.Must(err)
	return p
}

// TestAllPlansAreSorted: "All plans" stand in the order that was asked for over all of their pages, none twice
// and none left out.
func TestAllPlansAreSorted(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	perGB := func(q esim.Quote) int64 {
		per, _ := q.PerGB()
		return per.Minor
	}
	orders := map[string]func(q esim.Quote) int64{
		refs.ByPrice: func(q esim.Quote) int64 { return q.Price.Minor },
		refs.ByData:  func(q esim.Quote) int64 { return q.Plan.Data },
		refs.ByDays:  func(q esim.Quote) int64 { return int64(q.Plan.Days) },
		refs.ByGB:    perGB,
	}
	for _, tab := range []string{refs.TabFixed, refs.TabDays} {
		var want []string
		for _, p := range s.Catalog.Current().Country("JP") {
			if p.DayPass() == (tab == refs.TabDays) {
				want = append(want, p.Code)
			}
		}
		if len(want) < 4 {
			t.Fatalf("only %d plans in tab %s", len(want), tab)
		}
		slices.Sort(want)
		for order, key := range orders {
			quotes, _ := listed(t, s, refs.List{Route: refs.RouteCountry, Code: "JP", Tab: tab, Order: order})
			if !slices.IsSortedFunc(quotes, func(a, b esim.Quote) int { return cmp.Compare(key(a), key(b)) }) {
				t.Errorf("tab %s by %s: not in this order", tab, order)
			}
			var got []string
			for _, q := range quotes {
				got = append(got, q.Plan.Code)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("tab %s by %s: %v are listed, want %v", tab, order, got, want)
			}
		}
	}
}

// TestAllPlansAreFiltered: each press of a filter goes on to its next step, up to the strictest and back to
// any, and what is listed is what passes, no more and no less.
func TestAllPlansAreFiltered(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	passing := func(l refs.List) (n int) {
		for _, p := range s.Catalog.Current().Country(l.Code) {
			if !p.DayPass() && p.Days >= l.MinDays && p.Data >= int64(l.MinGB)<<30 {
				n++
			}
		}
		return n
	}
	for _, tt := range []struct {
		name string
		step func(a, b refs.List) bool // whether b is a step of the filter from a
		of   func(l refs.List) int
	}{
		{"days", func(a, b refs.List) bool { return a.MinDays != b.MinDays && a.MinGB == b.MinGB }, func(l refs.List) int { return l.MinDays }},
		{"data", func(a, b refs.List) bool { return a.MinGB != b.MinGB && a.MinDays == b.MinDays }, func(l refs.List) int { return l.MinGB }},
	} {
		at := refs.List{Route: refs.RouteCountry, Code: "JP", Tab: refs.TabFixed, Order: refs.ByPrice}
		counts := map[int]int{}
		for {
			quotes, buttons := listed(t, s, at)
			for _, q := range quotes {
				if q.Plan.Days < at.MinDays || q.Plan.Data < int64(at.MinGB)<<30 {
					t.Errorf("%+v lists %s", at, q.Plan.Code)
				}
			}
			if len(quotes) != passing(at) {
				t.Errorf("%+v lists %d plans, %d pass", at, len(quotes), passing(at))
			}
			counts[tt.of(at)] = len(quotes)
			next := -1
			for i, b := range buttons {
				if b.Data.Route != string(refs.RouteCountry) {
					continue
				}
				to, err := refs.ParseList(refs.RouteCountry)(b.Data)
				s.Must(err)
				if to.Tab == at.Tab && to.Order == at.Order && tt.step(at, to) {
					next, at = i, to
					break
				}
			}
			if next < 0 {
				t.Fatalf("%s: no button goes on from %+v", tt.name, at)
			}
			if tt.of(at) == 0 {
				break
			}
			if _, again := counts[tt.of(at)]; again {
				t.Fatalf("%s: never back to any: %+v", tt.name, at)
			}
		}
		if len(counts) < 4 {
			t.Errorf("%s: only the steps %v", tt.name, counts)
		}
	}
}

// TestTwinsOfAllPlansHaveLabelsOfTheirOwn: whatever the order and the tab, no two buttons of a page say the same but
// for their number, and none is too wide.
func TestTwinsOfAllPlansHaveLabelsOfTheirOwn(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		for _, place := range []string{"JP", "TR", "US", "TH"} {
			for _, tab := range []string{"f", "d"} {
				for page := range 8 {
					d, err := ui.ParseCallbackData(fmt.Sprintf("country|%s|%s|d|%d|m", place, tab, page))
					s.Must(err)
					screen, err := s.screen(t, s.request("en", d))
					s.Must(err)
					seen := map[string]string{}
					for _, row := range screen.Rows {
						if row[0].Data.Route != "plan" {
							continue
						}
						_, label, _ := strings.Cut(row[0].Text, ". ")
						if other := seen[label]; other != "" {
							t.Errorf("%s, %s, page %d: %q and %q look alike", place, tab, page, row[0].Text, other)
						}
						seen[label] = row[0].Text
						if ui.LabelWidth(row[0].Text) > ui.MaxLabel(1) {
							t.Errorf("%q is too wide", row[0].Text)
						}
					}
				}
			}
		}
	})
}

// TestATwinOfTheDetailsHasAButton: what "Also for" names is a press away.
func TestATwinOfTheDetailsHasAButton(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	named := 0
	for _, p := range s.Catalog.Current().Country("JP") {
		d, err := ui.ParseCallbackData("details|" + p.Code + "|JP|0|1")
		s.Must(err)
		screen, err := s.screen(t, s.request("en", d))
		s.Must(err)
		lines, buttons := strings.Count(screen.Text, "⇄"), 0
		for _, row := range screen.Rows {
			if strings.HasPrefix(row[0].Text, "⇄") && row[0].Data.Route == "plan" && argument(row[0].Data, 0) != p.Code {
				buttons++
			}
		}
		if named += lines; lines != buttons {
			t.Errorf("%s names %d others and leads to %d", p.Code, lines, buttons)
		}
	}
	if named == 0 {
		t.Error("no plan of Japan has a twin")
	}
}
