package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/i18n"
)

// rightsFlow answers what Telegram and the law ask of a shop, and brings questions
// about payments to a customer.
// Source: https://core.telegram.org/bots/payments-stars#live-checklist.
type rightsFlow struct{ staff *staff }

func (f *rightsFlow) register(b *Bot) {
	b.command("terms", true, fixedText("rights.terms"))
	b.command("privacy", true, fixedText("rights.privacy"))
	b.command("paysupport", true, f.question)
	b.command("support", false, f.question)
}

//i18n:use rights.*

// fixedText is a screen of one sentence.
func fixedText(key string) handler {
	return func(_ context.Context, r *Request) (Screen, error) {
		return Screen{Text: r.T(key, nil), Rows: menuRow(r)}, nil
	}
}

// maxQuestion keeps a question and what stands around it within one message.
const maxQuestion = 2000

// question takes what stands behind the command to the staff group.
func (f *rightsFlow) question(ctx context.Context, r *Request) (Screen, error) {
	words := strings.TrimSpace(strings.Join(r.Data.Args, " "))
	switch {
	case f.staff.chat() == 0:
		return Screen{Text: r.T("rights.paysupport_unstaffed", nil), Rows: menuRow(r)}, nil
	case words == "":
		return Screen{Text: r.T("rights.paysupport", nil), Rows: menuRow(r)}, nil
	}
	p := f.staff.printer(ctx)
	text := p.T("staff.question", i18n.Args{
		"name": r.name(), "person": int64(r.Customer.ID), "question": cut(words, maxQuestion),
		"mark": questionMark + strconv.FormatInt(int64(r.Customer.ID), 10),
	})
	if err := f.staff.write(ctx, text); err != nil {
		return Screen{}, fmt.Errorf("bring a question to the staff: %w", err)
	}
	return Screen{Text: r.T("rights.question_sent", nil), Rows: menuRow(r)}, nil
}

// questionMark stands in front of the asker's number in a question, so that a reply
// finds its way back without anything to be stored.
const questionMark = "#q"

// askedBy reads who asked from the bot's own message that staff reply to.
func (s *staff) askedBy(m *telegram.Message) (int64, bool) {
	if m.ReplyTo == nil || m.ReplyTo.From == nil || !strings.EqualFold(m.ReplyTo.From.Username, s.bot.cfg.Username) {
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
