package own

import (
	"os"
	"strings"
	"testing"
	"time"

	"esimbot/bot/chart"
	"esimbot/esim"
	"esimbot/i18n"
)

// used is an eSIM of Japan that was in use for some days of many.
func usedESIM(days, of int, used, total int64) esim.ESIM {
	begun := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) // noon in Tokyo
	return esim.ESIM{
		Plan: esim.Plan{Location: "JP", Places: []string{"JP"}, Data: total, Days: of},
		Profile: esim.Profile{
			ID: "T", Status: esim.ProfileInUse, Used: used, Total: total, Days: of, Activated: begun, Expires: begun.AddDate(0, 0, of),
		},
		UsageAt: begun.AddDate(0, 0, days),
	}
}

func labels(ticks []chart.Tick) string {
	var all []string
	for _, t := range ticks {
		all = append(all, strings.ReplaceAll(t.Label, "\u00a0", " "))
	}
	return strings.Join(all, ", ")
}

func TestWhatAChartCovers(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	day := func(e esim.ESIM, n int) time.Time { return e.Activated.AddDate(0, 0, n) }
	tests := []struct {
		name          string
		days, of, out int // out: the day when the data runs out; 0: not known
		wantDays      int // that the axis covers
		want          string
		wantZone      string
	}{
		{"a plan of a week to its end", 2, 7, 4, 7, "24 November, 26 November, 28 November, 30 November", ""},
		{"a month to its end, however little was used", 1, 30, 0, 30, "24 November, 29 November, 4 December, 9 December, 14 December, 19 December", ""},
		{"a day in hours", 0, 1, 0, 1, "12:00, 18:00, 24 November, 06:00, 12:00", "UTC+9"},
		{"of half a year four times what went by", 3, 180, 0, 12, "24 November, 26 November, 28 November, 30 November, 2 December, 4 December", ""},
		{"of half a year until it runs out", 10, 180, 100, 110, "24 November, 14 December, 3 January, 23 January, 12 February, 4 March", ""},
		{"of half a year no more than there is", 170, 180, 0, 180, "24 November, 24 December, 23 January, 22 February, 24 March, 23 April", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := usedESIM(tt.days, tt.of, 1<<29, 1<<30)
			out := time.Time{}
			if tt.out > 0 {
				out = day(e, tt.out)
			}
			s := chartSpan(e, out, e.UsageAt.Add(2*time.Hour))
			if got := int(s.to.Sub(s.from).Hours()/24 + 0.5); got != tt.wantDays {
				t.Errorf("covers %d days, want %d", got, tt.wantDays)
			}
			if got := labels(s.ticks(texts.Printer("en"))); got != tt.want {
				t.Errorf("says %s\nwant %s", got, tt.want)
			}
			if s.hours() != (tt.wantZone != "") || s.hours() && s.zone() != tt.wantZone {
				t.Errorf("names times of day: %v, of %s; want %q", s.hours(), s.zone(), tt.wantZone)
			}
		})
	}
}

func TestZonesOfCharts(t *testing.T) {
	for name, want := range map[string]string{"Asia/Tokyo": "UTC+9", "Asia/Kolkata": "UTC+5:30", "America/St_Johns": "UTC-3:30", "UTC": "UTC", "America/New_York": "UTC-5"} {
		in, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		s := timeSpan{from: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), in: in}
		if got := s.zone(); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
}

func TestAmountsOfCharts(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for top, want := range map[int64]string{
		100 << 20: "0 MB, 20 MB, 40 MB, 60 MB, 80 MB, 100 MB",
		500 << 20: "0 MB, 100 MB, 200 MB, 300 MB, 400 MB, 500 MB",
		1 << 30:   "0 GB, 0.25 GB, 0.5 GB, 0.75 GB, 1 GB",
		3 << 30:   "0 GB, 1 GB, 2 GB, 3 GB",
		50 << 30:  "0 GB, 10 GB, 20 GB, 30 GB, 40 GB, 50 GB",
		1:         "0 MB",
	} {
		if got := labels(dataTicks(texts.Printer("en"), top)); got != want {
			t.Errorf("up to %d: %s, want %s", top, got, want)
		}
	}
}

func TestDrawingOfUsage(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	charts, err := chart.New()
	if err != nil {
		t.Fatal(err)
	}
	f := &esimsFlow{charts: charts, texts: texts}
	e := usedESIM(4, 7, 900<<20, 1<<30+500<<20)
	at := func(hours int) time.Time { return e.Activated.Add(time.Duration(hours) * time.Hour) }
	course := []esim.Usage{
		{Total: 1 << 30, AsOf: at(0)},
		{Used: 100 << 20, Total: 1 << 30, AsOf: at(24)},
		{Used: 300 << 20, Total: 1 << 30, AsOf: at(48)},
		{Used: 700 << 20, Total: e.Total, AsOf: at(72)},
		{Used: 900 << 20, Total: e.Total, AsOf: at(96)},
	}
	for _, lang := range []string{"en", "ru"} {
		out := at(130)
		pic := f.drawing(texts.Printer(lang), e, course, out, chartSpan(e, out, at(98)))
		if dir := os.Getenv("ESIMBOT_SCREENSHOTS"); dir != "" {
			png, err := charts.PNG(pic)
			if err != nil {
				t.Fatal(err)
			}
			_ = os.WriteFile(dir+"/usage-"+lang+".png", png, 0o644)
		}
		steps := []chart.Point{{X: 0, Y: 1 << 30}, {X: 24, Y: 1 << 30}, {X: 48, Y: 1 << 30}, {X: 72, Y: 1 << 30}, {X: 72, Y: float64(e.Total)}, {X: 96, Y: float64(e.Total)}, {X: 168, Y: float64(e.Total)}}
		if len(pic.Total) != len(steps) {
			t.Fatalf("what was bought: %v, want %v", pic.Total, steps)
		}
		for i := range steps {
			if pic.Total[i] != steps[i] {
				t.Errorf("what was bought, step %d: %v, want %v", i, pic.Total[i], steps[i])
			}
		}
		if len(pic.Ahead) != 2 || pic.Ahead[0].X != 96 || pic.Ahead[1].X != 130 || pic.Ahead[1].Y != float64(e.Total) {
			t.Errorf("ahead: %v", pic.Ahead)
		}
		if want := texts.Printer(lang).Plain("esim.chart.title_bought", nil); pic.TotalName != want {
			t.Errorf("what was bought is called %q, want %q", pic.TotalName, want)
		}
	}
	pass := e
	pass.Plan.Kind = esim.DailyThrottled
	if pic := f.drawing(texts.Printer("en"), pass, course, time.Time{}, chartSpan(pass, time.Time{}, at(98))); len(pic.Total) > 0 || pic.TotalName != "" || len(pic.Ahead) > 0 {
		t.Errorf("a day pass has an allowance of %v and goes on to %v", pic.Total, pic.Ahead)
	}
}
