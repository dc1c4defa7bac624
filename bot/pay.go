package bot

import (
	"context"
	"errors"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

const routePayInside = "paycredit" // order

// A till takes the money for an order that was made, whatever it is for.
type paymentFlow struct {
	checkout *esim.Checkout
	provider string // token of the payment provider
	store    OrderStore
}

func (t *paymentFlow) register(b *Bot) { b.route(routePayInside, t.payInside) }

// ways prices something on every payment method that a customer can pay on now, in the order of the
// buttons. Store credit that does not cover the price is left out where there is another
// way. It fails with ErrTooDear if nothing is left.
func (t *paymentFlow) ways(ctx context.Context, customer esim.CustomerID, price func(esim.PaymentMethod) (esim.Quote, error)) ([]esim.Quote, error) {
	methods := t.checkout.Offered()
	var ways []esim.Quote
	for _, method := range methods {
		q, err := price(method)
		if errors.Is(err, esim.ErrTooDear) {
			continue
		}
		if err != nil {
			return nil, err
		}
		spec, err := method.Spec()
		if err != nil {
			return nil, err
		}
		if spec.FromCredit && len(methods) > 1 {
			credit, err := t.checkout.Store.Credit(ctx, customer)
			if err != nil {
				return nil, err
			}
			if credit.Minor < q.Price.Minor {
				continue
			}
		}
		ways = append(ways, q)
	}
	if len(ways) == 0 {
		return nil, esim.ErrTooDear
	}
	return ways, nil
}

// methodOf is the payment method that a button names. Buttons of the time when Stars were the
// only one name none.
func methodOf(arg string) esim.PaymentMethod {
	if arg == "" {
		return esim.MethodStars
	}
	return esim.PaymentMethod(arg)
}

//i18n:use pay.btn_by_*

// wayLabel names a payment method and its price on a button.
func (r *Request) wayLabel(q esim.Quote) string {
	return r.Plain("pay.btn_by_"+string(q.Method), i18n.Args{"price": r.price(q.Price)})
}

// creditLine says what store credit there is, where it can be paid with.
func (t *paymentFlow) creditLine(ctx context.Context, r *Request) (string, error) {
	for _, method := range t.checkout.Offered() {
		if spec, err := method.Spec(); err != nil {
			return "", err
		} else if spec.FromCredit {
			return creditLine(ctx, r, t.checkout.Store)
		}
	}
	return absent, nil
}

// ask asks for the money of an order. up is where its Back leads; start is what a
// forwarded invoice leads others to.
func (t *paymentFlow) ask(ctx context.Context, r *Request, o esim.Order, up Data, start string) (Screen, error) {
	args := i18n.Args{"price": r.price(o.Price), "plan": r.orderTitle(o), "id": o.ID.String()}
	backRow := row(Button{Text: r.Plain("menu.btn_back", nil), Data: up})
	spec, err := o.Method.Spec()
	switch {
	case err != nil:
		return Screen{}, err
	case spec.ConfirmedBy == esim.ByStaff: // the order's own message says the rest
		return Screen{Text: r.T("pay.noted", args), Rows: menuRow(r)}, nil
	case spec.FromCredit:
		credit, err := t.checkout.Store.Credit(ctx, r.Customer.ID)
		if err != nil {
			return Screen{}, err
		}
		if credit.Minor < o.Price.Minor {
			return Screen{}, esim.ErrNoCredit
		}
		args["credit"] = r.price(credit)
		return Screen{Text: r.T("pay.ask_credit", args), Rows: [][]Button{
			row(press(r.Plain("buy.btn_pay", i18n.Args{"price": r.price(o.Price)}), routePayInside, string(o.ID))), backRow,
		}}, nil
	case spec.ConfirmedBy == esim.ByCustomer: // it costs nothing
		return Screen{Text: r.T("pay.ask_free", args), Rows: [][]Button{
			row(press(r.Plain("pay.btn_free", nil), routePayInside, string(o.ID))), backRow,
		}}, nil
	}
	return Screen{Invoice: t.invoice(r, o, spec, start), Rows: [][]Button{
		{{Text: r.Plain("buy.btn_pay", i18n.Args{"price": r.price(o.Price)}), Pay: true}}, backRow,
	}}, nil
}

func (t *paymentFlow) invoice(r *Request, o esim.Order, spec esim.MethodSpec, start string) *telegram.Invoice {
	titleKey, textKey := "buy.title_invoice", "buy.invoice_text"
	if o.Kind == esim.TopUp {
		titleKey, textKey = "topup.title_invoice", "topup.invoice_text"
	}
	inv := &telegram.Invoice{
		Title:       cut(r.Plain(titleKey, i18n.Args{"place": r.planPlace(o.Plan), "data": r.planData(o.Plan)}), telegram.MaxInvoiceTitle),
		Description: cut(r.Plain(textKey, i18n.Args{"plan": r.orderTitle(o), "id": o.ID.String()}), telegram.MaxInvoiceDescription),
		Payload:     string(o.ID),
		Currency:    string(o.Price.Currency),
		Amount:      o.Price.Minor,
		// A forwarded invoice leads others to the plan, not to this payment.
		StartParameter: start,
	}
	if spec.CardProcessor {
		inv.ProviderToken = t.provider
	}
	return inv
}

//i18n:use pay.done_*

// payInside pays an order from store credit, or takes one that costs nothing. The button
// names the order, so that any number of presses pays once.
func (t *paymentFlow) payInside(ctx context.Context, r *Request) (Screen, error) {
	o, err := t.store.OrderOf(ctx, r.Customer.ID, esim.OrderID(r.Data.Arg(0)))
	if err != nil {
		return Screen{}, err
	}
	if o, err = t.checkout.PayInside(ctx, r.Customer.ID, o.ID); err != nil {
		return Screen{}, err
	}
	return Screen{
		Text: r.T("pay.done_"+string(o.Method), i18n.Args{"price": r.price(o.Price), "plan": r.orderTitle(o), "id": o.ID.String()}),
		Rows: menuRow(r),
	}, nil
}
