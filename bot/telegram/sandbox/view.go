package sandbox

import "strings"

// A Message as a person sees it: what the page draws and what a test looks at.
type Message struct {
	ID          int        `json:"id"`
	Chat        int64      `json:"chat"`
	Date        int64      `json:"date"`      // Unix seconds
	EditDate    int64      `json:"edit_date"` // 0: never edited
	From        From       `json:"from"`
	Text        string     `json:"text"` // or the caption
	Entities    []Entity   `json:"entities"`
	Photo       *Photo     `json:"photo"`
	Document    *Document  `json:"document"`
	Clip        *Clip      `json:"clip"`
	Location    *Location  `json:"location"`
	Album       string     `json:"album,omitempty"`    // the same for all parts of an album
	Reaction    string     `json:"reaction,omitempty"` // the bot's
	Sticker     *string    `json:"sticker"`
	Invoice     *Invoice   `json:"invoice"`
	Payment     *Payment   `json:"payment"`
	Service     string     `json:"service"`
	Keyboard    [][]Button `json:"keyboard"`
	ReplyKB     any        `json:"reply_keyboard"` // always null: reply keyboards are not drawn
	LinkPreview string     `json:"link_preview"`
	ReplyTo     int        `json:"reply_to,omitempty"`
	Thread      int        `json:"thread,omitempty"`  // topic of a forum
	Topic       string     `json:"topic,omitempty"`   // its name
	ViaBot      string     `json:"via_bot,omitempty"` // username of the bot whose inline result it is
}

// From says who wrote a message.
type From struct {
	ID    int64  `json:"id"`
	IsBot bool   `json:"is_bot"`
	Name  string `json:"name"`
}

// A Photo of a message; its bytes come from Server.Photo or /api/file/<file_id>.
type Photo struct {
	FileID string `json:"file_id"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// A Document of a message.
type Document struct {
	FileID   string `json:"file_id"`
	FileName string `json:"file_name"`
}

// A Clip is a video, a voice message or another file that is played.
type Clip struct {
	Kind   string `json:"kind"` // video, voice, audio, animation, video_note
	FileID string `json:"file_id"`
}

// A Location of a message.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// An Invoice as the person sees it. Total is in the currency's smallest unit; Stars have none smaller.
type Invoice struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Currency    string `json:"currency"`
	Total       int64  `json:"total"`
	PayButton   string `json:"pay_button"`
	Paid        bool   `json:"paid"`
}

// A Payment is the service message after paying or after a refund.
type Payment struct {
	Kind     string `json:"kind"` // successful, refunded
	Currency string `json:"currency"`
	Total    int64  `json:"total"`
}

// HTML returns the text with its formatting as Telegram HTML, for golden files.
func (m Message) HTML() string { return toHTML(m.Text, m.Entities) }

// Labels returns the words on all buttons, row after row.
func (m Message) Labels() []string {
	var out []string
	for _, row := range m.Keyboard {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

// button finds a button by its label or, when label is empty, by its callback data.
func (m *message) button(label, data string) *Button {
	for _, row := range m.keyboard {
		for i, b := range row {
			if label != "" && b.Text == label || label == "" && b.Kind == "callback" && b.Data == data {
				return &row[i]
			}
		}
	}
	return nil
}

// view is m as people see it. Call with the lock held.
func (s *Server) view(m *message) Message {
	v := Message{
		ID: m.id, Chat: m.chat.id, Date: m.date.Unix(), From: From{ID: m.from, IsBot: m.from == s.botID},
		Text: m.text, Entities: m.ents, Service: m.service, Keyboard: m.keyboard,
		LinkPreview: m.preview, ReplyTo: m.replyTo, Thread: m.thread,
	}
	if t := s.topics[m.thread]; t != nil {
		v.Topic = t.name
	}
	if m.viaBot {
		v.ViaBot = s.Username()
	}
	if v.Entities == nil {
		v.Entities = []Entity{}
	}
	if m.from == s.botID {
		v.From.Name = s.profile.name("")
	} else if p := s.people[m.from]; p != nil {
		v.From.Name = p.FirstName
	}
	if !m.edited.IsZero() {
		v.EditDate = m.edited.Unix()
	}
	if m.photo != nil {
		v.Photo = &Photo{m.photo.id, m.photo.width, m.photo.height}
	}
	if m.document != nil {
		v.Document = &Document{m.document.id, m.document.name}
	}
	if m.clip != nil {
		v.Clip = &Clip{m.clip.kind, m.clip.id}
	}
	if m.location != nil {
		at := *m.location
		v.Location = &at
	}
	v.Album, v.Reaction = m.album, m.reaction
	if m.sticker != "" {
		v.Sticker = &m.sticker
	}
	if i := m.invoice; i != nil {
		v.Invoice = &Invoice{i.title, i.description, i.currency, i.total, payLabel(m), m.paid}
	}
	if p := m.payment; p != nil {
		v.Payment = &Payment{map[bool]string{false: "successful", true: "refunded"}[m.refund], p.currency, p.total}
	}
	return v
}

func (s *Server) views(c *chat) []Message {
	out := make([]Message, len(c.msgs))
	for i, m := range c.msgs {
		out[i] = s.view(m)
	}
	return out
}

// toHTML writes entities back as tags. It is the inverse of ParseHTML for what ParseHTML returns,
// except that links found in the text stay text.
func toHTML(text string, ents []Entity) string {
	opens, closes := map[int][]string{}, map[int][]string{}
	for _, e := range ents {
		open, end := tagsOf(e)
		if open == "" {
			continue
		}
		opens[e.Offset] = append(opens[e.Offset], open)
		closes[e.Offset+e.Length] = append([]string{end}, closes[e.Offset+e.Length]...)
	}
	var b strings.Builder
	at, written := 0, 0 // in UTF-16 and in bytes: what lies between two tags is written as a whole
	mark := func(i int) {
		if len(opens[at]) == 0 && len(closes[at]) == 0 {
			return
		}
		escapeHTML.WriteString(&b, text[written:i])
		written = i
		b.WriteString(strings.Join(closes[at], "") + strings.Join(opens[at], ""))
	}
	for i, r := range text {
		mark(i)
		at += utf16Len(r)
	}
	mark(len(text))
	escapeHTML.WriteString(&b, text[written:])
	return b.String()
}

var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func tagsOf(e Entity) (open, end string) {
	simple := map[string]string{"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote"}
	if t := simple[e.Type]; t != "" {
		if e.Language != "" {
			return `<pre><code class="language-` + e.Language + `">`, "</code></pre>"
		}
		return "<" + t + ">", "</" + t + ">"
	}
	switch e.Type {
	case "text_link":
		return `<a href="` + escapeHTML.Replace(e.URL) + `">`, "</a>"
	case "expandable_blockquote":
		return "<blockquote expandable>", "</blockquote>"
	case "date_time":
		format := ""
		if e.Format != "" {
			format = `" format="` + escapeHTML.Replace(e.Format)
		}
		return `<tg-time unix="` + itoa(e.UnixTime) + format + `">`, "</tg-time>"
	case "custom_emoji":
		return `<tg-emoji emoji-id="` + e.CustomEmojiID + `">`, "</tg-emoji>"
	}
	return "", ""
}
