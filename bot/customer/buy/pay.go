package buy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A paymentFlow takes the money for an order that was made, whatever it is for.
type paymentFlow struct {
	checkout  *esim.Checkout
	provider  string // token of the payment provider
	store     orderStore
	invoices  *invoices
	byHand    *byHandFlow
	messages  *orderMessages
	contracts *esim.Contracts
}

func (f *paymentFlow) register(t *ui.Router) {
	t.Route(refs.RoutePayWithCredit, ui.HandleWith(refs.ParseOrder(refs.RoutePayWithCredit), f.payInside))
}

// ways prices something on every payment method that a customer can pay on now, in the order of the
// buttons, and after them with the store credit that does not cover the price as a part of it.
// Alone such credit is left out where there is another way. It fails with ErrPriceTooHigh if nothing is
// left.
func (f *paymentFlow) ways(ctx context.Context, customer esim.CustomerID, price func(esim.PaymentMethod) (esim.Quote, error)) ([]esim.Quote, error) {
	credit, err := f.checkout.Store.Credit(ctx, customer)
	if err != nil {
		return nil, err
	}
	methods := f.checkout.OfferedTo(credit)
	var ways []esim.Quote
	if credit.Minor < 0 && esim.CanPayDebts(methods) { // what is owed is paid with it
		if ways, err = f.checkout.QuotesBeside(credit, price); err == nil && len(ways) == 0 {
			err = esim.ErrPriceTooHigh
		}
		return ways, err
	}
	for _, method := range methods {
		q, err := price(method)
		if errors.Is(err, esim.ErrPriceTooHigh) {
			continue
		}
		if err != nil {
			return nil, err
		}
		spec, err := method.Spec()
		if err != nil {
			return nil, err
		}
		if spec.FromCredit && len(methods) > 1 && credit.Minor < q.Price.Minor {
			continue
		}
		ways = append(ways, q)
	}
	beside, err := f.checkout.QuotesBeside(credit, price)
	if err != nil {
		return nil, err
	}
	if ways = append(ways, beside...); len(ways) == 0 {
		return nil, esim.ErrPriceTooHigh
	}
	return ways, nil
}

//i18n:use pay.btn_by_*

// wayLabel names a payment method and its price on a button, and the store credit beside it.
func wayLabel(r *ui.Request, q esim.Quote) string {
	label := r.Plain("pay.btn_by_"+string(q.Method), i18n.Args{"price": r.Price(q.Price)})
	if q.Credit.Minor > 0 {
		label = r.Plain("pay.btn_beside", i18n.Args{"credit": r.Price(q.Credit), "rest": label})
	}
	return label
}

// creditLine says what store credit there is.
func (f *paymentFlow) creditLine(ctx context.Context, r *ui.Request) (line string, has bool, err error) {
	return money.CreditLine(ctx, r, f.checkout.Store)
}

// ask asks for the money of an order. up is where its Back leads; start is what a
// forwarded invoice leads others to. notes are what should be read before paying; "": nothing.
func (f *paymentFlow) ask(ctx context.Context, r *ui.Request, o esim.Order, up ui.CallbackRef, start, notes string) (ui.Screen, error) {
	s, err := f.question(ctx, r, o, up, start)
	switch {
	case err != nil || notes == "":
	case s.Invoice == nil:
		s.Text += "\n\n" + notes
	default:
		text, consent, lines := s.Invoice.Description, consentPlain(r, f.contracts), strings.Split(untagged.Replace(notes), "\n")
		var texts []string
		for n := len(lines); n > 0; n-- { // one note less rather than half of one
			plain := strings.Join(lines[:n], " ")
			texts = append(texts, ui.Sentences(text, plain), ui.Sentences(shortInvoice(r, o, true), consent, plain), ui.Sentences(shortInvoice(r, o, false), consent, plain))
		}
		s.Invoice.Description = firstThatFits(append(texts, text)...)
	}
	return s, err
}

