package sandbox

import (
	"encoding/json"
	"regexp"
	"strings"
)

// providerToken is the shape of what BotFather gives out: 284685063:TEST:ZGUx… or 284685063:LIVE:….
var providerToken = regexp.MustCompile(`^\d+:(TEST|LIVE):\S+$`)

// decodeInvoice checks what sendInvoice and createInvoiceLink share.
// Source: https://core.telegram.org/bots/api#sendinvoice, https://core.telegram.org/bots/payments-stars (read 2026-11).
func (s *Server) decodeInvoice(p *params) (*invoice, *apiError) {
	inv := &invoice{start: p.str("start_parameter"), provider: p.str("provider_token")}
	for _, f := range []struct {
		key  string
		into *string
	}{{"title", &inv.title}, {"description", &inv.description}, {"payload", &inv.payload}, {"currency", &inv.currency}} {
		v, err := p.required(f.key)
		if err != nil {
			return nil, err
		}
		*f.into = v
	}
	inv.currency = strings.ToUpper(inv.currency)
	prices, err := s.prices(p, inv)
	if err != nil {
		return nil, err
	}
	tips, err := p.tips()
	if err != nil {
		return nil, err
	}
	switch {
	case chars(inv.title) > maxInvoiceTitle:
		return nil, bad("INVOICE_TITLE_INVALID") // the limit is documented, these words are a guess
	case chars(inv.description) > maxInvoiceText:
		return nil, bad("INVOICE_DESCRIPTION_INVALID")
	case len(inv.payload) > maxInvoicePayload:
		return nil, bad("INVOICE_PAYLOAD_INVALID")
	case !validStartParameter(inv.start):
		return nil, bad("START_PARAM_INVALID")
	case inv.currency == "XTR" && (prices != 1 || tips || inv.provider != ""):
		return nil, bad("STARS_INVOICE_INVALID")
	case inv.currency != "XTR" && !providerToken.MatchString(inv.provider):
		return nil, bad("PAYMENT_PROVIDER_INVALID")
	case inv.currency != "XTR" && dearest[inv.currency] == 0:
		return nil, bad("CURRENCY_INVALID")
	case !s.payable(inv):
		return nil, bad("CURRENCY_TOTAL_AMOUNT_INVALID")
	}
	return inv, nil
}

func (s *Server) prices(p *params, inv *invoice) (n int, err *apiError) {
	v := p.str("prices")
	if !json.Valid([]byte(v)) {
		return 0, bad("can't parse prices JSON object")
	}
	list, ok := array(json.RawMessage(v))
	if !ok {
		return 0, bad("expected an Array of labeled prices")
	}
	for _, raw := range list {
		var price struct {
			Label  *string      `json:"label"`
			Amount *json.Number `json:"amount"`
		}
		if json.Unmarshal(raw, &price) != nil || price.Label == nil || price.Amount == nil {
			return 0, bad("can't parse labeled price: LabeledPrice must be an Object with label and amount")
		}
		amount, intErr := price.Amount.Int64()
		if intErr != nil {
			return 0, bad(`can't parse labeled price: Field "amount" must be a valid Number`)
		}
		inv.total += amount
	}
	return len(list), nil
}

func (p *params) tips() (any bool, err *apiError) {
	if p.has("suggested_tip_amounts") && p.str("suggested_tip_amounts") != "" {
		list, ok := array(json.RawMessage(p.str("suggested_tip_amounts")))
		if !ok {
			return false, bad("expected an Array of suggested tip amounts")
		}
		any = len(list) > 0
	}
	return any || p.int("max_tip_amount", 0) > 0, nil
}

func (s *Server) sendInvoice(p *params) (any, *apiError) {
	m, err := s.draft(p)
	if err != nil {
		return nil, err
	}
	if m.invoice, err = s.decodeInvoice(p); err != nil {
		return nil, err
	}
	return s.send(p, m)
}

func (s *Server) createInvoiceLink(p *params) (any, *apiError) {
	inv, err := s.decodeInvoice(p)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	link := "https://t.me/$" + randomText(s.rng, 22)
	s.pay.links[link] = inv
	return link, nil
}

