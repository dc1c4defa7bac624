package buy

import (
	"context"
	"fmt"

	"esimbot/bot/customer/money"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// creditFlow shows customers their store credit.
type creditFlow struct{ store balanceStore }

// balanceStore reads customers' store credit, and what is set aside of it.
type balanceStore interface {
	money.CreditStore
	// Reserved is what is set aside (USD) for orders whose rest is to be paid.
	Reserved(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
}

func (f *creditFlow) register(t *ui.Router) { t.Command("credit", false, f.show) }

func (f *creditFlow) show(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	line, has, err := money.CreditLine(ctx, r, f.store)
	if err != nil {
		return ui.Screen{}, err
	}
	if !has {
		line = r.T("credit.none", nil)
	}
	reserved, err := f.store.Reserved(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, fmt.Errorf("store credit: %w", err)
	}
	if reserved.Minor > 0 {
		line += "\n" + r.T("credit.reserved", i18n.Args{"credit": r.Price(reserved)})
	}
	return ui.Screen{Text: line + "\n" + r.T("credit.what", nil), Rows: ui.MenuRow(r)}, nil
}
