package places

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What sizes may be: more is a slip of the finger.
const (
	mostGB   = 1000
	mostDays = 365
)

// generation are the numbers before a g that mean a kind of network: "5G".
func generation(n float64) bool { return n == 2 || n == 3 || n == 4 || n == 5 }

// sizes reads numbers with what they count: "5gb", "10 дней", "7天".
func (r *reading) sizes() {
	month := -1 // where a month of the calendar was named, which a day of it may follow: "7月5日"
	for i := range r.tokens {
		t := &r.tokens[i]
		if !t.isNum || i+1 == len(r.tokens) {
			continue
		}
		next := &r.tokens[i+1]
		kind, rest := r.unit(next.text)
		if kind == "" || next.isNum {
			continue
		}
		t.role = roleSize
		if rest != "" {
			next.text = rest
		} else {
			next.role = roleSize
		}
		switch {
		case kind == "date" && rest == "":
			month = i
			continue
		case kind == "date", kind == "day" && month >= 0 && month == i-2 && t.tight:
			continue
		}
		if kind == "gb" && next.role == roleSize && len(next.text) == 1 && firstRune(next.text) < 0x80 && generation(t.num) {
			r.smallG = t.num
			if next.upper && !slices.ContainsFunc(r.tokens, func(t token) bool { return unspaced(firstRune(t.text)) }) {
				r.smallG = 0 // "Japan 5G"; who writes Chinese means gigabytes with it too
			}
			continue
		}
		r.count(kind, t.num)
		if kind == "gb" || kind == "mb" {
			r.eachDay(i)
		}
	}
}

// eachDay looks beside the amount of data at i for a word that it is of each day.
func (r *reading) eachDay(i int) {
	daily := r.x.words.kinds["daily"]
	if after := r.tokens[i+2:]; len(after) > 0 && !after[0].isNum {
		if n := daily.at(after); n > 0 {
			r.daily = true
			r.explain(i+2, n, roleSize)
			return
		}
	}
	for _, j := range []int{i - 1, i + 2} {
		switch {
		case j < 0 || j >= len(r.tokens) || r.tokens[j].isNum:
		case j < i && r.tokens[j].role == roleSize: // "15 days 15 GB": a number counts it
		case j < i && daily.has(r.tokens[j].text):
			r.daily = true
			r.tokens[j].role = roleSize
		case daily.in(r.tokens[j].text):
			r.daily = true
			for _, w := range daily.glued {
				r.tokens[j].text = strings.Replace(r.tokens[j].text, w, "", 1)
			}
			if r.tokens[j].text == "" {
				r.tokens[j].role = roleSize
			}
		}
	}
}

// unit is what a word counts, and what of it is left; "" if it counts nothing.
func (r *reading) unit(word string) (kind, rest string) {
	if kind := r.x.words.units[word]; kind != "" {
		return kind, ""
	}
	for _, u := range r.x.words.gluedUnits {
		if rest, ok := strings.CutPrefix(word, u); ok {
			return r.x.words.units[u], rest
		}
	}
	return "", ""
}

func (r *reading) count(kind string, n float64) {
	switch kind {
	case "gb":
		if n > 0 && n <= mostGB {
			r.Bytes = int64(math.Round(n * (1 << 30)))
		}
	case "mb":
		if n > 0 && n <= mostGB*1024 {
			r.Bytes = int64(math.Round(n * (1 << 20)))
		}
	case "day":
		r.days(n)
	case "week":
		r.days(n * 7)
	case "month":
		r.days(n * 30)
	}
}

func (r *reading) days(n float64) {
	if n > 0 && n <= mostDays {
		r.Days = int(math.Ceil(n))
		r.lengths++
	}
}

