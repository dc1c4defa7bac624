package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// The signs that set a value apart from a text of the other direction: FIRST STRONG ISOLATE and POP DIRECTIONAL
// ISOLATE. Without them "5 GB · $9.50" between Arabic words is shown as pieces in another order. What stands
// between them is laid out by its own letters, and the direction of the line is told by the words around it.
// https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// outsideCode keeps the signs out of what a press copies: <code> holds the value and nothing else.
var outsideCode = strings.NewReplacer(
	"<code>"+firstStrongIsolate, firstStrongIsolate+"<code>", popIsolate+"</code>", "</code>"+popIsolate,
	"<pre>"+firstStrongIsolate, firstStrongIsolate+"<pre>", popIsolate+"</pre>", "</pre>"+popIsolate)

// rightToLeft reports whether a language is written from right to left, by its script.
func rightToLeft(tag language.Tag) bool {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm":
		return true
	default:
		return false
	}
}

// isValue reports whether a key writes one value, "$9.50", which stands apart as a whole in the sentence that takes
// it. A list is of several.
func isValue(key string) bool {
	return strings.HasPrefix(key, "format.") && !strings.HasPrefix(key, "format.list_")
}

// isolated sets each line of a value apart: an isolate ends with its line. Parts that are set apart already may
// stand inside.
func isolated(value string) string {
	lines := strings.Split(value, "\n")
	for i, line := range lines {
		if mixes(line) {
			lines[i] = firstStrongIsolate + line + popIsolate
		}
	}
	return strings.Join(lines, "\n")
}

// mixes reports whether a value, tags aside, has a letter or a digit of the other direction in it, and none of
// its own: a sentence in a sentence is laid out with it, its own values are set apart already.
func mixes(value string) bool {
	foreign, inTag := false, false
	for _, r := range value {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case inTag:
		case isRightToLeft(r) || strings.ContainsRune(firstStrongIsolate, r):
			return false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || isFlag(r):
			foreign = true
		}
	}
	return foreign
}

// isFlag reports whether a sign is half of a flag. Unlike other pictures it counts as a Latin letter: a line that
// begins with one would run from left to right.
func isFlag(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// rightToLeftMark turns a line whose first letter is not of the language, which would begin at the left.
const rightToLeftMark = "\u200f"

// turned begins each line of a text with a mark where its first letter does not say that it runs from right to
// left. Not every client passes over what stands apart when it looks for that letter.
func turned(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if beginsAtTheLeft(line) {
			lines[i] = rightToLeftMark + line
		}
	}
	return strings.Join(lines, "\n")
}

// Label is the label of a button that runs the way most of its letters do: one that begins with a flag or a number runs
// from left to right else, and an Arabic reader finds the price before the country.
func Label(text string) string {
	ours, others := 0, 0
	for _, r := range text {
		switch {
		case isRightToLeft(r):
			ours++
		case unicode.IsLetter(r):
			others++
		}
	}
	if ours <= others {
		return text
	}
	return turned(text)
}

// beginsAtTheLeft reports whether a line has something to show, and before its first letter of the language, if it
// has one, another letter, a digit or a flag.
func beginsAtTheLeft(line string) bool {
	inTag, shows := false, false
	for _, r := range line {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case inTag || unicode.IsSpace(r):
		case isRightToLeft(r) || strings.ContainsRune(rightToLeftMark, r):
			return false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || isFlag(r):
			return true
		default:
			shows = true
		}
	}
	return shows
}

// isRightToLeft reports whether a letter runs from right to left.
func isRightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thaana, unicode.Syriac, unicode.Nko, unicode.Adlam)
}

// endsInTag reports whether a text ends inside a tag, as in <a href="; was tells how it began.
func endsInTag(text string, was bool) bool {
	open, closed := strings.LastIndexByte(text, '<'), strings.LastIndexByte(text, '>')
	if open < 0 && closed < 0 {
		return was
	}
	return open > closed
}
