package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The wire types hold what we read of Telegram's JSON and nothing else. None has an
// UnmarshalJSON of its own, so that a field of an unexpected type costs that field only.

type wireUser struct {
	ID               int64  `json:"id"`
	IsBot            bool   `json:"is_bot"`
	FirstName        string `json:"first_name"`
	LastName         string `json:"last_name"`
	Username         string `json:"username"`
	Language         string `json:"language_code"`
	InlineMode       bool   `json:"supports_inline_queries"`
	ReadsAllMessages bool   `json:"can_read_all_group_messages"`
}

func (w wireUser) user() User { return User(w) }

func (w *wireUser) pointer() *User {
	if w == nil {
		return nil
	}
	u := w.user()
	return &u
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title"`
	Username  string `json:"username"`
	FirstName string `json:"first_name"`
	Forum     bool   `json:"is_forum"`
}

type wireFile struct {
	FileID string `json:"file_id"`
}

type wirePayment struct {
	Currency         string `json:"currency"`
	Amount           int64  `json:"total_amount"`
	Payload          string `json:"invoice_payload"`
	ChargeID         string `json:"telegram_payment_charge_id"`
	ProviderChargeID string `json:"provider_payment_charge_id"`
}

type wireEntity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

type wireMessage struct {
	ID          int             `json:"message_id"`
	Chat        wireChat        `json:"chat"`
	From        *wireUser       `json:"from"`
	SenderChat  *wireChat       `json:"sender_chat"`
	Date        int64           `json:"date"`
	Text        string          `json:"text"`
	Caption     string          `json:"caption"`
	Photo       []wireFile      `json:"photo"`
	Document    *wireFile       `json:"document"`
	Video       *wireFile       `json:"video"`
	Voice       *wireFile       `json:"voice"`
	Audio       *wireFile       `json:"audio"`
	Sticker     *wireFile       `json:"sticker"`
	Animation   *wireFile       `json:"animation"`
	VideoNote   *wireFile       `json:"video_note"`
	Contact     json.RawMessage `json:"contact"`
	Location    json.RawMessage `json:"location"`
	Venue       json.RawMessage `json:"venue"` // comes with a location
	Poll        json.RawMessage `json:"poll"`
	Dice        json.RawMessage `json:"dice"`
	Story       json.RawMessage `json:"story"`
	Checklist   json.RawMessage `json:"checklist"`
	PaidMedia   json.RawMessage `json:"paid_media"`
	Game        json.RawMessage `json:"game"`
	Giveaway    json.RawMessage `json:"giveaway"`
	Entities    []wireEntity    `json:"entities"`
	OfCaption   []wireEntity    `json:"caption_entities"`
	Album       string          `json:"media_group_id"`
	Payment     *wirePayment    `json:"successful_payment"`
	Refund      *wirePayment    `json:"refunded_payment"`
	ReplyTo     *wireMessage    `json:"reply_to_message"`
	Markup      wireMarkup      `json:"reply_markup"`
	ViaBot      *wireUser       `json:"via_bot"`
	MigrateTo   int64           `json:"migrate_to_chat_id"`
	MigrateFrom int64           `json:"migrate_from_chat_id"`
	Thread      int             `json:"message_thread_id"`
	IsTopic     bool            `json:"is_topic_message"`
	Joined      []wireUser      `json:"new_chat_members"`
	Left        *wireUser       `json:"left_chat_member"`
	Forward     json.RawMessage `json:"forward_origin"`
	NewTopic    json.RawMessage `json:"forum_topic_created"`
	TopicClosed json.RawMessage `json:"forum_topic_closed"`
	TopicOpened json.RawMessage `json:"forum_topic_reopened"`
}

type wireMarkup struct {
	Rows [][]struct {
		Data string `json:"callback_data"`
	} `json:"inline_keyboard"`
}

type wireMember struct {
	User     wireUser `json:"user"`
	Status   string   `json:"status"`
	IsMember bool     `json:"is_member"`
	CanSend  bool     `json:"can_send_messages"` // of somebody restricted
	CanPost  bool     `json:"can_post_messages"` // of an administrator of a channel
	Topics   bool     `json:"can_manage_topics"` // of an administrator of a forum
}

