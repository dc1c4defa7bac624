package storage

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"esimbot/esim"
)

func TestHurry(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	tests := []struct {
		name   string
		states []esim.State // of a paid order
		err    error
	}{
		{"paid", []esim.State{esim.StatePaid}, nil},
		{"ordering", []esim.State{esim.StatePaid, esim.StateOrdering}, nil},
		{"allocating", []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating}, nil},
		{"cancelling", []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateCancelling}, nil},
		{"refunding: its payment", []esim.State{esim.StatePaid, esim.StateRefunding}, nil},
		{"delivered", []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered}, esim.ErrConflict},
		{"needs a human", []esim.State{esim.StatePaid, esim.StateNeedsHuman}, esim.ErrConflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			o := paid(t, db, "ORDER001", ann, 1)
			move(t, db, o.ID, tt.states...)
			end := tt.states[len(tt.states)-1]
			if end == esim.StateRefunding {
				must(t, db.RefundFailed(t.Context(), "charge-ORDER001", 3, later, "no answer", nil))
			} else {
				o.State, o.NextAt = end, later
				must(t, db.NoteWork(t.Context(), o, nil))
			}
			if err := db.ExpediteOrder(t.Context(), o.ID, esim.AuditEntry{Who: 7, What: "retry"}); !errors.Is(err, tt.err) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			due, _, err := db.OrdersDue(t.Context(), []esim.State{end}, noon, 10)
			must(t, err)
			refunds := get(db.RefundsDue(t.Context(), noon, 10))(t)
			if got := len(refunds) > 0 || end != esim.StateRefunding && len(due) > 0; got != (tt.err == nil) {
				t.Errorf("%d orders and %d refunds are due", len(due), len(refunds))
			}
			entries := get(db.AuditEntries(t.Context(), o.ID, 10))(t)
			if (len(entries) == 1) != (tt.err == nil) {
				t.Errorf("acts %v", entries)
			}
		})
	}
	db, _ := open(t)
	if err := db.ExpediteOrder(t.Context(), "NOORDER1", esim.AuditEntry{}); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("an order that does not exist: %v", err)
	}
}

// What an order waits for that has its eSIMs is its message.
func TestHurryOfAnOrderThatWaitsForItsMessage(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	allocated(t, db, "ORDER001", ann, 1)
	due := func() int {
		all, _, err := db.DueMessages(t.Context(), noon, 10)
		must(t, err)
		n := 0
		for _, d := range all {
			if d.Kind == esim.NotifyQR {
				n++
			}
		}
		return n
	}
	get(db.writer.conn.ExecContext(t.Context(), `UPDATE outbox SET next_at = ? WHERE kind = 'qr'`, noon.Add(time.Hour).UnixMilli()))(t)
	before := due()
	must(t, db.ExpediteOrder(t.Context(), "ORDER001", esim.AuditEntry{What: "retry"}))
	if after := due(); before != 0 || after != 1 {
		t.Errorf("%d QR messages due before, %d after", before, after)
	}
}

func TestOrdersBeingTakenBackAreDueThoughTheyHaveTheirESIMs(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	for _, s := range []esim.State{esim.StateAllocating, esim.StateCancelling, esim.StateNeedsHuman} {
		id := esim.OrderID("ORDER-" + s[:2])
		allocated(t, db, id, ann, 1)
		if s != esim.StateAllocating {
			move(t, db, id, esim.StateAllocating, s)
		}
		due, _, err := db.OrdersDue(t.Context(), []esim.State{s}, noon, 10)
		must(t, err)
		if want := s != esim.StateAllocating; (len(due) == 1) != want {
			t.Errorf("%s: %d due", s, len(due))
		}
	}
	_, next, err := db.OrdersDue(t.Context(), []esim.State{esim.StateCancelling}, noon.Add(-time.Minute), 10)
	must(t, err)
	if next != noon {
		t.Errorf("next is %v", next)
	}
}

