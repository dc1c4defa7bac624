package staff

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// An addressee is which customer a message in the group is meant for.
type addressee int

const (
	noCustomer    addressee = iota // it is for the bot if it is a command, else for the group
	aCustomer                      // it is a reply to one
	aLostCustomer                  // it is a reply to one whose thread is not known any more
)

// A reply is what a message in the group says to a customer.
type reply struct {
	to      addressee
	thread  esim.SupportThread
	message int // of the customer, which it answers; 0: none in particular
}

// replyOf finds out whether a message is a reply to a customer. A command is a command even as a reply,
// or under a picture: "/refund" must never reach the customer.
func (f *threads) replyOf(ctx context.Context, m *telegram.Message) (reply, error) {
	if m.Command != "" || strings.HasPrefix(m.Caption, "/") {
		return reply{}, nil
	}
	thread, message, err := f.of(ctx, m)
	switch {
	case err != nil && !errors.Is(err, esim.ErrNotFound):
		return reply{}, fmt.Errorf("which thread a reply belongs to: %w", err)
	case err == nil && thread.ID != 0:
		return reply{to: aCustomer, thread: thread, message: message}, nil
	case f.lost(m):
		return reply{to: aLostCustomer}, nil
	}
	return reply{}, nil
}

// topicChanged takes in that somebody closed the topic of a customer by hand, or opened it again: so is their talk.
func (f *threads) topicChanged(ctx context.Context, m *telegram.Message) error {
	t, err := f.store.ThreadOfTopic(ctx, m.Chat.ID, m.Thread)
	if errors.Is(err, esim.ErrNotFound) || err == nil && t.ID == 0 { // of other things, or of nobody any more
		return nil
	}
	if err != nil {
		return fmt.Errorf("whose topic was closed or opened: %w", err)
	}
	switch {
	case m.TopicClosed && t.Open():
		err = f.support.Close(ctx, t, esim.EndByStaff)
	case m.TopicOpened && !t.Open():
		err = f.store.ReopenThread(ctx, t.ID)
	default:
		return nil
	}
	if err != nil && !errors.Is(err, esim.ErrConflict) {
		return err
	}
	f.renew(ctx, t.ID)
	return nil
}

// of finds the thread that a message of the group answers. A reply can come before it is noted where
// stands what it answers: then that is waited for.
func (f *threads) of(ctx context.Context, m *telegram.Message) (esim.SupportThread, int, error) {
	t, replyTo, err := f.noted(ctx, m)
	if !errors.Is(err, esim.ErrNotFound) || !m.Answers(f.bot) {
		return t, replyTo, err
	}
	f.moving.Lock()
	defer f.moving.Unlock()
	return f.noted(ctx, m)
}

// noted finds the thread that a message of the group answers: it is a reply to the bot's own head card, to a
// note of its below that, or to its copy of something that was said. ErrNotFound if it answers none.
func (f *threads) noted(ctx context.Context, m *telegram.Message) (t esim.SupportThread, replyTo int, err error) {
	if !m.Answers(f.bot) {
		t, replyTo, err = f.ofAlbum(ctx, m)
		if errors.Is(err, esim.ErrNotFound) && m.Thread != 0 {
			return f.ofTopic(ctx, m)
		}
		return t, replyTo, err
	}
	t, err = f.store.ThreadOfHead(ctx, m.Chat.ID, m.ReplyTo.ID)
	if errors.Is(err, esim.ErrNotFound) {
		t, err = f.ofButtons(ctx, m.ReplyTo)
	}
	if err == nil || !errors.Is(err, esim.ErrNotFound) {
		return t, 0, err
	}
	said, err := f.store.ThreadMessageAt(ctx, m.Chat.ID, m.ReplyTo.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return f.ofOldQuestion(ctx, m)
	}
	if err != nil || said.Thread == 0 {
		return t, 0, err
	}
	t, err = f.store.Thread(ctx, said.Thread)
	return t, said.Message, err
}

// ofButtons finds the thread of a head card by the button that closes it: a shop that was stopped between
// sending the card and noting where it stands knows it by nothing else.
func (f *threads) ofButtons(ctx context.Context, card *telegram.Message) (esim.SupportThread, error) {
	for _, data := range card.Buttons {
		d, err := ui.ParseCallbackData(data)
		if err != nil || ui.Route(d.Route) != routeCloseThread {
			continue
		}
		if ref, err := parseThreadRef(d); err == nil {
			return f.store.Thread(ctx, ref.Thread)
		}
	}
	return esim.SupportThread{}, esim.ErrNotFound
}

// lost reports whether somebody meant to answer a customer, and nothing says which one: it is a reply to words
// of the bot's that are no notice of its own, so a customer's, and they are not known (any more).
func (f *threads) lost(m *telegram.Message) bool {
	_, says := ui.ThreadMessageFrom(m)
	return says && m.Answers(f.bot) && !m.ReplyTo.Styled && len(m.ReplyTo.Buttons) == 0
}

// answersNobody says below a reply that it was lost.
func (f *threads) answersNobody(ctx context.Context, m *telegram.Message) error {
	_, err := f.telegram.SendText(ctx, telegram.Text{
		Chat: m.Chat.ID, Thread: m.Thread, ReplyTo: m.ID, HTML: f.home.printer(ctx).T("staff.answers_nobody", nil),
	})
	return err
}

// ofAlbum finds the thread of an album whose first part was a reply: the other parts may be none.
func (f *threads) ofAlbum(ctx context.Context, m *telegram.Message) (esim.SupportThread, int, error) {
	if m.Album == "" {
		return esim.SupportThread{}, 0, esim.ErrNotFound
	}
	before, err := f.store.ThreadMessageAt(ctx, m.Chat.ID, m.ID-1)
	if err != nil {
		return esim.SupportThread{}, 0, err
	}
	if before.Album != m.Album || !before.FromStaff {
		return esim.SupportThread{}, 0, esim.ErrNotFound
	}
	t, err := f.store.Thread(ctx, before.Thread)
	return t, before.ReplyTo, err
}

// ofTopic finds the thread of a customer's own topic: all that staff say there is for them.
func (f *threads) ofTopic(ctx context.Context, m *telegram.Message) (esim.SupportThread, int, error) {
	if _, says := ui.ThreadMessageFrom(m); !says {
		return esim.SupportThread{}, 0, esim.ErrNotFound
	}
	t, err := f.store.ThreadOfTopic(ctx, m.Chat.ID, m.Thread)
	if err == nil && t.ID == 0 { // what was said is too old to be kept
		t, err = f.support.Begin(ctx, esim.SupportThread{Customer: t.Customer}, 0)
	}
	return t, 0, err
}

// ofOldQuestion begins a thread with who asked a question before there were threads.
func (f *threads) ofOldQuestion(ctx context.Context, m *telegram.Message) (esim.SupportThread, int, error) {
	words := strings.Fields(m.ReplyTo.Text)
	if len(words) == 0 {
		return esim.SupportThread{}, 0, esim.ErrNotFound
	}
	digits, ok := strings.CutPrefix(words[len(words)-1], oldQuestionMark)
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil {
		return esim.SupportThread{}, 0, esim.ErrNotFound
	}
	if _, err := f.orders.Customer(ctx, esim.CustomerID(id)); err != nil {
		return esim.SupportThread{}, 0, err
	}
	t, err := f.support.Begin(ctx, esim.SupportThread{Customer: esim.CustomerID(id)}, 0)
	return t, 0, err
}
