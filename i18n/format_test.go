package i18n

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// spaced writes the no-break spaces of want as underscores, so that tests show them.
func spaced(s string) string { return strings.ReplaceAll(s, "\u00a0", "_") }

func TestFormats(t *testing.T) {
	en, ru := bundle(t).Printer("en"), bundle(t).Printer("ru")
	const mb, gb = 1 << 20, 1 << 30
	at := time.Date(2026, time.November, 23, 11, 5, 0, 0, time.UTC)
	east := time.FixedZone("east", 3*3600)
	tests := []struct {
		name   string
		say    func(Printer) string
		en, ru string
	}{
		{"a slow line", func(p Printer) string { return p.BitRate("384 Kbps") }, "384_Kbps", "384_Кбит/с"},
		{"a slow line, written together", func(p Printer) string { return p.BitRate("512Kbps") }, "512_Kbps", "512_Кбит/с"},
		{"a faster line", func(p Printer) string { return p.BitRate("1 Mbps") }, "1_Mbps", "1_Мбит/с"},
		{"a speed in other words", func(p Printer) string { return p.BitRate("as the network allows") }, "as the network allows", "as the network allows"},
		{"stars", func(p Printer) string { return p.Money(450, 0, "XTR") }, "⭐_450", "⭐_450"},
		{"thousands of stars", func(p Printer) string { return p.Money(12345, 0, "XTR") }, "⭐_12,345", "⭐_12_345"},
		{"dollars", func(p Printer) string { return p.Money(585, 2, "USD") }, "$5.85", "5,85_$"},
		{"a cent", func(p Printer) string { return p.Money(1, 2, "USD") }, "$0.01", "0,01_$"},
		{"nothing", func(p Printer) string { return p.Money(0, 2, "USD") }, "$0.00", "0,00_$"},
		{"a debt", func(p Printer) string { return p.Money(-123456, 2, "USD") }, "-$1,234.56", "-1_234,56_$"},
		{"lower-case code", func(p Printer) string { return p.Money(585, 2, "eur") }, "€5.85", "5,85_€"},
		{"roubles", func(p Printer) string { return p.Money(99900, 2, "RUB") }, "₽999.00", "999,00_₽"},
		{"yen have no hundredths", func(p Printer) string { return p.Money(1200, 0, "JPY") }, "¥1,200", "1_200_¥"},
		{"won have no hundredths", func(p Printer) string { return p.Money(15000, 0, "KRW") }, "₩15,000", "15_000_₩"},
		{"dinars have thousandths", func(p Printer) string { return p.Money(1234, 3, "KWD") }, "KWD_1.234", "1,234_KWD"},
		{"a currency without a sign", func(p Printer) string { return p.Money(500, 2, "CHF") }, "CHF_5.00", "5,00_CHF"},
		{"a currency nobody heard of", func(p Printer) string { return p.Money(500, 2, "ZZZ") }, "ZZZ_5.00", "5,00_ZZZ"},
		{"no currency", func(p Printer) string { return p.Money(500, 2, "") }, "5.00", "5,00"},
		{"wholesale dollars", func(p Printer) string { return p.Money(13000, 4, "USD") }, "$1.30", "1,30_$"},
		{"wholesale half a cent rounds away", func(p Printer) string { return p.Money(13050, 4, "USD") }, "$1.31", "1,31_$"},
		{"wholesale debt rounds away", func(p Printer) string { return p.Money(-13050, 4, "USD") }, "-$1.31", "-1,31_$"},
		{"wholesale crumbs stay visible", func(p Printer) string { return p.Money(40, 4, "USD") }, "$0.0040", "0,0040_$"},
		{"wholesale nothing", func(p Printer) string { return p.Money(0, 4, "USD") }, "$0.00", "0,00_$"},
		{"the largest debt", func(p Printer) string { return p.Money(math.MinInt64, 0, "XTR") }, "-⭐_9,223,372,036,854,775,808", "-⭐_9_223_372_036_854_775_808"},

		{"500 MB", func(p Printer) string { return p.Data(524288000) }, "500_MB", "500_МБ"},
		{"1 GB", func(p Printer) string { return p.Data(1073741824) }, "1_GB", "1_ГБ"},
		{"one and a half", func(p Printer) string { return p.Data(gb * 3 / 2) }, "1.5_GB", "1,5_ГБ"},
		{"used megabytes", func(p Printer) string { return p.Data(734*mb + 12345) }, "734_MB", "734_МБ"},
		{"a top-up of 500 MB", func(p Printer) string { return p.Data(2<<30 + 500<<20) }, "2.5_GB", "2,5_ГБ"},
		{"a top-up of 100 MB", func(p Printer) string { return p.Data(1<<30 + 100<<20) }, "1.1_GB", "1,1_ГБ"},
		{"three times 500 MB", func(p Printer) string { return p.Data(1500 << 20) }, "1.5_GB", "1,5_ГБ"},
		{"500 MB topped up ten times", func(p Printer) string { return p.Data(5500 << 20) }, "5.5_GB", "5,5_ГБ"},
		{"twice 500 MB", func(p Printer) string { return p.Data(1000 << 20) }, "1000_MB", "1000_МБ"},
		{"nearly what was sold", func(p Printer) string { return p.Data(2<<30 + 500<<20 - 1<<20) }, "2.49_GB", "2,49_ГБ"},
		{"used gigabytes", func(p Printer) string { return p.Data(1567000000) }, "1.46_GB", "1,46_ГБ"},
		{"tens of gigabytes", func(p Printer) string { return p.Data(gb*125/10 + gb/25) }, "12.5_GB", "12,5_ГБ"},
		{"hundreds of gigabytes", func(p Printer) string { return p.Data(100*gb + gb/3) }, "100_GB", "100_ГБ"},
		{"a thousand megabytes are not grouped", func(p Printer) string { return p.Data(1000 * mb) }, "1000_MB", "1000_МБ"},
		{"never 1024 MB", func(p Printer) string { return p.Data(gb - 1) }, "1_GB", "1_ГБ"},
		{"a terabyte", func(p Printer) string { return p.Data(1024 * gb) }, "1_TB", "1_ТБ"},
		{"a byte is something", func(p Printer) string { return p.Data(1) }, "1_KB", "1_КБ"},
		{"no data", func(p Printer) string { return p.Data(0) }, "0_MB", "0_МБ"},
		{"more used than bought", func(p Printer) string { return p.Data(-5 * mb) }, "-5_MB", "-5_МБ"},

		{"a day", func(p Printer) string { return p.Days(1) }, "1_day", "1_день"},
		{"two days", func(p Printer) string { return p.Days(2) }, "2_days", "2_дня"},
		{"a week", func(p Printer) string { return p.Days(7) }, "7_days", "7_дней"},
		{"eleven days", func(p Printer) string { return p.Days(11) }, "11_days", "11_дней"},
		{"three weeks", func(p Printer) string { return p.Days(21) }, "21_days", "21_день"},
		{"no days", func(p Printer) string { return p.Days(0) }, "0_days", "0_дней"},
		{"a year", func(p Printer) string { return p.Days(365) }, "365_days", "365_дней"},

		{"days and hours left", func(p Printer) string { return p.TimeLeft(53*time.Hour + 59*time.Minute) }, "2_days 5_hours", "2_дня 5_часов"},
		{"whole days left", func(p Printer) string { return p.TimeLeft(48 * time.Hour) }, "2_days", "2_дня"},
		{"many days left", func(p Printer) string { return p.TimeLeft(10*24*time.Hour + 5*time.Hour) }, "10_days", "10_дней"},
		{"hours and minutes left", func(p Printer) string { return p.TimeLeft(61 * time.Minute) }, "1_hour 1_minute", "1_час 1_минута"},
		{"minutes left", func(p Printer) string { return p.TimeLeft(45*time.Minute + 59*time.Second) }, "45_minutes", "45_минут"},
		{"a moment left", func(p Printer) string { return p.TimeLeft(59 * time.Second) }, "less than a minute", "меньше минуты"},
		{"time is over", func(p Printer) string { return p.TimeLeft(-time.Hour) }, "less than a minute", "меньше минуты"},

		{"three quarters", func(p Printer) string { return p.Percent(3, 4) }, "75%", "75_%"},
		{"nearly all is not all", func(p Printer) string { return p.Percent(9999, 10000) }, "99%", "99_%"},
		{"hardly any is not none", func(p Printer) string { return p.Percent(1, 10000) }, "1%", "1_%"},
		{"all", func(p Printer) string { return p.Percent(5, 5) }, "100%", "100_%"},
		{"more than all", func(p Printer) string { return p.Percent(6, 5) }, "120%", "120_%"},
		{"of nothing", func(p Printer) string { return p.Percent(5, 0) }, "0%", "0_%"},

		{"a date", func(p Printer) string { return p.Date(at, nil) }, "23_November 2026", "23_ноября 2026"},
		{"a date is local", func(p Printer) string { return p.Date(at.Add(12*time.Hour), east) }, "24_November 2026", "24_ноября 2026"},
		{"what is left, on a label", func(p Printer) string { w, s := p.TimeLeftShort(47 * time.Hour); return w + "|" + s }, "1_day|1_d", "1_день|1_дн."},
		{"hours left, on a label", func(p Printer) string { w, s := p.TimeLeftShort(5 * time.Hour); return w + "|" + s }, "5_hours|5_h", "5_часов|5_ч"},
		{"hardly anything left", func(p Printer) string { w, s := p.TimeLeftShort(time.Second); return w + "|" + s }, "1_hour|1_h", "1_час|1_ч"},
		{"a day without its year", func(p Printer) string { return p.Day(at, nil) }, "23_November", "23_ноября"},
		{"a time of day", func(p Printer) string { return p.Clock(at, east) }, "14:05", "14:05"},
		{"date and time", func(p Printer) string { return p.DateTime(at, nil) }, "23_November 2026, 11:05", "23_ноября 2026, 11:05"},
		{"loosely, in the morning", func(p Printer) string { return p.ApproximateTime(at, nil) }, "Monday morning", "понедельник, утро"},
		{"loosely, at night", func(p Printer) string { return p.ApproximateTime(at.Add(13*time.Hour), nil) }, "early Tuesday", "вторник, раннее утро"},
		{"loosely, in the afternoon", func(p Printer) string { return p.ApproximateTime(at.Add(time.Hour), nil) }, "Monday afternoon", "понедельник, день"},
		{"loosely, in the evening", func(p Printer) string { return p.ApproximateTime(at.Add(7*time.Hour), nil) }, "Monday evening", "понедельник, вечер"},
		{"a list", func(p Printer) string { return p.List([]string{"A", "B", "C", "D"}) }, "A, B, C and D", "A, B, C и D"},
		{"a list of two", func(p Printer) string { return p.List([]string{"A", "B"}) }, "A and B", "A и B"},
		{"a list of one", func(p Printer) string { return p.List([]string{"A"}) }, "A", "A"},
		{"a list of none", func(p Printer) string { return p.List(nil) }, "", ""},
		{"a number", func(p Printer) string { return p.Number(-1234567) }, "-1,234,567", "-1_234_567"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := spaced(tt.say(en)); got != tt.en {
				t.Errorf("English %q, want %q", got, tt.en)
			}
			if got := spaced(tt.say(ru)); got != tt.ru {
				t.Errorf("Russian %q, want %q", got, tt.ru)
			}
		})
	}
}

