package storage

import (
	"context"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// earned is what the books say that a period earned.
func earned(t testing.TB, db *DB, p esim.Period) esim.SalesReport {
	t.Helper()
	sum := esim.NewSalesSummarizer(p)
	for line, err := range db.EarnedLines(t.Context(), p) {
		must(t, err)
		sum.Add(line)
	}
	return sum.Report()
}

// The index has the accounts written out, and so has the query.
func TestTheIndexOfEarningsHasAllTheirAccounts(t *testing.T) {
	t.Parallel()
	for _, a := range esim.EarnedAccounts() {
		if !strings.Contains(earnedAccounts, "'"+string(a)+"'") {
			t.Errorf("%s is not read", a)
		}
	}
	if n := strings.Count(earnedAccounts, "'") / 2; n != len(esim.EarnedAccounts()) {
		t.Errorf("%d accounts are read", n)
	}
}

func TestFunnelCountsWhoCameHowFar(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	today := esim.DayOf(noon, time.UTC)
	visits := esim.VisitCounter{Store: db, Now: c.now}
	meet(t, db, ann)
	meet(t, db, bob)
	for range 3 { // each counts once a day
		visits.Count(ann, esim.StepArrived)
		visits.Count(bob, esim.StepArrived)
		visits.Count(ann, esim.StepPlan)
	}
	must(t, visits.Flush(t.Context()))
	must(t, visits.Flush(t.Context())) // nothing is counted twice
	c.move(time.Hour)
	visits.Count(bob, esim.StepPlan)
	must(t, visits.Flush(t.Context()))
	add(t, db, order("ORDER001", ann, 1))
	paid(t, db, "ORDER002", ann, 1)
	paid(t, db, "ORDER003", bob, 1)
	move(t, db, "ORDER003", esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
	want := esim.Funnel{New: 2, Arrived: 2, Plan: 2, Invoices: 3, Paid: 2, Delivered: 1}
	if got := get(db.Funnel(t.Context(), today))(t); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := get(db.Funnel(t.Context(), today.Before()))(t); got != (esim.Funnel{}) {
		t.Errorf("the day before %+v", got)
	}
	c.move(24 * time.Hour)
	visits.Count(ann, esim.StepArrived)
	must(t, visits.Flush(t.Context()))
	if got := get(db.Funnel(t.Context(), esim.DayOf(c.now(), time.UTC)))(t); got.Arrived != 1 || got.Plan != 0 {
		t.Errorf("the next day %+v", got)
	}
}

// What cannot be stored is not forgotten.
func TestVisitsWaitForADiskThatIsFull(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	visits := esim.VisitCounter{Store: db, Now: c.now}
	visits.Count(ann, esim.StepArrived)
	ended, end := context.WithCancel(t.Context())
	end()
	if visits.Flush(ended) == nil {
		t.Fatal("stored")
	}
	visits.Count(bob, esim.StepArrived)
	must(t, visits.Flush(t.Context()))
	if got := get(db.Funnel(t.Context(), esim.DayOf(noon, time.UTC)))(t); got.Arrived != 2 {
		t.Errorf("%+v", got)
	}
}
