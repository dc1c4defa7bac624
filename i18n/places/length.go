package places

import "slices"

// Length reads a text that is a length of time and nothing else, in figures or words: "15 days", "two weeks",
// "fortnight", "полмесяца", "两周". It is not ok for any other.
func (x *Index) Length(text string) (days int, ok bool) {
	var q Query
	r := reading{x: x, Query: &q, tokens: x.merge(x.lex(cutTo(text, longestLength)))}
	r.sizes()
	r.wordedSizes()
	other := func(t token) bool { return t.role != roleSize }
	return q.Days, r.lengths == 1 && q.Bytes == 0 && !q.Unlimited && r.smallG == 0 && !slices.ContainsFunc(r.tokens, other)
}

// longestLength in runes is looked at.
const longestLength = 60
