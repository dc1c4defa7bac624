package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

const (
	bertID  = 880088002
	staffer = 990099003
)

// A copy of what is held about somebody tells nothing of others: not the number of who gave them an eSIM or brought them, of
// who took one from them, or of the staff who answered.
func TestMyDataTellsNothingOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Referrals.Credit = esim.USDCents(40)
	zoe := s.zoe()
	zoe.says("/start")
	summary, err := s.DB.ReferralOf(t.Context(), zoeID)
	s.Must(err)
	bert := s.talk(s.Messenger.AddUser(tgsandbox.User{ID: bertID, FirstName: "Bertolucci", LanguageCode: "en"}))
	bert.says("/start ref_" + summary.Code)
	zoe.buys()
	esims, err := s.DB.ESIMsOf(t.Context(), zoeID)
	s.Must(err)
	zoe.gives(string(esims[0].ID), bert.user)
	bert.uses(bert.buys(), 1, 4*time.Hour, s.Vendor.Profiles()[0].Total/8) // which brings Zoë credit
	entry := esim.AuditEntry{Who: staffer, What: "credit", Customer: bertID}
	s.Must(s.DB.Grant(t.Context(), esim.GrantTransaction("test", bertID, esim.USDCents(100), "sorry"), entry, nil))
	for _, c := range []struct {
		who           *talk
		own           int64
		others, needs []string
	}{
		{bert, bertID, []string{fmt.Sprint(zoeID), "Anneliese", fmt.Sprint(staffer)}, []string{"gifts", "referrals", "audit"}},
		{zoe, zoeID, []string{fmt.Sprint(bertID), "Bertolucci"}, []string{"gifts", "ledger"}},
	} {
		c.who.says("/mydata")
		text, machine := c.who.told("my-data.txt"), c.who.told("my-data.json")
		for _, word := range c.others {
			if strings.Contains(text, word) || strings.Contains(machine, word) {
				t.Errorf("the copy of %d has %s", c.own, word)
			}
		}
		var all map[string]any
		s.Must(json.Unmarshal([]byte(machine), &all))
		for _, table := range c.needs {
			if all[table] == nil {
				t.Errorf("the copy of %d has no %s", c.own, table)
			}
		}
		if !strings.Contains(machine, fmt.Sprintf("credit:%d", c.own)) {
			t.Errorf("the copy of %d does not tell of their own store credit", c.own)
		}
	}
}
