// Package bot is the shop in Telegram. It only wires: a private chat is a conversation
// with a customer (package customer), the staff group one with staff (package staff).
//
// Both speak through package ui: a handler says what should be on the screen, and
// one place sends it. Around them, intake brings updates in, notify sends what the shop
// tells by itself, qrcard and chart draw pictures, and telegram is the only package that knows
// Telegram's API. None of them knows SQL or the vendor's JSON.
package bot

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/customer"
	"esimbot/bot/notify"
	"esimbot/bot/qrcard"
	"esimbot/bot/staff"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// Config is what a Bot works with. All fields are required, but ProviderToken, StaffChat,
// Reserve, Reconcile and Books.
type Config struct {
	Telegram *telegram.Client
	Texts    *i18n.Bundle
	Catalog  *esim.CatalogCache
	Checkout *esim.Checkout
	Monitor  *esim.VendorMonitor
	Reserve  *esim.StarsReserve // nil: no Stars are taken
	Watcher  *esim.Watcher
	TopUps   *esim.TopUps
	// Canceller is for customers; its worker is run by the caller.
	Canceller *esim.Canceller
	Gifts     *esim.Gifts
	Assigner  *esim.Assigner
	Contracts *esim.Contracts
	Referrals *esim.Referrals
	Visits    *esim.VisitCounter
	Watch     *esim.ShopWatch
	Support   *esim.Support
	// CountryNotes are told before a plan is paid for.
	CountryNotes countrynotes.Notes
	// ManualText is how to pay by hand, as the operator says it.
	ManualText i18n.OperatorText
	// LegalTexts take the place of terms and privacy, and stand above what leads to a person.
	LegalTexts i18n.LegalTexts
	// ProviderToken is the payment provider's, for the payment method of that name.
	ProviderToken string
	Store         Store
	QR            *qrcard.Painter
	Charts        *chart.Painter
	Self          *telegram.Self
	LinkBase      string // of links to the bot: "https://t.me"
	InlineMode    bool   // switched on in BotFather
	StaffChat     int64  // chat of the staff group; 0: nobody watches
	Version       string
	Zone          *time.Location // where the shop's days begin and end
	Log           *slog.Logger
	Now           func() time.Time
	// What staff change orders and eSIMs with, and read the past from.
	Admin     *esim.OrderAdmin
	Reconcile func(ctx context.Context) (esim.ReconcileReport, error)
	Books     staff.OrderHistoryStore // nil: order cards tell less
}

// Store is what customer, staff and notify need from storage; each says itself what it uses.
type Store interface {
	customer.Store
	staff.Store
	notify.Store
	esim.BroadcastStore
}

// Bot answers updates. Create it with New.
type Bot struct {
	cfg       Config
	log       *slog.Logger
	screens   *ui.Presenter
	customers *customer.Chats
	staff     *staff.Group
}

// New puts customer and staff together. It makes no call.
func New(cfg Config) *Bot {
	b := &Bot{cfg: cfg, log: cfg.Log}
	b.screens = ui.NewPresenter(cfg.Telegram, cfg.Log, customer.MarkUnreachable(cfg.Store))
	b.staff = staff.New(staff.Config{
		TopUps:  cfg.TopUps,
		Screens: b.screens, Telegram: cfg.Telegram, Texts: cfg.Texts, Catalog: cfg.Catalog, Checkout: cfg.Checkout, Monitor: cfg.Monitor, Reserve: cfg.Reserve,
		Assigner: cfg.Assigner, ClaimLink: func(t esim.GiftToken) string { return b.customers.ClaimLink(t) },
		Admin: cfg.Admin, Support: cfg.Support, Reconcile: cfg.Reconcile, Store: cfg.Store, Books: cfg.Books, Charts: cfg.Charts, Watch: cfg.Watch,
		Broadcast: func(ctx context.Context, c esim.Customer, cast esim.Broadcast) error {
			return b.customers.WriteBroadcast(ctx, c, cast)
		},
		StaffChat: cfg.StaffChat, Self: cfg.Self, Version: cfg.Version, Zone: cfg.Zone, Log: cfg.Log, Now: cfg.Now,
	})
	b.customers = customer.New(customer.Config{
		Screens: b.screens, Telegram: cfg.Telegram, Texts: cfg.Texts, Catalog: cfg.Catalog, Checkout: cfg.Checkout, Watcher: cfg.Watcher,
		TopUps: cfg.TopUps, Canceller: cfg.Canceller, Gifts: cfg.Gifts, Contracts: cfg.Contracts, Referrals: cfg.Referrals, Visits: cfg.Visits, Store: cfg.Store, QR: cfg.QR, Charts: cfg.Charts, HelpDesk: b.staff, Support: cfg.Support, CountryNotes: cfg.CountryNotes,
		ManualText: cfg.ManualText, LegalTexts: cfg.LegalTexts, ProviderToken: cfg.ProviderToken, Self: cfg.Self, LinkBase: cfg.LinkBase, InlineMode: cfg.InlineMode,
		Log: cfg.Log, Now: cfg.Now,
	})
	return b
}

