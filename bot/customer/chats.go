package customer

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/qrcard"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// Config is what the conversations with customers work with. All fields are required, but
// ProviderToken.
type Config struct {
	Screens   *ui.Presenter
	Telegram  *telegram.Client // for answers that are no screens
	Texts     *i18n.Bundle
	Catalog   *esim.CatalogCache
	Checkout  *esim.Checkout
	Watcher   *esim.Watcher
	TopUps    *esim.TopUps
	Canceller *esim.Canceller
	Store     Store
	QR        *qrcard.Painter
	Charts    *chart.Painter
	HelpDesk  HelpDesk
	Support   *esim.Support
	// CountryNotes are told before a plan is paid for.
	CountryNotes countrynotes.Notes
	// ManualText is how to pay by hand, with {amount} and {reference}; empty: staff are asked.
	ManualText i18n.OperatorText
	// ProviderToken is the payment provider's, for the payment method of that name.
	ProviderToken string
	Username      string // of the bot, without @
	LinkBase      string // of links to the bot: "https://t.me"
	// InlineMode is switched on in BotFather, so plans can be sent as cards.
	InlineMode bool
	Log        *slog.Logger
	Now        func() time.Time
}

// Store is all that the conversations with customers need from storage.
type Store interface {
	balanceStore
	CustomerStore
	ESIMStore
	OrderStore
	ProgressStore
	QRStore
	PhoneStore
	InvoiceStore
	QuestionStore
	esim.TripStore
	esim.NamingStore
	ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
	ArrivalStore
	SwapStore
	ThreadStore
}

// Chats are the private chats with customers. Create them with New.
type Chats struct {
	router        *ui.Router
	screens       *ui.Presenter
	texts         *i18n.Bundle
	meeting       *registration
	payments      *incoming
	notifications *notifications
	invoices      *invoices
	inline        *inlineFlow
	orders        OrderStore
	receipts      ProgressStore
	catalog       *esim.CatalogCache
	stock         firstList
	support       *supportFlow
	trips         *tripFlow
	names         *namingFlow
	username      string
}

// New puts the conversations together. It makes no call.
func New(cfg Config) *Chats {
	router := ui.NewRouter()
	invoices := &invoices{cfg.Telegram, cfg.Store, cfg.Store, cfg.Log}
	messages := &orderMessages{cfg.Telegram, cfg.Store, cfg.Log}
	byHand := &byHandFlow{cfg.Checkout, cfg.Store, cfg.ManualText, messages}
	pay := &paymentFlow{cfg.Checkout, cfg.ProviderToken, cfg.Store, invoices, byHand, messages}
	shelf := shelf{cfg.Catalog, cfg.Checkout}
	search := &searchFlow{cfg.Catalog, cfg.Checkout, cfg.Texts, cfg.Store, cfg.Now}
	support := &supportFlow{cfg.Checkout, cfg.Support, cfg.HelpDesk, search, cfg.Now}
	swaps := &swapFlow{shelf, pay, cfg.Store, cfg.Watcher, cfg.CountryNotes, cfg.Now}
	buying := &buyFlow{cfg.Checkout, pay, cfg.CountryNotes}
	esims := &esimsFlow{cfg.Store, cfg.Watcher, cfg.QR, cfg.Charts, cfg.Texts, cfg.Checkout.Store, cfg.Now, cfg.Store}
	links := links{cfg.LinkBase, cfg.Username}
	plans := &planFlow{shelf, buying, cfg.CountryNotes, links, cfg.InlineMode, swaps}
	trips := &tripFlow{cfg.Catalog, cfg.Texts, cfg.Store, cfg.CountryNotes, cfg.Now}
	names := &namingFlow{cfg.Texts, cfg.Store, cfg.Now}
	for _, c := range []interface{ register(*ui.Router) }{
		&startFlow{shelf, cfg.Texts, cfg.Store, cfg.Checkout.Store, cfg.Store, cfg.Now, cfg.Log, support},
		&browseFlow{shelf, cfg.Texts},
		&needFlow{shelf},
		search, plans, buying, pay, byHand, swaps, trips,
		&againFlow{cfg.Catalog, cfg.Store},
		esims, names, &guideFlow{esims, cfg.Store}, &faultFlow{esims}, &fitFlow{cfg.Store, cfg.Catalog},
		&topUpFlow{cfg.Store, cfg.TopUps, pay, cfg.Now},
		&cancelFlow{cfg.Store, cfg.Canceller},
		&creditFlow{cfg.Store},
		support,
	} {
		c.register(router)
	}
	router.Typed(names.before(trips.before(search.typed)))
	return &Chats{
		router: router, screens: cfg.Screens, texts: cfg.Texts, catalog: cfg.Catalog, username: cfg.Username, support: support, trips: trips, names: names,
		meeting:       &registration{cfg.Store, cfg.Now},
		payments:      &incoming{cfg.Checkout, cfg.Telegram, cfg.Texts, cfg.Store, cfg.Log, cfg.Now},
		invoices:      invoices,
		inline:        &inlineFlow{*search, inlineCards{shelf, plans, links, cfg.Texts}, cfg.Store, cfg.Telegram, cfg.Log},
		notifications: &notifications{cfg.Screens, cfg.Texts, cfg.Store, cfg.Checkout.Store, cfg.QR, cfg.Now, cfg.Canceller, invoices, byHand, cfg.Store, ui.NewRelay(cfg.Telegram, cfg.Store, cfg.Log, true), cfg.Catalog, cfg.CountryNotes},
		orders:        cfg.Store, receipts: cfg.Store,
	}
}

