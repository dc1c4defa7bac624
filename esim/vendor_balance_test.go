package esim

import (
	"testing"
	"time"
)

// TestCompareVendor: each line is one look at the account, a while after the one before it.
func TestCompareVendor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule  string
		looks [][2]int64 // what the vendor has, what the books say
		after time.Duration
		off   int64
		tells NotificationKind
	}{
		{"the first look is where it begins", [][2]int64{{1000, 0}}, time.Hour, 0, ""},
		{"what the books say was charged is no difference", [][2]int64{{1000, 0}, {900, -100}}, time.Hour, 0, ""},
		{"what came back neither", [][2]int64{{1000, 0}, {900, -100}, {1000, 0}}, time.Hour, 0, ""},
		{"a difference is looked at twice", [][2]int64{{1000, 0}, {700, -100}}, time.Hour, -200, ""},
		{"and then told", [][2]int64{{1000, 0}, {700, -100}, {700, -100}}, time.Hour, -200, StaffBalanceOff},
		{"not before it has lasted", [][2]int64{{1000, 0}, {700, -100}, {700, -100}}, time.Minute, -200, ""},
		{"sales meanwhile change nothing", [][2]int64{{1000, 0}, {700, -100}, {600, -200}}, time.Hour, -200, StaffBalanceOff},
		{"it is told once", [][2]int64{{1000, 0}, {700, -100}, {700, -100}, {700, -100}, {650, -150}}, time.Hour, 0, ""},
		{"the next one is told again", [][2]int64{{1000, 0}, {900, 0}, {900, 0}, {800, 0}, {800, 0}}, time.Hour, -100, StaffBalanceOff},
		{"what the books learn in time is never told", [][2]int64{{1000, 0}, {900, 0}, {900, -100}}, time.Hour, 0, ""},
		{"a deposit is told", [][2]int64{{1000, 0}, {6000, 0}, {6000, 0}}, time.Hour, 5000, StaffDeposit},
		{"a deposit with sales is told by its amount", [][2]int64{{1000, 0}, {5900, -100}, {5800, -200}}, time.Hour, 5000, StaffDeposit},
		{"a difference that grows is looked at twice again", [][2]int64{{1000, 0}, {900, 0}, {800, 0}}, time.Hour, -200, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var last *vendorMark
			now := decideNow
			var off Money
			var told []Notification
			for _, look := range c.looks {
				stored := ""
				if last != nil { // it is read back after a restart
					stored = last.String()
					m, ok := parseVendorMark(stored)
					if !ok {
						t.Fatalf("%q is not read back", stored)
					}
					last = &m
				}
				var next vendorMark
				next, off, told = compareVendor(last, USDTenThousandths(look[0]), USDTenThousandths(look[1]), now)
				last, now = &next, now.Add(c.after)
			}
			if off.Minor != c.off {
				t.Errorf("off by %s, want %d", off, c.off)
			}
			switch {
			case c.tells == "" && len(told) == 0:
			case len(told) != 1 || told[0].Kind != c.tells || told[0].Amount.Minor != max(c.off, -c.off):
				t.Errorf("told %+v", told)
			}
		})
	}
}

func TestVendorBooksAreQuiet(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) time.Time { return decideNow.Add(-d) }
	open := func(s State, change func(*Order)) VendorBooks {
		o := Order{State: s, Changed: ago(time.Hour)}
		if change != nil {
			change(&o)
		}
		return VendorBooks{Open: []Order{o}}
	}
	for _, c := range []struct {
		rule  string
		books VendorBooks
		asOf  time.Time
		want  bool
	}{
		{"nothing ever moved", VendorBooks{}, time.Time{}, true},
		{"a purchase is under way", open(StateOrdering, nil), time.Time{}, false},
		{"an eSIM is being given back", open(StateCancelling, nil), time.Time{}, false},
		{"a purchase is accepted, and in the books", open(StateAllocating, nil), time.Time{}, true},
		{"money is on its way to a customer", open(StateRefunding, nil), time.Time{}, true},
		{"nobody knows whether it was bought", open(StateNeedsHuman, func(o *Order) { o.OutcomeUnknown = true }), time.Time{}, false},
		{"nobody knows what was given back", open(StateNeedsHuman, func(o *Order) { o.Allocated = true }), time.Time{}, false},
		{"nobody has known it for a day", open(StateNeedsHuman, func(o *Order) { o.OutcomeUnknown, o.Changed = true, ago(day) }), time.Time{}, true},
		{"nor what was given back", open(StateNeedsHuman, func(o *Order) { o.Allocated, o.Changed = true, ago(day) }), time.Time{}, true},
		{"a purchase has no answer for a day", open(StateOrdering, func(o *Order) { o.Changed = ago(day) }), time.Time{}, true},
		{"a human decides on what was never bought", open(StateNeedsHuman, nil), time.Time{}, true},
		{"it moved a moment ago", VendorBooks{Moved: ago(59 * time.Second)}, time.Time{}, false},
		{"it moved a while ago", VendorBooks{Moved: ago(time.Minute)}, time.Time{}, true},
		{"the vendor's figure is newer than that", VendorBooks{Moved: ago(time.Hour)}, ago(time.Minute), true},
		{"the vendor's figure is of that moment", VendorBooks{Moved: ago(time.Hour)}, ago(time.Hour + time.Second), true},
		{"the vendor's figure is older", VendorBooks{Moved: ago(time.Hour)}, ago(2 * time.Hour), false},
		{"the clock was set back", VendorBooks{Moved: ago(-time.Hour)}, time.Time{}, true},
	} {
		if got := c.books.quiet(decideNow, c.asOf); got != c.want {
			t.Errorf("%s: quiet %t", c.rule, got)
		}
	}
}
