package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// An Intent is what somebody wants who does not look for a place. It stands beside the Topic: of a cry for help it
// says what about.
type Intent string

// The wishes. Those about something of one's own are heard in any sentence that is not about a place.
const (
	IntentNone    Intent = ""
	IntentLost    Intent = "lost"    // the phone, or the eSIM on it, is gone or another one
	IntentRefund  Intent = "refund"  // money back
	IntentCancel  Intent = "cancel"  // an order or an eSIM is not wanted any more
	IntentQR      Intent = "qr"      // the code to install
	IntentOrder   Intent = "order"   // where is what was bought?
	IntentConnect Intent = "connect" // it does not connect
	IntentTopUp   Intent = "topup"   // more data or days
	IntentRename  Intent = "rename"  // another name for an eSIM
	IntentGift    Intent = "gift"    // an eSIM for somebody else
	IntentUsage   Intent = "usage"   // what is left; my eSIMs
	IntentSlow    Intent = "slow"    // it connects, and is slow
	IntentAPN     Intent = "apn"     // the access point to type in
	IntentInstall Intent = "install" // how an eSIM is installed
	IntentFit     Intent = "fit"     // whether a phone can have one

	IntentPromo    Intent = "promo"
	IntentLanguage Intent = "language"
	IntentMenu     Intent = "menu"
	IntentCheapest Intent = "cheapest"
	IntentPrice    Intent = "price"
	IntentThanks   Intent = "thanks"
	IntentHello    Intent = "hello"
	IntentAnswer   Intent = "answer" // a yes or a no, where nothing was asked; Places are those it is the name or code of too
)

// bySigns are the wishes that are said without a word.
var bySigns = map[Intent]string{
	IntentThanks: "👍👌🙏👏🤝💪🙌🎉✅💯🔥❤♥💙💚💛🧡💜😊🙂😀😃😄😁😉😍🥰😘😎🤗🤩",
	IntentHello:  "👋🙋",
}

// criesBySigns are cries for help without a word.
const criesBySigns = "🆘😭😢😡😠🤬😤😫😩"

// inCries are heard in a cry for help too, the first that is found.
var inCries = []Intent{IntentLost, IntentRefund, IntentCancel, IntentQR, IntentOrder, IntentPromo}

// inSentences are heard wherever they are said.
var inSentences = slices.Concat(inCries, []Intent{IntentTopUp, IntentRename, IntentGift, IntentUsage, IntentFit, IntentInstall, IntentAPN, IntentLanguage})

// saidAlone are heard where little else is said: "price" is a word of many a sentence.
var saidAlone = []Intent{IntentMenu, IntentCheapest, IntentPrice, IntentThanks, IntentHello}

// wishKinds are the kinds of words that say a wish. One more says what a cry is about that is none of a connection.
func wishKinds() []string {
	kinds := []string{wishWords("payment"), wishWords(IntentConnect), wishWords(IntentSlow)}
	for _, w := range slices.Concat(inSentences, saidAlone) {
		kinds = append(kinds, wishWords(w))
	}
	return kinds
}

func wishWords(w Intent) string { return "wish_" + string(w) }

