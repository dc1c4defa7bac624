package places

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Topic is what a text is about, and with it what should answer it.
type Topic int

// The topics.
const (
	Unknown     Topic = iota // nothing that is known here
	Destination              // Places: one of them, or all of them together
	OwnESIM                  // Orders or Digits name an order or an eSIM
	Trouble                  // a cry for help: never to be answered with plans
	Talk                     // words to a person, about Places if there are any
)

// A Named is one place of a text.
type Named struct {
	Place
	// Namesakes are other places of the same name: "San Jose".
	Namesakes []string
}

// A Query is what a traveller's text says.
type Query struct {
	Topic  Topic
	Places []Named // in the order they were named, each code once
	// Guess: the places are names near what was typed, or that begin so; any one of them is meant.
	Guess bool
	// Alone: the text names places, or sizes and places, and says nothing else.
	Alone bool

	Bytes     int64 // of data in all, 0: not said
	Daily     int64 // of data each day; Bytes are as much in all
	Unlimited bool  // without a limit on data
	Days      int   // 0: not said

	SoundsUrgent bool     // it sounds like a cry for help, whatever the Topic
	OrderPart    string   // the beginning of an order's number, without its dash
	Orders       []string // what may be an order's number, as typed
	Intent       Intent   // what is wanted, if that is no place
	Digits       []string // said to be the number of an eSIM or an order, or its end; the longest first
}

// longestText in runes is looked at. What somebody wants is said at the beginning.
const longestText = 300

var (
	orderPattern = regexp.MustCompile(`(?i)(^|[^0-9a-z])#?([0-9a-z]{4}-[0-9a-z]{4}|[0-9a-z]{8})($|[^0-9a-z-])`)
	hasDigit     = regexp.MustCompile(`[0-9]`)
	// undashed is an order's number without its dash: of the letters there are no I, L, O and U.
	undashed = regexp.MustCompile(`(?i)^[0-9a-hjkmnp-tv-z]{8}$`)
	turns    = regexp.MustCompile(`(?i)[0-9][a-z]|[a-z][0-9]`)
	sizeLike = regexp.MustCompile(`(?i)^[0-9]+[gm]b?[0-9]*(d|days?)?$`)
)

// orderShape reports whether a word may be the number of an order, and whether it is hardly anything else:
// "J9Y3-BN7D". A phone's name, an amount and a part of another number have eight characters too.
func orderShape(word string) (may, sure bool) {
	dashed := strings.Contains(word, "-")
	mixed := turns.MatchString(strings.ReplaceAll(word, "-", ""))
	turned := 0 // from letters to digits and back
	for i := 1; i < len(word); i++ {
		if turns.MatchString(word[i-1 : i+1]) {
			turned++
		}
	}
	may = dashed || undashed.MatchString(word)
	return may, may && mixed && (dashed || turned >= 3 && !sizeLike.MatchString(word))
}

// Parse reads what a traveller's text says. It never fails: what it does not understand
// is Unknown.
func (x *Index) Parse(text string) Query {
	text = cutTo(strings.ToValidUTF8(text, " "), longestText)
	if installCode.MatchString(text) {
		return Query{Topic: Talk, Intent: IntentInstall}
	}
	r := x.read(text)
	if other := r.mistyped(text); other != nil {
		return *other.Query
	}
	return *r.Query
}

func (x *Index) read(text string) *reading {
	var q Query
	rest := q.readOrders(text)
	q.readSpacedOrders(text)
	r := &reading{x: x, Query: &q, tokens: x.merge(x.lex(rest))}
	r.readPart(text)
	r.sizes()
	r.readDigits(rest)
	r.multiNoise()
	r.named()
	r.cries()
	r.wordedSizes()
	if r.Days > 0 && r.Bytes == 0 && !r.Unlimited && r.smallG > 0 {
		r.count("gb", r.smallG)
	}
	if r.daily {
		r.Daily, r.Bytes = r.Bytes, r.Bytes*int64(max(r.Days, 1))
	}
	r.words()
	r.topic(rest)
	r.readWish(text)
	q.Alone = r.alone()
	return r
}

// alone reports whether the text is nothing but places and sizes.
func (r *reading) alone() bool {
	if r.Topic != Destination || len(r.Places) == 0 {
		return false
	}
	if r.Guess {
		return r.Places[0].Score >= scoreDeclined
	}
	for i, t := range r.tokens {
		if t.role != rolePlace && t.role != roleSize && !t.isNum && t.flag == "" && r.x.words.kinds["and"].at(r.tokens[i:]) == 0 {
			return false
		}
	}
	return true
}

