package bot

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

// A lateList is a vendor whose price list is fetched with the test's own clock.
type lateList struct{}

func (lateList) Plans(context.Context) ([]esim.Plan, error) {
	return []esim.Plan{{Code: "JP1", Slug: "JP_1_7", Location: "JP", Places: []string{"JP"}, Kind: esim.Total, Data: 1 << 30, Days: 7, Wholesale: esim.Wholesale(10_000)}}, nil
}
func (lateList) SavePlans(context.Context, []esim.Plan, time.Time) error { return nil }
func (lateList) LoadPlans(context.Context) ([]esim.Plan, time.Time, error) {
	return nil, time.Time{}, esim.ErrNotFound
}

// unstocked is a bot without a price list; its neighbours are never asked.
func unstocked(t *testing.T) (*Bot, *esim.CatalogCache) {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	catalog := &esim.CatalogCache{Source: lateList{}, Store: lateList{}, Now: time.Now}
	b := New(Config{
		Texts: texts, Catalog: catalog, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Checkout: &esim.Checkout{
			Catalog: catalog, Monitor: &esim.VendorMonitor{Now: time.Now}, Now: time.Now,
			Pricing: esim.Pricing{MarkupBP: 4000, MinProfit: esim.Dollars(50), StarValue: esim.Wholesale(130), MaxStars: 10_000},
		},
	})
	t.Cleanup(b.Close)
	return b, catalog
}

// asks presses a button, or sends a text, and returns the screen and how long it took.
func (b *Bot) asks(t *testing.T, d Data, text string) (Screen, time.Duration) {
	t.Helper()
	r := &Request{Printer: b.cfg.Texts.Printer("en"), Data: d, Text: text, Press: text == ""}
	h := b.routes[d.Route]
	if text != "" {
		h = b.typed
	}
	begun := time.Now()
	s, err := b.run(t.Context(), h, r, 1)
	if err != nil {
		t.Error(err)
	}
	return s, time.Since(begun)
}

func TestAPressWaitsForTheFirstPriceList(t *testing.T) {
	tests := []struct {
		name    string
		press   Data
		text    string
		arrives time.Duration // 0: never
		took    time.Duration
		says    string
	}{
		{"the menu, and the list comes", to(routeMenu), "", 2 * time.Second, 2 * time.Second, "Where are you going"},
		{"a country", to(routeCountry, "JP"), "", 2 * time.Second, 2 * time.Second, "One amount of data"},
		{"typed", Data{}, "Japan", 2 * time.Second, 2 * time.Second, "One amount of data"},
		{"the menu, and it never comes", to(routeMenu), "", 0, 5 * time.Second, "has not arrived yet"},
		{"help waits for nothing", to(routeHelp), "", 0, 0, "How it works"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, catalog := unstocked(t)
				if tt.arrives > 0 {
					time.AfterFunc(tt.arrives, func() {
						if err := catalog.Refresh(context.Background()); err != nil {
							t.Error(err)
						}
					})
				}
				s, took := b.asks(t, tt.press, tt.text)
				if took != tt.took || !strings.Contains(s.Text, tt.says) {
					t.Errorf("after %s, want %s: %q", took, tt.took, s.Text+s.Toast)
				}
			})
		})
	}
}

// Half of the workers wait; there are always some for those who want something else.
func TestWaitingForTheListLeavesWorkersForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := unstocked(t)
		work := func(_ context.Context, task Task) {
			if task.ID == 0 {
				b.asks(t, to(routeMenu), "")
			} else if _, took := b.asks(t, to(routeHelp), ""); took > 0 {
				t.Errorf("help took %s", took)
			}
		}
		d := NewDispatcher(t.Context(), workers, backlog, work)
		begun := time.Now()
		for n := range int64(10 * workers) {
			d.Add(Task{Key: n + 1})
		}
		synctest.Wait()
		if n := b.stock.waiting.Load(); n != listWaiters {
			t.Errorf("%d wait, want %d", n, listWaiters)
		}
		d.Add(Task{Key: 1_000_000, ID: 1})
		synctest.Wait()
		d.mu.Lock()
		left := d.size
		d.mu.Unlock()
		if left != listWaiters || time.Since(begun) != 0 {
			t.Errorf("%d updates wait after %s; only those who wait for the list should", left, time.Since(begun))
		}
		d.Stop()
	})
}

// A new screen says whether it needs plans.
func TestEveryRouteSaysWhetherItNeedsPlans(t *testing.T) {
	b, _ := unstocked(t)
	for name := range b.routes {
		if _, said := plansNeeded[name]; !said {
			t.Errorf("route %s: say in plansNeeded whether its screen is made of plans", name)
		}
	}
	for name := range b.commands {
		if _, said := plansNeeded[name]; !said {
			t.Errorf("/%s: say in plansNeeded whether its screen is made of plans", name)
		}
	}
	for name := range plansNeeded {
		if b.routes[name] == nil && b.commands[name].handler == nil {
			t.Errorf("plansNeeded names %s, which does not exist", name)
		}
	}
}