// untagged makes of a sentence what an invoice can say.
var untagged = strings.NewReplacer("<i>", "", "</i>", "", "<b>", "", "</b>", "", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&")

// question asks for the money as the order's payment method does.
func (f *paymentFlow) question(ctx context.Context, r *ui.Request, o esim.Order, up ui.CallbackRef, start string) (ui.Screen, error) {
	args := i18n.Args{"price": r.Price(o.Price), "plan": r.OrderTitle(o), "id": o.ID.String()}
	backRow := ui.Row(ui.Button{Text: r.Plain("menu.btn_back", nil), Data: up.Data()})
	spec, err := o.Method.Spec()
	switch {
	case err != nil:
		return ui.Screen{}, err
	case spec.ConfirmedBy == esim.ConfirmedByStaff:
		s := f.byHand.waits(r, o)
		s.OnSent = f.messages.follow(o.ID, r.Customer.Chat)
		return s, nil
	case spec.FromCredit:
		credit, err := f.checkout.Store.Credit(ctx, r.Customer.ID)
		if err != nil {
			return ui.Screen{}, err
		}
		if credit.Minor < o.Price.Minor {
			return ui.Screen{}, esim.ErrInsufficientCredit
		}
		args["credit"] = r.Price(credit)
		return ui.Screen{Text: f.agreeing(r, r.T("pay.ask_credit", args)), Rows: [][]ui.Button{
			ui.Row(ui.NewButton(r.Plain("buy.btn_pay", i18n.Args{"price": r.Price(o.Price)}), refs.Order{Route: refs.RoutePayWithCredit, Order: o.ID}).AsPurchase()), backRow,
		}}, nil
	case spec.ConfirmedBy == esim.ConfirmedByCustomer && o.Price.Minor != 0:
		// A method whose press is the payment has to say what the press takes from whom.
		return ui.Screen{}, fmt.Errorf("no question is written for %s of %s: %w", o.Price, o.Method, esim.ErrNoPaymentMethod)
	case spec.ConfirmedBy == esim.ConfirmedByCustomer: // it costs nothing
		return ui.Screen{Text: f.agreeing(r, r.T("pay.ask_free", args)), Rows: [][]ui.Button{
			ui.Row(ui.NewButton(r.Plain("pay.btn_free", nil), refs.Order{Route: refs.RoutePayWithCredit, Order: o.ID}).AsPurchase()), backRow,
		}}, nil
	}
	noted := func(ctx context.Context, message int) {
		f.invoices.sent(ctx, esim.InvoiceMessage{Order: o.ID, Chat: r.Customer.Chat, Message: message, Card: r.Message}, r.Replaceable)
	}
	return ui.Screen{Invoice: f.invoice(r, o, spec, start), OnSent: noted, Rows: [][]ui.Button{
		ui.Row(ui.Button{Text: r.Plain("buy.btn_pay", i18n.Args{"price": r.Price(o.Price)}), Pay: true}.AsPurchase()), backRow,
	}}, nil
}

// shortInvoice is what an invoice says where there is no room for more, with or without what happens if nothing comes.
func shortInvoice(r *ui.Request, o esim.Order, promise bool) string {
	args := i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}
	if o.Replaces != "" { // that the old eSIM goes is what matters of it
		return r.Plain("swap.invoice_short", args)
	}
	text := r.Plain("buy.invoice_short", args)
	if o.Credit.Minor < 0 { // not what is left out first
		text = ui.Sentences(text, r.Plain("pay.invoice_owed", i18n.Args{"owed": r.Price(esim.Owed(o.Credit))}))
	}
	if promise {
		text = ui.Sentences(text, i18n.HTML(r.T("plan.refund_card", nil)).Text()+".")
	}
	return text
}

// firstThatFits is the first of some texts that an invoice has room for, or the last one, cut.
func firstThatFits(texts ...string) string {
	for _, text := range texts {
		if ui.Truncate(text, telegram.MaxInvoiceDescription) == text {
			return text
		}
	}
	return ui.Truncate(texts[len(texts)-1], telegram.MaxInvoiceDescription)
}

func (f *paymentFlow) invoice(r *ui.Request, o esim.Order, spec esim.PaymentMethodSpec, start string) *telegram.Invoice {
	titleKey, textKey := "buy.title_invoice", "buy.invoice_text"
	if o.Kind == esim.TopUp {
		titleKey, textKey = "topup.title_invoice", "topup.invoice_text"
	}
	text := r.Plain(textKey, i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()})
	if o.Replaces != "" {
		text = r.Plain("swap.invoice_text", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()})
	} else if o.Credit.Minor > 0 {
		text = ui.Sentences(r.Plain("pay.invoice_beside", i18n.Args{"credit": r.Price(o.Credit)}), text)
	} else if o.Credit.Minor < 0 {
		text = ui.Sentences(r.Plain("pay.invoice_owed", i18n.Args{"owed": r.Price(esim.Owed(o.Credit))}), text)
	}
	if consent := consentPlain(r, f.contracts); consent != "" {
		text = firstThatFits(ui.Sentences(text, consent), ui.Sentences(shortInvoice(r, o, true), consent), ui.Sentences(shortInvoice(r, o, false), consent))
	}
	inv := &telegram.Invoice{
		Title:       ui.Truncate(r.Plain(titleKey, i18n.Args{"place": r.PlanPlace(o.Plan), "data": r.PlanData(o.Plan)}), telegram.MaxInvoiceTitle),
		Description: firstThatFits(text),
		Payload:     esim.InvoicePayload(o),
		Currency:    string(o.Price.Currency),
		Amount:      o.Price.Minor,
		// A forwarded invoice leads others to the plan, not to this payment.
		StartParameter: start,
	}
	if spec.CardProcessor {
		inv.ProviderToken = f.provider
	}
	return inv
}

//i18n:use pay.done_*

// payInside pays an order from store credit, or takes one that costs nothing. The button
// names the order, so that any number of presses pays once. The message that asked shows the order
// from now on, and only the outbox writes it: two would write over each other.
func (f *paymentFlow) payInside(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	here := o.State == esim.StateAwaitingPayment && r.Message != 0
	if here {
		if err := f.messages.store.SetProgressMessage(ctx, o.ID, r.Customer.Chat, r.Message); err != nil {
			return ui.Screen{}, err
		}
	}
	paid, err := f.checkout.PayWithoutInvoice(ctx, r.Customer.ID, o.ID)
	if err != nil {
		if here && !errors.Is(err, esim.ErrAlreadyPaid) {
			err = errors.Join(err, f.messages.store.ForgetProgressMessage(ctx, o.ID))
		}
		return ui.Screen{}, err
	}
	return ui.Screen{Toast: r.Plain("pay.done_"+string(paid.Method), i18n.Args{"price": r.Price(paid.Price)})}, nil
}
