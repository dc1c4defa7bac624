package places

import (
	"cmp"
	"slices"
)

// sameName settles names that stand side by side: of "Paris, Texas", "Georgia USA" and
// "London, Ontario" only the second says where.
func (r *reading) sameName(found []span) []span {
	var out []span
	for _, s := range found {
		if len(out) == 0 || !r.beside(out[len(out)-1], s) {
			out = append(out, s)
			continue
		}
		before := &out[len(out)-1]
		where, ok := r.sameCountry(*before, s)
		switch {
		case ok:
			s.hits = pick(append(slices.Clone(s.hits), before.hits...), where)
			s.from = before.from
			*before = s
		default:
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(slices.Clone(out), func(s span) bool { return r.toldBy(out, s) })
}

// toldBy reports whether another of the names tells which of several namesakes s is: "Paris and Disney".
func (r *reading) toldBy(named []span, s span) bool {
	name := fold(s.hits[0].city)
	return r.x.anywhere[name] && slices.ContainsFunc(named, func(o span) bool {
		return o.from != s.from && slices.Contains(r.x.namesakes[name], r.byLikelihood(o)[0].code)
	})
}

// sameCountry is the country that both of two neighbours lie in, if one is there to tell where
// the other is: Rome and Paris are towns of the States too, but not side by side. Of some names a town does not
// tell: beside Seattle, Vancouver is the one that everybody means.
func (r *reading) sameCountry(a, b span) (string, bool) {
	// is reports whether h, beside a place of s's name, says that it is the one in h's country.
	is := func(s span, h hit) bool {
		return slices.Contains(r.namesakes(s), h.code) && (h.city == "" || h.state || !r.x.farther[r.text(s)])
	}
	if code, ok := r.within(a, b); ok {
		return code, true
	}
	for _, h := range b.hits {
		if slices.ContainsFunc(a.hits, func(o hit) bool { return o.code == h.code }) || is(a, h) || h.state {
			return h.code, true
		}
	}
	for _, h := range a.hits {
		// "USA Georgia" is the state; "USA Mexico" are two countries, though a town of the one is called like the other.
		country := slices.ContainsFunc(b.hits, func(o hit) bool { return o.city == "" })
		if is(b, h) && !(country && h.city == "" && r.x.stateNames[r.text(b)] != h.code) {
			return h.code, true
		}
	}
	for _, code := range r.namesakes(b) {
		if r.x.stateNames[r.text(b)] == code && slices.Contains(r.namesakes(a), code) {
			return code, true
		}
	}
	return "", false
}

// within is the country of two neighbours of which the other is a part of the world around it: who says "Chamonix,
// Alps" or "Asia Japan" wants the one place. "Europe, Turkey" is a list: there both are wanted.
func (r *reading) within(a, b span) (string, bool) {
	around := func(region, place hit) bool { return slices.Contains(r.x.members[region.code], place.code) }
	for _, h := range a.hits {
		for _, o := range b.hits {
			switch {
			case around(o, h):
				return h.code, true
			case around(h, o) && !r.tokens[b.from].comma:
				return o.code, true
			}
		}
	}
	return "", false
}

// abbreviated takes what is written behind a town for its state: "Paris TX", "Portland, OR".
func (r *reading) abbreviated(found []span) {
	for i := range found {
		s := &found[i]
		if s.to >= len(r.tokens) {
			continue
		}
		t := &r.tokens[s.to]
		code := r.x.abbreviations[t.text]
		if code == "" || t.role != unexplained && t.role != roleNoise || !t.upper && !t.comma && r.x.words.known[t.text] {
			continue
		}
		if slices.ContainsFunc(s.hits, func(h hit) bool { return h.code == code && h.city != "" }) || t.upper && slices.Contains(r.namesakes(*s), code) || !t.upper && slices.Contains(r.namesakes(*s), code) {
			s.hits = pick(s.hits, code)
			t.role = rolePlace
		}
	}
}

// beside reports whether nothing but a comma stands between two names.
func (r *reading) beside(a, b span) bool {
	gap := b.from - a.to
	state := slices.ContainsFunc(b.hits, func(h hit) bool { return h.state })
	return (gap == 0 || gap == 1 && state && r.tokens[a.to].role == unexplained && !r.x.words.kinds["and"].has(r.tokens[a.to].text)) && !unspaced(firstRune(r.tokens[b.from].text)) && r.tokens[b.from].flag == ""
}

// namesakes are the other countries with a place of this name.
func (r *reading) namesakes(s span) []string { return r.x.namesakes[r.text(s)] }

func (r *reading) text(s span) string { return words(r.tokens[s.from:s.to]) }

// pick keeps the hits on a code; if there are none it is one of its own.
func pick(hits []hit, code string) []hit {
	var out []hit
	for _, h := range hits {
		if h.code == code {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		out = append(out, hit{code: code})
	}
	return out
}

// byLikelihood are the places a name may mean, the likeliest first.
func (r *reading) byLikelihood(s span) []hit {
	hits := slices.Clone(s.hits)
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.loss, b.loss), cmp.Compare(r.x.rank[r.x.at[a.code]], r.x.rank[r.x.at[b.code]]))
	})
	return hits
}

// keep notes the place a name leads to, once.
func (r *reading) keep(s span) {
	hits := r.byLikelihood(s)
	best := hits[0]
	if slices.ContainsFunc(r.Places, func(n Named) bool { return n.Code == best.code }) {
		return
	}
	n := Named{Place: place(best.code, finding{scorePhrase, best.city})}
	for _, h := range hits[1:] {
		if h.code != best.code && !slices.Contains(n.Namesakes, h.code) {
			n.Namesakes = append(n.Namesakes, h.code)
		}
	}
	r.Places = append(r.Places, n)
}
