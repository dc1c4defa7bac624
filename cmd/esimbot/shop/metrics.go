package shop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"esimbot/esim"
)

// metrics answers /metrics in the text format of Prometheus:
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 4*time.Second)
	defer cancel()
	now, err := a.measure(ctx)
	if err != nil {
		if r.Context().Err() == nil { // else nobody waits for them any more
			a.log.Error("metrics", "err", err)
		}
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	now.set.WritePrometheus(w)
	a.timings.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w) // memory, goroutines, open files
}

// figures are gauges and counters as they stand at one moment.
type figures struct{ set *metrics.Set }

func (f figures) gauge(name string, value float64) { f.set.NewGauge(name, nil).Set(value) }

// series is the name of one of several series of a metric. A label has one of few values,
// and none of them is of a customer, an order or an eSIM.
func series(name, label, value string) string { return fmt.Sprintf("%s{%s=%q}", name, label, value) }

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

// muchLater is when all that waits for a next try is due.
const muchLater = 50 * 365 * 24 * time.Hour

// measure reads the figures.
func (a *App) measure(ctx context.Context) (figures, error) {
	now := a.Now()
	byState, err := a.DB.CountOrders(ctx, time.Time{})
	waiting, dead, err2 := a.DB.OutboxSize(ctx)
	refunds, err3 := a.DB.RefundsDue(ctx, now.Add(muchLater), countedAtMost)
	worker, _, err4 := a.DB.DueVendorEvents(ctx, now, countedAtMost)
	jobs, err5 := a.DB.LastJobSuccesses(ctx)
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		return figures{}, err
	}
	f := figures{metrics.NewSet()}
	f.gauge(series("esimbot_info", "version", a.options.Version), 1)
	for _, state := range esim.States() {
		f.gauge(series("esimbot_orders", "state", string(state)), float64(byState[state]))
	}
	f.gauge(series("esimbot_outbox", "status", "waiting"), float64(waiting)) // messages to be sent
	f.gauge(series("esimbot_outbox", "status", "dead"), float64(dead))       // messages given up
	f.gauge("esimbot_refunds_due", float64(len(refunds)))                    // payments to go back, those between two tries too
	f.gauge("esimbot_hints_due", float64(len(worker)))                       // the vendor's events not looked into yet
	monitor := a.Monitor.Status()
	f.gauge("esimbot_supplier_balance_usd", float64(monitor.Balance.Minor)/10_000)
	f.gauge("esimbot_supplier_asked_timestamp_seconds", unix(monitor.AsOf)) // the vendor last told the balance
	f.gauge("esimbot_supplier_up", yesNo(!monitor.Down && !monitor.AsOf.IsZero()))
	f.gauge("esimbot_sweep_timestamp_seconds", unix(jobs[sweepJob]))         // the last usage sweep that ended well
	f.gauge("esimbot_backup_timestamp_seconds", unix(jobs[BackupJob]))       // the last copy of the database that the shop knows of
	f.gauge("esimbot_update_timestamp_seconds", unix(a.Receiver.LastPoll())) // Telegram last sent updates, or said that there are none
	if up, ok := a.Bot.StaffReachable(); ok {
		f.gauge("esimbot_staff_group_up", yesNo(up)) // it could be written to when it last was
	}
	if file, log, err := a.DB.Sizes(); err == nil { // a simulation's may have none
		f.gauge("esimbot_database_bytes", float64(file))
		f.gauge("esimbot_database_log_bytes", float64(log)) // written, and not worked into the file yet
	}
	a.measureHooks(f)
	return f, nil
}

func (a *App) measureHooks(f figures) {
	if a.Webhooks == nil {
		return
	}
	telegram, vendor := a.Webhooks.Problems(a.Started)
	f.gauge(series("esimbot_webhook_ok", "of", "vendor"), yesNo(vendor == ""))
	if a.cfg.UsesWebhooks() {
		f.gauge(series("esimbot_webhook_ok", "of", "telegram"), yesNo(telegram == ""))
	}
	c := a.Webhooks.Counts()
	for outcome, n := range map[string]uint64{
		"stored": uint64(c.Received), "checked": uint64(c.Checked), "refused": uint64(c.Refused), "failed": uint64(c.Failed),
	} {
		f.set.NewCounter(series("esimbot_vendor_events_total", "outcome", outcome)).Set(n)
	}
}
