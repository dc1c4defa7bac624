package esim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// recoverCase is one order as the two neighbours tell it.
type recoverCase struct {
	name    string
	payload string        // of the invoice; "%" stands for the order's id
	age     time.Duration // of the payment
	paid    int           // payments
	back    int           // of them, refunded: the first ones
	rows    []esim.VendorRecord

	state     esim.State // "": no order is made
	esims     int
	note      string // a part of it
	held      int
	orphans   int
	wholesale int64
	balance   int64 // of deferred revenue in Stars, as the books have it
}

func recovered(status esim.ProfileStatus, smdp esim.SMDPStatus, key string) esim.VendorRecord {
	return esim.VendorRecord{
		Profile: esim.Profile{ID: esim.ESIMID("no-" + key + string(status)), IdempotencyKey: "eb-" + key, VendorOrder: "B1", ActivationCode: "LPA:1$a$b", Status: status, SMDPStatus: smdp},
		Plan:    esim.Plan{Code: "JP1", Name: "Japan", Kind: esim.TotalVolume, Data: 1 << 30, Days: 7}, Bought: noon.Add(-40 * 24 * time.Hour),
	}
}

func topUpRow(key, code string, at time.Time) esim.VendorRecord {
	return esim.VendorRecord{Profile: esim.Profile{ID: "t1", IdempotencyKey: "eb-" + key}, TopUp: true, Plan: esim.Plan{Code: code, Data: 1 << 30, Days: 7}, Bought: at}
}

const week = 7 * 24 * time.Hour

