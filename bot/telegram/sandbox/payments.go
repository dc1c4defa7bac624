package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// invoice is what sendInvoice or createInvoiceLink described.
type invoice struct {
	title, description, payload string
	currency                    string
	total                       int64
	start                       string // start_parameter
	provider                    string // provider token; "" with Stars
}

func (i *invoice) wire() obj {
	return obj{"title": i.title, "description": i.description, "start_parameter": i.start, "currency": i.currency, "total_amount": i.total}
}

// payment is money that moved. Amounts are in the currency's smallest unit.
type payment struct {
	charge, providerCharge string
	person                 int64
	payload, currency      string
	total                  int64
	commission, perMille   int64 // billionths of a Star that an affiliate got, and at which rate
	returned               bool  // the affiliate gave it back
	at                     time.Time
	refundedAt             time.Time
}

func (p *payment) wire(refund bool) obj {
	o := obj{
		"currency": p.currency, "total_amount": p.total, "invoice_payload": p.payload,
		"telegram_payment_charge_id": p.charge, "provider_payment_charge_id": p.providerCharge,
	}
	if refund {
		delete(o, "provider_payment_charge_id")
	}
	return o
}

// A Form is an opened invoice: the sheet with the Pay button.
type Form struct {
	ID          string `json:"form_id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Currency    string `json:"currency"`
	Total       int64  `json:"total"`
	Balance     int64  `json:"balance"` // Stars the person has
}

type form struct {
	id     string
	person int64
	inv    *invoice
	msg    *message // nil: from a link or a forwarded copy
	used   bool
}

type paymentDesk struct {
	forms    map[string]*form
	links    map[string]*invoice
	byCharge map[string]*payment
	flow     []starFlow // oldest first
	balance  int64      // the bot's Stars
	repeat   int
	lose     int
	lost     []*message // payments that the bot was not told of
	decline  int
	twice    bool
	program  AffiliateProgram
	// affiliates is what they have of the bot's Stars, in billionths.
	affiliates int64
}

// starFlow is one line of getStarTransactions.
type starFlow struct {
	pay       *payment
	refund    bool
	withdrawn int64 // what the owner took out, with no payment
	at        time.Time
}

func (d *paymentDesk) init() {
	d.forms, d.links, d.byCharge = map[string]*form{}, map[string]*invoice{}, map[string]*payment{}
}

// Errors of paying that are not the bot's words.
var (
	ErrTooFewStars    = errors.New("not enough Stars")
	ErrAlreadyPaid    = errors.New("this invoice has been paid already")
	ErrNoForm         = errors.New("no such payment form")
	ErrBotTooSlow     = errors.New("The bot did not answer in time: the payment was cancelled") //lint:ignore ST1005 shown to people as it is
	ErrCardDeclined   = errors.New("The card was declined")                                     //lint:ignore ST1005 shown to people as it is
	ErrNotForwardable = errors.New("the copy has no Pay button, only a link to the bot, which was followed")
)

// A DeclinedError carries the bot's error_message of answerPreCheckoutQuery.
type DeclinedError struct{ Text string }

func (e *DeclinedError) Error() string { return e.Text }

func payLabel(m *message) string {
	if len(m.keyboard) == 0 {
		return "Pay " + sum(m.invoice.currency, m.invoice.total)
	}
	return strings.NewReplacer("XTR", "⭐").Replace(m.keyboard[0][0].Text)
}

// open makes a form. Lock held.
func (s *Server) open(person int64, inv *invoice, m *message) Form {
	f := &form{id: randomText(s.rng, 16), person: person, inv: inv, msg: m}
	s.pay.forms[f.id] = f
	return Form{f.id, inv.title, inv.description, inv.currency, inv.total, s.people[person].balance}
}

// OpenInvoice opens the payment sheet of an invoice message.
func (h *UserClient) OpenInvoice(message int) (Form, error) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[h.chat]
	if c == nil || !s.sees(h.id, c) {
		return Form{}, ErrOutside
	}
	m := c.byID[message]
	switch {
	case m == nil || m.invoice == nil:
		return Form{}, ErrNoMessage
	case m.paid && !s.pay.twice:
		return Form{}, ErrAlreadyPaid
	}
	return s.open(h.id, m.invoice, m), nil
}

// OpenInvoiceLink opens the payment sheet of a link from createInvoiceLink. A link can be paid again and again.
func (h *UserClient) OpenInvoiceLink(link string) (Form, error) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	inv := s.pay.links[link]
	if inv == nil {
		return Form{}, fmt.Errorf("open %s: %w", link, ErrNoForm)
	}
	return s.open(h.id, inv, nil), nil
}

// Pay pays the newest invoice in the chat that is not paid yet. It returns when the payment
// has gone through, or with what went wrong: a *DeclinedError with the bot's words,
// ErrBotTooSlow, ErrTooFewStars, ErrAlreadyPaid.
func (h *UserClient) Pay() error {
	h.s.mu.Lock()
	id := 0
	if c := h.s.chats[h.chat]; c != nil {
		for _, m := range c.msgs {
			if m.invoice != nil && (!m.paid || h.s.pay.twice) {
				id = m.id
			}
		}
	}
	h.s.mu.Unlock()
	if id == 0 {
		return fmt.Errorf("pay: %w: there is no unpaid invoice", ErrNoMessage)
	}
	return h.PayMessage(id)
}

// PayMessage pays the invoice in one message. Errors are those of Pay.
func (h *UserClient) PayMessage(message int) error {
	f, err := h.OpenInvoice(message)
	if err != nil {
		return err
	}
	return h.PayForm(f.ID)
}

// PayForwarded is this person paying a copy of an invoice that somebody forwarded to them.
// Without a start_parameter anybody can, as often as they like. With one the copy only has a
// link to the bot: it is followed ("/start <parameter>") and the error is ErrNotForwardable.
func (h *UserClient) PayForwarded(owner int64, message int) error {
	f, start, err := h.openCopy(owner, message)
	if err != nil {
		return err
	}
	if start != "" {
		if _, err := h.In(h.id).Send("/start " + start); err != nil {
			return err
		}
		return ErrNotForwardable
	}
	return h.PayForm(f.ID)
}

// PayForeign is this person paying somebody else's invoice whatever it has for a
// start_parameter. Telegram's own apps do not offer that: it is for a bot that shall not
// rely on them, but look at who pays.
func (h *UserClient) PayForeign(owner int64, message int) error {
	f, _, err := h.openCopy(owner, message)
	if err != nil {
		return err
	}
	return h.PayForm(f.ID)
}

// openCopy opens the invoice in somebody else's chat for this person.
func (h *UserClient) openCopy(owner int64, message int) (f Form, start string, err error) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[owner]
	if c == nil || c.byID[message] == nil || c.byID[message].invoice == nil {
		return Form{}, "", ErrNoMessage
	}
	inv := c.byID[message].invoice
	return s.open(h.id, inv, nil), inv.start, nil
}

// PayForm confirms an opened form: the bot gets a pre_checkout_query and has
// Options.PreCheckoutTimeout to answer it. Errors are those of Pay.
func (h *UserClient) PayForm(formID string) error { return h.payForm(formID, false) }

// PayFormDeclined is PayForm with a card that the provider declines after the bot has said yes:
// the error is ErrCardDeclined, and no payment follows. An invoice in Stars knows no cards.
func (h *UserClient) PayFormDeclined(formID string) error { return h.payForm(formID, true) }

func (h *UserClient) payForm(formID string, badCard bool) error {
	s := h.s
	q, err := s.askBot(h.id, formID)
	if err != nil {
		return err
	}
	timer := time.NewTimer(s.opt.PreCheckoutTimeout)
	defer timer.Stop()
	select {
	case <-q.done:
	case <-timer.C:
	case <-s.closed:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q.checkout.used = false
	if !q.answered || q.givenUp {
		q.answered = true // from now on an answer is too late
		return ErrBotTooSlow
	}
	if q.verdict != "" {
		return &DeclinedError{q.verdict}
	}
	if q.checkout.inv.currency != "XTR" && (badCard || s.pay.declines()) {
		return ErrCardDeclined
	}
	return s.take(q.checkout)
}

func (d *paymentDesk) declines() bool {
	if d.decline == 0 {
		return false
	}
	d.decline--
	return true
}

// askBot starts a payment: checks the person's side and asks the bot.
func (s *Server) askBot(person int64, formID string) (*query, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.pay.forms[formID]
	switch {
	case f == nil || f.person != person:
		return nil, ErrNoForm
	case f.used || f.msg != nil && f.msg.paid && !s.pay.twice:
		return nil, ErrAlreadyPaid
	case f.inv.currency == "XTR" && s.people[person].balance < f.inv.total:
		return nil, fmt.Errorf("%w: %d needed, %d there", ErrTooFewStars, f.inv.total, s.people[person].balance)
	}
	f.used = true
	q := &query{person: person, chat: s.chats[person], checkout: f}
	s.ask(q)
	s.give("pre_checkout_query", obj{
		"id": q.id, "from": s.wireUser(person), "currency": f.inv.currency,
		"total_amount": f.inv.total, "invoice_payload": f.inv.payload,
	}, "checkout "+itoa(person))
	return q, nil
}

// take moves the money and tells everybody. Lock held.
func (s *Server) take(f *form) error {
	if f.msg != nil && f.msg.paid && !s.pay.twice {
		return ErrAlreadyPaid // on another device, while the bot was thinking
	}
	p := &payment{person: f.person, payload: f.inv.payload, currency: f.inv.currency, total: f.inv.total, at: s.now()}
	if p.currency == "XTR" {
		if s.people[f.person].balance < p.total {
			return ErrTooFewStars // spent elsewhere while the bot was thinking
		}
		s.people[f.person].balance -= p.total
		s.pay.balance += p.total
		s.pay.shared(p)
		p.charge = "stx" + randomText(s.rng, 60)
		p.providerCharge = itoa(p.person) + "_0"
		s.pay.flow = append(s.pay.flow, starFlow{pay: p})
	} else {
		p.charge = itoa(s.rng.Int64N(9e9)) + "_" + itoa(p.person)
		p.providerCharge = "ch_" + randomText(s.rng, 24)
	}
	s.pay.byCharge[p.charge] = p
	delete(s.pay.forms, f.id)
	if f.msg != nil {
		f.msg.paid = true
		s.tell(f.msg.chat, event{Type: "edit", Chat: f.msg.chat.id, msg: f.msg})
	}
	c := s.chats[f.person]
	c.started = true
	m := &message{chat: c, from: f.person, payment: p}
	s.post(m)
	s.deliverPayment(m)
	return nil
}

// Stars returns a person's play money.
func (h *UserClient) Stars() int64 {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.s.people[h.id].balance
}

// AddStars gives a person more play money, or takes some away, and returns the new balance.
func (h *UserClient) AddStars(n int64) int64 {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	p := h.s.people[h.id]
	p.balance = max(0, p.balance+n)
	return p.balance
}

// BotStars returns what the bot has earned, less refunds.
func (s *Server) BotStars() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pay.stars()
}
