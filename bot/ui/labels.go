package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLabels is how wide a button's label may be with so many buttons in its row, so that it
// stands on one line of a phone 390 points wide: the real apps cut what is longer.
var maxLabels = [...]int{1: 30, 2: 14, 3: 10, 4: 8}

// MaxLabel is how wide a label may be in a row of so many buttons.
func MaxLabel(columns int) int {
	return maxLabels[min(max(columns, 1), len(maxLabels)-1)]
}

// LabelWidth is how wide a label is, counted in letters: an emoji or a flag takes two.
func LabelWidth(s string) int {
	width, indicators := 0, 0
	for _, r := range s {
		switch {
		case 0x1F3FB <= r && r <= 0x1F3FF || unicode.In(r, unicode.Cf, unicode.Mn): // skin; joiners, signs of direction; variants, accents above a letter
		case 0x1F1E6 <= r && r <= 0x1F1FF: // two of them are one flag
			indicators++
			width++
		case wide(r):
			width += 2
		default:
			width++
		}
	}
	return width + indicators%2
}

// wide reports whether a character takes the room of two letters: emoji and East Asian letters.
func wide(r rune) bool {
	return r >= 0x1F000 || 0x1100 <= r && r <= 0x115F || 0x2E80 <= r && r <= 0xA4CF || 0xAC00 <= r && r <= 0xD7A3 ||
		0xF900 <= r && r <= 0xFAFF || 0xFF00 <= r && r <= 0xFF60 || 0x231A <= r && r <= 0x23FF || 0x2600 <= r && r <= 0x27BF || 0x2B00 <= r && r <= 0x2BFF
}

// PairRows lays buttons out two in a row where both labels fit, else one in a row.
func PairRows(buttons ...Button) [][]Button {
	var rows [][]Button
	for i := 0; i < len(buttons); i++ {
		if i+1 < len(buttons) && LabelWidth(buttons[i].Text) <= MaxLabel(2) && LabelWidth(buttons[i+1].Text) <= MaxLabel(2) {
			rows = append(rows, Row(buttons[i], buttons[i+1]))
			i++
			continue
		}
		rows = append(rows, Row(buttons[i]))
	}
	return rows
}

// CutLabel shortens a name so that the label around it fits a row of so many buttons: label(name)
// is made with fewer and fewer letters of it.
func CutLabel(name string, columns int, label func(name string) string) string {
	return FitLabel(columns, []string{name}, label)
}

// FitLabel is the first label with the first name that fits a row of so many buttons, the longer names before
// the shorter, and the better labels before the tighter. Where none fits, the last name in the last label is
// cut at its end.
func FitLabel(columns int, names []string, labels ...func(name string) string) string {
	for _, label := range labels {
		for _, name := range names {
			if text := label(name); LabelWidth(text) <= MaxLabel(columns) {
				return text
			}
		}
	}
	name, label := names[len(names)-1], labels[len(labels)-1]
	text := label(name)
	for n := utf8.RuneCountInString(name) - 1; n > 3 && LabelWidth(text) > MaxLabel(columns); n-- {
		text = label(Truncate(name, n))
	}
	return text
}

// textLine is how many letters of a message stand on a line of a phone 390 points wide.
const textLine = 42

// LineCount is how many lines a message takes on such a phone: a line of text that is too long goes on in the next one,
// at a space. text is as it is read, without tags.
func LineCount(text string) int {
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		lines++
		room := textLine
		for word := range strings.SplitSeq(line, " ") {
			w := LabelWidth(word)
			if w > room && room < textLine {
				lines++
				room = textLine
			}
			for w > room { // a word that no line has room for
				lines++
				w -= room
			}
			room -= w + 1
		}
	}
	return lines
}
