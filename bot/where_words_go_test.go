package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
)

// opensRoute reports whether a message has a button of this route.
func opensRoute(m tgsandbox.Message, route ui.Route) bool {
	return slices.ContainsFunc(slices.Concat(m.Keyboard...), func(b tgsandbox.Button) bool {
		return strings.HasPrefix(b.Data, string(route)+"|") || b.Data == string(route)
	})
}

// TestWhileATalkIsOpenEveryScreenThatAsksForWordsSaysSo, and ends it in a press.
func TestWhileATalkIsOpenEveryScreenThatAsksForWordsSaysSo(t *testing.T) {
	t.Parallel()
	s, ann, _ := talking(t)
	asks := func() (said []string) {
		for _, words := range []string{"/start", "/help", "/nosuch", "/start JP"} {
			s.Send(ann, words)
			if m := ann.Last(); strings.Contains(m.Text, "what you type goes to them") {
				said = append(said, words)
				if !opensRoute(m, "endtalk") || !strings.HasPrefix(m.Text, "💬") {
					t.Errorf("%s: no button ends the talk below %q", words, m.Text)
				}
			}
			if words == "/start" && len(said) > 0 && strings.Contains(ann.Last().Text, "Type") {
				t.Errorf("the menu asks to type: %q", ann.Last().Text)
			}
			if n := len(ann.Last().Keyboard); n > limitRows {
				t.Errorf("%s has %d rows", words, n)
			}
		}
		return said
	}
	if said := asks(); !slices.Equal(said, []string{"/start", "/help", "/nosuch"}) {
		t.Errorf("that a talk is open say %v", said)
	}
	s.Send(ann, "/help")
	s.Press(ann, "✅ End the talk")
	if said := asks(); len(said) > 0 {
		t.Errorf("that a talk is open say %v, and it is not", said)
	}
}

// TestAPlaceTypedInATalkIsNotLost: staff get it, and its plans are a press away.
func TestAPlaceTypedInATalkIsNotLost(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "hello")
	s.delivers()
	for _, tt := range []struct{ words, says string }{{"Japan", "🇯🇵 Japan"}, {"turkey 30 days 5gb", "Türkiye"}, {"usa canada", "One eSIM for all"}} {
		before := olga.Last().ID
		s.Send(ann, tt.words)
		offer := ann.Last()
		s.delivers()
		if got := said(olga, before); !slices.Equal(got, []string{tt.words}) {
			t.Errorf("staff read %q, want %q", got, tt.words)
		}
		if !strings.Contains(offer.Text, "Passed on to our staff") || !opensRoute(offer, "endtalk") {
			t.Fatalf("%q is answered with %q", tt.words, offer.Text)
		}
		s.Press(ann, "🔎 Find a plan")
		if text := ann.Last().Text; !strings.Contains(text, tt.says) {
			t.Errorf("%q leads to %q", tt.words, text)
		}
	}
	count := len(ann.Chat())
	s.Send(ann, "I am in Spain")
	if got := len(ann.Chat()); got != count+1 {
		t.Errorf("a sentence is answered with %q", ann.Last().Text)
	}
}

// dataOf is what the first button of a message sends that begins so; "" if there is none.
func dataOf(m tgsandbox.Message, prefix string) string {
	for _, b := range slices.Concat(m.Keyboard...) {
		if strings.HasPrefix(b.Data, prefix) {
			return b.Data
		}
	}
	return ""
}

// shownAt is the text of a message of a chat as it is now.
func shownAt(h *tgsandbox.UserClient, id int) string {
	for _, m := range h.Chat() {
		if m.ID == id {
			return m.Text
		}
	}
	return ""
}
