package staff

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// longestMessage is what staff write at once to who did not ask: it is shown to them whole before.
const longestMessage = 3000

// messages writes to customers who did not ask, in a thread of theirs: what they answer comes to staff.
type messages struct {
	threads *threads
	audit   ExportStore
}

// ask shows what is about to be written to a customer who did not ask.
func (f *messages) ask(_ context.Context, r *request) (ui.Screen, error) {
	c, text := r.given.customer, ui.Truncate(r.given.text, longestMessage)
	args := i18n.Args{"name": ui.CustomerName(c), "customer": int64(c.ID)}
	if c.Unreachable {
		return ui.Screen{Text: r.T("staff.card_customer", args) + "\n" + r.T("staff.card_unreachable", nil)}, nil
	}
	return ui.Screen{Text: r.T("staff.ask_message", args) + "\n\n" + string(r.HTML("%s", text)), Rows: yesNo(r, messageRef{c.ID}, "")}, nil
}

// yes says it in the customer's thread, once however often the button is pressed: what it is known by is the message that
// showed it.
func (f *messages) yes(ctx context.Context, r *request, ref messageRef) (ui.Screen, error) {
	_, text, ok := strings.Cut(r.shown, "\n\n")
	if !ok || r.message == 0 { // too old to be read
		return ui.Screen{}, ui.ErrBadData
	}
	c, err := f.threads.orders.Customer(ctx, ref.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	if _, err := f.threads.store.ThreadMessageAt(ctx, f.threads.home.chat(), r.message); err == nil {
		return ui.Screen{}, esim.ErrConflict
	} else if !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	t, err := f.threads.support.Begin(ctx, esim.SupportThread{Customer: c.ID}, 0)
	if err != nil {
		return ui.Screen{}, err
	}
	entry := r.auditEntry("message", f.threads.now())
	entry.Customer, entry.Why = c.ID, oneLine(strings.Fields(text))
	if err := f.audit.AddAuditEntry(ctx, entry); err != nil {
		return ui.Screen{}, err
	}
	if err := f.threads.support.Answer(ctx, t, esim.ThreadMessage{Chat: f.threads.home.chat(), Message: r.message, Text: text}); err != nil {
		return ui.Screen{}, err
	}
	done := r.T("staff.done_message", i18n.Args{"name": ui.CustomerName(c), "customer": int64(c.ID), "who": r.name})
	return ui.Screen{Text: done + "\n\n" + string(r.HTML("%s", text)), Rows: [][]ui.Button{{ui.NewButton(ui.Truncate(ui.CustomerName(c), 24), userRef{c.ID})}}}, nil
}
