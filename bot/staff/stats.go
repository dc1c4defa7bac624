package staff

import (
	"context"
	"slices"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// StatsStore knows the orders of the days past.
type StatsStore interface {
	RecentOrders(ctx context.Context, states []esim.State, limit int) ([]esim.Order, error)
}

// stats sums up what was sold.
type stats struct {
	store StatsStore
	books OrderHistoryStore // nil: nothing is told of costs
	now   func() time.Time
}

// show sums up the days past: what was paid by which payment method, and what was earned.
func (f *stats) show(ctx context.Context, r *request) (ui.Screen, error) {
	days := r.given.number
	since := f.now().Add(-time.Duration(days) * 24 * time.Hour)
	lines := []string{r.T("staff.stats_head", i18n.Args{"days": r.Days(days)}), ""}
	methods, all, err := f.salesByMethod(ctx, since)
	if err != nil {
		return ui.Screen{}, err
	}
	for _, sale := range methods {
		lines = append(lines, r.T("staff.stats_method", i18n.Args{
			"method": methodName(r, sale.method), "count": r.Number(int64(sale.count)), "amount": r.ExactAmount(sale.amount),
		}))
	}
	switch {
	case len(methods) == 0:
		lines = append(lines, r.T("staff.stats_none", nil))
	case !all:
		lines = append(lines, r.T("staff.stats_latest", i18n.Args{"count": r.Number(statsOrders)}))
	}
	if f.books == nil {
		return ui.Screen{Text: ui.Clip(lines)}, nil
	}
	st, err := f.books.Statement(ctx, since)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.stats_statement", i18n.Args{
		"orders": r.Number(int64(st.Orders)), "retail": r.ExactAmount(st.Retail), "refunded": r.ExactAmount(st.Refunded),
		"cost": r.ExactAmount(st.Cost), "margin": r.ExactAmount(st.Margin),
	})))}, nil
}

// A methodSale is what was paid by one payment method in one currency.
type methodSale struct {
	method esim.PaymentMethod
	count  int
	amount esim.Money
}

// add counts one more sale by a payment method.
func add(methods []methodSale, method esim.PaymentMethod, m esim.Money) []methodSale {
	i := slices.IndexFunc(methods, func(r methodSale) bool { return r.method == method && r.amount.Currency == m.Currency })
	if i < 0 {
		i, methods = len(methods), append(methods, methodSale{method: method, amount: esim.Money{Currency: m.Currency}})
	}
	methods[i].count++
	methods[i].amount.Minor += m.Minor
	return methods
}

// salesByMethod sums up the orders paid since a time whose money did not go back and is
// not about to. all is false if there were more orders than are walked.
func (f *stats) salesByMethod(ctx context.Context, since time.Time) (methods []methodSale, all bool, err error) {
	states := slices.DeleteFunc(esim.States(), func(st esim.State) bool {
		return slices.Contains([]esim.State{esim.StateAwaitingPayment, esim.StateExpired, esim.StateRefunding, esim.StateRefunded}, st)
	})
	orders, err := f.store.RecentOrders(ctx, states, statsOrders)
	if err != nil {
		return nil, false, err
	}
	for _, o := range orders {
		if o.PaidAt.Before(since) {
			continue
		}
		methods = add(methods, o.Method, o.Price)
		if o.Credit.Minor > 0 { // beside it
			methods = add(methods, esim.MethodCredit, o.Credit)
		}
	}
	slices.SortFunc(methods, func(a, b methodSale) int {
		return slices.Index(esim.PaymentMethods(), a.method) - slices.Index(esim.PaymentMethods(), b.method)
	})
	oldest := len(orders) == 0 || orders[len(orders)-1].Created.Before(since)
	return methods, len(orders) < statsOrders || oldest, nil
}
