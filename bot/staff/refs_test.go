package staff

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// parsers is what reads each route.
var parsers = map[ui.Route]func(ui.CallbackData) (ui.CallbackRef, error){
	routeCard:           parser(parseCardRef),
	routeAsk:            parser(parseActionRef(routeAsk)),
	routeYes:            parser(parseYesRef),
	routePick:           parser(parseActionRef(routePick)),
	routeAskESIM:        parser(parseAskESIMRef),
	routeYesESIM:        parser(parseYesESIMRef),
	routeNo:             parser(parseNoRef),
	routeCredit:         parser(parseCreditRef),
	routeBlock:          parser(parseBlockRef),
	routePromo:          parser(parsePromoRef),
	routeMessage:        parser(parseMessageRef),
	routeUser:           parser(parseUserRef),
	routeUserDo:         parser(parseUserDoRef),
	routeCast:           parser(parseCastRef),
	routeTakeThread:     parser(parseDeskRef(routeTakeThread)),
	routeReopenThread:   parser(parseDeskRef(routeReopenThread)),
	routeAnswers:        parser(parseDeskRef(routeAnswers)),
	routeAnswer:         parser(parseAnswerRef),
	routeStats:          parser(parseStatsRef),
	routeUnexplained:    parser(parseUnexplainedListRef),
	routeOnePayment:     parser(parseOnePaymentRef),
	routeAskUnexplained: parser(parseUnexplainedRef(routeAskUnexplained)),
	routeYesUnexplained: parser(parseUnexplainedRef(routeYesUnexplained)),
	routePrice:          parser(parsePriceRef),
	routeSetting:        parser(parseSettingRef),
	routeCurate:         parser(parseCurateRef),
	routeResume:         parser(parseResumeRef),
	routeCloseThread:    parser(parseThreadRef),
	routeWhy:            parser(parseWhyRef),
	routeYesPart:        parser(parseYesPartRef),
	routeGift:           parser(parseGiftRef(routeGift)),
	routeYesGift:        parser(parseGiftRef(routeYesGift)),
	routeYesAssign:      parser(parseAssignRef),
	routeWords:          parser(parseWordsRef),
	routeRole:           parser(parseRoleRef),
	routeAgree:          parser(parseSensitiveActionRef(routeAgree)),
	routeDisagree:       parser(parseSensitiveActionRef(routeDisagree)),
}

func parser[R ui.CallbackRef](parse func(ui.CallbackData) (R, error)) func(ui.CallbackData) (ui.CallbackRef, error) {
	return func(d ui.CallbackData) (ui.CallbackRef, error) { return parse(d) }
}

// longestButtons have the longest data of each route.
func longestButtons() []ui.CallbackRef {
	const tran, id = "261123120000000000001", esim.OrderID("K7M2XQ4P")
	all := []ui.CallbackRef{
		cardRef{id},
		noRef{id},
		noRef{},
		creditRef{1 << 52, -maxGrant, id},
		blockRef{1 << 52, true},
		blockRef{1 << 52, false},
		promoRef{},
		resumeRef{},
		statsRef{"2026-10-01..2026-10-15", viewPlans},
		statsRef{Period: "30"},
		priceRef{1<<32 - 1},
		settingRef{7},
		curateRef{"unfeature", "#" + strings.Repeat("P", 20)},
		curateRef{"hide", "@EU-42"},
		userRef{1 << 52},
		userDoRef{"u_unblock", 1 << 52},
		wordsRef{Action: "u_message", Customer: 1 << 52},
		castRef{castResume, 1 << 52},
		deskRef{routeTakeThread, 1 << 52},
		deskRef{routeReopenThread, 1 << 52},
		deskRef{routeAnswers, 1 << 52},
		answerRef{1 << 52, 1<<32 - 1},
		messageRef{1 << 52},
		unexplainedListRef{1 << 30, true},
		unexplainedListRef{},
		onePaymentRef{esim.UnexplainedPayment{}.Ref()},
		threadRef{1 << 52},
		roleRef{1 << 52, esim.RoleManager},
		sensitiveActionRef{routeAgree, 1 << 52},
		giftRef{routeGift, tran, strings.Repeat("P", 20), 9_999_999},
		assignRef{tran, 1 << 52},
		giftRef{routeYesGift, tran, strings.Repeat("P", 20), 9_999_999},
		wordsRef{Action: giftAction, ESIM: tran, Plan: strings.Repeat("P", 20), Cost: 999_999},
		yesPartRef{id, tran, 1 << 26, 1 << 26},
		yesPartRef{id, "", 1, 1},
		yesPartRef{id, tran, 0, 0},
		sensitiveActionRef{routeDisagree, 1 << 52},
	}
	for _, a := range orderActions {
		all = append(all, actionRef{routeAsk, a.name, id}, yesRef{a.name, id, esim.StateAwaitingPayment}, wordsRef{Action: a.name, Order: id})
		for _, why := range reasons {
			all = append(all, whyRef{a.name, id, why, ""})
		}
	}
	for _, a := range unexplainedActions {
		ref := esim.UnexplainedPayment{}.Ref()
		all = append(all, unexplainedRef{routeAskUnexplained, a.name, ref}, unexplainedRef{routeYesUnexplained, a.name, ref})
	}
	for _, a := range esimActions {
		all = append(all, whyRef{a.name, id, "kindness", tran}, wordsRef{Action: a.name, Order: id, ESIM: tran}, askESIMRef{a.name, tran, id}, yesESIMRef{a.name, tran, esim.ProfileUnusedExpired, ordersSeen(slices.Repeat([]esim.Order{{ID: id, State: esim.StateNeedsHuman}}, 9))}, actionRef{routePick, a.name, id})
	}
	return all
}

// TestEveryStaffButtonFits writes the longest button of each route and reads it again.
func TestEveryStaffButtonFits(t *testing.T) {
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
	routes := routeTable(talks{}, &Group{})
	for route := range routes {
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
	for _, text := range []string{"s_no|-", "s_block|1|2", "s_credit|1|0|K7M2XQ4P", "s_yes|refund|k7m2-xq4p|", "s_ask||"} {
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
