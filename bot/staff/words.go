package staff

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Some questions are answered in words: why money goes back, what is to be noted, what an SMS says. Whoever is asked
// replies to the question, which is known by its button: a shop that was stopped meanwhile goes on.

// reasons are what staff need not type, in the order of their buttons: never renamed.
var reasons = []string{"network", "plans", "mistake", "kindness"}

//i18n:use staff.btn_why_* staff.ask_words_*

// whyRows offer reasons, and the way out, which also says what a reply is for.
func whyRows(r *request, ref wordsRef) [][]ui.Button {
	var buttons []ui.Button
	for _, why := range reasons {
		buttons = append(buttons, ui.NewButton(r.Plain("staff.btn_why_"+why, nil), whyRef{ref.Action, ref.Order, why, ref.ESIM}))
	}
	return append(slices.Collect(slices.Chunk(buttons, 2)), ui.Row(ui.NewButton(r.Plain("staff.btn_no", nil), ref)))
}

// why asks the question again, with a reason that was pressed.
func (f *actions) why(ctx context.Context, r *request, ref whyRef) (ui.Screen, error) {
	a, ok := orderActionNamed(ref.Action)
	if !slices.Contains(reasons, ref.Why) {
		return ui.Screen{}, ui.ErrBadData
	}
	if ref.Action == partAction {
		screen, err := f.askPart(ctx, r, ref.ESIM, r.Plain("staff.btn_why_"+ref.Why, nil))
		screen.Fresh = false
		return screen, err
	}
	if !ok || a.name == amountAction { // which takes a sum too
		return ui.Screen{}, ui.ErrBadData
	}
	screen, err := f.question(ctx, r, a, ref.Order, r.Plain("staff.btn_why_"+ref.Why, nil))
	screen.Fresh = false // in the place of the question without one
	return screen, err
}

// wordsFor is what a message of the group answers in words.
func (g *Group) wordsFor(m *telegram.Message) (ref wordsRef, ok bool) {
	if m.Command != "" || !m.Answers(g.threads.bot) {
		return ref, false
	}
	for _, data := range m.ReplyTo.Buttons {
		d, err := ui.ParseCallbackData(data)
		if err != nil || ui.Route(d.Route) != routeWords {
			continue
		}
		ref, err := parseWordsRef(d)
		return ref, err == nil
	}
	return ref, false
}

// said answers such a message of somebody who may.
func (g *Group) said(ref wordsRef) handler {
	return func(ctx context.Context, r *request) (ui.Screen, error) {
		if a, ok := userActionNamed(ref.Action); ok && a.words {
			if strings.TrimSpace(r.Text) == "" {
				return ui.Screen{Text: r.T("staff.words_only", nil)}, nil
			}
			return g.asCommand(ctx, r, a, ref.Customer, r.Text)
		}
		if p := ofAction(r.Data); !r.role.May(p) {
			words, err := g.refused(ctx, r, p)
			return ui.Screen{Text: string(words)}, err
		}
		return g.actions.said(ctx, r, ref)
	}
}

// said takes in what was replied.
func (f *actions) said(ctx context.Context, r *request, ref wordsRef) (ui.Screen, error) {
	text := strings.TrimSpace(r.Text)
	if text == "" {
		return ui.Screen{Text: r.T("staff.words_only", nil)}, nil
	}
	if a, ok := esimActionNamed(ref.Action); ok && a.words {
		return f.saidSMS(ctx, r, a, ref, text)
	}
	a, ok := orderActionNamed(ref.Action)
	switch {
	case ref.Action == giftAction:
		return f.saidGift(ctx, r, ref, oneLine(strings.Fields(text)))
	case ref.Action == assignAction:
		return f.questionAssign(ctx, r, ref.ESIM, oneLine(strings.Fields(text)))
	case ref.Action == partAction:
		return f.askPart(ctx, r, ref.ESIM, oneLine(strings.Fields(text)))
	case ref.Action == amountAction:
		return f.saidAmount(ctx, r, ref.Order, strings.Fields(text))
	case !ok || !a.moves && !a.note:
		return ui.Screen{}, ui.ErrBadData
	case a.note:
		return f.noted(ctx, r, a, ref.Order, oneLine(strings.Fields(text)))
	}
	return f.question(ctx, r, a, ref.Order, oneLine(strings.Fields(text)))
}

// noted keeps a note on an order, at once: it changes nothing else.
func (f *actions) noted(ctx context.Context, r *request, a orderAction, id esim.OrderID, note string) (ui.Screen, error) {
	o, err := f.cards.orders.Order(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	entry := r.auditEntry(a.name, f.now())
	entry.Order, entry.Customer, entry.Why = id, o.Customer, note
	return f.outcome(ctx, r, a.name, id, note, a.do(ctx, f, id, entry))
}

// saidSMS shows an SMS before it is sent.
func (f *actions) saidSMS(ctx context.Context, r *request, a esimAction, ref wordsRef, text string) (ui.Screen, error) {
	if n := utf8.RuneCountInString(text); n > esim.MaxSMS {
		return ui.Screen{Text: r.T("staff.sms_long", i18n.Args{"count": r.Number(int64(n)), "most": r.Number(esim.MaxSMS)})}, nil
	}
	screen, err := f.questionESIM(ctx, r, a, ref.ESIM)
	if err == nil && len(screen.Rows) > 0 {
		screen.Text += "\n" + string(r.HTML("%s%s", reasonMark, text))
	}
	return screen, err
}

// sentAgain is how long the same text to the same eSIM is a second press and no second text.
const sentAgain = 10 * time.Minute

// sentBefore reports whether an SMS was sent a moment ago.
func (f *actions) sentBefore(ctx context.Context, entry esim.AuditEntry) (bool, error) {
	before, err := f.cards.store.AuditEntries(ctx, entry.Order, actsShown)
	return slices.ContainsFunc(before, func(a esim.AuditEntry) bool {
		return a.What == entry.What && a.ESIM == entry.ESIM && a.Why == entry.Why && entry.At.Sub(a.At) < sentAgain
	}), err
}

// words reads back the words below a question, all their lines.
func (r *request) words() string {
	_, text, ok := strings.Cut(r.shown, "\n"+reasonMark)
	if !ok {
		return ""
	}
	return strings.TrimSpace(text)
}

// unsaid leaves everything as it is.
func (f *actions) unsaid(_ context.Context, r *request, ref wordsRef) (ui.Screen, error) {
	return ui.Screen{Text: r.T("staff.left", i18n.Args{"who": r.name}), Rows: cardRow(r.Request, ref.Order)}, nil
}

// changedBy says that something changed since it was asked about, and who of the staff did what to it last.
func changedBy(r *request, d orderDetails) i18n.HTML {
	if len(d.auditEntries) == 0 {
		return words(r, esim.ErrConflict)
	}
	last := d.auditEntries[0]
	return i18n.HTML(r.T("staff.err_changed_by", i18n.Args{
		"what": last.What, "who": nameOf(r.Request, last.WhoName, last.Who), "time": r.Moment(last.At),
	}))
}
