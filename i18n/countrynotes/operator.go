package countrynotes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// MaxText is how many characters a note of an operator may have: a card has little room.
const MaxText = 200

// All stands in an operator's "remove" for every note that comes with the program.
const All = "all"

// country is what an operator's file says of one country.
type country struct {
	Sold   *bool     `json:"sold"`
	Remove []string  `json:"remove"`
	Notes  []ownNote `json:"notes"`
	// Text is how a note was written before there could be several: it takes the place of all.
	Text *map[string]string `json:"text"`
}

// ownNote is one note of an operator's file.
type ownNote struct {
	Text     map[string]string `json:"text"`
	Checked  string            `json:"checked"`
	Source   string            `json:"source"`
	Replaces string            `json:"replaces"`
}

// With returns n with an operator's file laid over it:
//
//	{
//	  "KP": {"sold": false},
//	  "JP": {"notes": [{"text": {"en": "Buy a Suica card at the airport.", "ru": "…"}, "checked": "2026-11-20", "source": "https://…"}]},
//	  "TR": {"remove": ["install"]},
//	  "RU": {"notes": [{"text": {"en": "No data for 12 hours."}, "checked": "2026-11-20", "source": "https://…", "replaces": "pause"}]},
//	  "IR": {"remove": ["all"]}
//	}
//
// A note stands beside those that come with the program, or in the place of one of them, named by
// its kind in notes.tsv; "remove" takes some of them away, or all. Each note says on which day
// somebody last read its source, and what that is. A country with "sold": false is left out of
// the shop. fallback is the language that every text must have. The error names everything that is wrong.
func (n Notes) With(file []byte, fallback string) (Notes, error) {
	var countries map[string]country
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(&countries); err != nil {
		return n, fmt.Errorf("read the country notes: %w", err)
	}
	if d.More() {
		return n, errors.New("read the country notes: there is something behind the closing brace")
	}
	out := Notes{byCountry: maps.Clone(n.byCountry), unsold: maps.Clone(n.unsold)}
	if out.byCountry == nil {
		out.byCountry, out.unsold = map[string][]Note{}, map[string]bool{}
	}
	var faults []error
	for _, code := range slices.Sorted(maps.Keys(countries)) {
		c := countries[code]
		if region, err := language.ParseRegion(code); err != nil || !region.IsCountry() || region.String() != code {
			faults = append(faults, fmt.Errorf("%q is no country: two capital letters, such as JP", code))
			continue
		}
		if c.Sold != nil {
			out.unsold[code] = !*c.Sold
		}
		notes, err := c.over(code, n.byCountry[code], fallback)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", code, err))
			continue
		}
		delete(out.byCountry, code)
		if len(notes) > 0 {
			out.byCountry[code] = notes
		}
	}
	if err := errors.Join(faults...); err != nil {
		return n, fmt.Errorf("read the country notes: %w", err)
	}
	return out, nil
}

// over lays what an operator says of a country over its notes.
func (c country) over(code string, notes []Note, fallback string) ([]Note, error) {
	notes = slices.Clone(notes)
	take := func(kind string) error {
		i := slices.IndexFunc(notes, func(n Note) bool { return n.Kind == kind })
		if i < 0 {
			return fmt.Errorf("there is no note %q to take away", kind)
		}
		notes = slices.Delete(notes, i, i+1)
		return nil
	}
	var faults []error
	for _, kind := range c.Remove {
		if kind == All {
			notes = nil
			continue
		}
		faults = append(faults, take(kind))
	}
	if c.Text != nil {
		faults = append(faults, checkText(*c.Text, fallback))
		notes = nil
		if len(*c.Text) > 0 {
			notes = []Note{{Country: code, Text: *c.Text}}
		}
	}
	for _, own := range c.Notes {
		note, err := own.note(code, fallback)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if i := slices.IndexFunc(notes, func(n Note) bool { return n.Kind == own.Replaces }); own.Replaces != "" && i >= 0 {
			notes[i] = note
			continue
		}
		if own.Replaces != "" {
			faults = append(faults, fmt.Errorf("there is no note %q to take the place of", own.Replaces))
		}
		notes = append(notes, note)
	}
	return notes, errors.Join(faults...)
}

func (own ownNote) note(code, fallback string) (Note, error) {
	if len(own.Text) == 0 {
		return Note{}, errors.New("a note has no text")
	}
	if err := checkText(own.Text, fallback); err != nil {
		return Note{}, err
	}
	day, err := time.Parse(time.DateOnly, own.Checked)
	if err != nil {
		return Note{}, fmt.Errorf(`"checked" is %q: the day on which its source was last read, such as 2026-11-20`, own.Checked)
	}
	if !strings.HasPrefix(own.Source, "https://") {
		return Note{}, fmt.Errorf(`"source" is %q: the address at which it can be read, https://…`, own.Source)
	}
	return Note{Country: code, Text: own.Text, Checked: day, Source: own.Source}, nil
}

func checkText(text map[string]string, fallback string) error {
	if len(text) > 0 && text[fallback] == "" {
		return fmt.Errorf("the text has no %q, which everybody gets whose language is not there", fallback)
	}
	for _, lang := range slices.Sorted(maps.Keys(text)) {
		switch s := text[lang]; {
		case strings.TrimSpace(s) == "":
			return fmt.Errorf("the text in %q is empty", lang)
		case utf8.RuneCountInString(s) > MaxText:
			return fmt.Errorf("the text in %q has %d characters, at most %d", lang, utf8.RuneCountInString(s), MaxText)
		}
	}
	return nil
}
