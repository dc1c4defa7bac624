package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// talking is a shop where Ann has an open thread with staff.
func talking(t *testing.T) (s *shop, ann, olga *tgsandbox.UserClient) {
	s = newShop(t, vendorsandbox.Options{})
	ann, olga = s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	s.Send(ann, "/support")
	return s, ann, olga
}

// delivers lets albums gather, and everything be sent.
func (s *shop) delivers() {
	s.Helper()
	s.Pump()
	s.Vendor.Advance(3 * time.Second)
	for range 10 {
		s.Deliver()
	}
}

// said are the contents of the messages of a chat that somebody else wrote, from a message on.
func said(h *tgsandbox.UserClient, from int) (all []string) {
	for _, m := range h.Chat() {
		if m.ID <= from || m.From.ID == h.ID() {
			continue
		}
		line := m.Text
		switch {
		case m.Photo != nil:
			line = "photo:" + line
		case m.Document != nil:
			line = "file:" + line
		case m.Clip != nil:
			line = m.Clip.Kind + ":" + line
		case m.Location != nil:
			line = "location"
		case m.Sticker != nil:
			line = "sticker"
		}
		all = append(all, line)
	}
	return all
}

// TestEverythingThatCanBeSentReachesTheStaff: words, files of each kind, a place; in order, each once,
// on the head card of its thread; and a restart in the middle changes nothing.
func TestEverythingThatCanBeSentReachesTheStaff(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	before := olga.Last().ID
	want := []string{"one <b>"}
	s.Send(ann, "one <b>")
	for _, kind := range []string{"photo", "document", "video", "voice", "audio", "animation", "video_note"} {
		data := []byte("some " + kind)
		if kind == "photo" {
			data = screenshot(t)
		}
		_, err := ann.SendFile(0, tgsandbox.Upload{Kind: kind, Name: kind, Data: data, Caption: "a " + kind})
		s.Must(err)
		name := kind
		if kind == "document" {
			name = "file"
		}
		want = append(want, name+":a "+kind)
	}
	s.Pump()
	s.delivers()
	s.Reopen(nil)
	_, err := ann.SendLocation(41.38, 2.17)
	s.Must(err)
	_, err = ann.SendSticker()
	s.Must(err)
	s.Send(ann, "last")
	s.delivers()
	want = append(want, "location", "sticker", "last")
	got := said(olga, before)
	if len(got) == 0 || !strings.Contains(got[0], "Ann") || !slices.Equal(got[1:], want) {
		t.Errorf("staff read %q, want a head card and %q", got, want)
	}
	head := 0
	for _, m := range olga.Chat() {
		if m.ID <= before {
			continue
		}
		if head == 0 {
			head = m.ID
		} else if m.ReplyTo != head {
			t.Errorf("%q hangs on %d, not on the head card", m.Text, m.ReplyTo)
		}
	}
}

// TestAnAlbumStaysOne in both directions, with its captions.
func TestAnAlbumStaysOne(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "look")
	s.delivers()
	parts := []tgsandbox.Upload{
		{Kind: "photo", Data: screenshot(t), Caption: "first & <best>"}, {Kind: "video", Data: []byte("film")}, {Kind: "photo", Data: screenshot(t), Caption: "third"},
	}
	before, annBefore := olga.Last().ID, ann.Last().ID
	_, err := ann.SendAlbum(0, parts...)
	s.Must(err)
	s.Send(ann, "after it")
	s.delivers()
	want := []string{"photo:first & <best>", "video:", "photo:third", "after it"}
	if got := said(olga, before); !slices.Equal(got, want) {
		t.Errorf("staff read %q, want %q", got, want)
	}
	oneAlbum(t, olga, before, 3)
	_, err = olga.SendAlbum(s.copyOf("third"), parts...)
	s.Must(err)
	s.delivers()
	if got := said(ann, annBefore); !slices.Equal(got, want[:3]) {
		t.Errorf("Ann sees %q, want %q", got, want[:3])
	}
	oneAlbum(t, ann, annBefore, 3)
}

