package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A link to an eSIM, a promo code and a friend's link do nothing in a group, the staff's too: not for who sends them there, and
// the eSIM stays for whom it is meant.
func TestLinksAndCodesDoNothingInAGroup(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Referrals.Credit = esim.USDCents(30)
	s.promo(esim.Promo{Code: "SUMMER", Percent: 20})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	link := k.offers(tran)
	friends, err := s.DB.ReferralOf(t.Context(), annID)
	s.Must(err)
	bob := s.Messenger.User(annID + 1)
	s.Send(bob, "/start")
	s.Send(bob, "/start "+link)
	_, take := s.button(bob, "take|")
	_, calls := s.Messenger.Calls(0)
	for _, chat := range []int64{-555, s.Messenger.Group().ID} {
		for _, words := range []string{
			"/start " + link, "/start@esim_sandbox_bot " + link, "/start promo_SUMMER", "/start@esim_sandbox_bot promo_SUMMER", "/start ref_" + friends.Code, "/promo SUMMER", "SUMMER",
		} {
			s.Messenger.Inject(sentAs(words, annID+1, chat, nil))
		}
		s.Messenger.Inject(map[string]any{"callback_query": map[string]any{
			"id": fmt.Sprint(chat), "from": map[string]any{"id": annID + 1, "is_bot": false, "first_name": "Bob"}, "chat_instance": "1", "data": take,
			"message": map[string]any{"message_id": 70_001, "date": 1, "text": "x", "chat": map[string]any{"id": chat, "type": "group", "title": "Friends"}},
		}})
	}
	s.Pump()
	s.Work()
	after, _ := s.Messenger.Calls(calls)
	for _, c := range after {
		if c.Dir == "bot→telegram" && strings.HasPrefix(c.Name, "send") && !strings.Contains(string(c.Request), "ADMIN_CHAT_ID") { // its id is all that a group is told
			t.Errorf("answered with %s: %s", c.Name, c.Request)
		}
	}
	e, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
	s.Must(err)
	if e.Customer != annID {
		t.Errorf("%d has the eSIM", e.Customer)
	}
	if p, err := s.DB.EnteredPromo(t.Context(), annID+1); err != nil || p.Code != "" {
		t.Errorf("entered: %+v, %v", p, err)
	}
	if now, err := s.DB.ReferralOf(t.Context(), annID); err != nil || now.Friends != 0 {
		t.Errorf("brought: %+v, %v", now, err)
	}
	s.presses(bob, "take|")
	s.Work()
	if _, err := s.DB.ESIMOf(t.Context(), annID+1, e.ID); errors.Is(err, esim.ErrNotFound) {
		t.Error("Bob cannot take it any more")
	}
}
