package places

import (
	"strings"
	"unicode/utf8"
)

const (
	shortestSounding = 3 // consonants: less says little
	mostSounding     = 3 // letters in which a name differs that only sounds alike; one less if it has few consonants
)

var soundsLike = strings.NewReplacer(
	"ck", "k", "qu", "k", "sch", "x", "sh", "x", "ch", "x", "th", "t", "gh", "g", "kh", "k",
	"ce", "s", "ci", "s", "cy", "s", "c", "k", "q", "k", "z", "s", "w", "v", "f", "p",
	"a", "", "e", "", "i", "", "o", "", "u", "", "y", "", "h", "", "j", "", " ", "",
)

// sound is what the consonants of a Latin name sound like, and "" of a name that has few: "mkns" of "micanos" as of
// "mykonos". Vowels are what people who only heard a name write in another way.
func sound(name string) string {
	if first := firstRune(name); first < 'a' || first > 'z' || utf8.RuneCountInString(name) > longestSounding {
		return ""
	}
	key := undouble(soundsLike.Replace(name))
	if utf8.RuneCountInString(key) < shortestSounding {
		return ""
	}
	// The first letter counts if it is a vowel: "Auckland" is no "Kaukland".
	if vowel := name[:1]; strings.Contains("aeiou", vowel) {
		return vowel + key
	}
	return key
}

// longestSounding in letters is a name that is compared by its sound.
const longestSounding = 16

var spelledLike = strings.NewReplacer("ph", "f", "ck", "k", "c", "k", "y", "i", "w", "v")

// spelling is how a Latin name may be spelt by those who only heard it, "=" before it; "" of a short name.
func spelling(name string) string {
	if first := firstRune(name); first < 'a' || first > 'z' || len(name) < shortestSpelling {
		return ""
	}
	return "=" + undouble(spelledLike.Replace(name))
}

// shortestSpelling in letters is a name that is compared by its spelling.
const shortestSpelling = 4
