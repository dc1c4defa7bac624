package places

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shown writes the screen that answers a query as testdata/queries.tsv does: "TR 5 30",
// "JP 2/d 7" (2 GB each day), "US+CA", "ask ES", "help". Of a guess only the first counts.
func shown(x *Index, q Query) string {
	var codes []string
	for i, p := range q.Places {
		if q.Guess && i > 0 {
			break
		}
		code := p.Code
		if serving := x.ServedBy(code); len(serving) > 0 {
			code = serving[0]
		}
		codes = append(codes, code)
	}
	where := strings.Join(codes, "+")
	switch q.Topic {
	case Trouble:
		return "help"
	case OwnESIM:
		return "own"
	case Talk:
		return strings.TrimSpace("ask " + where)
	case Unknown:
		return "none"
	}
	if q.Bytes == 0 && q.Days == 0 && !q.Unlimited {
		return where
	}
	data, days := "-", "-"
	size := func(bytes int64) string {
		if bytes < 1<<30 {
			return strconv.FormatInt(bytes>>20, 10) + "m"
		}
		return strconv.FormatFloat(float64(bytes)/(1<<30), 'f', -1, 64)
	}
	switch {
	case q.Unlimited:
		data = "unl"
	case q.Daily > 0:
		data = size(q.Daily) + "/d"
	case q.Bytes > 0:
		data = size(q.Bytes)
	}
	if q.Days > 0 {
		days = strconv.Itoa(q.Days)
	}
	return fmt.Sprintf("%s %s %s", where, data, days)
}

type asked struct{ query, want string }

func corpus(t testing.TB) []asked { return queries(t, "testdata/queries.tsv") }

// queries reads a file whose lines are a screen and the queries that it answers.
func queries(t testing.TB, file string) []asked {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []asked
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		want, queries, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			t.Fatalf("no tab in %q", lines.Text())
		}
		for q := range strings.SplitSeq(queries, "|") {
			all = append(all, asked{q, want})
		}
	}
	return all
}

// TestQueriesLeadToTheirScreens: of what travellers type, 97 of 100 lead to the right screen at
// once, and no cry for help is answered with plans.
func TestQueriesLeadToTheirScreens(t *testing.T) {
	x, all := index(t), corpus(t)
	if len(all) < 600 {
		t.Errorf("only %d queries", len(all))
	}
	wrong := 0
	for _, a := range all {
		got := shown(x, x.Parse(a.query))
		if got == a.want {
			continue
		}
		wrong++
		t.Logf("%q leads to %q, want %q", a.query, got, a.want)
		if a.want == "help" && got != "own" && got != "ask" {
			t.Errorf("the cry for help %q is answered with %q", a.query, got)
		}
	}
	t.Logf("%d of %d queries lead to another screen", wrong, len(all))
	if wrong*100 > len(all)*3 {
		t.Errorf("%d of %d queries lead to the wrong screen", wrong, len(all))
	}
}

// TestTravellersFindTheirScreens: travellers.tsv grew by sets of queries that were written, with the screens that
// should answer them, before the code was tried on them. A screen there may be a wish too, or one "or" another.
func TestTravellersFindTheirScreens(t *testing.T) {
	x, all, wrong := index(t), queries(t, "testdata/travellers.tsv"), 0
	for _, a := range all {
		q := x.Parse(a.query)
		got := shown(x, q)
		if q.Intent != IntentNone {
			got = string(q.Intent)
		}
		if q.Topic == Trouble && (q.Intent == IntentNone || q.Intent == IntentConnect || !strings.Contains(a.want, got)) {
			got = "help"
		}
		if slices.Contains(strings.Split(a.want, " or "), got) {
			continue
		}
		wrong++
		t.Logf("%q leads to %q, want %q", a.query, got, a.want)
		if strings.Contains(a.want, "help") && q.Topic == Destination {
			t.Errorf("the cry for help %q is answered with plans", a.query)
		}
	}
	if wrong*100 > len(all) {
		t.Errorf("%d of %d queries lead to the wrong screen", wrong, len(all))
	}
}

// TestALookUpIsTimed tells how long these queries take; the figure is for people, a busy machine is no fault.
func TestALookUpIsTimed(t *testing.T) {
	x, all := index(t), corpus(t)
	var took []time.Duration
	for _, a := range all {
		start := time.Now()
		x.Parse(a.query)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("median %v, 99%% %v, longest %v", took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
}

func BenchmarkParse(b *testing.B) {
	x, all := index(b), corpus(b)
	for i := 0; b.Loop(); i++ {
		x.Parse(all[i%len(all)].query)
	}
}

// TestNoLostConnectionIsAnsweredWithPlans: what a connection is called and that there is none, in the slang of
// thirteen tongues, a line each. Where it is not heard as a cry it is at least not taken for a misspelt place:
// "internet tot" is not Tel Aviv.
func TestNoLostConnectionIsAnsweredWithPlans(t *testing.T) {
	x := index(t)
	text, err := os.ReadFile("testdata/cries.tsv")
	if err != nil {
		t.Fatal(err)
	}
	all, unheard := strings.FieldsFunc(string(text), func(r rune) bool { return r == '|' || r == '\n' }), 0
	for _, cry := range all {
		switch q := x.Parse(cry); q.Topic {
		case Destination:
			t.Errorf("%q is answered with plans of %s", cry, shown(x, q))
		case Trouble:
		default:
			unheard++
		}
	}
	if len(all) < 1000 || unheard*100 > len(all)*5 {
		t.Errorf("of %d cries %d are not heard", len(all), unheard)
	}
}
