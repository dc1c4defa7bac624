package customer

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/intake"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A lateList is a vendor whose price list is fetched with the test's own clock.
type lateList struct{}

func (lateList) Plans(context.Context) ([]esim.Plan, error) {
	return []esim.Plan{{Code: "JP1", Slug: "JP_1_7", Location: "JP", Places: []string{"JP"}, Kind: esim.TotalVolume, Data: 1 << 30, Days: 7, Wholesale: esim.USDTenThousandths(10_000)}}, nil
}
func (lateList) SavePlans(context.Context, []esim.Plan, time.Time) error { return nil }
func (lateList) PlansUnchanged(context.Context, time.Time) error         { return esim.ErrNotFound }

func (lateList) LoadPlans(context.Context) ([]esim.Plan, time.Time, error) {
	return nil, time.Time{}, esim.ErrNotFound
}

// noCredit is a store in which nobody has store credit.
type noCredit struct{ esim.CheckoutStore }

func (noCredit) Credit(context.Context, esim.CustomerID) (esim.Money, error) {
	return esim.USDCents(0), nil
}

// noThreads is a store in which nobody talks with staff.
type noThreads struct{ esim.SupportStore }

func (noThreads) OpenThreadOf(context.Context, esim.CustomerID) (esim.SupportThread, error) {
	return esim.SupportThread{}, esim.ErrNotFound
}

// noQuestions is a store in which nobody was asked anything.
type noQuestions struct{ Store }

func (noQuestions) Question(context.Context, esim.CustomerID) (esim.Question, error) {
	return esim.Question{}, esim.ErrNotFound
}

// unstocked is a bot without a price list; its neighbours are never asked.
func unstocked(t *testing.T) (*Chats, *esim.CatalogCache) {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	catalog := &esim.CatalogCache{Source: lateList{}, Store: lateList{}, Now: time.Now}
	screens := ui.NewPresenter(nil, slog.New(slog.DiscardHandler), nil)
	c := New(Config{
		Referrals: &esim.Referrals{},
		Store:     noQuestions{}, Support: &esim.Support{Store: noThreads{}, Now: time.Now},
		Screens: screens, Texts: texts, Catalog: catalog, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Checkout: &esim.Checkout{
			Store: noCredit{}, Catalog: catalog, Monitor: &esim.VendorMonitor{Now: time.Now}, Now: time.Now,
			Pricing: esim.Pricing{MarkupBP: 4000, MinProfit: esim.USDCents(50), StarValue: esim.USDTenThousandths(130), MaxStars: 10_000},
		},
	})
	t.Cleanup(screens.Close)
	return c, catalog
}

// asks presses a button, or sends a text, and returns the screen and how long it took.
func (c *Chats) asks(t *testing.T, d ui.CallbackRef, text string) (ui.Screen, time.Duration) {
	t.Helper()
	r := &ui.Request{Printer: c.texts.Printer("en"), Text: text, Press: text == ""}
	h := c.router.ForText(r)
	if r.Press {
		data, err := d.Data().Encode()
		if err != nil {
			t.Fatal(err)
		}
		h = c.router.ForPress(r, data)
	}
	begun := time.Now()
	s, err := c.screen(t.Context(), 1, r, h)
	if err != nil {
		t.Error(err)
	}
	return s, time.Since(begun)
}

func TestAPressWaitsForTheFirstPriceList(t *testing.T) {
	tests := []struct {
		name    string
		press   ui.CallbackRef
		text    string
		arrives time.Duration // 0: never
		took    time.Duration
		says    string
	}{
		{"the menu, and the list comes", ui.RouteMenu, "", 2 * time.Second, 2 * time.Second, "Where are you going"},
		{"a country", refs.List{Route: refs.RouteCountry, Code: "JP"}, "", 2 * time.Second, 2 * time.Second, "Good plans"},
		{"typed", nil, "Japan", 2 * time.Second, 2 * time.Second, "Good plans"},
		{"the menu, and it never comes", ui.RouteMenu, "", 0, 5 * time.Second, "is not here yet"},
		{"help waits for nothing", refs.RouteHelp, "", 0, 0, "How it works"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, catalog := unstocked(t)
				if tt.arrives > 0 {
					time.AfterFunc(tt.arrives, func() {
						if err := catalog.Refresh(context.Background()); err != nil {
							t.Error(err)
						}
					})
				}
				s, took := c.asks(t, tt.press, tt.text)
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
		c, _ := unstocked(t)
		if listWaiters != intake.Workers/2 {
			t.Errorf("%d of %d workers may wait", listWaiters, intake.Workers)
		}
		var done atomic.Int64
		work := func(_ context.Context, task intake.Task) (again time.Duration) {
			defer done.Add(1)
			if task.ID == 0 {
				c.asks(t, ui.RouteMenu, "")
			} else if _, took := c.asks(t, refs.RouteHelp, ""); took > 0 {
				t.Errorf("help took %s", took)
			}
			return 0
		}
		d := intake.NewDispatcher(t.Context(), intake.Workers, 4096, work)
		begun := time.Now()
		for n := range int64(10 * intake.Workers) {
			d.Add(intake.Task{Key: n + 1})
		}
		synctest.Wait()
		if n := c.stock.waiting.Load(); n != listWaiters {
			t.Errorf("%d wait, want %d", n, listWaiters)
		}
		d.Add(intake.Task{Key: 1_000_000, ID: 1})
		synctest.Wait()
		left := int(10*intake.Workers + 1 - done.Load())
		if left != listWaiters || time.Since(begun) != 0 {
			t.Errorf("%d updates wait after %s; only those who wait for the list should", left, time.Since(begun))
		}
		d.Stop()
	})
}

// A new screen says whether it needs plans.
func TestEveryRouteSaysWhetherItNeedsPlans(t *testing.T) {
	c, _ := unstocked(t)
	var known []ui.Route
	for _, route := range c.router.Routes() {
		known = append(known, route)
		if _, said := plansNeeded[route]; !said {
			t.Errorf("route %s: say in plansNeeded whether its screen is made of plans", route)
		}
	}
	for _, name := range c.router.Commands() {
		known = append(known, ui.Route(name))
		if _, said := plansNeeded[ui.Route(name)]; !said {
			t.Errorf("/%s: say in plansNeeded whether its screen is made of plans", name)
		}
	}
	for name := range plansNeeded {
		if !slices.Contains(known, name) {
			t.Errorf("plansNeeded names %s, which does not exist", name)
		}
	}
}
