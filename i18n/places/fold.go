package places

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings names and queries to one form, so that equal means alike: NFKD
// without the accents people leave out, lower case, one space between words,
// and a space where a script written without spaces meets another one.
func fold(s string) string {
	if plain, ok := foldByRune(s); ok {
		return plain
	}
	return foldWhole(s)
}

// foldWhole is fold of any text.
func foldWhole(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	gap, last := false, false // last: the letter before is of a script without spaces
	for _, r := range norm.NFKD.String(s) {
		if r = unicode.ToLower(r); everyday(r) {
			if gap && out.Len() > 0 || last {
				out.WriteByte(' ')
			}
			gap, last = false, false
			out.WriteRune(r)
			continue
		}
		if dropped(r) {
			continue
		}
		if !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) {
			gap = true
			continue
		}
		// A mark is of its letter's script: those of kana are in none of their own.
		mark, glued := unicode.Is(unicode.Mark, r), unspaced(r)
		if out.Len() > 0 && (gap || !mark && last != glued) {
			out.WriteByte(' ')
		}
		if gap = false; !mark {
			last = glued
		}
		if plain, ok := plainLetters[r]; ok {
			out.WriteString(plain)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// everyday are the lower-case letters and the digits of which all that fold asks is known without looking into
// Unicode's tables: they stay as they are, and scripts with spaces have them.
func everyday(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' || r >= '0' && r <= '9'
}

// dropped are accents and points that are left out when people type in a hurry
// (Latin, Cyrillic, Greek; Hebrew and Arabic vowels; of Hindi the dot below), apostrophes and dots
// ("d’Ivoire", "U.S.A."), and invisible joiners. The marks of Indic scripts,
// Thai and kana carry the sound and stay.
func dropped(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x0591 && r <= 0x05C7,
		r >= 0x064B && r <= 0x065F, r == 0x0670, r == 0x0640,
		r == 0x093C: // the dot under a Hindi letter that a foreign sound is written with
		return true
	case r == '.', r == '\'', r == '’', r == '‘', r == 'ʼ', r == 'ʻ', r == 'ʹ', r == '`', r == '´', r == '׳', r == '״':
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// plainLetters are letters that NFKD leaves whole.
var plainLetters = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ς': "σ",
	'ى': "ي", 'ی': "ي", 'ک': "ك", 'ة': "ه", // Persian letters, and endings often confused
}

// All from firstHan to lastHan are Chinese characters.
const (
	firstHan = 0x4E00
	lastHan  = 0x9FFF
)

// unspaced reports whether r belongs to a script written without spaces, or,
// like Korean, with endings glued to the word.
func unspaced(r rune) bool {
	if r < firstUnspaced || r >= firstHan && r <= lastHan {
		return r >= firstHan
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) || r == 'ー'
}

// stem cuts the endings of Slavic declension off every Cyrillic word of a folded name:
// "японии", "японией" and "япония" have the same stem. Other words stay.
func stem(name string, hard bool) string {
	words := strings.Split(name, " ")
	for i, w := range words {
		words[i] = stemWord(w, hard)
	}
	return strings.Join(words, " ")
}

// queryStems are the stems of a name as it may be typed: the second is cut off harder. The last one has the consonant
// that Ukrainian changes before its ending: "на Менорці" is Менорка, "у Празі" Прага.
func queryStems(name string) []string {
	if !hasCyrillic(name) {
		return []string{name} // stem would leave it as it is
	}
	stems := []string{stem(name, false)}
	if hard := stem(name, true); hard != stems[0] {
		stems = append(stems, hard)
	}
	words := strings.Split(name, " ")
	changed := false
	for i, w := range words {
		words[i] = stemWord(w, false)
		for _, end := range changedEndings {
			if bare, ok := strings.CutSuffix(w, end[0]); ok && len(bare)+2 >= shortestStem {
				words[i], changed = bare+end[1], true
			}
		}
	}
	if changed {
		stems = append(stems, strings.Join(words, " "))
	}
	return stems
}

// hasCyrillic reports whether stem may change a name.
func hasCyrillic(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 0x400 && r < 0x530 })
}

// changedEndings are what Ukrainian consonants become before an ending, and what they are without.
var changedEndings = [][2]string{{"ці", "к"}, {"зі", "г"}, {"сі", "х"}}

// hardEndings are the case endings that end in a consonant. They are tried on
// queries only: "вьетнам" ends in one and is a name.
var hardEndings = []string{"ами", "ями", "ах", "ях", "ам", "ям", "ом", "ем", "ов", "ев", "ых", "их", "ым", "им", "ого", "его"}

// shortestStem in bytes: three Cyrillic letters.
const shortestStem = 6

func stemWord(w string, hard bool) string {
	if first := []rune(w); len(first) == 0 || !unicode.Is(unicode.Cyrillic, first[0]) {
		return w
	}
	if hard {
		for _, end := range hardEndings {
			if s, ok := strings.CutSuffix(w, end); ok && len(s) >= shortestStem {
				w = s
				break
			}
		}
	}
	if s := strings.TrimRight(w, "аеиоуыэюяьі"); len(s) >= shortestStem {
		return s
	}
	return w
}

var latinLetters = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y",
	"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f",
	"х", "h", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya",
)

// latin writes a Cyrillic name in Latin letters, as people do on a phone without
// such a keyboard: "yaponiya".
func latin(name string) string { return latinLetters.Replace(strings.ToLower(name)) }