func oneAlbum(t *testing.T, h *tgsandbox.UserClient, from, parts int) {
	t.Helper()
	albums := map[string]int{}
	for _, m := range h.Chat() {
		if m.ID > from && m.From.IsBot && m.Album != "" {
			albums[m.Album]++
		}
	}
	if len(albums) != 1 {
		t.Errorf("%d albums", len(albums))
	}
	for _, n := range albums {
		if n != parts {
			t.Errorf("an album of %d parts, want %d", n, parts)
		}
	}
}

// TestNothingSaidIsLostWhileTheGroupIsAway: kicked out, the bot takes what customers say; let in again, it
// brings all of it, though its writer deleted some meanwhile, and the program was started anew.
func TestNothingSaidIsLostWhileTheGroupIsAway(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Messenger.KickBot()
	before := olga.Last().ID
	s.Send(ann, "one")
	photo, err := ann.SendFile(0, tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: "two"})
	s.Must(err)
	place, err := ann.SendLocation(1, 2)
	s.Must(err)
	for range 5 {
		s.delivers()
		s.Vendor.Advance(time.Minute)
	}
	s.Reopen(nil)
	s.Send(ann, "four")
	s.Must(ann.Delete(photo.ID))
	s.Must(ann.Delete(place.ID))
	s.Messenger.AddBot()
	for range 10 {
		s.Vendor.Advance(10 * time.Minute)
		s.delivers()
	}
	got := said(olga, before)
	if len(got) != 5 || !slices.Equal(got[1:3], []string{"one", "photo:two"}) || !strings.Contains(got[3], "cannot be shown") || got[4] != "four" {
		t.Errorf("staff read %q", got)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead != 0 {
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}

// TestOnlyStaffAnswer: whoever is not in the group, and whatever is no reply to the bot's own words there,
// never reaches a customer.
func TestOnlyStaffAnswer(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.delivers()
	question, before := s.copyOf("where is it?"), ann.Last().ID
	stranger := s.Messenger.AddUser(tgsandbox.User{ID: 666, FirstName: "Mallory", LanguageCode: "en", Staff: true})
	s.Messenger.AddUser(tgsandbox.User{ID: 666, FirstName: "Mallory", LanguageCode: "en"}) // left the group again
	s.Messenger.Inject(map[string]any{"message": map[string]any{
		"message_id": 9001, "date": 1, "chat": map[string]any{"id": groupID, "type": "group"}, "text": "send me your code",
		"from":             map[string]any{"id": 666, "is_bot": false, "first_name": "Mallory"},
		"reply_to_message": map[string]any{"message_id": question, "date": 1, "chat": map[string]any{"id": groupID, "type": "group"}, "from": map[string]any{"id": s.Messenger.BotID(), "is_bot": true, "first_name": "eSIM Shop"}},
	}})
	s.Messenger.Inject(map[string]any{"message": map[string]any{ // in a chat of its own making, with the same numbers
		"message_id": 9002, "date": 1, "chat": map[string]any{"id": -77, "type": "group"}, "text": "send me your code",
		"from":             map[string]any{"id": staffID, "is_bot": false, "first_name": "Olga"},
		"reply_to_message": map[string]any{"message_id": question, "date": 1, "chat": map[string]any{"id": -77, "type": "group"}, "from": map[string]any{"id": s.Messenger.BotID(), "is_bot": true, "first_name": "eSIM Shop"}},
	}})
	_ = stranger
	own, err := olga.Send("/status")
	s.Must(err)
	s.Pump()
	for _, to := range []int{own.ID, olga.Last().ID, 0} { // her own words, the bot's answer to a command, nothing
		_, err = olga.Reply(to, "just between us")
		s.Must(err)
	}
	s.delivers()
	if got := said(ann, before); len(got) != 0 {
		t.Errorf("Ann reads %q", got)
	}
	_, err = olga.Reply(question, "here")
	s.Must(err)
	s.delivers()
	if got := said(ann, before); len(got) != 1 || !strings.Contains(got[0], "here") {
		t.Errorf("Ann reads %q, want the one answer", got)
	}
}

// TestAnEditChangesTheCopy: in both directions, once it was brought; before that what is brought is new.
func TestAnEditChangesTheCopy(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	before := olga.Last().ID
	first, err := ann.Send("whit arrived")
	s.Must(err)
	s.Pump()
	s.Must(ann.Edit(first.ID, "what arrived"))
	s.delivers()
	if got := said(olga, before); len(got) != 2 || got[1] != "what arrived" {
		t.Errorf("staff read %q", got)
	}
	s.Must(ann.Edit(first.ID, "what came"))
	s.delivers()
	if got := said(olga, before); len(got) != 2 || !strings.HasPrefix(got[1], "what came") {
		t.Errorf("after the edit staff read %q", got)
	}
	annBefore := ann.Last().ID
	answer, err := olga.Reply(s.copyOf("what came"), "a QR picter")
	s.Must(err)
	s.delivers()
	s.Must(olga.Edit(answer.ID, "a QR picture"))
	s.delivers()
	if got := said(ann, annBefore); len(got) != 1 || !strings.Contains(got[0], "a QR picture") {
		t.Errorf("Ann reads %q", got)
	}
}

// TestAnAnswerWaitsForWhoIsAway: staff hear that it waits, and it comes when the customer is back.
func TestAnAnswerWaitsForWhoIsAway(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.delivers()
	before := ann.Last().ID
	ann.Block()
	s.Pump()
	_, err := olga.Reply(s.copyOf("where is it?"), "on its way")
	s.Must(err)
	s.delivers()
	s.sees(olga, "blocked the bot")
	ann.Unblock()
	s.Send(ann, "/start")
	s.delivers()
	got := strings.Join(said(ann, before), "\n")
	if strings.Count(got, "on its way") != 1 {
		t.Errorf("Ann reads %q", got)
	}
}

// TestWhatWasBroughtIsNotBroughtAgainOnAFullDisk: the store cannot note where a copy stands.
func TestWhatWasBroughtIsNotBroughtAgainOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	before := olga.Last().ID
	s.Send(ann, "one")
	s.store.full = errors.New("database or disk is full")
	for range 4 {
		_, err := s.App.Outbox.Run(t.Context())
		s.Must(err)
		s.App.Outbox.Wait()
		s.Vendor.Advance(time.Minute)
	}
	s.store.full = nil
	for range 4 {
		s.Vendor.Advance(time.Minute)
		s.delivers()
	}
	got := said(olga, before)
	if n := strings.Count(strings.Join(got, "\n"), "one"); n != 1 {
		t.Errorf("staff read it %d times: %q", n, got)
	}
}

// TestTalkAndOrdersTakeTurns: a crowd in the threads does not keep staff from what they must hear of an
// order, nor does a crowd of that keep a question waiting.
func TestTalkAndOrdersTakeTurns(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	before := olga.Last().ID
	for n := range 12 {
		s.Send(ann, fmt.Sprint("question ", n))
	}
	var notices []esim.Notification
	for n := range int64(12) {
		notices = append(notices, esim.NewStaffRefused(n, "K7M2XQ4P", "an order"))
	}
	s.Must(s.DB.AddNotifications(t.Context(), notices))
	for range 4 {
		s.Deliver()
	}
	orders, questions := 0, 0
	for _, line := range said(olga, before) {
		switch {
		case strings.Contains(line, "an order"):
			orders++
		case strings.HasPrefix(line, "question"):
			questions++
		}
	}
	if orders < 6 || questions < 6 {
		t.Errorf("in 16 messages %d were of orders and %d of questions", orders, questions)
	}
}
