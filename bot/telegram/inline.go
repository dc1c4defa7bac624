package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// An InlineResult is a card in the list under an inline query. Choosing it sends HTML
// with Keyboard to the chat.
type InlineResult struct {
	ID          string // 1-64 bytes, different in one answer
	Title       string
	Description string
	HTML        string
	Keyboard    Keyboard
}

// InlineAnswer is the answer to an inline query.
type InlineAnswer struct {
	Results    []InlineResult // at most 50
	Cache      time.Duration  // how long Telegram may repeat the answer; 0: not at all
	Personal   bool           // the answer is for this person only, as prices may be
	NextOffset string         // what the next query for more shall carry; at most 64 bytes
}

type wireArticle struct {
	Type        string          `json:"type"`
	ID          string          `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Keyboard    json.RawMessage `json:"reply_markup,omitempty"`
	Content     wireContent     `json:"input_message_content"`
}

type wireContent struct {
	Text    string          `json:"message_text"`
	Mode    string          `json:"parse_mode"`
	Preview json.RawMessage `json:"link_preview_options"`
}

// AnswerInline answers an inline query. It never waits behind the limits of sends, and
// a query that is too old is success.
//
// Source: https://core.telegram.org/bots/api#answerinlinequery
func (c *Client) AnswerInline(ctx context.Context, id string, a InlineAnswer) error {
	const method = "answerInlineQuery"
	articles := make([]wireArticle, len(a.Results))
	for i, r := range a.Results {
		w := wireArticle{
			Type: "article", ID: r.ID, Title: valid(r.Title), Description: valid(r.Description),
			Content: wireContent{Text: valid(r.HTML), Mode: tgbotapi.ModeHTML, Preview: json.RawMessage(noPreview)},
		}
		if len(r.Keyboard) > 0 {
			k, err := r.Keyboard.encode(method)
			if err != nil {
				return err
			}
			w.Keyboard = json.RawMessage(k)
		}
		articles[i] = w
	}
	results, err := json.Marshal(articles)
	if err != nil {
		return err
	}
	p := tgbotapi.Params{
		"inline_query_id": id,
		"results":         string(results),
		"cache_time":      strconv.Itoa(int(a.Cache.Seconds())), // left out it means 300 s
	}
	p.AddBool("is_personal", a.Personal)
	p.AddNonEmpty("next_offset", a.NextOffset)
	_, err = c.call(ctx, method, p, impatient)
	if TooLate(err) {
		return nil
	}
	return err
}
