package support

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// ThreadStore is what bringing the words of staff to customers needs from storage.
type ThreadStore interface {
	ui.RelayStore
	esim.NotificationStore
	Thread(ctx context.Context, id esim.ThreadID) (esim.SupportThread, error)
	ThreadMessage(ctx context.Context, id int64) (esim.ThreadMessage, error)
}

// notifications are what is told of a thread: the words of staff, and that it was closed.
type notifications struct {
	screens *ui.Presenter
	threads ThreadStore
	relay   *ui.Relay
}

// answer brings the oldest of staff's words that wait in a thread.
func (f *notifications) answer(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	id := esim.ThreadID(n.ThreadRow())
	sent, err := f.relay.ForwardNext(ctx, id, ui.RelayTarget{
		Chat:        r.Customer.Chat,
		Wrap:        func(html string) string { return r.T("support.answer", i18n.Args{"answer": i18n.HTML(html)}) },
		Placeholder: func(string) string { return r.T("support.answer_media", nil) },
		Rows:        [][]ui.Button{{ui.NewButton(r.Plain("support.btn_end", nil), refs.Thread{Thread: id, Stays: true})}},
	})
	if telegram.Unreachable(err) {
		if waits, err := f.threads.PendingThreadMessages(ctx, id, true, 1); err == nil && len(waits) > 0 {
			if err := f.threads.AddNotifications(ctx, []esim.Notification{esim.NewStaffAnswered(waits[0], false)}); err != nil {
				return fmt.Errorf("tell staff that an answer waits: %w", err)
			}
		}
	}
	if err != nil || len(sent) == 0 {
		return err
	}
	if err := f.threads.AddNotifications(ctx, []esim.Notification{esim.NewStaffAnswered(sent[0], true)}); err != nil {
		return fmt.Errorf("tell staff that an answer was delivered: %w", err)
	}
	return nil
}

// answerChanged changes what was brought: staff edited their words.
func (f *notifications) answerChanged(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	m, err := f.threads.ThreadMessage(ctx, n.ThreadRow())
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	html := telegram.EscapeHTML(m.Text)
	var rows [][]ui.Button
	if m.Kind == "" {
		html = r.T("support.answer", i18n.Args{"answer": i18n.HTML(html)})
		rows = [][]ui.Button{{ui.NewButton(r.Plain("support.btn_end", nil), refs.Thread{Thread: m.Thread, Stays: true})}}
	}
	return f.relay.Edit(ctx, m, html, rows)
}

// threadUnseen says, below what a customer sent, that staff cannot see it.
func (f *notifications) threadUnseen(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	m, err := f.threads.ThreadMessage(ctx, n.ThreadRow())
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: r.T("support.unseen", nil), ReplyTo: m.Message, Rows: threadRows(r, m.Thread)})
}

// threadClosed says that what is written goes to staff no more.
func (f *notifications) threadClosed(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	t, err := f.threads.Thread(ctx, esim.ThreadID(n.ThreadRow()))
	if err != nil {
		return fmt.Errorf("thread of notification: %w", err)
	}
	if t.Open() { // it was opened again meanwhile
		return nil
	}
	key := "support.closed_by_staff"
	switch {
	case t.ClosedBy == esim.EndByQuiet && t.Answered:
		key = "support.closed_quiet"
	case t.ClosedBy == esim.EndByQuiet:
		key = "support.closed_waiting"
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: r.T(key, nil), Rows: [][]ui.Button{
		{ui.NewButton(r.Plain("support.btn_person", nil), refs.SupportSubject{ESIM: t.ESIM})},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}})
}
