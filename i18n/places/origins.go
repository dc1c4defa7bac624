package places

import (
	"slices"
	"strings"
)

// destinations leaves out the places that somebody comes from: of "from Berlin to Tokyo", "goa se singapore" and
// "İstanbul'dan Amsterdam'a" only the second needs an eSIM. Who names no other place means that one.
func (r *reading) destinations(named []span) []span {
	if len(named) < 2 {
		return named
	}
	if narrower := slices.DeleteFunc(slices.Clone(named), isWorld); len(narrower) > 0 && len(narrower) < len(named) {
		named = narrower // "anywhere in Europe", "Disney World, Florida"
	}
	origin := make([]bool, len(named))
	others := len(named)
	for i, s := range named {
		and := i > 0 && origin[i-1] && s.from == named[i-1].to+1 && r.x.words.kinds["and"].has(r.tokens[named[i-1].to].text)
		origin[i] = and || r.left(s, i+1 < len(named) && r.headedFor(named[i+1]))
		if origin[i] && i+1 < len(named) && r.tours(s, named[i+1]) {
			origin[i] = false
		}
		if origin[i] {
			others--
		}
	}
	if others == len(named) && len(named) == 2 && r.sideBySide(named[0], named[1]) && r.returns() {
		origin[0], others = true, 1
	}
	if others == 0 {
		return named
	}
	var out []span
	for i, s := range named {
		if !origin[i] {
			out = append(out, s)
		}
	}
	return out
}

func isWorld(s span) bool { return s.hits[0].code == RegionPrefix+"global" }

// left reports whether words beside a name, or its ending, say that somebody comes from there. Some, as the German
// "von", say so only where the next name is said to be where one goes.
func (r *reading) left(s span, thence bool) bool {
	v := r.x.words
	if s.left {
		return true
	}
	if r.saysBefore("from", s) || thence && r.saysBefore("from_if", s) {
		return true
	}
	if n := v.kinds["from_after"].at(append(slices.Clone(r.tokens[s.to:]), token{})); n > 0 && s.to < len(r.tokens) {
		for i := range n {
			r.tokens[s.to+i].role = roleNoise
		}
		return true
	}
	word := r.tokens[s.to-1].text
	if _, whole := r.x.exact[word]; whole || s.to-s.from > 1 {
		return false
	}
	return slices.ContainsFunc(v.fromEnds, func(end string) bool {
		bare, ok := strings.CutSuffix(word, end)
		_, name := r.x.exact[bare]
		return ok && name
	})
}

// headedFor reports whether a name is said to be where somebody goes.
func (r *reading) headedFor(s span) bool { return s.at > 0 || r.saysBefore("towards", s) }

// saysBefore reports whether one of the phrases stands right before a name, and explains it.
func (r *reading) saysBefore(kind string, s span) bool {
	for from := max(0, s.from-longestSaying); from < s.from; from++ {
		if r.x.words.kinds[kind].at(r.tokens[from:s.from]) == s.from-from {
			for i := from; i < s.from; i++ {
				if r.tokens[i].role == unexplained {
					r.tokens[i].role = roleNoise
				}
			}
			return true
		}
	}
	return false
}

// sideBySide reports whether at most a "to" stands between two names: neither a comma nor an "and".
func (r *reading) sideBySide(a, b span) bool {
	if b.from < a.to || b.from < len(r.tokens) && r.tokens[b.from].comma {
		return false
	}
	return b.from == a.to || b.from == a.to+1 && r.x.words.kinds["towards"].has(r.tokens[a.to].text)
}

// returns reports whether a text speaks of a flight, or of a journey there and back: "Madrid Roma ida y vuelta".
func (r *reading) returns() bool {
	for i := range r.tokens {
		if r.x.words.kinds["round_trip"].at(r.tokens[i:]) > 0 {
			return true
		}
	}
	return false
}

// leftInside reports whether the runes around a name within a text without spaces say that somebody comes from
// there: "从上海飞曼谷", "東京からソウル".
func (r *reading) leftInside(runes []rune, at, size int) bool {
	v := r.x.words
	before, behind := string(runes[:at]), string(runes[at+size:])
	return slices.ContainsFunc(v.kinds["from"].glued, func(w string) bool { return strings.HasSuffix(before, w) }) ||
		slices.ContainsFunc(v.kinds["from_after"].glued, func(w string) bool { return strings.HasPrefix(behind, w) })
}
