package bot

import (
	"context"
	"maps"
	"slices"
	"time"

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
	// statsOrders bounds the orders that /stats walks.
	statsOrders = 5000
	// longestTry is beyond the longest pause between two tries to send money back, so that
	// a list of what is due by then holds all that waits.
	longestTry = 2 * time.Hour
	// stuckTries failed tries, and staff were told that money cannot be sent back.
	stuckTries = 5
)

// refunds lists the money that has to go back and did not yet.
func (s *staff) refunds(ctx context.Context, r *staffRequest) (Screen, error) {
	due, err := s.store.RefundsDue(ctx, s.bot.cfg.Now().Add(longestTry), refundsShown)
	if err != nil {
		return Screen{}, err
	}
	if len(due) == 0 {
		return Screen{Text: r.T("staff.refunds_none", nil)}, nil
	}
	lines := []string{r.T("staff.refunds_head", nil)}
	var buttons []Button
	for _, d := range due {
		key := "staff.refund_due"
		switch {
		case d.Attempts >= stuckTries:
			key = "staff.refund_stuck"
		case d.Attempts > 0:
			key = "staff.refund_tried"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"id": d.Order.String(), "amount": r.exact(d.Amount), "rail": s.methodName(r, d.Method), "person": int64(d.Customer), "tries": d.Attempts,
		}))
		if _, err := esim.ParseOrderID(string(d.Order)); err == nil {
			buttons = append(buttons, press(d.Order.String(), routeStaffCard, d.Order))
		}
	}
	screen := Screen{Text: clip(lines)}
	for chunk := range slices.Chunk(buttons, 3) {
		screen.Rows = append(screen.Rows, chunk)
	}
	return screen, nil
}

// ledger shows the sums of all accounts, and whether the books agree with themselves.
func (s *staff) ledger(ctx context.Context, r *staffRequest) (Screen, error) {
	balances, err := s.store.Balances(ctx)
	if err != nil {
		return Screen{}, err
	}
	faults, err := s.store.LedgerFaults(ctx)
	if err != nil {
		return Screen{}, err
	}
	lines := []string{r.T("staff.ledger_head", nil)}
	for _, account := range slices.Sorted(maps.Keys(balances)) {
		for _, m := range balances[account] {
			lines = append(lines, r.T("staff.ledger_line", i18n.Args{"account": string(account), "amount": r.exact(m)}))
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
		lines = append(lines, r.T("staff.ledger_fault", i18n.Args{"what": f.What, "name": cut(f.Name, 80), "amount": r.exact(f.Off)}))
	}
	return Screen{Text: clip(lines)}, nil
}

// reconcile compares the shop with Telegram and the vendor, in the background.
func (s *staff) reconcile(_ context.Context, r *staffRequest) (Screen, error) {
	if s.bot.cfg.Reconcile == nil {
		return Screen{Text: r.T("staff.unknown_command", nil)}, nil
	}
	return Screen{Text: r.T("staff.reconcile_working", nil), After: func(ctx context.Context) (Screen, error) {
		rep, err := s.bot.cfg.Reconcile(ctx)
		if ctx.Err() != nil {
			return Screen{}, ctx.Err()
		}
		head := "staff.reconcile_agrees"
		if rep.Mended() {
			head = "staff.reconcile_mended"
		}
		text := r.T("staff.reconcile_report", i18n.Args{
			"stars": r.Number(int64(rep.Stars)), "payments": rep.Payments, "refunds": rep.Refunds,
			"profiles": r.Number(int64(rep.Profiles)), "late": rep.Late, "orphans": rep.Orphans, "faults": rep.Faults,
		})
		if err != nil {
			head = "staff.reconcile_failed"
			text += "\n\n" + string(s.words(r, err))
		}
		return Screen{Text: r.T(head, nil) + "\n" + text}, nil
	}}, nil
}

// audit lists what staff did, newest first.
func (s *staff) audit(ctx context.Context, r *staffRequest) (Screen, error) {
	n := min(max(r.Data.Int(0, auditShown), 1), auditMost)
	entries, err := s.store.AuditEntries(ctx, "", n)
	if err != nil {
		return Screen{}, err
	}
	if len(entries) == 0 {
		return Screen{Text: r.T("staff.audit_none", nil)}, nil
	}
	lines := []string{r.T("staff.audit_head", nil)}
	for _, a := range entries {
		lines = append(lines, s.actLine(r, a))
	}
	return Screen{Text: clip(lines)}, nil
}

// stats sums up the days past: what was paid by which payment method, and what was earned.
func (s *staff) stats(ctx context.Context, r *staffRequest) (Screen, error) {
	days := min(max(r.Data.Int(0, statsDays), 1), statsMost)
	since := s.bot.cfg.Now().Add(-time.Duration(days) * 24 * time.Hour)
	lines := []string{r.T("staff.stats_head", i18n.Args{"days": r.Days(days)}), ""}
	methods, all, err := s.salesByMethod(ctx, since)
	if err != nil {
		return Screen{}, err
	}
	for _, sale := range methods {
		lines = append(lines, r.T("staff.stats_rail", i18n.Args{
			"rail": s.methodName(r, sale.method), "count": r.Number(int64(sale.count)), "amount": r.exact(sale.amount),
		}))
	}
	switch {
	case len(methods) == 0:
		lines = append(lines, r.T("staff.stats_none", nil))
	case !all:
		lines = append(lines, r.T("staff.stats_latest", i18n.Args{"count": r.Number(statsOrders)}))
	}
	if s.bot.cfg.Books == nil {
		return Screen{Text: clip(lines)}, nil
	}
	st, err := s.bot.cfg.Books.Statement(ctx, since)
	if err != nil {
		return Screen{}, err
	}
	return Screen{Text: clip(append(lines, "", r.T("staff.stats_statement", i18n.Args{
		"orders": r.Number(int64(st.Orders)), "retail": r.exact(st.Retail), "refunded": r.exact(st.Refunded),
		"cost": r.exact(st.Cost), "margin": r.exact(st.Margin),
	})))}, nil
}

// A methodSale is what was paid by one payment method in one currency.
type methodSale struct {
	method esim.PaymentMethod
	count  int
	amount esim.Money
}

// salesByMethod sums up the orders paid since a time whose money did not go back and is
// not about to. all is false if there were more orders than are walked.
func (s *staff) salesByMethod(ctx context.Context, since time.Time) (methods []methodSale, all bool, err error) {
	states := slices.DeleteFunc(esim.States(), func(st esim.State) bool {
		return slices.Contains([]esim.State{esim.AwaitingPayment, esim.Expired, esim.Refunding, esim.Refunded}, st)
	})
	orders, err := s.store.RecentOrders(ctx, states, statsOrders)
	if err != nil {
		return nil, false, err
	}
	for _, o := range orders {
		if o.PaidAt.Before(since) {
			continue
		}
		i := slices.IndexFunc(methods, func(r methodSale) bool { return r.method == o.Method && r.amount.Currency == o.Price.Currency })
		if i < 0 {
			i, methods = len(methods), append(methods, methodSale{method: o.Method, amount: esim.Money{Currency: o.Price.Currency}})
		}
		methods[i].count++
		methods[i].amount.Minor += o.Price.Minor
	}
	slices.SortFunc(methods, func(a, b methodSale) int {
		return slices.Index(esim.PaymentMethods(), a.method) - slices.Index(esim.PaymentMethods(), b.method)
	})
	oldest := len(orders) == 0 || orders[len(orders)-1].Created.Before(since)
	return methods, len(orders) < statsOrders || oldest, nil
}
