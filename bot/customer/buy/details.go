package buy

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// details shows all there is to know about a plan; its card has what must be read before paying.
func (f *planFlow) details(ctx context.Context, r *ui.Request, ref refs.Details) (ui.Screen, error) {
	q, promo, buy, err := f.priced(ctx, r, refs.Plan(ref))
	if err != nil {
		return ui.Screen{}, err
	}
	p := q.Plan
	lines := []string{
		r.T("plan.head", i18n.Args{"flag": ui.PlanFlag(p), "title": r.PlanTitle(p, q.Days)}),
		f.priceLine(r, q, promo),
		dataLine(r, p, ""),
		r.T("plan.starts_"+forsale.ValidityStartKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}),
	}
	if closed := f.PausedText(r); closed != "" {
		lines = slices.Insert(lines, 2, closed)
	}
	add := func(key string, args i18n.Args) { lines = append(lines, r.T(key, args)) }
	if p.UnusedDays > 0 {
		add("plan.unused", i18n.Args{"days": r.Days(p.UnusedDays)})
	}
	if g := forsale.BestGeneration(p); g != "" {
		add("plan.speed", i18n.Args{"speed": g})
	}
	if len(p.Coverage) == 1 && len(p.Coverage[0].Networks) > 0 {
		add("plan.networks", i18n.Args{"networks": r.Enumerate(forsale.NetworkNames(p.Coverage[0], len(p.Coverage[0].Networks)))})
	}
	lines = append(lines, exitLine(r, p, ""))
	add(topUpKey(p), nil)
	add(smsKey(p), nil)
	add("plan.hotspot", nil)
	twins, others := f.twins(r, q, ref)
	lines = append(lines, twins...)
	if notes := forsale.SourcedNotes(r, f.notes, p, ref.Origin); len(notes) > 0 {
		lines = append(append(lines, ""), notes...)
	}
	lines = append(lines, coverage(r, p)...)
	lines = append(lines, "", r.T("plan.refund", nil))
	return ui.Screen{Text: strings.Join(lines, "\n"), Rows: slices.Concat(buy, others, [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("plan.btn_networks", nil), refs.Networks{Code: p.Code, Origin: ref.Origin, Days: q.Days, Page: 0, Quantity: ref.Quantity})),
		ui.Row(ui.NewButton(r.Plain("plan.btn_share", nil), refs.Share{Code: p.Code, Origin: ref.Origin, Days: q.Days, Quantity: ref.Quantity})),
		ui.BackRow(r, refs.Plan(ref)),
	})}, nil
}

// maxTwins is how many plans of the same size are told apart.
const maxTwins = 3

// twins says how other plans of this size differ, with their prices, and leads to them.
func (f *planFlow) twins(r *ui.Request, of esim.Quote, at refs.Details) (lines []string, rows [][]ui.Button) {
	p := of.Plan
	place := p.Location
	if p.Scope() == esim.ScopeCountry {
		place = ui.CountryOf(p)
	}
	size := r.PlanSize(p, 0)
	for _, q := range f.Quotes(f.Plans(place)) {
		if q.Plan.Code == p.Code || r.PlanSize(q.Plan, 0) != size || len(lines) == maxTwins {
			continue
		}
		q, err := f.Checkout.Quote(q.Plan.Code, of.Quantity, forsale.PassDays(q.Plan, of.Days)) // as many as of this one
		if err != nil {
			continue
		}
		pair := []esim.Plan{p, q.Plan}
		differ := forsale.DifferencesInWords(r, q.Plan, pair)
		if len(differ) == 0 {
			continue
		}
		price := r.Price(q.Price)
		lines = append(lines, r.T("plan.twin", i18n.Args{"price": price, "facts": i18n.HTML(r.Enumerate(differ))}))
		label := ui.FitLabel(1, forsale.DistinguishingFacts(r, q.Plan, pair), func(facts string) string {
			return r.Plain("plan.btn_twin", i18n.Args{"price": price, "facts": facts})
		})
		rows = append(rows, ui.Row(ui.NewButton(label, refs.Plan{Code: q.Plan.Code, Origin: at.Origin, Days: at.Days, Quantity: at.Quantity})))
	}
	return lines, rows
}

// maxMissing is how many neighbours outside a region are named.
const maxMissing = 10

// coverage lists the countries of a plan, and those nearby where it does not work.
func coverage(r *ui.Request, p esim.Plan) []string {
	if len(p.Places) <= 1 {
		return []string{r.T("plan.only_here", i18n.Args{"place": r.PlanPlace(p)})}
	}
	lines := []string{"", r.T("plan.countries", i18n.Args{
		"count": r.Number(int64(len(p.Places))), "list": r.Enumerate(r.PlaceNames(p.Places)),
	})}
	if missing := missingNearby(p); len(missing) > 0 {
		shown := missing[:min(len(missing), maxMissing)]
		key := "plan.missing"
		if len(missing) > len(shown) {
			key = "plan.missing_more"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"list": r.Enumerate(r.PlaceNames(shown)), "count": r.Number(int64(len(missing) - len(shown))),
		}))
	}
	return lines
}

// missingNearby are the well-visited countries on the continents of a regional plan
// where it does not work. A global plan's gaps are too many to call nearby.
func missingNearby(p esim.Plan) []string {
	if p.Scope() != esim.ScopeRegional {
		return nil
	}
	home := map[esim.Continent]int{}
	for _, code := range p.Places {
		home[esim.ContinentOf(code)]++
	}
	var out []string
	for _, code := range esim.MostVisitedCountries() {
		if home[esim.ContinentOf(code)] > 1 && !p.Covers(code) {
			out = append(out, code)
		}
	}
	return out
}

func topUpKey(p esim.Plan) string {
	switch p.TopUp {
	case esim.TopUpVolume:
		return "plan.topup_volume"
	case esim.TopUpDays:
		return "plan.topup_days"
	}
	return "plan.topup_none"
}

func smsKey(p esim.Plan) string {
	switch p.SMS {
	case esim.SMSFromAll:
		return "plan.sms_all"
	case esim.SMSFromAPI:
		return "plan.sms_service"
	}
	return "plan.sms_none"
}
