// Package buy is how a customer buys: the card of a plan with all that must be read before
// paying, the ways to pay, the invoice or what stands in its place, and where the order is
// until the eSIM is there or the money went back. Swaps and top-ups are bought here too.
//
// Money arrives twice: Telegram asks before (PreCheckout) and tells after (Paid). Of an
// order one message in the chat tells, always the same (orderMessages), and what the shop
// tells by itself is in notifications.go.
package buy

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
	"esimbot/i18n/countrynotes"
)

// Config is what buying works with. All fields are required, but ProviderToken.
type Config struct {
	Screens  *ui.Presenter
	Telegram *telegram.Client // for answers that are no screens
	Texts    *i18n.Bundle
	Offers   forsale.Offers
	TopUps   *esim.TopUps
	Watcher  *esim.Watcher
	Store    Store
	Links    refs.Links // by which a plan is handed on
	// Referrals bring store credit for friends.
	Referrals *esim.Referrals
	// Contracts can be withdrawn from, for a while.
	Contracts *esim.Contracts
	// CountryNotes are told before a plan is paid for.
	CountryNotes countrynotes.Notes
	// ManualText is how to pay by hand, with {amount} and {reference}; empty: staff are asked.
	ManualText i18n.OperatorText
	// ProviderToken is the payment provider's, for the payment method of that name.
	ProviderToken string
	// InlineMode is switched on in BotFather, so plans can be sent as cards.
	InlineMode bool
	Log        *slog.Logger
	Now        func() time.Time
}

// Flows are the conversations in which a customer buys. Create them with New.
type Flows struct {
	plans    *planFlow
	buying   *buyFlow
	pay      *paymentFlow
	byHand   *byHandFlow
	swaps    *swapFlow
	again    *againFlow
	topUps   *topUpFlow
	auto     *autoFlow
	credit   *creditFlow
	promos   *promoFlow
	invites  *inviteFlow
	incoming *incoming
	invoices *invoices
	store    Store
	told     *notifications
}

// New puts them together. It makes no call.
func New(cfg Config) *Flows {
	checkout := cfg.Offers.Checkout
	invoices := &invoices{cfg.Telegram, cfg.Store, cfg.Store, cfg.Log}
	messages := &orderMessages{cfg.Telegram, cfg.Store, cfg.Log}
	byHand := &byHandFlow{checkout, cfg.Store, cfg.ManualText, messages, cfg.CountryNotes, cfg.Contracts}
	pay := &paymentFlow{checkout, cfg.ProviderToken, cfg.Store, invoices, byHand, messages, cfg.Contracts}
	swaps := &swapFlow{cfg.Offers, pay, cfg.Store, cfg.Watcher, cfg.CountryNotes, cfg.Now}
	promos := &promoFlow{cfg.Texts, cfg.Store, cfg.Offers.Checkout, cfg.Now}
	buying := &buyFlow{checkout, pay, cfg.CountryNotes, promos}
	topUps := &topUpFlow{cfg.Store, cfg.TopUps, pay, cfg.Now}
	return &Flows{
		plans:  &planFlow{cfg.Offers, buying, cfg.CountryNotes, cfg.Links, cfg.InlineMode, swaps},
		buying: buying, pay: pay, byHand: byHand, swaps: swaps,
		again:    &againFlow{cfg.Offers.Catalog, cfg.Store},
		topUps:   topUps,
		auto:     &autoFlow{topUps, cfg.Store, cfg.Now},
		credit:   &creditFlow{cfg.Store},
		promos:   promos,
		invites:  &inviteFlow{cfg.Referrals, cfg.Links},
		incoming: &incoming{checkout, cfg.Telegram, cfg.Texts, cfg.Store, cfg.Log, cfg.Now},
		invoices: invoices, store: cfg.Store,
		told: &notifications{cfg.Screens, cfg.Store, checkout.Store, cfg.Now, invoices, byHand, cfg.Store, pay},
	}
}

// Register says which commands and buttons lead here.
func (f *Flows) Register(t *ui.Router) {
	for _, flow := range []interface{ register(*ui.Router) }{
		f.plans, f.buying, f.pay, f.byHand, f.swaps, f.again, f.topUps, f.auto, f.credit, f.promos, f.invites,
	} {
		flow.register(t)
	}
}

