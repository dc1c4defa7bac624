package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// ThreadStore is what customers' talk with staff needs from storage.
type ThreadStore interface {
	ThreadHeadStore
	CustomerTopicStore
	ThreadMessageStore
	ThreadSubjectStore
	ui.RelayStore
	esim.NotificationStore
}

// ThreadHeadStore knows the threads, and the messages of the group on which they hang.
type ThreadHeadStore interface {
	// Thread returns a thread, ThreadOfHead the one whose head card stands there, or ErrNotFound.
	Thread(ctx context.Context, id esim.ThreadID) (esim.SupportThread, error)
	ThreadOfHead(ctx context.Context, chat int64, message int) (esim.SupportThread, error)
	SetThreadHead(ctx context.Context, id esim.ThreadID, chat int64, message int) error
	// AddThreadNote notes a message of the bot's own below the head card: what answers it is of the thread.
	AddThreadNote(ctx context.Context, id esim.ThreadID, chat int64, message int) error
	// TakeThread notes who of the staff looks after a thread; ErrConflict if it is somebody else's, or closed.
	TakeThread(ctx context.Context, id esim.ThreadID, who esim.CustomerID) error
	// ReopenThread opens one again; ErrConflict if it is open, or its customer has another.
	ReopenThread(ctx context.Context, id esim.ThreadID) error
	// ThreadWaitsSince is when the first thing was said that nobody has answered; zero: all is answered.
	ThreadWaitsSince(ctx context.Context, id esim.ThreadID) (time.Time, error)
}

// ThreadMessageStore has what was said in them.
type ThreadMessageStore interface {
	// ThreadMessage returns a message by its number, ThreadMessageAt what stands there, or ErrNotFound.
	ThreadMessage(ctx context.Context, id int64) (esim.ThreadMessage, error)
	ThreadMessageAt(ctx context.Context, chat int64, message int) (esim.ThreadMessage, error)
}

// ThreadSubjectStore has what a thread can be about.
type ThreadSubjectStore interface {
	// ESIMOf returns an eSIM of a customer, OrdersOf their orders, newest first.
	ESIMOf(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error)
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
}

// threads bring what customers say to the group, and what staff reply to it back. A thread begins
// with a head card; what the customer says hangs on it as replies. Where the group is a forum, each customer has a topic
// of their own: all that stands there is said to them.
type threads struct {
	home     *home
	telegram *telegram.Client
	relay    *ui.Relay
	support  *esim.Support
	orders   OrderStore
	staff    esim.StaffMemberStore
	store    ThreadStore
	bot      int64 // its user id: a name can be changed
	log      *slog.Logger
	now      func() time.Time
	// moving is held while something is on its way to the group and where it stands is not noted yet.
	moving *sync.RWMutex
	heads  *headTopics
}

// oldQuestionMark stood in front of the asker's number at the end of a question, before there were
// threads. Such questions stay in the group and are answered.
const oldQuestionMark = "#q"

// next brings the oldest of a customer's words that wait, under their head card.
func (f *threads) next(ctx context.Context, n esim.OutboxMessage) error {
	f.moving.RLock()
	defer f.moving.RUnlock()
	t, err := f.store.Thread(ctx, esim.ThreadID(n.ThreadRow()))
	if err != nil {
		return err
	}
	who, err := f.who(ctx, t)
	if err != nil {
		return err
	}
	return f.home.follow(ctx, func(chat int64) error {
		refused := false
		return f.home.topics.in(ctx, chat, place{topicSupport, who}, func(thread int) error {
			err := f.bring(ctx, t.ID, chat, thread, refused)
			refused = refused || err != nil
			return err
		})
	})
}

// who asks, as far as it is known.
func (f *threads) who(ctx context.Context, t esim.SupportThread) (esim.Customer, error) {
	c, err := f.orders.Customer(ctx, t.Customer)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return c, fmt.Errorf("who asks: %w", err)
	}
	c.ID = t.Customer
	return c, nil
}

// bring brings the oldest of what waits in a thread to where it belongs in the group, or if that was refused to another topic:
// a reply to a head card that stands elsewhere would be refused with the topic of that.
func (f *threads) bring(ctx context.Context, id esim.ThreadID, chat int64, topic int, refused bool) error {
	t, err := f.store.Thread(ctx, id) // a topic that was just made wants another head card
	if err != nil {
		return err
	}
	if t.Head == 0 || t.HeadChat != chat || f.heads.elsewhere(t, topic, refused) {
		if t.Head, err = f.head(ctx, t, chat, topic); err != nil {
			return err
		}
		if topic != 0 {
			f.home.topics.setClosed(ctx, t.Customer, false)
		}
	}
	p := f.home.printer(ctx)
	unseen := false
	sent, err := f.relay.ForwardNext(ctx, t.ID, ui.RelayTarget{
		Chat: chat, Thread: topic, ReplyTo: t.Head,
		Placeholder: func(kind string) string { return p.T("staff.thread_lost_media", i18n.Args{"kind": kind}) },
		OnUnseen: func(ctx context.Context, m esim.ThreadMessage) error {
			unseen = true
			return f.store.AddNotifications(ctx, []esim.Notification{esim.NewThreadUnseen(m)})
		},
	})
	if !unseen { // a mark would say that they have it
		f.relay.MarkReceived(ctx, sent)
	}
	return err
}

