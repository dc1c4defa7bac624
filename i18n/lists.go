package i18n

import (
	"slices"
	"strings"
	"unicode"
)

// Enumerate writes a list that goes on as one that a sentence is no part of: "A, B, C". Items are not escaped.
func (p Printer) Enumerate(items []string) string {
	between := strings.TrimSuffix(strings.TrimPrefix(p.Plain("format.list_more", Args{"first": "\x00", "next": "\x01"}), "\x00"), "\x01")
	return strings.Join(p.apart(items), between)
}

// Facts writes what stands side by side and is no sentence: "Japan · 5 GB · 30 days". Nothing is escaped.
func (p Printer) Facts(facts ...string) string { return strings.Join(p.apart(facts), " · ") }

// apart are items of which none changes the order of its neighbours, where some run from right to left.
func (p Printer) apart(items []string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = strings.ToValidUTF8(item, "\uFFFD")
		if p.v.rightToLeft {
			out[i] = isolated(out[i])
		}
	}
	return out
}

// List writes a list as a sentence does: "A, B and C". Items are not escaped.
func (p Printer) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return strings.ToValidUTF8(items[0], "\uFFFD")
	case 2:
		return p.Plain(p.euphonic("format.list_two", items[1]), Args{"first": items[0], "last": items[1]})
	}
	out := items[0]
	for _, item := range items[1 : len(items)-1] {
		out = p.Plain("format.list_more", Args{"first": out, "next": item})
	}
	return p.Plain(p.euphonic("format.list_last", items[len(items)-1]), Args{"first": out, "last": items[len(items)-1]})
}

// euphonic is the key of the form that the "and" of a list has before some sounds: Spanish "y" is "e" before "Italia",
// Italian "e" is "ed" before "Egitto".
//
//i18n:use format.list_two_euphonic format.list_last_euphonic
func (p Printer) euphonic(key, last string) string {
	last = strings.ToLower(strings.TrimLeftFunc(last, func(r rune) bool { return !unicode.IsLetter(r) })) // behind a flag
	begins := func(with string) bool { return with != "" && strings.HasPrefix(last, with) }
	if slices.ContainsFunc(p.v.signs().euphony, begins) && !slices.ContainsFunc(p.v.signs().noEuphony, begins) {
		return key + "_euphonic"
	}
	return key
}
