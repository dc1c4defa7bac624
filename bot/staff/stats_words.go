package staff

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// earningLines tell what some time earned, beside what it is compared with.
func earningLines(r *ui.Request, e, before esim.Earnings) []string {
	lines := []string{
		r.T("staff.stats_sales", i18n.Args{"amount": r.ExactAmount(e.Sales), "orders": r.Number(int64(e.Orders)), "change": change(r, e.Sales, before.Sales)}),
		r.T("staff.stats_refunds", i18n.Args{"amount": r.ExactAmount(e.Refunds)}),
		r.T("staff.stats_cost", i18n.Args{"amount": r.ExactAmount(e.Cost)}),
	}
	if e.Fees.Minor != 0 {
		lines = append(lines, r.T("staff.stats_fees", i18n.Args{"amount": r.ExactAmount(e.Fees)}))
	}
	if e.Commission.Minor != 0 {
		lines = append(lines, r.T("staff.stats_commission", i18n.Args{"amount": r.ExactAmount(e.Commission)}))
	}
	if e.Given.Minor != 0 {
		lines = append(lines, r.T("staff.stats_given", i18n.Args{"amount": r.ExactAmount(e.Given)}))
	}
	return append(lines, r.T("staff.stats_margin", i18n.Args{
		"amount": r.ExactAmount(e.Margin()), "share": i18n.HTML(share(r, e.Margin(), e.Sales)), "change": change(r, e.Margin(), before.Margin()),
	}))
}

// share is a part of a whole: " · 34%"; nothing where that says nothing.
func share(r *ui.Request, part, whole esim.Money) string {
	if part.Minor <= 0 || whole.Minor <= 0 {
		return ""
	}
	return " · " + r.Percent(part.Minor, whole.Minor)
}

// change is how much more or less an amount is than before: " · ▲ 12%"; nothing where there is nothing to compare.
func change(r *ui.Request, now, before esim.Money) i18n.HTML {
	switch diff := now.Minor - before.Minor; {
	case before.Minor <= 0 || diff == 0:
		return ""
	case diff > 0:
		return i18n.HTML(" · ▲ " + r.Percent(diff, before.Minor))
	case now.Minor < 0: // by more than all
		return " · ▼"
	default:
		return i18n.HTML(" · ▼ " + r.Percent(-diff, before.Minor))
	}
}

// funnelLine tells how far customers came. The first steps are told once they were counted.
func funnelLine(r *ui.Request, f esim.Funnel) string {
	args := i18n.Args{
		"new": r.Number(int64(f.New)), "came": r.Number(int64(f.Arrived)), "plan": r.Number(int64(f.Plan)),
		"invoices": r.Number(int64(f.Invoices)), "paid": r.Number(int64(f.Paid)), "delivered": r.Number(int64(f.Delivered)),
	}
	if f.Arrived == 0 {
		return r.T("staff.stats_funnel_orders", args)
	}
	return r.T("staff.stats_funnel", args)
}

// A shareText is what something earned, under its name.
type shareText struct {
	name string
	esim.Earnings
}

func methodShares(r *ui.Request, rep esim.SalesReport) []shareText {
	var all []shareText
	for _, m := range rep.Methods {
		all = append(all, shareText{methodName(r, m.Of), m.Earnings})
	}
	return all
}

// placeShares name a place by one plan of it.
func placeShares(r *ui.Request, rep esim.SalesReport) []shareText {
	var all []shareText
	for _, p := range rep.Places {
		all = append(all, shareText{r.PlanPlace(p.Of), p.Earnings})
	}
	return all
}

func planShares(r *ui.Request, rep esim.SalesReport) []shareText {
	var all []shareText
	for _, p := range rep.Plans {
		all = append(all, shareText{r.PlanTitle(p.Of.Plan, p.Of.Days), p.Earnings})
	}
	return all
}

// sharesLine is what sold most in one line, behind a sign: no words are needed. Nothing sold, no line.
func sharesLine(r *ui.Request, sign string, shares []shareText) []string {
	var names []string
	for _, s := range shares[:min(len(shares), sharesNamed)] {
		if s.Sales.Minor > 0 {
			names = append(names, ui.Truncate(s.name, 60)+" "+r.ExactAmount(s.Sales))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{string(r.HTML("%s %s", sign, strings.Join(names, " · ")))}
}
