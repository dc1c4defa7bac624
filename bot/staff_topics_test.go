package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// forum makes a forum of the staff's group, in which the bot may manage topics or not, and returns Olga in it.
func (s *shop) forum(topics bool) *tgsandbox.UserClient {
	s.Helper()
	s.Messenger.SetForum(true)
	s.Messenger.Promote(true, topics)
	s.Pump()
	return s.Messenger.User(staffID).In(s.Messenger.Group().ID)
}

// topic is the number of the topic of a name; 0: there is none.
func (s *shop) topic(name string) int {
	s.Helper()
	found := 0
	for id, is := range s.Messenger.Topics() {
		if is == name {
			if found != 0 {
				s.Errorf("there are two topics %s", name)
			}
			found = id
		}
	}
	return found
}

// inTopic are the texts that stand in a topic, but for what tells of it.
func inTopic(h *tgsandbox.UserClient, thread int) (all []string) {
	for _, m := range h.Chat() {
		if m.Thread == thread && m.Service == "" {
			all = append(all, m.Text)
		}
	}
	return all
}

// tellsStaff has the group told one thing of each kind.
func (s *shop) tellsStaff(key string) {
	s.Helper()
	s.Must(s.DB.AddNotifications(s.Context(), []esim.Notification{
		{Kind: esim.StaffFailure, Key: "f" + key, Note: "alert " + key},
		{Kind: esim.StaffLate, Key: "l" + key, Note: "order " + key},
		{Kind: esim.StaffReport, Key: "r" + key, Note: "2026-11-22"},
	}))
	s.delivers()
}

func has(texts []string, words string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, words) })
}

// Each kind of message has its topic, which is made once; one that was deleted is made anew.
func TestTheGroupsMessagesHaveTopics(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.forum(true)
	s.tellsStaff("one")
	if names := s.Messenger.Topics(); len(names) != 4 {
		t.Fatalf("topics: %v", names)
	}
	orders, alerts, reports := s.topic("Orders"), s.topic("Alerts"), s.topic("Reports")
	if !has(inTopic(olga, alerts), "alert one") || len(inTopic(olga, orders)) != 1 || !has(inTopic(olga, reports), "Report") {
		t.Errorf("alerts %q, orders %q, reports %q", inTopic(olga, alerts), inTopic(olga, orders), inTopic(olga, reports))
	}
	_, err := olga.InTopic(orders).Send("/status")
	s.Must(err)
	s.Pump()
	if last := olga.Last(); last.Thread != orders || !strings.Contains(last.Text, "Vendor") {
		t.Errorf("a command is answered in topic %d: %q", last.Thread, last.Text)
	}
	_, err = olga.InTopic(orders).Send("who looks after this?")
	s.Must(err)
	before := olga.Last().ID
	s.Pump()
	if olga.Last().ID != before {
		t.Errorf("staff among themselves are answered: %q", olga.Last().Text)
	}

	s.Reopen(nil)
	s.App.Bot.Restore(t.Context())
	s.tellsStaff("two")
	s.Messenger.DeleteTopic(alerts)
	s.tellsStaff("three")
	if names := s.Messenger.Topics(); len(names) != 4 || s.topic("Alerts") == alerts {
		t.Errorf("topics: %v", names)
	}
	if got := inTopic(olga, s.topic("Alerts")); !has(got, "alert three") || len(inTopic(olga, 0)) != 0 {
		t.Errorf("alerts %q, General %q", got, inTopic(olga, 0))
	}
}

