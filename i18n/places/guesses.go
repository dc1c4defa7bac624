package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// remaining is the text without sizes, and without noise if that leaves something.
func (r *reading) remaining(text string) string {
	var words []string
	sized := false
	for _, t := range r.tokens {
		sized = sized || t.role == roleSize
		if t.role == unexplained || t.role == roleTalk || t.flag != "" {
			words = append(words, t.text)
		}
	}
	if !sized && len(words) == len(r.tokens) {
		return text
	}
	return strings.Join(words, " ")
}

// likeAName is what of the text is looked for among the misspelt names: what remains of it, or all of it where that is
// near a name as a whole, of which a word of everyday may be the half: "los angelas".
func (r *reading) likeAName(text string) string {
	rest := r.remaining(text)
	if rest == text || len(r.tokens) < 2 {
		return rest
	}
	if !r.hides() && r.x.isNearName(text) {
		return text
	}
	return rest
}

// isNearName reports whether a text as a whole is a name with a typo.
func (x *Index) isNearName(text string) bool {
	found := x.Find(text, 1)
	if len(found) == 0 {
		return false
	}
	score := found[0].Score
	return score > scoreTypoWord && score <= scoreTypo || score >= scoreLong-romanised && score <= scoreLong
}

// misspeltName reports whether a text of few words is as a whole near a name, though some are words of talk: the "sao"
// of "Sao Paolo" is Portuguese for "are".
func (r *reading) misspeltName(text string) bool {
	if n := len(r.tokens); !r.talked || n < 2 || n > 3 || r.hides() {
		return false
	}
	return r.x.isNearName(text)
}

// flagged reports whether there is a flag, which is a place besides what the words are: "🇫🇷🇪🇸🇮🇹 interrail".
func (r *reading) flagged() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return t.flag != "" })
}

// hides reports whether a name stands in a phrase that means nothing: the "мир" of a card is not the world.
func (r *reading) hides() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool {
		_, named := r.x.exact[t.text]
		return t.role == roleNoise && named && !r.x.words.kinds["noise"].has(t.text)
	})
}

// withoutParts is what remains without the words that many names have a part of: "new zeland south island".
func (r *reading) withoutParts() string {
	part := r.x.words.kinds["part"]
	var words []string
	parted := false
	for _, t := range r.tokens {
		switch {
		case part.has(t.text):
			parted = true
		case t.role == unexplained:
			words = append(words, t.text)
		}
	}
	if !parted {
		return ""
	}
	return strings.Join(words, " ")
}

// scoreFar is what a guess is worth that a question is hardly about: only a part of it is near a name.
const scoreFar = scoreTypo - 2*scoreEdit

// asking reports whether a text of several words that names no size begins as a question or a wish does, or ends
// as a question: "quanto dura", "5g mi".
func (r *reading) asking() bool {
	v, n := r.x.words.kinds, len(r.tokens)
	if n == 0 || n == 1 && !unspaced(firstRune(r.tokens[0].text)) || r.Days > 0 || r.Bytes > 0 || r.Unlimited {
		return false
	}
	last := r.tokens[n-1].text
	return v["ask"].at(r.tokens) > 0 || v["asker"].at(r.tokens) > 0 || v["ask_last"].has(last) ||
		unspaced(firstRune(r.tokens[0].text)) && v["ask"].in(squash(r.tokens)) ||
		slices.ContainsFunc(v["ask_last"].glued, func(end string) bool { return strings.HasSuffix(last, end) })
}

// guess finds the places whose names begin with the text or are near it.
func (r *reading) guess(text string) {
	found := r.x.Find(text, mostGuesses)
	if len(found) == 0 {
		return
	}
	// One word of several that is near some name says little: "my sim does not work".
	if words := strings.Fields(fold(text)); len(words) > 2 && found[0].Score < scoreTypoWord {
		return
	}
	// Nor does the beginning of a name that is as short as "mum" and "app", among other words.
	if len(r.tokens) > 3 && found[0].Score < SureScore && utf8.RuneCountInString(text) <= 3 {
		return
	}
	r.Topic, r.Guess, r.Places = Destination, true, nil
	if town, ok := r.x.rather[fold(text)]; ok {
		r.Places = append(r.Places, Named{Place: place(town.code, finding{scoreExact, town.city})})
		found = slices.DeleteFunc(found, func(p Place) bool { return p.Code == town.code || p.Score < scoreExact })
	}
	sure := len(found) > 0 && found[0].Score >= scoreDeclined-romanised
	for _, p := range found {
		// Beside a full name only countries that have it in theirs are worth a question: Guinea.
		if sure && p.Score < scoreDeclined-romanised && (p.Kind != Country || found[0].Kind == Region) {
			continue
		}
		r.Places = append(r.Places, Named{Place: p})
	}
}

const mostGuesses = 8
