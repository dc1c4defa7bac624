package esim

import "testing"

func TestStarsOwed(t *testing.T) {
	t.Parallel()
	unused := ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPReleased}}
	installed := ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPEnabled}}
	topped := unused
	topped.Epoch = 1
	for _, c := range []struct {
		rule   string
		status PaymentStatus
		order  Order
		esims  []ESIM
		want   bool
	}{
		{"it is on its way back", PaymentRefundDue, Order{}, nil, true},
		{"it went back", PaymentRefunded, Order{State: StateRefunded}, nil, false},
		{"nothing was given for it yet", PaymentSettled, Order{State: StateOrdering}, nil, true},
		{"a human decides", PaymentSettled, Order{State: StateNeedsHuman}, nil, true},
		{"a top-up under way", PaymentSettled, Order{State: StatePaid, Kind: TopUp}, nil, true},
		{"a top-up that was applied", PaymentSettled, Order{State: StateDelivered, Kind: TopUp}, nil, false},
		{"delivered and unused", PaymentSettled, Order{State: StateDelivered}, []ESIM{unused, unused}, true},
		{"one of two is on a phone", PaymentSettled, Order{State: StateDelivered}, []ESIM{unused, installed}, false},
		{"unused and topped up", PaymentSettled, Order{State: StateDelivered}, []ESIM{topped}, false},
		{"in use", PaymentSettled, Order{State: StateDelivered}, []ESIM{installed}, false},
	} {
		s := StarsExposure{Payment: OrderPayment{Payment: Payment{Amount: Stars(5)}, Status: c.status}, Order: c.order, ESIMs: c.esims}
		if got := StarsOwed([]StarsExposure{s, s}); (got == Stars(10)) != c.want {
			t.Errorf("%s: %s of 10", c.rule, got)
		}
	}
}

func TestStarsAreLow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule                  string
		balance, owed, booked int64
		want                  bool
	}{
		{"a new shop that withdrew nothing owes all it has", 100, 100, 100, false},
		{"all of it was withdrawn", 0, 100, 100, true},
		{"less is left than may go back", 99, 100, 500, true},
		{"before it does not cover", 120, 100, 500, true},
		{"withdrawn, and enough is left", 125, 100, 500, false},
		{"nothing has to go back", 0, 0, 500, false},
		{"an account that is older than the books", 1000, 100, 0, false},
	} {
		s := StarsReserveStatus{Balance: Stars(c.balance), Owed: Stars(c.owed), Booked: Stars(c.booked)}
		if s.Low() != c.want {
			t.Errorf("%s: low %t", c.rule, s.Low())
		}
	}
}
