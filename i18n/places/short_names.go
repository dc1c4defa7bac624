package places

import (
	"slices"
	"unicode/utf8"
)

// short adds names of two letters, "us", "uk", where they can be nothing else: typed in capitals,
// or in a row of places.
func (r *reading) short(found []span) []span {
	for pass := range 2 { // what follows may be short too
		for i := range r.tokens {
			t := &r.tokens[i]
			if t.isNum || t.role != unexplained && t.role != roleNoise || utf8.RuneCountInString(t.text) != 2 {
				continue
			}
			if !t.upper && i+1 < len(r.tokens) && r.tokens[i+1].role == rolePlace && r.x.words.kinds["from"].has(t.text) {
				continue // "ab Wien" is from Vienna, and not Vienna in the "AB", the Turkish Union
			}
			if t.tight && i > 0 && r.tokens[i-1].isNum {
				continue // the "th" of "NYC 4th July" is not Thailand
			}
			s := span{from: i, to: i + 1}
			added := r.added(i)
			code, coded := r.x.byCode[t.text]
			if town, ok := r.x.rather[t.text]; ok && t.upper {
				town.at = r.x.at[town.code]
				s.hits = []hit{town}
			} else if e, ok := r.x.exact[t.text]; ok && !(coded && added && r.codeOnly(t.text)) {
				s.hits = r.x.entries[e].hits
			} else if coded {
				s.hits = []hit{{code: code, at: r.x.at[code]}}
			} else {
				continue
			}
			everyday := (r.everyday(i) || r.x.words.known[t.text]) && !added
			alone := (!everyday || s.hits[0].loss == familiar && !r.codeOnly(t.text)) && r.between(i-1, pass) && r.between(i+1, pass)
			lonely := r.onlyNoiseAround(i)
			_, rather := r.x.rather[t.text] // nobody writes an article in capitals
			if t.upper && (!everyday || rather) && !r.allUpper() || alone || lonely && !everyday || added {
				t.role = rolePlace
				found = append(found, s)
			}
		}
	}
	return found
}

// added reports whether a sign that adds stands between a short name and another place, or what may be a short name
// too: whoever writes "SG + MY" means no "my".
func (r *reading) added(i int) bool {
	named := func(i int) bool {
		t := r.tokens[i]
		return t.role == rolePlace || t.flag != "" || utf8.RuneCountInString(t.text) == 2 && r.x.isShort(t.text)
	}
	return r.tokens[i].plus && i > 0 && named(i-1) || i+1 < len(r.tokens) && r.tokens[i+1].plus && named(i+1)
}

func (r *reading) allUpper() bool {
	return !slices.ContainsFunc(r.tokens, func(t token) bool { return !t.isNum && t.flag == "" && !t.upper })
}

// between reports whether what stands there parts places: a place, a size, "and", the end.
func (r *reading) between(i, pass int) bool {
	if i < 0 || i >= len(r.tokens) {
		return true
	}
	t := r.tokens[i]
	v := r.x.words
	if t.role == rolePlace || t.role == roleSize || t.flag != "" || v.kinds["and"].has(t.text) || t.text == "esim" {
		return true
	}
	return pass == 0 && utf8.RuneCountInString(t.text) == 2 && (r.x.isShort(t.text) && !r.everyday(i) && !v.known[t.text] || !r.codeOnly(t.text))
}

// codeOnly reports whether a word of two letters is no name in a language the bot speaks.
func (r *reading) codeOnly(word string) bool {
	i, ok := r.x.exact[word]
	return !ok || r.x.entries[i].hits[0].loss != familiar
}

func (x *Index) isShort(name string) bool {
	_, exact := x.exact[name]
	return exact || x.byCode[name] != ""
}
