package places

import (
	"math/bits"
	"slices"
)

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
func (x *Index) near(query []rune, most int, found func(c *candidate, distance int)) {
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