// wordedSizes reads sizes without digits: "a week", "две недели", "一周", "unlimited".
func (r *reading) wordedSizes() {
	v := r.x.words
	for i := 0; i < len(r.tokens); i++ {
		if t := r.tokens[i]; t.role != unexplained || t.isNum || r.dailyInWords(i) {
			continue
		}
		if n := v.kinds["unlimited"].at(r.tokens[i:]); n > 0 {
			r.Unlimited = true
			r.explain(i, n, roleSize)
		}
	}
	for i := 0; i < len(r.tokens); i++ {
		t := &r.tokens[i]
		if t.role != unexplained || t.isNum {
			continue
		}
		if unspaced(firstRune(t.text)) {
			if kind := v.units[t.text]; kind != "" && r.back(i, kind) {
				t.role = roleSize
				continue
			}
			r.gluedSize(t)
			continue
		}
		if kind := v.units[t.text]; (kind == "week" || kind == "month") && (r.back(i, kind) || r.ahead(i, kind) || r.aLength(i)) {
			t.role = roleSize
			if r.Days > 0 {
				continue
			}
			r.count(kind, 1)
		} else if n := v.numbers[t.text]; kind == "" && n >= 14 && r.Days == 0 && !r.counts(i+1) {
			r.days(n) // "fortnight"
			t.role = roleSize
		} else if kind == "day" || kind == "gb" {
			if r.back(i, kind) || kind == "day" && r.ahead(i, kind) {
				t.role = roleSize
			}
		}
	}
}

// aLength reports whether "week" or "month" at i stands for one of them. Short words are something else in many a
// language: "mes vacances" are holidays.
func (r *reading) aLength(i int) bool {
	t := r.tokens[i].text
	return !r.strange(i) && (utf8.RuneCountInString(t) >= 4 || firstRune(t) > unicode.MaxLatin1 && r.onlyNoiseAround(i))
}

// ahead looks for a number behind the unit at i, where Russians and Ukrainians put it who do not count exactly:
// "дней десять", "недели на две", "дней на 10".
func (r *reading) ahead(i int, kind string) bool {
	if !isCyrillic(r.tokens[i].text) {
		return false
	}
	at := i + 1
	if at < len(r.tokens) && r.tokens[at].text == "на" {
		at++
	}
	if at >= len(r.tokens) || r.tokens[at].comma || r.tokens[at].price || r.tokens[at].role != unexplained {
		return false
	}
	if at+1 < len(r.tokens) {
		if counted, _ := r.unit(r.tokens[at+1].text); counted != "" {
			return false
		}
	}
	n := r.tokens[at].num
	if !r.tokens[at].isNum {
		n = r.x.words.numbers[r.tokens[at].text]
	}
	if n < 1 || r.Days > 0 {
		return false
	}
	r.count(kind, n)
	r.explain(i, at-i+1, roleSize)
	return true
}

// strange reports whether the word before i is none that is known: "fashion week" is no length.
func (r *reading) strange(i int) bool {
	return i > 0 && r.tokens[i-1].role == unexplained && !r.tokens[i-1].isNum && !r.x.words.known[r.tokens[i-1].text]
}

// counts reports whether a unit stands at i.
func (r *reading) counts(i int) bool {
	return i < len(r.tokens) && r.x.words.units[r.tokens[i].text] != ""
}

// back looks for a number in words before the unit at i.
func (r *reading) back(i int, kind string) bool {
	v := r.x.words
	for size := min(3, i); size > 0; size-- {
		words := make([]string, 0, size)
		for _, t := range r.tokens[i-size : i] {
			words = append(words, t.text)
		}
		if n, ok := v.numbers[strings.Join(words, " ")]; ok {
			r.count(kind, n)
			r.explain(i-size, size, roleSize)
			return true
		}
	}
	return false
}

// gluedSize looks for a number and a unit inside a token of a script without spaces.
func (r *reading) gluedSize(t *token) {
	v := r.x.words
	for _, w := range v.kinds["unlimited"].glued {
		if strings.Contains(t.text, w) {
			r.Unlimited = true
			t.text = strings.Replace(t.text, w, "", 1)
		}
	}
	for _, u := range v.gluedUnits {
		before, after, ok := strings.Cut(t.text, u)
		if !ok {
			continue
		}
		longest := ""
		for w := range v.numbers { // "十五" ends in "五"
			if len(w) > len(longest) && unspaced(firstRune(w)) && strings.HasSuffix(before, w) {
				longest = w
			}
		}
		if longest != "" {
			r.count(v.units[u], v.numbers[longest])
			t.text = strings.TrimSuffix(before, longest) + after
		}
		if len(t.text) == 0 {
			t.role = roleSize
		}
		return
	}
}

func (r *reading) explain(i, n int, as role) {
	for ; n > 0 && i < len(r.tokens); i, n = i+1, n-1 {
		r.tokens[i].role = as
	}
}
