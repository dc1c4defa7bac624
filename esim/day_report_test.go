package esim

import (
	"testing"
	"time"
)

func TestReportIsDueOnceADay(t *testing.T) {
	t.Parallel()
	today := DayOf(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), time.UTC)
	nine := ReportTime{On: true, Hour: 9}
	for _, tt := range []struct {
		name       string
		sent       string
		hour       int
		send, note bool
	}{
		{"a new shop has no yesterday", "", 12, false, true},
		{"before its hour", "2026-11-22", 8, false, false},
		{"at its hour", "2026-11-22", 9, true, true},
		{"late, after a night without power", "2026-11-20", 23, true, true},
		{"sent", "2026-11-23", 10, false, false},
		{"the clock was set back by a day", "2026-11-24", 12, false, true},
		{"by a year", "2027-11-24", 8, false, true},
	} {
		if send, note := reportDue(tt.sent, today, tt.hour, nine); send != tt.send || note != tt.note {
			t.Errorf("%s: sent %t, noted %t", tt.name, send, note)
		}
	}
}

func TestDayReportComparesADay(t *testing.T) {
	t.Parallel()
	day := DayOf(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), time.UTC) // a Sunday
	p := ReportPeriod(day)
	if p.Days() != 29 {
		t.Fatalf("%d days", p.Days())
	}
	usd := USDTenThousandths
	r := SalesReport{Period: p, Days: newDays(29)}
	set := func(ago, orders int, sales, cost int64) {
		e := &r.Days[28-ago]
		e.Orders, e.Sales, e.Cost = orders, usd(sales), usd(cost)
	}
	set(0, 5, 100_000, 50_000)
	set(1, 2, 40_000, 10_000)
	set(7, 4, 80_000, 30_000)
	set(14, 2, 20_000, 10_000)
	set(16, 1, 10_000, 5_000) // the day it opened: the Sunday before does not count
	d := NewDayReport(r)
	if d.Day != day || d.Earned.Orders != 5 || d.Before.Sales != usd(40_000) || d.Usual.Orders != 3 || d.Usual.Sales != usd(50_000) {
		t.Errorf("%+v", d)
	}
	if d.DailyCost != usd(90_000/14) {
		t.Errorf("%s a day", d.DailyCost)
	}
	if days, ok := d.DaysCovered(usd(200_000)); !ok || days != 31 {
		t.Errorf("the balance lasts %d days", days)
	}
	if _, ok := NewDayReport(SalesReport{Period: p, Days: newDays(29)}).DaysCovered(usd(200_000)); ok {
		t.Error("a shop that sold nothing knows how long its balance lasts")
	}
}
