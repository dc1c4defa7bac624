package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
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

// ErrMembersHidden is Telegram's refusal to say who is in a chat: its list of members is
// hidden and the bot is no administrator of it, or it is a channel. It proves nothing about
// anybody. It comes together with the *Error.
var ErrMembersHidden = errors.New("telegram: the member list is hidden from the bot; make it an administrator of the group")

// hiddenMembers holds the texts of 400 that mean so.
var hiddenMembers = []string{"member list is inaccessible", "CHAT_ADMIN_REQUIRED"}

// BotID returns the bot's own user id, which is part of its token. Messages of the bot are
// known by it: a name can be changed.
func (c *Client) BotID() int64 {
	id, _, _ := strings.Cut(c.token, ":")
	n, _ := strconv.ParseInt(id, 10, 64) // New has seen to its shape
	return n
}

// A Membership is how a person belongs to a group.
type Membership struct {
	In    bool
	Admin bool   // its creator, or one of its administrators
	Name  string // as they are called; "": Telegram does not say
}

// Membership returns how a person belongs to a group now. In a public group that says little:
// anybody may join.
//
// Errors: ErrMembersHidden, which is not proof of membership; those of every call.
//
// Source: https://core.telegram.org/bots/api#getchatmember
func (c *Client) Membership(ctx context.Context, chat, person int64) (Membership, error) {
	p, err := base("getChatMember", chat, nil, 2)
	if err != nil {
		return Membership{}, err
	}
	p["user_id"] = strconv.FormatInt(person, 10)
	w, err := c.chatMember(ctx, p)
	return Membership{In: w.in(), Admin: w.admin(), Name: w.User.FirstName}, err
}

func (c *Client) chatMember(ctx context.Context, p map[string]string) (wireMember, error) {
	result, err := c.call(ctx, "getChatMember", p, patient)
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Code == http.StatusBadRequest && e.says(hiddenMembers...) {
			err = fmt.Errorf("%w: %w", ErrMembersHidden, err)
		}
		return wireMember{}, err
	}
	var w wireMember
	err = decode("getChatMember", result, &w)
	return w, err
}

// A GroupRights is a chat as a place for the staff: who can come in, and what the bot may do there.
type GroupRights struct {
	Chat          Chat
	Public        bool // it has a public name: anybody can find it and come in, so being in it proves nothing
	HiddenMembers bool // only administrators are told who is in it
	Member        bool // the bot is in it
	Admin         bool // the bot is an administrator: it reads everything and sees the members
	CanWrite      bool // the bot may send messages
}

// Group reports whether it is a group or supergroup: not a person, not a channel.
func (r GroupRights) Group() bool { return r.Chat.Type == "group" || r.Chat.Type == "supergroup" }

// SeesMembers reports whether Membership can answer for it.
func (r GroupRights) SeesMembers() bool { return r.Group() && (r.Admin || !r.HiddenMembers) }

// GroupRights returns what a chat is and what the bot may do in it, for doctor and for whoever is
// about to trust it. It makes two calls.
//
// Errors: those of every call. Unreachable means that the bot was removed, or never was in it.
//
// Source: https://core.telegram.org/bots/api#chatfullinfo, https://core.telegram.org/bots/api#chatmember
func (c *Client) GroupRights(ctx context.Context, chat int64) (GroupRights, error) {
	p, err := base("getChat", chat, nil, 2)
	if err != nil {
		return GroupRights{}, err
	}
	result, err := c.call(ctx, "getChat", p, patient)
	if err != nil {
		return GroupRights{}, err
	}
	var w struct {
		wireChat
		Usernames     []string `json:"active_usernames"`
		HiddenMembers bool     `json:"has_hidden_members"`
		Permissions   struct {
			Send *bool `json:"can_send_messages"`
		} `json:"permissions"`
	}
	if err := decode("getChat", result, &w); err != nil {
		return GroupRights{}, err
	}
	room := GroupRights{Chat: Chat(w.wireChat), HiddenMembers: w.HiddenMembers}
	if room.Chat.Private() {
		room.Member, room.CanWrite = true, true
		return room, nil
	}
	room.Public = w.Username != "" || len(w.Usernames) > 0
	p["user_id"] = strconv.FormatInt(c.BotID(), 10)
	bot, err := c.chatMember(ctx, p)
	if err != nil {
		return GroupRights{}, err
	}
	room.Member = bot.in()
	room.Admin = bot.admin()
	switch {
	case room.Admin:
		room.CanWrite = room.Chat.Type != "channel" || bot.CanPost || bot.Status == "creator"
	case bot.Status == "restricted":
		room.CanWrite = bot.IsMember && bot.CanSend
	case bot.Status == "member":
		room.CanWrite = room.Group() && (w.Permissions.Send == nil || *w.Permissions.Send)
	}
	return room, nil
}
