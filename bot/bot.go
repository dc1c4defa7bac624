// Package bot holds the conversations of the shop: which screen follows which
// press, and which sentence stands for which error. It knows neither SQL nor the
// JSON of Telegram or the vendor. A handler says what should be on the screen
// (a Screen); one place sends it, answers the press, and turns errors into words.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// Config is what a Bot works with. All fields are required, but ProviderToken and Staff.
type Config struct {
	Telegram *telegram.Client
	Texts    *i18n.Bundle
	Catalog  *esim.CatalogCache
	Checkout *esim.Checkout
	Monitor  *esim.VendorMonitor
	Watcher  *esim.Watcher
	TopUps   *esim.TopUps
	// Canceller is for customers; its worker is run by the caller.
	Canceller *esim.Canceller
	// ProviderToken is the payment provider's, for the payment method of that name.
	ProviderToken string
	Store         Store
	QR            *QRPictures
	Username      string // of the bot, without @
	Staff         int64  // chat of the staff group; 0: nobody watches
	Version       string
	Log           *slog.Logger
	Now           func() time.Time
	// What staff change orders and eSIMs with, and read the past from.
	Admin     *esim.OrderAdmin
	Reconcile func(ctx context.Context) (esim.ReconcileReport, error)
	Books     BookStore // nil: order cards and /stats tell less
}

// Store is what the conversations need from storage.
type Store interface {
	CustomerStore
	ESIMStore
	OrderStore
	StaffStore
	OutboxStore
}

// CustomerStore keeps who the customers are.
type CustomerStore interface {
	UpsertCustomer(ctx context.Context, p esim.Customer) (esim.Customer, bool, error)
	SetLanguage(ctx context.Context, id esim.CustomerID, lang string) error
	SetUnreachable(ctx context.Context, id esim.CustomerID) error
}

// A handler says what should be on the screen after a request.
type handler func(ctx context.Context, r *Request) (Screen, error)

// A command is something typed with a slash.
type command struct {
	name    string
	listed  bool // in the menu of commands; its description is the sentence cmd_<name>
	handler handler
}

// Bot answers updates. Create it with New.
type Bot struct {
	cfg      Config
	log      *slog.Logger
	commands map[string]command
	menu     []command // those listed, in order
	routes   map[string]handler
	typed    handler // free text
	staff    *staff
	stock    firstList
	after    sync.WaitGroup
	ctx      context.Context // of background work; ends with Close
	cancel   context.CancelFunc
}

// New puts the conversations together. It makes no call.
func New(cfg Config) *Bot {
	b := &Bot{cfg: cfg, log: cfg.Log, commands: map[string]command{}, routes: map[string]handler{}}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.staff = newStaff(b)
	pay := &paymentFlow{cfg.Checkout, cfg.ProviderToken, cfg.Store}
	buying := &buyFlow{cfg.Checkout, pay}
	for _, c := range []interface{ register(*Bot) }{
		&startFlow{cfg.Catalog, cfg.Texts, cfg.Store},
		&browseFlow{cfg.Catalog, cfg.Checkout},
		&searchFlow{cfg.Catalog, cfg.Checkout, cfg.Texts},
		&planFlow{cfg.Catalog, cfg.Checkout, buying},
		buying, pay,
		&esimsFlow{cfg.Store, cfg.Watcher, cfg.QR, cfg.Checkout.Store, cfg.Now},
		&topUpFlow{cfg.Store, cfg.TopUps, pay, cfg.Now},
		&cancelFlow{cfg.Store, cfg.Canceller},
		&creditFlow{cfg.Checkout.Store},
		&rightsFlow{b.staff},
	} {
		c.register(b)
	}
	return b
}

func (b *Bot) command(name string, listed bool, h handler) {
	c := command{name, listed, h}
	b.commands[name] = c
	if listed {
		b.menu = append(b.menu, c)
	}
}

func (b *Bot) route(name string, h handler) {
	if b.routes[name] != nil {
		panic("route registered twice: " + name)
	}
	b.routes[name] = h
}

// Close ends background work of screens and waits for it.
func (b *Bot) Close() {
	b.cancel()
	b.after.Wait()
}

// Handle works one update off. An error means that it should be tried again
// later; everything that would fail again is answered or logged here.
func (b *Bot) Handle(ctx context.Context, u telegram.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("panic in a handler", "update", u.ID, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = nil
		}
	}()
	switch {
	case u.PreCheckout != nil:
		return b.preCheckout(ctx, u.PreCheckout)
	case u.MyChatMember != nil:
		return b.memberChanged(ctx, u.MyChatMember)
	case u.Callback != nil:
		return b.pressed(ctx, u)
	case u.Message != nil:
		return b.message(ctx, u)
	}
	return nil
}

