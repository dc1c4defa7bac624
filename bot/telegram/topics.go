package telegram

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// MaxTopicName is Telegram's limit for the name of a topic, in characters.
// Source: https://core.telegram.org/bots/api#createforumtopic.
const MaxTopicName = 128

// CreateTopic opens a topic in a forum and returns its thread. The bot needs the right
// to manage topics.
//
// Source: https://core.telegram.org/bots/api#createforumtopic
func (c *Client) CreateTopic(ctx context.Context, chat int64, name string) (int, error) {
	p, err := base("createForumTopic", chat, nil, 2)
	if err != nil {
		return 0, err
	}
	p["name"] = valid(name)
	result, err := c.call(ctx, "createForumTopic", p, patient)
	if err != nil {
		return 0, err
	}
	var topic struct {
		Thread int `json:"message_thread_id"`
	}
	err = decode("createForumTopic", result, &topic)
	return topic.Thread, err
}

// SetTopicClosed closes a topic of a forum, or opens it again. One that is so already is success.
//
// Source: https://core.telegram.org/bots/api#closeforumtopic, https://core.telegram.org/bots/api#reopenforumtopic
func (c *Client) SetTopicClosed(ctx context.Context, chat int64, thread int, closed bool) error {
	method := "reopenForumTopic"
	if closed {
		method = "closeForumTopic"
	}
	p, err := base(method, chat, nil, 2)
	if err != nil {
		return err
	}
	p["message_thread_id"] = strconv.Itoa(thread)
	_, err = c.call(ctx, method, p, patient)
	var e *Error
	if errors.As(err, &e) && e.Code == http.StatusBadRequest && e.says("TOPIC_NOT_MODIFIED") {
		return nil
	}
	return err
}

// TopicGone reports whether the topic that was named is not there: it was deleted, or the group is no forum any more.
func TopicGone(err error) bool {
	return topicSays(err, "message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID", "the chat is not a forum")
}

// TopicClosed reports whether the topic is there, and only administrators who manage topics may write in it.
func TopicClosed(err error) bool { return topicSays(err, "TOPIC_CLOSED") }

// NoTopics reports whether the bot cannot make topics there: the group has none, or the right was not given.
func NoTopics(err error) bool {
	return NotForum(err) || topicSays(err, "not enough rights to create a topic", "CHAT_ADMIN_REQUIRED")
}

// NotForum reports whether the group has no topics.
func NotForum(err error) bool { return topicSays(err, "the chat is not a forum") }

func topicSays(err error, texts ...string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest && !e.foreign && e.says(texts...)
}
