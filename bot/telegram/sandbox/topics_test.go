package sandbox

import (
	"errors"
	"strings"
	"testing"
)

func TestTopics(t *testing.T) {
	w := newWorld(t, Options{Group: Group{Forum: true, Admin: true}})
	group := itoa(w.Group().ID)
	var topic struct {
		ID int `json:"message_thread_id"`
	}
	w.ok(&topic, "createForumTopic", "chat_id", group, "name", "Ann")
	thread := itoa(int64(topic.ID))
	w.ok(nil, "sendMessage", "chat_id", group, "text", "x", "message_thread_id", thread)
	staff := w.User(201).In(w.Group().ID)
	if _, err := staff.Reply(staff.Last().ID, "answer"); err != nil {
		t.Fatal(err)
	}
	if m := staff.Last(); m.Thread != topic.ID || m.Topic != "Ann" {
		t.Errorf("the reply is in topic %d %q, want %d", m.Thread, m.Topic, topic.ID)
	}
	if m, err := staff.InTopic(topic.ID).Send("by the way"); err != nil || m.Thread != topic.ID {
		t.Errorf("said in the topic: %+v, %v", m, err)
	}
	list := w.take()
	if said := string(list[len(list)-1]["message"]); !strings.Contains(said, "forum_topic_created") || !strings.Contains(said, `"is_topic_message":true`) {
		t.Errorf("what answers nothing in a topic answers what made it: %s", said)
	}

	w.refused(w.call("closeForumTopic", "chat_id", group, "message_thread_id", "999"), 400, "Bad Request: TOPIC_ID_INVALID")
	w.refused(w.call("reopenForumTopic", "chat_id", group, "message_thread_id", thread), 400, "Bad Request: TOPIC_NOT_MODIFIED")
	w.ok(nil, "closeForumTopic", "chat_id", group, "message_thread_id", thread)
	if !w.TopicClosed(topic.ID) {
		t.Error("it is open")
	}
	w.ok(nil, "sendMessage", "chat_id", group, "text", "an administrator may", "message_thread_id", thread)
	w.AddUser(User{ID: 202, FirstName: "Sam", Staff: true})
	if _, err := w.User(202).In(w.Group().ID).InTopic(topic.ID).Send("may I?"); !errors.Is(err, ErrTopicClosed) {
		t.Errorf("a member writes in a closed topic: %v", err)
	}
	w.Promote(true, false)
	w.refused(w.call("sendMessage", "chat_id", group, "text", "x", "message_thread_id", thread), 400, "Bad Request: TOPIC_CLOSED")
	w.CloseGeneral(true)
	w.refused(w.call("sendMessage", "chat_id", group, "text", "x"), 400, "Bad Request: TOPIC_CLOSED")
	w.CloseGeneral(false)
	w.refused(w.call("createForumTopic", "chat_id", group, "name", "x"), 400, "Bad Request: not enough rights to create a topic")
	w.Promote(true, true)

	w.DeleteTopic(topic.ID)
	w.refused(w.call("sendMessage", "chat_id", group, "text", "x", "message_thread_id", thread), 400, "Bad Request: message thread not found")
	w.SetForum(false)
	w.refused(w.call("createForumTopic", "chat_id", group, "name", "x"), 400, "Bad Request: the chat is not a forum")
}

func TestAGroupBecomesAForum(t *testing.T) {
	w := newWorld(t, Options{})
	w.refused(w.call("createForumTopic", "chat_id", itoa(w.Group().ID), "name", "x"), 400, "Bad Request: the chat is not a forum")
	before := w.Group().ID
	w.SetForum(true)
	if w.Group().ID == before {
		t.Error("a basic group has topics")
	}
	group := itoa(w.Group().ID)
	var chat struct {
		Forum bool `json:"is_forum"`
	}
	w.ok(&chat, "getChat", "chat_id", group)
	if !chat.Forum {
		t.Error("it is no forum")
	}
	w.refused(w.call("createForumTopic", "chat_id", group, "name", "x"), 400, "Bad Request: not enough rights to create a topic")
	w.Promote(true, true)
	w.ok(nil, "createForumTopic", "chat_id", group, "name", "x")
	if len(w.Topics()) != 1 {
		t.Errorf("%v", w.Topics())
	}
}
