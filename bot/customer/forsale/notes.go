package forsale

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

//i18n:use note.*

// MaxNotes is how many notes a card has room for.
const MaxNotes = 2

// Notes is what a traveller should know about the country of a plan, a line each, ""
// if nothing. Of a plan for several countries it is about the one that was looked for (origin); else the
// countries with notes are named.
func Notes(r *ui.Request, all countrynotes.Notes, p esim.Plan, origin string) string {
	country, several := noted(r, all, p, origin, "note.several")
	lines := countryNotes(r, all, country, p)
	if n := len(lines); n > 0 {
		if since := lookedAt(all.For(country)); !since.IsZero() {
			lines[n-1] += " " + r.T("note.as_of", i18n.Args{"date": r.Date(since, nil)})
		}
	}
	return several + strings.Join(lines, "\n")
}

// ShortNotes is the same before paying, in a few words each. Where there are more than most it says so; 0: all.
func ShortNotes(r *ui.Request, all countrynotes.Notes, p esim.Plan, origin string, most int) string {
	country, several := noted(r, all, p, origin, "note.short_several")
	flag := ""
	if p.Scope() != esim.ScopeCountry && country != "" {
		flag = i18n.Flag(country) + " "
	}
	var lines []string
	for _, n := range all.For(country) {
		if n.Kind == "" {
			lines = append(lines, flag+r.T("note.own", i18n.Args{"text": ui.Truncate(operatorWords(n, r.Lang()), longestShort)}))
			continue
		}
		lines = append(lines, flag+r.T("note.short_"+noteKey(n, p), nil))
	}
	if most > 0 && len(lines) > most {
		lines = lines[:most]
		lines[most-1] += " " + r.T("note.more", nil)
	}
	return several + strings.Join(lines, "\n")
}

// longestShort is how much of an operator's words a card has room for, in characters; "All details" has the rest.
const longestShort = 60

// SourcedNotes are the notes with the day somebody last read their sources, and these.
func SourcedNotes(r *ui.Request, all countrynotes.Notes, p esim.Plan, origin string) []string {
	country, several := noted(r, all, p, origin, "note.several")
	if several != "" {
		return []string{several}
	}
	lines := countryNotes(r, all, country, p)
	for i, n := range all.For(country) {
		if n.Checked.IsZero() {
			continue
		}
		lines[i] += " " + r.T("note.checked", i18n.Args{"date": r.Date(n.Checked, nil), "source": n.Source, "site": siteOf(n.Source)})
	}
	return lines
}

// siteOf is the name of a source's site.
func siteOf(source string) string {
	if u, err := url.Parse(source); err == nil && u.Host != "" {
		return strings.TrimPrefix(u.Host, "www.")
	}
	return source
}

// noted is the country whose notes belong to a plan, or the sentence (key) that names several.
func noted(r *ui.Request, all countrynotes.Notes, p esim.Plan, origin, key string) (country, several string) {
	lookedFor, _, _ := strings.Cut(origin, ".")
	switch {
	case p.Scope() == esim.ScopeCountry:
		return ui.CountryOf(p), ""
	case slices.Contains(p.Places, lookedFor):
		return lookedFor, ""
	}
	var codes []string
	for _, place := range p.Places {
		if len(all.For(place)) > 0 {
			codes = append(codes, place)
		}
	}
	if len(codes) == 0 {
		return "", ""
	}
	return "", r.T(key, i18n.Args{"places": r.List(r.PlaceNames(codes))})
}

// countryNotes are the notes of a country, a line each.
func countryNotes(r *ui.Request, all countrynotes.Notes, country string, p esim.Plan) []string {
	var lines []string
	for _, n := range all.For(country) {
		if n.Kind == "" {
			lines = append(lines, r.T("note.own", i18n.Args{"text": operatorWords(n, r.Lang())}))
			continue
		}
		lines = append(lines, r.T("note."+noteKey(n, p), i18n.Args{"place": r.Place(country)}))
	}
	return lines
}

// noteKey is which sentence says a note of a plan.
func noteKey(n countrynotes.Note, p esim.Plan) string {
	switch {
	case n.Kind == "pause" && p.DayPass():
		return "pause_day"
	case n.Kind == "install" && p.ValidityStart == esim.ValidFromInstall: // of the two evils the smaller: a day, not the trip
		return "install_clock"
	}
	return n.Kind
}

// operatorWords are the operator's, in the customer's language if it is there.
func operatorWords(n countrynotes.Note, lang string) string {
	if text, ok := n.Text[lang]; ok {
		return text
	}
	return n.Text[i18n.Fallback]
}

// lookedAt is the day the first of these notes was last looked at: all hold from it on.
func lookedAt(notes []countrynotes.Note) (day time.Time) {
	for _, n := range notes {
		if !n.Checked.IsZero() && (day.IsZero() || n.Checked.Before(day)) {
			day = n.Checked
		}
	}
	return day
}
