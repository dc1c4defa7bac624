package staff

import (
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// TestEveryStaffButtonFits builds the longest data of each button.
func TestEveryStaffButtonFits(t *testing.T) {
	const tran, status, id = "261123120000000000001", esim.UnusedExpired, esim.OrderID("K7M2XQ4P")
	longest := esim.AwaitingPayment
	var all []ui.Data
	for _, a := range orderActs {
		all = append(all, ui.To("s_ask", a.name, id), ui.To("s_yes", a.name, id, longest))
	}
	for _, a := range esimActs {
		all = append(all, ui.To("s_ask_esim", a.name, tran, id), ui.To("s_yes_esim", a.name, tran, status), ui.To("s_pick", a.name, id))
	}
	all = append(all, ui.To("s_credit", int64(1)<<52, -maxGrant, id), ui.To("s_block", int64(1)<<52, 1))
	routes := routeTable(&cards{}, &actions{}, &people{})
	for _, d := range all {
		text, err := d.Encode()
		if err != nil {
			t.Error(err)
		}
		if back, err := ui.ParseData(text); err != nil || routes[back.Route] == nil {
			t.Errorf("%s leads nowhere: %v", text, err)
		}
	}
	if n := len(routes); n != 9 {
		t.Errorf("%d routes: is there a button for each of them here?", n)
	}
}
