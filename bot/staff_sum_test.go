package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What begins like a sum of money is one: it never becomes the reason of the whole.
func TestASumInFrontOfAReasonIsASum(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	o, _ := s.several()
	id := string(o.ID)
	for _, tt := range []struct{ typed, reads, offers string }{
		{"/refund " + id + " 1.00 test", "Give $1.00 of", "s_yes_part|"},
		{"/refund " + id + " $1 test", "Give $1.00 of", "s_yes_part|"},
		{"/refund " + id + " ١ USD test", "Give $1.00 of", "s_yes_part|"},
		{"/refund " + id + " 1,20 dollars slow", "Give $1.20 of", "s_yes_part|"},
		{"/refund " + id + " 900 test", "How much of", ""},
		{"/refund " + id + " 50% test", "How much of", ""},
		{"/refund " + id + " -1 test", "How much of", ""},
		{"/refund " + id + " 1.00", "How much of", ""},
		{"/refund " + id + " 2026-10-01 the network was down", "Refund $", "s_yes|refund|"},
		{"/refund " + id + " 3G only", "Refund $", "s_yes|refund|"},
	} {
		s.Send(olga, tt.typed)
		s.sees(olga, tt.reads)
		for _, route := range []string{"s_yes_part|", "s_yes|refund|"} {
			if got := offers(olga, route); got != (route == tt.offers) {
				t.Errorf("%q offers %s: %t\n%s", tt.typed, route, got, olga.Last().Text)
			}
		}
	}
	s.Send(olga, "/order "+id)
	card := olga.Last().ID
	s.pressesOn(olga, card, "s_ask|refund|"+id)
	s.replies(olga, "0.50 slow")
	s.sees(olga, "Give $0.50 of", "📝 slow")
	s.presses(olga, "s_ask|refund|") // it was no sum of money
	s.sees(olga, "Refund $", "What is the reason?")
	s.credited(10_000 - o.Retail.Minor)
	if n := s.did("refund") + s.did("amount"); n != 0 {
		t.Errorf("%d things were done", n)
	}
}

// Words behind a command that it does not take are not passed over: whoever typed them expects something else.
func TestWordsTooManyAreNamed(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	s.Send(olga, "/pause")
	before := len(s.audit())
	for typed, reads := range map[string]string{
		"/resume 18:00":          "“18:00”",
		"/credit 101 1 000 why":  "“1 000” is no amount",
		"/stats 7 japan":         "“japan”",
		"/export orders 7 japan": "“japan”",
		"/audit 5 101":           "“101”",
		"/language de ru":        "“ru”",
		"/block 101 7 days":      "until somebody sends /unblock",
	} {
		s.Send(olga, typed)
		s.App.Bot.Screens().Wait()
		if m := olga.Last(); !strings.Contains(m.Text, reads) {
			t.Errorf("%q is answered %q, want %q in it", typed, m.Text, reads)
		}
	}
	if n := len(s.audit()); n != before {
		t.Errorf("%d things were done: %+v", n-before, s.audit())
	}
}
