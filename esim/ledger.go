package esim

import (
	"fmt"
	"strconv"
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
	AccountGrants          Account = "grants"  // store credit given away
	AccountFees            Account = "fees"    // what a payment provider keeps
	// AccountExchange is where a refund changes currency on its way to store credit.
	AccountExchange Account = "exchange"
	AccountCost     Account = "cost"   // what the vendor charged (USD4)
	AccountVendor   Account = "vendor" // our account at the vendor (USD4), without what we pay in
)

// AccountCredit is the store credit of a customer (USD): what we owe them.
func AccountCredit(p CustomerID) Account {
	return Account("credit:" + strconv.FormatInt(int64(p), 10))
}

// An Posting is one line of a Transaction.
type Posting struct {
	Account Account
	Amount  Money // positive: more held or spent; negative: more owed or earned
}

// A Transaction is one event in the books. It is written once, never changed, and its
// entries are zero in every currency.
type Transaction struct {
	Key      string // two postings with one key are the same event
	Order    OrderID
	Payment  string // id, if it is about one
	Why      string
	Postings []Posting
}

// Check reports a posting that does not sum to zero.
func (p Transaction) Check() error {
	sums := map[Currency]int64{}
	for _, e := range p.Postings {
		sums[e.Amount.Currency] += e.Amount.Minor
	}
	for c, n := range sums {
		if n != 0 {
			return fmt.Errorf("posting %s is off by %s", p.Key, Money{n, c})
		}
	}
	return nil
}

// move is an amount from one account to another.
func move(from, to Account, m Money) []Posting {
	if m.Minor == 0 {
		return nil
	}
	return []Posting{{to, m}, {from, Money{-m.Minor, m.Currency}}}
}

// held is where the money of a payment method lies.
func held(method PaymentMethod, p CustomerID) (Account, error) {
	spec, err := method.Spec()
	if err != nil {
		return "", err
	}
	return spec.account(p), nil
}

// PaymentTransaction is money that came in: it is owed until an eSIM or a refund is given.
// An unknown payment method is ErrNoPaymentMethod.
func PaymentTransaction(p Payment) (Transaction, error) {
	account, err := held(p.Method, p.Customer)
	if err != nil {
		return Transaction{}, fmt.Errorf("post payment %s: %w", p.ID, err)
	}
	return Transaction{
		Key: "pay:" + p.ID, Order: p.Order, Payment: p.ID, Why: "payment",
		Postings: append(move(AccountDeferredRevenue, account, Money{p.Amount.Minor - p.Fee.Minor, p.Amount.Currency}),
			move(AccountDeferredRevenue, AccountFees, p.Fee)...),
	}, nil
}

// DeliveryTransaction turns what was prepaid for an order into a sale.
func DeliveryTransaction(o OrderID, paid Money) Transaction {
	return Transaction{Key: "deliver:" + string(o), Order: o, Why: "delivered", Postings: move(AccountSales, AccountDeferredRevenue, paid)}
}

// RefundTransaction is money that went back. delivered says that the sale had been booked.
// credited is the store credit (USD) it became; the zero value means that it went back
// the way it came. An unknown payment method is ErrNoPaymentMethod.
func RefundTransaction(p Payment, delivered bool, credited Money) (Transaction, error) {
	account, err := held(p.Method, p.Customer)
	if err != nil {
		return Transaction{}, fmt.Errorf("post refund of %s: %w", p.ID, err)
	}
	from := AccountDeferredRevenue
	if delivered {
		from = AccountRefunds
	}
	post := Transaction{Key: "refund:" + p.ID, Order: p.Order, Payment: p.ID, Why: "refund"}
	switch {
	case credited.Minor == 0:
		post.Postings = move(account, from, p.Amount)
	case credited == p.Amount:
		post.Postings = move(AccountCredit(p.Customer), from, p.Amount)
	default:
		post.Postings = append(move(AccountExchange, from, p.Amount), move(AccountCredit(p.Customer), AccountExchange, credited)...)
	}
	return post, nil
}

// CostTransaction is what the vendor charged for an order (USD4).
func CostTransaction(o Order) Transaction {
	return Transaction{Key: "cost:" + string(o.ID), Order: o.ID, Why: "bought", Postings: move(AccountVendor, AccountCost, o.Wholesale)}
}

// CostBackTransaction is what the vendor gave back for an order it cancelled (USD4).
func CostBackTransaction(o Order) Transaction {
	return Transaction{Key: "cost-back:" + string(o.ID), Order: o.ID, Why: "cancelled", Postings: move(AccountCost, AccountVendor, o.Wholesale)}
}

// LateReturnTransaction is what the vendor gave back for one eSIM of an order (USD4).
func LateReturnTransaction(o Order, esimID string) Transaction {
	one := Money{o.Wholesale.Minor / int64(max(o.Quantity, 1)), o.Wholesale.Currency}
	return Transaction{
		Key: "cost-back:" + string(o.ID) + ":" + esimID, Order: o.ID, Why: "cancelled after its refund",
		Postings: move(AccountCost, AccountVendor, one),
	}
}

// GrantTransaction gives store credit to a customer, or takes it (a negative amount). Key makes
// it happen once.
func GrantTransaction(key string, p CustomerID, amount Money, why string) Transaction {
	return Transaction{Key: "grant:" + key, Why: why, Postings: move(AccountCredit(p), AccountGrants, amount)}
}
