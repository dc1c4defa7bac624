package esim

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// A lost database is found again: the messenger's account of Stars says who paid when for which
// order, the vendor's list says what was bought under the key of which order. Recover joins the
// two. It asks nobody and moves nothing; what the two do not settle is for a human.

// A VendorRecord is one line of the vendor's list of all that we ever bought.
type VendorRecord struct {
	Profile
	// TopUp: the line is a top-up. ID is its own number then, and of Profile only IdempotencyKey counts.
	TopUp  bool
	Plan   Plan      // what was bought, as far as the line tells it: no price
	Bought time.Time // zero: it does not say
	Added  []AddedPackage
}

// An AddedPackage is a top-up as the line of its eSIM shows it.
type AddedPackage struct {
	PlanCode string
	At       time.Time
}

// RecoverySources are the two lists, and what is needed to read them.
type RecoverySources struct {
	Bot     int64
	Stars   []StarTransaction
	Read    int // lines of the account that Stars are of
	Records []VendorRecord
	// Known are eSIMs that the database has: a top-up may have gone to one of them.
	Known []ESIM
	// Plan finds what is still sold; ErrPlanGone for the rest.
	Plan    func(code string) (Plan, error)
	Pricing Pricing
	Now     time.Time
}

// A Recovery is what a new database is filled with.
type Recovery struct {
	Bot       int64 // whose account of Stars was read
	Read      int   // how many of its lines
	At        time.Time
	Customers []Customer
	Orders    []RecoveredOrder
	// Unexplained are payments that no order can be made of; staff decide.
	Unexplained []UnexplainedPayment
	// UnmatchedESIMs are live eSIMs of the vendor without a payment in Stars.
	UnmatchedESIMs []UnmatchedESIM
	// UnmatchedTopUps are the vendor's lines of top-ups without one: given by staff, or paid otherwise.
	UnmatchedTopUps []VendorRecord
}

// An UnmatchedESIM belongs to no order, or is one more than an order paid for.
type UnmatchedESIM struct {
	Profile
	Plan  Plan
	Order OrderID // that its key names; "": none
}

// A RecoveredOrder is an order with all that the books and the history have of it.
type RecoveredOrder struct {
	Order    Order
	Events   []OrderEvent
	Payments []OrderPayment
	ESIMs    []ESIM
	Books    []DatedTransaction
	// ToppedUp is the eSIM that the database has and this top-up went to; "": none.
	ToppedUp    ESIMID
	commissions []DatedTransaction // of its payments
	// Old is the move of the order that pays this one with an eSIM which is back; nil: it is no swap under way.
	Old *Transition
	// Note says what a human should know of it; "": nothing.
	Note string
	// CostGuessed: what the vendor charged is reckoned back from the price.
	CostGuessed bool
}

// A DatedTransaction is a Transaction and when it happened.
type DatedTransaction struct {
	At time.Time
	Transaction
}

// A RecoveryCount counts what a Recovery holds.
type RecoveryCount struct {
	Customers, Orders, TopUps, ESIMs             int
	Delivered, Resent, Refunded, Human           int // of Orders and TopUps
	Given                                        int // of ESIMs, held by others than who bought them
	Unexplained, UnmatchedESIMs, UnmatchedTopUps int
	Noted, CostGuessed, Paid                     int
	Stars                                        Money // that came in, less what went back
}

// Count counts.
func (r Recovery) Count() RecoveryCount {
	c := RecoveryCount{
		Customers: len(r.Customers), Unexplained: len(r.Unexplained),
		UnmatchedESIMs: len(r.UnmatchedESIMs), UnmatchedTopUps: len(r.UnmatchedTopUps), Stars: Stars(0),
	}
	for _, u := range r.Unexplained {
		c.Stars.Minor += u.Amount.Minor
	}
	for _, o := range r.Orders {
		if c.Orders++; o.Order.Kind == TopUp {
			c.TopUps++
		}
		c.ESIMs += len(o.ESIMs)
		for _, e := range o.ESIMs {
			if e.GivenAway() {
				c.Given++
			}
		}
		switch o.Order.State {
		case StateDelivered:
			c.Delivered++
		case StateAllocating:
			c.Resent++
		case StateRefunded:
			c.Refunded++
		case StateNeedsHuman:
			c.Human++
		}
		if o.Note != "" {
			c.Noted++
		}
		if o.CostGuessed {
			c.CostGuessed++
		}
		for _, p := range o.Payments {
			c.Paid++
			if p.Status != PaymentRefunded && p.Amount.Currency == XTR {
				c.Stars.Minor += p.Amount.Minor
			}
		}
	}
	return c
}

