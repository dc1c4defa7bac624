package customer

import (
	"reflect"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// parsers is what reads each route.
var parsers = map[ui.Route]func(ui.CallbackData) (ui.CallbackRef, error){
	ui.RouteMenu:    plain(ui.RouteMenu),
	routeLanguage:   parser(parseLanguageRef),
	routeHelp:       plain(routeHelp),
	routeContinents: plain(routeContinents),
	routeContinent:  parser(parseContinentRef),
	routeRegions:    parser(parseRegionsRef),
	routeCountry:    parser(parseListRef(routeCountry)),
	routeRegion:     parser(parseListRef(routeRegion)),
	routeFind:       parser(parseFindRef),
	routeAsk:        plain(routeAsk),
	routePlan:       parser(parsePlanRef),
	routeNeed:       parser(parseNeedRef),
	routeDetails:    parser(parseDetailsRef),
	routeNetworks:   parser(parseNetworksRef),
	routePhone:      parser(parsePhoneRef),
	routeShare:      parser(parseShareRef),
	routeFit:        parser(parseFitRef),
	routeWays:       parser(parseWaysRef),
	routeBuy:        parser(parseBuyRef),
	routePayInside:  parser(parseOrderRef(routePayInside)),
	routeAgain:      parser(parseOrderRef(routeAgain)),
	routeOrder:      parser(parseOrderRef(routeOrder)),
	routeLeave:      parser(parseOrderRef(routeLeave)),
	routeTrip:       parser(parseTripRef),
	routeLeaveNow:   parser(parseOrderRef(routeLeaveNow)),
	routeESIMs:      parser(parseESIMsRef),
	routeESIM:       parser(parseESIMRef(routeESIM)),
	routeName:       parser(parseNameRef),
	routeRefresh:    parser(parseESIMRef(routeRefresh)),
	routeQR:         parser(parseESIMRef(routeQR)),
	routeChart:      parser(parseESIMRef(routeChart)),
	routeInstall:    parser(parseESIMRef(routeInstall)),
	routeGuide:      parser(parseGuideRef),
	routeTopUp:      parser(parseTopUpsRef),
	routeTopUpCard:  parser(parseTopUpRef),
	routeTopUpBuy:   parser(parseTopUpBuyRef),
	routeCancel:     parser(parseESIMRef(routeCancel)),
	routeCancelNow:  parser(parseOrderRef(routeCancelNow)),
	routeCancelOne:  parser(parseESIMRef(routeCancelOne)),
	routeFault:      parser(parseFaultRef),
	routeLost:       parser(parseLostRef),
	routePerson:     parser(parsePersonRef),
	routeEndThread:  parser(parseThreadRef),
	routeSwap:       parser(parseESIMRef(routeSwap)),
	routeSwapFind:   parser(parseESIMRef(routeSwapFind)),
	routeSwapOf:     parser(parseOrderRef(routeSwapOf)),
	routeSwapCard:   parser(parseSwapRef),
	routeSwapNow:    parser(parseSwapNowRef),
}

// plain reads a route without arguments.
func plain(route ui.Route) func(ui.CallbackData) (ui.CallbackRef, error) {
	return func(ui.CallbackData) (ui.CallbackRef, error) { return route, nil }
}

func parser[R ui.CallbackRef](parse func(ui.CallbackData) (R, error)) func(ui.CallbackData) (ui.CallbackRef, error) {
	return func(d ui.CallbackData) (ui.CallbackRef, error) { return parse(d) }
}

// longestButtons have the longest data of each route: codes of plans have up to 15
// characters, locations up to 8.
func longestButtons() []ui.CallbackRef {
	const tran, code, origin, id = "261123120000000000001", "TOPUP_P0123ABCD", "AUNZ-123.rbalkans10.", esim.OrderID("K7M2XQ4P")
	const days, many, price, method, credit = esim.MaxDays, esim.MaxQuantity, 9_999_999, esim.MethodProvider, 999_999
	all := []ui.CallbackRef{
		ui.RouteMenu, routeHelp, routeContinents, routeAsk,
		findRef{Mode: findAll, Places: []string{"US", "CA", "MX", "GB", "IE", "FR", "DE", "IT"}, PlanCriteria: esim.PlanCriteria{Data: 1000 << 30, Days: 365}},
		findRef{Mode: findRegion, Places: []string{"eastern-europe"}, PlanCriteria: esim.PlanCriteria{Unlimited: true, Days: 30}},
		findRef{Mode: findOne, Places: []string{"GN", "GW", "PG"}, PlanCriteria: esim.PlanCriteria{Data: 500 << 20}},
		regionsRef{99},
		nameRef{tran, nameTaken},
		regionsRef{},
		languageRef{},
		languageRef{"pt-BR"},
		continentRef{esim.MiddleEast, 9},
		listRef{routeCountry, "JP", tabAround, byPrice, 99, "rsoutheast-asia10.30", 0, 0},
		listRef{routeRegion, "AUNZ-123", tabFixed, byData, 99, fromMenu, 30, 20},
		listRef{routeRegion, "AUNZ-123", tabFixed, byData, 99, "rsoutheast-asia10.30", 30, 20},
		needRef{"AUNZ-123", "rsoutheast-asia10.30", 30, esim.UseSocial, 4},
		needRef{Code: "JP"},
		listRef{Route: routeCountry, Code: "JP"},
		planRef{code, origin, days, many},
		planRef{Code: code},
		personRef{tran, "", 1 << 31},
		personRef{},
		personRef{tran, esim.Findings{Fault: esim.FaultNotInstalled, Loss: esim.LossDeleted}.String(), 0},
		faultRef{tran, "yny", stepMend},
		faultRef{},
		lostRef{tran, esim.LossDeleted},
		threadRef{1 << 52, true},
		threadRef{},
		detailsRef{code, origin, days, many},
		networksRef{code, origin, days, 99, many},
		phoneRef{code, origin, days, many},
		shareRef{code, origin, days, many},
		phoneRef{},
		fitRef{planRef{code, origin, days, many}, answerTo(esim.AskUnlocked, esim.AnswerUnsure)},
		fitRef{planRef{code, origin, days, many}, askAgain(esim.AskUnlocked)},
		fitRef{},
		waysRef{code, origin, days, many},
		buyRef{code, origin, days, price, many, method, 0},
		buyRef{code, origin, days, price, many, method, credit},
		buyRef{code, "", 0, 0, 1, esim.MethodFree, 0},
		orderRef{routePayInside, id},
		orderRef{routeAgain, id},
		orderRef{routeOrder, id},
		orderRef{routeLeave, id},
		orderRef{routeLeaveNow, id},
		tripRef{About: tran},
		tripRef{tran, "2026-12-10", days},
		tripRef{ofOrderPrefix + string(id), noTrip, 0},
		orderRef{routeCancelNow, id},
		orderRef{routeSwapOf, id},
		esimsRef{99},
		esimsRef{},
		guideRef{esim.FamilySamsung, tran, cardHalfInstalled},
		guideRef{},
		topUpsRef{tran, 9},
		swapRef{tran, code, days},
		swapNowRef{tran, code, days, price, method, credit},
		swapNowRef{tran, code, days, price, method, 0},
		topUpRef{tran, code, days},
		topUpBuyRef{tran, code, days, price, method, 0},
		topUpBuyRef{tran, code, days, price, method, credit},
		topUpBuyRef{"", code, days, price, esim.MethodStars, 1},
		topUpBuyRef{"", code, days, price, esim.MethodManual, 1},
	}
	for _, route := range []ui.Route{routeESIM, routeRefresh, routeQR, routeChart, routeInstall, routeCancel, routeCancelOne, routeSwap, routeSwapFind} {
		all = append(all, esimRef{route, tran})
	}
	return all
}

// TestEveryButtonFits writes the longest button of each route and reads it again.
func TestEveryButtonFits(t *testing.T) {
	pressed := map[ui.Route]bool{}
	for _, ref := range longestButtons() {
		text, err := ref.Data().Encode()
		if err != nil {
			t.Error(err)
			continue
		}
		d, err := ui.ParseCallbackData(text)
		if err != nil {
			t.Error(err)
			continue
		}
		pressed[ui.Route(d.Route)] = true
		if again, err := parsers[ui.Route(d.Route)](d); err != nil || !reflect.DeepEqual(again, ref) {
			t.Errorf("%s came back as %+v, %v; want %+v", text, again, err, ref)
		}
	}
	routes := New(Config{Checkout: &esim.Checkout{}}).Router().Routes()
	for _, route := range routes {
		if !pressed[route] || parsers[route] == nil {
			t.Errorf("route %s: add its longest button and its parser here", route)
		}
	}
	if len(routes) != len(parsers) {
		t.Errorf("%d routes, %d parsers", len(routes), len(parsers))
	}
}

// FuzzRefs reads any data as each route: what can be read comes back from what is written.
func FuzzRefs(f *testing.F) {
	for _, ref := range longestButtons() {
		text, err := ref.Data().Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"buy|P1|JP|0|48", "buy|P1", "plan|P1||x", "nets|P1|JP|007", "country||||", "plan|0", "tbuy|1|P1|0|1", "phone"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ui.ParseCallbackData(text)
		if err != nil || parsers[ui.Route(d.Route)] == nil {
			return
		}
		ref, err := parsers[ui.Route(d.Route)](d)
		if err != nil {
			return
		}
		again, err := parsers[ui.Route(d.Route)](ref.Data())
		if err != nil || !reflect.DeepEqual(again, ref) {
			t.Errorf("%s: %+v came back as %+v, %v", text, ref, again, err)
		}
	})
}
