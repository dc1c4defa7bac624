package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"esimbot/bot"
	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

// business puts the rules of the shop together, and what works on them by itself.
func (a *App) business(vendor *esimaccess.Client, fulfilling, refunding *Worker) {
	a.catalog = &esim.CatalogCache{Source: vendor, Store: a.db, Now: a.now}
	a.monitor = &esim.VendorMonitor{Source: vendor, Committed: a.db, Floor: a.cfg.BalanceFloor, Notifications: a.db, Now: a.now}
	pricing := a.cfg.Pricing
	pricing.ProviderCurrency, pricing.ProviderRate = a.cfg.ProviderCurrency, a.cfg.ProviderRate
	a.checkout = &esim.Checkout{
		Catalog: a.catalog, Pricing: pricing, Monitor: a.monitor, Store: a.db, Methods: a.cfg.Payments, Now: a.now,
		Limits: esim.Limits{Orders: a.cfg.PersonDailyOrders, Spent: a.cfg.PersonDailyUSD}, ProviderFeeBP: a.cfg.ProviderFeeBP,
	}
	a.watcher = &esim.Watcher{Store: a.db, Source: vendor, Now: a.now}
	a.fulfil = &esim.Fulfiller{
		Store: a.db, Vendor: vendor, TopUpVendor: vendor, Catalog: a.catalog, MaxLoss: a.cfg.MaxLoss, Now: a.now,
		Report: a.report, Wake: fulfilling.Wake,
	}
	fulfilling.Run = a.fulfil.Run
	refunder := &esim.Refunder{Store: a.db, Gateway: bot.StarsGateway{Telegram: a.tg}, Now: a.now}
	refunding.Run = func(ctx context.Context) (time.Time, error) { return time.Time{}, refunder.Run(ctx) }

	cancelling := &Worker{Name: "cancel", Idle: 5 * time.Second, Now: a.now, Log: a.log}
	a.topUps = &esim.TopUps{Checkout: a.checkout, Vendor: vendor, Now: a.now}
	a.canceller = &esim.Canceller{
		Store: a.db, Vendor: vendor, Profiles: vendor, Now: a.now, Report: a.report, Wake: cancelling.Wake,
	}
	cancelling.Run = a.canceller.Run
	a.workers = append(a.workers, cancelling)
	a.admin = &esim.OrderAdmin{Store: a.db, Vendor: vendor, Watcher: a.watcher, Canceller: a.canceller, TopUps: vendor, Now: a.now}
	a.reconciler = &esim.Reconciler{
		Vendor: vendor, Manager: vendor, Profiles: vendor, Checkout: a.checkout, Store: a.db, Now: a.now,
		Bot: botOf(string(a.cfg.TelegramToken)),
	}
	if slices.Contains(a.checkout.Offered(), esim.MethodStars) {
		a.reconciler.Stars = starAccount{a.tg}
	}
}

// botOf is the number of the bot whose token it is: the part before the colon; 0 if there is none.
func botOf(token string) int64 {
	before, _, _ := strings.Cut(token, ":")
	n, _ := strconv.ParseInt(before, 10, 64)
	return n
}

// starAccount is Telegram's account of the bot's Stars as the business wants it.
type starAccount struct{ telegram *telegram.Client }

func (s starAccount) StarMovements(ctx context.Context, skip int) iter.Seq2[esim.StarLine, error] {
	return func(yield func(esim.StarLine, error) bool) {
		read := skip
		for t, err := range s.telegram.AllStarTransactions(ctx, skip) {
			if err != nil {
				yield(esim.StarLine{}, err)
				return
			}
			read++
			if t.Partner != "user" || t.Incoming && t.Kind != "" && t.Kind != "invoice_payment" {
				continue
			}
			line := esim.StarLine{Read: read, StarMovement: esim.StarMovement{
				ID: t.ID, Incoming: t.Incoming, Amount: esim.Stars(t.Amount), Customer: esim.CustomerID(t.Person),
				Order: esim.OrderID(t.Payload), At: t.Date,
			}}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// reconcile compares the shop with its neighbours: all that is new, and once a day
// everything.
func (a *App) reconcile(ctx context.Context) error { return a.compare(ctx, false) }

func (a *App) reconcileAll(ctx context.Context) error { return a.compare(ctx, true) }

func (a *App) compare(ctx context.Context, whole bool) error {
	a.comparing.Lock()
	defer a.comparing.Unlock()
	rep, err := a.reconciler.Run(ctx, whole)
	log := a.log.Debug
	if rep.Mended() {
		log = a.log.Warn
	}
	log("reconciled", "stars", rep.Stars, "payments", rep.Payments, "refunds", rep.Refunds, "held", rep.Held,
		"profiles", rep.Profiles, "late", rep.Late, "orphans", rep.Orphans, "faults", rep.Faults)
	a.wakeWorkers()
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	return nil
}

// reconcileNow is what staff ask for: everything, and what was found.
func (a *App) reconcileNow(ctx context.Context) (esim.ReconcileReport, error) {
	a.comparing.Lock()
	defer a.comparing.Unlock()
	rep, err := a.reconciler.Run(ctx, true)
	a.wakeWorkers()
	return rep, err
}

// reconcileAtStart tries until the neighbours answer: what happened while the shop was
// down must not wait for the clock.
func (a *App) reconcileAtStart(ctx context.Context) {
	_, _ = untilAnswered(ctx, time.Minute, func(ctx context.Context) (struct{}, error) { // fails only when ctx ends
		return struct{}{}, a.reconcile(ctx)
	}, func(err error, again time.Duration) {
		a.log.Warn("not reconciled at the start", "err", err, "again", again)
	})
}
