package places

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// SureScore is the least score of a place that was named without a typo:
// its code, flag or full name, alone or among other words.
const SureScore = 83

// What each way of matching is worth. A name's own loss is subtracted.
const (
	scoreExact    = 100 // the whole query is the name, a code or a flag
	scoreDeclined = 96  // the same, declined: "японии"
	scoreLong     = 91  // a name of several words with one typo: "northen ireland"
	scorePhrase   = 89  // the name among other words
	scorePhraseIn = 86  // the same, declined
	scorePrefix   = 82  // the beginning of the name
	scoreKeyboard = 78  // typed with the other keyboard layout
	scoreWord     = 74  // the beginning of a word of the name
	scoreTypo     = 70  // the whole query with typos; each costs scoreEdit
	scoreTypoWord = 60  // a word of the name, or some words of the query, with typos
	scorePart     = 50  // a name that is a part of many others, among other words
	scoreEdit     = 6
	scoreFirst    = 2 // what a wrong first letter costs besides: people get that one right
)

// Longer queries are cut: no place has a longer name.
const (
	longestQuery = longestName // runes
	longestSpan  = 5           // words of a query taken together
	mostWords    = 8
	sureLength   = 5 // runes; the beginning of a name this long may also be another one misspelt
)

// Find returns the places a traveller may have meant, the best first, at most
// limit of them and each code once. The query may be a name in any of the known
// languages and scripts, a city, a region, an ISO code or a flag, stand among
// other words, be declined, misspelt or typed with the wrong keyboard layout.
// Nothing found is an empty list.
func (x *Index) Find(query string, limit int) []Place {
	if limit <= 0 {
		return nil
	}
	s := search{x: x, best: make([]finding, len(x.codes))}
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
	case strings.HasPrefix(code, RegionPrefix):
		p.Kind = Region
	}
	return p
}

// search is one run of Find.
type search struct {
	x    *Index
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
	tokens := s.x.meaningful(strings.Split(whole, " "))
	s.phrases(whole, tokens)
	s.upperCodes(query)
	s.glued(tokens)
	if s.top >= SureScore {
		return
	}
	for i := range s.x.keyboards {
		if other := fold(s.x.keyboards[i].other(query)); utf8.RuneCountInString(other) > 2 {
			s.whole(other, scoreKeyboard, scoreKeyboard)
		}
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
	for _, st := range queryStems(name) {
		ok = s.declined(name, st, declined) || ok
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
