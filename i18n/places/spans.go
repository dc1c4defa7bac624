package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// span is a name among the tokens.
type span struct {
	from, to int // tokens[from:to]; a part of one token of a script without spaces has to == from+1
	at       int // where within that token
	hits     []hit
	left     bool // said to be where somebody comes from, in a script without spaces
}

// longestNameWords of a name are taken together.
const longestNameWords = 6

// named finds the places among the words, the longest names first.
func (r *reading) named() {
	var found []span
	for size := min(longestNameWords, len(r.tokens)); size > 0; size-- {
		for i := 0; i+size <= len(r.tokens); i++ {
			if r.taken(i, size) {
				continue
			}
			if s, ok := r.name(i, size); ok {
				if size == 1 && r.everyday(i) {
					r.weak = append(r.weak, s)
					continue
				}
				r.explain(i, size, rolePlace)
				found = append(found, s)
			}
		}
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		switch {
		case t.flag != "":
			found = append(found, span{from: i, to: i + 1, hits: []hit{{code: t.flag, at: r.x.at[t.flag]}}})
		case t.role == unexplained && unspaced(firstRune(t.text)):
			in := r.inside(i)
			if len(in) == 0 {
				if in = r.byLetters(i); len(in) > 0 {
					t.role = rolePlace
				}
			}
			found = append(found, in...)
		}
	}
	found = append(found, r.misspeltBeside(found)...)
	r.abbreviated(found)
	found = r.short(append(found, r.flights()...))
	found = append(found, r.everydayNames(len(found) > 0)...)
	slices.SortFunc(found, func(a, b span) int { return cmpInts(a.from, b.from, a.at, b.at) })
	for _, s := range r.destinations(r.sameName(found)) {
		r.keep(s)
	}
}

// misspeltBeside are the words beside a comma or an "and" that are near the name of one country or town, where another
// place is named, or any such word beside the place that somebody comes from: "thailnd and laos", "from Rome to Barselona".
func (r *reading) misspeltBeside(found []span) []span {
	var out []span
	comes := len(found) == 1 && r.left(found[0], true)
	for i := range r.tokens {
		t := &r.tokens[i]
		letters := []rune(t.text)
		if len(found) == 0 || t.role != unexplained || t.isNum || t.flag != "" || len(letters) < shortestMisspelt || r.x.words.known[t.text] || unspaced(letters[0]) || !comes && !r.joined(i, i+1) {
			continue
		}
		best, unique := int32(-1), false
		r.x.near(letters, 1, func(c *candidate, _ int) {
			if hits := r.x.entries[c.entry].hits; !c.word && hits[0].loss <= city {
				unique = best < 0 || unique && r.x.entries[best].hits[0].code == hits[0].code
				best = c.entry
			}
		})
		if unique {
			t.role = rolePlace
			out = append(out, span{from: i, to: i + 1, hits: r.x.entries[best].hits})
		}
	}
	return out
}

// shortestMisspelt in letters is a word that is taken for a misspelt name beside another place.
const shortestMisspelt = 6

func (r *reading) taken(i, size int) bool {
	for _, t := range r.tokens[i : i+size] {
		if t.role == rolePlace || t.role == roleSize || t.flag != "" || t.isNum {
			return true
		}
		if t.role == roleNoise && size == 1 {
			return true
		}
	}
	// A name does not go over a comma, but for that of "Washington, D.C.".
	for _, t := range r.tokens[i+1 : i+size] {
		if t.comma && size != 2 {
			return true
		}
	}
	return false
}

// everyday reports whether the token is a word of everyday too, and was not typed as a name.
func (r *reading) everyday(i int) bool {
	t := r.tokens[i]
	v := r.x.words
	if v.kinds["common"].has(t.text) {
		return !t.title || i == 0
	}
	return v.kinds["noise"].has(t.text) || v.kinds["talk"].has(t.text) || v.kinds["and"].has(t.text) || v.kinds["neg"].has(t.text) || v.kinds["call"].has(t.text)
}

// name looks up tokens[i:i+size].
func (r *reading) name(i, size int) (span, bool) {
	s := span{from: i, to: i + size}
	for _, phrase := range r.phrases(i, size) {
		if utf8.RuneCountInString(phrase) <= 2 {
			continue
		}
		if e, ok := r.x.exact[phrase]; ok {
			s.hits = r.x.entries[e].hits
			return s, true
		}
	}
	phrase := r.phrases(i, size)[0]
	for _, st := range queryStems(phrase) {
		cutOff := utf8.RuneCountInString(phrase) - utf8.RuneCountInString(st)
		headed := i > 0 && (r.x.words.kinds["towards"].has(r.tokens[i-1].text) || r.x.words.kinds["tour"].has(r.tokens[i-1].text)) // "з Кракова до Риму"
		if utf8.RuneCountInString(phrase) <= 2 || len(st) <= shortestStem && cutOff > 0 && len(r.tokens) > 3 && !headed {
			continue
		}
		if len(st) <= shortestStem && cutOff > 1 {
			continue
		}
		if entries := r.x.stems[st]; len(entries) > 0 && isCyrillic(phrase) {
			for _, e := range entries {
				s.hits = append(s.hits, r.x.entries[e].hits...)
			}
			return s, true
		}
	}
	return s, false
}

