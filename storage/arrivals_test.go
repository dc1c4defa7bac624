package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// Of the links by which a customer came the first of each kind stays.
func TestTheFirstArrivalOfEachKindCounts(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	if _, _, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: 101, Chat: 101}); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind  esim.ArrivalKind
		code  string
		first bool
	}{
		{esim.ArrivalByCampaign, "spring", true},
		{esim.ArrivalByCampaign, "summer", false},
		{esim.ArrivalByReferral, "ANN1", true},
		{esim.ArrivalByReferral, "BOB2", false},
		{esim.ArrivalByCampaign, "spring", false},
	} {
		at = at.Add(time.Hour)
		first, err := db.AddArrival(t.Context(), esim.Arrival{Customer: 101, Kind: c.kind, Code: c.code, At: at})
		if err != nil || first != c.first {
			t.Errorf("%s %s: first %t, %v", c.kind, c.code, first, err)
		}
	}
	got, err := db.ArrivalsOf(t.Context(), 101)
	if err != nil || len(got) != 2 || got[0].Code != "spring" || got[1].Code != "ANN1" || got[0].At.Hour() != 13 {
		t.Errorf("arrivals %+v, %v", got, err)
	}
	if _, err := db.AddArrival(t.Context(), esim.Arrival{Customer: 7, Kind: esim.ArrivalByCampaign, Code: "x", At: at}); err == nil {
		t.Error("the arrival of somebody unknown is noted")
	}
}
