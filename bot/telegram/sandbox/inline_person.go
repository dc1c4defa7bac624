package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNoInline is said to a person who types the name of a bot whose inline mode is off in BotFather.
var ErrNoInline = errors.New("this bot has no inline mode")

// maxInlineQuery is how much of what is typed reaches the bot, in characters.
const maxInlineQuery = 256

// inlineCache holds answers as Telegram does: for the same text and offset the bot is not asked again
// within its cache_time, and by nobody else either unless the answer is personal.
type inlineCache map[inlineKey]cachedAnswer

type inlineKey struct {
	person       int64 // 0: for everybody
	text, offset string
}

type cachedAnswer struct {
	query string
	until time.Time
}

const maxCachedAnswers = 1000

func (c *inlineCache) keep(q *query, now time.Time) {
	if *c == nil || len(*c) >= maxCachedAnswers {
		*c = inlineCache{}
	}
	if q.inline.CacheTime == 0 {
		return
	}
	key := inlineKey{text: q.data, offset: q.label}
	if q.inline.Personal {
		key.person = q.person
	}
	(*c)[key] = cachedAnswer{q.id, now.Add(time.Duration(q.inline.CacheTime) * time.Second)}
}

// cached is the query whose answer holds for this one too, nil if there is none. Lock held.
func (s *Server) cached(person int64, text, offset string) *query {
	for _, who := range []int64{person, 0} {
		if a, ok := s.inline[inlineKey{who, text, offset}]; ok && s.now().Before(a.until) {
			return s.queries[a.query]
		}
	}
	return nil
}

// Inline types "@bot text" in the chat and asks the bot, whatever was answered before. It returns the
// query's id for WaitInline; "" if the bot has no inline mode.
func (h *UserClient) Inline(text, offset string) (queryID string) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.opt.NoInline {
		return ""
	}
	return h.s.inlineQuery(h, text, offset).id
}

// inlineQuery hands a query to the bot. Lock held.
func (s *Server) inlineQuery(h *UserClient, text, offset string) *query {
	if letters := []rune(text); len(letters) > maxInlineQuery {
		text = string(letters[:maxInlineQuery])
	}
	q := &query{person: h.id, chat: s.chats[h.id], data: text, label: offset, inline: &InlineAnswer{}}
	s.ask(q)
	where := "sender" // the private chat with the bot itself
	if c := s.chats[h.chat]; c != nil && !c.private() {
		where = c.kind
	}
	s.give("inline_query", obj{"id": q.id, "from": s.wireUser(h.id), "query": text, "offset": offset, "chat_type": where}, "inline "+itoa(h.id))
	return q
}

// AskInline is what an app does for "@bot text": it returns the answer that is cached, or asks the bot
// and waits for it.
func (h *UserClient) AskInline(ctx context.Context, text, offset string) (InlineAnswer, error) {
	s := h.s
	s.mu.Lock()
	if s.opt.NoInline {
		s.mu.Unlock()
		return InlineAnswer{}, ErrNoInline
	}
	q := s.cached(h.id, text, offset)
	if q == nil {
		q = s.inlineQuery(h, text, offset)
	}
	id := q.id
	s.mu.Unlock()
	return h.WaitInline(ctx, id)
}

// WaitInline waits until the bot has answered an inline query.
func (h *UserClient) WaitInline(ctx context.Context, queryID string) (InlineAnswer, error) {
	if _, err := h.WaitAnswered(ctx, queryID); err != nil {
		return InlineAnswer{}, fmt.Errorf("inline query: %w", err)
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	q := h.s.queries[queryID]
	if q == nil || q.inline == nil {
		return InlineAnswer{}, fmt.Errorf("inline query %q is unknown", queryID)
	}
	return *q.inline, nil
}

// SendInline chooses a result: the person sends it into the chat, "via" the bot. The bot hears of the
// message where it hears of messages at all, with via_bot set.
func (h *UserClient) SendInline(queryID, resultID string) (Message, error) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := h.place()
	if err != nil {
		return Message{}, err
	}
	q := s.queries[queryID]
	if q == nil || q.inline == nil {
		return Message{}, fmt.Errorf("inline query %q is unknown", queryID)
	}
	for _, r := range q.inline.Results {
		switch {
		case r.ID != resultID:
		case r.Text == "":
			return Message{}, fmt.Errorf("a result of type %s cannot be sent here", r.Type)
		default:
			m := &message{chat: c, from: h.id, viaBot: true, text: r.Text, ents: r.Entities, keyboard: r.Keyboard, preview: r.preview}
			c.started = c.started || c.private()
			s.post(m)
			c.read[h.id] = m.id
			if !c.kicked { // privacy mode lets through what came via the bot
				s.give("message", s.wireMessage(m), "chat "+itoa(c.id))
			}
			return s.view(m), nil
		}
	}
	return Message{}, fmt.Errorf("inline query %q has no result %q", queryID, resultID)
}
