package buy

import (
	"context"
	"errors"
	"log/slog"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// invoiceStore keeps where invoices stand.
type invoiceStore interface {
	invoiceMessages
	invoiceLists
}

// invoiceMessages are the invoices that stand in a chat.
type invoiceMessages interface {
	AddInvoiceMessage(ctx context.Context, m esim.InvoiceMessage) error
	// InvoiceAt is the invoice that a message is; esim.ErrNotFound if it is none.
	InvoiceAt(ctx context.Context, chat int64, message int) (esim.InvoiceMessage, error)
	ForgetInvoice(ctx context.Context, m esim.InvoiceMessage) error
}

// invoiceLists find those that are to be taken away.
type invoiceLists interface {
	// UnpaidInvoices lists the invoices in a chat whose orders are not paid, oldest first.
	UnpaidInvoices(ctx context.Context, chat int64) ([]esim.InvoiceMessage, error)
	// InvoicesOf lists where the invoices of an order stand.
	InvoicesOf(ctx context.Context, id esim.OrderID) ([]esim.InvoiceMessage, error)
	// ExpiredInvoices lists invoices of orders that nobody can pay any more.
	ExpiredInvoices(ctx context.Context, limit int) ([]esim.InvoiceMessage, error)
}

// invoices sees to it that a purchase is one message in its chat, the newest: an invoice takes the
// place of the card that asked for it, and gives way to the card again or to the order's own message.
// A text never becomes an invoice and an invoice is never changed, so one is sent and the other
// deleted. What is left by a failure stays where it is, and harms nobody: an order is paid once.
type invoices struct {
	telegram *telegram.Client
	store    invoiceStore
	progress progressStore
	log      *slog.Logger
}

// sent notes a new invoice, and takes away those it stands for and, if it is replaceable, the card that
// asked for it. A picture never goes: it may be the only way to an eSIM that was paid for.
func (f *invoices) sent(ctx context.Context, m esim.InvoiceMessage, replaceable bool) {
	unpaid, err := f.store.UnpaidInvoices(ctx, m.Chat)
	if err == nil {
		err = f.store.AddInvoiceMessage(ctx, m)
	}
	if err != nil {
		f.log.Warn("invoice not noted", "order", m.Order, "err", err)
		return
	}
	f.remove(ctx, esim.SupersededInvoices(unpaid, m))
	if m.Card == 0 || !replaceable {
		return
	}
	if shows, err := f.progress.ShowsOrder(ctx, m.Chat, m.Card); err != nil || shows {
		return // a receipt stays
	}
	if err := f.telegram.Delete(ctx, m.Chat, m.Card); err != nil && !telegram.MessageGone(err) && ctx.Err() == nil {
		f.log.Warn("card left above its invoice", "order", m.Order, "err", err)
	}
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

// paid takes the invoices of a paid order away: its own message tells of it from now on.
func (f *invoices) paid(ctx context.Context, o esim.Order) {
	if o.State.Payable() {
		return
	}
	all, err := f.store.InvoicesOf(ctx, o.ID)
	if err != nil {
		f.log.Warn("paid invoice left where it is", "order", o.ID, "err", err)
		return
	}
	f.remove(ctx, all)
}

// expiredAtOnce are taken away at once: they may be many where the program stood still, and others wait for the
// messenger too.
const expiredAtOnce = 50

// expired takes the invoices away that look as if they could be paid still.
func (f *invoices) expired(ctx context.Context) error {
	left, err := f.store.ExpiredInvoices(ctx, expiredAtOnce)
	if err != nil {
		return err
	}
	f.remove(ctx, left)
	return nil
}

// isPaid reports whether a message is the invoice of an order that was paid.
func (f *invoices) isPaid(ctx context.Context, orders orderStore, chat int64, message int) (bool, error) {
	m, err := f.store.InvoiceAt(ctx, chat, message)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	o, err := orders.Order(ctx, m.Order)
	return err == nil && !o.State.Payable(), err
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
