package customer

import (
	"context"
	"sync/atomic"
	"time"

	"esimbot/bot/customer/refs"
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
	refs.RouteLanguage:   true, // shows the menu in the language chosen
	refs.RouteContinents: true, refs.RouteContinent: true, refs.RouteRegions: true, refs.RouteCountry: true, refs.RouteRegion: true,
	refs.RouteFind: true,
	refs.RoutePlan: true, refs.RouteDetails: true, refs.RouteNeed: true, refs.RouteNetworks: true, refs.RouteBuy: true, refs.RoutePaymentMethods: true, refs.RouteBuyAgain: true, refs.RouteShare: true,

	refs.RouteHelp: false, refs.RouteAsk: false, "language": false, refs.RoutePhone: false, refs.RoutePhoneCheck: false,
	refs.RouteFault: false, refs.RouteLost: false, refs.RoutePerson: false, refs.RouteEndThread: false,
	"credit": false, "terms": false, "privacy": false, "paysupport": false, "support": false,
	refs.RouteSettings: false, refs.RouteAlert: false, refs.RouteESIMAlerts: false, refs.RouteQuiet: false, refs.RouteZone: false, refs.RouteNews: false,
	refs.RouteESIMs: false, refs.RouteESIM: false, refs.RouteName: false, refs.RouteRefresh: false, refs.RouteQR: false, refs.RouteChart: false, refs.RouteInstall: false, refs.RouteGuide: false,
	refs.RouteTopUp: false, refs.RouteTopUpCard: false, refs.RouteTopUpBuy: false, refs.RouteEmergencyTopUp: false, refs.RouteAutoTopUp: false, refs.RouteAutoTopUpOff: false, // the vendor is asked for those
	refs.RouteCancel: false, refs.RouteCancelNow: false, refs.RouteCancelOne: false, refs.RoutePayWithCredit: false,
	refs.RoutePromo: true, refs.RouteInvite: false,
	refs.RouteGift: false, refs.RouteCreateGiftLink: false, refs.RouteWithdrawGift: false, refs.RouteGivenAway: false, refs.RouteClaimGift: false, refs.RouteTakeGift: false,
	refs.RouteOrder: false, refs.RouteAbandon: false, refs.RouteTrip: false, refs.RouteAbandonNow: false,
	refs.RouteMyData: false, refs.RouteForget: false, refs.RouteForgetNow: false, refs.RouteWithdraw: false, refs.RouteWithdrawNow: false,
	refs.RouteSwap: true, refs.RouteSwapFind: false, refs.RouteSwapOf: true, refs.RouteSwapCard: true, refs.RouteSwapNow: true,
}

// needsPlans: words that are no command search for a place.
func needsPlans(r *ui.Request) bool {
	return plansNeeded[ui.Route(r.Data.Route)] || r.Data.Route == "" && !r.Press && r.Text != ""
}
