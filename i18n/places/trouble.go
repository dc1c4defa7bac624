package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// multiNoise explains phrases of several words that mean nothing: "how much is", "help me choose", "thanks for your help".
func (r *reading) multiNoise() {
	noise, thanks := r.x.words.kinds["noise"], r.x.words.kinds[wishWords(IntentThanks)]
	for i := 0; i < len(r.tokens); i++ {
		if n := max(noise.at(r.tokens[i:]), thanks.at(r.tokens[i:])); n > 1 && !r.taken(i, n) {
			r.explain(i, n, roleNoise)
			i += n - 1
		}
	}
}

// words explains what is left: cries, noise, and words to a person.
func (r *reading) words() {
	v := r.x.words
	for i := 0; i < len(r.tokens); i++ {
		t := &r.tokens[i]
		switch {
		case t.role != unexplained || t.isNum || t.flag != "":
		case unspaced(firstRune(t.text)):
			r.gluedWords(t)
		case v.kinds["noise"].at(r.tokens[i:]) > 0, v.kinds["and"].at(r.tokens[i:]) > 0:
			t.role = roleNoise
		case v.kinds["call"].at(r.tokens[i:]) > 0:
			r.explain(i, v.kinds["call"].at(r.tokens[i:]), roleTalk)
			r.called = true
		case v.kinds["talk"].at(r.tokens[i:]) > 0:
			n := v.kinds["talk"].at(r.tokens[i:])
			r.explain(i, n, roleTalk)
			r.talked = true
			r.asked = r.asked || n > 1 || !v.kinds["soft"].has(t.text)
		case r.grown(t), v.units[t.text] != "", v.numbers[t.text] > 0:
			t.role = roleNoise
		}
	}
	if r.called && len(r.Places) > 0 {
		r.talked, r.asked = true, true
	}
}

// grown reports whether the token is the ending of a name before it: "Japan's", "Japonya'ya".
func (r *reading) grown(t *token) bool { return t.glued && utf8.RuneCountInString(t.text) <= 4 }

// gluedWords explains a token of a script without spaces.
func (r *reading) gluedWords(t *token) {
	v := r.x.words
	text := t.text
	for _, w := range v.kinds["noise"].glued {
		if utf8.RuneCountInString(w) > 1 {
			text = strings.ReplaceAll(text, w, " ")
		}
	}
	r.talked = r.talked || v.kinds["talk"].in(text)
	r.asked = r.asked || r.talked
	r.called = r.called || v.kinds["call"].in(text)
	for _, kind := range []string{"noise", "and"} {
		for _, w := range v.kinds[kind].glued {
			text = strings.ReplaceAll(text, w, " ")
		}
	}
	if utf8.RuneCountInString(strings.ReplaceAll(text, " ", "")) < 4 {
		t.role = roleNoise
	}
}

// reach is how many words may stand between "not" and what should work.
const reach = 3

// longThanks in runes say what for, in a script without spaces: "谢谢帮助" asks for no help.
const longThanks = 4

// cries looks for a cry for help.
func (r *reading) cries() {
	v := r.x.words
	var squashed strings.Builder
	for i, t := range r.tokens {
		if unspaced(firstRune(t.text)) {
			squashed.WriteString(t.text)
		}
		if t.role == roleNoise || t.role == rolePlace || t.role == roleSize {
			continue
		}
		n := v.kinds["cry"].at(r.tokens[i:])
		switch {
		case n > 0 && !r.isName(i, n):
			r.explain(i, n, roleCry)
			r.cried = true
		case v.kinds["neg"].at(r.tokens[i:]) > 0 && !r.beforePhone(i) && r.works(i+1, i+1+reach),
			v.kinds["after"].at(r.tokens[i:]) > 0 && r.works(max(0, i-reach-2), i):
			r.cried = true
		case n == 0 && t.role == unexplained && len(r.Places) == 0 && (r.misspelt(t.text, "cry") || r.grownTogether(t.text)):
			r.cried = true
		}
	}
	wanted := squashed.String()
	for _, w := range v.kinds[wishWords(IntentThanks)].glued {
		if utf8.RuneCountInString(w) >= longThanks {
			wanted = strings.ReplaceAll(wanted, w, "")
		}
	}
	for _, w := range v.kinds["plain"].glued {
		wanted = strings.ReplaceAll(wanted, w, "")
	}
	r.cried = r.cried || v.kinds["cry"].in(wanted) || r.lineGone(wanted)
	r.negated = r.denies()
	if (r.cried || r.negated) && r.supposes() {
		r.cried, r.negated, r.talked, r.asked = false, false, true, true
	}
}

// supposes reports whether a text asks at its beginning what happens if something goes wrong, which nothing did yet.
func (r *reading) supposes() bool {
	for i := range min(2, len(r.tokens)) {
		if r.x.words.kinds["what_if"].at(r.tokens[i:]) > 0 {
			return true
		}
	}
	return false
}

// fewWords are so few that what stands beside each other in them belongs together.
const fewWords = 6

