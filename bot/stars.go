package bot

import (
	"context"
	"fmt"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// StarsGateway sends Stars back. It is the esim.RefundGateway of the Stars payment method.
type StarsGateway struct{ Telegram *telegram.Client }

// Refund returns the Stars of one payment; a payment that went back before is a success.
// Money of any other payment method is esim.ErrNoPaymentMethod; a pause that Telegram asks for is an
// *esim.RetryAfterError, before which nothing went back.
func (b StarsGateway) Refund(ctx context.Context, p esim.Payment) error {
	if p.Method != esim.MethodStars {
		return fmt.Errorf("refund by %q: %w", string(p.Method), esim.ErrNoPaymentMethod)
	}
	err := b.Telegram.RefundStars(telegram.WithMaxWait(ctx, refundWait), int64(p.Customer), p.ID)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("refund %s: %w", p.Amount, err)
	if pause := telegram.RetryAfter(err); pause > 0 {
		return &esim.RetryAfterError{For: pause, Err: err}
	}
	return err
}

// refundWait is how long a refund waits for its turn at Telegram before others are looked at.
const refundWait = 3 * time.Second
