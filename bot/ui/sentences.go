package ui

import (
	"strings"
	"unicode/utf8"
)

// fullStops end a sentence in scripts that put no space behind it.
const fullStops = "。！？；"

// Sentences puts sentences one behind the other, as they stand in a text; an empty one is left out.
func Sentences(sentences ...string) string {
	var all strings.Builder
	for _, s := range sentences {
		if s == "" {
			continue
		}
		if last, _ := utf8.DecodeLastRuneInString(all.String()); all.Len() > 0 && !strings.ContainsRune(fullStops, last) {
			all.WriteByte(' ')
		}
		all.WriteString(s)
	}
	return all.String()
}
