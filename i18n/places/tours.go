package places

import (
	"slices"
	"strings"
)

// tours reports whether a journey begins at a name that somebody is said to come from, and goes on to the next one:
// "from Lisbon to Madrid" is through two countries, both of them foreign to who says so in English. "De Lisboa para
// Paris" leaves home, and so does, in any language, who comes from far away.
func (r *reading) tours(from, to span) bool {
	homes, journey := r.homes(from)
	here, there := r.byLikelihood(from)[0].code, r.byLikelihood(to)[0].code
	return journey && !slices.Contains(homes, here) && slices.Contains(r.x.borders[here], there)
}

// homes are the countries where people live who say "from" as it is said of s, and whether a journey may begin so.
func (r *reading) homes(s span) ([]string, bool) {
	v := r.x.words
	if s.left {
		var homes []string
		for _, w := range v.kinds["tour"].glued {
			homes = append(homes, v.homes[w]...)
		}
		return homes, true
	}
	for from := max(0, s.from-longestSaying); from < s.from; from++ {
		before := r.tokens[from:s.from]
		if n := len(before); v.kinds["from"].at(before) == n || v.kinds["from_if"].at(before) == n {
			homes, ok := v.homes[words(before)]
			return homes, ok
		}
	}
	if s.to < len(r.tokens) {
		if homes, ok := v.homes[r.tokens[s.to].text]; ok {
			return homes, true
		}
	}
	for _, end := range v.fromEnds {
		if homes, ok := v.homes[end]; ok && strings.HasSuffix(r.tokens[s.to-1].text, end) {
			return homes, true
		}
	}
	return nil, false
}

// words are the tokens with a space between them.
func words(tokens []token) string {
	var out []string
	for _, t := range tokens {
		out = append(out, t.text)
	}
	return strings.Join(out, " ")
}
