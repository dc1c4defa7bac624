package buy

import (
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use plan.*

// mostLines of a card are read in one look.
const mostLines = 8

// text is what must be read before paying, a line each and at most eight of them; the rest
// stands behind "All details". Of a region's plan it names the networks of the country that it was
// looked up for (origin), if there is one.
func (f *planFlow) text(r *ui.Request, q esim.Quote, origin string, promo esim.Promo) string {
	p := q.Plan
	lines := []string{
		r.T("plan.head", i18n.Args{"flag": ui.PlanFlag(p), "title": r.PlanTitle(p, q.Days)}),
		f.priceLine(r, q, promo),
		dataLine(r, p) + " · " + forsale.TopUpFact(r, p) + " · " + forsale.SMSFact(r, p),
		r.T("plan.starts_"+forsale.StartKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}),
	}
	lines = append(lines, whereLine(r, p, origin)...)
	lines = append(lines, exitLine(r, p))
	var notes []string
	if text := forsale.ShortNotes(r, f.notes, p, origin, forsale.MostNotes); text != "" {
		notes = strings.Split(text, "\n")
	}
	if len(lines)+len(notes) < mostLines { // what the promise is stands on every receipt and in the details too
		lines = append(lines, r.T("plan.refund", nil))
	}
	return strings.Join(append(lines, notes...), "\n")
}

// priceLine is the price, and what the customer's promo does to it.
func (f *planFlow) priceLine(r *ui.Request, q esim.Quote, promo esim.Promo) string {
	price := f.PriceWithDollars(r, q.Price)
	line := r.T("plan.price", i18n.Args{"price": price})
	if q.Quantity > 1 {
		line = r.N("plan.price_many", q.Quantity, i18n.Args{"price": price})
	}
	switch whole, err := f.Checkout.QuoteWith(q.Method, q.Plan.Code, q.Quantity, q.Days); {
	case promo.Code == "" || err != nil:
		return line
	case q.Promo == "":
		return line + " · " + r.T("promo.not_here", i18n.Args{"code": string(promo.Code)})
	default:
		return line + " · " + r.T("promo.instead", i18n.Args{"code": string(q.Promo), "was": r.Price(whole.Price)})
	}
}

func dataLine(r *ui.Request, p esim.Plan) string {
	args := i18n.Args{"data": r.Printer.Data(p.Data), "speed": r.BitRate(p.ThrottledSpeed)}
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.T("plan.data_unlimited", args)
	case p.Kind == esim.DailyCutOff:
		return r.T("plan.data_cut_off", args)
	case p.DayPass() && p.ThrottledSpeed != "":
		return r.T("plan.data_slowed", args)
	case p.DayPass():
		return r.T("plan.data_slowed_unknown", args)
	}
	return r.T("plan.data_total", args)
}

// whereLine says in how many countries a plan works, and names the networks of its one country, or
// of the one that it was looked up for.
func whereLine(r *ui.Request, p esim.Plan, origin string) []string {
	lookedFor, _, _ := strings.Cut(origin, ".")
	args := i18n.Args{"count": r.Number(int64(len(p.Places)))}
	for _, c := range p.Coverage {
		if len(c.Networks) == 0 || len(p.Places) > 1 && (c.Place == "" || c.Place != lookedFor) {
			continue
		}
		args["networks"] = strings.Join(forsale.NetworkNames(c, forsale.MaxNetworks), ", ")
		if len(p.Places) > 1 {
			args["place"] = r.Place(c.Place)
			return []string{r.T("plan.where_in", args)}
		}
		return []string{r.T("plan.networks", args)}
	}
	if len(p.Places) > 1 {
		return []string{r.T("plan.where", args)}
	}
	return nil
}

// exitLine says where the traffic leaves, with a warning for Hong Kong and mainland China.
func exitLine(r *ui.Request, p esim.Plan) string {
	if len(p.BreakoutCountries) == 0 {
		return r.T("plan.exit_unknown", nil)
	}
	args := i18n.Args{"countries": r.List(r.PlaceNames(p.BreakoutCountries))}
	switch {
	case p.ExitsIn("CN"):
		return r.T("plan.exit_china", args)
	case p.ExitsIn("HK") && !p.Covers("HK"):
		return r.T("plan.exit_hongkong", args)
	}
	return r.T("plan.exit", args)
}
