package buy

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use plan.*

// mostLines of a card are read in one look, on a phone where long lines wrap. What to know of a country may take it
// to two more.
const mostLines = 8

// A fullness is how much a card says. What it leaves out stands behind "All details" and on the receipt.
type fullness struct {
	facts, networks int
	refund          bool
}

// fullnesses are what is tried in turn, until a card fits.
var fullnesses = []fullness{
	{facts: 2, networks: forsale.MaxNetworks, refund: true},
	{facts: 1, networks: forsale.MaxNetworks, refund: true},
	{facts: 1, networks: 2, refund: true},
	{facts: 0, networks: 2, refund: true}, // that money comes back is said before what can be added
	{facts: 0, networks: 1, refund: true},
	{facts: 1, networks: forsale.MaxNetworks},
	{facts: 1, networks: 2},
	{facts: 0, networks: 2},
	{facts: 0, networks: 1},
	{facts: 0, networks: 0},
}

// cardText is the text of a card, with what concerns its customer: that nothing is sold right now, that their phone will
// not take an eSIM, and their store credit.
func (f *planFlow) cardText(ctx context.Context, r *ui.Request, q esim.Quote, origin string, promo esim.Promo) (string, error) {
	var own []string
	if closed := f.PausedText(r); closed != "" {
		own = append(own, closed)
	}
	if warning := phoneWarning(r); warning != "" {
		own = append(own, warning)
	}
	line, has, err := f.buying.payment.creditLine(ctx, r)
	if err != nil {
		return "", err
	}
	if has {
		own = append(own, line)
	}
	return f.text(r, q, origin, promo, own...), nil
}

//i18n:use fit.warn_*

// phoneWarning is what the customer found out of their phone, where an eSIM will not work on it; "" where it may.
func phoneWarning(r *ui.Request) string {
	switch fit := r.Customer.Phone.Fit(); fit {
	case esim.FitsNoEID, esim.FitsLocked:
		return r.T("fit.warn_"+string(fit), nil)
	}
	return ""
}

// text is what must be read before paying: as much of it as fits beside what concerns the customer (own).
func (f *planFlow) text(r *ui.Request, q esim.Quote, origin string, promo esim.Promo, own ...string) string {
	notes := strings.Join(slices.DeleteFunc(append(own, forsale.ShortNotes(r, f.notes, q.Plan, origin, forsale.MaxNotes)), func(s string) bool { return s == "" }), "\n")
	room := mostLines
	if notes != "" {
		room = mostLines + forsale.MaxNotes - ui.LineCount(untagged.Replace(notes))
	}
	text := ""
	for _, full := range fullnesses {
		text = f.saying(r, q, origin, promo, full)
		if ui.LineCount(untagged.Replace(text)) <= room {
			break
		}
	}
	if notes != "" {
		text += "\n" + notes
	}
	return text
}

// saying is a card that says so much of a plan. Of a region's plan it names the networks of the country that it was
// looked up for (origin), if there is one.
func (f *planFlow) saying(r *ui.Request, q esim.Quote, origin string, promo esim.Promo, full fullness) string {
	p := q.Plan
	lines := []string{r.T("plan.head", i18n.Args{"flag": ui.PlanFlag(p), "title": r.PlanTitle(p, q.Days)}), f.priceLine(r, q, promo)}
	facts := []string{dataLine(r, p, "_card"), forsale.TopUpFact(r, p), forsale.SMSFact(r, p)}
	lines = append(lines, r.Facts(facts[:1+full.facts]...),
		r.T("plan.starts_"+forsale.ValidityStartKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}))
	lines = append(lines, whereLine(r, p, origin, full.networks)...)
	lines = append(lines, exitLine(r, p, "_card"))
	if full.refund {
		lines = append(lines, r.T("plan.refund_card", nil))
	}
	return strings.Join(lines, "\n")
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

// dataLine says how much data there is and what comes after it: in full, or as the card has room for it ("_card").
func dataLine(r *ui.Request, p esim.Plan, form string) string {
	args := i18n.Args{"data": r.Printer.Data(p.Data), "speed": r.BitRate(p.ThrottledSpeed)}
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.T("plan.data_unlimited", args)
	case p.Kind == esim.DailyCutOff:
		return r.T("plan.data_cut_off"+form, args)
	case p.DayPass() && p.ThrottledSpeed != "":
		return r.T("plan.data_slowed"+form, args)
	case p.DayPass():
		return r.T("plan.data_slowed_unknown"+form, args)
	}
	return r.T("plan.data_total"+form, args)
}

// whereLine says in how many countries a plan works, and names the networks of its one country, or
// of the one that it was looked up for.
func whereLine(r *ui.Request, p esim.Plan, origin string, networks int) []string {
	lookedFor, _, _ := strings.Cut(origin, ".")
	args := i18n.Args{"count": r.Number(int64(len(p.Places)))}
	for _, c := range p.Coverage {
		if len(c.Networks) == 0 || len(p.Places) > 1 && (networks == 0 || c.Place == "" || c.Place != lookedFor) {
			continue
		}
		args["networks"] = r.Enumerate(forsale.NetworkNames(c, max(networks, 1)))
		if len(p.Places) > 1 {
			args["place"] = r.Place(c.Place)
			return []string{r.T("plan.where_in", args)}
		}
		return []string{r.T("plan.networks_card", args)}
	}
	if len(p.Places) > 1 {
		return []string{r.T("plan.where", args)}
	}
	return nil
}

// exitLine says where the traffic leaves, with a warning for Hong Kong and mainland China: in full, or as the card
// has room for it ("_card").
func exitLine(r *ui.Request, p esim.Plan, form string) string {
	if len(p.BreakoutCountries) == 0 {
		return r.T("plan.exit_unknown", nil)
	}
	args := i18n.Args{"countries": r.List(r.PlaceNames(p.BreakoutCountries))}
	switch {
	case p.ExitsIn("CN"):
		return r.T("plan.exit_china"+form, args)
	case p.ExitsIn("HK") && !p.Covers("HK"):
		return r.T("plan.exit_hongkong"+form, args)
	}
	return r.T("plan.exit"+form, args)
}
