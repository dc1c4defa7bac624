package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Copy is a message of one chat, of whatever kind, sent to another without naming its author.
type Copy struct {
	Chat     int64 // where it goes
	Thread   int
	FromChat int64
	Message  int
	ReplyTo  int // message of Chat; ignored when that message is gone
	Keyboard Keyboard
	Silent   bool
}

// SendCopy copies a message and returns the new one's id. It waits as SendText does.
//
// Errors: as of SendText; Refused if the message is gone, or of a kind that cannot be copied.
//
// Source: https://core.telegram.org/bots/api#copymessage
func (c *Client) SendCopy(ctx context.Context, m Copy) (int, error) {
	p, err := base("copyMessage", m.Chat, m.Keyboard, 7)
	if err != nil {
		return 0, err
	}
	addThread(p, m.Thread)
	addReply(p, m.ReplyTo)
	addFlags(p, m.Silent, false)
	p["from_chat_id"] = strconv.FormatInt(m.FromChat, 10)
	p["message_id"] = strconv.Itoa(m.Message)
	s, err := c.send(ctx, outgoing{method: "copyMessage", chat: m.Chat, params: p})
	return s.MessageID, err
}

// A KnownFile is a file that Telegram has already, to be sent again by its id.
type KnownFile struct {
	Chat     int64
	Thread   int
	Kind     Media // photo, document, video, voice, audio, animation, video_note or sticker
	FileID   string
	Caption  string // HTML; of kinds that have none it is left out
	ReplyTo  int
	Keyboard Keyboard
	Silent   bool
}

// A fileKind is how files of a kind are sent.
type fileKind struct {
	method string
	// captioned and grouped say whether it may have a caption, and stand in an album.
	captioned, grouped bool
}

var fileKinds = map[Media]fileKind{
	MediaPhoto: {"sendPhoto", true, true}, MediaDocument: {"sendDocument", true, true}, MediaVideo: {"sendVideo", true, true},
	MediaAudio: {"sendAudio", true, true}, MediaVoice: {"sendVoice", true, false}, MediaAnimation: {"sendAnimation", true, false},
	MediaVideoNote: {"sendVideoNote", false, false}, MediaSticker: {"sendSticker", false, false},
}

// SendKnownFile sends a file again and returns the message's id. Waiting and errors are as with
// SendText; ErrInvalid for a kind that is no file.
//
// Source: https://core.telegram.org/bots/api#sending-files
func (c *Client) SendKnownFile(ctx context.Context, f KnownFile) (int, error) {
	kind, ok := fileKinds[f.Kind]
	if !ok || f.FileID == "" {
		return 0, invalid("sendDocument", "no file of kind %q", f.Kind)
	}
	p, err := base(kind.method, f.Chat, f.Keyboard, 8)
	if err != nil {
		return 0, err
	}
	addThread(p, f.Thread)
	addReply(p, f.ReplyTo)
	addFlags(p, f.Silent, false)
	p[string(f.Kind)] = f.FileID
	if f.Caption != "" && kind.captioned {
		p["caption"] = valid(f.Caption)
		p["parse_mode"] = tgbotapi.ModeHTML
	}
	s, err := c.send(ctx, outgoing{method: kind.method, chat: f.Chat, params: p})
	return s.MessageID, err
}

// An Album is two to ten files that are shown as one message.
type Album struct {
	Chat    int64
	Thread  int
	Files   []KnownFile // Kind, FileID and Caption of each count
	ReplyTo int
	Silent  bool
}

// MaxAlbum is how many files an album may have.
const MaxAlbum = 10

// Grouped reports whether files of a kind can stand in an album.
func (m Media) Grouped() bool { return fileKinds[m].grouped }

// SendAlbum sends files as one message and returns the ids of its parts, in their order. Waiting and
// errors are as with SendText. Documents and audio go only with their like.
//
// Source: https://core.telegram.org/bots/api#sendmediagroup
func (c *Client) SendAlbum(ctx context.Context, a Album) ([]int, error) {
	const method = "sendMediaGroup"
	if len(a.Files) < 2 || len(a.Files) > MaxAlbum {
		return nil, invalid(method, "%d files", len(a.Files))
	}
	p, err := base(method, a.Chat, nil, 6)
	if err != nil {
		return nil, err
	}
	type item struct {
		Type    Media  `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption,omitempty"`
		Mode    string `json:"parse_mode,omitempty"`
	}
	items := make([]item, len(a.Files))
	for i, f := range a.Files {
		if !f.Kind.Grouped() || f.FileID == "" {
			return nil, invalid(method, "no file of kind %q", f.Kind)
		}
		items[i] = item{Type: f.Kind, Media: f.FileID}
		if f.Caption != "" {
			items[i].Caption, items[i].Mode = valid(f.Caption), tgbotapi.ModeHTML
		}
	}
	media, err := json.Marshal(items)
	if err != nil {
		return nil, invalid(method, "%v", err)
	}
	addThread(p, a.Thread)
	addReply(p, a.ReplyTo)
	addFlags(p, a.Silent, false)
	p["media"] = string(media)
	result, err := c.sendRaw(ctx, outgoing{method: method, chat: a.Chat, params: p})
	if err != nil {
		return nil, err
	}
	var sent []struct {
		ID int `json:"message_id"`
	}
	if err := decode(method, result, &sent); err != nil {
		return nil, err
	}
	if len(sent) != len(a.Files) {
		return nil, unreadable(method, fmt.Errorf("%d messages of %d files", len(sent), len(a.Files)))
	}
	ids := make([]int, len(sent))
	for i, m := range sent {
		ids[i] = m.ID
	}
	return ids, nil
}
