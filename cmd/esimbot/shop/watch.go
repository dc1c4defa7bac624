package shop

import (
	"cmp"
	"context"
	"time"

	"esimbot/esim"
)

// Under which names jobs note their successes that the watch asks for. BackupJob is noted by what copies the database, if it is a
// job or command of ours; other programs' copies are not known here.
const (
	reconcileJob = "reconcile"
	BackupJob    = "backup"
)

const (
	reconcileEvery = 10 * time.Minute // by the clock
	sweepsLate     = time.Hour        // after which staff who have all compared have the eSIMs looked at too
)

// facts is how the business is: what is known without the program around it.
func (b *Business) facts(n Dependencies, started time.Time) func(context.Context) (esim.ShopFacts, error) {
	return func(ctx context.Context) (esim.ShopFacts, error) {
		f := esim.ShopFacts{Now: n.Now(), Started: started, Vendor: b.Monitor.Status(), Floor: b.Monitor.CurrentFloor(), NoEvents: true}
		if b.Reserve != nil {
			f.Stars = b.Reserve.Status()
			f.Affiliate, f.TakesOtherThanStars = b.Affiliates.PerMille(f.Now), esim.TakesOtherThanStars(b.Checkout.Offered())
		}
		last, err := n.Store.LastJobSuccesses(ctx)
		if err != nil {
			return f, err
		}
		f.Sweep, f.Reconciled, f.Backup = last[sweepJob], last[reconcileJob], last[BackupJob]
		late, err := esim.LateOrders(ctx, n.Store, f.Now)
		f.Late = len(late)
		return f, err
	}
}

// silence remembers when the vendor's events last came.
type silence struct {
	received int
	since    time.Time
}

// eventsLate is how long no event of the vendor may come while something is sold: each eSIM that is delivered brings some.
const eventsLate = 24 * time.Hour

// shopFacts adds what only the program knows to the facts of the business.
func (a *App) shopFacts(business func(context.Context) (esim.ShopFacts, error)) func(context.Context) (esim.ShopFacts, error) {
	return func(ctx context.Context) (esim.ShopFacts, error) {
		f, err := business(ctx)
		if err != nil {
			return f, err
		}
		f.Faults = int(a.faultsFound.Load())
		if h := a.Receiver.PollHealth(); !a.cfg.UsesWebhooks() && h.Failures > 0 && f.Now.Sub(later(h.LastPoll, a.Started)) > pollLate {
			f.Updates = "getUpdates: " + h.Err.Error()
		}
		if a.Webhooks != nil {
			f.NoEvents = false
			telegram, vendor := a.Webhooks.Problems(a.Started)
			if f.Now.Sub(a.Started) <= pollLate { // they are registered beside the start: what is not yet alarms nobody
				telegram, vendor = "", ""
			}
			f.Updates, f.Events = cmp.Or(telegram, f.Updates), vendor
			if f.Events == "" {
				f.Events, err = a.silentEvents(ctx, f.Now)
			}
		}
		if a.options.FreeSpace != nil {
			free, err := a.options.FreeSpace()
			f.DiskKnown, f.DiskFree = err == nil, free
		}
		return f, err
	}
}

// silentEvents says that no event came for long although something was sold.
func (a *App) silentEvents(ctx context.Context, now time.Time) (string, error) {
	a.silenceMutex.Lock()
	defer a.silenceMutex.Unlock()
	if n := int(a.Webhooks.Counts().Received); n != a.silent.received || a.silent.since.IsZero() || a.silent.since.After(now) {
		a.silent = silence{n, now}
	}
	if now.Sub(a.silent.since) < eventsLate {
		return "", nil
	}
	sold, _, _, err := a.DB.SalesSince(ctx, now.Add(-eventsLate))
	if err != nil || sold == 0 {
		return "", err
	}
	return "no event since " + a.silent.since.UTC().Format(time.RFC3339), nil
}

func later(t, u time.Time) time.Time {
	if t.Before(u) {
		return u
	}
	return t
}
