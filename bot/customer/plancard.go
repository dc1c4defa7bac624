package customer

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use plan.*

// planCard writes the facts of a plan, a line each.
func planCard(r *ui.Request, q esim.Quote) string {
	p := q.Plan
	lines := []string{
		r.T("plan.head", i18n.Args{"flag": ui.PlanFlag(p), "title": r.PlanTitle(p, q.Days)}),
		priceLine(r, q),
		"",
		dataLine(r, p, q.Days),
		r.T(startKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}),
	}
	add := func(key string, args i18n.Args) { lines = append(lines, r.T(key, args)) }
	if p.UnusedDays > 0 {
		add("plan.unused", i18n.Args{"days": r.Days(p.UnusedDays)})
	}
	if g := speed(p); g != "" {
		add("plan.speed", i18n.Args{"speed": g})
	}
	if line, has := networkLine(r, p); has {
		lines = append(lines, line)
	}
	lines = append(lines, exitLine(r, p), topUpLine(r, p))
	add(smsKey(p), nil)
	add("plan.hotspot", nil)
	lines = append(lines, coverage(r, p)...)
	lines = append(lines, "", r.T("plan.refund", nil))
	return strings.Join(lines, "\n")
}

func priceLine(r *ui.Request, q esim.Quote) string {
	if q.Quantity > 1 {
		return r.N("plan.price_many", q.Quantity, i18n.Args{"price": r.Price(q.Price)})
	}
	return r.T("plan.price", i18n.Args{"price": r.Price(q.Price)})
}

func dataLine(r *ui.Request, p esim.Plan, days int) string {
	args := i18n.Args{"data": r.Printer.Data(p.Data), "speed": p.FairUse, "days": r.Days(days)}
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.T("plan.data_unlimited", args)
	case p.Kind == esim.DailyCutOff:
		return r.T("plan.data_cut_off", args)
	case p.DayPass() && p.FairUse != "":
		return r.T("plan.data_slowed", args)
	case p.DayPass():
		return r.T("plan.data_slowed_unknown", args)
	}
	return r.T("plan.data_total", args)
}

func startKey(p esim.Plan) string {
	if p.Starts == esim.AtInstall {
		return "plan.starts_install"
	}
	return "plan.starts_use"
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

func topUpLine(r *ui.Request, p esim.Plan) string {
	switch p.TopUp {
	case esim.TopUpVolume:
		return r.T("plan.topup_volume", nil)
	case esim.TopUpDays:
		return r.T("plan.topup_days", nil)
	}
	return r.T("plan.topup_none", nil)
}

// networkLine names the networks where they are few; else a screen of its own does.
func networkLine(r *ui.Request, p esim.Plan) (line string, has bool) {
	if len(p.Coverage) != 1 || len(p.Coverage[0].Networks) == 0 {
		return "", false
	}
	return r.T("plan.networks", i18n.Args{"networks": operators(p.Coverage[0])}), true
}

func operators(c esim.Coverage) string {
	names := make([]string, len(c.Networks))
	for i, o := range c.Networks {
		names[i] = strings.TrimSpace(o.Name + " " + o.Generation)
	}
	return strings.Join(names, ", ")
}

// exitLine says where the traffic leaves, with a warning for Hong Kong.
func exitLine(r *ui.Request, p esim.Plan) string {
	if len(p.Exits) == 0 {
		return r.T("plan.exit_unknown", nil)
	}
	args := i18n.Args{"countries": r.List(r.PlaceNames(p.Exits))}
	if p.ExitsIn("HK") && !p.Covers("HK") {
		return r.T("plan.exit_hongkong", args)
	}
	return r.T("plan.exit", args)
}

// maxMissing is how many neighbours outside a region are named.
const maxMissing = 10

// coverage lists the countries of a plan, and those nearby where it does not work.
func coverage(r *ui.Request, p esim.Plan) []string {
	if len(p.Places) <= 1 {
		return []string{r.T("plan.only_here", i18n.Args{"place": r.PlanPlace(p)})}
	}
	lines := []string{"", r.T("plan.countries", i18n.Args{
		"count": r.Number(int64(len(p.Places))), "list": strings.Join(r.PlaceNames(p.Places), ", "),
	})}
	if missing := missingNearby(p); len(missing) > 0 {
		shown := missing[:min(len(missing), maxMissing)]
		key := "plan.missing"
		if len(missing) > len(shown) {
			key = "plan.missing_more"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"list": strings.Join(r.PlaceNames(shown), ", "), "count": r.Number(int64(len(missing) - len(shown))),
		}))
	}
	return lines
}

// missingNearby are the well-visited countries on the continents of a regional plan
// where it does not work. A global plan's gaps are too many to call nearby.
func missingNearby(p esim.Plan) []string {
	if p.Scope() != esim.Regional {
		return nil
	}
	home := map[esim.Continent]int{}
	for _, code := range p.Places {
		home[esim.ContinentOf(code)]++
	}
	var out []string
	for _, code := range esim.WellVisited() {
		if home[esim.ContinentOf(code)] > 1 && !p.Covers(code) {
			out = append(out, code)
		}
	}
	return out
}

// speed is the best generation of a plan: "3G/4G/5G" is "5G".
func speed(p esim.Plan) string {
	parts := strings.Split(p.Speed, "/")
	return parts[len(parts)-1]
}