// ordersOnCard are named on a head card.
const ordersOnCard = 5

// card is a thread's head: who asks, about what, and what is known of it.
func (f *threads) card(ctx context.Context, t esim.SupportThread) (ui.Screen, error) {
	r := &ui.Request{Printer: f.home.printer(ctx)}
	from, err := f.orders.Customer(ctx, t.Customer)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, fmt.Errorf("who asks: %w", err)
	}
	lines := []string{r.T("staff.thread_head", i18n.Args{
		"name": ui.CustomerName(from), "customer": int64(t.Customer), "language": f.languageOf(from),
	})}
	orders, err := f.store.OrdersOf(ctx, t.Customer, ordersOnCard)
	if err != nil {
		return ui.Screen{}, fmt.Errorf("orders of who asks: %w", err)
	}
	var rows [][]ui.Button
	if t.ESIM != "" {
		e, err := f.store.ESIMOf(ctx, t.Customer, t.ESIM)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return ui.Screen{}, fmt.Errorf("what it is about: %w", err)
		}
		if err == nil {
			c := e.Condition(f.now())
			lines = append(lines, r.T("staff.thread_about", i18n.Args{
				"esim": e.ShortID(quantityOf(orders, e)), "plan": r.ESIMTitle(e), "iccid": e.ICCID.String(),
				"state": ui.ConditionMark(c) + " " + r.Plain("staff.cond_"+string(c), nil),
				"used":  r.Printer.Data(e.Used), "total": r.Printer.Data(e.Total),
			}))
		}
	}
	if t.Findings != "" {
		lines = append(lines, f.findings(r, esim.ParseFindings(t.Findings))...)
	}
	if len(orders) == 0 {
		lines = append(lines, r.T("staff.thread_no_orders", nil))
	}
	var cards []ui.Button
	for _, o := range orders {
		lines = append(lines, r.T("staff.thread_order", i18n.Args{
			"id": o.ID.String(), "plan": r.OrderTitle(o), "price": r.MoneyAndCredit(o.Price, o.Credit), "state": r.Plain("staff.state_"+string(o.State), nil),
		}))
		if len(cards) < 2 {
			cards = append(cards, ui.NewButton(o.ID.String(), cardRef{o.ID}))
		}
	}
	if len(cards) > 0 {
		rows = append(rows, cards)
	}
	more, buttons, err := f.standing(ctx, r, t)
	if err != nil {
		return ui.Screen{}, err
	}
	lines, rows = append(append(lines, ""), more...), append(rows, buttons...)
	return ui.Screen{Text: ui.Clip(lines), Rows: rows}, nil
}

//i18n:use staff.found_*

// findings are what the fault finder found.
func (f *threads) findings(r *ui.Request, found esim.Findings) []string {
	fault := r.Plain("staff.found_"+string(found.Fault), nil)
	if found.Loss != "" {
		return []string{r.T("staff.found_loss_"+string(found.Loss), i18n.Args{"fault": fault})}
	}
	lines := []string{r.T("staff.found_fault", i18n.Args{"fault": fault})}
	if found.Answers == "" {
		return lines
	}
	answer := func(n int) string {
		switch {
		case n >= len(found.Answers) || found.Answers[n] == 'e':
			return r.Plain("staff.found_not_asked", nil)
		case found.Answers[n] == 'y':
			return r.Plain("staff.found_right", nil)
		}
		return r.Plain("staff.found_mended", nil)
	}
	lines = append(lines, r.T("staff.found_answers", i18n.Args{"roaming": answer(0), "line": answer(1), "last": answer(2)}))
	if strings.HasSuffix(found.Answers, "e") {
		lines = append(lines, r.T("staff.found_elsewhere", nil))
	}
	return lines
}

// quantityOf is how many eSIMs the order of one has, as far as it is among these.
func quantityOf(orders []esim.Order, e esim.ESIM) int {
	for _, o := range orders {
		if o.ID == e.Order {
			return o.Quantity
		}
	}
	return 2 // its number in the order is said, rather than left out
}

// languageOf is the customer's language in its own name.
func (f *threads) languageOf(c esim.Customer) string {
	for _, l := range f.home.texts.Languages() {
		if l.Code == f.home.texts.Printer(c.Language).Lang() {
			return l.Native
		}
	}
	return "?"
}