// lineGone reports whether a few words say that there is no connection, in whatever slang: what it is called, and
// beside it that it is dead, away or off. In a longer text, and beside a size, the same words say many things.
func (r *reading) lineGone(squashed string) bool {
	v := r.x.words.kinds
	sized := false
	for i := 0; i < len(r.tokens); i++ {
		if r.generation(i) {
			i++
		} else if t := r.tokens[i]; t.role == roleSize || t.isNum {
			sized = true
		}
	}
	if len(r.tokens) > fewWords || sized || utf8.RuneCountInString(squashed) > 2*fewWords {
		return false
	}
	unspacedGone := v["gone"].in(squashed)
	if unspacedGone && v["line"].in(squashed) {
		return true
	}
	for i := range r.tokens {
		n := v["line"].at(r.tokens[i:])
		if r.generation(i) {
			n = 2
		}
		if n == 0 {
			continue
		}
		if unspacedGone {
			return true // "eSIM挂了"
		}
		for j := range r.tokens {
			behind := j - i - n
			before := i - j - v["lack"].at(r.tokens[j:])
			// "no 4g in Bangkok" and "no data in Bangkok" ask for no plan, "no internet Bangkok" may
			placed := len(r.Places) > 0 && !r.generation(i) && !r.saidWhere(i+n)
			lacks := before == 0 && !placed && v["lack"].at(r.tokens[j:]) > 0 && !r.isName(j, 1)
			isGone := behind >= 0 && behind <= 1 && v["gone"].at(r.tokens[j:]) > 0 && !r.isName(j, 1)
			if lacks || isGone {
				return true
			}
		}
	}
	return false
}

// saidWhere reports whether a word of where stands at i, and a place behind it: "in Bangkok".
func (r *reading) saidWhere(i int) bool {
	return i+1 < len(r.tokens) && r.tokens[i].role != rolePlace && r.tokens[i+1].role == rolePlace && !r.tokens[i].isNum
}

// generation reports whether the kind of a network stands at i: "4g down" is no amount of data.
func (r *reading) generation(i int) bool {
	return i+1 < len(r.tokens) && r.tokens[i].isNum && generation(r.tokens[i].num) && r.tokens[i+1].text == "g" && r.tokens[i+1].tight
}

// isName reports whether these tokens were found to be a place.
func (r *reading) isName(i, n int) bool {
	return slices.ContainsFunc(r.tokens[i:i+n], func(t token) bool { return t.role == rolePlace })
}

func (r *reading) works(from, to int) bool {
	for i := from; i < min(to, len(r.tokens)); i++ {
		t := r.tokens[i]
		if i > from && t.comma || t.role == rolePlace && i == from {
			continue
		}
		if r.x.words.kinds["works"].at(r.tokens[i:]) > 0 || t.role == unexplained && r.misspelt(t.text, "works") {
			return true
		}
	}
	return false
}

// misspelt reports whether a word is near one of a kind and near no name of a place.
func (r *reading) misspelt(word, kind string) bool {
	letters := []rune(word)
	if long := stretched(letters); len(long) < len(letters) && (r.x.words.kinds[kind].has(string(long)) || r.x.words.kinds[kind].has(undouble(word))) {
		return true
	}
	if len(letters) < 4 || len(letters) > longestName || r.x.words.known[word] || r.x.words.kinds["phone"].has(word) {
		return false
	}
	close := slices.ContainsFunc(r.x.words.fuzzy[kind], func(w string) bool {
		stem := []rune(strings.TrimSuffix(w, "*"))
		for n := len(stem) - 1; n <= len(stem)+1; n++ {
			whole := n == len(letters)
			if len(stem) == 4 && (n != 4 || !whole || !swapped(letters, stem)) {
				continue // of four letters only two that changed places are forgiven
			}
			if n <= len(letters) && (whole || strings.HasSuffix(w, "*")) && letters[0] == stem[0] && distance(letters[:n], stem, 1) <= 1 {
				return true
			}
		}
		return false
	})
	if !close {
		return false
	}
	isPlace := false
	r.x.near(letters, 1, func(c *candidate, _ int) {
		isPlace = isPlace || !c.word && r.x.entries[c.entry].hits[0].loss == familiar
	})
	return !isPlace
}

// stretched is a word without the letters that are there three times and more: "heeelp".
func stretched(letters []rune) []rune {
	var out []rune
	for i := 0; i < len(letters); {
		j := i
		for j < len(letters) && letters[j] == letters[i] {
			j++
		}
		if out = append(out, letters[i]); j-i == 2 {
			out = append(out, letters[i])
		}
		i = j
	}
	return out
}

// swapped reports whether two neighbouring letters changed places.
func swapped(a, b []rune) bool {
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
		}
	}
	return false
}

// grownTogether reports whether "not" and what should work are written as one: "неработает".
func (r *reading) grownTogether(word string) bool {
	for not := range r.x.words.kinds["neg"].first {
		rest, ok := strings.CutPrefix(word, not)
		if ok && utf8.RuneCountInString(rest) >= 5 && r.x.words.kinds["works"].at([]token{{text: rest}}) > 0 {
			return true
		}
	}
	return false
}

// denies reports whether there is a "not", and another word that is neither noise nor a place.
func (r *reading) denies() bool {
	v := r.x.words
	nots, others := 0, 0
	for i := 0; i < len(r.tokens); i++ {
		t := r.tokens[i]
		switch asks := v.kinds["ask"].at(r.tokens[i:]); {
		case asks > 1: // the "ne" of "ne zaman" is no French "not"
			i += asks - 1
			others++
		case r.beforePhone(i): // "no moto g84" is "on" one in Portuguese
		case t.isNum || t.flag != "" || t.role == rolePlace || t.role == roleSize || t.role == roleNoise:
		case v.kinds["neg"].at(r.tokens[i:]) > 0 || v.kinds["after"].at(r.tokens[i:]) > 0:
			nots++
		case v.kinds["yes"].at(r.tokens[i:]) > 0 || v.kinds[wishWords(IntentThanks)].at(r.tokens[i:]) > 0: // "ok no"
		case v.kinds["noise"].at(r.tokens[i:]) == 0 && v.kinds["and"].at(r.tokens[i:]) == 0:
			others++
		}
	}
	return nots > 0 && others > 0
}
