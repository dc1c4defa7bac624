package buy

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// buyFlow turns a plan into an order that waits for its money. What happens after the
// money is not here: it is written down and told through the outbox.
type buyFlow struct {
	checkout *esim.Checkout
	payment  *paymentFlow
	notes    countrynotes.Notes
	promos   *promoFlow
}

func (f *buyFlow) register(t *ui.Router) {
	t.Route(refs.RouteBuy, ui.HandleWith(refs.ParseBuy, f.buy))
	t.Route(refs.RoutePaymentMethods, ui.HandleWith(refs.ParsePaymentMethods, f.ways))
}

// ways asks how to pay.
func (f *buyFlow) ways(ctx context.Context, r *ui.Request, ref refs.PaymentMethods) (ui.Screen, error) {
	promo, err := f.promos.entered(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.checkout.Rules.Current().CheckOpen(); err != nil {
		return ui.Screen{}, err
	}
	ways, err := f.payment.ways(ctx, r.Customer.ID, f.price(promo, ref.Code, ref.Quantity, ref.Days))
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("pay.how", i18n.Args{"plan": r.ManyTitle(ways[0].Plan, ref.Days, ref.Quantity)})}
	if line, has, err := f.payment.creditLine(ctx, r); err != nil {
		return ui.Screen{}, err
	} else if has {
		lines = append(lines, line)
	}
	if warning := phoneWarning(r); warning != "" {
		lines = append(lines, warning)
	}
	if notes := forsale.ShortNotes(r, f.notes, ways[0].Plan, ref.Origin, 0); notes != "" {
		lines = append(lines, notes)
	}
	s := ui.Screen{Text: strings.Join(lines, "\n\n")}
	for _, q := range ways {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(wayLabel(r, q), refs.Buy{Code: ref.Code, Origin: ref.Origin, Days: ref.Days, Seen: q.Price.Minor, Quantity: ref.Quantity, Method: q.Method, Credit: q.Credit.Minor}).AsPurchase()))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.Plan(ref)))
	return s, nil
}

// price prices a purchase on any payment method, with the customer's promo where it lowers the price.
func (f *buyFlow) price(promo esim.Promo, code string, quantity, days int) func(esim.PaymentMethod) (esim.Quote, error) {
	return f.checkout.Discounted(promo, func(method esim.PaymentMethod) (esim.Quote, error) {
		return f.checkout.QuoteWith(method, code, quantity, days)
	})
}

func (f *buyFlow) buy(ctx context.Context, r *ui.Request, ref refs.Buy) (ui.Screen, error) {
	card := refs.Plan{Code: ref.Code, Origin: ref.Origin, Days: ref.Days, Quantity: ref.Quantity}.Data()
	seen, err := f.checkout.Pricing.Amount(ref.Method, ref.Seen)
	if err != nil {
		return ui.Screen{}, err
	}
	promo, err := f.promos.entered(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := f.checkout.Begin(ctx, esim.PurchaseRequest{
		Customer: r.Customer.ID, PlanCode: ref.Code, Quantity: ref.Quantity, Days: ref.Days,
		Method: ref.Method, Seen: seen, Credit: esim.USDCents(ref.Credit), CallbackQueryID: r.CallbackQueryID,
		Phone: r.Customer.Phone, Promo: promo.Code, Consent: f.payment.contracts.Consent(r.Lang()),
	})
	if errors.Is(err, esim.ErrPriceChanged) || ref.Credit > 0 && errors.Is(err, esim.ErrInsufficientCredit) {
		// Shown again, never charged silently.
		return ui.Screen{Follow: card, Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	notes := forsale.ShortNotes(r, f.notes, forsale.WithPlaces(f.checkout.Catalog, o.Plan), ref.Origin, 0)
	if warning := phoneWarning(r); warning != "" {
		notes = strings.TrimSpace(warning + "\n" + notes)
	}
	return f.payment.ask(ctx, r, o, card, "p_"+o.Plan.Code, notes)
}
