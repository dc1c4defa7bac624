package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
)

// An InlineAnswer is what the bot answered to an inline query.
type InlineAnswer struct {
	Results    []InlineResult
	NextOffset string
	CacheTime  int64 // seconds; 300 unless the bot said otherwise
	Personal   bool  // not to be shown to others from the cache
}

// An InlineResult is one line of the list above the text field.
type InlineResult struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Markup      json.RawMessage `json:"reply_markup"`
	Content     struct {
		Text      string `json:"message_text"`
		ParseMode string `json:"parse_mode"`
	} `json:"input_message_content"`
}

// Inline types "@bot text" in some chat. It returns the query's id for WaitInline.
func (h *UserClient) Inline(text, offset string) (queryID string) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &query{person: h.id, chat: s.chats[h.id], data: text, inline: &InlineAnswer{}}
	s.ask(q)
	s.give("inline_query", obj{"id": q.id, "from": s.wireUser(h.id), "query": text, "offset": offset, "chat_type": "private"}, "inline "+itoa(h.id))
	return q.id
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

// answerInlineQuery checks the list as a whole and each text in it as if it were sent.
// Source: https://core.telegram.org/bots/api#answerinlinequery (read 2026-11).
func (s *Server) answerInlineQuery(p *params) (any, *apiError) {
	list, ok := array(json.RawMessage(p.str("results")))
	if !ok {
		return nil, bad("expected an Array of inline query results")
	}
	if len(list) > maxInlineResults {
		return nil, bad("RESULTS_TOO_MUCH")
	}
	if len(p.str("next_offset")) > maxInlineOffset {
		return nil, bad("NEXT_OFFSET_INVALID")
	}
	a := InlineAnswer{NextOffset: p.str("next_offset"), CacheTime: p.int("cache_time", 300), Personal: p.bool("is_personal")}
	seen := map[string]bool{}
	for _, raw := range list {
		var r InlineResult
		if json.Unmarshal(raw, &r) != nil || r.Type == "" {
			return nil, bad("can't parse inline query result: inline query result must be an object")
		}
		if r.ID == "" || len(r.ID) > maxInlineID {
			return nil, bad("RESULT_ID_INVALID")
		}
		if seen[r.ID] {
			return nil, bad("RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		if err := r.check(); err != nil {
			return nil, err
		}
		a.Results = append(a.Results, r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.answer(p.str("inline_query_id"), "inline")
	if err != nil {
		return nil, err
	}
	*q.inline = a
	close(q.done)
	return true, nil
}

func (r InlineResult) check() *apiError {
	kb, err := decodeMarkup(string(r.Markup))
	if err != nil {
		return err
	}
	if err := checkPlaces(kb.inline, false); err != nil {
		return err
	}
	if r.Type != "article" {
		return nil
	}
	if r.Title == "" {
		return bad(`can't parse inline query result: Can't find field "title"`)
	}
	sub := &params{values: map[string]string{"text": r.Content.Text, "parse_mode": r.Content.ParseMode}}
	_, _, err = sub.textOf("message is too long")
	return err
}