// ParsePrefix reads a text as the beginning of a name, or as a code, and as nothing else: of a text as short
// as "ja" Parse would say that it is a word. Its places are guesses.
func (x *Index) ParsePrefix(text string) Query {
	var q Query
	for _, p := range x.Find(text, mostGuesses) {
		if p.Score >= scoreWord {
			q.Topic, q.Guess = Destination, true
			q.Places = append(q.Places, Named{Place: p})
		}
	}
	return q
}

// readOrders takes out what looks like the number of an order.
func (q *Query) readOrders(text string) string {
	for {
		at := orderPattern.FindStringSubmatchIndex(text)
		if at == nil {
			return text
		}
		word := text[at[4]:at[5]]
		may, sure := orderShape(word)
		if !sure && (!may || !hasDigit.MatchString(word) || sizeLike.MatchString(word) || strings.Trim(text, " #№.?!") != word) {
			if may {
				q.Orders = append(q.Orders, word)
			}
			// It is read as what else it may be, and hidden from the pattern.
			return text[:at[5]] + q.readOrders(text[at[5]:])
		}
		q.Orders, q.Topic = append(q.Orders, word), OwnESIM
		text = text[:at[4]] + " " + text[at[5]:]
	}
}

// reading is one run of Parse.
type reading struct {
	x *Index
	*Query
	tokens  []token
	weak    []span // names that are everyday words too
	cried   bool
	daily   bool    // Bytes are of each day
	lengths int     // how many times a number of days was said
	smallG  float64 // of "5g": a kind of network, unless there is a length beside it, "7天 5g"; 0: none, or "5G"
	called  bool
	talked  bool
	asked   bool // talked in words that say more than who and that
	// negated: there is a "not" beside words that are no noise.
	negated bool
	// numbered: there is a number that counts nothing and is not said to be an order's or an eSIM's.
	numbered bool
}

// readDigits takes numbers of four digits and more that count nothing as parts of an eSIM's number, where
// it is said that they are: a receipt, a phone, a card and a flight have numbers too.
func (r *reading) readDigits(text string) {
	for i := 0; i < len(r.tokens); i++ {
		t := &r.tokens[i]
		if !t.isNum || t.role != unexplained {
			continue
		}
		digits := strings.ReplaceAll(t.text, ".", "")
		j := i + 1
		for ; j < len(r.tokens) && r.tokens[j].isNum && r.tokens[j].role == unexplained && !r.tokens[j].comma; j++ {
			digits += r.tokens[j].text
		}
		if len(digits) >= 4 {
			if !strings.Contains(t.text, ".") && !r.counted(i, j) && r.saysWhose(text, digits, i) { // a date has dots
				r.Digits = append(r.Digits, digits)
			} else {
				r.numbered = r.numbered || !year.MatchString(digits)
				if t.tight && i > 0 && len(r.tokens[i-1].text) <= 3 {
					r.tokens[i-1].role = roleSize // "BA1234" is a flight, and not Bosnia's
				}
			}
			for ; i < j; i++ {
				r.tokens[i].role = roleSize
			}
			i--
		}
	}
	slices.SortStableFunc(r.Digits, func(a, b string) int { return len(b) - len(a) })
}

var (
	bareNumber = regexp.MustCompile(`^[\s#№.…*-]*\p{Nd}[\p{Nd} ]*[\s.?!]*$`)
	year       = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
	// russianPhone is how one is typed in Russia: with 7 or 8, and the code of a town or of mobile phones.
	russianPhone = regexp.MustCompile(`^[78][3-9][0-9]{9}$`)
)

// longestTail of an eSIM's number that somebody types without a word, in digits: more is a card's or a phone's.
const longestTail = 12

// longestNumber of an eSIM in digits, with room for a slip: an EID is longer.
const longestNumber = 22

// counted reports whether the number of the tokens from i to before j is an amount of money.
func (r *reading) counted(i, j int) bool {
	for _, t := range r.tokens[i:j] {
		if t.price {
			return true
		}
	}
	return r.x.words.kinds["money"].begin(r.tokens[j:])
}

// saysWhose reports whether the digits that begin with token i are said to be those of an order or an eSIM: by
// the word before them, by how such a number begins, or because nothing else is typed.
func (r *reading) saysWhose(text, digits string, i int) bool {
	if len(digits) > longestNumber {
		return false
	}
	ours := strings.HasPrefix(digits, iccid)
	if russianPhone.MatchString(digits) && bareNumber.MatchString(text) {
		return false
	}
	if ours && len(digits) >= 18 || bareNumber.MatchString(text) && (ours || len(digits) <= longestTail) {
		return true
	}
	for before := max(0, i-longestSaying); before < i; before++ {
		if r.x.words.kinds["number"].are(r.tokens[before:i]) {
			return true
		}
	}
	return false
}

