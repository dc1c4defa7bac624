package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"esimbot/esim"
)

// metrics answers /metrics in the text format of Prometheus:
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 4*time.Second)
	defer cancel()
	families, err := a.measure(ctx)
	if err != nil {
		a.log.Error("metrics", "err", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, f := range families {
		f.write(w)
	}
}

// A family is one metric with its series.
type family struct {
	name, kind, help string // kind: gauge or counter
	series           []sample
}

type sample struct {
	labels string // `state="paid"`, "" for none
	value  float64
}

func (f family) write(w io.Writer) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
	for _, s := range f.series {
		labels := s.labels
		if labels != "" {
			labels = "{" + labels + "}"
		}
		fmt.Fprintf(w, "%s%s %s\n", f.name, labels, strconv.FormatFloat(s.value, 'f', -1, 64))
	}
}

func gauge(name, help string, value float64) family {
	return family{name, "gauge", help, []sample{{"", value}}}
}

// label is name="value" with the value escaped.
func label(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}

// unix is a time as Prometheus likes it; 0 for never.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func yesNo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// countedAtMost bounds what is counted row by row.
const countedAtMost = 1000

// measure reads the figures.
func (a *App) measure(ctx context.Context) ([]family, error) {
	now := a.now()
	byState, err := a.db.CountOrders(ctx, time.Time{})
	waiting, dead, err2 := a.db.OutboxSize(ctx)
	refunds, err3 := a.db.RefundsDue(ctx, now, countedAtMost)
	worker, _, err4 := a.db.DueVendorEvents(ctx, now, countedAtMost)
	sweep, err5 := a.db.LastOK(ctx, sweepJob)
	if errors.Is(err5, esim.ErrNotFound) {
		err5 = nil
	}
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		return nil, err
	}
	orders := family{"esimbot_orders", "gauge", "Orders by state.", nil}
	for _, s := range esim.States() {
		orders.series = append(orders.series, sample{label("state", string(s)), float64(byState[s])})
	}
	monitor := a.monitor.Status()
	families := []family{
		gauge("esimbot_info", "The program; always 1.", 1),
		orders,
		{"esimbot_outbox", "gauge", "Messages owed and not sent, and messages given up.",
			[]sample{{label("status", "waiting"), float64(waiting)}, {label("status", "dead"), float64(dead)}}},
		gauge("esimbot_refunds_due", "Payments that are to go back now, at most 1000.", float64(len(refunds))),
		gauge("esimbot_hints_due", "Events of the supplier not looked into yet, at most 1000.", float64(len(worker))),
		gauge("esimbot_supplier_balance_usd", "Our money at the supplier in US dollars.", float64(monitor.Balance.Minor)/10_000),
		gauge("esimbot_supplier_asked_timestamp_seconds", "When the supplier last answered with the balance; 0 for never.", unix(monitor.AsOf)),
		gauge("esimbot_supplier_up", "Whether the supplier answers.", yesNo(!monitor.Down && !monitor.AsOf.IsZero())),
		gauge("esimbot_sweep_timestamp_seconds", "When the last usage sweep ended well; 0 for never.", unix(sweep)),
		gauge("esimbot_update_timestamp_seconds", "When Telegram last sent updates, or said that there are none; 0 for never.",
			unix(a.receiver.LastPoll())),
	}
	families[0].series[0].labels = label("version", version())
	return append(families, a.measureHooks()...), nil
}

func (a *App) measureHooks() []family {
	if a.webhooks == nil {
		return nil
	}
	c := a.webhooks.counts()
	telegram, vendor := a.webhooks.Troubles(a.started)
	registered := family{"esimbot_webhook_ok", "gauge", "Whether a webhook is registered and works, as far as known.", []sample{
		{label("of", "vendor"), yesNo(vendor == "")},
	}}
	if a.cfg.hooked() {
		registered.series = append(registered.series, sample{label("of", "telegram"), yesNo(telegram == "")})
	}
	return []family{registered, {"esimbot_vendor_events_total", "counter", "Requests to the supplier's webhook since the start, by outcome.", []sample{
		{label("outcome", "stored"), float64(c.Received)}, {label("outcome", "checked"), float64(c.Checked)},
		{label("outcome", "refused"), float64(c.Refused)}, {label("outcome", "failed"), float64(c.Failed)},
	}}}
}
