package telegram_test

import (
	"testing"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
)

func TestTopicsOpenCloseAndAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Group: sandbox.Group{Forum: true, Admin: true}})
	w.poll()
	group := w.tg.Group().ID
	thread, err := w.c.CreateTopic(t.Context(), group, "Ann · 101")
	w.ok(err)
	for _, closed := range []bool{true, true, false, false} { // twice is as good as once
		w.ok(w.c.SetTopicClosed(t.Context(), group, thread, closed))
		if w.tg.TopicClosed(thread) != closed {
			t.Errorf("closed: %t, want %t", !closed, closed)
		}
	}
	staff := w.tg.User(201).In(group)
	_, err = staff.InTopic(thread).Send("it answers nothing")
	w.ok(err)
	if m := w.next().Message; m.Thread != thread || m.ReplyTo != nil {
		t.Errorf("what made the topic is taken for what is answered: %+v", m)
	}
	w.tg.Promote(true, false)
	if u := w.next(); u.MyChatMember == nil || u.MyChatMember.Topics || !u.MyChatMember.IsMember || !u.MyChatMember.Chat.Forum {
		t.Errorf("the right is withdrawn: %+v", u.MyChatMember)
	}
	if _, err := w.c.CreateTopic(t.Context(), group, "x"); !telegram.NoTopics(err) {
		t.Errorf("without the right: %v", err)
	}
	staff.CloseTopic(thread, true)
	text := telegram.Text{Chat: group, Thread: thread, HTML: "x"}
	if _, err := w.c.SendText(t.Context(), text); !telegram.TopicClosed(err) || telegram.TopicGone(err) {
		t.Errorf("closed: %v", err)
	}
	w.tg.DeleteTopic(thread)
	if _, err := w.c.SendText(t.Context(), text); !telegram.TopicGone(err) || telegram.TopicClosed(err) {
		t.Errorf("deleted: %v", err)
	}
	if err := w.c.SetTopicClosed(t.Context(), group, thread, true); err == nil {
		t.Error("a topic that is gone was closed")
	}
	w.tg.SetForum(false)
	if _, err := w.c.CreateTopic(t.Context(), group, "x"); !telegram.NoTopics(err) {
		t.Errorf("no forum: %v", err)
	}
}
