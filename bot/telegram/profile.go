package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// A Command is an entry of the menu that apps show beside the text field.
type Command struct {
	Name        string `json:"command"`     // 1-32 of a-z0-9_, without the slash
	Description string `json:"description"` // 1-256 characters
}

// A Scope says who sees a list of commands; the narrower list wins.
type Scope struct {
	Type string // "default", "all_private_chats", "chat", …
	Chat int64  // with "chat"
}

// Scopes that need nothing more to be said.
var (
	ScopeDefault = Scope{Type: "default"}
	ScopePrivate = Scope{Type: "all_private_chats"}
)

// ScopeChat is one chat, such as the group of the staff.
func ScopeChat(chat int64) Scope { return Scope{Type: "chat", Chat: chat} }

// SetCommands replaces the list of commands of a scope, at most 100. lang is exactly two
// letters, or empty for everybody without a list in their language.
//
// Source: https://core.telegram.org/bots/api#setmycommands
func (c *Client) SetCommands(ctx context.Context, scope Scope, lang string, cmds []Command) error {
	if cmds == nil {
		cmds = []Command{} // null is refused
	}
	list, err := json.Marshal(cmds)
	if err != nil {
		return err
	}
	p := tgbotapi.Params{"commands": string(list), "scope": scope.encode()}
	p.AddNonEmpty("language_code", lang)
	_, err = c.call(ctx, "setMyCommands", p, patient)
	return err
}

// Commands is the list of commands of a scope and a language as Telegram has it, empty if none was set.
//
// Source: https://core.telegram.org/bots/api#getmycommands
func (c *Client) Commands(ctx context.Context, scope Scope, lang string) ([]Command, error) {
	p := tgbotapi.Params{"scope": scope.encode()}
	p.AddNonEmpty("language_code", lang)
	answer, err := c.call(ctx, "getMyCommands", p, patient)
	if err != nil {
		return nil, err
	}
	var list []Command
	if err := json.Unmarshal(answer, &list); err != nil {
		return nil, fmt.Errorf("answer to getMyCommands: %w", err)
	}
	return list, nil
}

func (s Scope) encode() string {
	if s.Chat == 0 {
		return `{"type":` + strconv.Quote(s.Type) + `}`
	}
	return `{"type":` + strconv.Quote(s.Type) + `,"chat_id":` + strconv.FormatInt(s.Chat, 10) + `}`
}

// Limits of a bot's descriptions, in characters.
const (
	MaxDescription      = 512
	MaxShortDescription = 120
)

// SetDescriptions sets what people see before they press Start, and the short text on
// the bot's profile. lang is as in SetCommands.
//
// Source: https://core.telegram.org/bots/api#setmydescription
func (c *Client) SetDescriptions(ctx context.Context, lang, description, short string) error {
	texts := [...]struct{ method, field, text string }{
		{"setMyDescription", "description", description},
		{"setMyShortDescription", "short_description", short},
	}
	for _, t := range texts {
		p := tgbotapi.Params{t.field: valid(t.text)}
		p.AddNonEmpty("language_code", lang)
		if _, err := c.call(ctx, t.method, p, patient); err != nil {
			return err
		}
	}
	return nil
}
