package i18n

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A PlaceKind says what the traveller named.
type PlaceKind int

// The kinds of places.
const (
	Country PlaceKind = iota // a country or territory; Code is its alpha-2 code
	City                     // a city or resort; Code is its country's
	Region                   // several countries; Code is one of Bundle.Regions
)

// A Place is one answer of FindPlaces.
type Place struct {
	Code  string // "JP", "region:europe"
	Kind  PlaceKind
	City  string // English name of the city (see Printer.City); "" unless Kind is City
	Score int    // 1-100; from SureScore on the name is certain, below it is a guess
}

// SureScore is the least score of a place that was named without a typo:
// its code, flag or full name, alone or among other words.
const SureScore = 83

// What each way of matching is worth. A name's own loss is subtracted.
const (
	scoreExact    = 100 // the whole query is the name, a code or a flag
	scoreDeclined = 96  // the same in another Russian case
	scoreLong     = 91  // a name of several words with one typo: "northen ireland"
	scorePhrase   = 89  // the name among other words
	scorePhraseIn = 86  // the same, declined
	scorePrefix   = 82  // the beginning of the name
	scoreKeyboard = 78  // typed with the other keyboard layout
	scoreWord     = 74  // the beginning of a word of the name
	scoreTypo     = 70  // the whole query with typos; each costs scoreEdit
	scoreTypoWord = 60  // a word of the name, or some words of the query, with typos
	scoreEdit     = 6
)

// Longer queries are cut: no place has a longer name.
const (
	longestQuery = 64 // runes
	longestSpan  = 5  // words of a query taken together
	mostWords    = 8
	sureLength   = 5 // runes; the beginning of a name this long may also be another one misspelt
)

// noise are words people put around a place. They are ignored unless nothing else is left.
var noise = words(`esim e sim card data plan travel internet roaming mobile tourist for in to the a an of at i me my we need want
	buy get please trip visit going go from with gb days day
	есим есимка есимку сим симка симку сим-карта карта карту интернет тариф роуминг для в во на по с из до мне нам нужна нужен нужно
	хочу надо купить еду едем лечу летим поездка поездки путешествие туры отпуск и дней дня день гб`)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[fold(w)] = true
	}
	return set
}

