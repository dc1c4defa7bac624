package esim

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// An Account is one column of the books. Each holds money of one or more currencies.
type Account string

// The accounts. What we hold and what we spent counts up, what we owe and what we
// earned counts down, so that all of them together are zero at any moment.
const (
	AccountStars    Account = "stars"    // Stars that Telegram holds for us
	AccountProvider Account = "provider" // money at the payment provider
	AccountCash     Account = "cash"     // money taken by hand
	// AccountDeferredRevenue is money for which neither an eSIM nor a refund was given yet:
	// the promise, as a number.
	AccountDeferredRevenue Account = "prepaid"
	AccountSales           Account = "sales"   // earned: the eSIM was delivered
	AccountRefunds         Account = "refunds" // given back after delivery
	AccountGrants          Account = "grants"  // store credit given away, and what gifts of staff cost
	AccountFees            Account = "fees"    // what a payment provider keeps
	// AccountCommission is what affiliates got of payments in Stars (XTR9).
	AccountCommission Account = "commission"
	// AccountExchange is where a refund changes currency on its way to store credit.
	AccountExchange Account = "exchange"
	AccountCost     Account = "cost"   // what the vendor charged (USD4)
	AccountVendor   Account = "vendor" // our account at the vendor (USD4), without what we pay in
)

// creditPrefix begins the accounts of store credit, one for each customer.
const creditPrefix = "credit:"

// AccountAllCredit is all customers' store credit together, where balances are summed up.
const AccountAllCredit Account = "credit"

// Summed is the account under which a sum over all customers is shown.
func (a Account) Summed() Account {
	if a.Limited() {
		return AccountAllCredit
	}
	return a
}

// AccountCredit is the store credit of a customer (USD): what we owe them.
func AccountCredit(p CustomerID) Account {
	return Account(creditPrefix + strconv.FormatInt(int64(p), 10))
}

// Customer is whose store credit an account is; false: it is none.
func (a Account) Customer() (CustomerID, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(string(a), creditPrefix), 10, 64)
	return CustomerID(n), a.Limited() && err == nil
}

// A Posting moves a positive amount from one account to another.
type Posting struct {
	Source, Destination Account
	Amount              Money
}

// A Transaction is one event in the books: it is written once and never changed. It sums to
// zero by construction, since a posting only moves.
type Transaction struct {
	Key      string // two transactions with one key are the same event
	Order    OrderID
	Payment  string // id, if it is about one
	Why      string
	Postings []Posting // none: nothing is written
	// Requires is the key of a transaction without which this one is not written; "": none.
	Requires string
	// Unless is the key of a transaction with which this one is not written; "": none.
	Unless string
	// Owing: it may leave store credit below zero. Any other may only bring it nearer to zero then.
	Owing bool
}

// Into is how much (USD) the transaction brings into an account of money that we owe.
func (t Transaction) Into(a Account) Money {
	sum := USDCents(0)
	for _, p := range t.Postings {
		if p.Source == a && p.Amount.Currency == USD {
			sum.Minor += p.Amount.Minor
		}
	}
	return sum
}

// Check reports a posting that moves nothing, less than nothing, or nowhere.
func (t Transaction) Check() error {
	for _, p := range t.Postings {
		if p.Amount.Minor <= 0 || p.Amount.Currency == "" || p.Source == "" || p.Destination == "" || p.Source == p.Destination {
			return fmt.Errorf("transaction %q: cannot move %s from %q to %q", t.Key, p.Amount, p.Source, p.Destination)
		}
	}
	if t.Key == "" && len(t.Postings) > 0 {
		return errors.New("transaction without a key")
	}
	return nil
}

// posting moves an amount, one below zero the other way; none if it is nothing.
func posting(source, destination Account, m Money) []Posting {
	switch {
	case m.Minor == 0:
		return nil
	case m.Minor < 0:
		return []Posting{{destination, source, Money{-m.Minor, m.Currency}}}
	}
	return []Posting{{source, destination, m}}
}

// Limited reports whether CheckBalance can fail.
func (a Account) Limited() bool { return strings.HasPrefix(string(a), creditPrefix) }

// CheckBalance reports whether the transaction may leave an account that it changes where it then stands (what it holds
// counts up, what we owe counts down): ErrInsufficientCredit if it spends more store credit than there is. Who owes may be given some.
func (t Transaction) CheckBalance(a Account, change, balance Money) error {
	if a.Limited() && !t.Owing && change.Minor > 0 && balance.Minor > 0 {
		return fmt.Errorf("%s is not there: %w", balance, ErrInsufficientCredit)
	}
	return nil
}

// held is where the money of a payment method lies.
func held(method PaymentMethod, p CustomerID) (Account, error) {
	spec, err := method.Spec()
	if err != nil {
		return "", err
	}
	return spec.account(p), nil
}

// PaymentTransaction is money that came in: it is deferred revenue until an eSIM or a refund is given.
// An unknown payment method is ErrNoPaymentMethod.
func PaymentTransaction(p Payment) (Transaction, error) {
	account, err := held(p.Method, p.Customer)
	if err != nil {
		return Transaction{}, fmt.Errorf("post payment %s: %w", p.ID, err)
	}
	return Transaction{
		Key: "pay:" + p.ID, Order: p.Order, Payment: p.ID, Why: "payment",
		Postings: append(posting(AccountDeferredRevenue, account, Money{p.Amount.Minor - p.Fee.Minor, p.Amount.Currency}),
			posting(AccountDeferredRevenue, AccountFees, p.Fee)...),
	}, nil
}

