package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// metricNames are what dashboards and alerts of operators stand on: a name is never
// changed, a new one is added here.
var metricNames = strings.Fields(`
	esimbot_backup_timestamp_seconds esimbot_database_bytes esimbot_database_log_bytes esimbot_hints_due esimbot_info esimbot_orders esimbot_outbox esimbot_refunds_due
	esimbot_staff_group_up esimbot_supplier_asked_timestamp_seconds esimbot_supplier_balance_usd esimbot_supplier_up
	esimbot_sweep_timestamp_seconds esimbot_telegram_call_duration_seconds esimbot_update_duration_seconds
	esimbot_update_timestamp_seconds esimbot_vendor_call_duration_seconds esimbot_vendor_events_total esimbot_webhook_ok`)

func TestMetrics(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", yearly)
	tran, order := h.delivered(h.rig)
	_, body := h.get(h.metrics + "/metrics")
	var names []string
	for line := range strings.Lines(body) {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ = strings.Cut(name, " ")
			if strings.HasPrefix(name, "esimbot_") { // others are Go's and the system's
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, metricNames) {
		t.Errorf("/metrics has\n%q, want\n%q", names, metricNames)
	}
	for _, line := range []string{
		"# TYPE esimbot_orders gauge", "# TYPE esimbot_vendor_events_total counter", "# TYPE esimbot_update_duration_seconds histogram",
		`esimbot_orders{state="delivered"} 1`,
		`esimbot_vendor_call_duration_seconds_count{endpoint="esim/order",outcome="ok"} 1`,
		`esimbot_vendor_call_duration_seconds_bucket{endpoint="webhook/save",outcome="ok",le="+Inf"} 1`,
		`esimbot_telegram_call_duration_seconds_count{method="getMe",outcome="ok"} 1`,
		`esimbot_update_duration_seconds_count{kind="pre_checkout_query",outcome="ok"} 1`,
		`esimbot_update_duration_seconds_count{kind="callback_query",outcome="ok"} 1`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("/metrics has no line %s", line)
		}
	}
	monitored(t, body)
	values := map[string]bool{} // of labels
	for _, label := range regexp.MustCompile(`[a-z]="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		values[label[1]] = true
	}
	for what, id := range map[string]string{
		"an order": order.OrderNo, "a purchase": order.TransactionID, "an eSIM": tran, "a person": fmt.Sprint(h.ann().ID()),
	} {
		if values[id] {
			t.Errorf("/metrics names %s", what)
		}
	}
	h.keepsSecrets("/metrics", body)
	if t.Failed() {
		t.Log(body)
	}
}

// A refund that failed and waits for its next try is still to be made.
func TestMetricsCountRefundsBetweenTwoTries(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", yearly)
	h.refresh()
	h.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "310241"})
	h.telegram.Break("refundStarPayment", 1000, tgsandbox.Fault{Kind: tgsandbox.ServerError})
	visit(h.rig, h.ann()).buys(h.japan())
	h.eventually("a try that failed", func() bool {
		all, err := h.app.DB.RefundsDue(h.ctx, h.vendor.Time().AddDate(1, 0, 0), 10)
		due, err2 := h.app.DB.RefundsDue(h.ctx, h.vendor.Time().Add(time.Second), 10)
		return err == nil && err2 == nil && len(all) == 1 && all[0].Attempts > 1 && len(due) == 0
	})
	if _, body := h.get(h.metrics + "/metrics"); !strings.Contains(body, "esimbot_refunds_due 1\n") {
		t.Errorf("/metrics forgets the refund:\n%s", body)
	}
}

// monitored holds the dashboard and the alert rules to what /metrics serves: each metric is there, and so is each value of a
// label that a rule asks for.
func monitored(t *testing.T, served string) {
	t.Helper()
	for file, least := range map[string]int{"dashboard.json": 15, "alerts.yaml": 12} {
		text := deployed(t, filepath.Join(".github", "monitoring", file))
		if strings.HasSuffix(file, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", file)
		}
		asked := regexp.MustCompile(`\b((?:esimbot|go|process)_[a-z_]+)((?:\{[^}]*\})?)`).FindAllStringSubmatch(strings.ReplaceAll(text, `\"`, `"`), -1)
		known := map[string]bool{}
		for _, m := range asked {
			known[m[1]] = true
			if !strings.Contains(served, "\n"+m[1]+"{") && !strings.Contains(served, "\n"+m[1]+" ") {
				t.Errorf("%s asks for %s, which /metrics does not serve", file, m[1])
			}
			for _, label := range regexp.MustCompile(`([a-z]+)=~?"([^"]*)"`).FindAllStringSubmatch(m[2], -1) {
				for value := range strings.SplitSeq(label[2], "|") {
					if !regexp.MustCompile(`\n` + m[1] + `\{[^}]*` + label[1] + `="` + value + `"`).MatchString(served) {
						t.Errorf("%s asks for %s of %s %q, which /metrics does not serve", file, m[1], label[1], value)
					}
				}
			}
		}
		if len(known) < least {
			t.Errorf("%s asks for %d metrics only", file, len(known))
		}
	}
}
