package forsale

import (
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

//i18n:use note.*

// Notes is what a traveller should know about the country of a plan before paying for it, ""
// if nothing. Of a plan for several countries it is about the one that was looked for (origin); else the
// countries with notes are named.
func Notes(r *ui.Request, all countrynotes.Notes, p esim.Plan, origin string) string {
	country := ""
	lookedFor, _, _ := strings.Cut(origin, ".")
	switch {
	case p.Scope() == esim.Country:
		country = ui.CountryOf(p)
	case slices.Contains(p.Places, lookedFor):
		country = lookedFor
	default:
		var names []string
		for _, place := range p.Places {
			if len(all.For(place)) > 0 {
				names = append(names, r.Place(place))
			}
		}
		if len(names) == 0 {
			return ""
		}
		slices.Sort(names)
		return r.T("note.several", i18n.Args{"places": r.List(names)})
	}
	return strings.Join(countryNotes(r, all, country, p), "\n")
}

// countryNotes are the notes of a country, a line each, and when they were last looked at.
func countryNotes(r *ui.Request, all countrynotes.Notes, country string, p esim.Plan) []string {
	var lines []string
	args := i18n.Args{"place": r.Place(country)}
	for _, n := range all.For(country) {
		switch {
		case n.Kind == "":
			lines = append(lines, r.T("note.own", i18n.Args{"text": operatorWords(n, r.Lang())}))
			continue
		case n.Kind == "pause" && p.DayPass():
			lines = append(lines, r.T("note.pause_day", args))
		case n.Kind == "install" && p.Starts == esim.AtInstall: // of the two evils the smaller: a day, not the trip
			lines = append(lines, r.T("note.install_clock", args))
		default:
			lines = append(lines, r.T("note."+n.Kind, args))
		}
		args["date"] = r.Date(n.Checked, nil)
	}
	if len(lines) > 0 && args["date"] != nil {
		lines[len(lines)-1] += " " + r.T("note.as_of", args)
	}
	return lines
}

// operatorWords are the operator's, in the customer's language if it is there.
func operatorWords(n countrynotes.Note, lang string) string {
	if text, ok := n.Text[lang]; ok {
		return text
	}
	return n.Text[i18n.Fallback]
}
