package telegram

import (
	"bytes"
	"context"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Photo is a picture, either uploaded or known to Telegram from before.
type Photo struct {
	Chat     int64
	Thread   int
	PNG      []byte // up to 10 MB; ignored if FileID is set
	FileID   string // from an earlier Sent
	Name     string // of the uploaded file; default picture.png
	Caption  string // HTML, 0-1024 characters after parsing
	Keyboard Keyboard
	Silent   bool
	Protect  bool
	Bulk     bool
}

// Document is a file, either uploaded or known to Telegram from before.
type Document struct {
	Chat     int64
	Thread   int
	Data     []byte // up to 50 MB; ignored if FileID is set
	FileID   string
	Name     string // default file.bin
	Caption  string // HTML, 0-1024 characters after parsing
	Keyboard Keyboard
	Silent   bool
	Protect  bool
	Bulk     bool
}

// media is what photos and documents have in common.
type media struct {
	Document
	method, field string
}

// SendPhoto sends a picture and returns its message id and the file id, by which it can
// be sent again without uploading. Waiting and errors are as with SendText.
//
// Source: https://core.telegram.org/bots/api#sendphoto
func (c *Client) SendPhoto(ctx context.Context, ph Photo) (Sent, error) {
	if ph.Name == "" {
		ph.Name = "picture.png"
	}
	return c.sendMedia(ctx, media{method: "sendPhoto", field: "photo", Document: Document{
		Chat: ph.Chat, Thread: ph.Thread, Data: ph.PNG, FileID: ph.FileID, Name: ph.Name,
		Caption: ph.Caption, Keyboard: ph.Keyboard, Silent: ph.Silent, Protect: ph.Protect, Bulk: ph.Bulk,
	}})
}

// SendDocument sends a file and returns its message id and the file id. Waiting and
// errors are as with SendText.
//
// Source: https://core.telegram.org/bots/api#senddocument
func (c *Client) SendDocument(ctx context.Context, d Document) (Sent, error) {
	if d.Name == "" {
		d.Name = "file.bin"
	}
	return c.sendMedia(ctx, media{method: "sendDocument", field: "document", Document: d})
}

func (c *Client) sendMedia(ctx context.Context, m media) (Sent, error) {
	p, err := base(m.method, m.Chat, m.Keyboard, 8)
	if err != nil {
		return Sent{}, err
	}
	addThread(p, m.Thread)
	addFlags(p, m.Silent, m.Protect)
	if m.Caption != "" {
		p["caption"] = valid(m.Caption)
		p["parse_mode"] = tgbotapi.ModeHTML
	}
	o := outgoing{method: m.method, chat: m.Chat, params: p, bulk: m.Bulk}
	switch {
	case m.FileID != "":
		p[m.field] = m.FileID
	case len(m.Data) > 0:
		o.files = []tgbotapi.RequestFile{{Name: m.field, Data: tgbotapi.FileBytes{Name: m.Name, Bytes: m.Data}}}
	default:
		return Sent{}, invalid(m.method, "nothing to send")
	}
	return c.send(ctx, o)
}

// uploadSize is a little more than the body of an upload will have; 0 without files.
func uploadSize(p tgbotapi.Params, files []tgbotapi.RequestFile) int {
	if len(files) == 0 {
		return 0
	}
	const frame = 256 // boundary and headers of a part
	n := frame + bytes.MinRead
	for k, v := range p {
		n += len(k) + len(v) + frame
	}
	for _, f := range files {
		if b, ok := f.Data.(tgbotapi.FileBytes); ok {
			n += len(b.Bytes) + frame
		}
	}
	return n
}