// TestRecoverJoinsTwoLists is the table of what becomes of an order whose database is lost.
func TestRecoverJoinsTwoLists(t *testing.T) {
	t.Parallel()
	const id = esim.OrderID("ABCD0001")
	used := recovered(esim.ProfileInUse, esim.SMDPEnabled, "ABCD0001-X")
	untouched := recovered(esim.ProfileGotResource, esim.SMDPReleased, "ABCD0001-X")
	cancelled := recovered(esim.ProfileCancelled, esim.SMDPReleased, "ABCD0001-X")
	another := untouched
	another.ID = "no-2"
	gone := used
	gone.Plan.Code = "OLD9"
	dayPass := used
	dayPass.Plan = esim.Plan{Code: "DAY", Kind: esim.DailyThrottled, Data: 1 << 30, Days: 1}
	legacy := used
	legacy.IdempotencyKey = "eb-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	twice := another
	twice.IdempotencyKey = "eb-ABCD0001-Y"
	one := "%:JP1:1:0"
	for _, tt := range []recoverCase{
		{name: "delivered and used", payload: one, age: week, paid: 1, rows: []esim.VendorRecord{used}, state: esim.StateDelivered, esims: 1, wholesale: 30_000},
		{name: "delivered, untouched, a week old", payload: one, age: week, paid: 1, rows: []esim.VendorRecord{untouched}, state: esim.StateDelivered, esims: 1, wholesale: 30_000},
		{name: "of an hour ago and untouched: its QR goes out again", payload: one, age: time.Hour, paid: 1, rows: []esim.VendorRecord{untouched}, state: esim.StateAllocating, wholesale: 30_000, balance: -300},
		{name: "cancelled and refunded", payload: one, age: week, paid: 1, back: 1, rows: []esim.VendorRecord{cancelled}, state: esim.StateRefunded, esims: 1, wholesale: 30_000},
		{name: "refused by the vendor and refunded", payload: one, age: week, paid: 1, back: 1, state: esim.StateRefunded, wholesale: 30_000},
		{name: "refunded as a kindness", payload: one, age: week, paid: 1, back: 1, rows: []esim.VendorRecord{used}, state: esim.StateRefunded, esims: 1, note: "1 of its eSIMs are not cancelled", wholesale: 30_000},
		{name: "refunded, and live without having been used", payload: one, age: week, paid: 1, back: 1, rows: []esim.VendorRecord{untouched}, state: esim.StateNeedsHuman, esims: 1, note: "live and unused", wholesale: 30_000},
		{name: "paid, and the vendor knows nothing", payload: one, age: week, paid: 1, state: esim.StateNeedsHuman, note: "lists no eSIM", wholesale: 30_000, balance: -300},
		{name: "cancelled and not refunded", payload: one, age: week, paid: 1, rows: []esim.VendorRecord{cancelled}, state: esim.StateNeedsHuman, esims: 1, note: "did not go back", wholesale: 30_000},
		{name: "two of three eSIMs", payload: "%:JP1:3:0", age: week, paid: 1, rows: []esim.VendorRecord{used, another}, state: esim.StateDelivered, esims: 2, note: "1 of its 3 eSIMs", wholesale: 90_000},
		{name: "two of three eSIMs, an hour ago", payload: "%:JP1:3:0", age: time.Hour, paid: 1, rows: []esim.VendorRecord{used, another}, state: esim.StateAllocating, wholesale: 90_000, balance: -300},
		{name: "two eSIMs, one taken back", payload: "%:JP1:2:0", age: week, paid: 1, rows: []esim.VendorRecord{cancelled, another}, state: esim.StateDelivered, esims: 2, note: "store credit", wholesale: 60_000},
		{name: "bought twice: the second is of no order", payload: one, age: week, paid: 1, rows: []esim.VendorRecord{untouched, twice}, state: esim.StateDelivered, esims: 1, orphans: 1, wholesale: 30_000},
		{name: "a plan that is not sold any more", payload: "%:OLD9:1:0", age: week, paid: 1, rows: []esim.VendorRecord{gone}, state: esim.StateDelivered, esims: 1, wholesale: 27_858},
		{name: "a day pass", payload: "%:DAY:1:5", age: week, paid: 1, rows: []esim.VendorRecord{dayPass}, state: esim.StateDelivered, esims: 1, wholesale: 50_000},
		{name: "an invoice of before: the vendor says what it was", payload: "%", age: week, paid: 1, rows: []esim.VendorRecord{used, another}, state: esim.StateDelivered, esims: 2, wholesale: 60_000},
		{name: "an invoice of before, and the vendor does not know it", payload: "%", age: week, paid: 1, held: 1},
		{name: "an invoice of something else", payload: "donation", age: week, paid: 1, held: 1},
		{name: "an invoice of something else, refunded", payload: "donation", age: week, paid: 1, back: 1},
		{name: "paid twice", payload: one, age: week, paid: 2, rows: []esim.VendorRecord{used}, state: esim.StateDelivered, esims: 1, held: 1, wholesale: 30_000},
		{name: "paid twice, and one went back", payload: one, age: week, paid: 2, back: 1, rows: []esim.VendorRecord{used}, state: esim.StateDelivered, esims: 1, wholesale: 30_000},
		{name: "an eSIM under a key of before", payload: one, age: week, paid: 1, rows: []esim.VendorRecord{legacy}, state: esim.StateNeedsHuman, note: "lists no eSIM", orphans: 1, wholesale: 30_000, balance: -300},
		{name: "an eSIM that was paid otherwise", rows: []esim.VendorRecord{used}, orphans: 1},
		{name: "a top-up that the vendor does not know", payload: "%:TOPUP_JP1:1:0:no-1", age: week, paid: 1, state: esim.StateNeedsHuman, note: "no such top-up", wholesale: 30_000, balance: -300},
		{name: "a top-up of an eSIM that nobody has", payload: "%:TOPUP_JP1:1:0:no-1", age: week, paid: 1, rows: []esim.VendorRecord{topUpRow("ABCD0001-X", "TOPUP_JP1", noon)}, state: esim.StateNeedsHuman, note: "to which eSIM", wholesale: 30_000},
		{name: "store credit paid a part", payload: "%:JP1:1:0::100", age: week, paid: 1, rows: []esim.VendorRecord{used}, state: esim.StateDelivered, esims: 1, wholesale: 30_000},
		{name: "store credit paid a part, refunded", payload: "%:JP1:1:0::100", age: week, paid: 1, back: 1, rows: []esim.VendorRecord{cancelled}, state: esim.StateRefunded, esims: 1, note: "1.00 USD of it was store credit", wholesale: 30_000},
		{name: "a top-up, refunded", payload: "%:TOPUP_JP1:1:0:no-1", age: week, paid: 1, back: 1, state: esim.StateRefunded, wholesale: 30_000},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.check(t, id) })
	}
}

func (tt recoverCase) check(t *testing.T, id esim.OrderID) {
	r := esim.Recover(tt.sources(id))
	if len(r.Unexplained) != tt.held || len(r.UnmatchedESIMs) != tt.orphans {
		t.Errorf("held %+v, orphans %+v", r.Unexplained, r.UnmatchedESIMs)
	}
	if tt.state == "" {
		if len(r.Orders) > 0 {
			t.Errorf("an order was made: %+v", r.Orders)
		}
		return
	}
	if len(r.Orders) != 1 || len(r.Customers) != 1 {
		t.Fatalf("%d orders of %d customers", len(r.Orders), len(r.Customers))
	}
	got := r.Orders[0]
	last := got.Events[len(got.Events)-1]
	if needs := tt.state == esim.StateNeedsHuman; needs != last.At.Equal(noon) || !got.Order.Changed.Equal(last.At) {
		t.Errorf("the last event is of %s, the order of %s", last.At, got.Order.Changed)
	}
	if got.Order.State != tt.state || len(got.ESIMs) != tt.esims || !strings.Contains(got.Note, tt.note) || (tt.note == "") != (got.Note == "") {
		t.Errorf("%s with %d eSIMs, %q", got.Order.State, len(got.ESIMs), got.Note)
	}
	if got.Order.Wholesale.Minor != tt.wholesale {
		t.Errorf("it cost %s", got.Order.Wholesale)
	}
	for _, e := range got.ESIMs {
		if e.Customer != ann || e.Order != id {
			t.Errorf("eSIM %s is %d's", e.ID, e.Customer)
		}
	}
	deferred := int64(0)
	for _, b := range got.Books {
		if err := b.Check(); err != nil {
			t.Error(err)
		}
		for _, p := range b.Postings {
			if p.Source == esim.AccountDeferredRevenue {
				deferred -= p.Amount.Minor
			}
			if p.Destination == esim.AccountDeferredRevenue {
				deferred += p.Amount.Minor
			}
		}
	}
	if deferred != tt.balance {
		t.Errorf("deferred revenue is %d", deferred)
	}
	for i, e := range got.Events {
		if i > 0 && (e.From != got.Events[i-1].To || e.At.Before(got.Events[i-1].At)) {
			t.Errorf("history: %+v", got.Events)
		}
	}
	if last := got.Events[len(got.Events)-1]; last.To != got.Order.State {
		t.Errorf("its history ends %s", last.To)
	}
}

