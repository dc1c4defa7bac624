// Package find is how a customer finds a plan: by buttons from the world to a country and its
// plans, by three questions ("How much do I need?"), by typing anything at all, and by
// "@bot japan" in any chat.
//
// What is typed may also be a number of the customer's own, or a cry for help: that is led to
// their eSIMs or to a person, and never answered with plans. Whatever a screen leads to is a
// button of package refs; the card of a plan is shown by package buy, and drawn for inline
// queries by whoever implements PlanCards.
package find

import (
	"context"
	"log/slog"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Config is what finding a plan works with. All fields are required.
type Config struct {
	Offers   forsale.Offers
	Texts    *i18n.Bundle
	Store    Store
	Cards    PlanCards        // for answers to inline queries
	Links    refs.Links       // in them
	Telegram *telegram.Client // that takes them
	Log      *slog.Logger
	Now      func() time.Time
}

// Store is what finding a plan needs from storage.
type Store interface {
	Orders
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error)
}

// Orders are those that a text may name.
type Orders interface {
	// OrderOf is esim.ErrNotFound also when the order is somebody else's.
	OrderOf(ctx context.Context, customer esim.CustomerID, id esim.OrderID) (esim.Order, error)
	// Order is for what is known to concern who asks.
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
}

// Flows are the conversations in which a customer finds a plan. Create them with New.
type Flows struct {
	browse *browseFlow
	need   *needFlow
	search *searchFlow
	inline *inlineFlow
}

// New puts them together. It makes no call.
func New(cfg Config) *Flows {
	search := &searchFlow{cfg.Offers, cfg.Texts, cfg.Store, cfg.Now}
	return &Flows{
		browse: &browseFlow{cfg.Offers, cfg.Texts},
		need:   &needFlow{cfg.Offers},
		search: search,
		inline: &inlineFlow{*search, inlineCards{cfg.Offers, cfg.Cards, cfg.Links, cfg.Texts}, cfg.Telegram, cfg.Log},
	}
}

// Register says which commands and buttons lead here.
func (f *Flows) Register(t *ui.Router) {
	f.browse.register(t)
	f.need.register(t)
	f.search.register(t)
}

// Typed answers what somebody typed, if nothing else takes it.
func (f *Flows) Typed(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	return f.search.typed(ctx, r)
}

// Offer is a button to the plans of the place that a text names, and what that is called; false: the text is
// something else.
func (f *Flows) Offer(r *ui.Request) (ui.Button, string, bool) { return f.search.offer(r) }

// Inline answers what somebody types behind the bot's name in any chat.
func (f *Flows) Inline(ctx context.Context, q *telegram.InlineQuery) error {
	return f.inline.answer(ctx, q)
}
