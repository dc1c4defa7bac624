package customer

import (
	"context"
	"fmt"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// A HelpDesk brings questions of customers to people who answer them.
type HelpDesk interface {
	// Staffed is false where no people are there to read questions.
	Staffed() bool
	// Ask brings a question; the answer comes later, in the asker's chat.
	// It does not wait for the staff's chat, which takes few messages a minute. The same update
	// is one question, however often it comes.
	Ask(ctx context.Context, from esim.Customer, update int64, question string) error
}

// supportFlow answers what Telegram and the law ask of a shop, and takes questions about
// payments to people.
// Source: https://core.telegram.org/bots/payments-stars#live-checklist.
type supportFlow struct{ helpDesk HelpDesk }

func (f *supportFlow) register(t *ui.Router) {
	t.Command("terms", true, fixedText("support.terms"))
	t.Command("privacy", true, fixedText("support.privacy"))
	t.Command("paysupport", true, f.question)
	t.Command("support", false, f.question)
	t.Route(routeAsk, f.question)
}

//i18n:use support.*

// fixedText is a screen of one sentence.
func fixedText(key string) ui.Handler {
	return func(_ context.Context, r *ui.Request) (ui.Screen, error) {
		return ui.Screen{Text: r.T(key, nil), Rows: ui.MenuRow(r)}, nil
	}
}

// question takes what stands behind the command to the help desk.
func (f *supportFlow) question(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	words := strings.TrimSpace(strings.Join(r.Data.Args, " "))
	switch {
	case !f.helpDesk.Staffed():
		return ui.Screen{Text: r.T("support.paysupport_unstaffed", nil), Rows: ui.MenuRow(r)}, nil
	case words == "":
		return ui.Screen{Text: r.T("support.paysupport", nil), Rows: ui.MenuRow(r)}, nil
	}
	if err := f.helpDesk.Ask(ctx, r.Customer, r.Update, words); err != nil {
		return ui.Screen{}, fmt.Errorf("bring a question to the staff: %w", err)
	}
	return ui.Screen{Text: r.T("support.question_sent", nil), Rows: ui.MenuRow(r)}, nil
}
