package places

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The words around places, one file per language. A line is a kind, a tab, and words or
// phrases separated by |. A word that ends in * stands for all that begin so.
//
//	gb mb unlimited day week month   what a number counts
//	a number                         how it is written in words: 14, 0.5
//	and noise                        what people put between and around places
//	cry                              says that something is wrong
//	neg works after                  a "not" followed by something that should work is a cry
//	                                 too; after lists the words for "not" that stand behind it
//	line lack gone                   what a connection is called, and what says before it, or behind it, that
//	                                 there is none: "tô sem net", "internet dead"
//	call                             a cry if there is little else
//	buy                              what only somebody says who wants to buy
//	talk                             what somebody says who speaks to us
//	ask                              begins a question or a wish, whatever follows
//	asker                            asks where nothing or much follows: "why", but not "What's up phone"
//	leave yes                        says no, or yes, to what was asked
//	daily                            beside an amount of data, that it is of each day
//	to                               between two places of a journey
//	number                           directly before a number, that it is an order's or an eSIM's
//	money                            directly behind a number, that it is an amount of money
//	common                           names of places that are everyday words too
//	wish_lost wish_refund …          says what somebody wants who looks for no place (a Wish each);
//	                                 wish_payment: that a cry is about money, and not about a connection
//	prefix suffix                    what grows on to the name of a place
//
//go:embed words/*.tsv
var wordFiles embed.FS

// phrases finds what people say in a row of tokens.
type phrases struct {
	first map[string][][]string // first word, with its star → the words of a phrase
	glued []string              // of scripts without spaces, the longest first
}

// vocabulary is all of wordFiles, folded.
type vocabulary struct {
	kinds            map[string]*phrases
	units            map[string]string  // word → gb, mb, day …
	gluedUnits       []string           // of scripts without spaces, the longest first
	numbers          map[string]float64 // a half too
	known            map[string]bool    // every word of one or more phrases
	prefixes, suffix []string
	fuzzy            map[string][]string // kind → words of five letters and more
}

var unitKinds = []string{"gb", "mb", "day", "week", "month"}

var phraseKinds = []string{"unlimited", "and", "noise", "cry", "neg", "works", "after", "call", "talk", "ask", "asker", "leave", "yes", "common", "buy", "daily", "to", "number", "money", "line", "lack", "gone"}

func newVocabulary(languages []Language) (*vocabulary, error) {
	v := &vocabulary{kinds: map[string]*phrases{}, units: map[string]string{}, numbers: map[string]float64{}, known: map[string]bool{}, fuzzy: map[string][]string{}}
	for _, kind := range slices.Concat(phraseKinds, wishKinds()) {
		v.kinds[kind] = &phrases{first: map[string][][]string{}}
	}
	files, err := fs.Glob(wordFiles, "words/*.tsv")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := wordFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := table(file, string(text), 2, func(row []string) error { return v.add(row[0], strings.Split(row[1], "|")) }); err != nil {
			return nil, err
		}
	}
	for _, l := range languages {
		if err := v.add("noise", strings.Fields(l.StopWords)); err != nil {
			return nil, err
		}
	}
	longest := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) }
	for _, p := range v.kinds {
		slices.SortFunc(p.glued, longest)
	}
	slices.SortFunc(v.gluedUnits, longest)
	slices.SortFunc(v.prefixes, longest)
	slices.SortFunc(v.suffix, longest)
	return v, nil
}

func (v *vocabulary) add(kind string, words []string) error {
	n, err := strconv.ParseFloat(kind, 64)
	for _, w := range words {
		star := strings.HasSuffix(w, "*")
		w = fold(w)
		unspaced := unspaced(firstRune(w))
		switch {
		case w == "":
			return fmt.Errorf("%s has an empty word", kind)
		case err == nil:
			v.numbers[w] = n
		case kind == "prefix":
			v.prefixes = append(v.prefixes, w)
		case kind == "suffix":
			v.suffix = append(v.suffix, w)
		case slices.Contains(unitKinds, kind):
			v.units[w] = kind
			if unspaced {
				v.gluedUnits = append(v.gluedUnits, w)
			}
		case v.kinds[kind] == nil:
			return fmt.Errorf("no kind %q", kind)
		case unspaced:
			v.kinds[kind].glued = append(v.kinds[kind].glued, strings.ReplaceAll(w, " ", ""))
		default:
			v.addPhrase(kind, w, star)
		}
	}
	return nil
}

func (v *vocabulary) addPhrase(kind, phrase string, star bool) {
	words := strings.Fields(phrase)
	if !slices.Contains([]string{"ask", "asker", "leave", "yes", "line", "lack", "gone"}, kind) && !strings.HasPrefix(kind, wishWords("")) { // they say nothing of places
		for _, w := range words {
			v.known[w] = true
		}
	}
	if (kind == "cry" || kind == "works") && len(words) == 1 && utf8.RuneCountInString(phrase) >= 4 {
		if star {
			phrase += "*"
		}
		v.fuzzy[kind] = append(v.fuzzy[kind], phrase)
	}
	if star {
		words[len(words)-1] += "*"
	}
	p := v.kinds[kind]
	p.first[words[0]] = append(p.first[words[0]], words)
}

// has reports whether a single word is one of these phrases.
func (p *phrases) has(word string) bool {
	return slices.ContainsFunc(p.first[word], func(words []string) bool { return len(words) == 1 })
}

// at is the number of tokens, from the first one on, that are the longest of these phrases.
func (p *phrases) at(tokens []token) int {
	best := 0
	try := func(key string) {
		for _, words := range p.first[key] {
			if n := len(words); n > best && n <= len(tokens) && follows(tokens, words) {
				best = n
			}
		}
	}
	text := tokens[0].text
	try(text)
	for i := range text {
		if i > 0 {
			try(text[:i] + "*")
		}
	}
	try(text + "*")
	return best
}

func follows(tokens []token, words []string) bool {
	for i, w := range words {
		prefix, star := strings.CutSuffix(w, "*")
		if text := tokens[i].text; text != w && (!star || !strings.HasPrefix(text, prefix)) {
			return false
		}
	}
	return true
}

// are reports whether all of the tokens together are one of these phrases, or end with one of a script without
// spaces.
func (p *phrases) are(tokens []token) bool {
	if p.at(tokens) == len(tokens) {
		return true
	}
	var squashed strings.Builder
	for _, t := range tokens {
		squashed.WriteString(t.text)
	}
	return slices.ContainsFunc(p.glued, func(w string) bool { return strings.HasSuffix(squashed.String(), w) })
}

// only reports whether the tokens together are one of these phrases and nothing else.
func (p *phrases) only(tokens []token) bool {
	return p.at(tokens) == len(tokens) || len(tokens) == 1 && slices.Contains(p.glued, tokens[0].text)
}

// begin reports whether one of these phrases stands first among the tokens, or at the beginning of the first, in a
// script without spaces.
func (p *phrases) begin(tokens []token) bool {
	return len(tokens) > 0 && (p.at(tokens) > 0 || slices.ContainsFunc(p.glued, func(w string) bool { return strings.HasPrefix(tokens[0].text, w) }))
}

// in reports whether a text without spaces holds one of these phrases.
func (p *phrases) in(squashed string) bool {
	return slices.ContainsFunc(p.glued, func(w string) bool { return strings.Contains(squashed, w) })
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