// FindPlaces returns the places a traveller may have meant, the best first, at
// most limit of them and each code once. The query may be a name in any of the
// known languages and scripts, a city, a region, an ISO code or a flag, stand
// among other words, be declined, misspelt or typed with the wrong keyboard
// layout. Nothing found is an empty list.
func (b *Bundle) FindPlaces(query string, limit int) []Place {
	if limit <= 0 {
		return nil
	}
	s := search{x: b.places, best: make([]finding, len(b.places.codes))}
	s.run(query)
	found := make([]int, 0, 16)
	for i, f := range s.best {
		if f.score > 0 {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(i, j int) int {
		return cmp.Or(cmp.Compare(s.best[j].score, s.best[i].score), cmp.Compare(s.x.rank[i], s.x.rank[j]), cmp.Compare(i, j))
	})
	places := make([]Place, 0, min(limit, len(found)))
	for _, i := range found[:min(limit, len(found))] {
		places = append(places, place(s.x.codes[i], s.best[i]))
	}
	return places
}

func place(code string, f finding) Place {
	p := Place{Code: code, City: f.city, Score: f.score}
	switch {
	case f.city != "":
		p.Kind = City
	case strings.HasPrefix(code, regionPrefix):
		p.Kind = Region
	}
	return p
}

// search is one run of FindPlaces.
type search struct {
	x    *placeIndex
	best []finding // by place in codes
	top  int
}

// finding is the best that was found for a code.
type finding struct {
	score int // 0: nothing
	city  string
}

func (s *search) run(query string) {
	query = cut(query)
	s.flags(query)
	whole := fold(query)
	if whole == "" {
		return
	}
	s.whole(whole, scoreExact, scoreDeclined)
	s.prefix(whole)
	if s.top >= scoreDeclined-romanised {
		return
	}
	tokens := meaningful(strings.Split(whole, " "))
	s.phrases(whole, tokens)
	s.upperCodes(query)
	s.glued(tokens)
	if s.top >= SureScore {
		return
	}
	if other := fold(otherKeyboard(query)); utf8.RuneCountInString(other) > 2 {
		s.whole(other, scoreKeyboard, scoreKeyboard)
	}
	switch {
	case s.top <= scoreWord:
		s.typos(whole, tokens)
	case s.top <= scorePrefix && utf8.RuneCountInString(whole) >= sureLength:
		s.typo(whole, scoreTypo) // "chian" is not only the beginning of Chiang Mai
	}
}

// cut keeps what can matter of a query of any length.
func cut(query string) string {
	query = strings.ToValidUTF8(query, " ")
	n := 0
	for i := range query {
		if n == longestQuery {
			return query[:i]
		}
		n++
	}
	return query
}

// found notes the hits of an entry with the score they deserve.
func (s *search) found(i int32, score int) {
	for _, h := range s.x.entries[i].hits {
		s.note(h.at, h.city, score-h.loss)
	}
}

func (s *search) note(at int, city string, score int) {
	if score > s.best[at].score {
		s.best[at] = finding{score, city}
		s.top = max(s.top, score)
	}
}

func (s *search) coded(code string, score int) { s.note(s.x.at[code], "", score) }

// whole matches all of name: a code, a name, a declined name.
func (s *search) whole(name string, exact, declined int) {
	if code, ok := s.x.byCode[name]; ok {
		s.coded(code, exact)
	}
	s.named(name, exact, declined)
}

// named is whole without codes, which among other words are mostly not meant.
// It reports whether name is one.
func (s *search) named(name string, exact, declined int) bool {
	i, ok := s.x.exact[name]
	if ok {
		s.found(i, exact)
	}
	soft, hard := stem(name, false), stem(name, true)
	if s.declined(name, soft, declined) || hard != soft && s.declined(name, hard, declined) {
		ok = true
	}
	return ok
}

// declined finds the names with the same stem. Of three letters with more than
// one cut off it is a guess only: "себия" is rather Serbia than Cebu.
func (s *search) declined(name, stem string, score int) bool {
	if len(stem) <= shortestStem && utf8.RuneCountInString(name)-utf8.RuneCountInString(stem) > 1 {
		score = min(score, scoreKeyboard)
	}
	for _, i := range s.x.stems[stem] {
		s.found(i, score)
	}
	return len(s.x.stems[stem]) > 0
}

// prefix finds names and words of names that begin with query. A single letter
// is looked for at the beginning of names only.
func (s *search) prefix(query string) {
	starts := s.x.starts
	i, _ := slices.BinarySearchFunc(starts, query, func(a start, q string) int { return strings.Compare(a.key, q) })
	single := utf8.RuneCountInString(query) == 1
	for ; i < len(starts) && strings.HasPrefix(starts[i].key, query); i++ {
		switch {
		case !starts[i].word:
			s.found(starts[i].entry, scorePrefix)
		case !single:
			s.found(starts[i].entry, scoreWord)
		}
	}
}

// meaningful drops the noise, unless the query is nothing else.
func meaningful(tokens []string) []string {
	kept := slices.DeleteFunc(slices.Clone(tokens), func(t string) bool {
		return noise[t] || !strings.ContainsFunc(t, unicode.IsLetter)
	})
	if len(kept) == 0 {
		return tokens[:min(len(tokens), mostWords)]
	}
	return kept[:min(len(kept), mostWords)]
}

// phrases finds names among the words, the longest first; words that are part
// of a found name are not looked at again ("south africa" is not Africa).
func (s *search) phrases(whole string, tokens []string) {
	if len(tokens) == 1 {
		s.whole(tokens[0], scorePhrase, scorePhraseIn)
		if utf8.RuneCountInString(tokens[0]) > 2 {
			s.prefix(tokens[0])
		}
		return
	}
	used := make([]bool, len(tokens))
	for size := min(longestSpan, len(tokens)); size > 0; size-- {
		for i := 0; i+size <= len(tokens); i++ {
			if slices.Contains(used[i:i+size], true) {
				continue
			}
			phrase := strings.Join(tokens[i:i+size], " ")
			if utf8.RuneCountInString(phrase) > 2 && s.named(phrase, scorePhrase, scorePhraseIn) {
				for j := i; j < i+size; j++ {
					used[j] = true
				}
			}
		}
	}
	if slices.Contains(used, false) {
		s.longName(whole)
	}
}

// longName keeps "northen ireland" from being Ireland: one typo in a long name
// says more than a shorter name within it.
func (s *search) longName(whole string) {
	query := []rune(whole)
	if len(query) < 9 || len(query) > longestName {
		return
	}
	s.x.near(query, 1, func(c *candidate, _ int) {
		if !c.word {
			s.found(c.entry, scoreLong)
		}
	})
}

// upperCodes takes words in capitals as codes: "esim JP".
func (s *search) upperCodes(query string) {
	for w := range strings.FieldsSeq(query) {
		lower := strings.ToLower(w)
		if code, ok := s.x.byCode[lower]; ok && w == strings.ToUpper(w) && !noise[lower] {
			s.coded(code, scorePhraseIn)
		}
	}
}

// glued finds names inside text written without spaces: "去日本旅游", "일본에서".
func (s *search) glued(tokens []string) {
	for _, token := range tokens {
		if first, _ := utf8.DecodeRuneInString(token); !unspaced(first) {
			continue
		}
		runes := []rune(token)
		for size := min(len(runes)-1, longestName); size >= 2; size-- {
			hits := false
			for i := 0; i+size <= len(runes); i++ {
				// Korean letters and Thai are alphabets: two letters mean nothing.
				if size < 4 && !unicode.In(runes[i], unicode.Han, unicode.Katakana) {
					continue
				}
				if e, ok := s.x.exact[string(runes[i:i+size])]; ok {
					s.found(e, scorePhrase)
					hits = true
				}
			}
			if hits {
				break
			}
		}
	}
}

// typosAllowed grows with the length of what was typed.
func typosAllowed(length int) int {
	switch {
	case length <= 3:
		return 0
	case length <= 7:
		return 1
	case length <= 11:
		return 2
	default:
		return 3
	}
}

// typos looks for names near the query, then near one or two of its words.
func (s *search) typos(whole string, tokens []string) {
	s.typo(whole, scoreTypo) // noise included: "ilse of man"
	if rest := strings.Join(tokens, " "); rest != whole {
		s.typo(rest, scoreTypo)
	}
	pairs := min(2, len(tokens)-1)
	if len(tokens) > 4 { // a whole sentence: it is hardly about a place
		pairs = 1
	}
	for size := pairs; size > 0; size-- {
		for i := 0; i+size <= len(tokens); i++ {
			s.typo(strings.Join(tokens[i:i+size], " "), scoreTypoWord)
		}
	}
}

func (s *search) typo(phrase string, score int) {
	query := []rune(phrase)
	if len(query) > longestName {
		return
	}
	s.x.near(query, typosAllowed(len(query)), func(c *candidate, d int) {
		worth := score
		if c.word {
			worth = min(worth, scoreTypoWord)
		}
		s.found(c.entry, worth-d*scoreEdit)
	})
}

// flags finds flag emoji, also those of England, Scotland and Wales.
func (s *search) flags(query string) {
	const blackFlag = '\U0001F3F4'
	var first rune
	for _, r := range query {
		letter := r - regionalA
		switch {
		case r == blackFlag:
			if strings.Contains(query, "\U0001F3F4\U000E0067\U000E0062") { // tags "gb"
				s.coded("GB", scoreExact)
			}
			first = 0
		case letter < 0 || letter > 25:
			first = 0
		case first == 0:
			first = 'a' + letter
		default:
			if code, ok := s.x.byCode[string([]rune{first, 'a' + letter})]; ok {
				s.coded(code, scoreExact)
			}
			first = 0
		}
	}
}