// Outbox returns the sender of all notifications; wake is called after each step.
func (b *Bot) Outbox(wake func()) *notify.Outbox {
	return notify.New(notify.Config{
		Store: b.cfg.Store, Renderers: b.renderers(), OnUnreachable: customer.MarkUnreachable(b.cfg.Store), Wake: wake, Now: b.cfg.Now, Log: b.log,
	})
}

// Broadcaster returns the sender of what staff write to many.
func (b *Bot) Broadcaster() *notify.Broadcaster {
	return notify.NewBroadcaster(notify.BroadcasterConfig{
		Store: b.cfg.Store, Write: b.WriteBroadcast, Progress: b.staff.BroadcastProgress, OnUnreachable: customer.MarkUnreachable(b.cfg.Store), Now: b.cfg.Now, Log: b.log,
	})
}

// renderers is how each kind of notification is written, by the package that knows it.
func (b *Bot) renderers() map[esim.NotificationKind]notify.Renderer {
	all := b.customers.Renderers()
	maps.Copy(all, b.staff.Renderers())
	return all
}

// RemoveExpiredInvoices takes invoices out of chats whose time to be paid is over.
func (b *Bot) RemoveExpiredInvoices(ctx context.Context) error {
	return b.customers.RemoveExpiredInvoices(ctx)
}

// Close ends background work of screens and waits for it.
func (b *Bot) Close() { b.screens.Close() }

// Wait waits for the background work of screens, for tests that go step by step.
func (b *Bot) Wait() { b.screens.Wait() }

// Username is the bot's name without @.
func (b *Bot) Username() string { return b.cfg.Self.Name() }

// Routes lists the routes of all buttons, customers' and staff's.
func (b *Bot) Routes() []ui.Route { return append(b.customers.Router().Routes(), b.staff.Routes()...) }

// Handle works one update off. An error means that it should be tried again later;
// everything that would fail again is answered or logged here. A panic is the caller's to catch.
func (b *Bot) Handle(ctx context.Context, u telegram.Update) error {
	switch {
	case u.PreCheckout != nil:
		return b.customers.PreCheckout(ctx, u.PreCheckout)
	case u.MyChatMember != nil && !u.MyChatMember.Chat.Private():
		return b.staff.MemberChanged(ctx, u.MyChatMember)
	case u.MyChatMember != nil:
		return b.customers.MemberChanged(ctx, u.MyChatMember)
	case u.Callback != nil:
		if m := u.Callback.Message; m != nil && m.Chat.Type != "" && !m.Chat.Private() {
			return b.staff.Pressed(ctx, u.Callback)
		}
		return b.customers.Pressed(ctx, u.ID, u.Callback)
	case u.Inline != nil:
		return b.customers.Inline(ctx, u.Inline)
	case u.Message != nil && b.cfg.Self.Sent(u.Message):
		return nil // a card of ours that somebody sent: not their words
	case u.Message != nil && !u.Message.Chat.Private():
		return b.staff.Message(ctx, u.Message)
	case u.Message != nil:
		return b.customers.Message(ctx, u.ID, u.Message)
	case u.EditedMessage != nil && !u.EditedMessage.Chat.Private():
		return b.staff.MessageEdited(ctx, u.EditedMessage)
	case u.EditedMessage != nil:
		return b.customers.MessageEdited(ctx, u.EditedMessage)
	}
	return nil
}

// StaffReachable reports whether the staff group could be written to when it last was; ok is false where there is none.
func (b *Bot) StaffReachable() (up, ok bool) { return b.staff.Reachable(), b.staff.HasGroup() }

// WriteBroadcast sends what staff write to many to one of them.
func (b *Bot) WriteBroadcast(ctx context.Context, c esim.Customer, all esim.Broadcast) error {
	return b.customers.WriteBroadcast(ctx, c, all)
}
