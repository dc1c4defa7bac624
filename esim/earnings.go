package esim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// What the shop earned is read from the books alone, by the day on which it was booked: a sale when its eSIM was delivered, a
// refund when the money went back, a charge when the vendor took it. All is set in US dollars, at the rate of the order it is
// about: what was asked for in Stars or another currency was worth the order's retail price.

// Earnings are what some time brought, by the books. All amounts are USD4.
type Earnings struct {
	Orders  int   // that became sales, top-ups too; what was free is none
	Sales   Money // for what was delivered
	Refunds Money // given back after that
	Cost    Money // charged by the vendor, less what it gave back
	Fees    Money // kept by a payment provider
	// Commission is what affiliates got of payments in Stars.
	Commission Money
	Given      Money // store credit given away, less what was taken, and what gifts of staff cost
}

// Margin is what is left (USD4).
func (e Earnings) Margin() Money {
	return USDTenThousandths(e.Sales.Minor - e.Refunds.Minor - e.Cost.Minor - e.Fees.Minor - e.Commission.Minor - e.Given.Minor)
}

// IsZero reports whether nothing was booked.
func (e Earnings) IsZero() bool {
	return e.Orders == 0 && e.Sales.Minor|e.Refunds.Minor|e.Cost.Minor|e.Fees.Minor|e.Commission.Minor|e.Given.Minor == 0
}

func (e *Earnings) add(l EarnedLine, value int64) {
	plus := func(m *Money, minor int64) { *m = USDTenThousandths(m.Minor + minor) }
	switch l.Account {
	case AccountSales: // what we earned counts down
		plus(&e.Sales, -value)
	case AccountRefunds:
		plus(&e.Refunds, value)
	case AccountCost:
		plus(&e.Cost, value)
	case AccountFees:
		plus(&e.Fees, value)
	case AccountCommission:
		plus(&e.Commission, value)
	case AccountGrants:
		plus(&e.Given, value)
	}
}

// EarnedAccounts are the accounts that earnings are read from.
func EarnedAccounts() []Account {
	return []Account{AccountSales, AccountRefunds, AccountCost, AccountFees, AccountCommission, AccountGrants}
}

// An EarnedLine is one line of those accounts, with what its order says of it.
type EarnedLine struct {
	At      time.Time
	Key     string // of the event
	Account Account
	Amount  Money
	Order   OrderID // "": it is about none, or about one that is not known; the rest is zero then
	Plan    Plan
	Days    int
	Method  PaymentMethod
	Price   Money // by the method
	Credit  Money // store credit beside it; below zero: a debt that is in Price too
	Retail  Money // USD; what both were worth
}

// value is the amount in USD4.
func (l EarnedLine) value() int64 {
	m, price := l.Amount.fine(), l.Price
	if m.Currency == XTR9 && price.Currency == XTR {
		price = Money{price.Minor * starParts, XTR9}
	}
	switch {
	case m.Currency == USD4:
		return m.Minor
	case price.Minor <= 0 || price.Currency != m.Currency:
		return 0
	default:
		worth := (l.Retail.Minor - l.Credit.Minor) * 100
		negative := m.Minor < 0
		v := mulDivCeil(max(m.Minor, -m.Minor), max(worth, 0), price.Minor)
		if negative {
			return -v
		}
		return v
	}
}

// byCredit is what of a value was paid with store credit.
func (l EarnedLine) byCredit(value int64) int64 {
	switch {
	case l.Credit.Minor <= 0 || l.Amount.Currency != USD:
		return 0
	case l.Price.Currency != USD: // the line is the credit's alone
		return value
	default:
		return value * l.Credit.Minor / max(l.Credit.Minor+l.Price.Minor, 1)
	}
}

// A SoldPlan is a plan as it was sold: of a day pass so many days.
type SoldPlan struct {
	Plan Plan
	Days int
}

// An EarningsShare is what one place, plan or payment method earned.
type EarningsShare[K any] struct {
	Of K
	Earnings
}

// A SalesReport is what a period earned.
type SalesReport struct {
	Period Period
	Total  Earnings
	Days   []Earnings // of each day of the period, none if it has no bounds
	// What earned most comes first. Of methods only the sales are told.
	Places  []EarningsShare[Plan] // one plan of the place
	Plans   []EarningsShare[SoldPlan]
	Methods []EarningsShare[PaymentMethod]
}

