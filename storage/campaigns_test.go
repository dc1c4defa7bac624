package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// A campaign is counted from who pressed Start to what stayed after refunds; what they bought before they came is not its.
func TestCampaigns(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	deliver := func(id esim.OrderID, customer esim.CustomerID, quantity int) {
		t.Helper()
		o := order(id, customer, quantity)
		o.Created, o.NextAt = db.now(), db.now().Add(time.Hour)
		add(t, db, o)
		_, _, err := db.BookPayment(t.Context(), payment("charge-"+string(id), o), nil, nil)
		must(t, err)
		move(t, db, id, esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
	}
	for _, id := range []esim.CustomerID{ann, bob, carol} {
		meet(t, db, id)
	}
	deliver("BEFORE01", ann, 1)
	c.move(time.Hour)
	for _, id := range []esim.CustomerID{ann, bob, carol} {
		get(db.AddArrival(t.Context(), esim.Arrival{Customer: id, Kind: esim.ArrivalByCampaign, Code: "spring", At: db.now()}))(t)
	}
	get(db.AddArrival(t.Context(), esim.Arrival{Customer: ann, Kind: esim.ArrivalByReferral, Code: "x", At: db.now()}))(t)
	deliver("ORDER001", ann, 1)
	deliver("ORDER002", ann, 2)
	deliver("ORDER003", bob, 1)
	add(t, db, order("UNPAID01", carol, 1))
	move(t, db, "ORDER003", esim.StateDelivered, esim.StateCancelling, esim.StateRefunding)
	all := get(db.Campaigns(t.Context(), noon, 10))(t)
	want := esim.Campaign{Name: "spring", Starts: 3, Buyers: 2, Sales: esim.SalesSummary{
		Orders: 3, Retail: esim.USDCents(4 * 130), Refunded: esim.USDCents(130), Cost: esim.USDTenThousandths(3 * 8_000), Margin: esim.USDTenThousandths(3 * (13_000 - 8_000)),
	}}
	if len(all) != 1 || all[0] != want {
		t.Errorf("got  %+v\nwant %+v", all, want)
	}
	if later := get(db.Campaigns(t.Context(), db.now().Add(time.Hour), 10))(t); len(later) != 0 {
		t.Errorf("since later: %+v", later)
	}
}
