package ui_test

import (
	"strings"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
)

// TestAddressesBehindWordsAreShown: after the words they stand behind, whatever stands around them.
func TestAddressesBehindWordsAreShown(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", telegram.MaxText)
	for _, c := range []struct {
		text, want string
		links      []telegram.Link
	}{
		{"📶 here, or there", "📶 here (https://a.example), or there (https://b.example)", []telegram.Link{
			{Offset: 3, Length: 4, URL: "https://a.example"}, {Offset: 12, Length: 5, URL: "https://b.example"},
		}},
		{"https://a.example", "https://a.example", []telegram.Link{{Offset: 0, Length: 17, URL: "https://a.example"}}},
		{"short", "short", []telegram.Link{{Offset: 3, Length: 9, URL: "https://a.example"}, {Offset: -1, Length: 2, URL: "https://b.example"}}},
		{long, long, []telegram.Link{{Offset: 0, Length: 4, URL: "https://a.example"}}},
	} {
		said, ok := ui.ThreadMessageFrom(&telegram.Message{Text: c.text, Links: c.links})
		if !ok || said.Text != c.want {
			t.Errorf("%.40q is kept as %.80q, want %.80q", c.text, said.Text, c.want)
		}
	}
}
