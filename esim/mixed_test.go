package esim

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

// TestQuotesBesideCredit is what somebody with store credit is offered for two eSIMs of $8.40 together.
func TestQuotesBesideCredit(t *testing.T) {
	t.Parallel()
	all := []PaymentMethod{MethodStars, MethodProvider, MethodManual}
	dear := USDCents(840)
	for _, c := range []struct {
		name    string
		methods []PaymentMethod
		retail  Money
		credit  int64 // cents
		want    []Quote
	}{
		{"no credit", all, dear, 0, nil},
		{"a part", all, dear, 300, []Quote{
			{Method: MethodStars, Price: Stars(416), Credit: USDCents(300)},
			{Method: MethodProvider, Price: USDCents(540), Credit: USDCents(300)},
			{Method: MethodManual, Price: USDCents(540), Credit: USDCents(300)},
		}},
		{"a cent", all[:1], dear, 1, []Quote{{Method: MethodStars, Price: Stars(646), Credit: USDCents(1)}}},
		{"all but a cent: at least one Star", all[:1], dear, 839, []Quote{{Method: MethodStars, Price: Stars(1), Credit: USDCents(839)}}},
		{"all but a cent: by card at least a dollar, so less of the credit", all[1:2], dear, 839, []Quote{{Method: MethodProvider, Price: USDCents(120), Credit: USDCents(720)}}},
		{"the whole: there is no rest", all, dear, 840, nil},
		{"a price that a card alone hardly takes", all[1:2], USDCents(120), 50, nil},
		{"the rest in Stars fits where the whole does not", all[:1], USDCents(14_000), 2_000, []Quote{{Method: MethodStars, Price: Stars(9231), Credit: USDCents(2_000)}}},
		{"the rest in Stars is too dear too", all[:1], USDCents(14_000), 200, nil},
		{"what is free is not paid", []PaymentMethod{MethodFree, MethodStars}, dear, 300, nil},
	} {
		till := Checkout{Methods: c.methods, Pricing: Pricing{StarValue: USDTenThousandths(130), MaxStars: 10_000}}
		quotes, err := till.QuotesBeside(USDCents(c.credit), func(m PaymentMethod) (Quote, error) {
			return till.Pricing.on(Quote{Quantity: 2, Retail: c.retail}, m)
		})
		for i := range c.want {
			c.want[i].Quantity, c.want[i].Retail = 2, c.retail
		}
		if err != nil || !reflect.DeepEqual(quotes, c.want) {
			t.Errorf("%s: %v\nwant %v, %v", c.name, quotes, c.want, err)
		}
	}
}

// A mixed order of $8.40, of which store credit pays $3.00.
func mixedOrder(state State, quantity int) Order {
	return Order{
		ID: "ORDER001", Customer: 7, Quantity: quantity, State: state, Method: MethodStars, Price: Stars(416), Retail: USDCents(840), Credit: USDCents(300),
	}
}

