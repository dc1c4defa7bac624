package ui

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// RelayStore knows what was said in threads and not brought to the other side yet.
type RelayStore interface {
	PendingThreadMessages(ctx context.Context, id esim.ThreadID, fromStaff bool, limit int) ([]esim.ThreadMessage, error)
	SetThreadCopies(ctx context.Context, messages []esim.ThreadMessage) error
}

// A Relay brings what one side of a thread says to the other, whatever it is: words, pictures,
// files, voice. Both rooms have one. Create it with NewRelay.
type Relay struct {
	telegram  *telegram.Client
	store     RelayStore
	log       *slog.Logger
	fromStaff bool // whose words it brings

	mu      sync.Mutex
	unsaved map[int64]esim.ThreadMessage // brought, and the store could not note it
}

// NewRelay returns a relay for the words of one side.
func NewRelay(tg *telegram.Client, store RelayStore, log *slog.Logger, fromStaff bool) *Relay {
	return &Relay{telegram: tg, store: store, log: log, fromStaff: fromStaff, unsaved: map[int64]esim.ThreadMessage{}}
}

// A RelayTarget is where words go and what stands around them.
type RelayTarget struct {
	Chat        int64
	Thread      int
	ReplyTo     int                      // what they answer if they name nothing themselves
	Wrap        func(html string) string // puts words around a text; nil: it goes as it is
	Placeholder func(kind string) string // HTML for what can be brought in no other way
	Rows        [][]Button               // under a text
	// OnUnseen hears of what a Placeholder stands for, before it is sent; nil: nobody does.
	OnUnseen func(ctx context.Context, m esim.ThreadMessage) error
}

// ForwardNext brings the oldest message of a thread that waits, an album in one piece, and returns what it
// brought; nothing if nothing waits.
func (l *Relay) ForwardNext(ctx context.Context, id esim.ThreadID, to RelayTarget) ([]esim.ThreadMessage, error) {
	waiting, err := l.store.PendingThreadMessages(ctx, id, l.fromStaff, telegram.MaxAlbum)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	batch := together(waiting)
	if known := l.known(batch); known != nil {
		return known, l.note(ctx, known)
	}
	ids, err := l.album(ctx, batch, to)
	if err != nil && len(batch) > 1 && telegram.Refused(err) {
		return l.apart(ctx, batch, to)
	}
	if err != nil {
		return nil, err
	}
	for i := range batch {
		batch[i].CopyChat, batch[i].Copy = to.Chat, ids[i]
	}
	return batch, l.note(ctx, batch)
}

// apart brings the parts of an album that Telegram takes in no one piece. Each is noted before the next
// is sent: whatever stops it, what was brought is not brought again.
func (l *Relay) apart(ctx context.Context, batch []esim.ThreadMessage, to RelayTarget) ([]esim.ThreadMessage, error) {
	for i := range batch {
		id, err := l.one(ctx, batch[i], to)
		if err != nil {
			return batch[:i], err
		}
		batch[i].CopyChat, batch[i].Copy = to.Chat, id
		if err := l.note(ctx, batch[i:i+1]); err != nil {
			return batch[:i+1], err
		}
	}
	return batch, nil
}

// together is the first message, with the rest of its album.
func together(waiting []esim.ThreadMessage) []esim.ThreadMessage {
	first := waiting[0]
	if first.Album == "" || !telegram.Media(first.Kind).Grouped() {
		return waiting[:1]
	}
	n := 1
	for n < len(waiting) && waiting[n].Album == first.Album && telegram.Media(waiting[n].Kind).Grouped() {
		n++
	}
	return waiting[:n]
}

// album sends messages in one piece and returns the numbers of their copies; a single one as it is.
func (l *Relay) album(ctx context.Context, batch []esim.ThreadMessage, to RelayTarget) ([]int, error) {
	if len(batch) == 1 {
		id, err := l.one(ctx, batch[0], to)
		return []int{id}, err
	}
	album := telegram.Album{Chat: to.Chat, Thread: to.Thread, ReplyTo: replyTo(batch[0], to)}
	for _, m := range batch {
		album.Files = append(album.Files, telegram.KnownFile{Kind: telegram.Media(m.Kind), FileID: m.File, Caption: telegram.EscapeHTML(m.Text)})
	}
	return l.telegram.SendAlbum(ctx, album)
}

