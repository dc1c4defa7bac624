package i18n

import (
	"math"
	"math/bits"
	"regexp"
	"strconv"
	"time"
)

// bitRates are the units in which the vendor states a speed.
var bitRates = map[string]string{"Kbps": "format.kbps", "Mbps": "format.mbps"}

var bitRate = regexp.MustCompile(`^([0-9]+) ?([KM]bps)$`)

// BitRate writes a speed that the vendor states in English ("384 Kbps", "1 Mbps") in the reader's words;
// what is written in another way stays as it is.
func (p Printer) BitRate(stated string) string {
	m := bitRate.FindStringSubmatch(stated)
	if m == nil {
		return stated
	}
	return p.Plain(bitRates[m[2]], Args{"n": m[1]})
}

// dataUnits are the keys of the binary units from 2^10 up. The vendor's
// "1 GB" is 2^30 bytes, and the plans are named after it.
var dataUnits = []string{"format.kb", "format.mb", "format.gb", "format.tb"}

// Data writes an amount of data in binary units with at most three significant
// digits below 100: "500 MB", "1 GB", "1.46 GB", "734 MB". Anything between one
// byte and a kilobyte is "1 KB", so that "0 MB" means nothing at all. What was sold is written in the sizes
// it was sold in: 2 GB and 500 MB are "2.5 GB", though they are 2.49 binary ones.
func (p Printer) Data(bytes int64) string {
	if bytes == 0 {
		return p.Plain("format.mb", Args{"n": "0"})
	}
	size := magnitude(bytes)
	unit := max(bits.Len64(size)-1, 10)/10 - 1
	unit = min(unit, len(dataUnits)-1)
	n, places := significant(size, unit)
	if tenths, ok := sold(size); ok {
		n, places, unit = tenths, 1, 2
		if n%10 == 0 {
			n, places = n/10, 0
		}
	}
	if n == 1024 && places == 0 && unit < len(dataUnits)-1 { // 1023.9 MB
		n, places, unit = 1, 0, unit+1
	}
	if bytes < 0 {
		n = -n
	}
	written := p.decimals(n, places)
	if places == 0 && n > -1024 && n < 1024 {
		written = strconv.FormatUint(magnitude(n), 10) // "1000 MB" reads better than "1,000 MB"
		if n < 0 {
			written = p.v.signs().minus + written
		}
	}
	return p.Plain(dataUnits[unit], Args{"n": written})
}

// Gigabytes writes an amount in gigabytes, of which it has a quarter or more: "0.25 GB", where Data says "256 MB".
func (p Printer) Gigabytes(bytes int64) string {
	n, places := bytes*100>>30, 2
	for ; places > 0 && n%10 == 0; places-- {
		n /= 10
	}
	return p.Plain("format.gb", Args{"n": p.decimals(n, places)})
}

// sold returns how many tenths of a gigabyte were sold: whole ones of 2^30 bytes, and such of 100 MB, of which the
// vendor sells 100 and 500 at a time. It is not ok for other sizes, and below a gigabyte.
func sold(size uint64) (tenths int64, ok bool) {
	const mb, gb, most = 1 << 20, 1 << 30, 55 // 500 MB, topped up ten times with as much
	for hundreds := uint64(1); hundreds <= most && hundreds*100*mb <= size; hundreds++ {
		if rest := size - hundreds*100*mb; size >= gb && rest%gb == 0 {
			return int64(10*rest/gb + hundreds), true
		}
	}
	return 0, false
}

// significant returns size in the unit as n and the number of n's digits that
// are the fraction, without trailing zeros.
func significant(size uint64, unit int) (n int64, places int) {
	value := float64(size) / float64(uint64(1)<<(10*(unit+1)))
	switch {
	case value < 10:
		places = 2
	case value < 100:
		places = 1
	}
	n = int64(math.Round(value * math.Pow10(places)))
	if unit == 0 {
		return max(int64(math.Round(value)), 1), 0
	}
	for places > 0 && n%10 == 0 {
		n, places = n/10, places-1
	}
	return n, places
}

