package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// checkNotes says which countries are not sold to, and which notes on countries nobody has looked at for a year:
// customers read them before they pay.
func checkNotes(_ context.Context, cfg shop.Config) finding {
	return notesAt(cfg.CountryNotes, time.Now())
}

func notesAt(notes countrynotes.Notes, now time.Time) finding {
	f := finding{what: "country notes", found: "all looked at within a year"}
	var stale []string
	for _, n := range notes.Stale(now) {
		what := n.Kind
		if what == "" {
			what = fmt.Sprintf("%q", shortened(n.Text[i18n.Fallback]))
		}
		since := "without a day"
		if !n.Checked.IsZero() {
			since = "of " + n.Checked.Format(time.DateOnly)
		}
		stale = append(stale, n.Country+" "+what+" "+since)
	}
	if len(stale) > 0 {
		f.warn = true
		f.found = fmt.Sprintf("not looked at for a year: %s", strings.Join(stale, "; "))
		f.advice = `read their sources again, then give those in COUNTRY_NOTES a new "checked", and replace or remove ours that no longer hold`
	}
	if unsold := notes.Unsold(); len(unsold) > 0 {
		f.found += "; not sold to: " + strings.Join(unsold, ", ")
	}
	return f
}

// shortened is the beginning of a note, enough to find it.
func shortened(text string) string {
	if r := []rune(text); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return text
}