// TestAMixedPaymentIsTwoPayments: each part is booked for itself, where the credit is still there.
func TestAMixedPaymentIsTwoPayments(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	rest := Payment{ID: "1", Order: "ORDER001", Customer: 7, Amount: Stars(416), Method: MethodStars, At: now}
	pays := []string{"prepaid>stars 416 XTR", "prepaid>credit:7 3.00 USD"}
	for _, c := range []struct {
		name     string
		state    State
		paid     Payment
		credit   int64
		reserved int64
		want     PaymentResult
		postings []string
	}{
		{"reserved", StateAwaitingPayment, rest, 0, 300, PaymentBooked, append([]string{"credit:7>reserved 3.00 USD"}, pays...)},
		{"late, and the credit is still there", StateExpired, rest, 300, 0, PaymentBooked, pays},
		{"late, and a cent of it is spent: what was paid goes back", StateExpired, rest, 299, 0, PaymentSurplus, pays[:1]},
		{"paid twice", StatePaid, rest, 300, 0, PaymentSurplus, pays[:1]},
		{"another amount: what is reserved stays so", StateAwaitingPayment, Payment{ID: "1", Order: "ORDER001", Customer: 7, Amount: Stars(647), Method: MethodStars, At: now}, 0, 300, PaymentSurplus, []string{"prepaid>stars 647 XTR"}},
	} {
		o := mixedOrder(c.state, 1)
		f := PaymentFacts{Order: &o, Credit: USDCents(c.credit), Reserve: Reserve{Amount: USDCents(c.reserved), Lines: 1}}
		d, err := DecidePayment(f, c.paid, now)
		if err != nil || d.Result != c.want || (d.Move != nil) != (c.want == PaymentBooked) {
			t.Fatalf("%s: %+v, %v", c.name, d, err)
		}
		if got := moved(d.Transactions); !reflect.DeepEqual(got, c.postings) {
			t.Errorf("%s: %v\nwant %v", c.name, got, c.postings)
		}
		if c.want == PaymentBooked && (len(d.Payments) != 2 || d.Payments[1].Method != MethodCredit || d.Payments[1].Amount != o.Credit || d.Payments[1].Surplus) {
			t.Errorf("%s: %+v", c.name, d.Payments)
		}
		if c.want == PaymentSurplus && (len(d.Payments) != 1 || d.Payments[0].Status != PaymentRefundDue) {
			t.Errorf("%s: %+v", c.name, d.Payments)
		}
	}
	o := mixedOrder(StateExpired, 1)
	o.Method, o.Price = MethodManual, USDCents(540)
	byHand := Payment{ID: "manual:ORDER001", Order: o.ID, Customer: 7, Amount: o.Price, Method: MethodManual, At: now}
	if _, err := DecidePayment(PaymentFacts{Order: &o, Credit: USDCents(299)}, byHand, now); !errors.Is(err, ErrInsufficientCredit) {
		t.Errorf("staff press that they have the rest, and the credit is spent: %v", err)
	}
}

func moved(all []Transaction) []string {
	var postings []string
	for _, t := range all {
		for _, p := range t.Postings {
			postings = append(postings, string(p.Source)+">"+string(p.Destination)+" "+p.Amount.String())
		}
	}
	return postings
}

// TestStoreCreditIsReservedOnce: while it is about to be paid it is set aside, and afterwards it is
// the customer's again.
func TestStoreCreditIsReservedOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	stars, byHand := mixedOrder(StateAwaitingPayment, 1), mixedOrder(StateAwaitingPayment, 1)
	byHand.Method, byHand.Price = MethodManual, USDCents(540)
	held := Reserve{Amount: USDCents(300), Lines: 1}
	approve := func(o Order, credit int64, r Reserve) ([]Transaction, error) {
		return Approval{Balance: USDTenThousandths(1e6)}.Allow(ApprovalFacts{Order: o, Credit: USDCents(credit), Reserve: r}, now)
	}
	made := func(o Order, credit int64) ([]Transaction, error) { return ReserveFor(o, USDCents(credit)) }
	expired := func(o Order, r Reserve) ([]Transaction, error) { return Expiry(o, r, now).Transactions, nil }
	ended := func(o Order, r Reserve) ([]Transaction, error) {
		all, _ := UnpaidApproval(o, decideNow, r)
		return all, nil
	}
	aside, again := []string{"reserved>credit:7 3.00 USD"}, []string{"credit:7>reserved 3.00 USD"}
	for _, c := range []struct {
		name string
		do   func() ([]Transaction, error)
		want []string
		err  error
	}{
		{"an invoice sets nothing aside", func() ([]Transaction, error) { return made(stars, 300) }, nil, nil},
		{"an invoice for credit that is not there", func() ([]Transaction, error) { return made(stars, 299) }, nil, ErrInsufficientCredit},
		{"who pays by hand has it set aside at once", func() ([]Transaction, error) { return made(byHand, 300) }, aside, nil},
		{"approved", func() ([]Transaction, error) { return approve(stars, 300, Reserve{}) }, aside, nil},
		{"approved again", func() ([]Transaction, error) { return approve(stars, 0, held) }, nil, nil},
		{"approved, and it is spent", func() ([]Transaction, error) { return approve(stars, 299, Reserve{}) }, nil, ErrInsufficientCredit},
		{"the approval ends unpaid", func() ([]Transaction, error) { return ended(stars, held) }, again, nil},
		{"and its invoice too old: it may be paid yet", func() ([]Transaction, error) { return expired(stars, held) }, nil, nil},
		{"nobody paid by hand", func() ([]Transaction, error) { return expired(byHand, held) }, again, nil},
		{"nothing was set aside", func() ([]Transaction, error) { return ended(stars, Reserve{}) }, nil, nil},
	} {
		got, err := c.do()
		if !errors.Is(err, c.err) || !reflect.DeepEqual(moved(got), c.want) {
			t.Errorf("%s: %v, %v", c.name, moved(got), err)
		}
	}
	first, _ := approve(stars, 300, Reserve{Lines: 2})
	if first[0].Key != "reserve:ORDER001:2" {
		t.Errorf("reserved again under the key %s", first[0].Key)
	}
}

