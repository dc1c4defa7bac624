package countrynotes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// MaxText is how many characters a note of an operator may have: a card has little room.
const MaxText = 200

// country is what an operator's file says of one country.
type country struct {
	Sold *bool              `json:"sold"`
	Text *map[string]string `json:"text"`
}

// With returns n with an operator's file laid over it:
//
//	{
//	  "KP": {"sold": false},
//	  "JP": {"text": {"en": "Buy a Suica card at the airport.", "ru": "…"}},
//	  "TR": {"text": {}}
//	}
//
// A text takes the place of the country's notes, an empty one takes them away, and a country
// with "sold": false is left out of the shop. fallback is the language that every text
// must have. The error names everything that is wrong.
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
		if c.Text == nil {
			continue
		}
		if err := checkText(*c.Text, fallback); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", code, err))
			continue
		}
		delete(out.byCountry, code)
		if len(*c.Text) > 0 {
			out.byCountry[code] = []Note{{Country: code, Text: *c.Text}}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return n, fmt.Errorf("read the country notes: %w", err)
	}
	return out, nil
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