// Position is the setting that says how far the account of Stars was read, so that the new shop
// books nothing twice.
func (r Recovery) Position() (key, value string) {
	return starKey(r.Bot), starPosition{opened: r.At, read: r.Read}.String()
}

// Notifications tell staff what waits for them, once the shop is open.
func (r Recovery) Notifications() []Notification {
	var told []Notification
	for _, o := range r.Orders {
		if o.Order.State == StateNeedsHuman {
			told = append(told, NewStaffNeedsHuman(o.Order, o.Note, r.At))
		}
	}
	if len(r.Unexplained) > 0 {
		told = append(told, NewStaffUnexplained(r.Unexplained, r.At))
	}
	return told
}

// Recover joins the messenger's account and the vendor's list.
func Recover(s RecoverySources) Recovery {
	j := s.join()
	r := Recovery{Bot: s.Bot, Read: s.Read, At: s.Now}
	for _, id := range j.ids { // purchases first: a top-up looks for its eSIM among theirs
		if !j.isTopUp(id) {
			j.purchase(&r, id)
		}
	}
	for _, id := range j.unpaidSwaps {
		j.unpaidSwap(&r, id)
	}
	for _, id := range j.ids {
		if j.isTopUp(id) {
			j.topUp(&r, id)
		}
	}
	j.rest(&r)
	return r
}

// A join is the two lists sorted by order, and what was taken from them so far.
type join struct {
	RecoverySources
	ids      []OrderID // that were paid, in the order of their first payments
	paid     map[OrderID][]StarTransaction
	refunded map[string]time.Time       // by payment
	back     map[string]StarTransaction // the same lines
	bought   map[OrderID][]VendorRecord
	owners   []*ownedESIM
	used     map[ESIMID]bool // lines of the vendor's list

	swappedFor  map[OrderID]OrderID // by the old order
	unpaidSwaps []OrderID           // that no account of payments has, oldest first
}

// An ownedESIM is an eSIM that found its owner, and those of its top-ups that did not.
type ownedESIM struct {
	order, index int // in Recovery.Orders, and in its ESIMs
	added        []AddedPackage
}

// join sorts both lists by order.
func (s RecoverySources) join() *join {
	j := &join{RecoverySources: s, refunded: map[string]time.Time{}, back: map[string]StarTransaction{}, paid: map[OrderID][]StarTransaction{}, bought: map[OrderID][]VendorRecord{}}
	j.sort()
	return j
}

func (j *join) sort() {
	j.used = map[ESIMID]bool{}
	for _, m := range j.Stars {
		if !m.Incoming {
			j.refunded[m.ID] = m.At
			j.back[m.ID] = m
			continue
		}
		if j.paid[m.Order] == nil {
			j.ids = append(j.ids, m.Order)
		}
		j.paid[m.Order] = append(j.paid[m.Order], m)
	}
	for _, v := range j.Records {
		if id, named := OrderOfIdempotencyKey(v.IdempotencyKey); named {
			j.bought[id] = append(j.bought[id], v)
		}
	}
	for _, of := range j.bought {
		slices.SortStableFunc(of, func(a, b VendorRecord) int { return cmp.Compare(a.ID, b.ID) })
	}
	j.sortSwaps()
}

func (j *join) isTopUp(id OrderID) bool {
	lines := j.bought[id]
	return len(lines) > 0 && lines[0].TopUp || len(lines) == 0 && j.paid[id][0].Invoiced.ToppedUp()
}

// customer adds who paid, once.
func (r *Recovery) customer(m StarTransaction) {
	i := slices.IndexFunc(r.Customers, func(c Customer) bool { return c.ID == m.Customer })
	if i < 0 {
		r.Customers = append(r.Customers, Customer{
			ID: m.Customer, Chat: int64(m.Customer), Name: m.Name, Language: m.Language, Created: m.At,
		})
	}
}

