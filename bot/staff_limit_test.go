package bot_test

import (
	"strings"
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The limit above which it takes two is lowered by one owner and raised by two, however it is written, and holds at once.
func TestTheLimitIsRaisedByTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{}) // the environment says $50
	olga := s.staffed()
	pia := s.joins(piaID, "Pia", esim.RoleOwner)
	s.Send(s.Messenger.User(annID), "/start")
	limit := func(cents int64) {
		s.Helper()
		if got := s.Rules.ApprovalAbove(); got != esim.USDCents(cents) {
			t.Fatalf("the limit is %s, want %s", got, esim.USDCents(cents))
		}
	}
	for _, raise := range []string{"50.01", "0"} {
		s.Send(olga, "/settings approval_above_usd "+raise)
		s.sees(olga, "It is $50.00 now. To raise it takes two persons.")
		s.presses(olga, "s_set|")
		limit(5000)
		s.presses(olga, "s_disagree|")
	}
	s.Send(olga, "/settings approval_above_usd 10")
	s.sees(olga, "To raise it again will take two persons.")
	s.presses(olga, "s_set|")
	limit(1000)
	s.Send(olga, "/role")
	s.sees(olga, "Above $10.00 within an hour")
	s.Send(olga, "/credit 101 10.01 why")
	s.presses(olga, "s_credit|")
	s.credited(0) // it waits

	s.Send(olga, "/settings approval_above_usd default") // back to 50: raised
	s.presses(olga, "s_set|")
	limit(1000)
	message, agree := s.button(olga, "s_agree|")
	if toast := s.pressesOn(olga, message, agree); !strings.Contains(toast.Text, "You asked for it") {
		t.Errorf("the same person agrees: %+v", toast)
	}
	limit(1000)
	s.pressesOn(pia, message, agree)
	limit(5000)
	if log := s.audit(); log[len(log)-1].What != "settings" || log[len(log)-1].ApprovedBy != piaID {
		t.Errorf("audit: %+v", log[len(log)-1])
	}

	// A shop of one has no limit to raise; what it sets itself binds it from then on.
	s.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.Money{} })
	olga = s.staffed()
	s.Send(olga, "/settings approval_above_usd 20")
	s.presses(olga, "s_set|")
	limit(2000)
	s.Send(olga, "/settings approval_above_usd default")
	s.presses(olga, "s_set|")
	limit(2000)
}

// Two ask for a higher limit at once; what was agreed to of the one is not what the other's question said any more.
func TestAHigherLimitIsThatOfItsQuestion(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	pia := s.joins(piaID, "Pia", esim.RoleOwner)
	s.Send(olga, "/settings approval_above_usd 100")
	s.presses(olga, "s_set|")
	message, agree := s.button(olga, "s_agree|")
	s.Send(pia, "/settings approval_above_usd 5")
	s.presses(pia, "s_set|")
	s.pressesOn(pia, message, agree)
	if got := s.Rules.ApprovalAbove(); got != esim.USDCents(500) {
		t.Errorf("the limit is %s", got)
	}
}

// The hour of the report and data on credit are set in the group, and hold over a restart until they are reset.
func TestReportHourAndRescueAreSetInTheGroup(t *testing.T) {
	t.Parallel()
	s, _, _ := sold(t) // at noon UTC
	s.Reopen(func(cfg *wiring.Config) { cfg.Report = esim.ReportTime{On: true, Hour: 9} })
	olga := s.staffed()
	set := func(words string) {
		s.Helper()
		s.Send(olga, "/settings "+words)
		s.presses(olga, "s_set|")
	}
	reports := func() (n int) {
		s.Helper()
		s.Must(s.Reports.Run(t.Context()))
		s.Deliver()
		for _, m := range olga.Chat() {
			if strings.HasPrefix(m.Text, "☀️ Report") {
				n++
			}
		}
		return n
	}
	reports() // the day it opened is noted
	s.Send(olga, "/settings report_hour 24")
	s.sees(olga, "0 … 23, off")
	set("report_hour 14")
	s.Reopen(nil)
	olga = s.staffed()
	s.Vendor.Advance(24 * time.Hour) // noon
	if n := reports(); n != 0 {
		t.Errorf("%d reports before the hour that the group set", n)
	}
	set("report_hour off")
	s.Vendor.Advance(3 * time.Hour)
	if n := reports(); n != 0 {
		t.Errorf("%d reports while they are off", n)
	}
	set("report_hour default")
	if n := reports(); n != 1 {
		t.Errorf("%d reports after the hour of the environment", n)
	}

	set("rescue_credit_usd 5")
	s.Send(olga, "/settings")
	s.sees(olga, "✏️ rescue_credit_usd $5.00 (environment: $0.00)")
	s.Reopen(func(cfg *wiring.Config) { cfg.Payments = []esim.PaymentMethod{esim.MethodCredit} })
	olga = s.staffed()
	s.Send(olga, "/settings rescue_credit_usd 6")
	s.sees(olga, "needs a way to pay what is owed")
}
