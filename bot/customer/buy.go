package customer

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeBuy  = "buy"  // code, origin, days, the price that was shown, quantity (1), payment method (stars)
	routeWays = "ways" // code, origin, days, quantity
)

// buyFlow turns a plan into an order that waits for its money. What happens after the
// money is not here: it is written down and told through the outbox.
type buyFlow struct {
	checkout *esim.Checkout
	till     *paymentFlow
}

func (f *buyFlow) register(t *ui.Router) {
	t.Route(routeBuy, f.buy)
	t.Route(routeWays, f.ways)
}

// ways asks how to pay.
func (f *buyFlow) ways(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	code, origin, days, n := r.Data.Arg(0), r.Data.Arg(1), r.Data.Int(2, 0), r.Data.Int(3, 1)
	ways, err := f.till.ways(ctx, r.Customer.ID, f.price(code, n, days))
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("pay.how", i18n.Args{"plan": r.ManyTitle(ways[0].Plan, days, n)})}
	if line, err := f.till.creditLine(ctx, r); err != nil {
		return ui.Screen{}, err
	} else if line != absent {
		lines = append(lines, line)
	}
	s := ui.Screen{Text: strings.Join(lines, "\n\n")}
	for _, q := range ways {
		s.Rows = append(s.Rows, ui.Row(ui.Press(wayLabel(r, q), routeBuy, code, origin, days, q.Price.Minor, n, q.Method)))
	}
	s.Rows = append(s.Rows, ui.Back(r, ui.To(routePlan, code, origin, days, n)))
	return s, nil
}

// price prices a purchase on any payment method.
func (f *buyFlow) price(code string, quantity, days int) func(esim.PaymentMethod) (esim.Quote, error) {
	return func(method esim.PaymentMethod) (esim.Quote, error) {
		return f.checkout.QuoteWith(method, code, quantity, days)
	}
}

func (f *buyFlow) buy(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	code, days, n := r.Data.Arg(0), r.Data.Int(2, 0), r.Data.Int(4, 1)
	method := esim.MethodStars
	if chosen := r.Data.Arg(5); chosen != "" {
		method = esim.PaymentMethod(chosen)
	}
	card := ui.To(routePlan, code, r.Data.Arg(1), days, n)
	o, err := f.checkout.Begin(ctx, esim.PurchaseRequest{
		Customer: r.Customer.ID, Code: code, Quantity: n, Days: days, Method: method, Seen: f.till.shown(method, int64(r.Data.Int(3, -1))),
	})
	if errors.Is(err, esim.ErrPriceMoved) {
		// Shown again, never charged silently.
		return ui.Screen{Follow: card, Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	return f.till.ask(ctx, r, o, card, "p_"+o.Plan.Code)
}
