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
// phrases separated by |. A word that ends in * stands for all that begin so. Brackets hold choices: see expand.
//
//	gb mb unlimited day week month   what a number counts
//	date                             what makes a number a day or a month of the calendar: "9月"
//	a number                         how it is written in words: 14, 0.5
//	and noise                        what people put between and around places
//	cry                              says that something is wrong
//	neg works after                  a "not" followed by something that should work is a cry
//	                                 too; after lists the words for "not" that stand behind it
//	line lack gone                   what a connection is called, and what says before it, or behind it, that
//	                                 there is none: "tô sem net", "internet dead"
//	warm                             stands around a greeting or thanks: "mate", "so much"
//	how_much remain                  together, in any order, that somebody asks what is left
//	call                             a cry if there is little else
//	buy                              what only somebody says who wants to buy
//	talk                             what somebody says who speaks to us
//	soft                             the words of talk that say who and that, and not what is asked
//	travel                           that somebody goes somewhere: with soft words only that tells where the plan is for
//	what_if                          begins a question about what may go wrong, which is no cry
//	plain                            a word that is near one of cry, and says nothing of the kind: "auto"
//	why                              asks for a reason: "why so cheap" wants no cheap plan
//	estimate volume                  together, that somebody asks how much data they will need, and not what is left
//	                                 or what it costs
//	ask                              begins a question or a wish, whatever follows
//	ask_last                         ends a question
//	asker                            asks where nothing or much follows: "why", but not "What's up phone"
//	leave yes                        says no, or yes, to what was asked
//	daily                            beside an amount of data, that it is of each day
//	to                               between two places of a journey
//	help_install                     asks for help to install, where nothing went wrong yet
//	from from_after from_end         before the name of a place, behind it or grown on to it, that somebody comes from
//	                                 there; from_if: only where towards stands before the next name
//	tour                             of the words before a name, those that begin a journey through several countries as well:
//	                                 "from Lisbon to Madrid"; home: codes of the countries whose people say so of their own
//	phone model                      a maker of phones, and what stands behind it to say which one
//	phone_number without             a number to be called at, which is not sold here, and what stands before something unwanted
//	round_trip                       that of two places side by side the second is where one goes: "Roma Madrid andata e ritorno"
//	part                             a part of many a name, which says nothing alone: "south", "island"
//	number                           directly before a number, that it is an order's or an eSIM's
//	money                            directly behind a number, that it is an amount of money
//	common                           names of places that are everyday words too
//	wish_lost wish_refund …          says what somebody wants who looks for no place (an Intent each);
//	                                 wish_payment: that a cry is about money, and not about a connection
//	prefix suffix                    what grows on to the name of a place
//
//go:embed words/*.tsv
var wordFiles embed.FS

// tonguesFile has the same of languages that nobody is answered in: how much, how long, and that something is wrong.
//
//go:embed tongues.tsv
var tonguesFile string

// phrases finds what people say in a row of tokens.
type phrases struct {
	aside bool                  // they say nothing of places: their words are not known for that
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
	fromEnds         []string            // endings of a name that say that somebody comes from there
	homes            map[string][]string // phrase of the kind tour → countries of those who speak so
	words            []string            // where the words of phrases lie
	rows             [][]string          // where the first phrase of each first word lies
	fuzzy            map[string][]string // kind → words of five letters and more
}

var unitKinds = []string{"gb", "mb", "day", "week", "month", "date"}

var phraseKinds = []string{"unlimited", "and", "noise", "cry", "neg", "works", "after", "call", "talk", "ask", "asker", "leave", "yes", "common", "buy", "daily", "to", "number", "money", "line", "lack", "gone", "warm", "how_much", "remain", "from", "from_if", "from_after", "towards", "round_trip", "part", "ask_last", "soft", "travel", "what_if", "estimate", "volume", "why", "plain", "phone", "model", "phone_number", "tour", "without", "help_install"}

// expectedWords are a few more than are known.
const expectedWords = 7_000

// asideKinds, and all wishes, say nothing of places.
var asideKinds = []string{"ask", "asker", "leave", "yes", "line", "lack", "gone", "warm", "how_much", "remain", "from", "from_if", "from_after", "towards", "round_trip", "part", "ask_last", "soft", "travel", "what_if", "estimate", "volume", "why", "phone", "model", "phone_number", "tour", "without", "help_install"}

