package telegram

import (
	"html"
	"strconv"
	"strings"
	"time"
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

// DateTime is a time within a text that the reader's app writes in the reader's own zone and
// language; older apps show fallback, which is escaped here. Its format is "r" for relative
// times, or a day of the week (w), a date (d or D) and a time (t or T), in this order; empty
// shows the fallback and tells the time when it is pressed.
//
// Source: https://core.telegram.org/bots/api#date-time-entity-formatting
func DateTime(at time.Time, format, fallback string) string {
	if format != "" {
		format = ` format="` + EscapeHTML(format) + `"`
	}
	return `<tg-time unix="` + strconv.FormatInt(at.Unix(), 10) + `"` + format + `>` + EscapeHTML(fallback) + `</tg-time>`
}

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
