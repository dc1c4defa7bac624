package sandbox

import (
	"encoding/json"
	"slices"
)

// An InlineAnswer is what the bot answered to an inline query.
type InlineAnswer struct {
	QueryID    string         `json:"query_id"`
	Results    []InlineResult `json:"results"`
	NextOffset string         `json:"next_offset"`
	CacheTime  int64          `json:"-"` // seconds; 300 unless the bot said otherwise
	Personal   bool           `json:"-"` // not to be shown to others from the cache
	Button     *InlineButton  `json:"button"`
}

// An InlineResult is one line of the list above the text field, and the message it becomes.
type InlineResult struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Text        string     `json:"-"`
	Entities    []Entity   `json:"-"`
	Keyboard    [][]Button `json:"-"`
	preview     string
}

// HTML returns the text of the message with its formatting as Telegram HTML.
func (r InlineResult) HTML() string { return toHTML(r.Text, r.Entities) }

// An InlineButton stands above the results and opens the chat with the bot.
type InlineButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter,omitempty"`
	URL   string `json:"url,omitempty"` // of a Web App
}

func badResult(why string) *apiError { return bad("can't parse inline query result: %s", why) }

// answerInlineQuery checks the list as a whole and each text in it as if it were sent.
// Source: https://core.telegram.org/bots/api#answerinlinequery (read 2026-11).
func (s *Server) answerInlineQuery(p *params) (any, *apiError) {
	a, err := p.inlineAnswer()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.answer(p.str("inline_query_id"), "inline")
	if err != nil {
		return nil, err
	}
	a.QueryID = q.id
	*q.inline = a
	s.inline.keep(q, s.now())
	close(q.done)
	return true, nil
}

func (p *params) inlineAnswer() (InlineAnswer, *apiError) {
	a := InlineAnswer{NextOffset: p.str("next_offset"), CacheTime: max(p.int("cache_time", 300), 0), Personal: p.bool("is_personal"), Results: []InlineResult{}}
	var err *apiError
	if a.Button, err = p.inlineButton(); err != nil {
		return a, err
	}
	raw := json.RawMessage(p.str("results"))
	if !json.Valid(raw) {
		return a, bad("can't parse JSON encoded inline query results")
	}
	list, ok := array(raw)
	if !ok {
		return a, bad("expected an Array of inline query results")
	}
	if len(list) > maxInlineResults {
		return a, bad("too many inline query results specified")
	}
	for _, raw := range list {
		r, err := decodeResult(raw)
		if err != nil {
			return a, err
		}
		a.Results = append(a.Results, r)
	}
	if len(a.NextOffset) > maxInlineOffset {
		return a, bad("NEXT_OFFSET_INVALID")
	}
	for i, r := range a.Results {
		switch {
		case r.ID == "":
			return a, bad("RESULT_ID_EMPTY")
		case len(r.ID) > maxInlineID:
			return a, bad("RESULT_ID_INVALID")
		case slices.ContainsFunc(a.Results[:i], func(other InlineResult) bool { return other.ID == r.ID }):
			return a, bad("RESULT_ID_DUPLICATE")
		case r.Type == "article" && r.Title == "":
			return a, bad("ARTICLE_TITLE_EMPTY")
		}
	}
	return a, nil
}

// inlineButton reads "button": with exactly one of a Web App and a start parameter.
func (p *params) inlineButton() (*InlineButton, *apiError) {
	v := p.str("button")
	if v == "" {
		return nil, nil
	}
	f, ok := object(json.RawMessage(v))
	if !ok {
		return nil, bad("can't parse InlineQueryResultsButton: expected an Object")
	}
	if !isString(f["text"]) {
		return nil, bad(`can't parse InlineQueryResultsButton: Can't find field "text"`)
	}
	b := &InlineButton{Text: text(f["text"]), Start: text(f["start_parameter"])}
	app, hasApp := object(f["web_app"])
	_, hasStart := f["start_parameter"]
	switch {
	case hasApp == hasStart:
		return nil, bad("can't parse InlineQueryResultsButton: exactly one of the fields web_app and start_parameter must be used")
	case hasApp:
		b.URL = text(app["url"])
		if link, err := checkLink(b.URL); err != nil || link[:min(len(link), 8)] != "https://" {
			return nil, bad("inline query result button Web App URL '%s' is invalid: Only HTTPS links are allowed", b.URL)
		}
	case b.Start == "":
		return nil, bad("can't use empty start_parameter")
	case len(b.Start) > maxStartParameter:
		return nil, bad("too long start_parameter specified")
	case !validStartParameter(b.Start):
		return nil, bad("unallowed characters in start_parameter are used")
	}
	if b.Text == "" {
		return nil, bad("SWITCH_PM_TEXT_EMPTY")
	}
	return b, nil
}

// resultTypes are those that there are; only articles are looked into and can be sent here.
var resultTypes = []string{
	"article", "audio", "contact", "document", "game", "gif", "location", "mpeg4_gif", "photo", "sticker", "venue", "video", "voice",
}

func decodeResult(raw json.RawMessage) (InlineResult, *apiError) {
	f, ok := object(raw)
	if !ok {
		return InlineResult{}, badResult("Inline query result must be an object")
	}
	for _, key := range []string{"type", "id"} {
		if _, has := f[key]; !has {
			return InlineResult{}, badResult(`Can't find field "` + key + `"`)
		}
		if !isString(f[key]) && !isNumber(f[key]) {
			return InlineResult{}, badResult(`Field "` + key + `" must be of type String`)
		}
	}
	r := InlineResult{Type: text(f["type"]), ID: text(f["id"]), Title: text(f["title"]), Description: text(f["description"])}
	if !slices.Contains(resultTypes, r.Type) {
		return r, badResult(`type "` + r.Type + `" is unsupported for the inline query result`)
	}
	kb, err := decodeMarkup(string(f["reply_markup"]))
	switch {
	case err != nil:
		return r, err
	case kb.reply:
		return r, bad("inline keyboard expected")
	}
	if err := checkPlaces(kb.inline, false); err != nil {
		return r, err
	}
	if r.Keyboard = kb.inline; r.Type != "article" {
		return r, nil
	}
	if _, has := f["title"]; !has {
		return r, badResult(`Can't find field "title"`)
	}
	return r, r.readContent(f["input_message_content"])
}

// readContent reads the text that the result becomes.
func (r *InlineResult) readContent(raw json.RawMessage) *apiError {
	f, ok := object(raw)
	if !ok {
		return badResult("Message content is not specified")
	}
	if _, has := f["message_text"]; !has {
		return badResult(`Can't find field "message_text"`)
	}
	sub := &params{values: map[string]string{"text": text(f["message_text"]), "parse_mode": text(f["parse_mode"])}}
	for _, key := range []string{"entities", "link_preview_options"} {
		if v := f[key]; len(v) > 0 {
			sub.values[key] = string(v)
		}
	}
	var err *apiError
	if r.Text, r.Entities, err = sub.textOf("MESSAGE_TOO_LONG"); err != nil {
		return err
	}
	r.preview, err = sub.previewFor(r.Text, r.Entities)
	return err
}
