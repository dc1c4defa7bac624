package customer

import (
	"context"
	"errors"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// leadsOn has what is not there (any more) answered by a sentence that says what it is, and by ways on. What is
// somebody else's is not there either: the two answers never differ.
func leadsOn(h ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		s, err := h(ctx, r)
		if key := notThere(r, err); key != "" {
			return notThereScreen(r, key), nil
		}
		if after := s.After; after != nil {
			s.After = func(ctx context.Context) (ui.Screen, error) {
				late, err := after(ctx)
				if key := notThere(r, err); key != "" {
					late = notThereScreen(r, key)
					late.Fresh = false // it takes the place of "one moment"
					return late, nil
				}
				return late, err
			}
		}
		return s, err
	}
}

// notThereScreen is a new message: what was pressed may be an order's own, which nothing replaces. The button may
// also stand far up in the chat, where only the toast is in sight.
func notThereScreen(r *ui.Request, key string) ui.Screen {
	s := ui.Screen{Fresh: true, Text: r.T(key, nil), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("esims.btn_first", nil), ui.RouteMenu)),
		ui.Row(refs.AskButton(r)),
	}}
	if r.Press {
		s.Toast = r.Plain(key, nil)
	}
	return s
}

// notThere is the sentence for what a request is about and err says is not there; "" for any other outcome.
func notThere(r *ui.Request, err error) string {
	var vendor *esim.VendorError
	switch {
	case errors.As(err, &vendor): // it may not know what its customer has all the same
		return ""
	case errors.Is(err, esim.ErrPlanGone):
		return ui.SentenceFor(err)
	case !errors.Is(err, esim.ErrNotFound):
		return ""
	}
	route := ui.Route(r.Data.Route)
	if ref, err := refs.ParseTrip(r.Data); route == refs.RouteTrip && err == nil {
		if _, ofOrder := ref.Order(); ofOrder {
			return "error.no_order"
		}
	}
	if key := namesOf[route]; key != "" {
		return key
	}
	return ui.SentenceFor(err)
}

// namesOf says of routes what they lead to, where it may not be there.
var namesOf = map[ui.Route]string{
	refs.RouteOrder: "error.no_order", refs.RouteBuyAgain: "error.no_order", refs.RoutePayWithCredit: "error.no_order", refs.RoutePhoneCheck: "error.no_order",
	refs.RouteAbandon: "error.no_order", refs.RouteAbandonNow: "error.no_order", refs.RouteCancelNow: "error.no_order", refs.RouteSwapOf: "error.no_order",

	refs.RouteESIM: "error.no_esim", refs.RouteRefresh: "error.no_esim", refs.RouteQR: "error.no_esim", refs.RouteChart: "error.no_esim",
	refs.RouteInstall: "error.no_esim", refs.RouteGuide: "error.no_esim", refs.RouteName: "error.no_esim", refs.RouteESIMAlerts: "error.no_esim", refs.RouteTrip: "error.no_esim",
	refs.RouteFault: "error.no_esim", refs.RouteLost: "error.no_esim", refs.RoutePerson: "error.no_esim",
	refs.RouteTopUp: "error.no_esim", refs.RouteTopUpCard: "error.no_esim", refs.RouteTopUpBuy: "error.no_esim", refs.RouteEmergencyTopUp: "error.no_esim", refs.RouteAutoTopUp: "error.no_esim", refs.RouteAutoTopUpOff: "error.no_esim",
	refs.RouteCancel: "error.no_esim", refs.RouteCancelOne: "error.no_esim",
	refs.RouteGift: "error.no_esim", refs.RouteCreateGiftLink: "error.no_esim", refs.RouteWithdrawGift: "error.no_esim", refs.RouteGivenAway: "error.no_esim",
	refs.RouteSwap: "error.no_esim", refs.RouteSwapFind: "error.no_esim", refs.RouteSwapCard: "error.no_esim", refs.RouteSwapNow: "error.no_esim",

	refs.RouteWithdraw: "error.no_order", refs.RouteWithdrawNow: "error.no_order",

	refs.RouteContinent: "error.no_place", refs.RouteRegions: "error.no_place", refs.RouteCountry: "error.no_place", refs.RouteRegion: "error.no_place",
	refs.RouteFind: "error.no_place", refs.RouteNeed: "error.no_place",

	refs.RouteEndThread: "error.no_thread",
}
