package places

import "testing"

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b  string
		limit int
		want  int
	}{
		{"japan", "japan", 2, 0},
		{"japan", "jpaan", 2, 1},
		{"japan", "japn", 2, 1},
		{"japan", "jaapan", 2, 1},
		{"japan", "jaxan", 2, 1},
		{"ca", "abc", 3, 3},
		{"abcdef", "badcfe", 3, 3},
		{"abcdef", "badcfe", 2, 3},
		{"japan", "jordan", 2, 3},
		{"a", "abcd", 2, 3},
		{"", "ab", 2, 2},
	}
	for _, tt := range tests {
		if got := distance([]rune(tt.a), []rune(tt.b), tt.limit); got != tt.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", tt.a, tt.b, tt.limit, got, tt.want)
		}
	}
}

// slow is the textbook distance without limit or filter.
func slow(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = min(d[i-1][j-1], d[i-1][j]+1, d[i][j-1]+1)
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// FuzzDistance holds the fast distance, and the filter before it, to the slow one.
func FuzzDistance(f *testing.F) {
	f.Add("japan", "jpaan", 1)
	f.Add("япнония", "япония", 2)
	f.Add("abcdef", "badcfe", 3)
	f.Add("", "abc", 3)
	f.Fuzz(func(t *testing.T, x, y string, limit int) {
		a, b := []rune(x), []rune(y)
		if limit < 0 || limit > 3 || len(a) > longestName || len(b) > longestName {
			return
		}
		want := min(slow(a, b), limit+1)
		if got := distance(a, b, limit); got != want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", x, y, limit, got, want)
		}
		index := &Index{}
		index.addCandidate(y, 0, false)
		heard := false
		index.near(a, limit, func(*candidate, int) { heard = true })
		if len(a) > 0 && len(b) > 0 && a[0] != b[0] {
			limit = min(limit, 1)
		}
		if heard != (want <= limit && len(a) > 0 && len(b) >= 3) {
			t.Errorf("near(%q, %d) of %q: %v, distance %d", x, limit, y, heard, want)
		}
	})
}
