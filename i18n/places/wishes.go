package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Wish is what somebody wants who does not look for a place. It stands beside the Topic: of a cry for help it
// says what about.
type Wish string

// The wishes. Those about something of one's own are heard in any sentence that is not about a place.
const (
	WishNone    Wish = ""
	WishLost    Wish = "lost"    // the phone, or the eSIM on it, is gone or another one
	WishRefund  Wish = "refund"  // money back
	WishCancel  Wish = "cancel"  // an order or an eSIM is not wanted any more
	WishQR      Wish = "qr"      // the code to install
	WishOrder   Wish = "order"   // where is what was bought?
	WishConnect Wish = "connect" // it does not connect
	WishTopUp   Wish = "topup"   // more data or days
	WishRename  Wish = "rename"  // another name for an eSIM
	WishGift    Wish = "gift"    // an eSIM for somebody else
	WishUsage   Wish = "usage"   // what is left; my eSIMs
	WishInstall Wish = "install" // how an eSIM is installed
	WishFit     Wish = "fit"     // whether a phone can have one

	WishPromo    Wish = "promo"
	WishLanguage Wish = "language"
	WishMenu     Wish = "menu"
	WishCheapest Wish = "cheapest"
	WishPrice    Wish = "price"
	WishThanks   Wish = "thanks"
	WishHello    Wish = "hello"
)

// inCries are heard in a cry for help too, the first that is found.
var inCries = []Wish{WishLost, WishRefund, WishCancel, WishQR, WishOrder, WishPromo}

// inSentences are heard wherever they are said.
var inSentences = slices.Concat(inCries, []Wish{WishTopUp, WishRename, WishGift, WishUsage, WishFit, WishInstall, WishLanguage})

// saidAlone are heard where little else is said: "price" is a word of many a sentence.
var saidAlone = []Wish{WishMenu, WishCheapest, WishPrice, WishThanks, WishHello}

// wishKinds are the kinds of words that say a wish. One more says what a cry is about that is none of a connection.
func wishKinds() []string {
	kinds := []string{wishWords("payment"), wishWords(WishConnect)}
	for _, w := range slices.Concat(inSentences, saidAlone) {
		kinds = append(kinds, wishWords(w))
	}
	return kinds
}

func wishWords(w Wish) string { return "wish_" + string(w) }

// readWish looks for what somebody wants who does not look for a place.
func (r *reading) readWish(text string) {
	tokens := r.x.merge(r.x.lex(text)) // once more: numbers and orders are words here too
	if len(tokens) == 0 || r.x.isPlace(text) || r.Topic == OwnESIM || r.Topic == Destination && !r.Guess {
		return
	}
	all := squash(tokens)
	says := func(w Wish) bool { return r.says(wishWords(w), tokens, all) }
	joined := joinUnspaced(tokens)
	only := slices.IndexFunc(saidAlone, func(w Wish) bool { return r.saysOnly(w, joined) })
	switch {
	case r.cried || only < 0:
		if r.saysOnly(WishLanguage, joined) {
			r.Wish = WishLanguage
			return
		}
	case saidAlone[only] == WishPrice && says(WishUsage): // "how much data is left"
	default:
		r.Wish = saidAlone[only]
		return
	}
	heard := inSentences
	if r.Topic == Trouble || len(r.Places) > 0 && !r.Guess {
		heard = inCries
	}
	if i := slices.IndexFunc(heard, says); i >= 0 {
		r.Wish = heard[i]
	}
	offline := r.Topic == Trouble && says(WishConnect) && !says("payment")
	if offline && (r.Wish == WishNone || r.Wish == WishOrder || r.Wish == WishQR && !says(WishOrder)) {
		r.Wish = WishConnect // "the QR code does not scan"
	}
}

// says reports whether one of the phrases stands somewhere in the text.
func (r *reading) says(kind string, tokens []token, squashed string) bool {
	p := r.x.words.kinds[kind]
	for i := range tokens {
		if p.at(tokens[i:]) > 0 {
			return true
		}
	}
	return squashed != "" && p.in(squashed)
}

// saysOnly reports whether a text is one of the phrases with nothing around it but noise.
func (r *reading) saysOnly(w Wish, tokens []token) bool {
	p := r.x.words.kinds[wishWords(w)]
	said, others := false, 0
	for i := 0; i < len(tokens); {
		t := tokens[i]
		n := p.at(tokens[i:])
		if n > 0 {
			said = true
			i += n
			continue
		}
		if unspaced(firstRune(t.text)) {
			rest := t.text
			for _, g := range p.glued {
				if strings.Contains(rest, g) {
					said, rest = true, strings.ReplaceAll(rest, g, "")
				}
			}
			for _, g := range slices.Concat(r.x.words.kinds["noise"].glued, r.x.words.kinds["talk"].glued) {
				rest = strings.ReplaceAll(rest, g, "")
			}
			others += utf8.RuneCountInString(rest) / 2
			i++
			continue
		}
		if n = max(r.x.words.kinds["noise"].at(tokens[i:]), r.x.words.kinds["and"].at(tokens[i:])); n == 0 {
			if w != WishPrice && w != WishCheapest || r.x.words.kinds["talk"].at(tokens[i:]) == 0 {
				others++
			}
			n = 1
		}
		i += n
	}
	return said && others == 0
}

// joinUnspaced joins neighbouring words of scripts that do without spaces.
func joinUnspaced(tokens []token) []token {
	var out []token
	for _, t := range tokens {
		if n := len(out); n > 0 && unspaced(firstRune(t.text)) && unspaced(firstRune(out[n-1].text)) {
			out[n-1].text += t.text
			continue
		}
		out = append(out, t)
	}
	return out
}

// squash joins the words of a text, if one of them is of a script without spaces.
func squash(tokens []token) string {
	var all strings.Builder
	unspacedOne := false
	for _, t := range tokens {
		unspacedOne = unspacedOne || unspaced(firstRune(t.text))
		all.WriteString(t.text)
	}
	if !unspacedOne {
		return ""
	}
	return all.String()
}

// answers reports whether the text is a yes or a no, which are near the name of many a place.
func (r *reading) answers() bool {
	v := r.x.words.kinds
	return len(r.tokens) > 0 && (v["yes"].only(r.tokens) || v["leave"].only(r.tokens))
}
