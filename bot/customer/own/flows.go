// Package own is what customers own: the list of their eSIMs and the card of each, how to
// install it on their phone, why it does not connect, what it used, what it is called, when
// they travel with it, and how to give it back unused.
//
// An eSIM can be given to somebody else, too: the link for who gives it, what it is for who opens it.
//
// What the shop tells of an eSIM by itself is here too: its QR picture, and the alerts of
// package esim. More data, a swap or the same again is a button to package buy.
package own

import (
	"context"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/qrcard"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// Config is what the conversations about eSIMs work with. All fields are required.
type Config struct {
	Screens   *ui.Presenter
	Texts     *i18n.Bundle
	Catalog   *esim.CatalogCache
	Watcher   *esim.Watcher
	TopUps    *esim.TopUps
	Canceller *esim.Canceller
	Gifts     *esim.Gifts
	Contracts *esim.Contracts
	Links     refs.Links
	Store     Store
	Credit    money.CreditStore
	QR        *qrcard.Painter
	Charts    *chart.Painter
	// CountryNotes are told before a trip.
	CountryNotes countrynotes.Notes
	Now          func() time.Time
}

// Store is all that the conversations about eSIMs need from storage.
type Store interface {
	esimStore
	orderStore
	qrStore
	phoneStore
	customerStore
	questionStore
	settingsStore
	esim.TripStore
	esim.NamingStore
	ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
	progressMessages
}

// Flows are the conversations about what a customer owns. Create them with New.
type Flows struct {
	esims  *esimsFlow
	names  *namingFlow
	guide  *guideFlow
	fault  *faultFlow
	fit    *fitFlow
	trips  *tripFlow
	cancel *cancelFlow
	gifts  *giftFlow
	told   *notifications

	settings *settingsFlow
}

// New puts them together. It makes no call.
func New(cfg Config) *Flows {
	gifts := &giftFlow{cfg.Gifts, cfg.Store, cfg.Links, cfg.Now}
	esims := &esimsFlow{cfg.Store, cfg.Watcher, cfg.QR, cfg.Charts, cfg.Texts, cfg.Credit, cfg.Now, cfg.Store, gifts, cfg.Contracts, looks{}}
	return &Flows{
		esims:  esims,
		names:  &namingFlow{cfg.Texts, cfg.Store, cfg.Now},
		guide:  &guideFlow{esims, cfg.Store},
		fault:  &faultFlow{esims},
		fit:    &fitFlow{cfg.Store, cfg.Catalog},
		trips:  &tripFlow{cfg.Catalog, cfg.Texts, cfg.Store, cfg.CountryNotes, cfg.Now},
		cancel: &cancelFlow{cfg.Store, cfg.Canceller, cfg.Gifts, cfg.Now},
		gifts:  gifts,
		told:   &notifications{cfg.Screens, cfg.Store, cfg.Gifts, cfg.QR, cfg.Now, cfg.Canceller, cfg.Catalog, cfg.CountryNotes, cfg.TopUps, cfg.Credit, cfg.Contracts},

		settings: &settingsFlow{cfg.Texts, cfg.Store, cfg.Now},
	}
}

// Register says which commands and buttons lead here.
func (f *Flows) Register(t *ui.Router) {
	for _, flow := range []interface{ register(*ui.Router) }{f.esims, f.names, f.guide, f.fault, f.fit, f.trips, f.cancel, f.gifts, f.settings} {
		flow.register(t)
	}
}

// Renderers write and send each kind of notification of an eSIM, in the customer's language.
func (f *Flows) Renderers() map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error {
	told := f.told
	return map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error{
		esim.NotifyQR:     told.qrPicture,
		esim.NotifyQRGone: told.qrGone,
		esim.NotifyAlert:  told.alert,

		esim.NotifyGiftTaken: told.giftTaken,
		esim.NotifyGiftGone:  told.giftGone,
	}
}

// InterceptAnswer has words tried as the answer to what their customer was asked, before anything else.
func (f *Flows) InterceptAnswer(other ui.Handler) ui.Handler {
	return f.names.before(f.settings.before(f.trips.before(other)))
}

// TakeAnswer reports whether words answer what their customer was asked after the last word in an open
// thread: what was asked last is answered first.
func (f *Flows) TakeAnswer(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	if answers, err := f.trips.askedLast(ctx, r, open); answers || err != nil {
		return answers, err
	}
	if answers, err := f.settings.zoneAskedLast(ctx, r, open); answers || err != nil {
		return answers, err
	}
	return f.names.askedLast(ctx, r, open)
}

// ForgetName ends the question of a name, or of where they are: the customer is elsewhere now.
func (f *Flows) ForgetName(ctx context.Context, r *ui.Request) error { return f.names.forget(ctx, r) }
