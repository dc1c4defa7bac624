package sandbox

import (
	"fmt"
	"time"
)

// Limits of one order, from the vendor's page.
const (
	maxESIMs       = 30
	maxDays        = 365
	maxTransaction = 50
)

// A book is all that the account has done. It is guarded by Sandbox.mu.
type book struct {
	seed     uint64
	balance  int64 // USD × 10,000
	moves    []move
	orders   []*order
	byNo     map[string]*order
	byTx     map[string]*order
	profiles []*profile // oldest first
	byTran   map[string]*profile

	topUps    []*topUp // oldest first
	topUpByTx map[string]*topUp
	numbers   counter
	seq       int
}

// A move is one change of the balance.
type move struct {
	tx    string
	units int64 // negative: taken
}

type order struct {
	no, tx   string
	at       time.Time
	amount   int64 // USD × 10,000
	profiles []*profile

	told   bool // by ORDER_STATUS
	looked bool // at by esim/query
	split  bool // its eSIMs are seen one by one: one was withheld, or taken back too early
}

func newBook(seed uint64, balance int64) book {
	return book{
		seed: seed, balance: balance,
		byNo: map[string]*order{}, byTx: map[string]*order{}, byTran: map[string]*profile{},
		topUpByTx: map[string]*topUp{},
	}
}

// ready is how many of the order's eSIMs are allocated at now.
func (o *order) ready(now time.Time) int {
	n := 0
	for _, p := range o.profiles {
		if !now.Before(p.allocated) {
			n++
		}
	}
	return n
}

// wholeAt is when the order is allocated completely.
func (o *order) wholeAt() (t time.Time) {
	for _, p := range o.profiles {
		if p.allocated.After(t) {
			t = p.allocated
		}
	}
	return t
}

// whole reports whether the order is allocated completely: only then its eSIMs can be seen.
func (o *order) whole(now time.Time) bool { return o.ready(now) == len(o.profiles) }

// A line is one member of packageInfoList.
type line struct {
	plan  *plan
	count int
	days  int   // periodNum; 1 for fixed plans
	cost  int64 // of one eSIM, USD × 10,000
}

// placeOrder is esim/order. Checks come in the order of the vendor's codes, and nothing is stored
// or taken unless all of them pass.
func (s *Sandbox) placeOrder(now time.Time, req fields) (any, error) {
	tx, err := req.required("transactionId", maxTransaction)
	if err != nil {
		return nil, err
	}
	if first := s.book.byTx[tx]; first != nil {
		if s.opt.RepeatedOrder == Refuse310402 {
			return nil, refuse(codeRepeated, "the transactionId has been used")
		}
		return first.answer(), nil
	}
	if s.book.topUpByTx[tx] != nil {
		return nil, refuse(codeRepeated, "the transactionId has been used")
	}
	lines, err := s.readLines(req)
	if err != nil {
		return nil, err
	}
	var total int64
	for _, l := range lines {
		total += l.cost * int64(l.count)
	}
	amount, guarded, err := req.integer("amount")
	if err != nil {
		return nil, err
	}
	if err := s.book.canPay(total, amount, guarded); err != nil {
		return nil, err
	}
	allocation := s.opt.AllocationTime
	if s.opt.Quirks.Early {
		allocation = 0
	}
	o := s.book.open(now, tx, lines, total, allocation)
	for _, p := range o.profiles {
		p.silent = s.opt.Quirks.silences(p.plan)
		if s.opt.Quirks.ReuseICCID {
			p.iccid = s.book.spareICCID(p, now)
		}
		s.tell(p, now)
	}
	s.dirty = true
	return o.answer(), nil
}

func (o *order) answer() any {
	return struct {
		OrderNo       string `json:"orderNo"`
		TransactionID string `json:"transactionId"`
	}{o.no, o.tx}
}