func (b *Bot) message(ctx context.Context, u telegram.Update) error {
	m := u.Message
	if m.MigrateTo != 0 && b.staff.is(m.Chat.ID) {
		return b.staff.moved(ctx, m.MigrateTo)
	}
	if m.From == nil || m.From.IsBot {
		return nil
	}
	if !m.Chat.Private() {
		return b.staff.message(ctx, m)
	}
	customer, err := b.meet(ctx, *m.From)
	if err != nil {
		return err
	}
	switch {
	case m.Payment != nil:
		return b.paid(ctx, customer, *m.Payment)
	case m.Refund != nil:
		return nil // the outbox tells of it
	}
	r := &Request{Printer: b.cfg.Texts.Printer(customer.Language), Customer: customer, Text: strings.TrimSpace(m.Text)}
	h := b.typed
	if name, args := m.CommandFor(b.cfg.Username); name != "" {
		c, known := b.commands[name]
		h = c.handler
		r.Data = Data{Route: name, Args: strings.Fields(args)}
		if !known {
			h = b.unknownCommand
		}
	} else if r.Text == "" {
		h = b.notText
	}
	screen, err := b.run(ctx, h, r, u.ID)
	if err != nil {
		return err
	}
	return b.show(ctx, r, screen, target{chat: m.Chat.ID})
}

func (b *Bot) pressed(ctx context.Context, u telegram.Update) error {
	q := u.Callback
	if q.Message != nil && q.Message.Chat.Type != "" && !q.Message.Chat.Private() {
		return b.staff.pressed(ctx, q)
	}
	customer, err := b.meet(ctx, q.From)
	if err != nil {
		return err
	}
	r := &Request{Printer: b.cfg.Texts.Printer(customer.Language), Customer: customer, Press: true}
	h := b.oldButton
	if d, err := ParseData(q.Data); err == nil {
		if known := b.routes[d.Route]; known != nil {
			r.Data, h = d, known
		}
	}
	screen, err := b.run(ctx, h, r, u.ID)
	if err != nil {
		return err
	}
	at := target{chat: customer.Chat, query: q.ID}
	if q.Message != nil && q.Message.Text != "" {
		at.message = q.Message.ID // a photo or an invoice never becomes a text
	}
	return b.show(ctx, r, screen, at)
}

// run calls a handler and turns its error into a screen. The error it returns is
// one that goes away by itself: the update is to be tried again.
func (b *Bot) run(ctx context.Context, h handler, r *Request, update int64) (s Screen, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("panic in a handler", "update", update, "route", r.Data.Route, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			s, err = errorScreen(r, errPanic), nil
		}
	}()
	b.stock.await(ctx, b.cfg.Catalog, r)
	s, err = h(ctx, r)
	if err == nil && s.Follow.Route != "" {
		toast, alert := s.Toast, s.Alert
		r.Data = s.Follow
		s, err = b.routes[r.Data.Route](ctx, r)
		if toast != "" {
			s.Toast, s.Alert = toast, alert
		}
	}
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return Screen{}, ctx.Err()
	}
	if supplierSaid(err) {
		b.log.Warn("supplier did not do it", "update", update, "route", r.Data.Route, "err", err)
	} else if !expected(err) {
		b.log.Error("handler failed", "update", update, "route", r.Data.Route, "err", err)
	}
	return errorScreen(r, err), nil
}

var errPanic = errors.New("panic")

// meet stores who wrote, and takes the messenger's language until one is chosen.
func (b *Bot) meet(ctx context.Context, u telegram.User) (esim.Customer, error) {
	name := strings.TrimSpace(u.FirstName)
	p, _, err := b.cfg.Store.UpsertCustomer(ctx, esim.Customer{
		ID: esim.CustomerID(u.ID), Chat: u.ID, Language: u.Language, Name: name, Created: b.cfg.Now(),
	})
	if err != nil {
		return esim.Customer{}, fmt.Errorf("meet person: %w", err)
	}
	return p, nil
}

// memberChanged notes who blocked the bot and who came back.
func (b *Bot) memberChanged(ctx context.Context, c *telegram.ChatMemberChange) error {
	if !c.Chat.Private() {
		return nil
	}
	if !c.IsMember {
		return b.lost(ctx, esim.CustomerID(c.Chat.ID))
	}
	_, err := b.meet(ctx, c.From)
	return err
}

// unknownCommand, notText and oldButton answer what the bot cannot use.
func (b *Bot) unknownCommand(_ context.Context, r *Request) (Screen, error) {
	return Screen{Text: r.T("error.unknown_command", nil), Rows: menuRow(r)}, nil
}

func (b *Bot) notText(_ context.Context, r *Request) (Screen, error) {
	return Screen{Text: r.T("error.not_text", nil), Rows: menuRow(r)}, nil
}

func (b *Bot) oldButton(context.Context, *Request) (Screen, error) { return Screen{}, errBadData }

func menuRow(r *Request) [][]Button {
	return [][]Button{{press(r.Plain("menu.btn_menu", nil), routeMenu)}}
}

// Username is the bot's name without @.
func (b *Bot) Username() string { return b.cfg.Username }
