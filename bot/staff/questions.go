package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// questions brings questions of customers to the group, and replies to them back.
type questions struct {
	home    *home
	screens *ui.Presenter
	texts   *i18n.Bundle
	orders  Orders
	store   esim.NotificationStore
	bot     int64 // its user id: a name can be changed
	log     *slog.Logger
}

// maxQuestion keeps a question and what stands around it within one message.
const maxQuestion = 2000

// questionMark stands in front of the asker's number in a question, so that a reply
// finds its way back without anything to be stored.
const questionMark = "#q"

// screen shows a customer's question.
func (f *questions) screen(ctx context.Context, n esim.Notification) (ui.Screen, error) {
	id, words := n.Question()
	from, err := f.orders.Customer(ctx, id)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, fmt.Errorf("who asked: %w", err)
	}
	return ui.Screen{Text: f.home.printer(ctx).T("staff.notice_question", i18n.Args{
		"name": from.Name, "customer": int64(id), "question": words,
		"mark": questionMark + strconv.FormatInt(int64(id), 10),
	})}, nil
}

// askedBy reads who asked from the bot's own message that staff reply to.
func (f *questions) askedBy(m *telegram.Message) (int64, bool) {
	if !m.Answers(f.bot) {
		return 0, false
	}
	words := strings.Fields(m.ReplyTo.Text)
	if len(words) == 0 {
		return 0, false
	}
	digits, ok := strings.CutPrefix(words[len(words)-1], questionMark)
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil
}

// answer brings a reply of the staff to the customer who asked.
func (f *questions) answer(ctx context.Context, asker int64, m *telegram.Message) error {
	at := ui.ScreenTarget{Chat: m.Chat.ID, Thread: m.Thread}
	here := &ui.Request{Printer: f.home.printer(ctx)}
	customer, err := f.orders.Customer(ctx, esim.CustomerID(asker))
	if err != nil {
		return f.screens.Show(ctx, nil, ui.ErrorScreen(here, err), at)
	}
	r := &ui.Request{Printer: f.texts.Printer(customer.Language), Customer: customer}
	text := r.T("support.answer", i18n.Args{"answer": ui.Cut(m.Text, maxQuestion)})
	outcome := "staff.answer_sent"
	if err := f.screens.Send(ctx, r, ui.Screen{Text: text}); telegram.Temporary(err) {
		return fmt.Errorf("answer a question: %w", err)
	} else if err != nil {
		f.log.Warn("answer not sent", "err", err)
		outcome = "staff.answer_refused"
	}
	return f.screens.Show(ctx, nil, ui.Screen{Text: here.T(outcome, nil)}, at)
}
