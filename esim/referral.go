package esim

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A customer who brings a friend gets store credit when the friend has used an eSIM they paid for. Not before: what is unused
// can be given back, and friends who buy and cancel would earn somebody an eSIM for nothing. What it brings is promised
// with the link that the friend came by, so a setting that changes later breaks no promise. It is never more than one
// eSIM of that order earned, without what an affiliate got: whoever refers themselves with a second account earns nothing
// they did not pay for. An eSIM that took the place of another was paid with the order of that one. When the
// order's money goes back all the same the credit does, too; what of it was spent is owed, and the next friends pay it:
// nobody has to pay for what another did.

// A Referral is a friend and who sent them.
type Referral struct {
	Friend   CustomerID
	Referrer CustomerID
	Promised Money // USD
	At       time.Time
	Order    OrderID // that brought the credit; "": none yet
	Credited Money   // USD; given for it
	Owed     Money   // USD; of Credited: was to be taken back, and had been spent
}

// ReferralFacts are what only the transaction sees that notes how a friend came.
type ReferralFacts struct {
	Referrer CustomerID // whose code it is; 0: nobody's
	// Bought: the friend is a customer already.
	Bought bool
	// Mutual: the friend brought the referrer.
	Mutual bool
}

// Allow reports whether somebody counts as a friend who was brought.
func (f ReferralFacts) Allow(friend CustomerID) bool {
	return f.Referrer != 0 && f.Referrer != friend && !f.Bought && !f.Mutual
}

// CreditFacts are what only the transaction sees in which an eSIM of a friend's order is used, or in which such an order is
// given back.
type CreditFacts struct {
	Referral Referral // of the order's customer; the zero value: nobody sent them
	Order    Order
	// Paid is the order that was paid for it: of a swap the one it began with; else Order.
	Paid       Order
	ESIMs      []ESIM // of Order
	Commission Money  // XTR9; what an affiliate got of Paid
	Owed       Money  // USD; by the referrer, of all their friends
	Balance    Money  // USD; the referrer's store credit
}

// A ReferralCredit is what follows for the referrer.
type ReferralCredit struct {
	Of            OrderID // that earned it
	Credited      Money   // USD; zero: nothing
	Owes          Money   // USD; what is owed now of this friend
	Repaid        Money   // USD; of what was owed before
	Transactions  []Transaction
	Notifications []Notification
}

// earned is what one eSIM of the order earned (USD), if it was paid with money from outside.
func (f CreditFacts) earned() Money {
	o, paid := f.Order, f.Paid
	spec, err := paid.Method.Spec()
	if err != nil || spec.FromCredit || spec.RefundRoute == RefundNothing || paid.Price.Minor == 0 {
		return USDCents(0)
	}
	of := func(fine int64, n int) int64 { return fine / 100 / int64(max(n, 1)) }
	commission := EarnedLine{Amount: f.Commission, Price: paid.Price, Credit: paid.Credit, Retail: paid.Retail}.value()
	margin := of(o.Retail.fine().Minor-o.Wholesale.fine().Minor, o.Quantity) - of(commission+99, paid.Quantity)
	return USDCents(max(0, min(margin, paid.Retail.Minor-max(0, paid.Credit.Minor))))
}

// ReferralEarned says what the use of a friend's eSIM brings whoever sent them.
// The store calls it inside the transaction in which that shows.
func ReferralEarned(f CreditFacts) (c ReferralCredit) {
	r, o := f.Referral, f.Order
	used := slices.ContainsFunc(f.ESIMs, func(e ESIM) bool { return !e.unused() && !e.Returned })
	if r.Referrer <= 0 || r.Order != "" || !o.Fulfilled() || !used {
		return c
	}
	due := USDCents(min(r.Promised.Minor, f.earned().Minor))
	if due.Minor <= 0 {
		return c
	}
	c.Of, c.Credited, c.Repaid = f.Paid.ID, due, USDCents(min(due.Minor, f.Owed.Minor))
	c.Transactions = []Transaction{{
		Key: referralKey(r.Friend), Order: f.Paid.ID, Why: "a friend was brought",
		Postings: append(posting(AccountCredit(r.Referrer), AccountGrants, due), posting(AccountGrants, AccountCredit(r.Referrer), c.Repaid)...),
	}}
	if left := due.Minor - c.Repaid.Minor; left > 0 {
		c.Notifications = []Notification{NewReferralCredit(r, USDCents(left))}
	}
	return c
}

// ReferralReturned says what of it is taken back when the order's money goes back.
// The store calls it inside the transaction that sends it.
func ReferralReturned(f CreditFacts) (c ReferralCredit) {
	r := f.Referral
	if r.Referrer == 0 || r.Order == "" || r.Order != f.Order.ID && r.Order != f.Paid.ID || r.Credited.Minor == 0 {
		return c
	}
	back := USDCents(min(r.Credited.Minor, max(0, f.Balance.Minor)))
	c.Of, c.Owes = r.Order, USDCents(r.Credited.Minor-back.Minor)
	c.Transactions = []Transaction{{
		Key: referralKey(r.Friend) + ":back", Order: r.Order, Why: "the friend's order was given back",
		Postings: posting(AccountGrants, AccountCredit(r.Referrer), back),
	}}
	return c
}

func referralKey(friend CustomerID) string { return fmt.Sprintf("referral:%d", friend) }

// A ReferralSummary is what a customer's link brought.
type ReferralSummary struct {
	Code    string
	Friends int   // who came by it
	Bought  int   // of them, whose first eSIM brought credit
	Earned  Money // USD; without what was taken back
}

// ReferralStore keeps who brought whom.
type ReferralStore interface {
	// ReferralOf is what a customer's link brought; the code in it is made when it is asked for first.
	ReferralOf(ctx context.Context, c CustomerID) (ReferralSummary, error)
	// AddReferral notes by whose code a friend came, with what is promised (USD), if ReferralFacts.Allow it; of several
	// the first stays. false: it does not count.
	AddReferral(ctx context.Context, friend CustomerID, code string, promised Money) (bool, error)
}

// Referrals brings friends.
type Referrals struct {
	Store  ReferralStore
	Credit Money     // USD; for each friend, unless staff say otherwise; zero: nothing is given
	Rules  *RuleBook // nil: nothing is said
}

// NoteReferral notes that a customer came by the link of another.
func (s *Referrals) NoteReferral(ctx context.Context, friend CustomerID, code string) (bool, error) {
	promised := s.Promised()
	if promised.Minor <= 0 {
		return false, nil
	}
	return s.Store.AddReferral(ctx, friend, code, promised)
}
