package esim

// An InvoiceMessage is where the invoice of an order stands in a chat.
type InvoiceMessage struct {
	Order   OrderID
	Chat    int64
	Message int
	Card    int // the message whose button asked for it; 0: none
}

// Payable reports whether an invoice asks for money that was not paid.
func (s State) Payable() bool { return s == StateAwaitingPayment || s == StateExpired }

// SupersededInvoices are those of a chat's unpaid invoices that a new one takes the place of: for the same
// order, since its answer was lost or the button was pressed again, or asked for by the same card,
// on which something else was chosen meanwhile.
func SupersededInvoices(unpaid []InvoiceMessage, fresh InvoiceMessage) []InvoiceMessage {
	var left []InvoiceMessage
	for _, m := range unpaid {
		if m.Message != fresh.Message && (m.Order == fresh.Order || m.Card != 0 && m.Card == fresh.Card) {
			left = append(left, m)
		}
	}
	return left
}