// readWish looks for what somebody wants who does not look for a place.
func (r *reading) readWish(text string) {
	tokens := r.x.merge(r.x.lex(text)) // once more: numbers and orders are words here too
	answers := r.answers()
	switch {
	case len(tokens) == 0:
		r.readSigns(text)
		return
	case answers: // "no" is a no, and Norway's code besides
	case r.x.isPlace(text) || r.Topic == OwnESIM:
		return
	case r.Topic == Destination && !r.Guess:
		if r.Bytes == 0 && r.Days == 0 && r.saysOnly(IntentLanguage, joinUnspaced(tokens)) { // "можно на английском"
			r.Topic, r.Intent, r.Places = Talk, IntentLanguage, nil
		}
		return
	}
	all := squash(tokens)
	says := func(w Intent) bool {
		if w == IntentUsage && r.says("how_much", tokens, all) && r.estimates(tokens) {
			return false
		}
		return r.says(wishWords(w), tokens, all) ||
			w == IntentUsage && r.Topic != Trouble && r.says("how_much", tokens, all) && r.says("remain", tokens, all)
	}
	if r.says("help_install", tokens, all) {
		r.Topic, r.Intent = Talk, IntentInstall
		return
	}
	joined := joinUnspaced(tokens)
	only := slices.IndexFunc(saidAlone, func(w Intent) bool { return r.saysOnly(w, joined) })
	switch {
	case r.cried || only < 0:
		if r.saysOnly(IntentLanguage, joined) {
			r.Intent = IntentLanguage
			return
		}
	case saidAlone[only] == IntentPrice && says(IntentUsage): // "how much data is left"
	default:
		r.Intent = saidAlone[only]
		return
	}
	heard := inSentences
	if r.Topic == Trouble || len(r.Places) > 0 && !r.Guess {
		heard = inCries
	}
	if i := slices.IndexFunc(heard, says); i >= 0 {
		r.Intent = heard[i]
	} else if answers {
		r.Topic, r.Intent = Talk, IntentAnswer
	} else if r.Topic != Trouble && (len(r.Places) == 0 || r.Guess) && r.asksOfPhone(tokens) {
		r.Topic, r.Intent = Talk, IntentFit
	}
	offline := r.Topic == Trouble && says(IntentConnect) && !says("payment")
	if offline && (r.Intent == IntentNone || r.Intent == IntentOrder || r.Intent == IntentQR && !says(IntentOrder)) {
		r.Intent = IntentConnect // "the QR code does not scan"
	}
	if slow := says(IntentSlow) && !says("payment"); slow && (r.Intent == IntentConnect || r.Intent == IntentNone && (r.Topic == Trouble || r.Topic != Destination && says(IntentConnect))) {
		r.Topic, r.Intent = Trouble, IntentSlow
	}
}

// readSigns reads a text without a word in it: "👍".
func (r *reading) readSigns(text string) {
	if strings.ContainsAny(text, criesBySigns) {
		r.Topic, r.SoundsUrgent = Trouble, true
		return
	}
	for wish, signs := range bySigns {
		if strings.ContainsAny(text, signs) {
			r.Intent = wish
		}
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

// estimates reports whether somebody asks how much data they will need: "how much data do I need for maps".
func (r *reading) estimates(tokens []token) bool {
	all := squash(tokens)
	return r.says("volume", tokens, all) && r.says("estimate", tokens, all)
}

// asksHowMuch reports whether somebody asks how much data a journey takes, and says none: "сколько гигов надо на неделю".
func (r *reading) asksHowMuch() bool {
	return r.Bytes == 0 && r.estimates(r.tokens) && r.says("how_much", r.tokens, squash(r.tokens))
}

// saysOnly reports whether a text is one of the phrases with nothing around it but noise.
func (r *reading) saysOnly(w Intent, tokens []token) bool {
	p := r.x.words.kinds[wishWords(w)]
	said, others, polite := false, 0, w == IntentThanks || w == IntentHello
	for i := 0; i < len(tokens); {
		t := tokens[i]
		n := p.at(tokens[i:])
		if n == 0 && polite && p.has(string(stretched([]rune(t.text)))) {
			n = 1 // "heyyy"
		}
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
			around := [][]string{r.x.words.kinds["noise"].glued}
			if w != IntentMenu { // "什么时候开始算" asks when something begins
				around = append(around, r.x.words.kinds["talk"].glued)
			}
			if polite {
				around = append(around, r.x.words.kinds["warm"].glued)
			}
			for _, g := range slices.Concat(around...) {
				rest = strings.ReplaceAll(rest, g, "")
			}
			if w == IntentMenu && rest != "" {
				others++
			}
			others += utf8.RuneCountInString(rest) / 2
			i++
			continue
		}
		n = max(r.x.words.kinds["noise"].at(tokens[i:]), r.x.words.kinds["and"].at(tokens[i:]))
		if polite {
			n = max(n, r.x.words.kinds["warm"].at(tokens[i:]))
		}
		if n == 0 {
			if w != IntentPrice && w != IntentCheapest || r.x.words.kinds["talk"].at(tokens[i:]) == 0 {
				others++
			}
			n = 1
		}
		i += n
	}
	if w == IntentCheapest && r.Topic != Destination && len(tokens) <= longestCalled {
		others-- // "anything cheaper"
	}
	if polite && said && r.Topic == Unknown && !r.cried && len(tokens) <= 3 {
		others-- // "buenísimo gracias", "hello Anna"
	}
	if said && (w == IntentPrice && r.estimates(tokens) || !polite && r.says("why", tokens, squash(tokens))) {
		return false
	}
	return said && others <= 0
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
