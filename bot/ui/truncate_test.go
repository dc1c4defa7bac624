package ui

import "testing"

func TestCutCountsAsTelegramDoes(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"🙂🙂", 4, "🙂🙂"},
		{"🙂🙂", 3, "🙂…"},
		{"a🙂🙂", 4, "a🙂…"},
		{"a🙂b", 3, "a…"},
		{"день", 4, "день"},
		{"дней много", 5, "дней…"},
	} {
		if got := Truncate(c.s, c.n); got != c.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}
