package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Kind is what an update is about: the name of its field in Telegram's JSON.
type Kind string

// The kinds that are asked for, and Unreadable for what is not an update at all.
const (
	KindMessage       Kind = "message"
	KindEditedMessage Kind = "edited_message"
	KindCallback      Kind = "callback_query"
	KindPreCheckout   Kind = "pre_checkout_query"
	KindInline        Kind = "inline_query"
	KindMyChatMember  Kind = "my_chat_member"
	Unreadable        Kind = "unreadable"
)

var asked = []Kind{KindMessage, KindEditedMessage, KindCallback, KindPreCheckout, KindInline, KindMyChatMember}

// AllowedUpdates returns the kinds of updates that the bot asks for. The list is sent
// each time, because without it Telegram keeps to the last one it got, and one without
// pre_checkout_query makes every payment time out.
func AllowedUpdates() []string {
	out := make([]string, len(asked))
	for i, k := range asked {
		out[i] = string(k)
	}
	return out
}

var askedJSON = func() string {
	b, _ := json.Marshal(asked) // strings only: cannot fail
	return string(b)
}()

// A RawUpdate is an update as it came, with what is needed to put it into a queue.
type RawUpdate struct {
	ID     int64
	UserID int64 // whose action it is; 0 when nobody did it
	Kind   Kind  // may be one that this package does not know
	Raw    json.RawMessage
}

// MaxPoll is the longest that Telegram keeps a poll waiting.
const MaxPoll = 50 * time.Second

// GetUpdates returns the updates from offset on, and waits up to timeout (at most
// Config.LongPoll) for the first. Asking with an offset tells Telegram to forget all updates
// before it, so these must be stored by then.
//
// An update that cannot be decoded is returned like any other, as long as its id is
// known or follows from its neighbours.
//
// Source: https://core.telegram.org/bots/api#getupdates
func (c *Client) GetUpdates(ctx context.Context, offset int64, timeout time.Duration) ([]RawUpdate, error) {
	timeout = min(max(timeout, 0), c.longPoll)
	// A connection that died is noticed soon after the answer was due.
	ctx, cancel := context.WithTimeout(ctx, timeout+20*time.Second)
	defer cancel()
	p := tgbotapi.Params{
		"offset":          strconv.FormatInt(offset, 10),
		"timeout":         strconv.Itoa(int((timeout + time.Second - 1) / time.Second)),
		"limit":           "100",
		"allowed_updates": askedJSON,
	}
	result, err := c.call(ctx, "getUpdates", p, none)
	if err != nil {
		return nil, err
	}
	var raw []json.RawMessage
	// Not unmarshal: an answer that is no list must not pass for an empty one.
	if err := json.Unmarshal(result, &raw); err != nil {
		return nil, unreadable("getUpdates", err)
	}
	return c.sift(raw, offset), nil
}

// sift makes RawUpdates of the elements of an answer.
func (c *Client) sift(raw []json.RawMessage, offset int64) []RawUpdate {
	updates := make([]RawUpdate, len(raw))
	whole := true
	for i, r := range raw {
		updates[i] = peek(r)
		whole = whole && updates[i].ID != 0
	}
	if whole {
		return updates
	}
	taken := make(map[int64]bool, len(updates))
	for _, u := range updates {
		taken[u.ID] = true
	}
	// Ids go up one by one, so an update without a readable one is the next after the
	// one before it. Where that is not so there is no id to remember it by.
	before := offset - 1
	for i := range updates {
		u := &updates[i]
		if u.ID == 0 && before >= 0 && !taken[before+1] {
			u.ID = before + 1
		}
		if u.ID == 0 {
			c.log.Error("an update without an id was dropped", "bytes", len(u.Raw))
			continue
		}
		before = u.ID
	}
	return slices.DeleteFunc(updates, func(u RawUpdate) bool { return u.ID == 0 })
}

// actor is the part of every kind that says who did it.
type actor struct {
	From *struct {
		ID int64 `json:"id"`
	} `json:"from"`
	User *struct { // of reactions and answers to polls
		ID int64 `json:"id"`
	} `json:"user"`
}

func (a *actor) person() int64 {
	switch {
	case a == nil:
		return 0
	case a.From != nil:
		return a.From.ID
	case a.User != nil:
		return a.User.ID
	}
	return 0
}

// peek reads the id, the kind and the person of an update.
func peek(raw json.RawMessage) RawUpdate {
	u := RawUpdate{Kind: Unreadable, Raw: raw}
	var w struct {
		ID            int64  `json:"update_id"`
		Message       *actor `json:"message"`
		Callback      *actor `json:"callback_query"`
		PreCheckout   *actor `json:"pre_checkout_query"`
		EditedMessage *actor `json:"edited_message"`
		Inline        *actor `json:"inline_query"`
		MyChatMember  *actor `json:"my_chat_member"`
	}
	if unmarshal(raw, &w) != nil {
		return u
	}
	u.ID = max(w.ID, 0)
	known := [...]struct {
		kind Kind
		who  *actor
	}{
		{KindMessage, w.Message},
		{KindCallback, w.Callback},
		{KindPreCheckout, w.PreCheckout},
		{KindEditedMessage, w.EditedMessage},
		{KindInline, w.Inline},
		{KindMyChatMember, w.MyChatMember},
	}
	for _, k := range known {
		if k.who != nil {
			u.Kind, u.UserID = k.kind, k.who.person()
			return u
		}
	}
	u.Kind, u.UserID = peekUnknown(raw)
	return u
}

// peekUnknown names a kind that this package does not know after its field.
func peekUnknown(raw json.RawMessage) (Kind, int64) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return Unreadable, 0
	}
	delete(fields, "update_id")
	kind := Unreadable
	for name := range fields {
		if kind == Unreadable || Kind(name) < kind {
			kind = Kind(name)
		}
	}
	var who actor
	if body, ok := fields[string(kind)]; ok && unmarshal(body, &who) == nil {
		return kind, who.person()
	}
	return kind, 0
}
