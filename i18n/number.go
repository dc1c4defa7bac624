package i18n

import (
	"math"
	"strconv"
	"strings"
)

// Number writes n with the language's grouping: "1,200", "1 200".
func (p Printer) Number(n int64) string {
	return p.grouped(n < 0, strconv.FormatUint(magnitude(n), 10))
}

// Percent writes part of whole: "73%", "73 %". It says 0% and 100% only when
// that is exactly so, because "100% used" is a promise that nothing is left.
// A whole of zero or less counts as nothing used.
func (p Printer) Percent(part, whole int64) string {
	n := int64(0)
	if whole > 0 && part > 0 {
		exact := float64(part) / float64(whole) * 100
		n = int64(math.Round(min(exact, 1e15)))
		if part < whole {
			n = min(max(n, 1), 99)
		}
	}
	return p.Plain("format.percent", Args{"n": p.Number(n)})
}

// decimals writes n with its last places digits as the fraction.
func (p Printer) decimals(n int64, places int) string {
	if places == 0 {
		return p.Number(n)
	}
	digits := strconv.FormatUint(magnitude(n), 10)
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	cut := len(digits) - places
	return p.grouped(n < 0, digits[:cut]) + p.v.signs().decimal + digits[cut:]
}

// grouped puts the group sign between groups of digits and a minus in front.
func (p Printer) grouped(negative bool, digits string) string {
	var out strings.Builder
	if negative {
		out.WriteString(p.v.signs().minus)
	}
	last, before := p.v.signs().groups[0], p.v.signs().groups[1]
	for i, d := range digits {
		if left := len(digits) - i - last; i > 0 && last > 0 && left >= 0 && left%before == 0 {
			out.WriteString(p.v.signs().group)
		}
		out.WriteRune(d)
	}
	return out.String()
}

// groupSizes reads CLDR's pattern of whole numbers: "#,##0" is groups of three,
// "#,##,##0" three and then twos as in India, "0" none.
func groupSizes(pattern string) [2]int {
	parts := strings.Split(pattern, ",")
	last := len(parts[len(parts)-1])
	switch len(parts) {
	case 1:
		return [2]int{}
	case 2:
		return [2]int{last, last}
	}
	return [2]int{last, max(len(parts[len(parts)-2]), 1)}
}

// magnitude is |n|, also for the smallest int64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
