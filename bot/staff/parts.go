package staff

import (
	"context"
	"errors"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use staff.part_*

// partLines are the eSIMs of an order; of several each says where it is, and what did not come is
// counted.
func (f *cards) partLines(ctx context.Context, r *request, d orderDetails) ([]string, error) {
	several := d.Kind == esim.Purchase && d.Quantity > 1
	var lines []string
	for _, e := range d.esims {
		line := f.esimLine(r, e)
		if several {
			where, err := f.partState(ctx, d, e)
			if err != nil {
				return nil, err
			}
			line += " · " + r.T("staff.part_"+where, i18n.Args{"credit": r.ExactAmount(d.PartCredit())})
		}
		lines = append(lines, line)
		if e.GivenAway() {
			holder, err := f.orders.Customer(ctx, e.Customer)
			if err != nil && !errors.Is(err, esim.ErrNotFound) {
				return nil, err
			}
			lines = append(lines, r.T("staff.card_holder", i18n.Args{"name": ui.CustomerName(holder), "customer": int64(e.Customer)}))
		}
	}
	if n := d.Quantity - d.Missing - len(d.esims); several && n > 0 && d.State.Open() {
		lines = append(lines, r.T("staff.part_coming", i18n.Args{"count": n}))
	}
	if d.Missing > 0 {
		lines = append(lines, r.T("staff.part_missing", i18n.Args{"count": d.Missing}))
	}
	return lines, nil
}

// partState is where one of several eSIMs is: the end of a sentence's key.
func (f *cards) partState(ctx context.Context, d orderDetails, e esim.ESIM) (string, error) {
	switch {
	case e.Returned && d.Price.Minor == 0:
		return "returned", nil
	case e.Returned:
		return "credited", nil
	case d.State == esim.StateCancelling && (d.CancellingESIM == "" || d.CancellingESIM == e.ID):
		return "leaving", nil
	case d.State == esim.StateDelivered, d.State.RefundOwed():
		return "delivered", nil
	}
	messages, err := f.store.QRMessages(ctx, e.ID, d.buyer.Chat)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return "", err
	}
	if len(messages) > 0 {
		return "delivered", nil
	}
	return "unsent", nil
}
