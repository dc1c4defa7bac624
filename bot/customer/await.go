package customer

import (
	"context"
	"sync/atomic"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

const (
	// listPatience is how long somebody waits for the first price list. Fetching it takes
	// about 4 s; a press is answered within 10 s or so, or the messenger forgets it.
	listPatience = 5 * time.Second
	// listWaiters of intake.Workers, half of them, may wait for the list at once. The others serve those
	// who want something else; who finds them all taken is told that there is no list.
	listWaiters = 32
)

// firstList has those who came before the first price list wait for it: after a first
// start it is on its way, and "try again" would be a poor welcome.
type firstList struct{ waiting atomic.Int32 }

// await waits if the screen for r needs plans and there are none yet. It returns in any
// case: a screen without plans says so by itself.
func (f *firstList) await(ctx context.Context, catalog *esim.CatalogCache, r *ui.Request) {
	if !needsPlans(r) || len(catalog.Current().Plans()) > 0 {
		return
	}
	defer f.waiting.Add(-1)
	if f.waiting.Add(1) > listWaiters {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, listPatience)
	defer cancel()
	_ = catalog.Await(ctx) // without a list the screen says so
}

// plansNeeded says of every route and command whether its screen is made of plans.
var plansNeeded = map[ui.Route]bool{
	"start": true, "countries": true, ui.RouteMenu: true,
	routeLanguage:   true, // shows the menu in the language chosen
	routeContinents: true, routeContinent: true, routeRegions: true, routeCountry: true, routeRegion: true,
	routeFind: true,
	routePlan: true, routeDetails: true, routeNeed: true, routeNetworks: true, routeBuy: true, routeWays: true, routeAgain: true, routeShare: true,

	routeHelp: false, routeAsk: false, "language": false, "settings": false, routePhone: false, routeFit: false,
	routeFault: false, routeLost: false, routePerson: false, routeEndThread: false,
	"credit": false, "terms": false, "privacy": false, "paysupport": false, "support": false,
	routeESIMs: false, routeESIM: false, routeName: false, routeRefresh: false, routeQR: false, routeChart: false, routeInstall: false, routeGuide: false,
	routeTopUp: false, routeTopUpCard: false, routeTopUpBuy: false, // the vendor is asked for those
	routeCancel: false, routeCancelNow: false, routeCancelOne: false, routePayInside: false,
	routeOrder: false, routeLeave: false, routeTrip: false, routeLeaveNow: false,
	routeSwap: true, routeSwapFind: false, routeSwapOf: true, routeSwapCard: true, routeSwapNow: true,
}

// needsPlans: words that are no command search for a place.
func needsPlans(r *ui.Request) bool {
	return plansNeeded[ui.Route(r.Data.Route)] || r.Data.Route == "" && !r.Press && r.Text != ""
}