func (s *Server) answerPreCheckoutQuery(p *params) (any, *apiError) {
	words := p.str("error_message")
	yes := p.bool("ok")
	if !yes && words == "" {
		return nil, bad("parameter %q is required", "error_message")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.answer(p.str("pre_checkout_query_id"), "checkout")
	if err != nil {
		return nil, err
	}
	if !yes {
		q.verdict = words
	}
	close(q.done)
	return true, nil
}

// The refusals of refundStarPayment, as [Fault].Description with Kind Refuse: ChargeNotFound is the
// word of Telegram's list of errors, not of its Bot API pages.
const (
	ChargeAlreadyRefunded = "Bad Request: CHARGE_ALREADY_REFUNDED"
	ChargeEmpty           = "Bad Request: CHARGE_ID_EMPTY"
	ChargeNotFound        = "Bad Request: CHARGE_NOT_FOUND"
	RefundUserInvalid     = "Bad Request: invalid user_id specified"
)

func refusal(text string) *apiError { return &apiError{code: 400, desc: text} }

// refundStarPayment gives all Stars of one payment back. What was paid through a provider is no
// charge of Stars: only the provider can refund it.
func (s *Server) refundStarPayment(p *params) (any, *apiError) {
	charge := p.str("telegram_payment_charge_id")
	user := p.int("user_id", 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	pay := s.pay.byCharge[charge]
	switch {
	case s.people[user] == nil:
		return nil, refusal(RefundUserInvalid)
	case charge == "":
		return nil, refusal(ChargeEmpty)
	case pay == nil || pay.person != user || pay.currency != "XTR":
		return nil, refusal(ChargeNotFound)
	case !pay.refundedAt.IsZero():
		return nil, refusal(ChargeAlreadyRefunded)
	}
	s.giveBack(pay)
	return true, nil
}

// giveBack returns the Stars of a payment and tells everybody. Lock held.
func (s *Server) giveBack(pay *payment) {
	pay.refundedAt = s.now()
	s.people[pay.person].balance += pay.total
	s.pay.balance -= pay.total
	s.pay.unshared(pay)
	s.pay.flow = append(s.pay.flow, starFlow{pay: pay, refund: true})
	m := &message{chat: s.chats[pay.person], from: s.botID, payment: pay, refund: true}
	s.post(m)
	s.give("message", s.wireMessage(m), "chat "+itoa(pay.person))
}

// getStarTransactions lists from the oldest. A refund carries the id of its payment, with
// receiver in the place of source.
// Source: https://core.telegram.org/bots/api#startransaction (read 2026-11).
func (s *Server) getStarTransactions(p *params) (any, *apiError) {
	offset, limit := p.int("offset", 0), p.int("limit", maxTransactions)
	if offset < 0 {
		return nil, bad("invalid offset specified")
	}
	if limit < 1 || limit > maxTransactions {
		limit = maxTransactions
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.pay.flow[min(int(offset), len(s.pay.flow)):]
	list = list[:min(int(limit), len(list))]
	out := make([]obj, len(list))
	for i, f := range list {
		if f.withdrawn > 0 {
			out[i] = obj{
				"id": "withdrawal_" + itoa(f.at.Unix()), "amount": f.withdrawn, "date": f.at.Unix(),
				"receiver": obj{"type": "fragment", "withdrawal_state": obj{"type": "pending"}},
			}
			continue
		}
		amount, nanos := f.pay.listed(f.refund)
		partner := obj{"type": "user", "transaction_type": "invoice_payment", "user": s.wireUser(f.pay.person), "invoice_payload": f.pay.payload}
		if a := s.affiliateOf(f); a != nil {
			partner["affiliate"] = a
		}
		out[i] = obj{"id": f.pay.charge, "amount": amount, "date": f.pay.at.Unix(), "source": partner}
		if nanos != 0 {
			out[i]["nanostar_amount"] = nanos
		}
		if f.refund {
			delete(out[i], "source")
			out[i]["receiver"], out[i]["date"] = partner, f.pay.refundedAt.Unix()
		}
	}
	return obj{"transactions": out}, nil
}

func (s *Server) getMyStarBalance(*params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return obj{"amount": s.pay.stars()}, nil
}