// one sends a message: a text as it was stored, anything else as a copy; where there is nothing left to
// copy its file is sent again, and where that cannot be either, words that say so.
func (l *Relay) one(ctx context.Context, m esim.ThreadMessage, to RelayTarget) (int, error) {
	if m.Kind == "" {
		return l.text(ctx, telegram.EscapeHTML(m.Text), m, to)
	}
	id, err := l.telegram.SendCopy(ctx, telegram.Copy{Chat: to.Chat, Thread: to.Thread, FromChat: m.Chat, Message: m.Message, ReplyTo: replyTo(m, to)})
	if err == nil || !telegram.Refused(err) {
		return id, err
	}
	if m.File != "" {
		id, err = l.telegram.SendKnownFile(ctx, telegram.KnownFile{
			Chat: to.Chat, Thread: to.Thread, Kind: telegram.Media(m.Kind), FileID: m.File, Caption: telegram.EscapeHTML(m.Text), ReplyTo: replyTo(m, to),
		})
		if err == nil || !telegram.Refused(err) {
			return id, err
		}
	}
	if to.OnUnseen != nil {
		if err := to.OnUnseen(ctx, m); err != nil {
			return 0, err
		}
	}
	return l.text(ctx, to.Placeholder(m.Kind), m, to)
}

func (l *Relay) text(ctx context.Context, html string, m esim.ThreadMessage, to RelayTarget) (int, error) {
	if to.Wrap != nil {
		if wrapped := to.Wrap(html); telegram.Length(wrapped) <= telegram.MaxText {
			html = wrapped
		}
	}
	return l.telegram.SendText(ctx, telegram.Text{
		Chat: to.Chat, Thread: to.Thread, HTML: html, ReplyTo: replyTo(m, to), Keyboard: keyboard(l.log, to.Rows),
	})
}

func replyTo(m esim.ThreadMessage, to RelayTarget) int {
	if m.ReplyTo != 0 {
		return m.ReplyTo
	}
	return to.ReplyTo
}

// note writes down where copies stand. While the store cannot, it is remembered here: on a full disk
// the same words would go out again and again.
func (l *Relay) note(ctx context.Context, batch []esim.ThreadMessage) error {
	err := l.store.SetThreadCopies(ctx, batch)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range batch {
		if err != nil {
			l.unsaved[m.ID] = m
		} else {
			delete(l.unsaved, m.ID)
		}
	}
	if err != nil {
		return fmt.Errorf("note what was brought: %w", err)
	}
	return nil
}

// known is the batch if it was brought already.
func (l *Relay) known(batch []esim.ThreadMessage) []esim.ThreadMessage {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []esim.ThreadMessage
	for _, m := range batch {
		if was, ok := l.unsaved[m.ID]; ok {
			out = append(out, was)
		}
	}
	return out
}

// Edit puts the present text of a message into its copy: as wrapped, which is that text as HTML with words
// around it, or bare where there is no room for them. Where the copy cannot be changed to it, a text where a
// caption may not be that long, the present text follows as a reply to it. A copy that is gone is left alone.
func (l *Relay) Edit(ctx context.Context, m esim.ThreadMessage, wrapped string, rows [][]Button) error {
	k := keyboard(l.log, rows)
	html, most := telegram.EscapeHTML(m.Text), telegram.MaxText
	if m.Kind != "" {
		most = telegram.MaxCaption
	}
	if telegram.Length(wrapped) <= most {
		html = wrapped
	}
	var err error
	if m.Kind == "" {
		err = l.telegram.EditText(ctx, m.Copy, telegram.Text{Chat: m.CopyChat, HTML: html, Keyboard: k})
	} else {
		err = l.telegram.EditCaption(ctx, m.CopyChat, m.Copy, html, k)
	}
	if telegram.MessageGone(err) {
		return nil
	}
	if telegram.Refused(err) && m.Text != "" {
		_, err = l.telegram.SendText(ctx, telegram.Text{Chat: m.CopyChat, HTML: html, ReplyTo: m.Copy, Keyboard: k})
	}
	if telegram.Refused(err) {
		return nil
	}
	return err
}

// received is the mark under a message that the other side has.
const received = "👌"

// MarkReceived marks messages, where they were written, as being with the other side; false if not all could
// be marked, which is no reason to bring them again.
func (l *Relay) MarkReceived(ctx context.Context, messages []esim.ThreadMessage) bool {
	all := true
	for _, m := range messages {
		if m.Message <= 0 { // it came before there were threads
			continue
		}
		if err := l.telegram.React(ctx, m.Chat, m.Message, received); err != nil {
			l.log.Debug("message not marked", "err", err)
			all = false
		}
	}
	return all
}
