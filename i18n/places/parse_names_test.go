package places

import (
	"slices"
	"strings"
	"testing"
)

// TestNoExactNameIsReadWrong reads every name of every place in every language, alone and among the words
// that people put around it: what answers it is that place, and never anything but a place.
func TestNoExactNameIsReadWrong(t *testing.T) {
	x := index(t)
	tried, wrong := 0, 0
	read := func(text, code string) {
		tried++
		q := x.Parse(text)
		sure := slices.ContainsFunc(q.Places, func(n Named) bool { return n.Code == code || slices.Contains(n.Namesakes, code) })
		if q.Topic != Destination || !sure {
			wrong++
			t.Errorf("%q, a name of %s, is read as topic %d, %v", text, code, q.Topic, q.Places)
		}
	}
	for _, row := range x.rows {
		for i, name := range row.names {
			if name != "" && !row.other {
				read(name, x.codes[i])
			}
		}
	}
	for _, lang := range []string{"en", "ru"} {
		for code, name := range x.shown[lang] {
			if code == "UM" { // nothing is sold there, and its name in Russian ends in that of the States
				continue
			}
			read("esim "+name, code)
			read(name+" 5gb", code)
			if !strings.Contains(name, ",") {
				read(strings.ToLower(name)+" 7 days", code)
			}
		}
		for english, name := range x.cities[lang] {
			i := x.exact[fold(english)]
			j := slices.IndexFunc(x.entries[i].hits, func(h hit) bool { return h.city == english })
			read(name, x.entries[i].hits[j].code)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(citiesFile, "\n"), "\n") {
		row := strings.Split(line, "\t")
		read(row[1], row[0])
		for name := range strings.SplitSeq(row[2], "|") {
			if name != "" {
				read(name, row[0])
			}
		}
	}
	t.Logf("%d of %d names", wrong, tried)
}
