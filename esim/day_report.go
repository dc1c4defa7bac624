package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A ReportTime is when staff hear how the day before went: at an hour of the shop's zone, from 0 to 23. The zero value is
// never.
type ReportTime struct {
	On   bool
	Hour int
}

// Setting is the hour as SettingHour counts it.
func (t ReportTime) Setting() int64 {
	if !t.On {
		return -1
	}
	return int64(t.Hour)
}

// DayReportStore is what the daily report needs from storage.
type DayReportStore interface {
	NotificationStore
	SettingStore
}

// DayReports has staff told once a day how the day before went.
type DayReports struct {
	Store DayReportStore
	At    ReportTime // unless staff set it
	Rules *RuleBook
	Zone  *time.Location // the shop's
	Now   func() time.Time
}

// reportKey is the setting that holds on which day a report was last sent.
const reportKey = "report_day"

// Run sends the report of yesterday, if its hour has come and it was not sent today. It is run every minute.
func (d *DayReports) Run(ctx context.Context) error {
	at := d.at()
	if !at.On {
		return nil
	}
	sent, err := d.Store.Setting(ctx, reportKey)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("when the last report was sent: %w", err)
	}
	today := DayOf(d.Now(), d.Zone)
	send, note := reportDue(sent, today, d.Now().In(d.Zone).Hour(), at)
	if send { // first: its key keeps it from being sent twice
		if err := d.Store.AddNotifications(ctx, []Notification{NewStaffReport(today)}); err != nil {
			return fmt.Errorf("send the report: %w", err)
		}
	}
	if !note {
		return nil
	}
	if err := d.Store.SetSetting(ctx, reportKey, today.String()); err != nil {
		return fmt.Errorf("note that the report was sent: %w", err)
	}
	return nil
}

// reportDue says whether a report is to be sent, and whether today is to be noted as the day of the last one. A shop that
// just opened has no yesterday; and what is noted of a day to come is of a clock that was set back since.
func reportDue(sent string, today Period, hour int, at ReportTime) (send, note bool) {
	switch {
	case sent == today.String():
		return false, false
	case sent == "" || sent > today.String():
		return false, true
	default:
		return hour >= at.Hour, hour >= at.Hour
	}
}

// Of how many weeks the usual figures of a weekday are the mean, and of how many days what the vendor charges a day.
const (
	usualWeeks = 4
	usualDays  = 14
)

// ReportPeriod is what has to be summed up for the report of a day.
func ReportPeriod(day Period) Period {
	return Period{day.From.AddDate(0, 0, -7*usualWeeks), day.To}
}

// A DayReport is how a day went.
type DayReport struct {
	Day    Period
	Earned Earnings
	Before Earnings // the day before
	// Usual is the mean of the same weekday in the four weeks before, as far as the shop sold then; nothing if it did not.
	Usual Earnings
	// DailyCost (USD4) is what the vendor charged a day lately.
	DailyCost Money
}

// NewDayReport reads the report of the last day of a period, which is that of ReportPeriod.
func NewDayReport(r SalesReport) DayReport {
	last := len(r.Days) - 1
	d := DayReport{Day: r.Period.Day(last), Earned: r.Days[last], Before: r.Days[last-1], Usual: newEarnings(), DailyCost: USDTenThousandths(0)}
	opened := last
	for i := last; i >= 0; i-- {
		if !r.Days[i].IsZero() {
			opened = i
		}
	}
	weeks := int64(0)
	for week := 1; week <= usualWeeks; week++ {
		i := last - 7*week
		if i < opened {
			break
		}
		weeks++
		d.Usual.Orders += r.Days[i].Orders
		d.Usual.Sales.Minor += r.Days[i].Sales.Minor
	}
	if weeks > 1 {
		d.Usual.Orders, d.Usual.Sales.Minor = d.Usual.Orders/int(weeks), d.Usual.Sales.Minor/weeks
	}
	days := int64(0)
	for i := last; i >= max(opened, last-usualDays+1); i-- {
		d.DailyCost.Minor += r.Days[i].Cost.Minor
		days++
	}
	d.DailyCost.Minor = max(d.DailyCost.Minor, 0) / max(days, 1)
	return d
}

// DaysCovered is for how many days a balance at the vendor (USD4) pays what is charged a day; false if that cannot be said.
func (d DayReport) DaysCovered(balance Money) (days int, ok bool) {
	if d.DailyCost.Minor <= 0 || balance.Currency != USD4 {
		return 0, false
	}
	return int(min(max(balance.Minor, 0)/d.DailyCost.Minor, 999)), true
}