func (s *Sandbox) readLines(req fields) ([]line, error) {
	infos, err := req.objects("packageInfoList")
	if err != nil {
		return nil, err
	}
	if len(infos) == 0 {
		return nil, refuse(codeParams, "the packageInfoList is empty")
	}
	var lines []line
	eSIMs := int64(0)
	for _, info := range infos {
		l, err := s.readLine(info)
		if err != nil {
			return nil, err
		}
		if eSIMs += int64(l.count); eSIMs > maxESIMs {
			return nil, refuse(codeParams, "the order exceeds %d profiles", maxESIMs)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (s *Sandbox) readLine(info fields) (line, error) {
	names, err := info.texts("packageCode", "slug") // slug: in the vendor's own day pass example
	if err != nil {
		return line{}, err
	}
	code := names[0]
	if code == "" {
		code = names[1]
	}
	if code == "" {
		return line{}, refuse(codeMissing, "Req Param:[packageCode] is missing")
	}
	count, ok, err := info.integer("count")
	if err != nil {
		return line{}, err
	}
	if !ok || count < 1 || count > maxESIMs {
		return line{}, refuse(codeParams, "the count must be 1 to %d", maxESIMs)
	}
	p := s.catalog.byCode[code]
	if p == nil {
		return line{}, refuse(codeNoPackage, "base data plan code:[%s] doesn`t exist.", code)
	}
	l := line{plan: p, count: int(count)}
	if l.days, err = readPeriod(info, p); err != nil {
		return line{}, err
	}
	l.cost = s.cost(p, l.days)
	// Integrators disagree whether a day pass's price is that of a day or of all days: both pass.
	price, ok, err := info.integer("price")
	if err != nil {
		return line{}, err
	}
	if ok && price != p.Price && price != p.Price*int64(l.days) && price != l.cost {
		return line{}, refuse(codePrice, "the package price is incorrect")
	}
	return l, nil
}

// readPeriod is periodNum: how many days of a day pass, one if it is missing (captured of an order,
// 2026-03-31). It must not be there for anything else.
func readPeriod(req fields, p *plan) (int, error) {
	n, ok, err := req.integer("periodNum")
	switch {
	case err != nil:
		return 0, err
	case !p.daily() && ok:
		return 0, refuse(codeParams, "the periodNum is for daily plans only")
	case !p.daily(), !ok:
		return 1, nil
	case n < 1 || n > maxDays:
		return 0, refuse(codeParams, "the periodNum must be 1 to %d", maxDays)
	}
	return int(n), nil
}

// open takes the money and starts the allocation: eSIMs become ready one after another, the last
// when allocation is over.
func (b *book) open(now time.Time, tx string, lines []line, total int64, allocation time.Duration) *order {
	o := &order{no: "B" + b.numbers.next(now), tx: tx, at: now, amount: total}
	for _, l := range lines {
		for range l.count {
			p := newProfile(b.seed, uint64(len(b.profiles)), l.plan, l.days)
			p.order, p.tranNo, p.ordered = o, b.numbers.next(now), now
			p.parts[0].at, p.parts[0].paid = now, l.cost
			p.seq = b.nextSeq()
			o.profiles = append(o.profiles, p)
			b.profiles = append(b.profiles, p)
			b.byTran[p.tranNo] = p
		}
	}
	for i, p := range o.profiles {
		p.allocated = now.Add(allocation * time.Duration(i+1) / time.Duration(len(o.profiles)))
	}
	b.orders = append(b.orders, o)
	b.byNo[o.no], b.byTx[tx] = o, o
	b.take(tx, total)
	return o
}

// take moves money off the account, or back onto it if units is negative.
func (b *book) take(tx string, units int64) {
	b.balance -= units
	b.moves = append(b.moves, move{tx, -units})
}

// nextSeq numbers what listings show, in the order in which it came to be.
func (b *book) nextSeq() int {
	b.seq++
	return b.seq
}

// byICCID is the newest eSIM that shows this ICCID at now: ICCIDs are used again over the years.
func (b *book) byICCID(iccid string, now time.Time) *profile {
	for i := len(b.profiles) - 1; i >= 0; i-- {
		p := b.profiles[i]
		if p.there(now) && p.shownICCID() == iccid && iccid != "" {
			return p
		}
	}
	return nil
}

// spareICCID is that of the oldest eSIM that has ended and whose number nobody else has yet, made
// by the operator of p, or p's own.
func (b *book) spareICCID(p *profile, now time.Time) string {
	taken := map[string]bool{}
	for _, q := range b.profiles {
		if q != p && q.ended(now).IsZero() {
			taken[q.iccid] = true
		}
	}
	for _, q := range b.profiles {
		if q != p && !taken[q.iccid] && q.plan.IPExport == p.plan.IPExport && !q.ended(now).IsZero() {
			return q.iccid
		}
	}
	return p.iccid
}

// A counter makes the numbers of orders and eSIMs: the minute, then a count within it.
type counter struct {
	minute string
	n      int
}

func (c *counter) next(now time.Time) string {
	if m := now.UTC().Format("0601021504"); m > c.minute {
		c.minute, c.n = m, 0
	}
	c.n++
	return fmt.Sprintf("%s%04d", c.minute, c.n)
}
