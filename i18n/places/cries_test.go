package places

import "testing"

// TestACryIsHeardHoweverItIsWritten: in Latin letters, grown together with an Arabic "and", with a letter held down.
func TestACryIsHeardHoweverItIsWritten(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"net interneta": "help", "internet propal": "help", "وصلت باريس ومافي شبكة": "help", "hellppp": "help",
		"is there a fair use policy": "ask", "сколько гигов надо на неделю": "ask", "quanti giga mi servono per una settimana": "ask",
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}
