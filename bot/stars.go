package bot

import (
	"context"
	"fmt"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

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
