package bot

import (
	"context"
	"fmt"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// preCheckout is the last question before money moves. It waits for nothing but
// the database: Telegram gives ten seconds.
func (b *Bot) preCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	refusal := ""
	err := b.cfg.Checkout.Approve(ctx, esim.OrderID(q.Payload), esim.CustomerID(q.From.ID), amount(q.Currency, q.Amount))
	if err != nil {
		if !Expected(err) {
			b.log.Error("pre-checkout failed", "order", q.Payload, "err", err)
		}
		lang := q.From.Language
		if p, err := b.cfg.Store.Customer(ctx, esim.CustomerID(q.From.ID)); err == nil {
			lang = p.Language
		}
		refusal = b.cfg.Texts.Printer(lang).Plain(SentenceFor(err), nil)
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
	method := esim.MethodStars
	if p.Currency != telegram.Stars {
		method = esim.MethodProvider
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
