package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// An album whose caption is longer than a bot may send (Telegram Premium: 4096) goes to staff all the same,
// and so does what is said after it.
func TestAlbumRefusedInTheGroupGoesPartByPart(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "look")
	s.delivers()
	before := olga.Last().ID
	_, err := ann.SendAlbum(0,
		tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: strings.Repeat("long ", 250)},
		tgsandbox.Upload{Kind: "photo", Data: screenshot(t)})
	s.Must(err)
	s.Send(ann, "I paid twice, help")
	for range 10 {
		s.delivers()
		s.Vendor.Advance(10 * time.Minute)
	}
	t.Logf("staff read %.80q", said(olga, before))
	if got := strings.Join(said(olga, before), "\n"); !strings.Contains(got, "I paid twice") {
		t.Errorf("what follows the album never reaches staff; log: %.900s", s.Log)
	}
}

// An album of the staff that Telegram refuses reaches its customer once, with what follows it.
func TestAlbumRefusedAtTheCustomerGoesPartByPart(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "how do I pay?")
	s.delivers()
	before := ann.Last().ID
	_, err := olga.SendAlbum(s.copyOf("how do I pay?"), tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: strings.Repeat("step ", 300)}, tgsandbox.Upload{Kind: "photo", Data: screenshot(t)})
	s.Must(err)
	s.Pump()
	_, err = olga.Reply(s.copyOf("how do I pay?"), "then write to me")
	s.Must(err)
	for range 20 {
		s.delivers()
		s.Vendor.Advance(5 * time.Minute)
	}
	got := said(ann, before)
	n := 0
	for _, g := range got {
		if strings.HasPrefix(g, "photo:step") {
			n++
		}
	}
	if n != 1 || !strings.Contains(strings.Join(got, "\n"), "then write") {
		t.Errorf("Ann got the picture %d times and the words %t", n, strings.Contains(strings.Join(got, "\n"), "then write"))
	}
}
