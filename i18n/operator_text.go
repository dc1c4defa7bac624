package i18n

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An OperatorText is what an operator says in their own words, by language. Words in braces stand
// for values: "Transfer {amount} and name {reference}."
type OperatorText map[string]string

// LegalTexts are an operator's in place of ours; one that is empty changes nothing.
type LegalTexts struct{ Terms, Privacy, PaySupport OperatorText }

// MaxOperatorText is how many characters one may have: it shares a message with others.
const MaxOperatorText = 2000

// CheckOperatorText says everything that is wrong with such a text in one language: each of the
// placeholders must stand in it, and no others.
func CheckOperatorText(text string, placeholders ...string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("is empty")
	case !utf8.ValidString(text):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(text, unprintable):
		return errors.New("has a character that no message can have")
	}
	var faults []error
	if n := utf8.RuneCountInString(text); n > MaxOperatorText {
		faults = append(faults, fmt.Errorf("has %d characters, at most %d", n, MaxOperatorText))
	}
	for _, name := range placeholders {
		if !strings.Contains(text, "{"+name+"}") {
			faults = append(faults, fmt.Errorf("has no {%s}", name))
		}
	}
	for _, part := range strings.Split(text, "{")[1:] {
		name, _, closed := strings.Cut(part, "}")
		if !closed {
			faults = append(faults, errors.New("has a { that is not closed"))
		} else if !slices.Contains(placeholders, name) {
			faults = append(faults, fmt.Errorf("has {%.30s}: only {%s} can stand there", name, strings.Join(placeholders, "} and {")))
		}
	}
	return errors.Join(faults...)
}

// MaxLegalText is how many characters a text may have that is a message of its own.
const MaxLegalText = 4000

// CheckLegalText says what is wrong with an operator's text that is a message of its own, in one language. Braces mean nothing in it.
func CheckLegalText(text string) error {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		return errors.New("is empty")
	case !utf8.ValidString(text):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(text, unprintable):
		return errors.New("has a character that no message can have")
	case n > MaxLegalText:
		return fmt.Errorf("has %d characters, at most %d", n, MaxLegalText)
	}
	return nil
}

// unprintable are control characters but line breaks and tabs.
func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// In is the text in a language, else in the fallback's, with values in the places of the words in
// braces; "" if there is no text.
func (t OperatorText) In(lang string, values map[string]HTML) HTML {
	text, ok := t[lang]
	if !ok {
		text = t[Fallback]
	}
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;"}
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", string(value))
	}
	return HTML(strings.NewReplacer(pairs...).Replace(text))
}
