package ui

import (
	"slices"
	"unicode/utf16"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// ThreadMessageFrom is what a message says, as a thread keeps it; false for one that says nothing, such as
// "the picture of the group was changed".
func ThreadMessageFrom(m *telegram.Message) (esim.ThreadMessage, bool) {
	said := esim.ThreadMessage{Chat: m.Chat.ID, Message: m.ID, Album: m.Album, Kind: string(m.Media), Text: m.Text, File: m.FileID}
	if m.Media != telegram.NoMedia {
		said.Text = m.Caption
	}
	said.Text = showLinks(said.Text, m.Links)
	return said, said.Kind != "" || said.Text != ""
}

// showLinks puts the addresses that stand behind words in brackets after them: what is kept and sent on is
// plain text, and whoever reads it sees where a link leads. A text that grows too long by it stays as it is.
func showLinks(text string, links []telegram.Link) string {
	units := utf16.Encode([]rune(text))
	end := len(units)
	for _, l := range slices.Backward(links) {
		at := l.Offset + l.Length
		if l.Offset < 0 || l.Length < 0 || at > end {
			continue // they come in order and within the text
		}
		end = l.Offset
		if words := string(utf16.Decode(units[l.Offset:at])); words == l.URL {
			continue
		}
		units = slices.Insert(units, at, utf16.Encode([]rune(" ("+l.URL+")"))...)
	}
	if len(units) > telegram.MaxText {
		return text
	}
	return string(utf16.Decode(units))
}
