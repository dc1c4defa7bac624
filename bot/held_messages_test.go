package bot_test

import (
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// An album out of the blue, and the press on the newest "Ask a person" below it.
func TestAnAlbumOutOfTheBlueIsOneQuestion(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	before := ann.Last().ID
	_, err := ann.SendAlbum(0, tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: "paid twice, order AAAA"}, tgsandbox.Upload{Kind: "photo", Data: screenshot(t)}, tgsandbox.Upload{Kind: "photo", Data: screenshot(t)})
	s.Must(err)
	s.Pump()
	if shown := said(ann, before); len(shown) != 1 {
		t.Errorf("Ann is asked %q, want one question", shown)
	}
	s.presses(ann, "person|")
	s.delivers()
	got := said(olga, 0)
	if all := strings.Join(got, "\n"); !strings.Contains(all, "paid twice") || strings.Count(all, "photo:") != 3 {
		t.Errorf("Ann reads %q, staff have %q", ann.Last().Text, got)
	}
}

// Words, then a picture, both out of the blue.
func TestWhatWasSentBeforeAskingGoesAlong(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	s.Send(ann, "my eSIM is not connecting in Barcelona")
	_, err := ann.SendFile(0, tgsandbox.Upload{Kind: "photo", Data: screenshot(t)})
	s.Must(err)
	s.Pump()
	s.presses(ann, "person|")
	s.delivers()
	got := said(olga, 0)
	if !strings.Contains(strings.Join(got, "\n"), "Barcelona") {
		t.Errorf("Ann reads %q, staff have %q", ann.Last().Text, got)
	}
}