func (tt recoverCase) sources(id esim.OrderID) esim.RecoverySources {
	sale := esim.ParseInvoicePayload(strings.ReplaceAll(tt.payload, "%", string(id)))
	s := esim.RecoverySources{
		Records: tt.rows, Now: noon, Pricing: esim.Pricing{MarkupBP: 4000, StarValue: esim.USDTenThousandths(130)},
		Plan: func(code string) (esim.Plan, error) {
			switch code {
			case "JP1":
				return esim.Plan{Code: "JP1", Kind: esim.TotalVolume, Data: 1 << 30, Days: 7, Wholesale: esim.USDTenThousandths(30_000)}, nil
			case "DAY":
				return esim.Plan{Code: "DAY", Kind: esim.DailyThrottled, Days: 1, Wholesale: esim.USDTenThousandths(10_000)}, nil
			}
			return esim.Plan{}, esim.ErrPlanGone
		},
	}
	for i := range tt.paid {
		m := esim.StarTransaction{
			ID: fmt.Sprint("charge-", i), Incoming: true, Amount: esim.Stars(300), Customer: ann, Order: sale.Order, Invoiced: sale,
			At: noon.Add(-tt.age + time.Duration(i)*time.Minute), Name: "Ann", Language: "en",
		}
		s.Stars = append(s.Stars, m)
		if i < tt.back {
			m.Incoming, m.At = false, m.At.Add(time.Minute)
			s.Stars = append(s.Stars, m)
		}
	}
	return s
}

// TestRecoverFindsTheESIMOfATopUp: by the invoice, and for invoices of before by what the line of
// an eSIM shows.
func TestRecoverFindsTheESIMOfATopUp(t *testing.T) {
	t.Parallel()
	at := noon.Add(-week)
	for _, tt := range []struct {
		name, payload string
		both          bool // eSIMs of this customer were topped up in that second
		want          esim.State
	}{
		{"named by the invoice", "ABCD0002:TOPUP_JP1:1:0:no-ABCD0001-XIN_USE", true, esim.StateDelivered},
		{"shown by its line", "ABCD0002:TOPUP_JP1:1:0", false, esim.StateDelivered},
		{"two could be meant", "ABCD0002:TOPUP_JP1:1:0", true, esim.StateNeedsHuman},
	} {
		tc := recoverCase{payload: "%:JP1:2:0", age: 2 * week, paid: 1}
		first := recovered(esim.ProfileInUse, esim.SMDPEnabled, "ABCD0001-X")
		first.Added = []esim.AddedPackage{{PlanCode: "TOPUP_JP1", At: at}}
		second := first
		second.ID = "no-2"
		if !tt.both {
			second.Added = nil
		}
		tc.rows = []esim.VendorRecord{topUpRow("ABCD0002-Z", "TOPUP_JP1", at), second, first}
		s := tc.sources("ABCD0001")
		sale := esim.ParseInvoicePayload(tt.payload)
		s.Stars = append(s.Stars, esim.StarTransaction{ID: "t", Incoming: true, Amount: esim.Stars(300), Customer: ann, Order: sale.Order, Invoiced: sale, At: at})
		r := esim.Recover(s)
		if len(r.Orders) != 2 {
			t.Fatalf("%s: %+v", tt.name, r.Orders)
		}
		got, bought := r.Orders[1].Order, r.Orders[0]
		if got.Kind != esim.TopUp || got.State != tt.want || tt.want == esim.StateDelivered && got.ESIM != first.ID {
			t.Errorf("%s: %s of %s, %s", tt.name, got.Kind, got.ESIM, got.State)
		}
		if got.IdempotencyKey != "eb-ABCD0002-Z" || bought.ESIMs[1].Epoch != 1 {
			t.Errorf("%s: key %s, epochs %d, %d", tt.name, got.IdempotencyKey, bought.ESIMs[0].Epoch, bought.ESIMs[1].Epoch)
		}
	}
}
