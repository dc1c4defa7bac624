package staff

import (
	"context"
	"maps"
	"slices"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	refundsShown = 20
	faultsShown  = 10
	auditShown   = 20
	auditMost    = 50
	statsDays    = 30
	statsMost    = 366
	// longestTry is beyond the longest pause between two tries to send money back, so that
	// a list of what is due by then holds all that waits.
	longestTry = 2 * time.Hour
	// stuckTries failed tries, and staff were told that money cannot be sent back.
	stuckTries = 5
)

// LedgerStore is what the books say.
type LedgerStore interface {
	LedgerReader
	OrderStore
}

// LedgerReader are the books.
type LedgerReader interface {
	// RefundsDue lists payments that have to go back and are due for a try by then.
	RefundsDue(ctx context.Context, by time.Time, limit int) ([]esim.DueRefund, error)
	// LedgerFaults compares the books with themselves, with payments and with orders.
	LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error)
	// Balances are the sums of all accounts, by account and currency; the store credit of
	// all customers is one sum under "credit". Accounts that are even are left out.
	Balances(ctx context.Context) (map[esim.Account][]esim.Money, error)
	// AuditEntries lists what staff did, newest first; to one order if it is named.
	AuditEntries(ctx context.Context, order esim.OrderID, limit int) ([]esim.AuditEntry, error)
}

// ledger shows the books: what has to go back, the sums, and who changed what.
type ledger struct {
	store     LedgerStore
	reconcile func(ctx context.Context) (esim.ReconcileReport, error) // nil: there is no such command
	now       func() time.Time
}

// refunds lists the money that has to go back and did not yet.
func (f *ledger) refunds(ctx context.Context, r *request) (ui.Screen, error) {
	due, err := f.store.RefundsDue(ctx, f.now().Add(longestTry), refundsShown)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(due) == 0 {
		return ui.Screen{Text: r.T("staff.refunds_none", nil)}, nil
	}
	lines := []string{r.T("staff.refunds_head", nil)}
	var buttons []ui.Button
	for _, d := range due {
		key := "staff.refund_due"
		switch {
		case d.Attempts >= stuckTries:
			key = "staff.refund_stuck"
		case d.Attempts > 0:
			key = "staff.refund_tried"
		}
		customer, err := customerOf(ctx, f.store, r.Request, d.Customer)
		if err != nil {
			return ui.Screen{}, err
		}
		lines = append(lines, r.T(key, i18n.Args{
			"id": d.Order.String(), "amount": r.ExactAmount(d.Amount), "method": methodName(r.Request, d.Method), "customer": customer, "tries": d.Attempts,
		}))
		if _, err := esim.ParseOrderID(string(d.Order)); err == nil {
			buttons = append(buttons, ui.NewButton(d.Order.String(), cardRef{d.Order}))
		}
	}
	screen := ui.Screen{Text: ui.Clip(lines)}
	for chunk := range slices.Chunk(buttons, 3) {
		screen.Rows = append(screen.Rows, chunk)
	}
	return screen, nil
}

// balances shows the sums of all accounts, and whether the books agree with themselves.
func (f *ledger) balances(ctx context.Context, r *request) (ui.Screen, error) {
	balances, err := f.store.Balances(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	faults, err := f.store.LedgerFaults(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.ledger_head", nil)}
	for _, account := range slices.Sorted(maps.Keys(balances)) {
		for _, m := range balances[account] {
			lines = append(lines, r.T("staff.ledger_line", i18n.Args{"account": string(account), "amount": r.ExactAmount(m)}))
		}
	}
	if len(balances) == 0 {
		lines = append(lines, r.T("staff.ledger_empty", nil))
	}
	lines = append(lines, "")
	if len(faults) == 0 {
		lines = append(lines, r.T("staff.ledger_agrees", nil))
	} else {
		lines = append(lines, r.N("staff.ledger_faults", len(faults), nil))
	}
	for _, f := range faults[:min(len(faults), faultsShown)] {
		lines = append(lines, r.T("staff.ledger_fault", i18n.Args{"what": f.What, "name": ui.Truncate(f.Name, 80), "amount": r.ExactAmount(f.Off)}))
	}
	return ui.Screen{Text: ui.Clip(lines)}, nil
}

// compare compares the shop with Telegram and the vendor, in the background.
func (f *ledger) compare(_ context.Context, r *request) (ui.Screen, error) {
	if f.reconcile == nil {
		return ui.Screen{Text: r.T("staff.unknown_command", nil)}, nil
	}
	return ui.Screen{Text: r.T("staff.reconcile_working", nil), After: func(ctx context.Context) (ui.Screen, error) {
		rep, err := f.reconcile(ctx)
		if ctx.Err() != nil {
			return ui.Screen{}, ctx.Err()
		}
		head := "staff.reconcile_agrees"
		if rep.Mended() {
			head = "staff.reconcile_mended"
		}
		text := r.T("staff.reconcile_report", i18n.Args{
			"stars": r.Number(int64(rep.Stars)), "payments": rep.Payments, "refunds": rep.Refunds,
			"profiles": r.Number(int64(rep.Profiles)), "late": rep.Late, "orphans": rep.UnmatchedESIMs, "faults": rep.Faults,
		})
		if rep.Off.Minor != 0 {
			text += "\n" + string(r.T("staff.reconcile_off", i18n.Args{"amount": r.ExactAmount(rep.Off)}))
		}
		if err != nil {
			head = "staff.reconcile_failed"
			text += "\n\n" + string(words(r, err))
		}
		return ui.Screen{Text: r.T(head, nil) + "\n" + text}, nil
	}}, nil
}

// audit lists what staff did, newest first.
func (f *ledger) audit(ctx context.Context, r *request) (ui.Screen, error) {
	n := r.given.number
	entries, err := f.store.AuditEntries(ctx, "", n)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(entries) == 0 {
		return ui.Screen{Text: r.T("staff.audit_none", nil)}, nil
	}
	lines := []string{r.T("staff.audit_head", nil)}
	for _, a := range entries {
		lines = append(lines, actLine(r, a))
	}
	return ui.Screen{Text: ui.Clip(lines)}, nil
}
