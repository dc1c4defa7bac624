package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// unexplained are the payments that only Telegram's account tells of: staff see them, send one back, or
// keep it.
type unexplained struct {
	admin     *esim.OrderAdmin
	checkout  *esim.Checkout
	customers OrderStore
	now       func() time.Time
}

const unexplainedPerPage = 8

// A unexplainedAction is something staff can do to such a payment.
type unexplainedAction struct {
	name string // in buttons, sentences and the audit log: never renamed
	may  esim.Permission
	do   func(d *esim.OrderAdmin, ctx context.Context, ref string, entry esim.AuditEntry) error
	// moves: money goes out by it.
	moves bool
}

var unexplainedActions = []unexplainedAction{
	{"sendback", esim.MayRefund, (*esim.OrderAdmin).SendBack, true},
	{"keep", esim.MayRefund, (*esim.OrderAdmin).DismissUnexplained, false},
}

func unexplainedActionNamed(name string) (unexplainedAction, bool) {
	for _, a := range unexplainedActions {
		if a.name == name {
			return a, true
		}
	}
	return unexplainedAction{}, false
}

// command lists them.
func (f *unexplained) command(ctx context.Context, r *request) (ui.Screen, error) {
	return f.list(ctx, r, unexplainedListRef{})
}

// fresh lists them below a notification, which stays.
func (f *unexplained) fresh(ctx context.Context, r *request, ref unexplainedListRef) (ui.Screen, error) {
	screen, err := f.list(ctx, r, ref)
	screen.Fresh = !ref.Turn
	return screen, err
}

func (f *unexplained) list(ctx context.Context, r *request, ref unexplainedListRef) (ui.Screen, error) {
	open, err := f.admin.UnexplainedPayments(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(open) == 0 {
		return ui.Screen{Text: r.T("staff.held_none", nil)}, nil
	}
	var totals []string
	for _, sum := range esim.UnexplainedTotals(open) {
		totals = append(totals, r.ExactAmount(sum))
	}
	lines := []string{r.T("staff.held_head", i18n.Args{"count": r.Number(int64(len(open))), "amount": strings.Join(totals, " + ")}), ""}
	page := ui.Paginate(len(open), unexplainedPerPage, ref.Page)
	var screen ui.Screen
	for i, u := range open[page.From:page.To] {
		n := page.From + i + 1
		line, err := f.line(ctx, r, u)
		if err != nil {
			return ui.Screen{}, err
		}
		lines = append(lines, r.T("staff.held_line", i18n.Args{"n": n, "line": line}))
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(fmt.Sprintf("%d · %s", n, r.ExactAmount(u.Amount)), onePaymentRef{u.Ref()})))
	}
	screen.Text = ui.Clip(lines)
	screen.Rows = append(screen.Rows, page.Row(func(n int) ui.CallbackRef { return unexplainedListRef{n, true} })...)
	return screen, nil
}

// line is what is known of a payment.
func (f *unexplained) line(ctx context.Context, r *request, u esim.UnexplainedPayment) (i18n.HTML, error) {
	customer, err := customerOf(ctx, f.customers, r.Request, u.Customer)
	if err != nil {
		return "", err
	}
	line := r.T("staff.held_payment", i18n.Args{
		"time": r.Moment(u.At), "amount": r.ExactAmount(u.Amount), "customer": customer, "id": ui.Truncate(u.Order.String(), 32),
	})
	if u.Older {
		line += " · " + r.T("staff.held_older", nil)
	}
	return i18n.HTML(line), nil
}

// card shows one payment with what can be done about it.
func (f *unexplained) card(ctx context.Context, r *request, ref onePaymentRef) (ui.Screen, error) {
	u, err := f.admin.UnexplainedPayment(ctx, ref.Ref)
	if err != nil {
		return ui.Screen{}, heldGone(err)
	}
	line, err := f.line(ctx, r, u)
	if err != nil {
		return ui.Screen{}, err
	}
	var row []ui.Button
	for _, a := range unexplainedActions {
		row = append(row, ui.NewButton(r.Plain("staff.btn_"+a.name, nil), unexplainedRef{routeAskUnexplained, a.name, ref.Ref}))
	}
	text := r.T("staff.held_card", i18n.Args{"line": line, "charge": ui.Truncate(u.ID, 200)})
	return ui.Screen{Fresh: true, Text: text, Rows: [][]ui.Button{row, ui.Row(ui.NewButton(r.Plain("staff.btn_held", nil), unexplainedListRef{Turn: true}))}}, nil
}

// ask shows the question in front of an action.
func (f *unexplained) ask(ctx context.Context, r *request, ref unexplainedRef) (ui.Screen, error) {
	a, ok := unexplainedActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	u, err := f.admin.UnexplainedPayment(ctx, ref.Ref)
	if err != nil {
		return ui.Screen{}, heldGone(err)
	}
	line, err := f.line(ctx, r, u)
	if err != nil {
		return ui.Screen{}, err
	}
	customer, err := customerOf(ctx, f.customers, r.Request, u.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	text := r.T("staff.ask_"+a.name, i18n.Args{"amount": r.ExactAmount(u.Amount), "customer": customer, "line": line})
	if a.name == "sendback" && u.AsCredit() {
		text += "\n" + r.T("staff.ask_as_credit", nil)
	}
	return ui.Screen{Fresh: true, Text: text, Rows: yesNo(r, unexplainedRef{routeYesUnexplained, a.name, ref.Ref}, "")}, nil
}

// yes does what was asked, once.
func (f *unexplained) yes(ctx context.Context, r *request, ref unexplainedRef) (ui.Screen, error) {
	a, ok := unexplainedActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	u, err := f.admin.UnexplainedPayment(ctx, ref.Ref)
	if err == nil {
		entry := r.auditEntry(a.name, f.now())
		entry.Why = ui.Truncate(u.Why+" ("+string(u.Order)+")", maxReason)
		err = a.do(f.admin, ctx, ref.Ref, entry)
	}
	if err != nil {
		return ui.Screen{}, heldGone(err)
	}
	r.done = true
	customer, err := customerOf(ctx, f.customers, r.Request, u.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	text := r.T("staff.done_"+a.name, i18n.Args{"amount": r.ExactAmount(u.Amount), "customer": customer, "who": r.name})
	return ui.Screen{Text: text, Rows: [][]ui.Button{ui.Row(ui.NewButton(r.Plain("staff.btn_held", nil), unexplainedListRef{Turn: true}))}}, nil
}

// heldGone: a payment that is not in the list any more was settled by somebody.
func heldGone(err error) error {
	if errors.Is(err, esim.ErrNotFound) {
		return fmt.Errorf("%w: %w", esim.ErrConflict, err)
	}
	return err
}
