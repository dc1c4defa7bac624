package storage

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/esim"
)

func vendorEvent(id string, at time.Time) esim.VendorEvent {
	return esim.VendorEvent{ID: id, Kind: "ESIM_STATUS", VendorOrder: "B1", IdempotencyKey: "eb-1", ESIM: "T1", Received: at}
}

func addVendorEvent(t testing.TB, db *DB, h esim.VendorEvent) {
	t.Helper()
	if !get(db.AddVendorEvent(t.Context(), h))(t) {
		t.Errorf("vendor event %s is no news", h.ID)
	}
}

func vendorEventsDue(t testing.TB, db *DB, now time.Time, limit int) (ids []string, next time.Time) {
	t.Helper()
	due, next, err := db.DueVendorEvents(t.Context(), now, limit)
	must(t, err)
	for _, h := range due {
		ids = append(ids, h.ID)
	}
	return ids, next
}

func TestACopyOfAVendorEventIsNoNews(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	var fresh atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			ok, err := db.AddVendorEvent(t.Context(), vendorEvent("n1", noon))
			if err != nil {
				t.Error(err)
			}
			if ok {
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	if n := fresh.Load(); n != 1 {
		t.Errorf("new %d times", n)
	}
	must(t, db.VendorEventDone(t.Context(), "n1", noon))
	if get(db.AddVendorEvent(t.Context(), vendorEvent("n1", noon.Add(time.Hour))))(t) {
		t.Error("a copy of an event that was looked into is new")
	}
	if ids, next := vendorEventsDue(t, db, noon.Add(day), 10); ids != nil || !next.IsZero() {
		t.Errorf("due %v, next %s", ids, next)
	}
}

func TestVendorEventsDue(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	want := vendorEvent("a", noon)
	want.Attempts = 2
	addVendorEvent(t, db, want)
	addVendorEvent(t, db, vendorEvent("b", noon.Add(time.Second)))
	addVendorEvent(t, db, vendorEvent("c", noon.Add(time.Hour)))
	due, _, err := db.DueVendorEvents(t.Context(), noon, 10)
	must(t, err)
	if len(due) != 1 || !reflect.DeepEqual(due[0], want) {
		t.Errorf("due %+v, want %+v", due, want)
	}
	steps := []struct {
		name string
		do   func() error
		ids  []string
		next time.Time
	}{
		{"oldest first", func() error { return nil }, []string{"a", "b"}, noon.Add(time.Hour)},
		{"one is done", func() error { return db.VendorEventDone(t.Context(), "a", noon) }, []string{"b"}, noon.Add(time.Hour)},
		{"one failed", func() error { return db.RescheduleVendorEvent(t.Context(), "b", 1, noon.Add(30*time.Minute), "down") }, nil, noon.Add(30 * time.Minute)},
		{"what is done is not postponed", func() error { return db.RescheduleVendorEvent(t.Context(), "a", 1, noon, "late") }, nil, noon.Add(30 * time.Minute)},
	}
	for _, s := range steps {
		must(t, s.do())
		ids, next := vendorEventsDue(t, db, noon.Add(time.Minute), 10)
		if !reflect.DeepEqual(ids, s.ids) || next != s.next {
			t.Errorf("%s: due %v, next %s", s.name, ids, next)
		}
	}
	if ids, next := vendorEventsDue(t, db, noon.Add(2*time.Hour), 1); len(ids) != 1 || next != noon.Add(2*time.Hour) {
		t.Errorf("of two one is asked for: %v, next %s; want now", ids, next)
	}
}

func TestHurryOrder(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	now := noon.Add(time.Minute)
	waiting := func(id esim.OrderID, states ...esim.State) {
		o := paid(t, db, id, ann, 1)
		for i := range states[1:] {
			o.State = states[i]
			m := o.TransitionTo(states[i+1], "test", noon.Add(time.Hour))
			if m.To == esim.StateAllocating {
				m.VendorOrder = "B-" + string(id)
			}
			must(t, db.ApplyTransition(t.Context(), m))
		}
		o.State, o.NextAt = states[len(states)-1], noon.Add(time.Hour)
		must(t, db.NoteWork(t.Context(), o, nil))
	}
	waiting("PAID0001", esim.StatePaid)
	waiting("ORDERING", esim.StatePaid, esim.StateOrdering)
	waiting("ALLOCAT1", esim.StatePaid, esim.StateOrdering, esim.StateAllocating)
	waiting("REFUND01", esim.StatePaid, esim.StateRefunding)
	allocated(t, db, "DONE0001", ann, 1)
	tests := []struct {
		name, vendorOrder, txID string
		found                   bool
		hurried                 esim.OrderID
	}{
		{"by its key", "", "eb-ORDERING", true, "ORDERING"},
		{"by its number", "B-ALLOCAT1", "", true, "ALLOCAT1"},
		{"not one that nobody has asked for", "", "eb-PAID0001", false, ""},
		{"not one whose money goes back", "", "eb-REFUND01", false, ""},
		{"not one whose eSIMs are here", "B1", "eb-DONE0001", false, ""},
		{"of no order", "B999", "eb-999", false, ""},
		{"no name names nothing", "", "", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if found := get(db.ExpediteByVendorOrder(t.Context(), tt.vendorOrder, tt.txID, now))(t); found != tt.found {
				t.Errorf("found %t", found)
			}
			for _, id := range []esim.OrderID{"PAID0001", "ORDERING", "ALLOCAT1", "REFUND01"} {
				o := get(db.Order(t.Context(), id))(t)
				if id == tt.hurried && o.NextAt != now {
					t.Errorf("%s is due at %s", id, o.NextAt)
				}
				if id != tt.hurried && o.NextAt == now {
					t.Errorf("%s was hurried", id)
				}
				if id == tt.hurried { // an order that is due is not put off
					get(db.ExpediteByVendorOrder(t.Context(), tt.vendorOrder, tt.txID, now.Add(time.Hour)))(t)
					if o := get(db.Order(t.Context(), id))(t); o.NextAt != now {
						t.Errorf("%s was put off to %s", id, o.NextAt)
					}
					must(t, db.NoteWork(t.Context(), esim.Order{ID: id, State: o.State, Wholesale: o.Wholesale, NextAt: noon.Add(time.Hour)}, nil))
				}
			}
		})
	}
}

func BenchmarkAddVendorEvent(b *testing.B) {
	db, _ := open(b)
	i := 0
	for b.Loop() {
		i++
		addVendorEvent(b, db, vendorEvent(fmt.Sprint(i), noon))
	}
}
