package esim

import (
	"errors"
	"testing"
	"time"
)

// What waits for the old eSIM is looked at again; what cannot be begun is tried for as long as an order
// is held; what is off sends back what was paid.
func TestDecideSwapping(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a    swapAsked
		ago  time.Duration
		want action
	}{
		{"under way", swapAsked{}, time.Minute, doReschedule},
		{"under way for a day", swapAsked{}, day, doReschedule},
		{"the vendor is silent", swapAsked{err: errors.New("no answer")}, time.Minute, doReschedule},
		{"and stays silent", swapAsked{err: errors.New("no answer")}, holdFor, doGiveUp},
		{"off", swapAsked{off: "it is used"}, time.Minute, doGiveUp},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Order{ID: "NEW00001", State: StatePaid, Replaces: "T1", Method: MethodStars, PaidAt: decideNow.Add(-c.ago)}
			d := decideRules.decide(o, c.a, decideNow)
			if d.do != c.want {
				t.Fatalf("%s, want %s", d.do, c.want)
			}
			if off := d.do == doGiveUp; off != d.move.Release || off != (d.move.To == StateRefunding) {
				t.Errorf("moves to %s, what is set aside is free: %t", d.move.To, d.move.Release)
			}
		})
	}
	o := Order{State: StatePaid, Replaces: "T1"}
	if d := decideDue(o, decideNow); d.do != doSwap {
		t.Errorf("before the old eSIM is back: %s", d.do)
	}
	o.SwapDone, o.State = true, StateOrdering
	if d := decideDue(o, decideNow); d.do != doBuy {
		t.Errorf("and after: %s", d.do)
	}
}

// Whatever became of the old eSIM, its worth is with the customer or in the new order, to the cent, and
// what was set aside is never lost.
func TestDecideSwap(t *testing.T) {
	t.Parallel()
	stars := Order{ID: "NEW00001", Customer: 1, State: StatePaid, Replaces: "T1", SwapWorth: USDCents(300), Method: MethodStars, Retail: USDCents(500), Price: Stars(160), Credit: USDCents(300)}
	credit := stars
	credit.Method, credit.Price, credit.Credit, credit.Retail = MethodCredit, USDCents(250), Money{}, USDCents(250)
	both := stars // two dollars of it from the credit that there was
	both.Method, both.Price, both.Credit = MethodCredit, USDCents(500), Money{}
	free := credit
	free.Method, free.Price, free.SwapWorth = MethodFree, USDCents(0), USDCents(0)
	ended := stars
	ended.State = StateRefunding
	for _, c := range []struct {
		name     string
		f        SwapFacts
		to       State // "": it stays
		payments int
		told     int64 // cents of store credit
	}{
		{"the difference was paid", SwapFacts{Order: stars, Back: true, Worth: USDCents(300)}, StateOrdering, 1, 0},
		{"it is cheaper", SwapFacts{Order: credit, Back: true, Worth: USDCents(300)}, StateOrdering, 1, 50},
		{"credit pays the difference", SwapFacts{Order: both, Back: true, Worth: USDCents(300), Reserve: Reserve{USDCents(200), 1}}, StateOrdering, 1, 0},
		{"both cost nothing", SwapFacts{Order: free, Back: true, Worth: USDCents(0)}, StateOrdering, 1, 0},
		{"it became less than it was worth", SwapFacts{Order: stars, Back: true, Worth: USDCents(299)}, StateRefunding, 0, 299},
		{"its money is back elsewhere", SwapFacts{Order: stars, Back: true, Worth: USDCents(0)}, StateRefunding, 0, 0},
		{"it stays", SwapFacts{Order: stars, Worth: USDCents(0)}, StateRefunding, 0, 0},
		{"staff ended the swap", SwapFacts{Order: ended, Back: true, Worth: USDCents(300)}, "", 0, 300},
		{"the new order is unknown", SwapFacts{Back: true, Worth: USDCents(300)}, "", 0, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f.ID, c.f.Old = "NEW00001", Order{ID: "OLD00001", Customer: 1}
			end, err := DecideSwap(c.f, decideNow)
			if err != nil {
				t.Fatal(err)
			}
			var to State
			if end.Move != nil {
				if to = end.Move.To; !end.Move.Release || end.Move.SwapDone != (to == StateOrdering) {
					t.Errorf("moves as %+v", end.Move)
				}
			}
			if to != c.to || len(end.Payments) != c.payments || len(end.Transactions) != c.payments {
				t.Errorf("moves to %q with %d payments, want %q with %d", to, len(end.Payments), c.to, c.payments)
			}
			var told int64
			for _, n := range end.Notifications {
				told += n.Amount.Minor
			}
			var spent int64
			for _, p := range end.Payments {
				spent += p.Amount.Minor
			}
			if told != c.told || c.to == StateOrdering && spent+told != c.f.Worth.Minor+c.f.Reserve.Amount.Minor {
				t.Errorf("%d cents pay, %d are told of, of %d", spent, told, c.f.Worth.Minor+c.f.Reserve.Amount.Minor)
			}
		})
	}
}
