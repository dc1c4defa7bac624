package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"esimbot/bot/telegram"
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

func (f *buyFlow) register(b *Bot) {
	b.route(routeBuy, f.buy)
	b.route(routeWays, f.ways)
}

// ways asks how to pay.
func (f *buyFlow) ways(ctx context.Context, r *Request) (Screen, error) {
	code, origin, days, n := r.Data.Arg(0), r.Data.Arg(1), r.Data.Int(2, 0), r.Data.Int(3, 1)
	ways, err := f.till.ways(ctx, r.Customer.ID, f.price(code, n, days))
	if err != nil {
		return Screen{}, err
	}
	lines := []string{r.T("pay.how", i18n.Args{"plan": r.manyTitle(ways[0].Plan, days, n)})}
	if line, err := f.till.creditLine(ctx, r); err != nil {
		return Screen{}, err
	} else if line != absent {
		lines = append(lines, line)
	}
	s := Screen{Text: strings.Join(lines, "\n\n")}
	for _, q := range ways {
		s.Rows = append(s.Rows, row(press(r.wayLabel(q), routeBuy, code, origin, days, q.Price.Minor, n, q.Method)))
	}
	s.Rows = append(s.Rows, back(r, to(routePlan, code, origin, days, n)))
	return s, nil
}

// price prices a purchase on any payment method.
func (f *buyFlow) price(code string, quantity, days int) func(esim.PaymentMethod) (esim.Quote, error) {
	return func(method esim.PaymentMethod) (esim.Quote, error) {
		return f.checkout.QuoteWith(method, code, quantity, days)
	}
}

func (f *buyFlow) buy(ctx context.Context, r *Request) (Screen, error) {
	code, days, n := r.Data.Arg(0), r.Data.Int(2, 0), r.Data.Int(4, 1)
	method := methodOf(r.Data.Arg(5))
	seen, err := f.checkout.Pricing.Amount(method, int64(r.Data.Int(3, -1)))
	if err != nil {
		return Screen{}, err
	}
	card := to(routePlan, code, r.Data.Arg(1), days, n)
	o, err := f.checkout.Begin(ctx, esim.PurchaseRequest{
		Customer: r.Customer.ID, Code: code, Quantity: n, Days: days, Method: method, Seen: seen,
	})
	if errors.Is(err, esim.ErrPriceMoved) {
		// Shown again, never charged silently.
		return Screen{Follow: card, Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	}
	if err != nil {
		return Screen{}, err
	}
	return f.till.ask(ctx, r, o, card, "p_"+o.Plan.Code)
}

// preCheckout is the last question before money moves. It waits for nothing but
// the database: Telegram gives ten seconds.
func (b *Bot) preCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	refusal := ""
	err := b.cfg.Checkout.Approve(ctx, esim.OrderID(q.Payload), esim.CustomerID(q.From.ID), amount(q.Currency, q.Amount))
	if err != nil {
		if !expected(err) {
			b.log.Error("pre-checkout failed", "order", q.Payload, "err", err)
		}
		lang := q.From.Language
		if p, err := b.cfg.Store.Customer(ctx, esim.CustomerID(q.From.ID)); err == nil {
			lang = p.Language
		}
		refusal = b.cfg.Texts.Printer(lang).Plain(sentenceFor(err), nil)
	}
	// The same answer twice does no harm; none at all loses the sale.
	for try := 0; ; try++ {
		err := b.cfg.Telegram.AnswerPreCheckout(ctx, q.ID, refusal)
		if err == nil {
			return nil
		}
		if telegram.Temporary(err) && try < answerTries && pause(ctx, answerPause<<try) {
			continue
		}
		// Too late or lost: Telegram cancels the payment, and no money moved.
		b.log.Warn("pre-checkout not answered", "order", q.Payload, "err", err)
		return nil
	}
}

// A failed answer to a pre-checkout is given again well within Telegram's ten seconds.
const (
	answerTries = 4
	answerPause = 200 * time.Millisecond // doubled each time
)

// paid books money that arrived. Any failure here is tried again until it is booked.
func (b *Bot) paid(ctx context.Context, customer esim.Customer, p telegram.SuccessfulPayment) error {
	method, err := esim.InvoicedIn(esim.Currency(p.Currency))
	if err != nil {
		return fmt.Errorf("payment %s: %w", p.ChargeID, err)
	}
	o, booking, err := b.cfg.Checkout.Paid(ctx, esim.Payment{
		ID: p.ChargeID, Order: esim.OrderID(p.Payload), Customer: customer.ID,
		Amount: amount(p.Currency, p.Amount), Method: method, At: b.cfg.Now(),
	})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if booking == esim.OneTooMany {
		b.log.Warn("payment goes back", "order", o.ID, "amount", p.Amount)
	}
	return nil
}

func amount(currency string, minor int64) esim.Money {
	return esim.Money{Minor: minor, Currency: esim.Currency(currency)}
}

// StarsGateway sends Stars back. It is the esim.RefundGateway of the Stars payment method.
type StarsGateway struct{ Telegram *telegram.Client }

// Refund returns the Stars of one payment; a payment that went back before is a success.
// Money of any other payment method is esim.ErrNoPaymentMethod.
func (b StarsGateway) Refund(ctx context.Context, p esim.Payment) error {
	if p.Method != esim.MethodStars {
		return fmt.Errorf("refund by %q: %w", string(p.Method), esim.ErrNoPaymentMethod)
	}
	if err := b.Telegram.RefundStars(ctx, int64(p.Customer), p.ID); err != nil {
		return fmt.Errorf("refund %s: %w", p.Amount, err)
	}
	return nil
}
