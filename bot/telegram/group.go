package telegram

import (
	"context"
	"strconv"
)

// Chat returns what Telegram knows about a chat, such as whether a group has topics.
//
// Source: https://core.telegram.org/bots/api#getchat
func (c *Client) Chat(ctx context.Context, chat int64) (Chat, error) {
	p, err := base("getChat", chat, nil, 1)
	if err != nil {
		return Chat{}, err
	}
	result, err := c.call(ctx, "getChat", p, patient)
	if err != nil {
		return Chat{}, err
	}
	var w wireChat
	err = decode("getChat", result, &w)
	return Chat(w), err
}

// IsMember reports whether a person is in a group now.
//
// Source: https://core.telegram.org/bots/api#getchatmember
func (c *Client) IsMember(ctx context.Context, chat, person int64) (bool, error) {
	p, err := base("getChatMember", chat, nil, 2)
	if err != nil {
		return false, err
	}
	p["user_id"] = strconv.FormatInt(person, 10)
	result, err := c.call(ctx, "getChatMember", p, patient)
	if err != nil {
		return false, err
	}
	var w wireMember
	err = decode("getChatMember", result, &w)
	return w.in(), err
}

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