// A SalesSummarizer adds lines of the books up, in the order of their time. Create it with NewSalesSummarizer.
type SalesSummarizer struct {
	report  SalesReport
	seen    string // key of the last sale: its lines are one order
	places  map[string]*EarningsShare[Plan]
	plans   map[string]*EarningsShare[SoldPlan]
	methods map[PaymentMethod]*EarningsShare[PaymentMethod]
}

// NewSalesSummarizer begins to add up what a period earned.
func NewSalesSummarizer(p Period) *SalesSummarizer {
	return &SalesSummarizer{
		report: SalesReport{Period: p, Total: newEarnings(), Days: newDays(p.Days())},
		places: map[string]*EarningsShare[Plan]{}, plans: map[string]*EarningsShare[SoldPlan]{}, methods: map[PaymentMethod]*EarningsShare[PaymentMethod]{},
	}
}

func newEarnings() Earnings {
	none := USDTenThousandths(0)
	return Earnings{Sales: none, Refunds: none, Cost: none, Fees: none, Given: none}
}

func newDays(n int) []Earnings {
	days := make([]Earnings, n)
	for i := range days {
		days[i] = newEarnings()
	}
	return days
}

// Add takes one more line.
func (s *SalesSummarizer) Add(l EarnedLine) {
	value := l.value()
	all := []*Earnings{&s.report.Total}
	if i, ok := s.report.Period.IndexOf(l.At); ok && i < len(s.report.Days) {
		all = append(all, &s.report.Days[i])
	}
	if l.Order != "" {
		place := at(s.places, l.Plan.Location)
		place.Of = l.Plan
		plan := at(s.plans, l.Plan.Code+"|"+l.Plan.Location+"|"+strconv.Itoa(l.Days))
		plan.Of = SoldPlan{l.Plan, l.Days}
		all = append(all, &place.Earnings, &plan.Earnings)
	}
	sale := l.Account == AccountSales
	first := sale && l.Key != s.seen
	if first {
		s.seen = l.Key
	}
	for _, e := range all {
		e.add(l, value)
		if first {
			e.Orders++
		}
	}
	if !sale || l.Order == "" {
		return
	}
	parts := map[PaymentMethod]int64{MethodCredit: l.byCredit(value)}
	parts[l.Method] += value - parts[MethodCredit]
	for method, part := range parts {
		if part == 0 {
			continue
		}
		m := at(s.methods, method)
		m.Of = method
		m.add(l, part)
		m.Orders++
	}
}

// at is a map's entry, made where there is none.
func at[K comparable, S any](all map[K]*EarningsShare[S], key K) *EarningsShare[S] {
	if all[key] == nil {
		all[key] = &EarningsShare[S]{Earnings: newEarnings()}
	}
	return all[key]
}

// Report is the sum of all that was added.
func (s *SalesSummarizer) Report() SalesReport {
	r := s.report
	r.Places, r.Plans, r.Methods = shares(s.places), shares(s.plans), shares(s.methods)
	return r
}

// shares are all of them, those that sold most first.
func shares[K cmp.Ordered, S any](all map[K]*EarningsShare[S]) []EarningsShare[S] {
	keys := make([]K, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int {
		return cmp.Or(cmp.Compare(all[b].Sales.Minor, all[a].Sales.Minor), cmp.Compare(a, b))
	})
	sorted := make([]EarningsShare[S], len(keys))
	for i, k := range keys {
		sorted[i] = *all[k]
	}
	return sorted
}

// In is the report's days put together, so many in each part; the last part may have fewer.
func (r SalesReport) In(days int) []Earnings {
	var parts []Earnings
	for chunk := range slices.Chunk(r.Days, max(days, 1)) {
		sum := newEarnings()
		for _, d := range chunk {
			sum.Orders += d.Orders
			sum.Sales.Minor += d.Sales.Minor
			sum.Refunds.Minor += d.Refunds.Minor
			sum.Cost.Minor += d.Cost.Minor
			sum.Fees.Minor += d.Fees.Minor
			sum.Commission.Minor += d.Commission.Minor
			sum.Given.Minor += d.Given.Minor
		}
		parts = append(parts, sum)
	}
	return parts
}
