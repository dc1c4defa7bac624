package money

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// PromoEnterer keeps the promo code that a customer entered; see storage.DB.EnterPromo.
type PromoEnterer interface {
	EnterPromo(ctx context.Context, c esim.CustomerID, code esim.PromoCode) (esim.Promo, error)
}

// EnterPromo enters what a customer typed, or what their link carries, and says what came of it; false: it is none for them.
func EnterPromo(ctx context.Context, r *ui.Request, store PromoEnterer, c *esim.Checkout, typed string) (words string, ok bool, err error) {
	code, is := esim.ParsePromoCode(typed)
	if !is || !c.TakesPromos() {
		return r.T("promo.none", nil), false, nil
	}
	p, err := store.EnterPromo(ctx, r.Customer.ID, code)
	for _, known := range []struct {
		err error
		key string
	}{
		{esim.ErrNoPromo, "promo.none"},
		{esim.ErrPromoUsed, "promo.used"},
		{esim.ErrPromoFirst, "promo.first_only"},
		{esim.ErrTooManyTries, "gift.too_many"},
	} {
		if errors.Is(err, known.err) {
			return r.T(known.key, nil), false, nil
		}
	}
	if err != nil {
		return "", false, err
	}
	return r.T("promo.entered", i18n.Args{"code": string(p.Code), "what": i18n.HTML(PromoTerms(r, p))}), true, nil
}

//i18n:use promo.*

// PromoTerms is what a code gives, and for what.
func PromoTerms(r *ui.Request, p esim.Promo) string {
	words := []string{r.T("promo.percent", i18n.Args{"percent": p.Percent})}
	if p.Percent == 0 {
		words = []string{r.T("promo.amount", i18n.Args{"amount": r.Price(p.Amount)})}
	}
	if len(p.Places) > 0 {
		words = append(words, r.T("promo.places", i18n.Args{"places": r.List(r.PlaceNames(p.Places))}))
	}
	if !p.Ends.IsZero() {
		words = append(words, r.T("promo.until", i18n.Args{"date": r.Date(p.Ends.AddDate(0, 0, -1), time.UTC)}))
	}
	return r.Facts(words...)
}
