package places

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A role says what explains a token.
type role int

const (
	unexplained role = iota
	rolePlace
	roleSize  // an amount of data or time
	roleNoise // a word people put around a place
	roleTalk  // a word of somebody who speaks to us
	roleCry
)

// token is one word, number or flag of a text.
type token struct {
	text  string // folded; of a number what was typed
	num   float64
	isNum bool
	glued bool // an apostrophe stands before it: "d'Azur", "Japonya'ya"
	upper bool // typed in capitals
	title bool // begins with a capital
	comma bool // punctuation stands before it
	plus  bool // a sign that adds stands before it: "SG + MY", "de/at/ch"
	tight bool // nothing stands between it and the one before: the number of "SU1234"
	flag  string
	// price: the sign of a currency stands beside the number.
	price bool
	role  role
}

// lex cuts a text into words, numbers and flags.
func (x *Index) lex(text string) []token {
	runes := []rune(norm.NFC.String(text))
	var out []token
	glued, comma, price, plus := false, false, false, false
	at, end := 0, -1
	add := func(t token) {
		t.glued, t.comma, t.tight, t.plus = glued && len(out) > 0, comma, at == end, plus && len(out) > 0
		t.price = price && t.isNum
		out = append(out, t)
		glued, comma, price, plus = false, false, false, false
	}
	for i := 0; i < len(runes); {
		r := runes[i]
		at = i
		switch {
		case r >= regionalA && r <= regionalA+25 || r == blackFlag:
			n, code := x.flagAt(runes[i:])
			if code != "" {
				add(token{flag: code})
			}
			i += n
		case sights[r] != "":
			add(token{flag: sights[r]})
			i++
		case isDigit(r):
			n, t := number(runes[i:])
			add(t)
			i += n
			end = i
		case unicode.In(r, unicode.Letter, unicode.Mark):
			n := wordLength(runes[i:])
			x.addWord(string(runes[i:i+n]), add)
			i += n
			end = i
		case r == '⭐' || unicode.Is(unicode.Sc, r):
			glued = false
			if i++; i < len(runes) && isDigit(runes[i]) {
				price = true
			} else if n := len(out); n > 0 && out[n-1].isNum && !comma {
				out[n-1].price = true
			}
		default:
			if apostrophe(r) {
				glued = i > 0 && unicode.IsLetter(runes[i-1])
			} else {
				glued = false
			}
			if strings.ContainsRune(",;:!?\n/|、，。？！()", r) {
				comma = true
			}
			plus = plus || strings.ContainsRune("+&/|→＋／", r)
			i++
		}
	}
	return out
}

// addWord adds the one or, where scripts meet, several folded words of a word.
func (x *Index) addWord(word string, add func(token)) {
	first := []rune(word)[0]
	for part := range strings.FieldsSeq(fold(word)) {
		add(token{text: part, upper: word == strings.ToUpper(word), title: unicode.IsUpper(first)})
	}
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼʻ`´", r) }

// wordLength is how many runes the word at the start of runes has. The dots of "U.S.A." are in it.
func wordLength(runes []rune) int {
	letters, n := 0, 0
	for i, r := range runes {
		switch {
		case unicode.In(r, unicode.Letter, unicode.Mark) || unicode.Is(unicode.Cf, r) || r == 'ー':
			letters++
			n = i + 1
		case r == '.' && letters == 1 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]):
			letters = 0
		case (r == '"' || r == '״') && i+1 < len(runes) && unicode.Is(unicode.Hebrew, runes[i+1]):
		default:
			return n
		}
	}
	return n
}

// zeros are the first digits of the scripts people type numbers in.
var zeros = []rune{'0', '０', '٠', '۰', '०', '๐', '০'}

func isDigit(r rune) bool { return digit(r) >= 0 }

func digit(r rune) int {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// number reads "5", "1.5", "1,5" and "٥".
func number(runes []rune) (int, token) {
	var digits strings.Builder
	n := 0
	for n < len(runes) {
		if d := digit(runes[n]); d >= 0 {
			digits.WriteByte(byte('0' + d))
		} else if strings.ContainsRune(".,٫", runes[n]) && n+1 < len(runes) && isDigit(runes[n+1]) {
			digits.WriteByte('.')
		} else {
			break
		}
		n++
	}
	t := token{text: digits.String(), isNum: true}
	t.num, _ = strconv.ParseFloat(t.text, 64) // "1.2.3" is no number: 0
	return n, t
}

// sights are emoji that stand for one country.
var sights = map[rune]string{'🗾': "JP", '🎌': "JP", '🗼': "JP", '🗻': "JP", '🗽': "US", '🕋': "SA"}

const blackFlag = '\U0001F3F4'

// flagAt reads the flag that runes begin with: how many runes, and the place it is of.
func (x *Index) flagAt(runes []rune) (int, string) {
	if runes[0] == blackFlag {
		n := 1
		var tags strings.Builder
		for n < len(runes) && runes[n] >= 0xE0020 && runes[n] <= 0xE007F {
			tags.WriteByte(byte(runes[n] - 0xE0000))
			n++
		}
		if strings.HasPrefix(tags.String(), "gb") {
			return n, "GB"
		}
		return n, ""
	}
	if len(runes) < 2 || runes[1] < regionalA || runes[1] > regionalA+25 {
		return 1, ""
	}
	letters := string([]rune{'a' + runes[0] - regionalA, 'a' + runes[1] - regionalA})
	if code, ok := x.byCode[letters]; ok {
		return 2, code
	}
	if i, ok := x.exact[letters]; ok { // the flag of the European Union
		return 2, x.entries[i].hits[0].code
	}
	return 2, ""
}
