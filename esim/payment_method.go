package esim

import (
	"fmt"
	"time"
)

// A PaymentMethod is a way to pay, as orders and payments store it.
type PaymentMethod string

// The payment methods an operator can switch on (PAYMENTS).
const (
	// MethodStars is Telegram Stars, refunded in Stars.
	MethodStars PaymentMethod = "stars"
	// MethodProvider is a payment provider behind Telegram Payments (cards and more). The
	// Bot API cannot refund it, so the money comes back as store credit.
	MethodProvider PaymentMethod = "provider"
	// MethodCredit is store credit for the whole price; a part of it is Order.Credit.
	MethodCredit PaymentMethod = "credit"
	// MethodManual is by hand: the order waits until staff confirm the money. It comes
	// back as store credit.
	MethodManual PaymentMethod = "manual"
	// MethodFree costs nothing, for private fleets.
	MethodFree PaymentMethod = "free"
)

// A PaymentConfirmer is who says that an order was paid. The zero value is nobody.
type PaymentConfirmer int

const (
	// ConfirmedByMessenger: Telegram sends an invoice, asks before it takes the money, and tells.
	ConfirmedByMessenger PaymentConfirmer = iota + 1
	// ConfirmedByCustomer: a press of the customer is enough, since no money comes from outside.
	ConfirmedByCustomer
	// ConfirmedByStaff: staff saw the money arrive.
	ConfirmedByStaff
)

// A RefundRoute is how the money of an order goes back. The zero value is no way.
type RefundRoute int

const (
	// RefundSameWay: the RefundGateway returns it the way it came.
	RefundSameWay RefundRoute = iota + 1
	// RefundAsCredit: it becomes store credit of the customer.
	RefundAsCredit
	// RefundNothing: there was no money.
	RefundNothing
)

// A PaymentMethodSpec is a row of the table of payment methods: all that the shop knows about one.
type PaymentMethodSpec struct {
	Method      PaymentMethod
	ConfirmedBy PaymentConfirmer
	// CardProcessor: a payment provider takes the money: the invoice needs the provider's
	// token, and the provider keeps a fee.
	CardProcessor bool
	// FromCredit: it is paid from the customer's store credit, which must cover the price.
	FromCredit bool
	// leastRest (US cents) is the least it takes where store credit pays the other part; 0: it
	// is not taken beside credit.
	leastRest int64
	// PayWithin is how long an order waits for its money.
	PayWithin   time.Duration
	RefundRoute RefundRoute
	// StaffReturn: staff are asked to give the money itself back where they can, since the
	// customer got only store credit for money from outside.
	StaffReturn bool

	// account is where the money of a customer lies.
	account func(CustomerID) Account
	// currency is what the customer pays in.
	currency func(Pricing) Currency
	// takes says in which currencies the messenger takes money this way; nil: in none.
	takes func(Currency) bool
	// price is what a quote costs, in that currency. It fails with ErrPriceTooHigh.
	price func(Pricing, Quote) (Money, error)
}

// Invoiced reports whether the messenger takes the money, and asks before it does.
func (s PaymentMethodSpec) Invoiced() bool { return s.ConfirmedBy == ConfirmedByMessenger }

// ConfirmedHere reports whether the shop itself says that it was paid, so that a payment
// too many never moved any money.
func (s PaymentMethodSpec) ConfirmedHere() bool {
	return s.ConfirmedBy == ConfirmedByCustomer || s.ConfirmedBy == ConfirmedByStaff
}

// methods is the table of payment methods. Nothing else in this package knows one of them
// by name but Stars: they are the default of an operator who chose none, and the Reconciler
// reads their account.
var methods = []PaymentMethodSpec{
	{
		Method: MethodStars, ConfirmedBy: ConfirmedByMessenger, PayWithin: time.Hour, RefundRoute: RefundSameWay,
		leastRest: 1, account: always(AccountStars),
		currency: func(Pricing) Currency { return XTR }, price: Pricing.inStars,
		takes: func(c Currency) bool { return c == XTR },
	},
	{
		Method: MethodProvider, ConfirmedBy: ConfirmedByMessenger, CardProcessor: true, PayWithin: time.Hour, RefundRoute: RefundAsCredit, StaffReturn: true,
		// The messenger's least amount by card is about a dollar, at its own rates: https://core.telegram.org/bots/payments#supported-currencies.
		leastRest: 120, account: always(AccountProvider),
		currency: Pricing.providerCurrency, price: Pricing.byProvider, takes: Currency.ForProvider,
	},
	{
		Method: MethodCredit, ConfirmedBy: ConfirmedByCustomer, FromCredit: true, PayWithin: time.Hour, RefundRoute: RefundAsCredit,
		account:  AccountCredit,
		currency: dollars, price: Pricing.inDollars,
	},
	{
		Method: MethodManual, ConfirmedBy: ConfirmedByStaff, PayWithin: 72 * time.Hour, RefundRoute: RefundAsCredit, StaffReturn: true,
		leastRest: 100, account: always(AccountCash), // less is not worth a transfer
		currency: dollars, price: Pricing.inDollars,
	},
	{
		Method: MethodFree, ConfirmedBy: ConfirmedByCustomer, PayWithin: time.Hour, RefundRoute: RefundNothing,
		account:  always(AccountGrants), // of nothing: there are no postings
		currency: dollars, price: Pricing.forNothing,
	},
}

// creditMethod pays with store credit.
func creditMethod() PaymentMethod {
	for _, s := range methods {
		if s.FromCredit {
			return s.Method
		}
	}
	return ""
}

func always(a Account) func(CustomerID) Account { return func(CustomerID) Account { return a } }

func dollars(Pricing) Currency { return USD }

// PaymentMethods lists all payment methods, in the order of the table.
func PaymentMethods() []PaymentMethod {
	all := make([]PaymentMethod, len(methods))
	for i, s := range methods {
		all[i] = s.Method
	}
	return all
}

// Spec is the row of a payment method. An unknown one is ErrNoPaymentMethod: it must never
// be taken for another.
func (m PaymentMethod) Spec() (PaymentMethodSpec, error) {
	for _, s := range methods {
		if s.Method == m {
			return s, nil
		}
	}
	return PaymentMethodSpec{}, fmt.Errorf("payment method %q: %w", string(m), ErrNoPaymentMethod)
}

// ParsePaymentMethod reads a payment method as it is stored and configured. An unknown one
// is ErrNoPaymentMethod.
func ParsePaymentMethod(s string) (PaymentMethod, error) {
	_, err := PaymentMethod(s).Spec()
	if err != nil {
		return "", err
	}
	return PaymentMethod(s), nil
}

// InvoicedIn is the payment method of money that the messenger took in a currency: Stars
// have their own, all others belong to the payment provider. A currency the messenger does
// not take is ErrNoPaymentMethod.
func InvoicedIn(c Currency) (PaymentMethod, error) {
	for _, s := range methods {
		if s.takes != nil && s.takes(c) {
			return s.Method, nil
		}
	}
	return "", fmt.Errorf("payment in %q: %w", string(c), ErrNoPaymentMethod)
}
