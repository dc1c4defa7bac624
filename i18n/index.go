package i18n

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// What a name loses against an equally good match of a more familiar one.
const (
	familiar  = 0 // English, Russian, aliases
	city      = 1
	foreign   = 2 // another language
	romanised = 3
)

// A hit is what a name leads to.
type hit struct {
	code string
	city string // English name of the city that led to the country, else ""
	loss int
	at   int // where the code stands in gazetteer.codes; set by build
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

// longestName in runes takes part in the search for typos.
const longestName = 48

// placeIndex answers FindPlaces. It is read-only once built.
type placeIndex struct {
	*gazetteer
	entries  []entry
	exact    map[string]int32
	stems    map[string][]int32
	starts   []start // sorted by key
	byLength [longestName + 1][]candidate
	byCode   map[string]string // alpha-2 and alpha-3, lower case → alpha-2
	at       map[string]int    // code → its place in codes
	rank     []int             // by place in codes: popular ones first
}

type indexBuilder struct {
	byName map[string]int32
	all    []entry
}

func newIndexBuilder() *indexBuilder { return &indexBuilder{byName: map[string]int32{}} }

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
		b.all = append(b.all, entry{name: name})
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

func (b *indexBuilder) build(g *gazetteer) *placeIndex {
	x := &placeIndex{
		gazetteer: g,
		entries:   b.all,
		exact:     b.byName,
		stems:     map[string][]int32{},
		byCode:    map[string]string{},
		at:        make(map[string]int, len(g.codes)),
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

func (x *placeIndex) addCode(code string) {
	if strings.HasPrefix(code, regionPrefix) {
		return
	}
	x.byCode[strings.ToLower(code)] = code
	if r, err := language.ParseRegion(code); err == nil && r.ISO3() != "ZZZ" {
		x.byCode[strings.ToLower(r.ISO3())] = code
	}
}

func (x *placeIndex) addEntry(i int32, e entry) {
	name := e.name
	soft := stem(name, false)
	x.stems[soft] = append(x.stems[soft], i)
	x.starts = append(x.starts, start{key: name, entry: i})
	x.addCandidate(name, i, false)
	for rest := name; ; {
		_, after, more := strings.Cut(rest, " ")
		if !more {
			break
		}
		rest = after
		x.starts = append(x.starts, start{key: rest, entry: i, word: true})
	}
	// A misspelt word of a name is looked for in English and Russian only: among
	// all languages nearly every word is near some other.
	known := func(h hit) bool { return h.loss == familiar }
	if strings.Contains(name, " ") && slices.ContainsFunc(e.hits, known) {
		for w := range strings.SplitSeq(name, " ") {
			if utf8.RuneCountInString(w) >= 5 {
				x.addCandidate(w, i, true)
			}
		}
	}
}

func (x *placeIndex) addCandidate(name string, i int32, word bool) {
	runes := []rune(name)
	if n := len(runes); n >= 3 && n <= longestName {
		x.byLength[n] = append(x.byLength[n], candidate{runes, marks(runes), i, word})
	}
}

// marks hashes the set of letters. One edit adds at most one letter to each
// side, so more differing bits than edits allowed rule a name out at once.
func marks(runes []rune) uint64 {
	var set uint64
	for _, r := range runes {
		set |= 1 << (uint32(r) * 0x9E3779B1 >> 26)
	}
	return set
}

// near calls found for every name within most edits of query. With several
// edits the first letter must be right: people get it right, and it spares most
// of the work.
func (x *placeIndex) near(query []rune, most int, found func(c *candidate, distance int)) {
	if len(query) == 0 {
		return
	}
	set := marks(query)
	for n := max(len(query)-most, 3); n <= min(len(query)+most, longestName); n++ {
		for i := range x.byLength[n] {
			c := &x.byLength[n][i]
			limit := most
			if limit > 1 && c.runes[0] != query[0] {
				limit = 1
			}
			if bits.OnesCount64(set&^c.marks) > limit || bits.OnesCount64(c.marks&^set) > limit {
				continue
			}
			if d := distance(query, c.runes, limit); d <= limit {
				found(c, d)
			}
		}
	}
}

// distance is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours cost one. It returns limit+1 as soon
// as the distance is known to be above limit. Neither word is longer than
// longestName+limit runes.
func distance(a, b []rune, limit int) int {
	if abs(len(a)-len(b)) > limit {
		return limit + 1
	}
	var rows [3][2*longestName + 1]int
	two, one, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, two[j-2]+1)
			}
			row[j] = d
			best = min(best, d)
		}
		if best > limit && i > 1 { // a swap may still pull from the row before
			if slices.Min(one[:len(b)+1]) >= limit {
				return limit + 1
			}
		}
		two, one, row = one, row, two
	}
	return min(one[len(b)], limit+1)
}

func abs(n int) int { return max(n, -n) }
