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
	// AccountPrepaid is money for which neither an eSIM nor a refund was given yet:
	// the promise, as a number.
	AccountPrepaid Account = "prepaid"
	AccountSales   Account = "sales"   // earned: the eSIM was delivered
	AccountRefunds Account = "refunds" // given back after delivery
	AccountGrants  Account = "grants"  // store credit given away
	AccountFees    Account = "fees"    // what a payment provider keeps
	// AccountExchange is where a refund changes currency on its way to store credit.
	AccountExchange Account = "exchange"
	AccountCost     Account = "cost"   // what the vendor charged (USD4)
	AccountVendor   Account = "vendor" // our account at the vendor (USD4), without what we pay in
)

// AccountCredit is the store credit of a person (USD): what we owe them.
func AccountCredit(p PersonID) Account {
	return Account("credit:" + strconv.FormatInt(int64(p), 10))
}

// An Entry is one line of a Posting.
type Entry struct {
	Account Account
	Amount  Money // positive: more held or spent; negative: more owed or earned
}

// A Posting is one event in the books. It is written once, never changed, and its
// entries are zero in every currency.
type Posting struct {
	Key     string // two postings with one key are the same event
	Order   OrderID
	Payment string // id, if it is about one
	Why     string
	Entries []Entry
}

// Check reports a posting that does not sum to zero.
func (p Posting) Check() error {
	sums := map[Currency]int64{}
	for _, e := range p.Entries {
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
func move(from, to Account, m Money) []Entry {
	if m.Minor == 0 {
		return nil
	}
	return []Entry{{to, m}, {from, Money{-m.Minor, m.Currency}}}
}

// held is where the money of a rail lies.
func held(rail Rail, p PersonID) Account {
	switch rail {
	case RailProvider:
		return AccountProvider
	case RailManual:
		return AccountCash
	case RailCredit:
		return AccountCredit(p)
	}
	return AccountStars
}

// PaymentPosting is money that came in: it is owed until an eSIM or a refund is given.
func PaymentPosting(p Payment) Posting {
	return Posting{
		Key: "pay:" + p.ID, Order: p.Order, Payment: p.ID, Why: "payment",
		Entries: append(move(AccountPrepaid, held(p.Rail, p.Person), Money{p.Amount.Minor - p.Fee.Minor, p.Amount.Currency}),
			move(AccountPrepaid, AccountFees, p.Fee)...),
	}
}

// DeliveryPosting turns what was prepaid for an order into a sale.
func DeliveryPosting(o OrderID, paid Money) Posting {
	return Posting{Key: "deliver:" + string(o), Order: o, Why: "delivered", Entries: move(AccountSales, AccountPrepaid, paid)}
}

// RefundPosting is money that went back. delivered says that the sale had been booked.
// credited is the store credit (USD) it became; the zero value means that it went back
// the way it came.
func RefundPosting(p Payment, delivered bool, credited Money) Posting {
	from := AccountPrepaid
	if delivered {
		from = AccountRefunds
	}
	post := Posting{Key: "refund:" + p.ID, Order: p.Order, Payment: p.ID, Why: "refund"}
	switch {
	case credited.Minor == 0:
		post.Entries = move(held(p.Rail, p.Person), from, p.Amount)
	case credited == p.Amount:
		post.Entries = move(AccountCredit(p.Person), from, p.Amount)
	default:
		post.Entries = append(move(AccountExchange, from, p.Amount), move(AccountCredit(p.Person), AccountExchange, credited)...)
	}
	return post
}

// CostPosting is what the vendor charged for an order (USD4).
func CostPosting(o Order) Posting {
	return Posting{Key: "cost:" + string(o.ID), Order: o.ID, Why: "bought", Entries: move(AccountVendor, AccountCost, o.Wholesale)}
}

// CostBackPosting is what the vendor gave back for an order it cancelled (USD4).
func CostBackPosting(o Order) Posting {
	return Posting{Key: "cost-back:" + string(o.ID), Order: o.ID, Why: "cancelled", Entries: move(AccountCost, AccountVendor, o.Wholesale)}
}

// LateReturnPosting is what the vendor gave back for one eSIM of an order (USD4).
func LateReturnPosting(o Order, tranNo string) Posting {
	one := Money{o.Wholesale.Minor / int64(max(o.Quantity, 1)), o.Wholesale.Currency}
	return Posting{
		Key: "cost-back:" + string(o.ID) + ":" + tranNo, Order: o.ID, Why: "cancelled after its refund",
		Entries: move(AccountCost, AccountVendor, one),
	}
}

// GrantPosting gives store credit to a person, or takes it (a negative amount). Key makes
// it happen once.
func GrantPosting(key string, p PersonID, amount Money, why string) Posting {
	return Posting{Key: "grant:" + key, Why: why, Entries: move(AccountCredit(p), AccountGrants, amount)}
}
