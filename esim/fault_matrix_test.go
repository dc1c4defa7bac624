package esim_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// codes are all error codes of the vendor that are known (esim-access-api.md, section 4),
// and one that nobody knows.
var codes = strings.Fields(`000001 000101 000102 000103 000104 000105 000106 000107 101001 101002 101003 101013 200002 200005 200006
	200007 200008 200009 200010 200011 310201 310211 310221 310231 310241 310242 310243 310251 310272 310402 310403 310404
	400001 401001 900001 777777`)

// breaks are all ways in which one exchange can fail, beside the codes.
func breaks(endpoint string) map[string]sandbox.Fault {
	all := map[string]sandbox.Fault{
		"request lost":   {Kind: sandbox.LoseRequest},
		"answer lost":    {Kind: sandbox.LoseAnswer},
		"502":            {Kind: sandbox.BadGateway},
		"502 after work": {Kind: sandbox.BadGateway, Worked: true},
		"cut body":       {Kind: sandbox.CutBody},
		"too fast":       {Kind: sandbox.RateBurst},
	}
	for _, c := range codes {
		all[c] = sandbox.Fault{Kind: sandbox.Refuse, Code: c}
	}
	for name, f := range all {
		f.Endpoint = endpoint
		all[name] = f
	}
	return all
}

// A faultCall is one call of a journey that is broken.
type faultCall struct {
	name     string
	endpoint string
	// begin pays for something and returns the order; the fault strikes after it.
	begin func(t *rig) esim.Order
}

var faultCalls = []faultCall{
	{"buy, esim order", "esim/order", func(t *rig) esim.Order { return t.paid(t.plan(), 1, 0) }},
	{"buy, esim query", "esim/query", func(t *rig) esim.Order { return t.paid(t.plan(), 1, 0) }},
	{"top-up, esim topup", "esim/topup", func(t *rig) esim.Order { return t.topUpPaid() }},
	{"top-up, package list", "package/list", func(t *rig) esim.Order { return t.topUpPaid() }},
	{"top-up, esim query", "esim/query", func(t *rig) esim.Order { return t.topUpPaid() }},
	{"cancel, esim cancel", "esim/cancel", func(t *rig) esim.Order { return t.cancelBegun() }},
	{"cancel, esim query", "esim/query", func(t *rig) esim.Order { return t.cancelBegun() }},
}

func (t *rig) topUpPaid() esim.Order {
	t.Helper()
	_, esims := t.bought(t.withTopUps(false), 1, 0)
	o, err := t.requestTopUp(esims[0], esim.MethodStars)
	t.Must(err)
	t.pay(o, "charge-"+string(o.ID))
	return o
}

func (t *rig) cancelBegun() esim.Order {
	t.Helper()
	o, _ := t.bought(t.plan(), 1, 0)
	t.Must(t.Canceller.Begin(t.Context(), o.ID, nil))
	return o
}

// TestFaultMatrix breaks every call of every journey in every way: once, and (behind
// the tag soak, since that takes minutes) for two hours. However that goes, the order ends: delivered, refunded, or, where only
// the vendor can say what happened and does not, in the hands of staff who were told.
// Nothing is left that no worker looks at, nothing is bought twice, and the books agree.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	var table faultTable
	t.Cleanup(func() { t.Log("\n" + table.String()) })
	for _, call := range faultCalls {
		t.Run(call.name, func(t *testing.T) {
			t.Parallel()
			ways := breaks(call.endpoint)
			r := newRig(t, sandbox.Options{RepeatedOrder: sandbox.Refuse310402})
			r.Vendor.SetBalance(1e12)
			r.Must(r.Monitor.Check(t.Context()))
			for n, way := range slices.Sorted(maps.Keys(ways)) {
				if testing.Short() && n%4 != 0 {
					continue // the race detector needs some of them, not all
				}
				var end [2]string
				for i, count := range failures {
					f := ways[way]
					f.Count = count
					t.Run(fmt.Sprintf("%s/%d", way, count), func(t *testing.T) {
						end[i] = r.runFault(t, call, f)
					})
				}
				table.add(call.name, way, end)
			}
		})
	}
}

// runFault breaks one call of one journey and returns where its order ended.
func (r *rig) runFault(t *testing.T, call faultCall, f sandbox.Fault) string {
	r.Vendor.Advance(2 * time.Hour) // a plan that was sold out is sold again
	o := call.begin(r)
	before := r.Vendor.Charged(o.IdempotencyKey)
	mend := r.Vendor.Break(f)
	r.settle(2 * time.Hour)
	mend()
	r.settle(2 * time.Hour) // a vendor that is well again
	_, err := r.Reconciler.Run(t.Context(), true)
	r.Must(err)
	r.settle(time.Hour)

	now := r.order(o.ID)
	switch now.State {
	case esim.StateDelivered, esim.StateRefunded:
	case esim.StateNeedsHuman:
		if !slices.ContainsFunc(r.sent, func(n esim.Notification) bool { return n.Kind == esim.StaffNeedsHuman && n.Order == o.ID }) {
			t.Errorf("it needs a human and nobody was told: %s", now.Reason)
		}
	default:
		t.Errorf("stuck in %s: %s", now.State, now.Reason)
	}
	if n := r.Vendor.Charged(o.IdempotencyKey); n > 1 {
		t.Errorf("bought %d times", n)
	} else if now.State == esim.StateRefunded && n > before && now.Kind == esim.TopUp {
		t.Errorf("refunded, and bought %d times", n)
	}
	back := 0
	for _, p := range r.bank.returned {
		if p.Order == o.ID {
			back++
		}
	}
	if now.State == esim.StateRefunded && back != 1 || now.State == esim.StateDelivered && back != 0 {
		t.Errorf("%s, and money went back %d times", now.State, back)
	}
	r.booksAgree()
	if t.Failed() {
		t.Logf("unsure %t, attempts %d, reports %v", now.OutcomeUnknown, now.Attempts, r.reports)
	}
	return string(now.State)
}

// A faultTable gathers the ways of failing that end alike.
type faultTable struct {
	mu   sync.Mutex
	rows []faultRow
	ways map[faultRow][]string
}

type faultRow struct {
	call string
	ends [2]string // after one failure, after two hours of them
}

func (f *faultTable) add(call, way string, ends [2]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row := faultRow{call, ends}
	if f.ways[row] == nil {
		f.rows = append(f.rows, row)
	}
	if f.ways == nil {
		f.ways = map[faultRow][]string{}
	}
	f.ways[row] = append(f.ways[row], way)
}

// String draws the table.
func (f *faultTable) String() string {
	var b strings.Builder
	b.WriteString("| call | how it fails | once | for two hours |\n|---|---|---|---|\n")
	for _, r := range f.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.call, strings.Join(f.ways[r], ", "), r.ends[0], r.ends[1])
	}
	return b.String()
}
