package bot

import (
	"context"
	"fmt"

	"esimbot/esim"
	"esimbot/i18n"
)

// creditFlow shows customers their store credit.
type creditFlow struct{ store creditStore }

// creditStore knows what the shop owes customers.
type creditStore interface {
	Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
}

func (f *creditFlow) register(b *Bot) { b.command("credit", false, f.show) }

func (f *creditFlow) show(ctx context.Context, r *Request) (Screen, error) {
	line, err := creditLine(ctx, r, f.store)
	if err != nil {
		return Screen{}, err
	}
	if line == absent {
		line = r.T("credit.none", nil)
	}
	return Screen{Text: line + "\n" + r.T("credit.what", nil), Rows: menuRow(r)}, nil
}

// creditLine is the store credit in words; absent if there is none.
func creditLine(ctx context.Context, r *Request, store creditStore) (string, error) {
	credit, err := store.Credit(ctx, r.Customer.ID)
	if err != nil {
		return "", fmt.Errorf("store credit: %w", err)
	}
	if credit.Minor <= 0 {
		return absent, nil
	}
	return r.T("credit.have", i18n.Args{"credit": r.price(credit)}), nil
}
