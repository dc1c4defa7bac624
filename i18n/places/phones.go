package places

import "strings"

// longestModel is how many words behind a maker's name may say which of its phones is meant: "galaxy tab s 9".
const longestModel = 3

// namesPhone reports whether a maker of phones stands at i, and whether a model behind it: "iphone xs", "小米14".
func (r *reading) namesPhone(tokens []token, i int) (maker, model bool) {
	phone := r.x.words.kinds["phone"]
	n := phone.at(tokens[i:])
	if n == 0 {
		for _, w := range phone.glued {
			if strings.HasSuffix(tokens[i].text, w) {
				n = 1
			}
		}
	}
	if n == 0 {
		return false, false
	}
	for j := i + n; j < min(len(tokens), i+n+longestModel); j++ {
		if tokens[j].isNum || r.x.words.kinds["model"].has(tokens[j].text) {
			return true, true
		}
	}
	return true, false
}

// asksOfPhone reports whether a text names a model of a phone: who says nothing else of it asks whether it can have
// an eSIM.
func (r *reading) asksOfPhone(tokens []token) bool {
	for i := range tokens {
		if _, model := r.namesPhone(tokens, i); model {
			return true
		}
	}
	return false
}

// asksNumber reports whether somebody wants a number to be called at, and says none.
func (r *reading) asksNumber() bool {
	all := squash(r.tokens)
	return len(r.Digits) == 0 && !r.numbered && r.says("phone_number", r.tokens, all) && !r.says("without", r.tokens, all)
}

// beforePhone reports whether a phone is named right behind tokens[i].
func (r *reading) beforePhone(i int) bool {
	if i+1 >= len(r.tokens) {
		return false
	}
	maker, _ := r.namesPhone(r.tokens, i+1)
	return maker
}
