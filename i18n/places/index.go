package places

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// What a name loses against an equally good match of a more familiar one.
const (
	familiar  = 0 // a language the bot speaks, aliases
	city      = 1
	foreign   = 2 // another language
	romanised = 3
)

// A hit is what a name leads to.
type hit struct {
	code  string
	city  string // name in cities.tsv of the city that led to the country, else ""
	loss  int
	state bool // a state or province, named behind a town of it
	at    int  // where the code stands in Gazetteer.codes; set by build
}

// entry is one folded name and all it stands for.
type entry struct {
	name string
	hits []hit
}

// start is a place in a name where a prefix may match: its beginning or a word.
type start struct {
	key   string // the rest of the name from there
	entry int32
	word  bool // not the beginning
}

// candidate is a name, or a word of one, that a typo may have been meant for.
type candidate struct {
	runes []rune
	marks uint64 // which letters occur, hashed to 64 bits
	entry int32
	word  bool
}

// longestName in runes takes part in the search for typos. The longest in CLDR is of 81:
// Hong Kong in Maltese.
const longestName = 96

// shortestJoined in runes is a name that is known without its spaces too.
const shortestJoined = 7

// An Index finds places and knows their names. It is read-only once loaded and
// safe for concurrent use.
type Index struct {
	*Gazetteer
	entries []entry
	exact   map[string]int32
	stems   map[string][]int32
	// undoubled are the names with a letter twice in a row, by what is left without the second one.
	undoubled map[string][]int32
	// sounding are the names by what their consonants sound like: see sound.
	sounding map[string][]int32
	starts   []start // sorted by key
	byLength [longestName + 1][]candidate
	spelt    []rune            // where the letters of candidates lie, many side by side
	byCode   map[string]string // alpha-2 and alpha-3, lower case → alpha-2
	at       map[string]int    // code → its place in codes
	rank     []int             // by place in codes: popular ones first

	words     *vocabulary
	noise     map[string]bool // folded words people put around a place
	keyboards []keyboard      // layouts other than the Latin one
}

type indexBuilder struct {
	byName map[string]int32
	all    []entry
	hits   []hit // where the first hit of each name lies, many side by side
}

// expectedNames are a few more than there are in the tables: maps and slices that grow cost more than they hold.
const expectedNames = 22_000

func newIndexBuilder() *indexBuilder {
	return &indexBuilder{byName: make(map[string]int32, expectedNames), all: make([]entry, 0, expectedNames)}
}

// add notes that name leads to h; the least loss per code and city is kept.
func (b *indexBuilder) add(name string, h hit) {
	name = fold(name)
	if name == "" {
		return
	}
	i, ok := b.byName[name]
	if !ok {
		i = int32(len(b.all))
		b.byName[name] = i
		if len(b.hits) == cap(b.hits) {
			b.hits = make([]hit, 0, 1024)
		}
		b.hits = append(b.hits, h)
		n := len(b.hits)
		b.all = append(b.all, entry{name: name, hits: b.hits[n-1 : n : n]})
		return
	}
	e := &b.all[i]
	for j, old := range e.hits {
		if old.code == h.code {
			if h.loss < old.loss {
				e.hits[j] = h
			}
			return
		}
	}
	e.hits = append(e.hits, h)
}

// popular breaks ties: the destinations most asked for.
const popular = "TR TH AE US JP GB IT ES FR CN ID VN EG GE KR DE GR SG MY PT HK CH AT NL CZ PL RS ME CY IN LK MV MX BR AU NZ CA RU KZ UZ AM AZ IL SA QA MA TN ZA KE TZ PH KH TW HR HU BG RO FI SE NO DK IE BE IS DO CU"

