package shop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/storage"
)

// Business is the rules of the shop put together, and what works on them by itself.
type Business struct {
	Catalog         *esim.CatalogCache
	Rules           *esim.RuleBook
	Monitor         *esim.VendorMonitor
	Reserve         *esim.StarsReserve // nil: no Stars are taken
	Checkout        *esim.Checkout
	RestoreDetector *esim.RestoreDetector
	Watcher         *esim.Watcher
	Fulfiller       *esim.Fulfiller
	Refunder        *esim.Refunder
	TopUps          *esim.TopUps
	AutoTopUps      *esim.AutoTopUps
	Canceller       *esim.Canceller
	Admin           *esim.OrderAdmin
	Affiliates      *esim.Affiliates
	Reconciler      *esim.Reconciler
	Support         *esim.Support
	Gifts           *esim.Gifts
	Assigner        *esim.Assigner
	Contracts       *esim.Contracts
	Referrals       *esim.Referrals
	Visits          *esim.VisitCounter
	Reports         *esim.DayReports
	Watch           *esim.ShopWatch
}

// A Vendor is all that the business asks of whoever sells it eSIMs: a second one is a type that has it.
type Vendor interface {
	esim.Vendor
	esim.PlanSource
	esim.UsageSource
	esim.BalanceSource
	esim.DatedBalanceSource
	esim.ProfileSource
	esim.TopUpVendor
	esim.ProfileManager
	esim.SMSSender
	esim.ProfileLister
	esim.RecordLister
	esim.RecordSource
}

// Dependencies are whom the business works with. All are required.
type Dependencies struct {
	Vendor  Vendor
	Store   *storage.DB
	Refunds esim.RefundGateway
	Stars   StarsAccount // asked if Stars are taken
	Now     func() time.Time
	Report  func(esim.OrderID, error) // told of what went wrong with an order
}

// StarsAccount is the messenger's account of Stars.
type StarsAccount interface {
	esim.StarSource
	esim.StarBalanceSource
}

// NewBusiness puts the rules of the shop together. It makes no call. Nobody is woken when
// an order has moved, until the Wake of Fulfiller and Canceller is set.
func NewBusiness(cfg Config, n Dependencies) *Business {
	b := &Business{Affiliates: &esim.Affiliates{}}
	b.Catalog = &esim.CatalogCache{Source: n.Vendor, Store: n.Store, Now: n.Now, Sold: cfg.CountryNotes.Sold}
	pricing := cfg.Pricing
	pricing.ProviderCurrency, pricing.ProviderRate = cfg.ProviderCurrency, cfg.ProviderRate
	b.Rules = &esim.RuleBook{Store: n.Store, Defaults: cfg.Defaults(), Pricing: pricing, Changed: b.Catalog.ApplyRules}
	b.Monitor = &esim.VendorMonitor{Source: n.Vendor, Committed: n.Store, Floor: cfg.BalanceFloor, Rules: b.Rules, Now: n.Now}
	b.Checkout = &esim.Checkout{
		Catalog: b.Catalog, Pricing: pricing, Rules: b.Rules, Monitor: b.Monitor, Store: n.Store, Methods: cfg.Payments, Now: n.Now,
		Limits: esim.Limits{Orders: cfg.CustomerDailyOrders, Spent: cfg.CustomerDailyUSD}, ProviderFeeBP: cfg.ProviderFeeBP, MaxLoss: cfg.MaxLoss,
		NoPromos: cfg.NoPromos, Affiliates: b.Affiliates,
	}
	seal := esim.NewCreditSeal(string(cfg.TelegramToken))
	past := &esim.RestoreDetector{Records: n.Vendor, Store: n.Store, Now: n.Now, Opened: n.Now()}
	b.RestoreDetector, b.Checkout.RestoreDetector, b.Checkout.Seal = past, past, seal
	b.Watcher = &esim.Watcher{Store: n.Store, Source: n.Vendor, RestoreDetector: past, Now: n.Now}
	b.Fulfiller = &esim.Fulfiller{
		Store: n.Store, Vendor: n.Vendor, TopUpVendor: n.Vendor, Catalog: b.Catalog, MaxLoss: cfg.MaxLoss, Rules: b.Rules, RestoreDetector: past, Now: n.Now,
		Report: n.Report, Wake: func() {}, Affiliates: b.Affiliates,
	}
	b.Refunder = &esim.Refunder{Store: n.Store, Gateway: n.Refunds, Now: n.Now}
	b.TopUps = &esim.TopUps{Checkout: b.Checkout, Vendor: n.Vendor, EmergencyTopUps: n.Store, MaxEmergencyPrice: cfg.MaxEmergencyTopUp, Now: n.Now}
	b.AutoTopUps = &esim.AutoTopUps{TopUps: b.TopUps, Store: n.Store, Now: n.Now}
	b.Canceller = &esim.Canceller{
		Store: n.Store, Vendor: n.Vendor, Profiles: n.Vendor, RestoreDetector: past, Now: n.Now, Report: n.Report, Wake: func() {},
		RefundUnused: cfg.RefundUnused, Rules: b.Rules,
	}
	if clock, says := n.Vendor.(esim.VendorClock); says {
		b.Canceller.Ahead = clock.Ahead
	}
	b.Fulfiller.Swaps = b.Canceller
	b.Admin = &esim.OrderAdmin{Store: n.Store, Vendor: n.Vendor, Texts: n.Vendor, Watcher: b.Watcher, Canceller: b.Canceller, TopUps: n.Vendor, Records: n.Vendor, Now: n.Now}
	b.Support = &esim.Support{Store: n.Store, Now: n.Now}
	b.Gifts = &esim.Gifts{Store: n.Store, Token: esim.NewGiftTokens(string(cfg.TelegramToken)), Now: n.Now}
	b.Assigner = &esim.Assigner{Gifts: b.Gifts, Store: n.Store, Vendor: n.Vendor, Catalog: b.Catalog, Now: n.Now}
	b.Contracts = &esim.Contracts{Store: n.Store, Canceller: b.Canceller, Days: cfg.WithdrawalDays, Now: n.Now}
	b.Referrals = &esim.Referrals{Store: n.Store, Credit: cfg.ReferralCredit, Rules: b.Rules}
	b.Visits = &esim.VisitCounter{Store: n.Store, Zone: cfg.ShopZone(), Now: n.Now}
	b.Reports = &esim.DayReports{Store: n.Store, At: cfg.Report, Rules: b.Rules, Zone: cfg.ShopZone(), Now: n.Now}
	b.Reconciler = &esim.Reconciler{
		Vendor: n.Vendor, Balance: n.Vendor, Manager: n.Vendor, Profiles: n.Vendor, Records: n.Vendor, Lines: n.Vendor, Seal: seal, Checkout: b.Checkout, Store: n.Store,
		RestoreDetector: past, Now: n.Now, Bot: botOf(string(cfg.TelegramToken)), Affiliates: b.Affiliates,
	}
	b.Watch = &esim.ShopWatch{Store: n.Store, Facts: b.facts(n, n.Now())}
	if slices.Contains(b.Checkout.Offered(), esim.MethodStars) {
		b.Reconciler.Stars = n.Stars
		b.Reserve = &esim.StarsReserve{Source: n.Stars, Store: n.Store, Now: n.Now}
	}
	return b
}

