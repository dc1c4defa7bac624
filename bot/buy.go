package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

const routeBuy = "buy" // code, origin, days, the price in Stars that was shown

// buyFlow turns a plan into an invoice. What happens after the money is not here:
// it is written down and told through the outbox.
type buyFlow struct {
	checkout *esim.Checkout
}

func (f *buyFlow) register(b *Bot) { b.route(routeBuy, f.invoice) }

func (f *buyFlow) invoice(ctx context.Context, r *Request) (Screen, error) {
	code, days := r.Data.Arg(0), r.Data.Int(2, 0)
	seen := esim.Stars(int64(r.Data.Int(3, -1)))
	o, err := f.checkout.Begin(ctx, esim.Wish{Person: r.Person.ID, Code: code, Quantity: 1, Days: days, Seen: seen})
	if errors.Is(err, esim.ErrPriceMoved) {
		// Shown again, never charged silently.
		return Screen{Follow: to(routePlan, code, r.Data.Arg(1), days), Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	}
	if err != nil {
		return Screen{}, err
	}
	inv := &telegram.Invoice{
		Title:       cut(r.Plain("buy.title_invoice", i18n.Args{"place": r.planPlace(o.Plan), "data": r.planData(o.Plan)}), telegram.MaxInvoiceTitle),
		Description: cut(r.Plain("buy.invoice_text", i18n.Args{"plan": r.planTitle(o.Plan, o.Days), "id": o.ID.String()}), telegram.MaxInvoiceDescription),
		Payload:     string(o.ID),
		Currency:    telegram.Stars,
		Amount:      o.Price.Minor,
		// A forwarded invoice leads others to the plan, not to this payment.
		StartParameter: "p_" + o.Plan.Code,
	}
	return Screen{Invoice: inv, Rows: [][]Button{
		{{Text: r.Plain("buy.btn_pay", i18n.Args{"price": r.price(o.Price)}), Pay: true}},
		{press(r.Plain("menu.btn_back", nil), routePlan, code, r.Data.Arg(1), days)},
	}}, nil
}

// preCheckout is the last question before money moves. It waits for nothing but
// the database: Telegram gives ten seconds.
func (b *Bot) preCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	refusal := ""
	err := b.cfg.Checkout.Approve(ctx, esim.OrderID(q.Payload), esim.PersonID(q.From.ID), amount(q.Currency, q.Amount))
	if err != nil {
		if !expected(err) {
			b.log.Error("pre-checkout failed", "order", q.Payload, "err", err)
		}
		lang := q.From.Language
		if p, err := b.cfg.Store.Person(ctx, esim.PersonID(q.From.ID)); err == nil {
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
func (b *Bot) paid(ctx context.Context, person esim.Person, p telegram.SuccessfulPayment) error {
	o, booking, err := b.cfg.Checkout.Paid(ctx, esim.Payment{
		ID: p.ChargeID, Order: esim.OrderID(p.Payload), Person: person.ID,
		Amount: amount(p.Currency, p.Amount), Rail: esim.RailStars, At: b.cfg.Now(),
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

// StarsBank sends Stars back. It is the esim.Bank of the Stars rail.
type StarsBank struct{ Telegram *telegram.Client }

// Refund returns the Stars of one payment; a payment that went back before is a success.
func (b StarsBank) Refund(ctx context.Context, p esim.Payment) error {
	if err := b.Telegram.RefundStars(ctx, int64(p.Person), p.ID); err != nil {
		return fmt.Errorf("refund %s: %w", p.Amount, err)
	}
	return nil
}
