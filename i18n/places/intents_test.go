package places

import (
	"os"
	"strings"
	"testing"
)

// TestWishesAreHeard: each line of wishes.tsv is a wish and texts that say it, in the languages of words; "-" stands
// before those that say none.
func TestWishesAreHeard(t *testing.T) {
	x := index(t)
	text, err := os.ReadFile("testdata/wishes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		want, queries, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		if want == "-" {
			want = ""
		}
		for q := range strings.SplitSeq(queries, "|") {
			if got := x.Parse(q); string(got.Intent) != want {
				t.Errorf("%q is heard as %q, want %q (topic %d, places %v)", q, got.Intent, want, got.Topic, got.Places)
			}
		}
	}
}

// TestEveryLanguageHasEveryWish: who adds a language of words says all of them in it.
func TestEveryLanguageHasEveryWish(t *testing.T) {
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range append(wishKinds(), "warm", "how_much", "remain") {
			if !strings.Contains(string(text), "\n"+kind+"\t") {
				t.Errorf("%s has no %s", f.Name(), kind)
			}
		}
	}
}