func newVocabulary(languages []Language) (*vocabulary, error) {
	v := &vocabulary{kinds: map[string]*phrases{}, units: map[string]string{}, numbers: map[string]float64{}, known: make(map[string]bool, expectedWords), fuzzy: map[string][]string{}, homes: map[string][]string{}}
	for _, kind := range slices.Concat(phraseKinds, wishKinds()) {
		aside := slices.Contains(asideKinds, kind) || strings.HasPrefix(kind, wishWords(""))
		v.kinds[kind] = &phrases{first: map[string][][]string{}, aside: aside}
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
		if err := v.read(file, string(text)); err != nil {
			return nil, err
		}
	}
	if err := v.read("tongues.tsv", tonguesFile); err != nil {
		return nil, err
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

// read adds the lines of a file; its errors name the line.
func (v *vocabulary) read(file, text string) error {
	var homes []string
	return table(file, text, 2, func(row []string) error {
		words, err := expand(row[1])
		switch row[0] {
		case "home": // stands before the line tour, which it is about
			homes = strings.Fields(row[1])
			return err
		case "tour":
			for _, w := range words {
				v.homes[fold(w)] = append(v.homes[fold(w)], homes...)
			}
		}
		if err != nil {
			return err
		}
		return v.add(row[0], words)
	})
}

func (v *vocabulary) add(kind string, words []string) error {
	n, err := strconv.ParseFloat(kind, 64)
	isUnit, phrases := slices.Contains(unitKinds, kind), v.kinds[kind]
	for _, w := range words {
		star := strings.HasSuffix(strings.TrimSpace(w), "*")
		if kind == "cry" && isCyrillic(w) {
			if romanised := latin(w); len(romanised) >= longEnoughInLatin {
				v.addPhrase(kind, fold(romanised), star)
			}
		}
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
		case kind == "from_end":
			v.fromEnds = append(v.fromEnds, w)
		case isUnit:
			v.units[w] = kind
			if unspaced {
				v.gluedUnits = append(v.gluedUnits, w)
			}
		case phrases == nil:
			return fmt.Errorf("no kind %q", kind)
		case unspaced:
			phrases.glued = append(phrases.glued, strings.ReplaceAll(w, " ", ""))
		default:
			v.addPhrase(kind, w, star)
		}
	}
	return nil
}

// longEnoughInLatin in letters is a cry in Cyrillic that is heard in Latin letters too, as people type it on a phone
// abroad: "net interneta". Shorter ones are words of other languages.
const longEnoughInLatin = 8

func (v *vocabulary) addPhrase(kind, phrase string, star bool) {
	phrases, words := v.kinds[kind], v.cut(phrase)
	if !phrases.aside { // they say nothing of places
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
	p := phrases
	if known := p.first[words[0]]; len(known) > 0 {
		p.first[words[0]] = append(known, words)
	} else {
		if len(v.rows) == cap(v.rows) {
			v.rows = make([][]string, 0, 1<<10)
		}
		v.rows = append(v.rows, words)
		n := len(v.rows)
		p.first[words[0]] = v.rows[n-1 : n : n]
	}
	for i, w := range words[:len(words)-1] { // "c est" is read as "cest" where that is known: see merge
		if len(w) == 1 && w != "a" {
			joined := append(slices.Clone(words[:i]), w+words[i+1])
			joined = append(joined, words[i+2:]...)
			p.first[joined[0]] = append(p.first[joined[0]], joined)
			break
		}
	}
}

// cut is the words of a folded phrase. They lie beside those of others: there are thousands of phrases.
func (v *vocabulary) cut(phrase string) []string {
	n := strings.Count(phrase, " ") + 1
	if cap(v.words)-len(v.words) < n {
		v.words = make([]string, 0, 1<<10)
	}
	from := len(v.words)
	for w := range strings.SplitSeq(phrase, " ") {
		v.words = append(v.words, w)
	}
	return v.words[from : from+n : from+n]
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
	if bare, ok := strings.CutPrefix(text, "و"); ok && len(bare) >= shortestJoinedArabic && len(p.first) > 0 {
		// The Arabic "and" is written together with the word behind it.
		rest := slices.Clone(tokens)
		rest[0].text = bare
		best = p.at(rest)
	}
	try(text)
	for i := range text {
		if i > 0 {
			try(text[:i] + "*")
		}
	}
	try(text + "*")
	return best
}

// shortestJoinedArabic in bytes is what an Arabic "and" is taken off from: three letters.
const shortestJoinedArabic = 6

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
