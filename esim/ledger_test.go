package esim

import (
	"errors"
	"reflect"
	"testing"
)

func TestTransactions(t *testing.T) {
	t.Parallel()
	p := Payment{ID: "c1", Order: "ORDER001", Customer: 7, Amount: USDCents(600), Fee: USDCents(20), Method: MethodProvider}
	stars := Payment{ID: "c1", Order: "ORDER001", Customer: 7, Amount: Stars(48), Method: MethodStars}
	credit := Payment{ID: "c1", Order: "ORDER001", Customer: 7, Amount: USDCents(600), Method: MethodCredit}
	foreign := Payment{ID: "c1", Order: "ORDER001", Customer: 7, Amount: Money{540, "EUR"}, Method: MethodProvider}
	free := Payment{ID: "free:ORDER001", Order: "ORDER001", Customer: 7, Amount: USDCents(0), Method: MethodFree}
	o := Order{ID: "ORDER001", Quantity: 2, Wholesale: USDTenThousandths(90_000)}
	mine := AccountCredit(7)
	booked := func(tr Transaction, err error) Transaction {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	for _, c := range []struct {
		rule string
		t    Transaction
		key  string
		want []Posting
	}{
		{
			"a payment is deferred revenue until something is given for it", booked(PaymentTransaction(stars)), "pay:c1",
			[]Posting{{AccountDeferredRevenue, AccountStars, Stars(48)}},
		},
		{
			"a fee never reaches us", booked(PaymentTransaction(p)), "pay:c1",
			[]Posting{{AccountDeferredRevenue, AccountProvider, USDCents(580)}, {AccountDeferredRevenue, AccountFees, USDCents(20)}},
		},
		{"store credit is spent", booked(PaymentTransaction(credit)), "pay:c1", []Posting{{AccountDeferredRevenue, mine, USDCents(600)}}},
		{"what is free moves nothing", booked(PaymentTransaction(free)), "pay:free:ORDER001", nil},
		{
			"a delivery turns deferred revenue into a sale", DeliveryTransaction("ORDER001", Stars(48)), "deliver:ORDER001",
			[]Posting{{AccountSales, AccountDeferredRevenue, Stars(48)}},
		},
		{
			"a refund before the delivery takes back deferred revenue", booked(RefundTransaction(stars, false, Money{}, Money{})), "refund:c1",
			[]Posting{{AccountStars, AccountDeferredRevenue, Stars(48)}},
		},
		{
			"a refund after it is a refund", booked(RefundTransaction(stars, true, Money{}, Money{})), "refund:c1",
			[]Posting{{AccountStars, AccountRefunds, Stars(48)}},
		},
		{
			"a refund may become store credit", booked(RefundTransaction(p, false, USDCents(600), Money{})), "refund:c1",
			[]Posting{{mine, AccountDeferredRevenue, USDCents(600)}},
		},
		{
			"and changes its currency on the way", booked(RefundTransaction(foreign, true, USDCents(600), Money{})), "refund:c1",
			[]Posting{{AccountExchange, AccountRefunds, Money{540, "EUR"}}, {mine, AccountExchange, USDCents(600)}},
		},
		{
			"a refund of the rest leaves what became store credit before", booked(RefundTransaction(stars, true, USDCents(40), Stars(16))), "refund:c1",
			[]Posting{{AccountExchange, AccountRefunds, Stars(32)}, {mine, AccountExchange, USDCents(40)}},
		},
		{
			"what somebody else sends back whole was given twice in part", booked(RefundTransaction(stars, false, Money{}, Stars(16))), "refund:c1",
			[]Posting{{AccountStars, AccountDeferredRevenue, Stars(32)}, {AccountStars, AccountRefunds, Stars(16)}},
		},
		{"the vendor charges", CostTransaction(o), "cost:ORDER001", []Posting{{AccountVendor, AccountCost, USDTenThousandths(90_000)}}},
		{"and gives back", CostBackTransaction(o), "cost-back:ORDER001", []Posting{{AccountCost, AccountVendor, USDTenThousandths(90_000)}}},
		{"also for one eSIM of two", LateReturnTransaction(o, "T1"), "cost-back:ORDER001:T1", []Posting{{AccountCost, AccountVendor, USDTenThousandths(45_000)}}},
		{"store credit is given", GrantTransaction("k", 7, USDCents(5), "gift"), "grant:k", []Posting{{mine, AccountGrants, USDCents(5)}}},
		{"and taken", GrantTransaction("k", 7, USDCents(-5), "error"), "grant:k", []Posting{{AccountGrants, mine, USDCents(5)}}},
	} {
		if err := c.t.Check(); err != nil {
			t.Errorf("%s: %v", c.rule, err)
		}
		if c.t.Key != c.key || !reflect.DeepEqual(c.t.Postings, c.want) {
			t.Errorf("%s: %s %v, want %s %v", c.rule, c.t.Key, c.t.Postings, c.key, c.want)
		}
	}
}

func TestUnknownPaymentMethodIsNotBooked(t *testing.T) {
	t.Parallel()
	p := OrderPayment{Payment: Payment{ID: "c1", Order: "A", Amount: USDCents(6), Method: "nosuch"}}
	if _, err := PaymentTransaction(p.Payment); !errors.Is(err, ErrNoPaymentMethod) {
		t.Errorf("paid: %v", err)
	}
	if _, err := p.RefundTransaction(Order{}, false, Money{}); !errors.Is(err, ErrNoPaymentMethod) {
		t.Errorf("given back: %v", err)
	}
	if _, err := DecidePayment(PaymentFacts{}, p.Payment, p.At); !errors.Is(err, ErrNoPaymentMethod) {
		t.Errorf("received: %v", err)
	}
}

func TestImpossibleTransactions(t *testing.T) {
	t.Parallel()
	good := Posting{AccountSales, AccountCash, USDCents(1)}
	for rule, tr := range map[string]Transaction{
		"less than nothing": {Key: "k", Postings: []Posting{good, {AccountSales, AccountCash, USDCents(-1)}}},
		"nothing":           {Key: "k", Postings: []Posting{{AccountSales, AccountCash, USDCents(0)}}},
		"of no currency":    {Key: "k", Postings: []Posting{{AccountSales, AccountCash, Money{1, ""}}}},
		"from nowhere":      {Key: "k", Postings: []Posting{{"", AccountCash, USDCents(1)}}},
		"to nowhere":        {Key: "k", Postings: []Posting{{AccountSales, "", USDCents(1)}}},
		"in a circle":       {Key: "k", Postings: []Posting{{AccountCash, AccountCash, USDCents(1)}}},
		"without a key":     {Postings: []Posting{good}},
	} {
		if tr.Check() == nil {
			t.Errorf("%s: no error", rule)
		}
	}
	if err := (Transaction{Key: "k", Postings: []Posting{good}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestOnlyStoreCreditHasALimit(t *testing.T) {
	t.Parallel()
	var tr, owing Transaction
	owing.Owing = true
	mine := AccountCredit(7)
	if err := tr.CheckBalance(mine, USDCents(2), USDCents(1)); !errors.Is(err, ErrInsufficientCredit) {
		t.Errorf("overdrawn: %v", err)
	}
	for _, err := range []error{
		tr.CheckBalance(mine, USDCents(2), USDCents(0)), tr.CheckBalance(mine, USDCents(2), USDCents(-1)), tr.CheckBalance(AccountStars, Stars(1), Stars(1)),
		owing.CheckBalance(mine, USDCents(2), USDCents(1)),
		tr.CheckBalance(mine, USDCents(-1), USDCents(1)), // who owes gets some
	} {
		if err != nil {
			t.Error(err)
		}
	}
}
