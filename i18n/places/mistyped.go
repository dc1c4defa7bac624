package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// mistyped is the reading of a text as it were with the keys of another keyboard, if that makes sense of all of it
// and the text itself makes none: "gjvjubnt" is "помогите", "nfqkfyl 10 lytq" is "тайланд 10 дней".
func (r *reading) mistyped(text string) *reading {
	if r.makesSense() || strings.ContainsAny(text, "@") {
		return nil
	}
	for i := range r.x.keyboards {
		typed := r.x.keyboards[i].other(text)
		if typed == "" || brokenUp(typed) || !r.x.knowsAll(typed) {
			continue
		}
		other := r.x.read(typed)
		if _, unknown := other.rest(); unknown > 0 || len(other.tokens) == 0 {
			continue
		}
		if other.Topic == Trouble || other.Intent != IntentNone && other.Intent != IntentAnswer || other.Topic == Destination && !other.Guess {
			return other
		}
	}
	return nil
}

// knowsAll reports whether all words of a text may be words that are known, which is cheaper to say than what they mean.
func (x *Index) knowsAll(text string) bool {
	return !slices.ContainsFunc(x.lex(text), func(t token) bool {
		_, named := x.exact[t.text]
		return !t.isNum && t.flag == "" && !named && !x.words.known[t.text] && x.words.units[t.text] == "" && x.byCode[t.text] == "" &&
			!slices.ContainsFunc(queryStems(t.text), func(st string) bool { return len(x.stems[st]) > 0 })
	})
}

// brokenUp reports whether a word has signs between its letters, as the word of one alphabet mostly has with the keys of another:
// what is left are codes of airports and countries by accident. "суботи" is "ce,jnb", "يوليو" is "d,gd,".
func brokenUp(typed string) bool {
	return slices.ContainsFunc(strings.Fields(typed), func(word string) bool {
		return strings.ContainsAny(strings.Trim(word, signKeys), signKeys)
	})
}

// signKeys have a sign in Latin and a letter in many other alphabets.
const signKeys = ",.;'[]`<>:\"{}"

// makesSense reports whether a text was understood, or has at least a word that is known.
func (r *reading) makesSense() bool {
	switch {
	case r.Topic == OwnESIM, r.Topic == Trouble, r.Intent != IntentNone, r.Topic == Destination && !r.Guess, len(r.Orders) > 0:
		return true
	case r.Topic == Destination && r.Places[0].Score >= scoreTypo-scoreEdit && r.Places[0].Score != scoreKeyboard:
		return true
	}
	return slices.ContainsFunc(r.tokens, func(t token) bool {
		return !t.isNum && t.role != unexplained && t.role != roleSize && utf8.RuneCountInString(t.text) >= shortestWord
	})
}

// shortestWord in letters that is of one language: "to" and "d" are of many, and of none.
const shortestWord = 3
