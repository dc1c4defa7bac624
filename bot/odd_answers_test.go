package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// oddWords are what people type, paste and hit where something else is asked.
var oddWords = []string{
	"😀", "👍", "🇯", strings.Repeat("a ", 2000), strings.Repeat("😀", 2000), "\u202egnisrever", "سلام world 5 GB", "\u200b", "?", "0", "-1",
	"12345678901234567890123", "31.02.", "<b>bold</b>", "&amp;", "{{.n}}", "%s%d", "'; DROP TABLE orders; --", "/", "/start@nobody", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔",
}

// Whatever is said to a question is answered with one message, which turns no text around and tells of no fault of ours;
// a picture, a file, a sticker and a place are answered too, and an edit of what was said changes nothing.
func TestOddAnswersToEveryQuestion(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	s.promo(esim.Promo{Code: "WELCOME", Percent: 10})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	internal := s.App.Texts.Printer("en").Plain("error.internal", nil)
	answered := func(kind, what string, before int) {
		t.Helper()
		answers := slices.DeleteFunc(s.after(k.user, before), func(m tgsandbox.Message) bool { return !m.From.IsBot })
		if len(answers) != 1 {
			t.Errorf("%s: %.40q is answered with %d messages", kind, what, len(answers))
		}
		for _, m := range answers {
			if strings.Contains(m.Text, internal) || strings.ContainsAny(m.Text, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067") {
				t.Errorf("%s: %.40q is answered with %.80q", kind, what, m.Text)
			}
		}
	}
	sends := []tgsandbox.Upload{{Kind: "photo", Data: screenshot(t)}, {Kind: "voice", Data: []byte("OggS")}, {Kind: "document", Name: "log.txt", Data: []byte("log")}}
	questions := append([]typedQuestion{{kind: "nothing", ask: func(k *talk) { k.says("/start") }}}, typedQuestions...)
	for i, q := range questions {
		for j, words := range oddWords {
			if i > 0 && (i+j)%6 != 0 { // all of them where nothing is asked, a part to each question
				continue
			}
			q.ask(k)
			before := k.user.Last().ID
			k.says(words)
			answered(q.kind, words, before)
		}
		send := sends[i%len(sends)]
		q.ask(k)
		asked := k.user.Last().ID
		_, err := k.user.SendFile(0, send)
		s.Must(err)
		k.Pump()
		answered(q.kind, send.Kind, asked)
		q.ask(k)
		k.says("qwzx")
		before := k.user.Last()
		s.Must(k.user.Edit(before.ID-1, "Turkey"))
		k.Pump()
		if after := k.user.Last(); after.ID != before.ID || after.Text != before.Text {
			t.Errorf("%s: an edit is answered with %.80q", q.kind, after.Text)
		}
	}
}

// after are the messages of a chat behind one.
func (s *shop) after(h *tgsandbox.UserClient, id int) (out []tgsandbox.Message) {
	for _, m := range h.Chat() {
		if m.ID > id {
			out = append(out, m)
		}
	}
	return out
}