func TestOfTwoRefundsByStaffOneHappens(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	errs := make(chan error, 2)
	for who := range 2 {
		go func() {
			m := o.TransitionTo(esim.StateRefunding, "test", noon)
			m.Audit = &esim.AuditEntry{Who: esim.CustomerID(who), What: "refund"}
			errs <- db.ApplyTransition(t.Context(), m)
		}()
	}
	if a, b := <-errs, <-errs; (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), esim.ErrConflict) {
		t.Errorf("%v, %v", a, b)
	}
	if entries := get(db.AuditEntries(t.Context(), o.ID, 10))(t); len(entries) != 1 || entries[0].Order != o.ID {
		t.Errorf("acts %v", entries)
	}
}

func TestActComesBackAsItWas(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	a := esim.AuditEntry{
		At: noon, Who: 7, ApprovedBy: 8, What: "grant", Order: "ORDER001", ESIM: "T1", Customer: ann, Amount: esim.USDCents(5), Why: "sorry", Before: "1", After: "2",
		WhoName: "Olga", ApprovedByName: "Mia", CustomerName: "person 42",
	}
	noZero(t, reflect.ValueOf(a), "AuditEntry")
	meet(t, db, ann)
	must(t, db.NoteStaffName(t.Context(), 7, a.WhoName))
	must(t, db.NoteStaffName(t.Context(), 8, a.ApprovedByName))
	must(t, db.AddAuditEntry(t.Context(), a))
	must(t, db.AddAuditEntry(t.Context(), esim.AuditEntry{What: "other"}))
	if got := get(db.AuditEntries(t.Context(), "ORDER001", 10))(t); !reflect.DeepEqual(got, []esim.AuditEntry{a}) {
		t.Errorf("%+v", got)
	}
	if got := get(db.AuditEntries(t.Context(), "", 1))(t); len(got) != 1 || got[0].What != "other" || got[0].At != noon {
		t.Errorf("the newest is %+v", got)
	}
}

func TestCustomerUsage(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	paid(t, db, "OLD00001", ann, 1)
	c.move(time.Hour)
	add(t, db, order("UNPAID01", ann, 1))
	for _, id := range []esim.OrderID{"KEPT0001", "BACK0001", "GONE0001"} {
		o := add(t, db, order(id, ann, 2))
		p := payment("charge-"+string(id), o)
		p.At = c.now()
		_, _, err := db.BookPayment(t.Context(), p, nil, nil)
		must(t, err)
	}
	move(t, db, "BACK0001", esim.StatePaid, esim.StateRefunding)
	move(t, db, "GONE0001", esim.StatePaid, esim.StateRefunding)
	goesBack(t, db, "charge-GONE0001", esim.Money{})
	if got := get(db.CustomerUsage(t.Context(), ann, noon.Add(time.Minute)))(t); got != (esim.CustomerUsage{Orders: 1, Spent: esim.USDCents(260)}) {
		t.Errorf("%+v", got)
	}
	if got := get(db.CustomerUsage(t.Context(), ann, noon))(t); got.Orders != 2 {
		t.Errorf("since noon: %+v", got)
	}
	if got := get(db.CustomerUsage(t.Context(), bob, noon))(t); got != (esim.CustomerUsage{Spent: esim.USDCents(0)}) {
		t.Errorf("somebody unknown: %+v", got)
	}
	for _, blocked := range []bool{true, true, false} {
		must(t, db.SetBlocked(t.Context(), ann, blocked, esim.AuditEntry{What: "block"}))
		if got := get(db.CustomerUsage(t.Context(), ann, noon))(t); got.Blocked != blocked {
			t.Errorf("blocked: %v, want %v", got.Blocked, blocked)
		}
	}
	if entries := get(db.AuditEntries(t.Context(), "", 9))(t); len(entries) != 3 || entries[0].Customer != ann {
		t.Errorf("acts %v", entries)
	}
	if err := db.SetBlocked(t.Context(), bob, true, esim.AuditEntry{}); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody unknown: %v", err)
	}
}