func TestEveryMonthAndWeekdayHasItsName(t *testing.T) {
	for _, l := range bundle(t).Languages() {
		p := bundle(t).Printer(l.Code)
		seen := map[string]bool{}
		for m := range 12 {
			seen[p.Date(time.Date(2026, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC), nil)] = true
		}
		for d := range 7 {
			seen[p.Weekday(time.Date(2026, time.November, d+1, 0, 0, 0, 0, time.UTC), nil)] = true
		}
		if len(seen) != 19 {
			t.Errorf("%s: %d different names of 12 months and 7 days", l.Code, len(seen))
		}
	}
}

func FuzzFormats(f *testing.F) {
	f.Add(int64(0), int64(1), "USD")
	f.Add(int64(math.MinInt64), int64(math.MinInt64), "USD4")
	f.Add(int64(math.MaxInt64), int64(-1), "\xff")
	b := bundle(f)
	f.Fuzz(func(t *testing.T, x, y int64, text string) {
		for _, l := range b.Languages() {
			p := b.Printer(l.Code)
			at := time.Unix(x%1e12, y%1e9)
			for _, out := range []string{
				p.Money(x, 2, text), p.Money(y, 4, "USD"), p.Money(x, 0, "XTR"), p.Data(x), p.Days(int(y)), p.TimeLeft(time.Duration(x)), p.Percent(x, y),
				p.Date(at, nil), p.DateTime(at, time.UTC), p.ApproximateTime(at, nil), p.Number(x), p.Place(text + "x"), p.List([]string{"a", text, "b"}),
			} {
				if out == "" || (utf8.ValidString(text) && !utf8.ValidString(out)) || strings.Contains(out, "{") && !strings.Contains(text, "{") {
					t.Errorf("%s: %d %d %q gives %q", l.Code, x, y, text, out)
				}
			}
			if flag := Flag(text); flag != "" && len(text) != 2 {
				t.Errorf("Flag(%q) = %q", text, flag)
			}
		}
	})
}
