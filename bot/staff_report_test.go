package bot_test

import (
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

func TestReportComesByItselfOnceADay(t *testing.T) {
	t.Parallel()
	s, _, o := sold(t) // on 23 November 2026, a Monday, at noon UTC
	berlin, err := time.LoadLocation("Europe/Berlin")
	s.Must(err)
	s.Reopen(func(cfg *wiring.Config) {
		cfg.Zone, cfg.Report = berlin, esim.ReportTime{On: true, Hour: 9}
	})
	olga := s.staffed()
	reports := func() int {
		s.Helper()
		s.Must(s.Reports.Run(t.Context()))
		s.Deliver()
		n := 0
		for _, m := range olga.Chat() {
			if len(m.Text) > 8 && m.Text[:len("☀️ Report")] == "☀️ Report" {
				n++
			}
		}
		return n
	}
	if n := reports(); n != 0 {
		t.Fatalf("%d reports of a shop that opened today", n)
	}
	s.Vendor.Advance(19*time.Hour + 55*time.Minute) // 8:55 in Berlin
	if n := reports(); n != 0 {
		t.Errorf("%d reports before their hour", n)
	}
	s.Vendor.Advance(6 * time.Minute)
	if n := reports(); n != 1 {
		t.Fatalf("%d reports at their hour", n)
	}
	s.reads(olga, "Monday, 23 November 2026", "Sales: $1.37 · orders: 1", "the day before: $0.00", "Margin: $0.50", "Nothing waits for you", "Vendor balance: $")
	for range 2 {
		if n := reports(); n != 1 {
			t.Errorf("%d reports on one day", n)
		}
		s.Reopen(nil) // a restart, with nothing in mind
		olga = s.staffed()
	}
	s.Must(s.DB.SetSetting(t.Context(), "report_day", "2026-11-23")) // killed between the message and the note
	if n := reports(); n != 1 {
		t.Errorf("%d reports after a kill", n)
	}
	s.Vendor.Advance(24 * time.Hour)
	if n := reports(); n != 2 {
		t.Errorf("%d reports on the second day", n)
	}
	s.reads(olga, "Tuesday, 24 November 2026", "Sales: $0.00 · orders: 0", "the day before: $1.37 · orders: 1 · ▼ 100%")
	// Asked for: any day, with what is open now.
	s.Must(s.DB.ApplyTransition(t.Context(), s.loaded(o.ID).TransitionTo(esim.StateNeedsHuman, "a test", s.Vendor.Time())))
	s.Send(olga, "/report 2026-11-23")
	s.reads(olga, "Monday, 23 November 2026", "Need a human: 1 · "+o.ID.String())
	if !offers(olga, "s_card|"+o.ID.String()) || !offers(olga, "s_stats|7") {
		t.Errorf("buttons %q", olga.Last().Labels())
	}
	s.Send(olga, "/report month")
	s.reads(olga, "Which day?")
}

func (s *shop) loaded(id esim.OrderID) esim.Order {
	s.Helper()
	o, err := s.DB.Order(s.Context(), id)
	s.Must(err)
	return o
}