func TestESIMsByICCID(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	allocated(t, db, "ORDER001", ann, 1) // all eSIMs of allocated have one ICCID, as the vendor's used ones may
	for _, tt := range []struct {
		name, text string
		want       int
	}{
		{"whole", "8943108170000000001", 1},
		{"its end", "0001", 1},
		{"too short", "001", 0},
		{"nothing", "", 0},
		{"its beginning", "8943", 0},
		{"a pattern", "%0001", 0},
		{"another", "9999", 0},
	} {
		if got := get(db.ESIMsByICCID(t.Context(), tt.text))(t); len(got) != tt.want {
			t.Errorf("%s: %d found, want %d", tt.name, len(got), tt.want)
		}
	}
	if _, err := db.ESIM(t.Context(), "unknown"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("an eSIM that does not exist: %v", err)
	}
}

func TestPaymentsOf(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := bought(t, db, esim.MethodProvider, esim.USDCents(130), esim.USDCents(4))
	second := payment("second", o)
	second.At = noon.Add(time.Second)
	_, _, err := db.BookPayment(t.Context(), second, nil, nil)
	must(t, err)
	for _, d := range get(db.RefundsDue(t.Context(), noon, 10))(t) {
		if d.Retail != o.Retail || d.Fee != (esim.Money{}) {
			t.Errorf("due: retail %s, fee %s", d.Retail, d.Fee)
		}
	}
	goesBack(t, db, "second", esim.USDCents(130))
	got := get(db.PaymentsOf(t.Context(), o.ID))(t)
	if len(got) != 2 || got[0].Status != "kept" || got[0].Fee != esim.USDCents(4) || got[0].Surplus || got[0].Amount != o.Price || got[0].At != noon {
		t.Fatalf("first %+v", got)
	}
	if p := got[1]; p.Status != "refunded" || !p.Surplus || p.Credited != esim.USDCents(130) || p.Refunded != noon || p.Payment != second {
		t.Errorf("second %+v", p)
	}
}

func TestEarningsAreReadFromTheBooks(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	deliver := func(id esim.OrderID) {
		paid(t, db, id, ann, 1)
		move(t, db, id, esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
	}
	deliver("OLD00001")
	c.move(time.Hour)
	paid(t, db, "OPEN0001", ann, 1)
	deliver("SOLD0001")
	move(t, db, "SOLD0001", esim.StateDelivered, esim.StateCancelling, esim.StateDelivered)
	deliver("BACK0001")
	move(t, db, "BACK0001", esim.StateDelivered, esim.StateRefunding)
	deliver("GONE0001")
	move(t, db, "GONE0001", esim.StateDelivered, esim.StateCancelling, esim.StateRefunding)
	want := esim.Earnings{
		Orders: 4, Sales: esim.USDTenThousandths(52_000), Refunds: esim.USDTenThousandths(0), Cost: esim.USDTenThousandths(24_000),
		Fees: esim.USDTenThousandths(0), Given: esim.USDTenThousandths(0),
	}
	all := esim.DayOf(noon, time.UTC)
	if got := earned(t, db, all); got.Total != want || got.Days[0] != want || len(got.Places) != 1 || got.Places[0].Of.Location != "JP" {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := earned(t, db, all.Before()); !got.Total.IsZero() {
		t.Errorf("the day before earned %+v", got.Total)
	}
	if got := get(db.OpenByState(t.Context()))(t); got[esim.StatePaid] != 1 || got[esim.StateRefunding] != 2 || len(got) != len(openStates) {
		t.Errorf("open %v", got)
	}
}

func TestStaffWakeTheWorkerOfAnOrder(t *testing.T) {
	t.Parallel()
	woken := 0
	db := openAt(t, filepath.Join(t.TempDir(), "esimbot.db"), Options{OrderPaid: func() { woken++ }})
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	move(t, db, o.ID, esim.StatePaid, esim.StateOrdering, esim.StateNeedsHuman)
	if woken != 1 {
		t.Errorf("woken %d times by a payment", woken)
	}
	move(t, db, o.ID, esim.StateNeedsHuman, esim.StateOrdering)
	must(t, db.ExpediteOrder(t.Context(), o.ID, esim.AuditEntry{What: "retry"}))
	if woken != 3 {
		t.Errorf("woken %d times, want once more for each", woken)
	}
}
