package forsale

import (
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// DifferencesInWords are the facts in which a plan is not like the others of its size, in words. The
// plan is among them. Where the vendor knows no difference but the price there is none.
func DifferencesInWords(r *ui.Request, p esim.Plan, alike []esim.Plan) []string {
	var out []string
	for _, fact := range []func(*ui.Request, esim.Plan) string{
		exitFact, TopUpFact, fairUseFact, SMSFact, startFact, speedFact, networksFact,
	} {
		mine := fact(r, p)
		if mine != "" && slices.ContainsFunc(alike, func(q esim.Plan) bool { return fact(r, q) != mine }) {
			out = append(out, mine)
		}
	}
	return out
}

// DistinguishingFacts is what tells a plan from others that look alike, for a label: where its traffic leaves, the longer names before
// the shorter, and where that is not enough how it differs from those whose traffic leaves there too.
func DistinguishingFacts(r *ui.Request, p esim.Plan, alike []esim.Plan) []string {
	exit := exitFact(r, p)
	here := slices.DeleteFunc(slices.Clone(alike), func(q esim.Plan) bool { return exitFact(r, q) != exit })
	if exit == "" || len(here) == len(alike) {
		return DifferencesInWords(r, p, alike)
	}
	flags := ""
	for _, code := range p.BreakoutCountries {
		flags += i18n.Flag(code)
	}
	if more := DifferencesInWords(r, p, here); len(more) > 0 {
		out := []string{}
		for _, fact := range more {
			out = append(out, flags+" "+fact)
		}
		return out
	}
	return []string{
		r.Plain("fact.exit_short", i18n.Args{"place": r.List(r.PlaceNames(p.BreakoutCountries))}),
		r.Plain("fact.exit_short", i18n.Args{"place": flags}), flags,
	}
}

//i18n:use fact.*

func exitFact(r *ui.Request, p esim.Plan) string {
	if len(p.BreakoutCountries) == 0 {
		return ""
	}
	return r.T("fact.exit", i18n.Args{"countries": r.List(r.PlaceNames(p.BreakoutCountries))})
}

// TopUpFact says whether more can be added to an eSIM of a plan.
func TopUpFact(r *ui.Request, p esim.Plan) string {
	if p.TopUp == esim.NoTopUp || p.TopUp == 0 {
		return r.T("fact.topup_none", nil)
	}
	return r.T("fact.topup", nil)
}

func fairUseFact(r *ui.Request, p esim.Plan) string {
	switch {
	case p.Kind == esim.DailyCutOff:
		return r.T("fact.cut_off", nil)
	case p.ThrottledSpeed != "":
		return r.T("fact.slowed", i18n.Args{"speed": r.BitRate(p.ThrottledSpeed)})
	}
	return ""
}

// SMSFact says whether an eSIM of a plan gets text messages.
func SMSFact(r *ui.Request, p esim.Plan) string {
	if p.SMS == esim.SMSFromAll {
		return r.T("fact.sms", nil)
	}
	return r.T("fact.sms_none", nil)
}

func startFact(r *ui.Request, p esim.Plan) string {
	if p.ValidityStart == esim.ValidFromInstall {
		return r.T("fact.starts_install", nil)
	}
	return r.T("fact.starts_use", nil)
}

func speedFact(r *ui.Request, p esim.Plan) string {
	g := BestGeneration(p)
	if g == "" {
		return ""
	}
	return r.T("fact.speed", i18n.Args{"speed": g})
}

func networksFact(r *ui.Request, p esim.Plan) string {
	if len(p.Coverage) != 1 || len(p.Coverage[0].Networks) == 0 {
		return ""
	}
	return string(r.HTML("%s", strings.Join(NetworkNames(p.Coverage[0], MaxNetworks), ", ")))
}