// DeliveryKey is that of the transaction by which an order became a sale.
func DeliveryKey(o OrderID) string { return "deliver:" + string(o) }

func costBackKey(o OrderID) string { return "cost-back:" + string(o) }

func costKey(o OrderID) string { return "cost:" + string(o) }

// DeliveryTransaction turns what was prepaid for an order into a sale.
func DeliveryTransaction(o OrderID, paid ...Money) Transaction {
	t := Transaction{Key: DeliveryKey(o), Order: o, Why: "delivered"}
	for _, m := range paid {
		t.Postings = append(t.Postings, posting(AccountSales, AccountDeferredRevenue, m)...)
	}
	return t
}

// RefundTransaction is money that went back. delivered says that the sale had been booked.
// credited is the store credit (USD) it became; the zero value means that it went back
// the way it came. An unknown payment method is ErrNoPaymentMethod.
// gone is what of the payment became store credit before, in parts; zero: none.
func RefundTransaction(p Payment, delivered bool, credited, gone Money) (Transaction, error) {
	account, err := held(p.Method, p.Customer)
	if err != nil {
		return Transaction{}, fmt.Errorf("post refund of %s: %w", p.ID, err)
	}
	from := AccountDeferredRevenue
	if delivered {
		from = AccountRefunds
	}
	rest := Money{p.Amount.Minor - gone.Minor, p.Amount.Currency}
	post := Transaction{Key: "refund:" + p.ID, Order: p.Order, Payment: p.ID, Why: "refund", Owing: p.paysDebt()}
	switch {
	case credited.Minor == 0: // somebody else sends it back whole, whatever went before
		post.Postings = append(posting(account, from, rest), posting(account, AccountRefunds, gone)...)
	default:
		post.Postings = toCredit(p.Customer, from, rest, credited)
	}
	return post, nil
}

// PartTransaction is a part of a payment that became store credit (USD) while the rest stayed. name
// tells it from the other parts of the order. sold says that the sale had been booked.
func PartTransaction(p Payment, name string, sold bool, amount, credited Money) Transaction {
	from := AccountDeferredRevenue
	if sold {
		from = AccountRefunds
	}
	return Transaction{
		Key: "part:" + string(p.Order) + ":" + name, Order: p.Order, Payment: p.ID, Why: "part refunded", Owing: p.paysDebt(),
		Postings: toCredit(p.Customer, from, amount, credited),
	}
}

// toCredit turns an amount into store credit (USD).
func toCredit(customer CustomerID, from Account, amount, credited Money) []Posting {
	if amount == credited {
		return posting(AccountCredit(customer), from, amount)
	}
	return append(posting(AccountExchange, from, amount), posting(AccountCredit(customer), AccountExchange, credited)...)
}

// CostTransaction is what the vendor charged for an order (USD4). What was a gift is given away, and cost no sale.
func CostTransaction(o Order) Transaction {
	if o.Gift {
		return Transaction{Key: costKey(o.ID), Order: o.ID, Why: "given", Postings: posting(AccountVendor, AccountGrants, o.Wholesale)}
	}
	return Transaction{Key: costKey(o.ID), Order: o.ID, Why: "bought", Postings: posting(AccountVendor, AccountCost, o.Wholesale)}
}

// CostBackTransaction is what the vendor gave back for an order it cancelled (USD4), less what it
// gave back for parts of it.
func CostBackTransaction(o Order) Transaction {
	return Transaction{Key: costBackKey(o.ID), Order: o.ID, Why: "cancelled", Postings: posting(AccountCost, AccountVendor, Money{o.Wholesale.Minor - o.share(o.Wholesale, o.Parts()).Minor, o.Wholesale.Currency})}
}

// LateReturnTransaction is what the vendor gave back for one eSIM of an order (USD4), if the
// books hold that it was bought, and not that all of the order was given back.
func LateReturnTransaction(o Order, esimID ESIMID) Transaction {
	return Transaction{
		Key: costBackKey(o.ID) + ":" + string(esimID), Order: o.ID, Why: "one eSIM cancelled",
		Postings: posting(AccountCost, AccountVendor, o.share(o.Wholesale, 1)), Requires: costKey(o.ID), Unless: costBackKey(o.ID),
	}
}

// GrantTransaction gives store credit to a customer, or takes it (a negative amount). Key makes
// it happen once.
func GrantTransaction(key string, p CustomerID, amount Money, why string) Transaction {
	t := Transaction{Key: "grant:" + key, Why: why, Postings: posting(AccountCredit(p), AccountGrants, amount)}
	if amount.Minor < 0 {
		t.Postings = posting(AccountGrants, AccountCredit(p), Money{-amount.Minor, amount.Currency})
	}
	return t
}

// A SalesSummary sets what was delivered beside what the vendor charged for it.
type SalesSummary struct {
	Orders   int   // delivered, top-ups too, whatever became of them since
	Retail   Money // USD; their prices
	Refunded Money // USD; of Retail, went back or is about to
	Cost     Money // USD4; charged by the vendor for them, less what it gave back
	Margin   Money // USD4; Retail less Refunded and Cost. Fees of payment providers are not in it.
}

// WithMargin fills in what is left of the prices.
func (s SalesSummary) WithMargin() SalesSummary {
	s.Margin = USDTenThousandths(s.Retail.fine().Minor - s.Refunded.fine().Minor - s.Cost.Minor)
	return s
}
