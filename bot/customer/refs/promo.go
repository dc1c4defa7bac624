package refs

import "esimbot/bot/ui"

// What a Promo does.
const (
	PromoAsked   = ""  // asks for the code
	PromoRemoved = "-" // takes it away
	PromoKept    = "x" // leaves it as it is
)

// Promo asks for a promo code, and leads from there back to a plan's card.
type Promo struct {
	Plan Plan
	Do   string
}

// Data implements ui.CallbackRef.
func (p Promo) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePromo, p.Plan.Code, p.Plan.Origin, p.Plan.Days, p.Plan.Quantity, p.Do)
}

// ParsePromo reads what a Promo wrote.
func ParsePromo(d ui.CallbackData) (Promo, error) {
	a := d.Read(RoutePromo)
	p := Promo{Plan{a.Text(), a.Text(), a.Int(0), a.Int(0)}, a.Text()}
	if p.Do != PromoAsked && p.Do != PromoRemoved && p.Do != PromoKept {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}