// phrases are the ways to write tokens[i:i+size] as one name.
func (r *reading) phrases(i, size int) []string {
	var spaced, joined strings.Builder
	glued := false
	for j, t := range r.tokens[i : i+size] {
		if j > 0 {
			spaced.WriteByte(' ')
			if t.glued {
				glued = true
			} else {
				joined.WriteByte(' ')
			}
		}
		spaced.WriteString(t.text)
		joined.WriteString(t.text)
	}
	out := []string{spaced.String()}
	if glued {
		out = append(out, joined.String())
	}
	v := r.x.words
	// Turkish grows endings on names, Arabic beginnings.
	for _, end := range v.suffix {
		if bare, ok := strings.CutSuffix(out[0], end); ok && utf8.RuneCountInString(bare) >= 4 && firstRune(out[0]) < 0x250 && !v.known[out[0]] {
			out = append(out, bare)
		}
	}
	for _, start := range v.prefixes {
		if bare, ok := strings.CutPrefix(out[0], start); ok && utf8.RuneCountInString(bare) >= 3 {
			out = append(out, bare, "ال"+bare)
		}
	}
	return out
}

// inside finds names in a token of a script without spaces, and takes them out of it.
func (r *reading) inside(i int) []span {
	t := &r.tokens[i]
	runes := []rune(t.text)
	used := make([]bool, len(runes))
	var found []span
	for size := min(len(runes), longestName); size >= 2; size-- {
		for at := 0; at+size <= len(runes); at++ {
			if slices.Contains(used[at:at+size], true) || size < 4 && !wordy(runes[at]) {
				continue
			}
			e, ok := r.x.exact[string(runes[at:at+size])]
			if !ok {
				continue
			}
			for j := at; j < at+size; j++ {
				used[j] = true
			}
			found = append(found, span{from: i, to: i + 1, at: at, hits: r.x.entries[e].hits, left: r.leftInside(runes, at, size)})
		}
	}
	if len(found) == 0 {
		return nil
	}
	var rest strings.Builder
	for j, c := range runes {
		if !used[j] {
			rest.WriteRune(c)
		}
	}
	t.text = rest.String()
	if t.text == "" {
		t.role = rolePlace
	}
	return found
}

func (r *reading) onlyNoiseAround(i int) bool {
	for j, t := range r.tokens {
		if j == i || t.isNum || t.flag != "" || t.role == rolePlace || t.role == roleSize || t.role == roleNoise {
			continue
		}
		if v := r.x.words.kinds; !v["noise"].has(t.text) && !v["and"].has(t.text) {
			return false
		}
	}
	return true
}

// everydayNames are the names that are everyday words, if all other words are noise, or in a row of
// places.
func (r *reading) everydayNames(others bool) []span {
	var out []span
	for _, s := range r.weak {
		inRow := r.joined(s.from, s.to) && r.between(s.from-1, 1) && r.between(s.to, 1) || r.leaves(s)
		if r.x.words.kinds["common"].has(r.tokens[s.from].text) && (inRow || !others && r.onlyNoiseAround(s.from)) {
			r.explain(s.from, 1, rolePlace)
			out = append(out, s)
		}
	}
	return out
}

// leaves reports whether a text begins with a name and says where one goes from there, or ends with one and
// says from where: "Nice to Genoa", "Genoa to Nice".
func (r *reading) leaves(s span) bool {
	to := r.x.words.kinds["to"]
	switch {
	case s.from == 0 && s.to+1 < len(r.tokens):
		return to.has(r.tokens[s.to].text) && r.tokens[s.to+1].role == rolePlace && r.onlyNoiseAround(s.from)
	case s.to == len(r.tokens) && s.from >= 2:
		return to.has(r.tokens[s.from-1].text) && r.tokens[s.from-2].role == rolePlace && r.onlyNoiseAround(s.from)
	}
	return false
}

// joined reports whether a comma or an "and" stands before or behind tokens[from:to].
func (r *reading) joined(from, to int) bool {
	and := func(i int) bool { return i >= 0 && i < len(r.tokens) && r.x.words.kinds["and"].has(r.tokens[i].text) }
	comma := func(i int) bool { return i > 0 && i < len(r.tokens) && r.tokens[i].comma }
	return and(from-1) || and(to) || comma(from) || comma(to)
}

func isCyrillic(s string) bool { r := firstRune(s); return r >= 0x400 && r < 0x530 }

func wordy(r rune) bool { return r >= 0x30A0 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF }

func cmpInts(pairs ...int) int {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			return pairs[i] - pairs[i+1]
		}
	}
	return 0
}
