package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// casts sends broadcasts until there is nothing to send, or so many steps are done; the clock moves where it rests.
func (s *shop) casts(steps int) {
	s.Helper()
	for range steps {
		next, err := s.App.Broadcasts.Run(s.Context())
		s.Must(err)
		if next.IsZero() {
			return
		}
		if d := next.Sub(s.Vendor.Time()); d > 0 {
			s.Vendor.Advance(d + time.Second)
		}
	}
}

// crowd is so many customers who have started the bot.
func (s *shop) crowd(n int) (all []*tgsandbox.UserClient) {
	s.Helper()
	for i := range n {
		id := int64(201 + i)
		h := s.Messenger.AddUser(tgsandbox.User{ID: id, FirstName: fmt.Sprint("C", i), LanguageCode: []string{"en", "ru", "de"}[i%3]})
		_, err := h.Send("/start")
		s.Must(err)
		all = append(all, h)
	}
	s.Pump()
	return all
}

// got is how often a customer got words.
func got(h *tgsandbox.UserClient, words string) (n int) {
	for _, m := range h.Chat() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// A broadcast is shown, agreed to by a second person, paused, resumed over a restart and ended; nobody gets it twice, and
// who did not get it is counted by why.
func TestBroadcast(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	nina := s.joins(905, "Nina", esim.RoleOwner)
	s.Must(s.DB.AssignRole(t.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
	all := s.crowd(30)
	off := all[5]
	s.Send(olga, "/broadcast all\n[en]\nNew <plans> for Japan\n[ru]\nНовые тарифы для Японии")
	s.sees(olga, "Send this?", "all customers", "👥 30", "English, and all others", "New <plans> for Japan", "Новые тарифы")
	if toast := s.presses(olga, "s_cast|me|"); !strings.Contains(toast.Text, "/start") {
		t.Errorf("somebody who never wrote to the bot: %+v", toast)
	}
	me := s.Messenger.User(staffID)
	s.Send(me, "/start")
	s.presses(olga, "s_cast|me|")
	if got(me, "New <plans>") != 1 || got(me, "Новые тарифы") != 1 {
		t.Errorf("the preview came %d and %d times", got(me, "New <plans>"), got(me, "Новые тарифы"))
	}
	s.Must(s.DB.SetNews(t.Context(), esim.CustomerID(staffID), false))
	s.presses(olga, "s_cast|send|")
	s.sees(olga, "Needs a second person", "New <plans> for Japan")
	s.casts(3)
	if got(all[0], "plans") != 0 {
		t.Fatal("sent before anybody agreed")
	}
	s.presses(nina, "s_agree|")
	s.sees(olga, "Broadcast #1", "on its way", "Olga + Nina", "0 of 30")
	s.Send(off, "/settings")
	s.presses(off, "news|0|1")
	s.casts(1) // the first ten
	s.presses(olga, "s_cast|pause|")
	s.sees(olga, "paused", "10 of 30")
	s.casts(3)
	if n := s.reached(all); n != 9 { // of ten one wants no news
		t.Errorf("%d got it when it was paused after ten", n)
	}
	s.Reopen(nil)
	s.casts(3)
	if n := s.reached(all); n != 9 {
		t.Errorf("%d got it while it is paused", n)
	}
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 1, Chat: all[12].ID()})
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.LoseAnswer, Chat: all[14].ID()})
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.Refuse, Description: "Bad Request: something new", Chat: all[15].ID()})
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.Refuse, Code: 403, Description: "Forbidden: user is deactivated", Chat: all[21].ID()})
	all[20].Block()
	s.presses(olga, "s_cast|resume|")
	s.casts(50)
	for i, h := range all {
		want := 1
		switch i {
		case 5, 15, 20, 21:
			want = 0
		}
		if n := got(h, "plans") + got(h, "тарифы"); n != want {
			t.Errorf("customer %d got it %d times, want %d", i, n, want)
		}
	}
	s.sees(olga, "· sent", "30 of 30", "sent 25", "unreachable 2", "no news 1", "refused by Telegram 1", "uncertain, not sent again 1")
	c, err := s.DB.Customer(t.Context(), esim.CustomerID(all[21].ID()))
	s.Must(err)
	if !c.Unreachable {
		t.Error("who blocked the bot is not known as unreachable")
	}
	s.pressesOn(nina, olga.Last().ID, "s_cast|send|1") // an old button
	s.casts(3)
	if n := s.reached(all); n != 26 {
		t.Errorf("pressed again: %d got it, want 26", n)
	}
	if s.did("broadcast") != 1 || s.did("broadcast_pause") != 1 || s.did("broadcast_resume") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
	s.Send(olga, "/broadcast")
	s.sees(olga, "#1", "30/30", "/broadcast country JP expired")
	s.handledAll()
}

// reached counts who got it.
func (s *shop) reached(all []*tgsandbox.UserClient) (n int) {
	for _, h := range all {
		n += got(h, "plans") + got(h, "тарифы")
	}
	return n
}

// The button below a broadcast ends all others for who presses it; the settings have it, too.
func TestNoMoreNews(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Must(s.App.Bot.WriteBroadcast(t.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en"}, esim.Broadcast{Texts: map[string]string{"": "Hello <b>all</b>"}}))
	s.sees(ann, "Hello <b>all</b>")
	if toast := s.Press(ann, "🔕 No more news"); !strings.Contains(toast.Text, "/settings") {
		t.Errorf("the press says %+v", toast)
	}
	s.sees(ann, "Hello <b>all</b>")
	size, err := s.DB.SegmentSize(t.Context(), esim.Segment{}, s.Vendor.Time())
	s.Must(err)
	if size != (esim.SegmentSize{Off: 1}) {
		t.Errorf("afterwards a broadcast is for %+v", size)
	}
	s.Send(ann, "/settings")
	s.Press(ann, "▫️ News")
	if size, err = s.DB.SegmentSize(t.Context(), esim.Segment{}, s.Vendor.Time()); err != nil || size.People != 1 {
		t.Errorf("switched on again: %+v, %v", size, err)
	}
}

func TestBroadcastsAreReadWithCare(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.crowd(3)
	for words, want := range map[string]string{
		"/broadcast hello everybody":                   "who “hello” is meant",
		"/broadcast all":                               "What should it say",
		"/broadcast language xx\nHello":                "who “xx” is meant",
		"/broadcast country Atlantis\nHello":           "who “Atlantis” is meant",
		"/broadcast spent -5\nHello":                   "who “-5” is meant",
		"/broadcast never active\nHello":               "Nobody can be",
		"/broadcast all\n[en]\nHello\n[en]\nAgain":     "there twice",
		"/broadcast all\n[en]\n[ru]\nПривет":           "What should it say",
		"/broadcast all\n" + strings.Repeat("x", 3001): "too long",
	} {
		s.Send(olga, words)
		if !strings.Contains(olga.Last().Text, want) || offers(olga, "s_cast|") {
			t.Errorf("%.40q is answered with %q, want %q", words, olga.Last().Text, want)
		}
	}
	s.Send(olga, "/broadcast language ru country Japan spent 5\nПривет")
	s.sees(olga, "language Русский", "bought 🇯🇵 Japan", "spent over $5.00", "👥 0")
	if offers(olga, "s_cast|send") {
		t.Error("it can be sent to nobody")
	}
	s.Send(olga, "/broadcast language ru: Привет: всем")
	s.sees(olga, "👥 1", "Привет: всем")
	s.handledAll()
}
