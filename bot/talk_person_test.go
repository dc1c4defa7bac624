package bot_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// screenshot is a small picture that somebody sends.
func screenshot(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 90))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// as goes on as somebody else, whose chat is written down from here.
func (k *talk) as(name string, h *tgsandbox.UserClient, do func()) {
	k.Helper()
	if k.others == nil {
		k.others = map[*tgsandbox.UserClient]map[int]string{}
	}
	if k.others[h] == nil {
		k.others[h] = map[int]string{}
	}
	user, seen := k.user, k.seen
	k.note("%s", name)
	k.user, k.seen = h, k.others[h]
	do()
	k.user, k.seen = user, seen
	k.note("Ann")
}

// sends sends a file and writes it down.
func (k *talk) sends(what string, replyTo int, u tgsandbox.Upload) tgsandbox.Message {
	k.Helper()
	k.text.WriteString("\n>>> (" + what + ")\n")
	m, err := k.user.SendFile(replyTo, u)
	k.Must(err)
	k.Pump()
	k.look()
	return m
}

// replies answers a message and writes it down.
func (k *talk) replies(to int, words string) {
	k.Helper()
	k.text.WriteString("\n>>> (as a reply) " + words + "\n")
	_, err := k.user.Reply(to, words)
	k.Must(err)
	k.Pump()
	k.look()
}

func TestTalkPerson(t *testing.T) {
	t.Parallel()
	talks(t, "person", func(k *talk) {
		olga := k.Messenger.User(staffID).In(groupID)
		k.buy(k.user)
		k.fulfils()
		k.text.Reset()
		k.look()
		k.text.Reset()
		k.note("Ann")
		k.says("/help")
		k.taps("person")
		k.says("It does not work in Tokyo")
		k.sends("a picture", 0, tgsandbox.Upload{Kind: "photo", Data: screenshot(k.TB), Caption: "see <here>"})
		k.sends("a file", 0, tgsandbox.Upload{Kind: "document", Name: "log.txt", Data: []byte("log")})
		k.sends("a voice message", 0, tgsandbox.Upload{Kind: "voice", Data: []byte("la la")})
		k.works()
		k.as("Olga, in the staff group", olga, func() {
			k.look()
			k.replies(k.copyOf("It does not work"), "Switch <roaming> on")
			k.sends("a picture, as a reply", k.copyOf("It does not work"), tgsandbox.Upload{Kind: "photo", Data: screenshot(k.TB), Caption: "here"})
			k.works()
		})
		k.look()
		k.says("Thank you!")
		k.says("Japan")
		k.says("/start")
		k.works()
		k.as("Olga, in the staff group", olga, func() {
			k.look()
			k.taps("s_close|")
			k.works()
		})
		k.look()
		k.note("a sentence that is no place is taken along")
		k.says("my eSIM is not connecting in Barcelona")
		k.taps("person|")
		k.works()
		k.as("Olga, in the staff group", olga, func() { k.look() })
		k.taps("endtalk|")
		k.works()
		k.as("Olga, in the staff group", olga, func() { k.look() })
		k.note("a picture out of the blue")
		k.sends("a picture", 0, tgsandbox.Upload{Kind: "photo", Data: screenshot(k.TB)})
		k.says("Japan")
		k.says("/paysupport Where is my money?")
		k.works()
		k.as("Olga, in the staff group", olga, func() { k.look() })
		k.later(25 * time.Hour)
		k.Must(k.Support.CloseQuiet(k.Context()))
		k.works()
		k.as("Olga, in the staff group", olga, func() {
			k.look()
			k.replies(k.copyOf("Where is my money"), "It is on its way back")
			k.works()
		})
		k.look()
	})
}

// copyOf is the bot's message in the group with these words.
func (s *shop) copyOf(words string) int {
	s.Helper()
	chat := s.Messenger.User(staffID).In(groupID).Chat()
	for i := len(chat) - 1; i >= 0; i-- {
		if chat[i].From.IsBot && strings.Contains(chat[i].Text, words) {
			return chat[i].ID
		}
	}
	s.Fatalf("the group has no %q", words)
	return 0
}