func (b *indexBuilder) build(g *Gazetteer) *Index {
	x := &Index{
		Gazetteer: g,
		entries:   b.all,
		exact:     b.byName,
		stems:     make(map[string][]int32, len(b.all)/8),
		undoubled: make(map[string][]int32, len(b.all)/8),
		sounding:  make(map[string][]int32, len(b.all)/2),
		starts:    make([]start, 0, 3*len(b.all)/2),
		byCode:    map[string]string{},
		at:        make(map[string]int, len(g.codes)),
		noise:     map[string]bool{},
	}
	first := strings.Fields(popular)
	for i, code := range g.codes {
		x.at[code] = i
		rank := slices.Index(first, code)
		if rank < 0 {
			rank = len(first)
		}
		x.rank = append(x.rank, rank)
		x.addCode(code)
	}
	x.makeRoom()
	for i, e := range x.entries {
		for j, h := range e.hits {
			e.hits[j].at = x.at[h.code]
		}
		x.addEntry(int32(i), e)
	}
	slices.SortFunc(x.starts, func(a, b start) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.entry, b.entry))
	})
	return x
}

func (x *Index) addCode(code string) {
	if strings.HasPrefix(code, RegionPrefix) {
		return
	}
	x.byCode[strings.ToLower(code)] = code
	if r, err := language.ParseRegion(code); err == nil && r.ISO3() != "ZZZ" {
		x.byCode[strings.ToLower(r.ISO3())] = code
	}
}

func (x *Index) addEntry(i int32, e entry) {
	name := e.name
	if hasCyrillic(name) { // the stem of any other is the name itself
		soft := stem(name, false)
		x.stems[soft] = append(x.stems[soft], i)
	}
	near := slices.ContainsFunc(e.hits, func(h hit) bool { return h.loss <= city })
	x.starts = append(x.starts, start{key: name, entry: i})
	x.addCandidate(name, i, false)
	if once := undouble(name); once != name && firstRune(name) <= unicode.MaxLatin1 && utf8.RuneCountInString(once) >= sureLength {
		x.undoubled[once] = append(x.undoubled[once], i)
	}
	if near {
		for _, key := range []string{spelling(name), sound(name)} {
			if key != "" {
				x.sounding[key] = append(x.sounding[key], i)
			}
		}
	}
	for rest := name; ; {
		_, after, more := strings.Cut(rest, " ")
		if !more {
			break
		}
		rest = after
		x.starts = append(x.starts, start{key: rest, entry: i, word: true})
	}
	// On a phone the space is what is missed first: "newyork".
	if joined := strings.ReplaceAll(name, " ", ""); near && joined != name && utf8.RuneCountInString(joined) >= shortestJoined && !unspaced(firstRune(name)) {
		x.addCandidate(joined, i, false)
		if _, taken := x.exact[joined]; !taken {
			x.exact[joined] = i
		}
	}
	// A misspelt word of a name is looked for in the languages the bot speaks only:
	// among all of them nearly every word is near some other.
	known := func(h hit) bool { return h.loss == familiar }
	if strings.Contains(name, " ") && slices.ContainsFunc(e.hits, known) {
		for w := range strings.SplitSeq(name, " ") {
			if utf8.RuneCountInString(w) >= 5 {
				x.addCandidate(w, i, true)
			}
		}
	}
}

// makeRoom makes room for the candidates: slices that grow cost more than they hold.
func (x *Index) makeRoom() {
	var names [longestName + 1]int
	for _, e := range x.entries {
		names[min(utf8.RuneCountInString(e.name), longestName)]++
	}
	for n, count := range names {
		x.byLength[n] = make([]candidate, 0, count+count/2) // words of names, and names without their spaces
	}
}

func (x *Index) addCandidate(name string, i int32, word bool) {
	n := utf8.RuneCountInString(name)
	if n < 3 || n > longestName {
		return
	}
	if cap(x.spelt)-len(x.spelt) < n {
		x.spelt = make([]rune, 0, 1<<13)
	}
	from := len(x.spelt)
	for _, r := range name {
		x.spelt = append(x.spelt, r)
	}
	runes := x.spelt[from : from+n : from+n]
	x.byLength[n] = append(x.byLength[n], candidate{runes, marks(runes), i, word})
}