// Router knows the commands and routes of all conversations.
func (c *Chats) Router() *ui.Router { return c.router }

// Message answers what somebody wrote in their private chat.
func (c *Chats) Message(ctx context.Context, update int64, m *telegram.Message) error {
	if m.From == nil || m.From.IsBot {
		return nil
	}
	who, err := c.meeting.register(ctx, *m.From)
	if err != nil {
		return err
	}
	switch {
	case m.Payment != nil:
		return c.payments.paid(ctx, who, *m.Payment, m.Date)
	case m.Refund != nil:
		return nil // the outbox tells of it
	}
	r := &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who, UpdateID: update, Text: strings.TrimSpace(m.Text), WrittenMessage: m.ID}
	at := ui.ScreenTarget{Chat: m.Chat.ID}
	if name, args := m.CommandFor(c.username); name != "" {
		r.Data, r.CommandText = ui.CallbackData{Route: name, Args: strings.Fields(args)}, args
		if err := c.names.forget(ctx, r); err != nil {
			return err
		}
		return c.answer(ctx, update, r, c.router.ForText(r), at)
	}
	return c.said(ctx, update, r, m, at)
}

// said answers what is no command: it goes to staff while a thread with them is open, unless it
// answers what the bot asked last.
func (c *Chats) said(ctx context.Context, update int64, r *ui.Request, m *telegram.Message, at ui.ScreenTarget) error {
	answers := false // to what was asked after anything that was said in the thread
	if m.ReplyTo == nil && r.Text != "" {
		var err error
		if answers, err = c.trips.askedLast(ctx, r, c.support.support.Store); err != nil {
			return err
		}
		if !answers {
			if answers, err = c.names.askedLast(ctx, r, c.support.support.Store); err != nil {
				return err
			}
		}
	}
	if !answers {
		screen, taken, err := c.support.takes(ctx, r, m)
		if err != nil {
			return err
		}
		if taken {
			return c.screens.Show(ctx, r, screen, at)
		}
	}
	if held, err := c.support.holdsAlbumOf(ctx, m); err != nil {
		return err
	} else if held { // its first part was asked about
		return c.support.hold(ctx, r, m)
	}
	h := c.router.ForText(r)
	if r.Text == "" && m.Media != telegram.NoMedia && m.Media != telegram.MediaSticker {
		h = func(_ context.Context, r *ui.Request) (ui.Screen, error) { return c.support.media(r), nil }
	}
	screen, err := c.screen(ctx, update, r, h)
	if err != nil {
		return err
	}
	if asksPerson(screen, m.ID) {
		if err := c.support.hold(ctx, r, m); err != nil {
			return err
		}
	}
	return c.screens.Show(ctx, r, screen, at)
}