type wireUpdate struct {
	ID            int64        `json:"update_id"`
	Message       *wireMessage `json:"message"`
	EditedMessage *wireMessage `json:"edited_message"`
	Callback      *struct {
		ID              string       `json:"id"`
		From            wireUser     `json:"from"`
		Message         *wireMessage `json:"message"`
		InlineMessageID string       `json:"inline_message_id"`
		Data            string       `json:"data"`
	} `json:"callback_query"`
	PreCheckout *struct {
		ID       string   `json:"id"`
		From     wireUser `json:"from"`
		Currency string   `json:"currency"`
		Amount   int64    `json:"total_amount"`
		Payload  string   `json:"invoice_payload"`
	} `json:"pre_checkout_query"`
	Inline *struct {
		ID       string   `json:"id"`
		From     wireUser `json:"from"`
		Query    string   `json:"query"`
		Offset   string   `json:"offset"`
		ChatType string   `json:"chat_type"`
	} `json:"inline_query"`
	MyChatMember *struct {
		Chat wireChat   `json:"chat"`
		From wireUser   `json:"from"`
		Date int64      `json:"date"`
		Old  wireMember `json:"old_chat_member"`
		New  wireMember `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// unmarshal is json.Unmarshal that forgives fields of unexpected types: they stay
// zero, and everything else is read.
func unmarshal(b []byte, into any) error {
	err := json.Unmarshal(b, into)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return nil
	}
	return err
}

// Decode reads an update. Unknown kinds, unknown fields and fields of unexpected types
// never fail; what could not be read is left zero, so a payment whose amount could not
// be read has the amount 0. The error means that raw is not JSON at all.
//
// Source: https://core.telegram.org/bots/api#update
func Decode(raw json.RawMessage) (Update, error) {
	var w wireUpdate
	if err := unmarshal(raw, &w); err != nil {
		return Update{}, fmt.Errorf("telegram: decode update: %w", err)
	}
	u := Update{ID: w.ID, Message: w.Message.message(), EditedMessage: w.EditedMessage.message()}
	if q := w.Callback; q != nil {
		u.Callback = &Callback{ID: q.ID, From: q.From.user(), Message: q.Message.message(), InlineMessageID: q.InlineMessageID, Data: q.Data}
	}
	if q := w.PreCheckout; q != nil {
		u.PreCheckout = &PreCheckout{ID: q.ID, From: q.From.user(), Currency: strings.ToUpper(q.Currency), Amount: q.Amount, Payload: q.Payload}
	}
	if q := w.Inline; q != nil {
		u.Inline = &InlineQuery{ID: q.ID, From: q.From.user(), Query: q.Query, Offset: q.Offset, ChatType: q.ChatType}
	}
	if m := w.MyChatMember; m != nil {
		u.MyChatMember = &ChatMemberChange{
			Chat: Chat(m.Chat), From: m.From.user(), Date: moment(m.Date),
			Old: m.Old.Status, New: m.New.Status, IsMember: m.New.in(), Topics: m.New.Status == "creator" || m.New.admin() && m.New.Topics,
		}
	}
	return u, nil
}

func (m wireMember) admin() bool { return m.Status == "creator" || m.Status == "administrator" }

func (m wireMember) in() bool {
	switch m.Status {
	case "creator", "administrator", "member":
		return true
	case "restricted":
		return m.IsMember
	}
	return false
}

// message converts m, and the message it answers but not what that one answers:
// Telegram does not send more, and nobody else shall make us recurse.
func (m *wireMessage) message() *Message {
	if m == nil {
		return nil
	}
	out := m.alone()
	if m.ReplyTo != nil && len(m.ReplyTo.NewTopic) == 0 { // all that answers nothing in a topic "answers" what made it
		out.ReplyTo = m.ReplyTo.alone()
	}
	return out
}

func (m *wireMessage) alone() *Message {
	out := &Message{
		ID: m.ID, Chat: Chat(m.Chat), From: m.From.pointer(), Date: moment(m.Date),
		Text: m.Text, Caption: m.Caption, Album: m.Album,
		ViaBot: m.ViaBot.pointer(), MigrateTo: m.MigrateTo, MigrateFrom: m.MigrateFrom, TopicClosed: len(m.TopicClosed) > 0, TopicOpened: len(m.TopicOpened) > 0,
		Left: m.Left.pointer(),
	}
	out.Media, out.FileID = m.media()
	if len(m.Location) > 0 {
		var at Place
		if json.Unmarshal(m.Location, &at) == nil {
			out.Place = &at
		}
	}
	for _, e := range append(m.Entities, m.OfCaption...) {
		if e.Type == "text_link" && e.URL != "" {
			out.Links = append(out.Links, Link{e.Offset, e.Length, e.URL})
		}
		out.Styled = out.Styled || e.Type == "bold" || e.Type == "italic" || e.Type == "code"
	}
	for _, row := range m.Markup.Rows {
		for _, b := range row {
			if b.Data != "" {
				out.Buttons = append(out.Buttons, b.Data)
			}
		}
	}
	out.Command, out.CommandBot, out.CommandArgs = splitCommand(m.Text)
	out.Forwarded = len(m.Forward) > 0
	if m.IsTopic { // in other groups the field numbers threads of replies
		out.Thread = m.Thread
	}
	if m.SenderChat != nil {
		chat := Chat(*m.SenderChat)
		out.SenderChat = &chat
	}
	if p := m.Payment; p != nil {
		pay := SuccessfulPayment(*p)
		pay.Currency = strings.ToUpper(pay.Currency) // as in all comparisons
		out.Payment = &pay
	}
	if p := m.Refund; p != nil {
		out.Refund = &RefundedPayment{Currency: strings.ToUpper(p.Currency), Amount: p.Amount, Payload: p.Payload, ChargeID: p.ChargeID}
	}
	for _, u := range m.Joined {
		out.Joined = append(out.Joined, u.user())
	}
	return out
}

func (m *wireMessage) media() (Media, string) {
	if n := len(m.Photo); n > 0 {
		return MediaPhoto, m.Photo[n-1].FileID
	}
	files := [...]struct {
		kind Media
		file *wireFile
	}{
		{MediaAnimation, m.Animation}, // before the document that comes with it
		{MediaDocument, m.Document},
		{MediaVideo, m.Video},
		{MediaVoice, m.Voice},
		{MediaAudio, m.Audio},
		{MediaSticker, m.Sticker},
		{MediaVideoNote, m.VideoNote},
	}
	for _, f := range files {
		if f.file != nil {
			return f.kind, f.file.FileID
		}
	}
	for _, c := range [...]struct {
		kind Media
		it   json.RawMessage
	}{
		{MediaContact, m.Contact},
		{MediaVenue, m.Venue},
		{MediaLocation, m.Location},
		{MediaPoll, m.Poll},
		{MediaDice, m.Dice},
		{MediaStory, m.Story},
		{MediaChecklist, m.Checklist},
		{MediaPaid, m.PaidMedia},
		{MediaGame, m.Game},
		{MediaGiveaway, m.Giveaway},
	} {
		if len(c.it) > 0 {
			return c.kind, ""
		}
	}
	return NoMedia, ""
}

// splitCommand takes "/Start@some_bot JP" apart. A command is a slash and 1-32 letters,
// digits and underscores; anything else is text.
func splitCommand(text string) (command, bot, args string) {
	if !strings.HasPrefix(text, "/") {
		return "", "", ""
	}
	head, args := text[1:], ""
	if i := strings.IndexAny(head, " \n\t"); i >= 0 {
		head, args = head[:i], strings.TrimSpace(head[i:])
	}
	command, bot, _ = strings.Cut(head, "@")
	if len(command) < 1 || len(command) > 32 || strings.IndexFunc(command, notInCommand) >= 0 {
		return "", "", ""
	}
	return strings.ToLower(command), bot, args
}

func notInCommand(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
}

// moment converts Telegram's seconds; 0 marks a message that is no longer accessible.
func moment(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
