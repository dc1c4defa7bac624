package staff

import (
	"context"
	"slices"
	"strconv"
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
	// OpenByState counts the orders for which money was taken and nothing yet given, by state.
	OpenByState(ctx context.Context) (map[esim.State]int, error)
	SalesSince(ctx context.Context, since time.Time) (count int, revenue []esim.Money, wholesale esim.Money, err error)
	OutboxSize(ctx context.Context) (waiting, dead int, err error)
}

// status says how the shop is.
type status struct {
	store    StatusStore
	watch    *esim.ShopWatch
	checkout *esim.Checkout
	reserve  *esim.StarsReserve // nil: no Stars are taken
	catalog  *esim.CatalogCache
	version  string
	zone     *time.Location
	now      func() time.Time
}

// show is a traffic light: a line for each concern, what is not well first and with what to do about it, and below what was sold
// and what waits.
func (f *status) show(ctx context.Context, r *request) (ui.Screen, error) {
	now := f.now()
	states, err := f.watch.Look(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	sold, revenue, wholesale, err := f.store.SalesSince(ctx, esim.DayOf(now, f.zone).From)
	if err != nil {
		return ui.Screen{}, err
	}
	counts, err := f.store.OpenByState(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	waiting, dead, err := f.store.OutboxSize(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	open := 0
	for _, n := range counts {
		open += n
	}
	lines := []string{r.T("staff.status_head", i18n.Args{"light": lightMark(worst(states)), "version": f.version, "time": r.Moment(now)}), ""}
	if text, paused := f.checkout.Rules.Current().Paused(); paused {
		lines = append(lines, r.T("staff.status_paused", nil))
		if text != "" {
			lines = append(lines, r.T("staff.pause_says", i18n.Args{"text": text}))
		}
	}
	lines = append(append(lines, concernLines(r.Request, states)...), "",
		r.T("staff.status_catalog", i18n.Args{
			"plans": r.Number(int64(len(f.catalog.Current().Plans()))), "time": when(r.Request, f.catalog.Current().Fetched()),
		}),
		r.T("staff.status_sales", i18n.Args{"count": r.Number(int64(sold)), "revenue": sum(r, revenue, f.reserve != nil), "wholesale": r.ExactAmount(wholesale)}),
		r.T("staff.status_open", i18n.Args{"count": r.Number(int64(open)), "human": r.Number(int64(counts[esim.StateNeedsHuman]))}),
		r.T("staff.status_outbox", i18n.Args{"waiting": r.Number(int64(waiting)), "dead": r.Number(int64(dead))}),
	)
	return ui.Screen{Text: ui.Clip(lines)}, nil
}

func when(r *ui.Request, t time.Time) i18n.HTML {
	if t.IsZero() {
		return i18n.HTML(r.T("staff.never", nil))
	}
	return r.Moment(t)
}

// whenAfter is when where another moment was told right before: of one day it is said once.
func whenAfter(r *ui.Request, t, before time.Time) i18n.HTML {
	if t.IsZero() || t.UTC().Truncate(24*time.Hour) != before.UTC().Truncate(24*time.Hour) {
		return when(r, t)
	}
	return r.MomentTime(t)
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

func lightMark(l esim.Severity) string {
	return map[esim.Severity]string{esim.SeverityUnknown: "⚪", esim.SeverityOK: "🟢", esim.SeverityWarning: "🟡", esim.SeverityCritical: "🔴"}[l]
}

func worst(states []esim.ConcernState) esim.Severity {
	light := esim.SeverityOK
	for _, s := range states {
		light = max(light, s.Severity)
	}
	return light
}

//i18n:use staff.concern_*

// concernLines is a line for each concern that can be told, the gravest first; what is not well says what to do.
func concernLines(r *ui.Request, states []esim.ConcernState) (lines []string) {
	for _, l := range []esim.Severity{esim.SeverityCritical, esim.SeverityWarning, esim.SeverityOK} {
		for _, s := range states {
			if s.Severity != l || l == esim.SeverityOK && s.Concern == esim.ConcernFloor { // the balance stands below
				continue
			}
			line := lightMark(l) + " " + r.T("staff.concern_"+string(s.Concern), nil)
			if d := concernDetail(r, s); d != "" {
				line += " · " + string(d)
			}
			if l != esim.SeverityOK {
				line += "\n    " + r.T("staff.concern_todo_"+string(s.Concern), nil)
			}
			lines = append(lines, line)
		}
	}
	for _, s := range states {
		if s.Concern == esim.ConcernBackup && s.Severity == esim.SeverityUnknown {
			lines = append(lines, lightMark(s.Severity)+" "+r.T("staff.concern_backup", nil)+" · "+r.T("staff.concern_no_backup", nil))
		}
	}
	return lines
}

// concernDetail is what a concern is about now: an amount, a figure, or since when.
func concernDetail(r *ui.Request, s esim.ConcernState) i18n.HTML {
	switch owed, err := strconv.ParseInt(s.Detail, 10, 64); {
	case s.Concern == esim.ConcernStars && err == nil:
		return r.HTML("%s / %s", r.ExactAmount(s.Amount), r.ExactAmount(esim.Stars(owed)))
	case s.Amount != esim.Money{}:
		return r.HTML("%s", r.ExactAmount(s.Amount))
	case s.Detail != "" && s.Detail != "0":
		return r.HTML("%s", ui.Truncate(s.Detail, 160))
	case !s.At.IsZero():
		return r.Moment(s.At)
	}
	return ""
}

// concern tells that something about the shop is not well, or is again.
func concern(r *ui.Request, n esim.OutboxMessage) ui.Screen {
	c, detail := esim.ConcernOf(n.Notification)
	if !slices.Contains(esim.AllConcerns(), c) { // of another release
		return ui.Screen{}
	}
	title := i18n.HTML(r.T("staff.concern_"+string(c), nil))
	if n.Kind == esim.StaffConcernOver {
		minutes, _ := strconv.Atoi(detail)
		lasted := r.TimeLeft(time.Duration(minutes) * time.Minute)
		return ui.Screen{Text: r.T("staff.notice_concern_over", i18n.Args{"what": title, "lasted": lasted})}
	}
	if d := concernDetail(r, esim.ConcernState{Concern: c, Amount: n.Amount, Detail: detail}); d != "" {
		title += " · " + d
	}
	light := "🟠"
	if c.StopsSales() {
		light = "🔴"
	}
	return ui.Screen{Text: r.T("staff.notice_concern", i18n.Args{"light": light, "what": title, "do": i18n.HTML(r.T("staff.concern_todo_"+string(c), nil))})}
}