// MessageEdited takes in that somebody edited what they wrote.
func (c *Chats) MessageEdited(ctx context.Context, m *telegram.Message) error {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok || m.From == nil || m.From.IsBot {
		return nil
	}
	if name, words := m.CommandFor(c.username); asksStaff(name) {
		if said.Text = strings.TrimSpace(words); said.Text == "" {
			return nil // staff keep the words that they have
		}
	}
	return c.support.support.Change(ctx, said.Chat, said.Message, said.Text)
}

// Pressed answers a button of a private chat.
func (c *Chats) Pressed(ctx context.Context, update int64, q *telegram.Callback) error {
	who, err := c.meeting.register(ctx, q.From)
	if err != nil {
		return err
	}
	r := &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who, UpdateID: update, Press: true, CallbackQueryID: q.ID}
	at := ui.ScreenTarget{Chat: who.Chat, Query: q.ID}
	if q.Message != nil {
		r.Message = q.Message.ID
	}
	handler := c.router.ForPress(r, q.Data)
	if ui.Route(r.Data.Route) != routeName { // they are elsewhere now: what they type next is no name
		if err := c.names.forget(ctx, r); err != nil {
			return err
		}
	}
	if q.Message == nil || q.Message.Text != "" {
		if at.Message, err = c.changeable(ctx, r); err != nil {
			return err
		}
		r.Replaceable = at.Message != 0
		return c.answer(ctx, update, r, handler, at)
	}
	if paid, err := c.invoices.isPaid(ctx, c.orders, who.Chat, r.Message); err != nil {
		return err
	} else if paid { // pressed in the moment before it went away: there is no way back from here
		return c.screens.Show(ctx, r, ui.ErrorScreen(r, esim.ErrAlreadyPaid), at)
	}
	// A photo or an invoice never becomes a text.
	screen, err := c.screen(ctx, update, r, handler)
	if err != nil {
		return err
	}
	if err := c.screens.Show(ctx, r, screen, at); err != nil {
		return err
	}
	if shows(screen) {
		c.invoices.left(ctx, who.Chat, r.Message)
	}
	return nil
}

// changeable is the message whose button was pressed, 0 for one that has to stay as it is: what
// shows an order moves with the order, and is its receipt in the end. Only its own questions stand
// in its place for a while.
func (c *Chats) changeable(ctx context.Context, r *ui.Request) (int, error) {
	switch ui.Route(r.Data.Route) {
	case routeOrder, routeLeave, routeLeaveNow:
		return r.Message, nil
	}
	stays, err := c.receipts.ShowsOrder(ctx, r.Customer.Chat, r.Message)
	if err != nil || stays {
		return 0, err
	}
	return r.Message, nil
}

// answer runs the handler of a request and shows its screen.
func (c *Chats) answer(ctx context.Context, update int64, r *ui.Request, h ui.Handler, at ui.ScreenTarget) error {
	screen, err := c.screen(ctx, update, r, h)
	if err != nil {
		return err
	}
	return c.screens.Show(ctx, r, screen, at)
}

// screen runs the handler of a request, once there is a price list if it needs one.
func (c *Chats) screen(ctx context.Context, update int64, r *ui.Request, h ui.Handler) (ui.Screen, error) {
	c.stock.await(ctx, c.catalog, r)
	return c.screens.Run(ctx, c.support.saysWhereWordsGo(h), r, update)
}

// RemoveExpiredInvoices takes invoices away whose time to be paid is over.
func (c *Chats) RemoveExpiredInvoices(ctx context.Context) error { return c.invoices.expired(ctx) }

// Inline answers what somebody types behind the bot's name in any chat.
func (c *Chats) Inline(ctx context.Context, q *telegram.InlineQuery) error {
	return c.inline.answer(ctx, q)
}

// PreCheckout answers the last question before money moves.
func (c *Chats) PreCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	return c.payments.preCheckout(ctx, q)
}
