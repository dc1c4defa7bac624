package esim

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryStateHasItsLineInTheTable(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		if _, ok := next[s]; !ok {
			t.Errorf("%s has no line in the table", s)
		}
	}
	if len(next) != len(States()) {
		t.Errorf("the table has %d lines, there are %d states", len(next), len(States()))
	}
	for from, tos := range next {
		for _, to := range tos {
			if !slices.Contains(States(), to) {
				t.Errorf("%s leads to %q, which is no state", from, to)
			}
		}
	}
}

// The edges as order.mmd draws them. Each is written here a second time so that
// changing the table by accident is seen.
func TestTableOfStates(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`
		awaiting_payment>paid awaiting_payment>expired expired>paid
		paid>ordering paid>refunding paid>needs_human
		ordering>allocating ordering>delivered ordering>refunding ordering>needs_human
		allocating>delivered allocating>cancelling allocating>refunding allocating>needs_human
		delivered>cancelling delivered>refunding delivered>needs_human
		cancelling>refunding cancelling>delivered cancelling>allocating cancelling>needs_human
		refunding>refunded refunding>needs_human
		needs_human>ordering needs_human>allocating needs_human>delivered needs_human>cancelling needs_human>refunding`)
	for _, from := range States() {
		for _, to := range States() {
			edge := fmt.Sprintf("%s>%s", from, to)
			if got := CanMove(from, to); got != slices.Contains(want, edge) {
				t.Errorf("%s is possible: %t", edge, got)
			}
		}
	}
}

func TestEveryPaidStateLeadsToAnESIMOrTheMoneyBack(t *testing.T) {
	t.Parallel()
	var reaches func(s State, seen map[State]bool) bool
	reaches = func(s State, seen map[State]bool) bool {
		if s == StateDelivered || s == StateRefunded {
			return true
		}
		if seen[s] {
			return false
		}
		seen[s] = true
		return slices.ContainsFunc(next[s], func(to State) bool { return reaches(to, seen) })
	}
	for _, s := range States() {
		if !reaches(s, map[State]bool{}) {
			t.Errorf("%s leads neither to an eSIM nor to a refund", s)
		}
		if s.Open() && (s == StateDelivered || s == StateRefunded || s == StateAwaitingPayment || s == StateExpired) {
			t.Errorf("%s counts as open", s)
		}
	}
}

func TestOrderIDs(t *testing.T) {
	t.Parallel()
	seen := map[OrderID]bool{}
	for range 1000 {
		id := NewOrderID()
		if !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{8}$`).MatchString(string(id)) || seen[id] {
			t.Fatalf("id %q", string(id))
		}
		seen[id] = true
		for _, typed := range []string{string(id), id.String(), strings.ToLower(id.String()), " #" + id.String()} {
			if again, err := ParseOrderID(typed); err != nil || again != id {
				t.Fatalf("%q read as %q, %v", typed, string(again), err)
			}
		}
	}
	for _, bad := range []string{"", "K7M2", "K7M2-XQ4U", "K7M2-XQ4P9", "Япония12"} {
		if id, err := ParseOrderID(bad); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q read as %q, %v", bad, string(id), err)
		}
	}
	if id, err := ParseOrderID("o1lo-iil0"); err != nil || id != "01101110" {
		t.Errorf("letters that look like digits: %q, %v", string(id), err)
	}
}

func TestTxIDFitsTheVendor(t *testing.T) {
	t.Parallel()
	sale := InvoicedSale{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 1}
	key := IdempotencyKeyOf(sale)
	if id, named := OrderOfIdempotencyKey(key); len(key) > 50 || len(key) < 20 || !named || id != sale.Order {
		t.Errorf("%q", key)
	}
	for _, other := range []InvoicedSale{
		{Order: "K7M2XQ4R", PlanCode: "JP1", Quantity: 1},
		{Order: "K7M2XQ4P", PlanCode: "JP2", Quantity: 1},
		{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 2},
		{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 1, ESIM: "T1"},
		{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 1, Swaps: "K7M2XQ4R"},
		{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 1, Promo: "SUMMER", Discount: 30},
		{Order: "K7M2XQ4P", PlanCode: "JP1", Quantity: 1, Credit: 5, Swaps: "K7M2XQ4R"},
	} {
		if k := IdempotencyKeyOf(other); len(k) > 50 || swappedByKey(k) != other.Swaps {
			t.Errorf("%q of %+v", k, other)
		}
		if again := ParseInvoicePayload(other.payload()); again != other {
			t.Errorf("%q is read as %+v", other.payload(), again)
		}
		if IdempotencyKeyOf(other) == key {
			t.Errorf("%+v has the key of %+v", other, sale)
		}
	}
	if again := IdempotencyKeyOf(ParseInvoicePayload(sale.payload())); again != key {
		t.Errorf("the invoice leads to the key %q, not %q", again, key)
	}
}

func TestBook(t *testing.T) {
	t.Parallel()
	order := func(s State) *Order { return &Order{ID: "A", Customer: 1, Price: Stars(100), State: s} }
	tests := []struct {
		name  string
		order *Order
		pay   Payment
		want  PaymentResult
	}{
		{"the payment of an unpaid order", order(StateAwaitingPayment), Payment{Customer: 1, Amount: Stars(100)}, PaymentBooked},
		{"at the last second", order(StateExpired), Payment{Customer: 1, Amount: Stars(100)}, PaymentBooked},
		{"a second payment", order(StatePaid), Payment{Customer: 1, Amount: Stars(100)}, PaymentSurplus},
		{"after the refund", order(StateRefunded), Payment{Customer: 1, Amount: Stars(100)}, PaymentSurplus},
		{"another customer's order", order(StateAwaitingPayment), Payment{Customer: 2, Amount: Stars(100)}, PaymentSurplus},
		{"another amount", order(StateAwaitingPayment), Payment{Customer: 1, Amount: Stars(99)}, PaymentSurplus},
		{"another currency", order(StateAwaitingPayment), Payment{Customer: 1, Amount: USDCents(100)}, PaymentSurplus},
		{"an unknown order", nil, Payment{Customer: 1, Amount: Stars(100)}, PaymentSurplus},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, why := (PaymentFacts{Order: tt.order}).book(tt.pay); got != tt.want || why == "" {
				t.Errorf("got %d (%s), want %d", got, why, tt.want)
			}
		})
	}
}

// Letters alone could be a word: a customer who types "gxfr-bvzy" would be offered plans.
func TestEveryOrderIDHasADigit(t *testing.T) {
	t.Parallel()
	for range 2000 {
		if id := NewOrderID(); !strings.ContainsAny(string(id), "0123456789") {
			t.Fatalf("%s is all letters", id)
		}
	}
}
