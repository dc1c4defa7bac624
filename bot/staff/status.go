package staff

import (
	"context"
	"errors"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// UsageSweepJob is the name under which the usage sweep notes its last success.
const UsageSweepJob = "usage"

// StatusStore counts what waits and what was sold.
type StatusStore interface {
	CountOrders(ctx context.Context, since time.Time) (map[esim.State]int, error)
	SalesSince(ctx context.Context, since time.Time) (count int, revenue []esim.Money, wholesale esim.Money, err error)
	OutboxSize(ctx context.Context) (waiting, dead int, err error)
	// LastOK returns ErrNotFound for a job that never succeeded.
	LastOK(ctx context.Context, job string) (time.Time, error)
}

// status says how the shop is.
type status struct {
	store    StatusStore
	monitor  *esim.VendorMonitor
	checkout *esim.Checkout
	reserve  *esim.StarsReserve // nil: no Stars are taken
	catalog  *esim.CatalogCache
	version  string
	now      func() time.Time
}

func (f *status) show(ctx context.Context, r *request) (ui.Screen, error) {
	now := f.now()
	midnight := now.UTC().Truncate(24 * time.Hour)
	sold, revenue, wholesale, err := f.store.SalesSince(ctx, midnight)
	if err != nil {
		return ui.Screen{}, err
	}
	counts, err := f.store.CountOrders(ctx, time.Time{})
	if err != nil {
		return ui.Screen{}, err
	}
	waiting, dead, err := f.store.OutboxSize(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	open := 0
	for st, n := range counts {
		if st.Open() {
			open += n
		}
	}
	monitor := f.monitor.Status()
	lines := []string{
		r.T("staff.status_head", i18n.Args{"version": f.version, "time": r.Moment(now)}),
		"",
	}
	if text, paused := f.checkout.Rules.Current().Paused(); paused {
		lines = append(lines, r.T("staff.status_paused", nil))
		if text != "" {
			lines = append(lines, r.T("staff.pause_says", i18n.Args{"text": text}))
		}
	}
	lines = append(lines, supplyLine(r, monitor))
	if f.reserve != nil && !f.reserve.Status().AsOf.IsZero() {
		lines = append(lines, reserveLine(r, f.reserve.Status()))
	}
	lines = append(lines,
		r.T("staff.status_catalog", i18n.Args{
			"plans": r.Number(int64(len(f.catalog.Current().Plans()))), "time": when(r.Request, f.catalog.Current().Fetched()),
		}),
		r.T("staff.status_sales", i18n.Args{"count": r.Number(int64(sold)), "revenue": sum(r, revenue, f.reserve != nil), "wholesale": r.ExactAmount(wholesale)}),
		r.T("staff.status_open", i18n.Args{"count": r.Number(int64(open)), "human": r.Number(int64(counts[esim.StateNeedsHuman]))}),
		r.T("staff.status_outbox", i18n.Args{"waiting": r.Number(int64(waiting)), "dead": r.Number(int64(dead))}),
	)
	sweep, err := f.store.LastOK(ctx, UsageSweepJob)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: strings.Join(append(lines, r.T("staff.status_sweep", i18n.Args{"time": when(r.Request, sweep)})), "\n")}, nil
}

func supplyLine(r *request, st esim.VendorStatus) string {
	args := i18n.Args{"balance": r.ExactAmount(st.Balance), "time": when(r.Request, st.AsOf)}
	if st.Down {
		return r.T("staff.status_supply_down", args)
	}
	return r.T("staff.status_supply", args)
}

// reserveLine sets the bot's Stars beside what may still have to go back.
func reserveLine(r *request, st esim.StarsReserveStatus) string {
	args := i18n.Args{"balance": r.ExactAmount(st.Balance), "owed": r.ExactAmount(st.Owed), "time": when(r.Request, st.AsOf)}
	if st.Low() {
		return r.T("staff.status_stars_low", args)
	}
	return r.T("staff.status_stars", args)
}

func when(r *ui.Request, t time.Time) i18n.HTML {
	if t.IsZero() {
		return i18n.HTML(r.T("staff.never", nil))
	}
	return r.Moment(t)
}

// sum adds up what came in, in each currency; nothing is no Stars where none are taken.
func sum(r *request, amounts []esim.Money, stars bool) string {
	switch {
	case len(amounts) == 0 && stars:
		return r.ExactAmount(esim.Stars(0))
	case len(amounts) == 0:
		return r.ExactAmount(esim.USDCents(0))
	}
	parts := make([]string, len(amounts))
	for i, m := range amounts {
		parts[i] = r.ExactAmount(m)
	}
	return strings.Join(parts, " + ")
}