// hold leaves payments to staff; those that went back need nobody.
func (j *join) hold(r *Recovery, lines []StarTransaction, why string) {
	for _, m := range lines {
		if _, back := j.refunded[m.ID]; !back {
			r.customer(m) // who is told when it goes back
			r.Unexplained = append(r.Unexplained, UnexplainedPayment{Payment: m.payment(), Why: why, Older: true})
		}
	}
}

func (m StarTransaction) payment() Payment {
	return Payment{ID: m.ID, Order: m.Order, Customer: m.Customer, Amount: m.Amount, Method: MethodStars, At: m.At, Dated: m.At}
}

// rest lists the live eSIMs, and the top-ups, that nobody paid for in Stars.
func (j *join) rest(r *Recovery) {
	for _, v := range j.Records {
		id, named := OrderOfIdempotencyKey(v.IdempotencyKey)
		if !named { // what stands there is another program's, and no order of ours
			id = ""
		}
		switch {
		case v.TopUp && j.paid[id] == nil:
			r.UnmatchedTopUps = append(r.UnmatchedTopUps, v)
		case v.TopUp, j.used[v.ID], v.Status.Final():
		default:
			r.UnmatchedESIMs = append(r.UnmatchedESIMs, UnmatchedESIM{v.Profile, v.Plan, id})
		}
	}
}

// orderFromPayments is a recovered order as far as its payments tell it. The first payment paid it; others
// are extra, and those of them that did not go back are held.
func (j *join) orderFromPayments(r *Recovery, id OrderID) (RecoveredOrder, bool) {
	lines := j.paid[id]
	first := lines[0]
	extra := lines[1:]
	if !validOrderID(string(id)) {
		j.hold(r, lines, "its invoice names no order")
		return RecoveredOrder{}, false
	}
	if first.Invoiced.PlanCode == "" && len(j.bought[id]) == 0 {
		j.hold(r, lines, "its invoice does not say what was bought, and the vendor knows no such order")
		return RecoveredOrder{}, false
	}
	for i, m := range lines { // the one that was kept paid the order
		if _, back := j.refunded[m.ID]; !back {
			first, extra = m, append(slices.Clone(lines[:i]), lines[i+1:]...)
			break
		}
	}
	j.hold(r, extra, fmt.Sprintf("order %s was paid a second time", id))
	r.customer(first)
	o := Order{
		ID: id, Customer: first.Customer, Quantity: max(1, first.Invoiced.Quantity), Days: first.Invoiced.Days,
		Price: first.Amount, Method: MethodStars, Created: first.At, PaidAt: first.At, NextAt: j.Now, Changed: first.At,
		Retail: j.retail(first.Amount), IdempotencyKey: IdempotencyKeyOf(first.Invoiced), Reason: "recovered",
	}
	if credit := first.Invoiced.Credit; credit != 0 {
		o.Credit = USDCents(credit)
		o.Retail.Minor += credit
	}
	if first.Invoiced.Promo != "" {
		o.Promo, o.Discount = first.Invoiced.Promo, USDCents(first.Invoiced.Discount)
	}
	rec := RecoveredOrder{Order: o, Payments: []OrderPayment{{Payment: first.payment(), Status: PaymentSettled, Reason: "recovered"}}}
	for _, m := range extra {
		if at, back := j.refunded[m.ID]; back {
			rec.Payments = append(rec.Payments, OrderPayment{Payment: m.payment(), Status: PaymentRefunded, Surplus: true, Refunded: at, Reason: "recovered"})
		}
	}
	if at, back := j.refunded[first.ID]; back {
		rec.Payments[0].Status, rec.Payments[0].Refunded = PaymentRefunded, at
	} else if o.Credit.Minor != 0 {
		rec.Payments = append(rec.Payments, o.creditPart(first.payment()))
	}
	for _, p := range rec.Payments {
		for _, m := range append(slices.Clone(lines), j.back[p.ID]) {
			if t := m.CommissionTransaction(); m.ID == p.ID && len(t.Postings) > 0 {
				rec.commissions = append(rec.commissions, DatedTransaction{m.At, t})
			}
		}
	}
	return rec, true
}
