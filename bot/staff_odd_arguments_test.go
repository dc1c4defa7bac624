package bot_test

import (
	"strings"
	"testing"

	"esimbot/esim"
)

// What staff type is answered by its name: what is missing is asked for, what is wrong is quoted as what it is not, and digits
// are digits in every script. None of it does anything.
func TestOddArgumentsAreNamed(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	before := len(s.audit())
	for _, tt := range []struct {
		typed string
		reads []string
	}{
		{"/refund abc", []string{"“abc” is no order", "/refund — "}},
		{"/refund 0 why", []string{"“0” is no order"}},
		{"/refund " + string(o.ID) + "\n\nrain", []string{"to Ann (101)", "📝 rain"}},
		{"/order " + string(o.ID) + " extra words", []string{string(o.ID) + " extra words"}},
		{"/order <b>x</b>", []string{"found by <b>x</b>"}},
		{"/order ١٠١", []string{o.ID.String()}},
		{"/orders foo", []string{"“foo”", "/orders open"}},
		{"/orders DELIVERED", []string{"Latest orders"}},
		{"/credit @x", []string{"“@x” is no customer's number"}},
		{"/credit 5 -3", []string{"No customer has the number 5"}},
		{"/credit 900 5 why", []string{"No customer has the number 900"}}, // of the staff
		{"/credit 9223372036854775808 5 why", []string{"No customer has the number 9223372036854775808"}},
		{"/credit 101 -3", []string{"What is the reason?"}},
		{"/credit 101 1,000 why", []string{"“1,000” is no amount"}},
		{"/credit 101 99999999999999999999 why", []string{"at most $1,000.00"}},
		{"/credit １０１ ٥ why", []string{"Give $5.00", "Ann (101)", "📝 why"}},
		{"/credit 101 5$ why", []string{"Give $5.00"}},
		{"/note 101", []string{"What shall I note?"}},
		{"/stats abc", []string{"“abc”", "/stats 7"}},
		{"/report abc", []string{"“abc”", "Which day?"}},
		{"/export foo", []string{"“foo”", "/export orders"}},
		{"/export orders 2026-13", []string{"“orders 2026-13”"}},
		{"/promo SUMMER 101%", []string{"“101%”", "New: /promo"}},
		{"/promo ЛЕТО 20%", []string{"“ЛЕТО”"}},
		{"/promo SUMMER 20% japan", []string{"“japan”"}},
		{"/promo SUMMER 20% uses", []string{"“uses ”"}},
		{"/promo SUMMER 20% until tomorrow", []string{"“until tomorrow”"}},
		{"/price japan", []string{"Japan (JP): as in the whole shop", "To change them"}},
		{"/price -100%", []string{"“-100%” cannot be markup_percent", "0% … 1000%"}},
		{"/price nosuchplace 5%", []string{"We sell no “nosuchplace”"}},
		{"/price abc", []string{"“abc” is no price rule"}},
		{"/price japan round 5", []string{"“5” cannot be price_rounding"}},
		{"/price JP ٤٥٪", []string{"45% on top", "📝 JP 45%"}},
		{"/price +45%", []string{"45% on top"}},
		{"/settings nosuch", []string{"no setting “nosuch”"}},
		{"/settings max_loss_usd -1", []string{"“-1” cannot be max_loss_usd"}},
		{"/role @pia manager", []string{"“@pia”", "/role — "}},
		{"/role king", []string{"“king”"}},
		{"/role manager", []string{"Who?"}},
		{"/language xx", []string{"“xx”", "zh-Hans"}},
		{"/audit x", []string{"“x” is no number"}},
	} {
		last := olga.Last().ID
		s.Send(olga, tt.typed)
		s.App.Bot.Screens().Wait()
		m := olga.Last()
		for _, words := range tt.reads {
			if m.ID == last || !strings.Contains(strings.ReplaceAll(m.Text, "\u00a0", " "), words) {
				t.Errorf("%q is answered %q, want %q in it", tt.typed, m.Text, words)
			}
		}
	}
	if n := len(s.audit()); n != before {
		t.Errorf("%d things were done: %+v", n-before, s.audit())
	}
}

// What is for another bot, and a command that was edited into one, are no commands; who may not is told that before anything is
// asked of them.
func TestCommandsThatAreNone(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	sam := s.joins(supportID, "Sam", esim.RoleSupport)
	before := olga.Last().ID
	s.Send(olga, "/credit@other_bot 101 5 why")
	s.Send(olga, "crédit 101 5 why")
	sent := olga.Last()
	err := olga.Edit(sent.ID, "/credit 101 5 why")
	s.Must(err)
	s.Pump()
	for _, m := range olga.Chat() {
		if m.ID > before && m.From.IsBot {
			t.Errorf("it is answered: %q", m.Text)
		}
	}
	for _, typed := range []string{"/credit", "/refund abc", "/price x", "/block 101 why"} {
		s.Send(sam, typed)
		s.sees(sam, "Only ")
	}
	s.credited(0)
}
