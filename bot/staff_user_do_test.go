package bot_test

import (
	"testing"

	"esimbot/esim"
)

// The buttons of a customer's card do what the commands do: with the same question, and for who may.
func TestACustomersCardActs(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	sam := s.joins(supportID, "Sam", esim.RoleSupport)
	s.Send(olga, "/user 101")
	card := olga.Last().ID
	s.pressesOn(olga, card, "s_user_do|u_credit|101")
	s.reads(olga, "Ann · 101", "amount and the reason")
	s.replies(sam, "5 because")
	s.reads(sam, "Only managers and owners")
	s.pressesOn(olga, card, "s_user_do|u_credit|101")
	s.replies(olga, "5 sorry for the delay")
	s.reads(olga, "Give $5.00 of store credit to Ann", "📝 sorry for the delay")
	s.credited(0)
	s.presses(olga, "s_credit|101|500|")
	s.credited(500)
	s.pressesOn(sam, card, "s_user_do|u_note|101")
	s.replies(sam, "likes trains")
	s.reads(olga, "Sam noted something about Ann (101)", "likes trains")
	s.pressesOn(olga, card, "s_user_do|u_message|101")
	s.replies(olga, "Hello Ann,\nall is well.")
	s.reads(olga, "To Ann (101)", "Hello Ann,\nall is well.")
	s.pressesOn(olga, card, "s_user_do|u_block|101")
	s.presses(olga, "s_block|101|1")
	s.Send(olga, "/user 101")
	if !offers(olga, "s_user_do|u_unblock|101") || offers(olga, "s_user_do|u_block|") {
		t.Errorf("buttons %q", olga.Last().Labels())
	}
	if s.did("note") != 1 || s.did("block") != 1 || s.did("credit") != 1 || s.did("message") != 0 {
		t.Errorf("audit: %+v", s.audit())
	}
	s.handledAll()
}