// Days writes a number of days: "1 day", "7 days", "21 день".
func (p Printer) Days(n int) string { return p.PlainN("format.days", n, nil) }

// Date writes the day of t in loc (nil: UTC): "23 November 2026".
func (p Printer) Date(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	return p.Plain("format.date", Args{
		"day":   p.dayOfMonth(t),
		"month": p.Plain("format.month_"+strconv.Itoa(int(t.Month())), nil), //i18n:use format.month_*
		"year":  t.Year(),
	})
}

// Day writes the day of t in loc (nil: UTC) without its year: "23 November".
func (p Printer) Day(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	return p.Plain("format.day", Args{"day": p.dayOfMonth(t), "month": p.Plain("format.month_"+strconv.Itoa(int(t.Month())), nil)})
}

// dayOfMonth is the number of a day; of the first one as the language has it: "1er", "1º".
func (p Printer) dayOfMonth(t time.Time) string {
	if t.Day() == 1 {
		return p.Plain("format.day_first", nil)
	}
	return strconv.Itoa(t.Day())
}

// Clock writes the time of day of t in loc (nil: UTC): "14:05".
func (p Printer) Clock(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	return p.Plain("format.clock", Args{"hour": t.Format("15"), "minute": t.Format("04")})
}

// DateTime writes day and time of t in loc (nil: UTC): "23 November 2026, 14:05".
func (p Printer) DateTime(t time.Time, loc *time.Location) string {
	return p.Plain("format.datetime", Args{"date": p.Date(t, loc), "clock": p.Clock(t, loc)})
}

// ApproximateTime writes t in loc as loosely as a forecast deserves: "Thursday evening".
func (p Printer) ApproximateTime(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	weekday := Args{"weekday": p.Weekday(t, loc)}
	switch h := t.Hour(); {
	case h < 6:
		return p.Plain("format.around_night", weekday)
	case h < 12:
		return p.Plain("format.around_morning", weekday)
	case h < 18:
		return p.Plain("format.around_afternoon", weekday)
	default:
		return p.Plain("format.around_evening", weekday)
	}
}

// Weekday writes the day of the week of t in loc (nil: UTC): "Thursday".
func (p Printer) Weekday(t time.Time, loc *time.Location) string {
	//i18n:use format.weekday_*
	return p.Plain("format.weekday_"+strconv.Itoa(int(in(t, loc).Weekday())), nil)
}

func in(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc)
}

// TimeLeft writes a remaining time with its two largest units, rounded down:
// "2 days 5 hours", "45 minutes". From ten days on it says days only; below a
// minute, and for what has passed, "less than a minute".
func (p Printer) TimeLeft(d time.Duration) string {
	minutes := int(max(d, 0) / time.Minute)
	hours, days := minutes/60, minutes/(24*60)
	switch {
	case minutes == 0:
		return p.Plain("format.left_moment", nil)
	case days >= 10:
		return p.Days(days)
	case days > 0:
		return p.two(p.Days(days), "format.hours", hours%24)
	case hours > 0:
		return p.two(p.PlainN("format.hours", hours, nil), "format.minutes", minutes%60)
	default:
		return p.PlainN("format.minutes", minutes, nil)
	}
}

// TimeLeftShort is the largest unit of what Left writes, in words and as short as it gets: "2 days" and "2 d",
// "5 hours" and "5 h". What is less than an hour is one.
func (p Printer) TimeLeftShort(d time.Duration) (words, short string) {
	hours := max(int(d/time.Hour), 1)
	if days := hours / 24; days > 0 {
		return p.Days(days), p.Plain("format.days_short", Args{"n": p.Number(int64(days))})
	}
	return p.PlainN("format.hours", hours, nil), p.Plain("format.hours_short", Args{"n": p.Number(int64(hours))})
}

// two appends the smaller unit, unless there is none of it.
//
//i18n:use format.hours format.minutes
func (p Printer) two(first, key string, n int) string {
	if n == 0 {
		return first
	}
	return p.Plain("format.left_two", Args{"first": first, "second": p.PlainN(key, n, nil)})
}
