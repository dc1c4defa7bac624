package esim

import (
	"testing"
	"time"
)

// usedBy is a series of readings: megabytes at hours after the beginning.
func usedBy(begin time.Time, points ...[2]int64) []Usage {
	var samples []Usage
	for _, p := range points {
		samples = append(samples, Usage{AsOf: begin.Add(time.Duration(p[0]) * time.Hour), Used: p[1] << 20})
	}
	return samples
}

func TestForecast(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	const mb = 1 << 20
	tests := []struct {
		name    string
		change  func(*ESIM)
		samples []Usage // the last one is what the eSIM shows
		at      time.Duration
		want    time.Duration // after begin; 0: no forecast
	}{
		{"steady for two days", nil, usedBy(begin, [2]int64{0, 0}, [2]int64{24, 240}, [2]int64{48, 480}), 50 * time.Hour, 100 * time.Hour},
		{
			"the pace is that of the last two days", nil,
			usedBy(begin, [2]int64{0, 0}, [2]int64{100, 100}, [2]int64{124, 340}, [2]int64{148, 580}), 150 * time.Hour, 148*time.Hour + 42*time.Hour,
		},
		{
			"one burst among hours of rest counts by its day", nil,
			usedBy(begin, [2]int64{0, 0}, [2]int64{23, 0}, [2]int64{24, 240}), 25 * time.Hour, 24*time.Hour + 76*time.Hour,
		},
		{"too short a history: the average since the start", nil, usedBy(begin, [2]int64{10, 100}), 11 * time.Hour, 100 * time.Hour},
		{
			"beyond the end of the validity", func(e *ESIM) { e.Expires = begin.Add(60 * time.Hour) },
			usedBy(begin, [2]int64{0, 0}, [2]int64{48, 480}), 50 * time.Hour, 100 * time.Hour,
		},
		{"never in the past", nil, usedBy(begin, [2]int64{0, 0}, [2]int64{10, 990}), 13 * time.Hour, 13 * time.Hour},
		{"nothing used for two days", nil, usedBy(begin, [2]int64{0, 500}, [2]int64{48, 500}), 49 * time.Hour, 0},
		{"no report for long", nil, usedBy(begin, [2]int64{0, 0}, [2]int64{24, 240}), 80 * time.Hour, 0},
		{"a crawl lasts longer than is worth saying", nil, usedBy(begin, [2]int64{0, 0}, [2]int64{40, 0}, [2]int64{48, 0}), 50 * time.Hour, 0},
		{"no report at all", func(e *ESIM) { e.UsageAt = time.Time{} }, nil, 10 * time.Hour, 0},
		{"an unknown total", func(e *ESIM) { e.Total = 0 }, usedBy(begin, [2]int64{0, 0}, [2]int64{48, 480}), 50 * time.Hour, 0},
		{
			"a day pass gets new data each day", func(e *ESIM) { e.Plan.Kind = DailyThrottled },
			usedBy(begin, [2]int64{0, 0}, [2]int64{48, 480}), 50 * time.Hour, 0,
		},
		{"used up", func(e *ESIM) { e.Status = ProfileUsedUp }, usedBy(begin, [2]int64{0, 0}, [2]int64{48, 1000}), 50 * time.Hour, 0},
		{
			"its validity is over", func(e *ESIM) { e.Expires = begin.Add(49 * time.Hour) },
			usedBy(begin, [2]int64{0, 0}, [2]int64{48, 480}), 50 * time.Hour, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := ESIM{Plan: Plan{Kind: TotalVolume}, Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 1000 * mb, Activated: begin, Expires: begin.Add(30 * day)}}
			if n := len(tt.samples); n > 0 {
				e.Used, e.UsageAt = tt.samples[n-1].Used, tt.samples[n-1].AsOf
			}
			if tt.change != nil {
				tt.change(&e)
			}
			got, ok := Forecast(e, tt.samples, begin.Add(tt.at))
			want := begin.Add(tt.want)
			if ok != (tt.want != 0) || ok && got.Sub(want).Abs() > time.Minute {
				t.Errorf("after %s (%t), want %s", got.Sub(begin), ok, tt.want)
			}
		})
	}
}

func TestLookAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	const gb = 1 << 30
	tests := []struct {
		name       string
		change     func(*ESIM)
		pace       float64 // GB an hour
		next, edge time.Duration
	}{
		{"half-way to the warning at 20 %", func(e *ESIM) { e.Used = 4 * gb }, 0.5, 4 * time.Hour, 8 * time.Hour},
		{"then to that at 10 %", func(e *ESIM) { e.Used = 17 * gb / 2 }, 0.25, time.Hour, 2 * time.Hour},
		{"then to the end", func(e *ESIM) { e.Used = 19 * gb / 2 }, 0.25, time.Hour, 2 * time.Hour},
		{"no oftener than reports come", func(e *ESIM) { e.Used = 79 * gb / 10 }, 5, 30 * time.Minute, 72 * time.Second},
		{"no more seldom than the listing", func(e *ESIM) { e.Used = gb }, 0.01, 6 * time.Hour, 700 * time.Hour},
		{"a pace that is not known", func(e *ESIM) { e.Used = gb }, 0, 6 * time.Hour, unknown},
		{"the first report", nil, 0, 2 * time.Hour, unknown},
		{"all is used", func(e *ESIM) { e.Used = 11 * gb }, 1, 6 * time.Hour, unknown},
		{"a day pass has no percentages", func(e *ESIM) { e.Plan.Kind = DailyThrottled; e.Used = 6 * gb }, 0.5, 4 * time.Hour, 8 * time.Hour},
		{"sooner at its end", func(e *ESIM) { e.Used = gb; e.Expires = now.Add(time.Hour) }, 0, time.Hour, unknown},
		{"not used yet", func(e *ESIM) { e.Status, e.SMDPStatus = ProfileGotResource, SMDPReleased }, 0, 24 * time.Hour, unknown},
		{"on the phone, not used yet", func(e *ESIM) { e.Status = ProfileGotResource }, 0, 6 * time.Hour, unknown},
		{"suspended", func(e *ESIM) { e.Status = ProfileSuspended }, 0, 6 * time.Hour, unknown},
		{"used up", func(e *ESIM) { e.Status = ProfileUsedUp }, 1, 6 * time.Hour, unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := ESIM{Plan: Plan{Kind: TotalVolume}, Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 10 * gb, Expires: now.Add(20 * day)}}
			if tt.change != nil {
				tt.change(&e)
			}
			plan := planPoll(e, tt.pace*gb, now)
			next, edge := plan.Next.Sub(now), plan.NextAlert.Sub(now)
			if (next-tt.next).Abs() > time.Second || (edge-tt.edge).Abs() > time.Second {
				t.Errorf("next after %s, warning after %s; want %s and %s", next, edge, tt.next, tt.edge)
			}
		})
	}
}

// Whatever the figures, the next look lies ahead and within a day.
func FuzzLookAt(f *testing.F) {
	f.Add(int64(10), int64(5), 1.5, int64(3600), false)
	f.Add(int64(0), int64(-1), -1.0, int64(-1), true)
	f.Add(int64(1<<62), int64(1<<61), 1e-300, int64(1<<40), false)
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, total, used int64, pace float64, left int64, dayPass bool) {
		e := ESIM{Profile: Profile{Status: ProfileInUse, Total: total, Used: used, Activated: now.Add(-day), Expires: now.Add(time.Duration(left % (1 << 31) * 1e9))}}
		if dayPass {
			e.Plan.Kind = DailyThrottled
		}
		plan := planPoll(e, pace, now)
		if wait := plan.Next.Sub(now); wait < soonest || wait > day {
			t.Errorf("next look after %s", wait)
		}
		if plan.NextAlert.Before(now) {
			t.Errorf("a warning is expected %s ago", now.Sub(plan.NextAlert))
		}
		e.UsageAt = now.Add(-time.Hour)
		samples := []Usage{{AsOf: now.Add(-9 * time.Hour), Used: used / 2}, {AsOf: now.Add(-time.Hour), Used: used}}
		if at, ok := Forecast(e, samples, now); ok && at.Before(now) {
			t.Errorf("forecast %s is in the past", at)
		}
	})
}