// closed says who closed a thread.
func (f *threads) closed(r *ui.Request, t esim.SupportThread) string {
	return r.T("staff.notice_thread_card", i18n.Args{"by": r.Plain("staff.thread_by_"+string(t.ClosedBy), nil)})
}

// changed changes the copy of what a customer edited.
func (f *threads) changed(ctx context.Context, n esim.OutboxMessage) error {
	m, err := f.store.ThreadMessage(ctx, n.ThreadRow())
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	html := f.home.printer(ctx).T("staff.notice_thread_change", i18n.Args{"words": m.Text})
	return f.relay.Edit(ctx, m, html, nil)
}

// over shows on the head card that a thread is closed, or is open again.
func (f *threads) over(ctx context.Context, n esim.OutboxMessage) error {
	t, err := f.store.Thread(ctx, esim.ThreadID(n.ThreadRow()))
	if err != nil || t.Head == 0 {
		return err
	}
	f.home.topics.setClosed(ctx, t.Customer, !t.Open())
	screen, err := f.card(ctx, t)
	if err != nil {
		return err
	}
	err = f.home.screens.Recaption(ctx, screen, ui.ScreenTarget{Chat: t.HeadChat, Message: t.Head})
	if _, moved := telegram.MigratedTo(err); moved { // its messages stay where nobody can change them
		return nil
	}
	return err
}

// renew has the head card of a thread show where it stands. That it does not is no reason to say anything again.
func (f *threads) renew(ctx context.Context, id esim.ThreadID) {
	t, err := f.store.Thread(ctx, id)
	if err != nil || t.Head == 0 || !f.home.is(t.HeadChat) {
		return
	}
	screen, err := f.card(ctx, t)
	if err == nil {
		err = f.home.screens.Recaption(ctx, screen, ui.ScreenTarget{Chat: t.HeadChat, Message: t.Head})
	}
	if err != nil {
		f.log.Debug("the head of a thread is as it was", "thread", int64(id), "err", err)
	}
}

// answered tells what became of an answer, below it.
func (f *threads) answered(ctx context.Context, n esim.OutboxMessage) error {
	m, err := f.store.ThreadMessage(ctx, n.ThreadRow())
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	words := f.home.printer(ctx).T("staff.notice_answered", nil)
	if n.Kind == esim.StaffAnswerWaits {
		if m.CopyChat != 0 { // they came back meanwhile
			return nil
		}
		words = f.home.printer(ctx).T("staff.notice_answer_waits", nil)
	}
	if n.Kind == esim.StaffAnswered && f.relay.MarkReceived(ctx, []esim.ThreadMessage{m}) {
		return nil
	}
	f.moving.RLock()
	defer f.moving.RUnlock()
	return f.home.follow(ctx, func(chat int64) error {
		to := telegram.Text{Chat: chat, HTML: words, Silent: true}
		if chat == m.Chat {
			to.ReplyTo = m.Message
		}
		note, err := f.telegram.SendText(ctx, to)
		if telegram.TopicClosed(err) { // by who answered: they see it when they open it again
			return nil
		}
		if err != nil {
			return err
		}
		if err := f.store.AddThreadNote(ctx, m.Thread, chat, note); err != nil {
			f.log.Warn("a note of a thread is not known as one: replies to it reach nobody", "thread", int64(m.Thread), "err", err)
		}
		return nil // it was said; once is enough
	})
}

// answer brings a reply of the staff to the customer.
func (f *threads) answer(ctx context.Context, t esim.SupportThread, replyTo int, m *telegram.Message) error {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok {
		return nil
	}
	said.ReplyTo = replyTo
	if err := f.support.Answer(ctx, t, said); err != nil {
		return err
	}
	if !t.Open() { // it is again
		f.home.topics.setClosed(ctx, t.Customer, false)
	}
	f.renew(ctx, t.ID)
	customer, err := f.orders.Customer(ctx, t.Customer)
	if err != nil || !customer.Unreachable {
		return err
	}
	kept, err := f.store.ThreadMessageAt(ctx, said.Chat, said.Message)
	if err != nil {
		return err
	}
	return f.store.AddNotifications(ctx, []esim.Notification{esim.NewStaffAnswered(kept, false)})
}

// change takes in that staff edited their words.
func (f *threads) change(ctx context.Context, m *telegram.Message) error {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok {
		return nil
	}
	return f.support.Change(ctx, said.Chat, said.Message, said.Text)
}

// close closes a thread, and shows it on the head card whose button was pressed.
func (f *threads) close(ctx context.Context, r *request, ref threadRef) (ui.Screen, error) {
	t, err := f.store.Thread(ctx, ref.Thread)
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.support.Close(ctx, t, esim.EndByStaff); err != nil {
		return ui.Screen{}, err
	}
	if t, err = f.store.Thread(ctx, ref.Thread); err != nil {
		return ui.Screen{}, err
	}
	f.home.topics.setClosed(ctx, t.Customer, !t.Open())
	return f.card(ctx, t)
}
