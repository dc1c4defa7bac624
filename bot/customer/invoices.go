package customer

import (
	"context"
	"log/slog"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// InvoiceStore keeps where invoices stand.
type InvoiceStore interface {
	AddInvoiceMessage(ctx context.Context, m esim.InvoiceMessage) error
	// UnpaidInvoices lists the invoices in a chat whose orders are not paid, oldest first.
	UnpaidInvoices(ctx context.Context, chat int64) ([]esim.InvoiceMessage, error)
	ForgetInvoice(ctx context.Context, m esim.InvoiceMessage) error
}

// invoices takes those away that were left: an old one that is paid by mistake is money taken for
// what nobody wants any more. A failure leaves one where it is; its order expires by itself.
type invoices struct {
	telegram *telegram.Client
	store    InvoiceStore
	log      *slog.Logger
}

// sent notes a new invoice, and takes away those it stands for.
func (f *invoices) sent(ctx context.Context, m esim.InvoiceMessage) {
	unpaid, err := f.store.UnpaidInvoices(ctx, m.Chat)
	if err == nil {
		err = f.store.AddInvoiceMessage(ctx, m)
	}
	if err != nil {
		f.log.Warn("invoice not noted", "order", m.Order, "err", err)
		return
	}
	f.remove(ctx, esim.LeftInvoices(unpaid, m))
}

// left takes an invoice away from which somebody went back.
func (f *invoices) left(ctx context.Context, chat int64, message int) {
	unpaid, err := f.store.UnpaidInvoices(ctx, chat)
	if err != nil {
		f.log.Warn("invoice left where it is", "err", err)
		return
	}
	for _, m := range unpaid {
		if m.Message == message {
			f.remove(ctx, []esim.InvoiceMessage{m})
		}
	}
}

func (f *invoices) remove(ctx context.Context, left []esim.InvoiceMessage) {
	for _, m := range left {
		err := f.telegram.Delete(ctx, m.Chat, m.Message)
		if err == nil || !telegram.Temporary(err) && ctx.Err() == nil { // what is too old to be deleted stays
			err = f.store.ForgetInvoice(ctx, m)
		}
		if err != nil && ctx.Err() == nil {
			f.log.Warn("invoice left where it is", "order", m.Order, "err", err)
		}
	}
}

// shows reports whether a screen takes somebody elsewhere, and is not only a word on the way.
func shows(s ui.Screen) bool {
	return s.Text != "" || s.Invoice != nil || s.Picture != nil || s.After != nil
}
