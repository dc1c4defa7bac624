package ui

import (
	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Said is what a message says, as a thread keeps it; false for one that says nothing, such as
// "the picture of the group was changed".
func Said(m *telegram.Message) (esim.ThreadMessage, bool) {
	said := esim.ThreadMessage{Chat: m.Chat.ID, Message: m.ID, Album: m.Album, Kind: string(m.Media), Text: m.Text, File: m.FileID}
	if m.Media != telegram.NoMedia {
		said.Text = m.Caption
	}
	return said, said.Kind != "" || said.Text != ""
}
