package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Text is a message of text.
type Text struct {
	Chat     int64
	Thread   int    // forum topic; 0: General, or not a forum
	HTML     string // 1-4096 characters after parsing; values are escaped with EscapeHTML
	Keyboard Keyboard
	Silent   bool // arrives without a sound
	Protect  bool // cannot be forwarded or saved
	Preview  bool // show a preview of the first link; off by default
	ReplyTo  int  // message id; ignored when that message is gone
	Bulk     bool // part of a broadcast: keeps to its share of the limits
}

// noPreview is link_preview_options for messages that say nothing about previews.
const noPreview = `{"is_disabled":true}`

// SendText sends a message and returns its id. It waits for its turn under the limits
// and, after 429, for as long as Telegram asks, up to half a minute.
//
// Errors: *Error, see Temporary, Unreachable, MigratedTo and MayHaveHappened; ErrInvalid.
//
// Source: https://core.telegram.org/bots/api#sendmessage
func (c *Client) SendText(ctx context.Context, t Text) (int, error) {
	p, err := t.params("sendMessage")
	if err != nil {
		return 0, err
	}
	addThread(p, t.Thread)
	addFlags(p, t.Silent, t.Protect)
	addReply(p, t.ReplyTo)
	s, err := c.send(ctx, outgoing{method: "sendMessage", chat: t.Chat, params: p, bulk: t.Bulk})
	return s.MessageID, err
}

// EditText replaces the text and the keyboard of a message; no keyboard takes the old
// one away. A message that already looks so is success. Edits do not wait under the
// limits of sends.
//
// Source: https://core.telegram.org/bots/api#editmessagetext
func (c *Client) EditText(ctx context.Context, messageID int, t Text) error {
	p, err := t.params("editMessageText")
	if err != nil {
		return err
	}
	return c.edit(ctx, "editMessageText", messageID, p)
}

// params are the parameters that sending and editing a text have in common.
func (t Text) params(method string) (tgbotapi.Params, error) {
	if strings.TrimSpace(t.HTML) == "" {
		return nil, invalid(method, "no text")
	}
	p, err := base(method, t.Chat, t.Keyboard, 10)
	if err != nil {
		return nil, err
	}
	p["text"] = valid(t.HTML)
	p["parse_mode"] = tgbotapi.ModeHTML
	if !t.Preview {
		p["link_preview_options"] = noPreview
	}
	return p, nil
}

// EditKeyboard replaces the buttons of a message and leaves the rest. A nil keyboard
// takes them away; one that is there already is success.
//
// Source: https://core.telegram.org/bots/api#editmessagereplymarkup
func (c *Client) EditKeyboard(ctx context.Context, chat int64, messageID int, k Keyboard) error {
	p, err := base("editMessageReplyMarkup", chat, k, 4)
	if err != nil {
		return err
	}
	return c.edit(ctx, "editMessageReplyMarkup", messageID, p)
}

// EditCaption replaces the caption and the keyboard of a photo or document; no keyboard
// takes the old one away. A message that already looks so is success.
//
// Source: https://core.telegram.org/bots/api#editmessagecaption
func (c *Client) EditCaption(ctx context.Context, chat int64, messageID int, html string, k Keyboard) error {
	p, err := base("editMessageCaption", chat, k, 6)
	if err != nil {
		return err
	}
	p["caption"] = valid(html)
	p["parse_mode"] = tgbotapi.ModeHTML
	return c.edit(ctx, "editMessageCaption", messageID, p)
}

func (c *Client) edit(ctx context.Context, method string, messageID int, p tgbotapi.Params) error {
	if messageID == 0 {
		return invalid(method, "no message id")
	}
	p["message_id"] = strconv.Itoa(messageID)
	_, err := c.call(ctx, method, p, patient)
	if refused(err, "message is not modified") {
		return nil
	}
	return err
}

// Delete removes a message. One that is gone already is success; one older than 48
// hours cannot be removed, which MessageGone reports too.
//
// Source: https://core.telegram.org/bots/api#deletemessage
func (c *Client) Delete(ctx context.Context, chat int64, messageID int) error {
	p, err := base("deleteMessage", chat, nil, 2)
	if err != nil {
		return err
	}
	p["message_id"] = strconv.Itoa(messageID)
	_, err = c.call(ctx, "deleteMessage", p, patient)
	if refused(err, "message to delete not found") {
		return nil
	}
	return err
}

// maxCallbackText is how many characters the answer to a press may have.
const maxCallbackText = 200

// AnswerCallback ends the waiting of a pressed button, with a passing note or, if alert
// is set, with a box to be closed; text may be empty and is cut at 200 characters. It
// never waits behind the limits of sends. A press that is too old or was answered
// before is success: there is nothing left to do for it.
//
// Source: https://core.telegram.org/bots/api#answercallbackquery
func (c *Client) AnswerCallback(ctx context.Context, id, text string, alert bool) error {
	p := tgbotapi.Params{"callback_query_id": id}
	if text != "" {
		p["text"] = Clip(valid(text), maxCallbackText)
	}
	p.AddBool("show_alert", alert)
	_, err := c.call(ctx, "answerCallbackQuery", p, impatient)
	if TooLate(err) {
		return nil
	}
	return err
}

