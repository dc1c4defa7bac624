package esim

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

// TestMoveTo goes through the whole table of states: what each transition writes into the
// books, and what else it brings.
func TestMoveTo(t *testing.T) {
	t.Parallel()
	type brings struct {
		books string // keys of the transactions
		known bool   // the outcome of a call to buy
		back  bool   // the payments become due to go back
		wake  bool
	}
	want := map[State]map[State]brings{
		StateAwaitingPayment: {StatePaid: {wake: true}, StateExpired: {}},
		StateExpired:         {StatePaid: {wake: true}},
		StatePaid:            {StateOrdering: {}, StateRefunding: {back: true}, StateNeedsHuman: {}},
		StateOrdering: {
			StateAllocating: {books: "cost:A", known: true}, StateDelivered: {books: "cost:A", known: true},
			StateRefunding: {known: true, back: true}, StateNeedsHuman: {},
		},
		StateAllocating: {StateDelivered: {known: true}, StateCancelling: {}, StateRefunding: {back: true}, StateNeedsHuman: {}},
		StateDelivered:  {StateCancelling: {}, StateRefunding: {back: true}, StateNeedsHuman: {}},
		StateCancelling: {StateRefunding: {books: "cost-back:A", back: true}, StateDelivered: {known: true}, StateAllocating: {known: true}, StateNeedsHuman: {}},
		StateRefunding:  {StateRefunded: {}, StateNeedsHuman: {}},
		StateNeedsHuman: {
			StateOrdering: {wake: true}, StateAllocating: {books: "cost:A", known: true, wake: true}, StateDelivered: {known: true, wake: true},
			StateCancelling: {wake: true}, StateRefunding: {back: true, wake: true},
		},
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, from := range States() {
		for _, to := range next[from] {
			w, listed := want[from][to]
			if !listed {
				t.Errorf("%s -> %s: say here what it brings", from, to)
				continue
			}
			o := Order{ID: "A", State: from, Wholesale: USDTenThousandths(80_000)}
			m := o.TransitionTo(to, "why", now)
			var got brings
			for _, tr := range m.Transactions {
				got.books += tr.Key
			}
			got.known, got.back, got.wake = m.OutcomeKnown, m.RefundPayments, m.Wake
			if got != w || m.Order != "A" || m.From != from || m.To != to || m.Why != "why" || !m.NextAt.Equal(now) {
				t.Errorf("%s -> %s brings %+v, want %+v (%+v)", from, to, got, w, m)
			}
		}
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	pay := func(id string, s PaymentStatus, extra bool) OrderPayment {
		return OrderPayment{Payment: Payment{ID: id, Order: "A", Amount: Stars(48)}, Status: s, Surplus: extra}
	}
	kept, due, gone := pay("1", PaymentSettled, false), pay("1", PaymentRefundDue, false), pay("1", PaymentRefunded, false)
	extraDue, extraGone := pay("2", PaymentRefundDue, true), pay("2", PaymentRefunded, true)
	for _, c := range []struct {
		rule      string
		state     State
		allocated bool
		unsent    bool
		payments  []OrderPayment
		to        State // "": it stays
		sales     int
	}{
		{"delivered when the last QR message was accepted", StateAllocating, true, false, []OrderPayment{kept}, StateDelivered, 0},
		{"not before", StateAllocating, true, true, []OrderPayment{kept}, "", 0},
		{"not before its eSIMs are there", StateAllocating, false, false, []OrderPayment{kept}, "", 0},
		{"what was paid for a delivered order is a sale", StateDelivered, true, false, []OrderPayment{kept}, "", 1},
		{"also while it is due to go back", StateDelivered, true, false, []OrderPayment{due}, "", 1},
		{"a payment too many is none", StateDelivered, true, false, []OrderPayment{kept, extraDue}, "", 1},
		{"what went back is none", StateDelivered, true, false, []OrderPayment{gone, extraGone}, "", 0},
		{"refunded when all went back", StateRefunding, false, false, []OrderPayment{gone, extraGone}, StateRefunded, 0},
		{"not while it is on its way", StateRefunding, false, false, []OrderPayment{due}, "", 0},
		{"not while a payment too many is", StateRefunding, false, false, []OrderPayment{gone, extraDue}, "", 0},
		{"not without a payment", StateRefunding, false, false, nil, "", 0},
		{"nothing follows for one that waits for money", StateAwaitingPayment, false, false, nil, "", 0},
		{"nor for one that is paid", StatePaid, false, false, []OrderPayment{gone}, "", 0},
		{"nor for one in the hands of staff", StateNeedsHuman, true, false, []OrderPayment{gone}, "", 0},
		{"nor for one being cancelled", StateCancelling, true, false, []OrderPayment{gone}, "", 0},
		{"nor at the end", StateRefunded, false, false, []OrderPayment{gone}, "", 0},
	} {
		f := OrderFacts{Order: Order{ID: "A", State: c.state, Allocated: c.allocated}, Payments: c.payments, Unsent: c.unsent}
		transactions, m := Consequences(f, now)
		to := State("")
		if m != nil {
			to = m.To
			if !CanMove(c.state, m.To) || m.From != c.state || m.Order != "A" {
				t.Errorf("%s: the move %+v", c.rule, m)
			}
		}
		if to != c.to || len(transactions) != c.sales {
			t.Errorf("%s: to %q with %d sales, want %q with %d", c.rule, to, len(transactions), c.to, c.sales)
		}
		if len(transactions) > 0 && !reflect.DeepEqual(transactions[0], DeliveryTransaction("A", Stars(48))) {
			t.Errorf("%s: %+v", c.rule, transactions[0])
		}
		if (m != nil || len(transactions) > 0) && !c.state.HasConsequences() {
			t.Errorf("%s: the facts about %s are not gathered", c.rule, c.state)
		}
	}
}

func TestReceive(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := now.Add(-time.Minute)
	price := func(m PaymentMethod) Money {
		if m == MethodStars {
			return Stars(48)
		}
		return USDCents(600)
	}
	for _, c := range []struct {
		rule   string
		method PaymentMethod
		order  State // "": there is none
		want   PaymentResult
		stored PaymentStatus // "": it is not
		moves  bool
	}{
		{"the first payment pays the order", MethodStars, StateAwaitingPayment, PaymentBooked, PaymentSettled, true},
		{"also at the last second", MethodStars, StateExpired, PaymentBooked, PaymentSettled, true},
		{"a second one goes back", MethodStars, StatePaid, PaymentSurplus, PaymentRefundDue, false},
		{"one for no order goes back", MethodProvider, "", PaymentSurplus, PaymentRefundDue, false},
		{"store credit pays", MethodCredit, StateAwaitingPayment, PaymentBooked, PaymentSettled, true},
		{"store credit too many moved no money", MethodCredit, StatePaid, PaymentSurplus, "", false},
		{"nor did what is free", MethodFree, StateDelivered, PaymentSurplus, "", false},
		{"nor did a hand that pressed twice", MethodManual, StatePaid, PaymentSurplus, "", false},
	} {
		var o *Order
		if c.order != "" {
			o = &Order{ID: "A", Customer: 7, State: c.order, Method: c.method, Price: price(c.method)}
		}
		p := Payment{ID: "1", Order: "A", Customer: 7, Amount: price(c.method), Method: c.method, At: at}
		r, err := DecidePayment(PaymentFacts{Order: o}, p, now)
		if err != nil || r.Result != c.want || (len(r.Payments) == 1) != (c.stored != "") || (r.Move != nil) != c.moves {
			t.Errorf("%s: %+v, %v", c.rule, r, err)
			continue
		}
		if len(r.Payments) == 1 {
			if got := r.Payments[0]; got.Status != c.stored || got.Surplus != (c.want == PaymentSurplus) || got.Reason == "" {
				t.Errorf("%s: %+v", c.rule, got)
			}
			if want, err := PaymentTransaction(p); err != nil || !reflect.DeepEqual(r.Transactions, []Transaction{want}) {
				t.Errorf("%s: %+v, %v", c.rule, r.Transactions, err)
			}
		} else if len(r.Transactions) > 0 {
			t.Errorf("%s: it is in the books", c.rule)
		}
		if r.Move != nil && (r.Move.To != StatePaid || !r.Move.PaidAt.Equal(at)) {
			t.Errorf("%s: %+v", c.rule, r.Move)
		}
	}
}

func TestGoBack(t *testing.T) {
	t.Parallel()
	p := OrderPayment{Payment: Payment{ID: "1", Order: "A", Amount: Stars(48), Method: MethodStars}}
	extra := p
	extra.Surplus = true
	for _, c := range []struct {
		rule string
		p    OrderPayment
		sold bool
		want Account
	}{
		{"before the delivery", p, false, AccountDeferredRevenue},
		{"after it", p, true, AccountRefunds},
		{"a payment too many was never sold for", extra, true, AccountDeferredRevenue},
	} {
		tr, err := c.p.RefundTransaction(Order{}, c.sold, Money{})
		if err != nil || len(tr.Postings) != 1 || tr.Postings[0].Destination != c.want {
			t.Errorf("%s: %+v, %v", c.rule, tr, err)
		}
	}
	if _, err := p.RefundTransaction(Order{}, false, Stars(1)); !errors.Is(err, ErrCurrency) {
		t.Errorf("store credit in Stars: %v", err)
	}
}

func TestRefundedElsewhere(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		for _, asked := range []bool{false, true} { // the vendor may have been asked
			m := RefundedElsewhere(Order{ID: "A", State: s, OutcomeUnknown: asked}, time.Time{})
			if (m != nil) != (s == StatePaid || s == StateOrdering && !asked) || m != nil && m.To != StateRefunding {
				t.Errorf("%s, asked %t: %+v", s, asked, m)
			}
		}
	}
}

// TestWhatAStateMeans is one line per state. Queries ask for states by these rules.
func TestWhatAStateMeans(t *testing.T) {
	t.Parallel()
	type means struct {
		open, givenBack, atVendor, uncharged, over bool
		waits, waitsAllocated                      WaitReason
	}
	want := map[State]means{
		StateAwaitingPayment: {},
		StateExpired:         {over: true},
		StatePaid:            {open: true, uncharged: true, waits: WaitingForWorker, waitsAllocated: WaitingForWorker},
		StateOrdering:        {open: true, atVendor: true, uncharged: true, waits: WaitingForWorker, waitsAllocated: WaitingForWorker},
		StateAllocating:      {open: true, atVendor: true, waits: WaitingForWorker, waitsAllocated: WaitingForMessages},
		StateDelivered:       {over: true},
		StateCancelling:      {open: true, waits: WaitingForWorker, waitsAllocated: WaitingForWorker},
		StateRefunding:       {open: true, givenBack: true, waits: WaitingForRefund, waitsAllocated: WaitingForRefund},
		StateRefunded:        {givenBack: true, over: true},
		StateNeedsHuman:      {open: true, uncharged: true},
	}
	for _, s := range States() {
		got := means{s.Open(), s.RefundOwed(), s.AtVendor(), s.Uncharged(), s.Over(), Order{State: s}.WaitsFor(), Order{State: s, Allocated: true}.WaitsFor()}
		w, listed := want[s]
		if !listed || got != w {
			t.Errorf("%s means %+v, want %+v", s, got, w)
		}
	}
}
