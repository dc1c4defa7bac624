package i18n

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"esimbot/i18n/places"
)

func TestParseDates(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	today := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) // a Monday
	for text, want := range map[string]string{
		"today": "2026-11-23", "Tomorrow": "2026-11-24", "the day after tomorrow": "2026-11-25", "завтра": "2026-11-24", "Послезавтра": "2026-11-25",
		"in 5 days": "2026-11-28", "5 days": "2026-11-28", "через 5 дней": "2026-11-28", "in a week": "2026-11-30", "через 2 недели": "2026-12-07", "через неделю": "2026-11-30",
		"10 December": "2026-12-10", "dec 10": "2026-12-10", "December 10th, 2026": "2026-12-10", "the 10th of December": "2026-12-10", "10 декабря": "2026-12-10", "10 дек. 2026 г.": "2026-12-10", "10-го декабря": "2026-12-10",
		"5 мая": "2027-05-05", "5 марта": "2027-03-05", "5 may": "2027-05-05",
		"10.12": "2026-12-10", "10.12.2026": "2026-12-10", "10.12.26": "2026-12-10", "10/12": "2026-12-10", "12/25": "2026-12-25", "12/25/2026": "2026-12-25", "10-12-2026": "2026-12-10",
		"2026-12-10": "2026-12-10", "2026/12/10": "2026-12-10", "2026年12月10日": "2026-12-10", "12月10日": "2026-12-10", "١٠/١٢/٢٠٢٦": "2026-12-10", "10.01": "2027-01-10",
		"25": "2026-11-25", "20": "2026-12-20", "31": "2026-12-31", "friday": "2026-11-27", "в пятницу": "2026-11-27", "next monday": "2026-11-30", "sat": "2026-11-28", "Wednesday": "2026-11-25", "пн": "2026-11-30", "в среду": "2026-11-25", "5 sept": "2027-09-05", "3 марта": "2027-03-03", "3 мая": "2027-05-03", "8 сент.": "2027-09-08",
		"10-17 December": "2026-12-10→2026-12-17", "10–17 декабря": "2026-12-10→2026-12-17", "10.12-17.12": "2026-12-10→2026-12-17", "10.12 - 17.12": "2026-12-10→2026-12-17", "10 Dec to 3 Jan": "2026-12-10→2027-01-03", "с 10 по 17 декабря": "2026-12-10→2026-12-17", "10 dec - 17": "2026-12-10→2026-12-17", "25.12.2026 – 02.01.2027": "2026-12-25→2027-01-02", "tomorrow to friday": "2026-11-24→2026-11-27",
		"两周后": "2026-12-07", "三天后": "2026-11-26", "两个星期": "2026-12-07", "一个月": "2026-12-23", "十二月二十一号": "2026-12-21", "12月1号": "2026-12-01", "بعد 15 يوم": "2026-12-08", "١٥ يوما": "2026-12-08", "أسبوعين": "2026-12-07", "दो हफ्ते बाद": "2026-12-07",
		"in two weeks": "2026-12-07", "in einem Monat": "2026-12-23", "a week from now": "2026-11-30", "on beş gün sonra": "2026-12-08", "полмесяца": "2026-12-08", "nächsten Freitag": "2026-11-27", "1er décembre": "2026-12-01", "1º dicembre": "2026-12-01", "1.º de diciembre": "2026-12-01",
		"": "", "japan": "", "turkey 30 days 5gb": "", "5gb": "", "10 days japan": "", "31.02": "", "32": "", "10.13.14.15": "", "2026-11-22": "", "22.11.2026": "", "2031-01-01": "", "99999999999 days": "", "7 days 5 weeks": "",
	} {
		first, last, ok := b.ParseDates(text, today)
		got := ""
		if ok {
			got = first.Format(time.DateOnly)
			if !last.Equal(first) {
				got += "→" + last.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestPlacesAreNoDates: whoever types a place means it, also while a day is asked for. It
// looks at every name that the index of places knows, alone and with a number.
func TestPlacesAreNoDates(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	today := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	texts := []string{"Montenegro", "Mongolia", "Monaco", "Satellite", "Sunday island", "Martinique 5", "Марокко 5", "Mayotte 3", "Мальта 3", "Macau 7", "Среднеземье"}
	names := 0
	for _, lang := range b.Languages() {
		for _, all := range []map[string]string{b.search().Names(lang.Code), b.search().Short(lang.Code), b.search().Cities(lang.Code)} {
			for _, name := range all {
				texts = append(texts, name, name+" 5")
				names++
			}
		}
	}
	if names < 500 {
		t.Fatalf("%d names of places", names)
	}
	for _, text := range texts {
		if first, _, ok := b.ParseDates(text, today); ok {
			t.Errorf("%q is read as %s", text, first.Format(time.DateOnly))
		}
	}
}

func TestParseLength(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"10": 10, "10 days": 10, "10d": 10, "for 10 days": 10, "2 weeks": 14, "two weeks": 14, "a week": 7, "a month": 30, "about 3 weeks.": 21, "١٠": 10,
		"10 дней": 10, "на 10 дней": 10, "неделя": 7, "на неделю": 7, "две недели": 14, "месяц": 30, "1 день": 1,
		"两周": 14, "玩两周": 14, "十五天": 15, "一个月": 30, "半个月": 15, "15 يوم": 15, "خمسة عشر يوما": 15, "أسبوعين": 14, "يومين": 2, "पंद्रह दिन": 15, "fifteen days": 15, "fortnight": 14, "for two weeks": 14, "on beş gün": 15, "полмесяца": 15, "half a month": 15,
		"": 0, "0": 0, "两周后": 0, "七天 东京": 0, "two weeks in japan": 0, "0 days": 0, "in 10 days": 0, "через 10 дней": 0, "10.12": 0, "10 12": 0, "days 5 10": 0, "japan": 0, "10 gb": 0, "400 days": 0, "99999999999 weeks": 0, "10 december": 0, "next week": 0, "for": 0,
	} {
		days, ok := b.ParseLength(text)
		if !ok {
			days = 0
		}
		if days != want {
			t.Errorf("%q is %d days, want %d", text, days, want)
		}
	}
}

func FuzzParseDates(f *testing.F) {
	b, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	today := time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)
	for _, seed := range []string{"10.12", "10–17 dec", "через 5 дней", "29.2", "2028-02-29", "١٠"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, last, ok := b.ParseDates(text, today)
		if ok && (first.Before(today) || last.Before(first) || first.Hour() != 0 || first.After(today.AddDate(3, 0, 0))) {
			t.Errorf("%q is %s to %s", text, first, last)
		}
	})
}

// TestNoWordOfDatesIsAPlace: a word that the gazetteer knows in any of its tables, a city or another name too,
// would be read as a date where a place was meant. What is only the code of a country
// (two letters, and Morocco's three) is a date while a day is asked for.
func TestNoWordOfDatesIsAPlace(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range b.Languages() {
		p, words := b.printers[lang.Code], 0
		for _, list := range []string{"day_after", "days", "for", "months", "month_long", "numbers", "noise", "today", "tomorrow", "until", "weekdays", "weeks"} {
			for _, word := range strings.FieldsFunc(p.Plain("date.words_"+list, nil), func(r rune) bool { return r == ',' || r == '/' }) {
				word = strings.TrimSpace(word)
				words++
				if utf8.RuneCountInString(word) <= 3 { // also a code of a country: "mar", "per"; nobody types one where a day is asked for
					continue
				}
				for _, place := range b.search().Parse(word).Places {
					if place.Score >= places.SureScore {
						t.Errorf("%s: date.words_%s: %q is the place %s %s", lang.Code, list, word, place.Code, place.City)
					}
				}
			}
		}
		if words < 60 {
			t.Errorf("%s: %d words of dates", lang.Code, words)
		}
	}
}
