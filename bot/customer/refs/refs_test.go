package refs_test

import (
	"reflect"
	"testing"

	"esimbot/bot/customer"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// parsers is what reads each route.
var parsers = map[ui.Route]func(ui.CallbackData) (ui.CallbackRef, error){
	ui.RouteMenu:             plain(ui.RouteMenu),
	refs.RouteLanguage:       parser(refs.ParseLanguage),
	refs.RouteHelp:           plain(refs.RouteHelp),
	refs.RouteContinents:     plain(refs.RouteContinents),
	refs.RouteContinent:      parser(refs.ParseContinent),
	refs.RouteRegions:        parser(refs.ParseRegions),
	refs.RouteCountry:        parser(refs.ParseList(refs.RouteCountry)),
	refs.RouteRegion:         parser(refs.ParseList(refs.RouteRegion)),
	refs.RouteFind:           parser(refs.ParseFind),
	refs.RouteAsk:            plain(refs.RouteAsk),
	refs.RoutePlan:           parser(refs.ParsePlan),
	refs.RouteNeed:           parser(refs.ParseNeed),
	refs.RouteDetails:        parser(refs.ParseDetails),
	refs.RouteNetworks:       parser(refs.ParseNetworks),
	refs.RoutePhone:          parser(refs.ParsePhone),
	refs.RouteShare:          parser(refs.ParseShare),
	refs.RoutePhoneCheck:     parser(refs.ParsePhoneCheck),
	refs.RoutePaymentMethods: parser(refs.ParsePaymentMethods),
	refs.RouteBuy:            parser(refs.ParseBuy),
	refs.RoutePayWithCredit:  parser(refs.ParseOrder(refs.RoutePayWithCredit)),
	refs.RouteBuyAgain:       parser(refs.ParseOrder(refs.RouteBuyAgain)),
	refs.RouteOrder:          parser(refs.ParseOrder(refs.RouteOrder)),
	refs.RouteAbandon:        parser(refs.ParseOrder(refs.RouteAbandon)),
	refs.RouteTrip:           parser(refs.ParseTrip),
	refs.RouteAbandonNow:     parser(refs.ParseOrder(refs.RouteAbandonNow)),
	refs.RouteESIMs:          parser(refs.ParseESIMs),
	refs.RouteESIM:           parser(refs.ParseESIM(refs.RouteESIM)),
	refs.RouteSettings:       plain(refs.RouteSettings),
	refs.RouteAlert:          parser(refs.ParseAlert),
	refs.RouteESIMAlerts:     parser(refs.ParseESIMAlerts),
	refs.RouteQuiet:          parser(refs.ParseQuiet),
	refs.RouteZone:           parser(refs.ParseZone),
	refs.RouteNews:           parser(refs.ParseNews),
	refs.RouteName:           parser(refs.ParseName),
	refs.RouteRefresh:        parser(refs.ParseESIM(refs.RouteRefresh)),
	refs.RouteQR:             parser(refs.ParseESIM(refs.RouteQR)),
	refs.RouteChart:          parser(refs.ParseESIM(refs.RouteChart)),
	refs.RouteInstall:        parser(refs.ParseESIM(refs.RouteInstall)),
	refs.RouteGuide:          parser(refs.ParseGuide),
	refs.RouteTopUp:          parser(refs.ParseTopUps),
	refs.RouteTopUpCard:      parser(refs.ParseTopUp),
	refs.RouteTopUpBuy:       parser(refs.ParseTopUpBuy),
	refs.RouteEmergencyTopUp: parser(refs.ParseEmergencyTopUp),
	refs.RouteAutoTopUp:      parser(refs.ParseAutoTopUp),
	refs.RouteAutoTopUpOff:   parser(refs.ParseESIM(refs.RouteAutoTopUpOff)),
	refs.RouteCancel:         parser(refs.ParseESIM(refs.RouteCancel)),
	refs.RouteCancelNow:      parser(refs.ParseOrder(refs.RouteCancelNow)),
	refs.RouteCancelOne:      parser(refs.ParseCancelOne),
	refs.RoutePromo:          parser(refs.ParsePromo),
	refs.RouteInvite:         plain(refs.RouteInvite),
	refs.RouteGift:           parser(refs.ParseESIM(refs.RouteGift)),
	refs.RouteCreateGiftLink: parser(refs.ParseCreateGiftLink),
	refs.RouteWithdrawGift:   parser(refs.ParseESIM(refs.RouteWithdrawGift)),
	refs.RouteGivenAway:      parser(refs.ParseESIM(refs.RouteGivenAway)),
	refs.RouteClaimGift:      parser(refs.ParseGift(refs.RouteClaimGift)),
	refs.RouteTakeGift:       parser(refs.ParseGift(refs.RouteTakeGift)),
	refs.RouteFault:          parser(refs.ParseFault),
	refs.RouteLost:           parser(refs.ParseLost),
	refs.RoutePerson:         parser(refs.ParseSupportSubject),
	refs.RouteEndThread:      parser(refs.ParseThread),
	refs.RouteMyData:         plain(refs.RouteMyData),
	refs.RouteForget:         plain(refs.RouteForget),
	refs.RouteForgetNow:      parser(refs.ParseForget),
	refs.RouteWithdraw:       parser(refs.ParseWithdraw(refs.RouteWithdraw)),
	refs.RouteWithdrawNow:    parser(refs.ParseWithdraw(refs.RouteWithdrawNow)),
	refs.RouteSwap:           parser(refs.ParseESIM(refs.RouteSwap)),
	refs.RouteSwapFind:       parser(refs.ParseESIM(refs.RouteSwapFind)),
	refs.RouteSwapOf:         parser(refs.ParseOrder(refs.RouteSwapOf)),
	refs.RouteSwapCard:       parser(refs.ParseSwap),
	refs.RouteSwapNow:        parser(refs.ParseSwapNow),
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
		ui.RouteMenu, refs.RouteHelp, refs.RouteContinents, refs.RouteAsk,
		refs.Find{Mode: refs.FindAll, Places: []string{"US", "CA", "MX", "GB", "IE", "FR", "DE", "IT"}, PlanCriteria: esim.PlanCriteria{Data: 1000 << 30, Days: 365}},
		refs.Find{Mode: refs.FindRegion, Places: []string{"eastern-europe"}, PlanCriteria: esim.PlanCriteria{Unlimited: true, Days: 30}},
		refs.Find{Mode: refs.FindOne, Places: []string{"GN", "GW", "PG"}, PlanCriteria: esim.PlanCriteria{Data: 500 << 20}},
		refs.Find{Mode: refs.FindAll, Places: []string{"JP"}, PlanCriteria: esim.PlanCriteria{Daily: 1 << 30, Days: 10}},
		refs.Find{Mode: refs.FindRegion, Places: []string{"schengen"}, PlanCriteria: esim.PlanCriteria{Daily: 500 << 20}},
		refs.Regions{99},
		refs.RouteSettings,
		refs.Alert{esim.AlertData50, true},
		refs.ESIMAlerts{},
		refs.ESIMAlerts{ESIM: "25112300000001", Kind: esim.AlertDataGone, On: true},
		refs.ESIMAlerts{ESIM: "25112300000001", Kind: refs.InheritAlerts},
		refs.Quiet{"22-8"},
		refs.Zone{"America/North_Dakota/New_Salem"},
		refs.News{true, true},
		refs.News{},
		refs.Name{tran, refs.NameRemoved},
		refs.Regions{},
		refs.Language{},
		refs.Language{"pt-BR"},
		refs.Continent{esim.MiddleEast, 9},
		refs.List{refs.RouteCountry, "JP", refs.TabAround, refs.ByPrice, 99, "rsoutheast-asia10.30", 0, 0},
		refs.List{refs.RouteRegion, "AUNZ-123", refs.TabFixed, refs.ByData, 99, refs.FromMenu, 30, 20},
		refs.List{refs.RouteRegion, "AUNZ-123", refs.TabFixed, refs.ByData, 99, "rsoutheast-asia10.30", 30, 20},
		refs.Need{"AUNZ-123", "rsoutheast-asia10.30", 30, esim.PurposeSocial, 4},
		refs.Need{Code: "JP"},
		refs.List{Route: refs.RouteCountry, Code: "JP"},
		refs.Plan{code, origin, days, many},
		refs.Plan{Code: code},
		refs.SupportSubject{tran, "", 1 << 31},
		refs.SupportSubject{},
		refs.SupportSubject{tran, esim.Findings{Fault: esim.FaultNotInstalled, Loss: esim.LostByDeletion}.String(), 0},
		refs.Fault{tran, "yny", refs.StepMend},
		refs.Fault{},
		refs.Lost{tran, esim.LostByDeletion},
		refs.Thread{1 << 52, true},
		refs.Thread{},
		refs.Details{code, origin, days, many},
		refs.Networks{code, origin, days, 99, many},
		refs.Phone{code, origin, days, many},
		refs.Share{code, origin, days, many},
		refs.Phone{},
		refs.PhoneCheck{refs.Plan{code, origin, days, many}, refs.AnswerTo(esim.AskUnlocked, esim.AnswerUnsure)},
		refs.PhoneCheck{refs.Plan{code, origin, days, many}, refs.AskAgain(esim.AskUnlocked)},
		refs.PhoneCheck{},
		refs.PaymentMethods{code, origin, days, many},
		refs.Buy{code, origin, days, price, many, method, 0},
		refs.Buy{code, origin, days, price, many, method, credit},
		refs.Buy{code, "", 0, 0, 1, esim.MethodFree, 0},
		refs.Order{refs.RoutePayWithCredit, id},
		refs.Order{refs.RouteBuyAgain, id},
		refs.Order{refs.RouteOrder, id},
		refs.Order{refs.RouteAbandon, id},
		refs.Order{refs.RouteAbandonNow, id},
		refs.Trip{About: tran},
		refs.Trip{tran, "2026-12-10", days},
		refs.Trip{refs.TripOfOrder(id).About, refs.NoTrip, 0},
		refs.Order{refs.RouteCancelNow, id},
		refs.CancelOne{tran, ""},
		refs.CancelOne{tran, "f00f"},
		refs.Order{refs.RouteSwapOf, id},
		refs.RouteInvite,
		refs.Promo{refs.Plan{code, origin, days, many}, refs.PromoRemoved},
		refs.Promo{},
		refs.Gift{refs.RouteClaimGift, esim.NewGiftToken()},
		refs.Gift{refs.RouteTakeGift, esim.NewGiftToken()},
		refs.RouteMyData, refs.RouteForget,
		refs.Forget{Live: 99, Credit: credit},
		refs.Withdraw{refs.RouteWithdraw, id, tran},
		refs.Withdraw{refs.RouteWithdrawNow, id, tran},
		refs.Withdraw{Route: refs.RouteWithdraw, Order: id},
		refs.ESIMs{99},
		refs.ESIMs{},
		refs.Guide{esim.FamilySamsung, tran, refs.CardHalfInstalled},
		refs.Guide{},
		refs.TopUps{tran, 9},
		refs.Swap{tran, code, days},
		refs.SwapNow{tran, code, days, price, method, credit},
		refs.SwapNow{tran, code, days, price, method, 0},
		refs.TopUp{tran, code, days},
		refs.TopUpBuy{tran, code, days, price, method, 0},
		refs.TopUpBuy{tran, code, days, price, method, credit},
		refs.TopUpBuy{"", code, days, price, esim.MethodStars, 1},
		refs.TopUpBuy{"", code, days, price, esim.MethodManual, 1},
		refs.TopUpBuy{tran, code, days, price, method, -9999},
		refs.EmergencyTopUp{tran, price},
		refs.AutoTopUp{tran, code, esim.AlertData20, price},
		refs.AutoTopUp{ESIM: tran},
		refs.ESIM{refs.RouteAutoTopUpOff, tran},
		refs.CreateGiftLink{tran, "ABCDEFGH"},
	}
	for _, route := range []ui.Route{refs.RouteESIM, refs.RouteRefresh, refs.RouteQR, refs.RouteChart, refs.RouteInstall, refs.RouteCancel, refs.RouteSwap, refs.RouteSwapFind, refs.RouteGift, refs.RouteWithdrawGift, refs.RouteGivenAway} {
		all = append(all, refs.ESIM{route, tran})
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
	routes := customer.New(customer.Config{Checkout: &esim.Checkout{}}).Router().Routes()
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
