package customer

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"esimbot/bot/chart"
	"esimbot/bot/customer/buy"
	"esimbot/bot/customer/find"
	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/own"
	"esimbot/bot/customer/refs"
	"esimbot/bot/customer/rights"
	"esimbot/bot/customer/support"
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
	Gifts     *esim.Gifts
	Contracts *esim.Contracts
	Referrals *esim.Referrals
	Visits    *esim.VisitCounter // nil: nobody counts
	Store     Store
	QR        *qrcard.Painter
	Charts    *chart.Painter
	HelpDesk  support.HelpDesk
	Support   *esim.Support
	// CountryNotes are told before a plan is paid for.
	CountryNotes countrynotes.Notes
	// ManualText is how to pay by hand, with {amount} and {reference}; empty: staff are asked.
	ManualText i18n.OperatorText
	// LegalTexts take the place of terms and privacy, and stand above what leads to a person.
	LegalTexts i18n.LegalTexts
	// ProviderToken is the payment provider's, for the payment method of that name.
	ProviderToken string
	Self          *telegram.Self
	LinkBase      string // of links to the bot: "https://t.me"
	// InlineMode is switched on in BotFather, so plans can be sent as cards.
	InlineMode bool
	Log        *slog.Logger
	Now        func() time.Time
}

// Store is all that the conversations with customers need from storage; each room says itself what it uses.
type Store interface {
	find.Store
	buy.Store
	own.Store
	support.ThreadStore
	rights.Store
	CustomerStore
	ArrivalStore
}

// Chats are the private chats with customers. Create them with New.
type Chats struct {
	router  *ui.Router
	screens *ui.Presenter
	texts   *i18n.Bundle
	members interface {
		Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	}
	meeting *registration
	finding *find.Flows
	buying  *buy.Flows
	owned   *own.Flows
	owed    *rights.Flows
	support *support.Flow
	threads *esim.Support
	catalog *esim.CatalogCache
	visits  *esim.VisitCounter
	stock   firstList
	self    *telegram.Self
	links   refs.Links
}

// New puts the rooms together. It makes no call.
func New(cfg Config) *Chats {
	offers := forsale.Offers{Catalog: cfg.Catalog, Checkout: cfg.Checkout}
	links := refs.Links{Base: cfg.LinkBase, Bot: cfg.Self.Name}
	buying := buy.New(buy.Config{
		Screens: cfg.Screens, Telegram: cfg.Telegram, Texts: cfg.Texts, Offers: offers, TopUps: cfg.TopUps, Watcher: cfg.Watcher, Store: cfg.Store,
		Links: links, Referrals: cfg.Referrals, Contracts: cfg.Contracts, CountryNotes: cfg.CountryNotes, ManualText: cfg.ManualText, ProviderToken: cfg.ProviderToken, InlineMode: cfg.InlineMode,
		Log: cfg.Log, Now: cfg.Now,
	})
	finding := find.New(find.Config{
		Offers: offers, Texts: cfg.Texts, Store: cfg.Store, Cards: buying, Links: links, Telegram: cfg.Telegram, Log: cfg.Log, Now: cfg.Now,
	})
	owned := own.New(own.Config{
		Screens: cfg.Screens, Texts: cfg.Texts, Catalog: cfg.Catalog, Watcher: cfg.Watcher, Canceller: cfg.Canceller, Store: cfg.Store,
		Gifts: cfg.Gifts, Contracts: cfg.Contracts, Links: links,
		Credit: cfg.Checkout.Store, QR: cfg.QR, Charts: cfg.Charts, CountryNotes: cfg.CountryNotes, Now: cfg.Now,
		TopUps: cfg.TopUps,
	})
	talking := support.New(support.Config{
		Screens: cfg.Screens, Telegram: cfg.Telegram, Checkout: cfg.Checkout, Support: cfg.Support, HelpDesk: cfg.HelpDesk, Places: finding,
		Store: cfg.Store, LegalTexts: cfg.LegalTexts, Contracts: cfg.Contracts, Log: cfg.Log, Now: cfg.Now,
	})
	owed := rights.New(rights.Config{Store: cfg.Store, Now: cfg.Now, Screens: cfg.Screens, Contracts: cfg.Contracts})
	router := ui.NewRouter()
	(&startFlow{offers, cfg.Texts, cfg.Store, cfg.Checkout.Store, cfg.Store, cfg.Store, cfg.Referrals, cfg.Now, cfg.Log, talking}).register(router)
	finding.Register(router)
	buying.Register(router)
	owned.Register(router)
	talking.Register(router)
	owed.Register(router)
	router.Typed(owned.InterceptAnswer(buying.InterceptAnswer(finding.Typed)))
	return &Chats{
		router: router, screens: cfg.Screens, texts: cfg.Texts, members: cfg.Store, meeting: &registration{cfg.Store, cfg.Now},
		finding: finding, buying: buying, owned: owned, owed: owed, support: talking, threads: cfg.Support, catalog: cfg.Catalog, visits: cfg.Visits, self: cfg.Self, links: links,
	}
}