// Renderers write and send each kind of notification of an order, in the customer's language.
func (f *Flows) Renderers() map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error {
	told := f.told
	return map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error{
		esim.NotifyProgress:          told.progress,
		esim.NotifyToppedUp:          told.toppedUp,
		esim.NotifyNotCancelled:      told.notCancelled,
		esim.NotifyCredited:          told.credited,
		esim.NotifyRefundedElsewhere: told.refundedOut,
		esim.NotifyGranted:           told.granted,
		esim.NotifyAmountBack:        told.amountBack,
		esim.NotifyPartCredited:      told.partCredited,
		esim.NotifyRefunded:          told.refunded,
		esim.NotifyExpiring:          told.expiring,
		esim.NotifyExpired:           told.expired,
		esim.NotifyReferralCredit:    told.referralCredit,
		esim.NotifySwapFailed:        told.swapOff,
		esim.NotifySwapCredit:        told.swapCredit,

		esim.NotifyAutoTopUpAnnounced:   told.autoTold("auto.soon", esim.AutoTopUpAnnounced),
		esim.NotifyAutoTopUpLacksCredit: told.autoTold("auto.short", esim.AutoTopUpLacksCredit),
		esim.NotifyAutoTopUpPriceRose:   told.autoTold("auto.dearer", esim.AutoTopUpPriceRose),
		esim.NotifyAutoTopUpOff:         told.autoOff,
	}
}

// PlanCard is what must be read of a plan before paying; lookedFor is the country that it was looked up for.
func (f *Flows) PlanCard(r *ui.Request, q esim.Quote, lookedFor string) string {
	return f.plans.text(r, q, lookedFor, esim.Promo{})
}

// InterceptAnswer has words tried as the promo code that their customer was asked for, before anything else.
func (f *Flows) InterceptAnswer(other ui.Handler) ui.Handler { return f.promos.before(other) }

// TakeAnswer reports whether words are that code, asked for after the last word in an open thread.
func (f *Flows) TakeAnswer(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	return f.promos.askedLast(ctx, r, open)
}

// PreCheckout answers the last question before money moves.
func (f *Flows) PreCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	return f.incoming.preCheckout(ctx, q)
}

// Paid books money that arrived.
func (f *Flows) Paid(ctx context.Context, who esim.Customer, p telegram.SuccessfulPayment, dated time.Time) error {
	return f.incoming.paid(ctx, who, p, dated)
}

// RefundedElsewhere takes in what Telegram says of a payment that went back.
func (f *Flows) RefundedElsewhere(ctx context.Context, customer esim.CustomerID, p telegram.RefundedPayment, dated time.Time) error {
	return f.incoming.refundedElsewhere(ctx, customer, p, dated)
}

// InvoicePaid reports whether a message is the invoice of an order that was paid.
func (f *Flows) InvoicePaid(ctx context.Context, chat int64, message int) (bool, error) {
	return f.invoices.isPaid(ctx, f.store, chat, message)
}

// InvoiceLeft takes an invoice away from which somebody went back.
func (f *Flows) InvoiceLeft(ctx context.Context, chat int64, message int) {
	f.invoices.left(ctx, chat, message)
}

// RemoveExpiredInvoices takes invoices away whose time to be paid is over.
func (f *Flows) RemoveExpiredInvoices(ctx context.Context) error { return f.invoices.expired(ctx) }

// Changeable is the message whose button was pressed, 0 for one that has to stay as it is: what
// shows an order moves with the order, and is its receipt in the end. Only its own questions stand
// in its place for a while.
func (f *Flows) Changeable(ctx context.Context, r *ui.Request) (int, error) {
	switch ui.Route(r.Data.Route) {
	case refs.RouteOrder, refs.RouteAbandon, refs.RouteAbandonNow:
		return r.Message, nil
	}
	stays, err := f.store.ShowsOrder(ctx, r.Customer.Chat, r.Message)
	if err != nil || stays {
		return 0, err
	}
	return r.Message, nil
}