// longestSaying in words: "the order number is".
const longestSaying = 5

// merge joins what an apostrophe parts where the whole is a known word: "I'd", "j'ai".
func (x *Index) merge(tokens []token) []token {
	out := tokens[:0]
	for _, t := range tokens {
		if n := len(out); t.glued && n > 0 && (x.words.known[out[n-1].text+t.text] || t.text == "t") {
			out[n-1].text += t.text
			continue
		}
		out = append(out, t)
	}
	return out
}

// iccid is how the number of every SIM card begins.
// Source: ITU-T E.118.
const iccid = "89"

// questionMarks end a question in the languages that have one.
const questionMarks = "?？؟"

// topic decides what the text is about.
func (r *reading) topic(text string) {
	named := len(r.Places) > 0
	others, unknown := r.rest()
	r.SoundsUrgent = r.cried
	switch {
	case r.Topic == OwnESIM: // an order's number, and nothing else
	case r.x.isPlace(text) && !r.flagged():
		r.guess(text)
	case r.cried, !named && (r.calls(others) || r.negated && !strings.ContainsAny(text, questionMarks) && r.misses(text)):
		r.Topic = Trouble
	case r.numbers(named):
		r.Topic = OwnESIM
	case named && r.asksNumber():
		r.Topic = Talk
	case named && r.shops(unknown) && !(unknown >= 2 && strings.ContainsAny(text, questionMarks)):
		r.Topic = Destination
	case named:
		r.Topic = Talk
	case !r.numbered && !r.answers() && r.misspeltName(text):
		r.guess(text)
	case r.numbered, !r.near(unknown), r.answers():
		r.Topic = Talk
	default:
		if r.guess(r.likeAName(text)); r.Topic == Unknown {
			r.guess(r.withoutParts())
		}
	}
	asks := len(r.tokens) != 1 && strings.ContainsAny(text, questionMarks)
	if r.asking() && (r.Topic == Unknown || r.Guess && r.Places[0].Score < scoreFar) {
		r.Topic, r.Guess, r.Places = Talk, false, nil
	}
	if r.Topic == Unknown && (r.talked || r.asksHowMuch() || asks || unknown >= 2 && len(r.tokens) > 2) {
		r.Topic = Talk
	}
}

// isPlace reports whether the text as a whole is the name or the code of a place.
func (x *Index) isPlace(text string) bool {
	whole := fold(text)
	_, exact := x.exact[whole]
	_, coded := x.byCode[whole]
	return exact || coded
}

// shops reports whether a text that names a place asks for what is sold for it, and does not tell a story.
func (r *reading) shops(unknown int) bool {
	return unknown <= 4 && (!r.talked || r.buys() || !r.asked && r.travels())
}

// calls reports whether somebody calls for a person, in few words, of which others are no place, size or number.
func (r *reading) calls(others int) bool { return r.called && !r.talked && !r.numbered && others <= 4 }

// numbers reports whether the digits are those of an order or an eSIM; beside the name of a place only a long one
// that begins as a SIM card's does.
func (r *reading) numbers(named bool) bool {
	if len(r.Digits) == 0 {
		return false
	}
	return !named || strings.HasPrefix(r.Digits[0], iccid) && len(r.Digits[0]) > 8
}

// misses reports whether the text as a whole is no misspelt name: "chang mai" holds a "not" in Italian.
func (r *reading) misses(text string) bool {
	found := r.x.Find(text, 1)
	return len(found) == 0 || found[0].Score < scoreTypo-3*scoreEdit
}

// travels reports whether somebody says that they go somewhere.
func (r *reading) travels() bool {
	for i := range r.tokens {
		if r.x.words.kinds["travel"].at(r.tokens[i:]) > 0 {
			return true
		}
	}
	return false
}

// buys reports whether a word says that somebody wants to buy.
func (r *reading) buys() bool {
	buy := r.x.words.kinds["buy"]
	for i, t := range r.tokens {
		if unspaced(firstRune(t.text)) && buy.in(t.text) || buy.at(r.tokens[i:]) > 0 {
			return true
		}
	}
	return false
}

// near reports whether so few words are left unknown that they can be a misspelt name.
func (r *reading) near(unknown int) bool { return !r.talked && unknown <= 4 }

// rest counts the words that are no place, size or number; and of those the ones nothing explains.
func (r *reading) rest() (words, unknown int) {
	for _, t := range r.tokens {
		switch {
		case t.role == rolePlace, t.role == roleSize, t.isNum, t.flag != "":
		case t.role == unexplained:
			words++
			unknown++
		default:
			words++
		}
	}
	return words, unknown
}

// cutTo keeps the first n runes.
func cutTo(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
