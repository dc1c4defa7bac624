// Package support leads customers to people: what they write or send in an open thread goes to
// staff, and what staff say comes back as a notification. It also says what Telegram and the
// law ask of a shop: the terms, what is kept of somebody, and where to complain.
//
// Nothing here knows of the staff group: questions go to a HelpDesk, and through the outbox.
package support

import (
	"context"
	"log/slog"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Config is what talking with staff works with. All fields are required.
type Config struct {
	Screens  *ui.Presenter
	Telegram *telegram.Client // brings files and answers across
	Checkout *esim.Checkout   // what there is to pay with, for the terms
	Support  *esim.Support
	HelpDesk HelpDesk
	Places   PlaceFinder
	Store    ThreadStore
	// LegalTexts are the operator's, in place of ours.
	LegalTexts i18n.LegalTexts
	Contracts  *esim.Contracts
	Log        *slog.Logger
	Now        func() time.Time
}

// A HelpDesk is the people who answer customers.
type HelpDesk interface {
	// HasGroup is false where no people are there to read questions.
	HasGroup() bool
}

// A PlaceFinder knows the names of places.
type PlaceFinder interface {
	// Offer is a button to the plans of the place that a text names, and what that is called; false: it is
	// something else.
	Offer(r *ui.Request) (ui.Button, string, bool)
}

// Flow answers what Telegram and the law ask of a shop, and leads to a person: what a customer
// writes and sends in an open thread goes to staff. Create it with New.
// Source: https://core.telegram.org/bots/payments-stars#live-checklist.
type Flow struct {
	checkout  *esim.Checkout
	support   *esim.Support
	helpDesk  HelpDesk
	places    PlaceFinder
	told      *notifications
	now       func() time.Time
	own       i18n.LegalTexts
	contracts *esim.Contracts
}

// New puts it together. It makes no call.
func New(cfg Config) *Flow {
	return &Flow{
		cfg.Checkout, cfg.Support, cfg.HelpDesk, cfg.Places,
		&notifications{cfg.Screens, cfg.Store, ui.NewRelay(cfg.Telegram, cfg.Store, cfg.Log, true)}, cfg.Now, cfg.LegalTexts, cfg.Contracts,
	}
}

// Renderers write and send each kind of notification of a thread, in the customer's language.
func (f *Flow) Renderers() map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error {
	told := f.told
	return map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error{
		esim.NotifyThread:       told.answer,
		esim.NotifyThreadChange: told.answerChanged,
		esim.NotifyThreadClosed: told.threadClosed,
		esim.NotifyThreadUnseen: told.threadUnseen,
	}
}
