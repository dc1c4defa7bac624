package esim

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// well are the facts of a shop with no trouble.
func well() ShopFacts {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	usd := func(n int64) Money { return USDTenThousandths(n * 10_000) }
	return ShopFacts{
		Now: now, Started: now.Add(-100 * time.Hour), Vendor: VendorStatus{Balance: usd(100), AsOf: now}, Floor: usd(20),
		Sweep: now.Add(-time.Hour), Reconciled: now.Add(-time.Minute), DiskKnown: true, DiskFree: 1 << 30, Backup: now.Add(-time.Hour),
		Stars: StarsReserveStatus{Balance: Stars(100), Owed: Stars(10), Booked: Stars(100), AsOf: now},
	}
}

func TestWhatStaffHaveToKnow(t *testing.T) {
	t.Parallel()
	usd := func(n int64) Money { return USDTenThousandths(n * 10_000) }
	for _, tt := range []struct {
		name   string
		change func(f *ShopFacts)
		want   string // the concerns that are not well, "!" behind the gravest
	}{
		{"all is well", func(*ShopFacts) {}, ""},
		{"the vendor is silent", func(f *ShopFacts) { f.Vendor.Down = true }, "vendor!"},
		{"the balance nears the floor", func(f *ShopFacts) { f.Vendor.Balance = usd(39) }, "balance"},
		{"it is below: nothing is sold", func(f *ShopFacts) { f.Vendor.Balance = usd(15) }, "floor!"},
		{"it is not known yet", func(f *ShopFacts) { f.Vendor = VendorStatus{} }, ""},
		{"Telegram sends nothing", func(f *ShopFacts) { f.Updates = "conflict" }, "updates!"},
		{"the vendor sends nothing", func(f *ShopFacts) { f.Events = "not registered" }, "events"},
		{"and cannot", func(f *ShopFacts) { f.Events, f.NoEvents = "not registered", true }, ""},
		{"the sweep fails", func(f *ShopFacts) { f.Sweep = f.Now.Add(-4 * time.Hour) }, "sweep"},
		{"the program has just begun", func(f *ShopFacts) { f.Sweep, f.Reconciled, f.Started = time.Time{}, time.Time{}, f.Now }, ""},
		{"two orders are late", func(f *ShopFacts) { f.Late = 2 }, ""},
		{"many are", func(f *ShopFacts) { f.Late = 3 }, "late"},
		{"the books have a fault", func(f *ShopFacts) { f.Faults = 1 }, "reconcile"},
		{"nothing is compared", func(f *ShopFacts) { f.Reconciled = f.Now.Add(-2 * time.Hour) }, "reconcile"},
		{"the Stars were withdrawn", func(f *ShopFacts) { f.Stars.Balance = Stars(5) }, "stars"},
		{"affiliates get a part of the Stars", func(f *ShopFacts) { f.Affiliate = 100 }, ""},
		{"and cards are taken beside them", func(f *ShopFacts) { f.Affiliate, f.TakesOtherThanStars = 100, true }, "affiliate"},
		{"cards alone", func(f *ShopFacts) { f.TakesOtherThanStars = true }, ""},
		{"the disk fills up", func(f *ShopFacts) { f.DiskFree = 150 << 20 }, "disk"},
		{"it is nearly full", func(f *ShopFacts) { f.DiskFree = 10 << 20 }, "disk!"},
		{"the copy is old", func(f *ShopFacts) { f.Backup = f.Now.Add(-72 * time.Hour) }, "backup"},
		{"there is no copy that we know of", func(f *ShopFacts) { f.Backup = time.Time{} }, ""},
	} {
		f := well()
		tt.change(&f)
		var got []string
		for _, s := range lookAt(f, nil) {
			switch s.Severity {
			case SeverityWarning:
				got = append(got, string(s.Concern))
			case SeverityCritical:
				got = append(got, string(s.Concern)+"!")
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %q", tt.name, got, tt.want)
		}
	}
}

// memory is a store of one value, and of what was told.
type memory struct {
	value string
	told  []string
	full  bool
}

func (m *memory) Setting(context.Context, string) (string, error) {
	if m.value == "" {
		return "", ErrNotFound
	}
	return m.value, nil
}

func (m *memory) SetAndTell(_ context.Context, _, value string, told []Notification) error {
	if m.full {
		return errors.New("the disk is full")
	}
	m.value = value
	for _, n := range told {
		m.told = append(m.told, string(n.Kind)+" "+n.Note)
	}
	return nil
}

// Each trouble is told once and its end once, over restarts, and not each time that something moves around a limit.
func TestATroubleIsToldOnceAndItsEndOnce(t *testing.T) {
	t.Parallel()
	f := well()
	m := &memory{}
	newWatch := func() *ShopWatch {
		return &ShopWatch{Store: m, Facts: func(context.Context) (ShopFacts, error) { return f, nil }}
	}
	w := newWatch()
	check := func(what string, balance int64, after time.Duration, told ...string) {
		t.Helper()
		f.Now = f.Now.Add(after)
		f.Vendor.Balance, f.Vendor.AsOf = USDTenThousandths(balance*1_000), f.Now
		f.Sweep, f.Reconciled, f.Backup = f.Now, f.Now, f.Now
		m.told = nil
		if err := w.Check(t.Context()); err != nil && !m.full {
			t.Fatal(err)
		}
		if strings.Join(m.told, "; ") != strings.Join(told, "; ") {
			t.Errorf("%s: told %q, want %q", what, m.told, told)
		}
	}
	check("all is well", 1000, time.Minute)
	m.full = true
	check("the disk is full", 390, time.Minute)
	m.full = false
	check("near the floor", 390, time.Minute, "staff_concern balance")
	check("still", 385, time.Minute)
	w = newWatch()
	check("after a restart", 385, time.Minute)
	check("a little more is not enough", 405, time.Hour)
	check("nor is it after a while", 439, time.Hour)
	check("below the floor", 199, time.Minute, "staff_concern floor")
	check("paid in", 1000, time.Minute)
	check("for a moment", 150, time.Minute)
	check("paid in again", 1000, time.Minute)
	check("it is over once it stays so", 1000, 5*time.Minute, "staff_concern_over floor 8", "staff_concern_over balance 131")
	check("and that is told once", 1000, time.Hour)
	check("the next time is another", 390, time.Minute, "staff_concern balance")
}