// botOf is the number of the bot whose token it is: the part before the colon; 0 if there is none.
func botOf(token string) int64 {
	before, _, _ := strings.Cut(token, ":")
	n, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// starAccount is Telegram's account of the bot's Stars as the business wants it.
type starAccount struct{ telegram *telegram.Client }

func (s starAccount) StarTransactions(ctx context.Context, skip int) iter.Seq2[esim.StarTransactionAt, error] {
	return func(yield func(esim.StarTransactionAt, error) bool) {
		read := skip
		for t, err := range s.telegram.AllStarTransactions(ctx, skip) {
			if err != nil {
				yield(esim.StarTransactionAt{}, err)
				return
			}
			read++
			if t.Partner != "user" || t.Incoming && t.Kind != "" && t.Kind != "invoice_payment" {
				continue
			}
			sale := esim.ParseInvoicePayload(t.Payload)
			line := esim.StarTransactionAt{Read: read, StarTransaction: esim.StarTransaction{
				ID: t.ID, Incoming: t.Incoming, Amount: esim.Stars(t.Paid()), Commission: esim.Money{Minor: t.Commission, Currency: esim.XTR9}, PerMille: t.PerMille, Customer: esim.CustomerID(t.UserID),
				Order: sale.Order, Invoiced: sale, At: t.Date, Name: t.Name, Language: t.Language,
			}}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// StarBalance is the bot's balance.
func (s starAccount) StarBalance(ctx context.Context) (esim.Money, error) {
	stars, err := s.telegram.StarBalance(ctx)
	return esim.Stars(stars), err
}

// reconcile compares the shop with its neighbours: all that is new, and once a day
// everything.
func (a *App) reconcile(ctx context.Context) error { return a.compare(ctx, false) }

func (a *App) reconcileAll(ctx context.Context) error { return a.compare(ctx, true) }

func (a *App) compare(ctx context.Context, whole bool) error {
	a.comparing.Lock()
	defer a.comparing.Unlock()
	rep, err := a.Reconciler.Run(ctx, whole)
	a.faultsFound.Store(int64(rep.Faults))
	log := a.log.Debug
	if rep.Mended() {
		log = a.log.Warn
	}
	log("reconciled", "stars", rep.Stars, "payments", rep.Payments, "refunds", rep.Refunds, "held", rep.Unexplained,
		"profiles", rep.Profiles, "late", rep.Late, "orphans", rep.UnmatchedESIMs, "faults", rep.Faults,
		"vendor_off", rep.Off)
	a.WakeWorkers()
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	return nil
}

// reconcileNow is what staff ask for: everything, and what was found. It counts as a comparison by the clock does, and makes up
// for a sweep that is late: what /status lights up for ends where staff did what it says.
func (a *App) reconcileNow(ctx context.Context) (esim.ReconcileReport, error) {
	a.comparing.Lock()
	defer a.comparing.Unlock()
	rep, err := a.Reconciler.Run(ctx, true)
	a.faultsFound.Store(int64(rep.Faults))
	if err == nil {
		err = a.DB.NoteJobSuccess(ctx, reconcileJob, a.Now())
	}
	a.WakeWorkers()
	return rep, errors.Join(err, a.ifLate(ctx, sweepJob, sweepsLate, a.sweep))
}

// ifLate runs a job whose last success is so long ago, and notes its success.
func (a *App) ifLate(ctx context.Context, job string, late time.Duration, run func(context.Context) error) error {
	last, err := a.DB.LastJobSuccess(ctx, job)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	if a.Now().Sub(last) < late {
		return nil
	}
	if err := run(ctx); err != nil {
		return err
	}
	return a.DB.NoteJobSuccess(ctx, job, a.Now())
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