// ClaimLink is the address by which an eSIM is taken that somebody, or the shop, gives away.
func (c *Chats) ClaimLink(t esim.GiftToken) string { return c.links.To(refs.StartClaim + t.Reveal()) }

// Router knows the commands and routes of all conversations.
func (c *Chats) Router() *ui.Router { return c.router }

// Message answers what somebody wrote in their private chat.
func (c *Chats) Message(ctx context.Context, update int64, m *telegram.Message) error {
	if m.Refund != nil { // Telegram's word, in whosever name it stands
		return c.buying.RefundedElsewhere(ctx, esim.CustomerID(m.Chat.ID), *m.Refund, m.Date)
	}
	if m.From == nil || m.From.IsBot {
		return nil
	}
	who, err := c.meeting.register(ctx, *m.From)
	if err != nil {
		return err
	}
	if m.Payment != nil {
		return c.buying.Paid(ctx, who, *m.Payment, m.Date)
	}
	r := &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who, UpdateID: update, Text: visible(m.Text), WrittenMessage: m.ID}
	at := ui.ScreenTarget{Chat: m.Chat.ID}
	if name, args := c.self.CommandOf(ctx, m); name != "" {
		r.Data, r.CommandText = ui.CallbackData{Route: name, Args: strings.Fields(args)}, args
		if err := c.owned.ForgetName(ctx, r); err != nil {
			return err
		}
		return c.answer(ctx, update, r, c.router.ForText(r), at)
	}
	return c.said(ctx, update, r, m, at)
}

// visible is a text without what surrounds it; "" where there is nothing to see.
func visible(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return ""
	}
	return strings.TrimSpace(text)
}

// Pressed answers a button of a private chat.
func (c *Chats) Pressed(ctx context.Context, update int64, q *telegram.Callback) error {
	who, err := c.pressedBy(ctx, q)
	if err != nil {
		return err
	}
	r := &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who, UpdateID: update, Press: true, CallbackQueryID: q.ID}
	at := ui.ScreenTarget{Chat: who.Chat, Query: q.ID}
	if q.Message != nil {
		r.Message = q.Message.ID
	}
	handler := c.router.ForPress(r, q.Data)
	if route := ui.Route(r.Data.Route); route != refs.RouteName && route != refs.RouteZone { // they are elsewhere now: what they type next is no name
		if err := c.owned.ForgetName(ctx, r); err != nil {
			return err
		}
	}
	if q.Message == nil || q.Message.Text != "" {
		if at.Message, err = c.buying.Changeable(ctx, r); err != nil {
			return err
		}
		r.Replaceable = at.Message != 0
		return c.answer(ctx, update, r, handler, at)
	}
	if paid, err := c.buying.InvoicePaid(ctx, who.Chat, r.Message); err != nil {
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
		c.buying.InvoiceLeft(ctx, who.Chat, r.Message)
	}
	return nil
}

// pressedBy is who pressed. Whoever is forgotten does not become a customer again by the press that asked for it,
// made twice or handled again after a crash.
func (c *Chats) pressedBy(ctx context.Context, q *telegram.Callback) (esim.Customer, error) {
	if d, err := ui.ParseCallbackData(q.Data); err == nil && ui.Route(d.Route) == refs.RouteForgetNow {
		who, err := c.members.Customer(ctx, esim.CustomerID(q.From.ID))
		if errors.Is(err, esim.ErrNotFound) {
			return esim.Customer{ID: esim.CustomerID(q.From.ID), Chat: q.From.ID, Language: q.From.Language}, nil
		}
		return who, err
	}
	return c.meeting.register(ctx, q.From)
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
	c.visits.Count(r.Customer.ID, esim.StepArrived)
	screen, err := c.screens.Run(ctx, leadsOn(c.support.SaysWhereWordsGo(h)), r, update)
	if err == nil && ui.Route(r.Data.Route) == refs.RoutePlan { // pressed, or where a link led
		c.visits.Count(r.Customer.ID, esim.StepPlan)
	}
	return screen, err
}

// RemoveExpiredInvoices takes invoices away whose time to be paid is over.
func (c *Chats) RemoveExpiredInvoices(ctx context.Context) error {
	return c.buying.RemoveExpiredInvoices(ctx)
}

// Inline answers what somebody types behind the bot's name in any chat.
func (c *Chats) Inline(ctx context.Context, q *telegram.InlineQuery) error {
	return c.finding.Inline(ctx, q)
}

// PreCheckout answers the last question before money moves.
func (c *Chats) PreCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	return c.buying.PreCheckout(ctx, q)
}

// shows reports whether a screen takes somebody elsewhere, and is not only a word on the way.
func shows(s ui.Screen) bool {
	return s.Text != "" || s.Invoice != nil || s.Picture != nil || len(s.Files) > 0 || s.After != nil
}
