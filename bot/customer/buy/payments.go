package buy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// incoming takes the money that Telegram brings.
type incoming struct {
	checkout *esim.Checkout
	telegram *telegram.Client
	texts    *i18n.Bundle
	store    orderStore
	log      *slog.Logger
	now      func() time.Time
}

// preCheckout is the last question before money moves. It waits for nothing but
// the database: Telegram gives ten seconds.
func (f *incoming) preCheckout(ctx context.Context, q *telegram.PreCheckout) error {
	refusal := ""
	err := f.checkout.Approve(ctx, esim.ParseInvoicePayload(q.Payload).Order, esim.CustomerID(q.From.ID), amount(q.Currency, q.Amount))
	if err != nil {
		if !ui.ExpectedError(err) && ctx.Err() == nil {
			f.log.Error("pre-checkout failed", "order", q.Payload, "err", err)
		}
		lang := q.From.Language
		if p, err := f.store.Customer(ctx, esim.CustomerID(q.From.ID)); err == nil {
			lang = p.Language
		}
		printer := f.texts.Printer(lang)
		refusal = ui.ErrorWords(printer, err)
		if errors.Is(err, esim.ErrNotFound) {
			refusal = printer.Plain("error.no_order", nil)
		}
	}
	// The same answer twice does no harm; none at all loses the sale.
	for try := 0; ; try++ {
		err := f.telegram.AnswerPreCheckout(ctx, q.ID, refusal)
		if err == nil {
			return nil
		}
		if telegram.Temporary(err) && try < answerTries && pause(ctx, esim.Backoff(try+1, answerPause, longestAnswerPause)) {
			continue
		}
		// Too late or lost: Telegram cancels the payment, and no money moved.
		f.log.Warn("pre-checkout not answered", "order", q.Payload, "err", err)
		return nil
	}
}

// A failed answer to a pre-checkout is given again well within Telegram's ten seconds.
const (
	answerTries        = 4
	answerPause        = 200 * time.Millisecond // doubled each time
	longestAnswerPause = 2 * time.Second
)

// paid books money that arrived. Any failure here is tried again until it is booked.
func (f *incoming) paid(ctx context.Context, who esim.Customer, p telegram.SuccessfulPayment, dated time.Time) error {
	method, err := esim.InvoicedIn(esim.Currency(p.Currency))
	if err != nil {
		return fmt.Errorf("payment %s: %w", p.ChargeID, err)
	}
	o, booking, err := f.checkout.Paid(ctx, esim.Payment{
		ID: p.ChargeID, Order: esim.ParseInvoicePayload(p.Payload).Order, Customer: who.ID,
		Amount: amount(p.Currency, p.Amount), Method: method, At: f.now(), Dated: dated,
	})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if booking == esim.PaymentSurplus {
		f.log.Warn("payment goes back", "order", o.ID, "amount", p.Amount)
	}
	return nil
}

// refundedElsewhere takes in that a payment went back: by our refund, which changes nothing any more, or by
// Telegram's support or a shop of apps, and then the eSIM stops. The outbox tells of it.
func (f *incoming) refundedElsewhere(ctx context.Context, customer esim.CustomerID, p telegram.RefundedPayment, dated time.Time) error {
	m := esim.StarTransaction{
		ID: p.ChargeID, Amount: amount(p.Currency, p.Amount), Customer: customer, Order: esim.ParseInvoicePayload(p.Payload).Order, At: dated,
	}
	if m.At.IsZero() {
		m.At = f.now()
	}
	mended, err := f.checkout.RefundedElsewhere(ctx, m)
	if mended {
		f.log.Warn("a payment was refunded elsewhere", "order", m.Order, "amount", m.Amount)
	}
	return err
}

// pause waits and reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func amount(currency string, minor int64) esim.Money {
	return esim.Money{Minor: minor, Currency: esim.Currency(currency)}
}