// Without the right all comes to General, and staff are told once why; with it the topics are made. Withdrawn, what is there
// is used; what is not goes to General; and a group that is no forum any more takes all in one place.
func TestTopicsWithoutTheRight(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.forum(false)
	told := func() (n int) {
		for _, text := range inTopic(olga, 0) {
			if strings.Contains(text, "Manage topics") {
				n++
			}
		}
		return n
	}
	for _, key := range []string{"one", "two"} {
		s.tellsStaff(key)
		s.Vendor.Advance(2 * time.Hour)
		s.Reopen(nil)
		s.App.Bot.Restore(t.Context())
		s.Messenger.Promote(true, false) // whatever else of it changes
	}
	if got := inTopic(olga, 0); !has(got, "alert one") || !has(got, "alert two") || told() != 1 {
		t.Errorf("General: %q", got)
	}
	s.Messenger.Promote(true, true)
	s.tellsStaff("three")
	alerts := s.topic("Alerts")
	if alerts == 0 || !has(inTopic(olga, alerts), "alert three") {
		t.Fatalf("with the right: %v", s.Messenger.Topics())
	}
	s.Messenger.Promote(true, false)
	s.Messenger.DeleteTopic(alerts)
	s.tellsStaff("four")
	if got := inTopic(olga, 0); !has(got, "alert four") || told() != 2 || !has(inTopic(olga, s.topic("Reports")), "Report") {
		t.Errorf("withdrawn, General: %q", got)
	}
	olga.CloseTopic(s.topic("Reports"), true) // which only administrators who manage topics may write in
	before := len(inTopic(olga, 0))
	s.tellsStaff("five")
	if got := inTopic(olga, 0); len(got) != before+2 {
		t.Errorf("closed, General: %q", got)
	}
	s.Messenger.SetForum(false)
	s.tellsStaff("six")
	if got := inTopic(olga, 0); !has(got, "alert six") || told() != 2 {
		t.Errorf("no forum, General: %q", got)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead != 0 {
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}

// A customer's talk is a topic of their own: what staff say there reaches them, pictures too, and commands do not. It is
// closed and opened with the talk, used again for the next, and made anew when it was deleted.
func TestACustomerHasATopic(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.forum(true)
	s.Send(ann, "/start")
	s.Send(ann, "/support")
	s.Send(ann, "it does not work")
	photo := tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: "look"}
	_, err := ann.SendFile(0, photo)
	s.Must(err)
	s.delivers()
	name := "Ann · 101"
	thread := s.topic(name)
	if got := inTopic(olga, thread); thread == 0 || len(got) != 3 || !strings.Contains(got[0], "All that you write in this topic") || got[2] != "look" {
		t.Fatalf("topics %v, Ann's: %q", s.Messenger.Topics(), got)
	}
	own := olga.InTopic(thread)
	before := ann.Last().ID
	for _, words := range []string{"restart the phone", "/status"} {
		_, err = own.Send(words)
		s.Must(err)
	}
	_, err = own.SendFile(0, photo)
	s.Must(err)
	s.delivers()
	if got := said(ann, before); len(got) != 2 || !strings.Contains(got[0], "restart the phone") || !strings.HasPrefix(got[1], "photo:") {
		t.Errorf("Ann reads %q", got)
	}
	if last := inTopic(olga, thread); !has(last, "Vendor balance") {
		t.Errorf("the command in her topic: %q", last)
	}
	s.presses(olga, "s_close|")
	if !s.Messenger.TopicClosed(thread) {
		t.Error("the talk is closed, and its topic is open")
	}
	s.presses(olga, "s_reopen|")
	if s.Messenger.TopicClosed(thread) {
		t.Error("the talk is open again, and its topic is closed")
	}
	s.presses(olga, "s_close|")
	s.Send(ann, "/support")
	s.Send(ann, "again")
	s.delivers()
	if got := inTopic(olga, thread); s.topic(name) != thread || s.Messenger.TopicClosed(thread) || !has(got[len(got)-1:], "again") {
		t.Errorf("the next talk: %v, closed %t, %q", s.Messenger.Topics(), s.Messenger.TopicClosed(thread), got)
	}

	s.Messenger.DeleteTopic(thread)
	s.Send(ann, "still there?")
	s.delivers()
	anew := s.topic(name)
	if got := inTopic(olga, anew); anew == thread || len(got) != 2 || !has(got, "still there?") {
		t.Errorf("made anew: %v, %q", s.Messenger.Topics(), got)
	}
	s.Messenger.DeleteTopic(anew)
	s.Messenger.Promote(true, false)
	photo.Caption = "a picture"
	_, err = ann.SendFile(0, photo)
	s.Must(err)
	s.delivers()
	support := s.topic("Support")
	if got := inTopic(olga, support); !has(got, "a picture") || has(got, "cannot be shown") {
		t.Errorf("without the right, Support has %q", got)
	}
	for _, m := range olga.Chat() {
		if m.Text == "a picture" {
			_, err = olga.Reply(m.ID, "thanks")
			s.Must(err)
		}
	}
	before = ann.Last().ID
	_, err = olga.InTopic(support).Send("what is it with her?") // among themselves
	s.Must(err)
	s.delivers()
	if got := said(ann, before); len(got) != 1 || !strings.Contains(got[0], "thanks") {
		t.Errorf("Ann reads %q", got)
	}
	s.Must(s.DB.Forget(t.Context(), annID))
}

// A customer's topic that is closed by hand closes their talk, and one that is opened again opens it: each once, and they hear
// of the end. Topics of other things close nothing.
func TestATopicClosedByHandClosesTheTalk(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.forum(true)
	s.Send(ann, "/start")
	s.Send(ann, "/support")
	s.Send(ann, "it does not work")
	s.delivers()
	thread := s.topic("Ann · 101")
	open := func() bool {
		t.Helper()
		_, err := s.DB.OpenThreadOf(t.Context(), annID)
		return err == nil
	}
	by := func(closed bool, topic int) {
		t.Helper()
		olga.CloseTopic(topic, closed)
		s.Pump()
		s.App.Bot.Screens().Wait()
		s.delivers()
	}
	by(true, s.topic("Support"))
	if !open() {
		t.Error("another topic was closed, and the talk with it")
	}
	before := ann.Last().ID
	by(true, thread)
	if got := said(ann, before); open() || len(got) != 1 {
		t.Errorf("closed by hand: open %t, Ann reads %q", open(), got)
	}
	s.button(olga, "s_reopen|") // of its head card
	by(false, thread)
	if !open() || s.Messenger.TopicClosed(thread) {
		t.Errorf("opened by hand: the talk is open %t", open())
	}
	_, err := olga.InTopic(thread).Send("try again now")
	s.Must(err)
	s.delivers()
	if got := said(ann, before); !has(got, "try again now") {
		t.Errorf("Ann reads %q", got)
	}
	by(true, thread)
	s.Send(ann, "/support")
	s.Send(ann, "still not")
	s.delivers()
	if !open() || s.Messenger.TopicClosed(thread) || !has(inTopic(olga, thread), "still not") {
		t.Errorf("the next words: open %t, topic closed %t", open(), s.Messenger.TopicClosed(thread))
	}
}

// While the bot is out of the group the shop sells, figures say so, and what is owed is told when it is back. Added to
// another group by a stranger, it says nothing there.
func TestOutOfTheGroupTheShopSells(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	up := func(want bool) {
		s.Helper()
		if is, ok := s.App.Bot.StaffReachable(); is != want || !ok {
			t.Errorf("the group is up: %t, %t; want %t", is, ok, want)
		}
	}
	up(true)
	s.Messenger.KickBot()
	s.Pump()
	up(false)
	s.Reopen(nil)
	o := s.buy(s.Messenger.User(annID))
	s.fulfils()
	if s.state(o.ID) != esim.StateDelivered {
		t.Errorf("the order is %s", s.state(o.ID))
	}
	up(false)
	s.Messenger.AddBot()
	s.Vendor.Advance(10 * time.Minute)
	s.Work()
	up(true)
	found := false
	for _, m := range s.staffed().Chat() {
		found = found || strings.Contains(m.Text, o.ID.String())
	}
	if !found {
		t.Error("staff never hear of the sale")
	}
	_, calls := s.Messenger.Calls(0)
	s.Messenger.Inject(map[string]any{"my_chat_member": map[string]any{
		"chat": map[string]any{"id": -77, "type": "supergroup", "title": "Strangers", "is_forum": true}, "from": map[string]any{"id": 5, "first_name": "Eve"},
		"date": 1, "old_chat_member": map[string]any{"status": "left"}, "new_chat_member": map[string]any{"status": "administrator", "can_manage_topics": true},
	}})
	s.Pump()
	after, _ := s.Messenger.Calls(calls)
	for _, c := range after {
		if c.Dir == "bot→telegram" && c.Name != "getUpdates" {
			t.Errorf("a stranger's group brings the call %s", c.Name)
		}
	}
	up(true)
}

// TestTalkTopics is what staff see in a group with topics: first without the right to make them, and then with it.
func TestTalkTopics(t *testing.T) {
	t.Parallel()
	talks(t, "staff-topics", func(k *talk) {
		ann := k.user
		olga := k.forum(false)
		k.Send(ann, "/start")
		k.Send(ann, "/support")
		k.note("Ann writes to staff, and the bot may make no topic")
		k.Send(ann, "eins")
		k.becomes(olga)
		k.delivers()
		k.look()
		k.note("it may")
		k.Messenger.Promote(true, true)
		k.Send(ann, "zwei")
		k.delivers()
		k.look()
		k.taps("s_take|")
		k.taps("s_close|")
		k.note("an order")
		k.buy(ann)
		k.fulfils()
		k.delivers()
		k.look()
		k.taps("s_reopen|")
	})
}
