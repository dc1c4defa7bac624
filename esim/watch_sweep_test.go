package esim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
)

// unused is an eSIM nobody has installed yet.
func unused(r *farmRow) {
	r.status, r.smdp, r.activated = "GOT_RESOURCE", "RELEASED", time.Time{}
}

// foreign are eSIMs in the account that are not ours to watch (any more).
func foreign(n int) (rows []farmRow) {
	for i := range n {
		rows = append(rows, farmRow{tran: fmt.Sprintf("11%012d", i), status: "USED_EXPIRED"})
	}
	return rows
}

// bigShop is a shop that needs more than a handful of pages: 60 eSIMs in use, and behind
// many that are over 240 that were never installed.
func bigShop(t *testing.T) *fleet {
	f := newFleet(t, 300, func(i int, r *farmRow) {
		if i >= 60 {
			unused(r)
		}
	})
	f.rows = slices.Concat(f.rows[:60], foreign(2_700), f.rows[60:])
	return f
}

// asked checks how often profiles (pages of them, or one) and meters were asked for.
func (f *fleet) asked(t *testing.T, step string, queries, meters int) {
	t.Helper()
	if f.requests["esim/query"] != queries || f.requests["esim/usage/query"] != meters {
		t.Errorf("%s: %v, want %d pages or profiles and %d meters", step, f.requests, queries, meters)
	}
}

func TestTheListingOfManyIsReadEverySixHours(t *testing.T) {
	t.Parallel()
	f := bigShop(t)
	f.sweep(t)
	f.asked(t, "at the start", 6, 6)
	for at := 30 * time.Minute; at < 6*time.Hour; at += 30 * time.Minute {
		f.pass(30 * time.Minute)
		f.sweep(t)
		f.asked(t, fmt.Sprint("after ", at), 0, 6)
	}
	f.pass(30 * time.Minute)
	f.sweep(t)
	f.asked(t, "after six hours", 6, 6)

	f.watcher = &esim.Watcher{Store: f.db, Source: f.watcher.Source, Now: f.time}
	f.sweep(t)
	f.asked(t, "after a restart", 6, 6)
	f.sweep(t)
	f.asked(t, "and again", 0, 6)
	f.pass(-time.Hour)
	f.sweep(t)
	f.asked(t, "the clock was set back", 6, 6)
	f.pass(9 * 24 * time.Hour)
	f.sweep(t)
	f.asked(t, "the clock was set forward", 6, 6)
}

func TestANewESIMIsAskedForAlone(t *testing.T) {
	t.Parallel()
	f := bigShop(t)
	f.sweep(t)
	f.pass(30 * time.Minute)
	fresh := farmRow{tran: "99000000000001", total: 10 * gb, expires: f.time().Add(180 * 24 * time.Hour)}
	unused(&fresh)
	fresh.smdp = "ENABLED"
	f.rows = slices.Insert(f.rows, 0, fresh)
	own(t, f.db, f.rows[:1], 9_000_000)
	rep, _ := f.sweep(t)
	f.asked(t, "one is new", 1, 6)
	if rep.Seen != 1 || rep.Watched != 301 {
		t.Errorf("%+v", rep)
	}
	if e, err := f.db.ESIMOf(t.Context(), ann, esim.ESIMID(fresh.tran)); err != nil || e.SMDPStatus != esim.SMDPEnabled {
		t.Errorf("it is %s, %v", e.SMDPStatus, err)
	}
	f.sweep(t)
	f.asked(t, "it is known", 0, 6)
}

// TestAForgottenESIMDoesNotLeadThroughTheWholeAccount: an account holds everything it
// ever bought, and the vendor may not list what is ours.
func TestAForgottenESIMDoesNotLeadThroughTheWholeAccount(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3, func(_ int, r *farmRow) {})
	ours := slices.Clone(f.rows)
	others := foreign(10_000)
	f.rows = slices.Concat(ours[:2], others)
	rep, _ := f.sweep(t)
	f.asked(t, "one is forgotten", 3, 1) // two pages, and the third by its number
	if rep.Seen != 2 || rep.UsageRead != 2 {
		t.Errorf("%+v", rep)
	}
	f.rows = slices.Concat(others, ours[:1])
	f.pass(time.Hour)
	rep, _ = f.sweep(t)
	f.asked(t, "one is the oldest of all, two are forgotten", 3+3, 1)
	if rep.Seen != 1 {
		t.Errorf("%+v", rep)
	}
}

// TestTheNearerTheOftener: who will soon be warned is metered several times as often as
// who has days left, and both are metered.
func TestTheNearerTheOftener(t *testing.T) {
	t.Parallel()
	const fast = 40
	f := newFleet(t, 3_000, func(i int, r *farmRow) {
		switch {
		case i < fast: // 1.5 GB an hour, and the first warning in three
			r.activated, r.used = noon.Add(-2*time.Hour), 3*gb+gb/2
		case i < 1_000:
			r.used = gb // in five days
		default:
			unused(r)
		}
	})
	looks := map[bool]int{}
	for range 12 {
		f.sweep(t)
		if f.requests["esim/usage/query"] > 60 {
			t.Errorf("%d meters were asked", f.requests["esim/usage/query"])
		}
		for tran, n := range f.usageRead {
			looks[tran < fmt.Sprintf("26%012d", fast)] += n
		}
		f.pass(30 * time.Minute)
		for i := range f.rows[:fast] {
			f.rows[i].used += 3 * gb / 4
		}
	}
	each, slow := float64(looks[true])/fast, float64(looks[false])/(1_000-fast)
	if each < 4 || slow < 1 || slow > 2 {
		t.Errorf("in six hours %.1f looks at each of the fast, %.1f at each of the slow", each, slow)
	}
	warned := 0
	due, _, err := f.db.DueMessages(t.Context(), f.time(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range due {
		if n.Kind == esim.NotifyAlert {
			warned++
		}
	}
	if warned < fast {
		t.Errorf("%d warnings for %d who used up their data", warned, fast)
	}
}

// TestAUsageSourceThatSaysNothingIsNotAskedForEver: some carriers never report.
func TestAUsageSourceThatSaysNothingIsNotAskedForEver(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3_000, func(i int, r *farmRow) {
		if r.used = 1; i < 600 {
			r.used, r.silent = 7*gb, true // nearest of all
		}
	})
	seen := map[string]bool{}
	for range 8 {
		f.sweep(t)
		for tran := range f.usageRead {
			seen[tran] = true
		}
		f.pass(30 * time.Minute)
	}
	if n := len(seen); n < 2_900 {
		t.Errorf("%d of 3000 had their turn, and 600 are silent", n)
	}
}

func TestSweepsAtTheSameTime(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 200, func(i int, r *farmRow) { r.used = r.total * 9 / 10 })
	done := make(chan error)
	for range 3 {
		go func() {
			_, err := f.watcher.Sweep(t.Context())
			done <- err
		}()
		go func() { done <- f.watcher.Refresh(t.Context(), esim.ESIMID(f.rows[7].tran)) }()
	}
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	due, _, err := f.db.DueMessages(t.Context(), f.time(), 1_000)
	if err != nil || len(due) != 200 {
		t.Errorf("%d warnings for 200 eSIMs, %v", len(due), err)
	}
}
