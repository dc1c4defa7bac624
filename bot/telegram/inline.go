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
	// Button stands above the results and opens the private chat, as a link with its Start does.
	Button InlineButton
}

// An InlineButton leads from an inline query into the private chat. Of no Text there is none.
type InlineButton struct {
	Text  string
	Start string // 1-64 of A-Z, a-z, 0-9, _ and -
}

// Limits of an answer to an inline query.
const (
	MaxInlineResults = 50
	MaxInlineID      = 64 // bytes
	MaxStart         = 64 // characters of a start parameter
)

type wireArticle struct {
	Type        string          `json:"type"`
	ID          string          `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Keyboard    json.RawMessage `json:"reply_markup,omitempty"`
	Content     wireContent     `json:"input_message_content"`
}

type wireInlineButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
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
	if a.Button.Text != "" {
		button, err := json.Marshal(wireInlineButton{valid(a.Button.Text), a.Button.Start})
		if err != nil {
			return err
		}
		p["button"] = string(button)
	}
	_, err = c.call(ctx, method, p, impatient)
	if TooLate(err) {
		return nil
	}
	return err
}