// React puts one emoji of the bot under a message, in place of the one before. It counts as no send,
// and a failure is not worth a second try: the chat may not allow it, or the message may be gone.
//
// Source: https://core.telegram.org/bots/api#setmessagereaction
func (c *Client) React(ctx context.Context, chat int64, messageID int, emoji string) error {
	p, err := base("setMessageReaction", chat, nil, 3)
	if err != nil {
		return err
	}
	reaction, err := json.Marshal([]map[string]string{{"type": "emoji", "emoji": emoji}})
	if err != nil {
		return invalid("setMessageReaction", "%v", err)
	}
	p["message_id"], p["reaction"] = strconv.Itoa(messageID), string(reaction)
	_, err = c.call(ctx, "setMessageReaction", p, none)
	return err
}

// Action is what ChatAction shows.
type Action string

// The actions that fit a shop.
const (
	Typing            Action = "typing"
	UploadingPhoto    Action = "upload_photo"
	UploadingDocument Action = "upload_document"
)

// ChatAction shows the person for some seconds that the bot is at work. It counts as no
// send, and a failure is not worth a second try.
//
// Source: https://core.telegram.org/bots/api#sendchataction
func (c *Client) ChatAction(ctx context.Context, chat int64, action Action) error {
	p, err := base("sendChatAction", chat, nil, 2)
	if err != nil {
		return err
	}
	p["action"] = string(action)
	_, err = c.call(ctx, "sendChatAction", p, none)
	return err
}

// outgoing is a message on its way.
type outgoing struct {
	method string
	chat   int64
	params tgbotapi.Params
	files  []tgbotapi.RequestFile
	bulk   bool
}

// send waits for the chat's turn, sends, and after 429 waits and sends again. Any other
// failure is returned as it is: the message may have been delivered.
func (c *Client) send(ctx context.Context, o outgoing) (Sent, error) {
	result, err := c.sendRaw(ctx, o)
	if err != nil {
		return Sent{}, err
	}
	return readSent(o.method, result)
}

// sendRaw is send for what is answered with something else than one message.
func (c *Client) sendRaw(ctx context.Context, o outgoing) (json.RawMessage, error) {
	wait, t, where := patienceOf(ctx, patient), c.pace.turn(o.chat), place(o.method, o.params)
	var flooded *Error
	for try := 0; ; try++ {
		result, err := c.sendOnce(ctx, o, t, where, wait)
		if err == nil {
			return result, nil
		}
		if err.unsent && err.Code == 0 && flooded != nil {
			return nil, flooded
		}
		if !worthWaiting(ctx, err, try, wait) {
			return nil, err
		}
		flooded = err
	}
}

// sendOnce is one attempt. What Telegram asked for is looked at before a place under the
// limits is taken, and once more when it has come.
func (c *Client) sendOnce(ctx context.Context, o outgoing, t *turn, where string, wait patience) (json.RawMessage, *Error) {
	if d := c.holds.left(where); d > time.Duration(wait) {
		return nil, heldBack(o.method, d)
	}
	if err := c.pace.wait(ctx, t, o.bulk); err != nil {
		return nil, notItsTurn(o.method, err)
	}
	return c.inTurn(ctx, o.method, o.params, o.files, wait)
}

// notItsTurn is the error of a send that gave up under the limits.
func notItsTurn(method string, err error) *Error {
	var late *lateError
	if errors.As(err, &late) {
		return heldBack(method, late.wait)
	}
	return &Error{Method: method, Description: "not sent: " + err.Error(), unsent: true, cause: safeCause(err)}
}

// Sent is what became of a message.
type Sent struct {
	MessageID int
	FileID    string // of the photo or document, to send it again without uploading
}

func readSent(method string, result json.RawMessage) (Sent, error) {
	var m struct { // of a whole message, whose text would be read for nothing
		ID       int        `json:"message_id"`
		Photo    []wireFile `json:"photo"`
		Document *wireFile  `json:"document"`
	}
	if err := decode(method, result, &m); err != nil {
		return Sent{}, err
	}
	sent := Sent{MessageID: m.ID}
	switch {
	case m.ID == 0:
		return Sent{}, unreadable(method, errors.New("no message id"))
	case len(m.Photo) > 0:
		sent.FileID = m.Photo[len(m.Photo)-1].FileID
	case m.Document != nil:
		sent.FileID = m.Document.FileID
	}
	return sent, nil
}

// base starts the parameters of a call with size more to come. An empty keyboard is
// left out, except where there is nothing else to say.
func base(method string, chat int64, k Keyboard, size int) (tgbotapi.Params, error) {
	if chat == 0 {
		return nil, invalid(method, "no chat")
	}
	p := make(tgbotapi.Params, size)
	p["chat_id"] = strconv.FormatInt(chat, 10)
	if len(k) > 0 || method == "editMessageReplyMarkup" {
		markup, err := k.encode(method)
		if err != nil {
			return nil, err
		}
		p["reply_markup"] = markup
	}
	return p, nil
}

func addThread(p tgbotapi.Params, thread int) {
	if thread != 0 {
		p["message_thread_id"] = strconv.Itoa(thread)
	}
}

// addReply makes it a reply to a message of the same chat, if that is still there.
func addReply(p tgbotapi.Params, message int) {
	if message != 0 {
		p["reply_parameters"] = `{"message_id":` + strconv.Itoa(message) + `,"allow_sending_without_reply":true}`
	}
}

func addFlags(p tgbotapi.Params, silent, protect bool) {
	p.AddBool("disable_notification", silent)
	p.AddBool("protect_content", protect)
}

// refused reports whether err is Telegram's 400 with this text.
func refused(err error, text string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest && e.says(text)
}

// valid replaces what is not UTF-8: Telegram would refuse the whole message for it.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
