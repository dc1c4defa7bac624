package bot_test

import (
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// In a shop that takes Stars alone whoever has store credit sees it in the menu and beside the price, and is
// offered to pay with it.
func TestWhoeverHasCreditSeesIt(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	p := s.Catalog.Current().Country("JP")[0]
	shows := func(d ui.CallbackData) string {
		screen, err := s.screen(t, s.request("en", d))
		s.Must(err)
		text := screen.Text
		for _, row := range screen.Rows {
			for _, b := range row {
				text += "\n" + b.Text
			}
		}
		return text
	}
	ways := ui.NewCallbackData("ways", p.Code, "", 0, 1)
	for _, d := range []ui.CallbackData{ui.NewCallbackData("menu"), ways} {
		if text := shows(d); strings.Contains(text, "👛") {
			t.Errorf("credit is shown to who has none:\n%s", text)
		}
	}
	s.Must(s.DB.Grant(t.Context(), esim.GrantTransaction("test", annID, esim.USDCents(5_000), "test"),
		esim.AuditEntry{Who: staffID, What: "credit", Customer: annID}, nil))
	if text := shows(ui.NewCallbackData("menu")); !strings.Contains(text, "$50.00") {
		t.Errorf("the menu does not show it:\n%s", text)
	}
	if text := shows(ways); strings.Count(text, "👛") != 2 || !strings.Contains(text, "⭐") {
		t.Errorf("the choice does not show it:\n%s", text)
	}
}
