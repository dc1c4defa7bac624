package telegram

import (
	"html"
	"strings"
	"unicode/utf16"
)

// Limits of texts, in characters after parsing.
const (
	MaxText    = 4096
	MaxCaption = 1024
)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// EscapeHTML makes s safe between the tags of a message and in their attributes.
//
// Source: https://core.telegram.org/bots/api#html-style
func EscapeHTML(s string) string { return escaper.Replace(s) }

// Length returns how long the text of a message is after parsing, in UTF-16 units, of
// which no character has fewer than one: what is within MaxText or MaxCaption by this
// count is so by Telegram's. The tags are not checked.
func Length(text string) int {
	var plain strings.Builder
	for text != "" {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '>')
		if end < 0 {
			break
		}
		plain.WriteString(text[:open])
		text = text[open+end+1:]
	}
	plain.WriteString(text)
	n := 0
	for _, r := range html.UnescapeString(plain.String()) {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