// TestEachPartGoesBackTheWayItCame, and after one of several eSIMs became store credit all of it does.
func TestEachPartGoesBackTheWayItCame(t *testing.T) {
	t.Parallel()
	by := func(m PaymentMethod, price Money, parts int) Order {
		o := mixedOrder(StateDelivered, 3)
		o.Method, o.Price, o.Returned = m, price, parts
		return o
	}
	for _, c := range []struct {
		name         string
		o            Order
		back         RefundRoute
		paid, credit Money
	}{
		{"Stars", by(MethodStars, Stars(416), 0), RefundSameWay, Stars(416), USDCents(300)},
		{"Stars, one of three went back", by(MethodStars, Stars(416), 1), RefundAsCredit, Stars(278), USDCents(560)},
		{"by card", by(MethodProvider, USDCents(540), 0), RefundAsCredit, USDCents(540), USDCents(840)},
		{"by card in another currency", by(MethodProvider, Money{500, "EUR"}, 0), RefundAsCredit, Money{500, "EUR"}, USDCents(840)},
		{"by hand, two of three went back", by(MethodManual, USDCents(540), 2), RefundAsCredit, USDCents(180), USDCents(280)},
	} {
		back, paid, credit, err := c.o.Refundable()
		if err != nil || back != c.back || paid != c.paid || credit != c.credit {
			t.Errorf("%s: %d, %s and %s, %v", c.name, back, paid, credit, err)
		}
	}
	o := by(MethodStars, Stars(416), 0)
	f := PartFacts{Order: o, Payments: []OrderPayment{
		{Payment: Payment{ID: "1", Order: o.ID, Customer: 7, Amount: o.Price, Method: MethodStars}, Status: PaymentSettled}, o.creditPart(Payment{}),
	}}
	transactions, told, err := PartialRefund{ESIMs: []ESIMID{"T1"}}.Consequences(f)
	want := []string{"exchange>prepaid 138 XTR", "credit:7>exchange 1.80 USD", "credit:7>prepaid 1.00 USD"}
	if got := moved(transactions); err != nil || !reflect.DeepEqual(got, want) || transactions[0].Key == transactions[1].Key {
		t.Errorf("one of three: %v, %v", got, err)
	}
	if len(told) != 2 || told[0].Amount != USDCents(280) || o.PartCredit() != USDCents(280) {
		t.Errorf("told of %v, said before: %s", told, o.PartCredit())
	}
}

// A part from store credit, which nobody else can send back, does not keep an eSIM alive whose rest was.
func TestPaidBackButForThePartFromCredit(t *testing.T) {
	t.Parallel()
	pay := func(m PaymentMethod, s PaymentStatus, extra bool) OrderPayment {
		return OrderPayment{Payment: Payment{Method: m}, Status: s, Surplus: extra}
	}
	credit := pay(MethodCredit, PaymentSettled, false)
	for _, c := range []struct {
		name     string
		payments []OrderPayment
		want     bool
	}{
		{"the rest", []OrderPayment{pay(MethodStars, PaymentRefunded, false), credit}, true},
		{"nothing", []OrderPayment{pay(MethodStars, PaymentSettled, false), credit}, false},
		{"a second payment of an order from credit alone", []OrderPayment{credit, pay(MethodStars, PaymentRefunded, true)}, false},
		{"one from credit alone", []OrderPayment{pay(MethodCredit, PaymentRefunded, false)}, true},
		{"never paid", nil, false},
	} {
		if got := AllRefunded(c.payments); got != c.want {
			t.Errorf("%s went back: %t", c.name, got)
		}
	}
}
