package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

func (s *staff) status(ctx context.Context, r *staffRequest) (Screen, error) {
	now := s.bot.cfg.Now()
	midnight := now.UTC().Truncate(24 * time.Hour)
	sold, revenue, wholesale, err := s.store.SalesSince(ctx, midnight)
	if err != nil {
		return Screen{}, err
	}
	counts, err := s.store.CountOrders(ctx, time.Time{})
	if err != nil {
		return Screen{}, err
	}
	waiting, dead, err := s.store.OutboxSize(ctx)
	if err != nil {
		return Screen{}, err
	}
	open := 0
	for st, n := range counts {
		if st.Open() {
			open += n
		}
	}
	monitor := s.bot.cfg.Monitor.Status()
	lines := []string{
		r.T("staff.status_head", i18n.Args{"version": s.bot.cfg.Version, "time": r.DateTime(now, time.UTC)}),
		"",
		s.supplyLine(r, monitor),
		r.T("staff.status_catalog", i18n.Args{
			"plans": r.Number(int64(len(s.bot.cfg.Catalog.Current().Plans()))), "time": s.when(r, s.bot.cfg.Catalog.Current().Fetched()),
		}),
		r.T("staff.status_sales", i18n.Args{"count": r.Number(int64(sold)), "revenue": s.sum(r, revenue), "wholesale": r.exact(wholesale)}),
		r.T("staff.status_open", i18n.Args{"count": r.Number(int64(open)), "human": r.Number(int64(counts[esim.NeedsHuman]))}),
		r.T("staff.status_outbox", i18n.Args{"waiting": r.Number(int64(waiting)), "dead": r.Number(int64(dead))}),
	}
	sweep, err := s.store.LastOK(ctx, SweepJob)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return Screen{}, err
	}
	return Screen{Text: strings.Join(append(lines, r.T("staff.status_sweep", i18n.Args{"time": s.when(r, sweep)})), "\n")}, nil
}

func (s *staff) supplyLine(r *staffRequest, st esim.VendorStatus) string {
	args := i18n.Args{"balance": r.exact(st.Balance), "time": s.when(r, st.AsOf)}
	if st.Down {
		return r.T("staff.status_supply_down", args)
	}
	return r.T("staff.status_supply", args)
}

func (s *staff) when(r *staffRequest, t time.Time) string {
	if t.IsZero() {
		return r.Plain("staff.never", nil)
	}
	return r.DateTime(t, time.UTC)
}

func (s *staff) sum(r *staffRequest, amounts []esim.Money) string {
	if len(amounts) == 0 {
		return r.exact(esim.Stars(0))
	}
	parts := make([]string, len(amounts))
	for i, m := range amounts {
		parts[i] = r.exact(m)
	}
	return strings.Join(parts, " + ")
}
