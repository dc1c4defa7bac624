package places

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// meaningful drops the noise, unless the query is nothing else.
func (x *Index) meaningful(tokens []string) []string {
	kept := slices.DeleteFunc(slices.Clone(tokens), func(t string) bool {
		return x.noise[t] || !strings.ContainsFunc(t, unicode.IsLetter)
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
			whole, declined := scorePhrase, scorePhraseIn
			if s.x.words.kinds["part"].has(phrase) { // "new zeland south island" is hardly Iceland in German
				whole, declined = scorePart, scorePart
			}
			if utf8.RuneCountInString(phrase) > 2 && s.named(phrase, whole, declined) {
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
		if code, ok := s.x.byCode[lower]; ok && w == strings.ToUpper(w) && !s.x.noise[lower] {
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
	if s.top <= scoreWord {
		for _, i := range s.x.undoubled[undouble(whole)] { // "morroco"
			s.found(i, scoreTypo-scoreEdit)
		}
	}
	if key := spelling(whole); key != "" && s.top < scoreTypo-scoreEdit {
		for _, i := range s.x.sounding[key] {
			s.found(i, scoreTypo-scoreEdit) // "bally"
		}
	}
	if key := sound(whole); key != "" && s.top < scoreFar { // "micanos", "melborn"
		query := []rune(whole)
		for _, i := range s.x.sounding[key] {
			most := mostSounding
			if len(key) == shortestSounding {
				most--
			}
			if name := []rune(s.x.entries[i].name); distance(query, name, most) <= most {
				s.found(i, scoreFar)
			}
		}
	}
	pairs := min(2, len(tokens)-1)
	if len(tokens) > 4 { // a whole sentence: it is hardly about a place
		pairs = 1
	}
	for size := pairs; size > 0; size-- {
		for i := 0; i+size <= len(tokens); i++ {
			if size == 1 && s.x.words.kinds["part"].has(tokens[i]) {
				continue // the "south" of "tennerife south" is not that of South Korea
			}
			s.typo(strings.Join(tokens[i:i+size], " "), scoreTypoWord)
		}
	}
}

// mixedUp is how many typos are allowed in a name whose letters are all there, in another order: "chigaco".
func mixedUp(length int) int {
	if length < 6 {
		return 0
	}
	return 2
}

// sameLetters reports whether two words have the same letters.
func sameLetters(a, b []rune) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// undouble writes every letter once that stands twice: which one is doubled is what people misremember.
func undouble(name string) string {
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, name)
}

func (s *search) typo(phrase string, score int) {
	query := []rune(phrase)
	if len(query) > longestName {
		return
	}
	allowed := typosAllowed(len(query))
	s.x.near(query, max(allowed, mixedUp(len(query))), func(c *candidate, d int) {
		if d > allowed && (c.word || !sameLetters(query, c.runes)) {
			return
		}
		worth := score
		if c.word {
			worth = min(worth, scoreTypoWord)
		}
		if c.runes[0] != query[0] {
			worth -= scoreFirst
		}
		s.found(c.entry, worth-d*scoreEdit)
	})
}

// regionalA is the regional indicator letter A; two such letters are a flag.
const regionalA = '\U0001F1E6'

// flags finds flag emoji, also those of England, Scotland and Wales.
func (s *search) flags(query string) {
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
