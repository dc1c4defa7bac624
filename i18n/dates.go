package i18n

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// farthest is how far ahead a date may be.
const farthest = 2 // years

// ParseDates reads the date, or the first and the last of two, that somebody typed in any usual
// writing and in any of the languages: "10.12", "Dec 10th", "tomorrow", "через 5 дней", "10–17 декабря",
// "2026-12-10". today is the day's begin in UTC; so are the dates. A text with anything else in
// it is no date, nor is one that has passed.
func (b *Bundle) ParseDates(text string, today time.Time) (first, last time.Time, ok bool) {
	d := dateReader{words: b.dates(), today: today, length: b.search().Length}
	text = plainDigits(strings.ToLower(text))
	if one, ok := d.one(text); ok {
		return one, one, true
	}
	for i, r := range text {
		size := d.dash(text, i, r)
		if size == 0 {
			continue
		}
		if first, last, ok := d.two(text[:i], text[i+size:]); ok {
			return first, last, true
		}
	}
	return first, last, false
}

// A dateReader reads dates as seen on a day.
type dateReader struct {
	words dateWords
	today time.Time
	// length reads how many days a text says that says nothing else.
	length func(text string) (days int, ok bool)
}

// dateWords are the words of dates in all languages. Months and weekdays are known by whole words
// only: by their beginnings Montenegro would be a Monday, and Morocco a day of March in Russian.
type dateWords struct {
	months, weekdays, numbers                                                map[string]int // every form of each, to which it is, from 0
	today, tomorrow, dayAfter, days, weeks, monthLong, lasting, until, noise []string
}

//i18n:use date.words_*

// readDateWords is done once: everything typed where a day may be asked for is held against these words,
// and to say and cut some hundred sentences takes longer than to read a date.
func (b *Bundle) readDateWords() dateWords {
	w := dateWords{months: map[string]int{}, weekdays: map[string]int{}, numbers: map[string]int{}}
	for _, l := range b.Languages() {
		p := b.printers[l.Code]
		list := func(name string) []string {
			return strings.Split(strings.ToLower(p.Plain("date.words_"+name, nil)), ", ")
		}
		forms := func(to map[string]int, name string) {
			for i, one := range list(name) {
				for form := range strings.SplitSeq(one, "/") {
					to[form] = i
				}
			}
		}
		forms(w.months, "months")
		forms(w.weekdays, "weekdays")
		forms(w.numbers, "numbers")
		for name, to := range map[string]*[]string{
			"today": &w.today, "tomorrow": &w.tomorrow, "day_after": &w.dayAfter, "days": &w.days, "weeks": &w.weeks, "until": &w.until, "noise": &w.noise,
			"month_long": &w.monthLong, "for": &w.lasting,
		} {
			*to = append(*to, list(name)...)
		}
	}
	return w
}

// plainDigits writes the digits of every script as ours, and the signs of East Asian dates as dots.
func plainDigits(s string) string {
	s = strings.NewReplacer("个月", inMonths, "個月", inMonths).Replace(hanNumbers(s))        // a length, and no month of the year
	if month, day, found := strings.Cut(s, "月"); found && !strings.Contains(month, "年") { // the month comes first there
		s = day + "." + month
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '年' || r == '月':
			return '.'
		case r == '日' || r == '号' || r == 'º' || r == 'ª':
			return ' '
		}
		return plainDigit(r)
	}, s)
	return strings.ReplaceAll(s, inMonths, "个月")
}

// PlainDigits writes the digits of every script as ours, and a percent sign too.
func PlainDigits(s string) string { return strings.Map(plainDigit, s) }

func plainDigit(r rune) rune {
	switch {
	case r == '٪' || r == '％':
		return '%'
	case r < 0x80 || !unicode.IsDigit(r):
		return r
	}
	value := rune(0)
	for value < 9 && unicode.IsDigit(r-value-1) {
		value++
	}
	return '0' + value
}

// inMonths stands for the word of months that is no date, while dates are rewritten.
const inMonths = "\x00"

// hanDate is a number of a day or a month in words.
var hanDate = regexp.MustCompile(`[一二三四五六七八九十]+[月日号]`)

// hanNumbers writes the numbers of a date as figures: "十二月二十一号".
func hanNumbers(s string) string {
	return hanDate.ReplaceAllStringFunc(s, func(word string) string {
		n, digits := 0, []rune(word)
		for i, r := range digits[:len(digits)-1] {
			switch value := strings.Index("一二三四五六七八九", string(r)) / len("一"); {
			case r != '十':
				n += value + 1
			case i == 0:
				n = 10
			default:
				n *= 10
			}
		}
		return strconv.Itoa(n) + string(digits[len(digits)-1])
	})
}

// dash is how long the sign or word is that stands at i between two dates; 0: none does.
func (d dateReader) dash(text string, i int, r rune) int {
	switch r {
	case '-':
		return 1
	case '–', '—':
		return len(string(r))
	case ' ':
		for _, word := range d.words.until {
			if strings.HasPrefix(text[i:], " "+word+" ") {
				return len(word) + 2
			}
		}
	}
	return 0
}

// two reads the first and the last day of a trip; one of them may lack what the other says.
func (d dateReader) two(left, right string) (first, last time.Time, ok bool) {
	first, firstOK := d.one(left)
	n, number := onlyNumber(left)
	if !firstOK && !number {
		return first, last, false // whatever stands behind it
	}
	last, lastOK := d.one(right)
	switch {
	case lastOK && number:
		first = time.Date(last.Year(), last.Month(), n, 0, 0, 0, 0, time.UTC)
		firstOK = first.Day() == n && !first.Before(d.today)
	case firstOK && !lastOK:
		if n, number := onlyNumber(right); number {
			last = time.Date(first.Year(), first.Month(), n, 0, 0, 0, 0, time.UTC)
			lastOK = last.Day() == n
		}
	}
	if firstOK && lastOK && last.Before(first) { // across New Year
		last = last.AddDate(1, 0, 0)
	}
	return first, last, firstOK && lastOK && last.Sub(first) < 366*24*time.Hour
}

func onlyNumber(s string) (int, bool) {
	n, ok := 0, false
	for t := range dateTokens(s) {
		if ok || t.digits == 0 {
			return 0, false
		}
		n, ok = t.number, true
	}
	return n, ok
}
