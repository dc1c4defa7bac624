package places

import (
	"slices"
	"strings"
	"testing"
)

func TestBracketsStandForAllTheirChoices(t *testing.T) {
	tests := []struct{ column, want string }{
		{"mum", "mum"},
		{"mum|dad", "mum|dad"},
		{"(my,our) (mum,dad) flies", "my mum flies|my dad flies|our mum flies|our dad flies"},
		{"(the,) trip|tour", "the trip| trip|tour"},
		{"go(es,ing)|work(*,shop)", "goes|going|work*|workshop"},
		{"(我,他们)想去", "我想去|他们想去"},
		{"a||b", "a||b"}, // an empty phrase is an error of who reads the kind
	}
	for _, tt := range tests {
		got, err := expand(tt.column)
		if err != nil || !slices.Equal(got, strings.Split(tt.want, "|")) {
			t.Errorf("%q is %q, %v, want %s", tt.column, got, err, tt.want)
		}
	}
}

func TestWrongBracketsAreAnErrorOfTheirLine(t *testing.T) {
	tests := []struct{ column, says string }{
		{"(my,our mum", "not closed"},
		{"(my,our mum|dad)", "not closed"},
		{"my) mum", "not opened"},
		{"(my,our)) mum", "not opened"},
		{"(my,(our,their)) mum", "within a bracket"},
		{"(my) mum", "no choice"},
		{"() mum", "no choice"},
	}
	for _, tt := range tests {
		v := &vocabulary{kinds: map[string]*phrases{"noise": {first: map[string][][]string{}}}, known: map[string]bool{}}
		err := v.read("words/en.tsv", "noise\tmum\nnoise\t"+tt.column+"\n")
		if err == nil || !strings.Contains(err.Error(), "words/en.tsv:2:") || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: error %v, want one of line 2 that says %q", tt.column, err, tt.says)
		}
	}
}

func BenchmarkVocabulary(b *testing.B) {
	languages := spoken(b)
	for b.Loop() {
		if _, err := newVocabulary(languages); err != nil {
			b.Fatal(err)
		}
	}
}
