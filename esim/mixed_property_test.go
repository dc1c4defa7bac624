package esim_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestEachPartOfAMixedPaymentIsKept lets chance grant store credit, buy with a part of it, have that
// reserved, spend it elsewhere, pay in time, late, twice or untold, give back all or one of several,
// install and compare, in any order. After every step the books agree and no customer's credit is below
// nothing. In the end Stars are with the shop only for what was delivered, or became credit in parts,
// and the customer's credit is what was granted, less the parts that were kept.
func TestEachPartOfAMixedPaymentIsKept(t *testing.T) {
	t.Parallel()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		old := f.Value.String()
		if err := f.Value.Set(fmt.Sprint(propertyRuns)); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(old) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := &mixed{chance: &chance{rig: newRig(t, sandbox.Options{}), draw: rt}}
		m.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodProvider, esim.MethodManual}
		m.Vendor.SetBalance(1e10)
		m.Must(m.Monitor.Check(t.Context()))
		m.more(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { m.agree() },
			"grant":   m.more,
			"buy":     m.beside,
			"approve": m.approve,
			"spend":   m.spend,
			"pay":     m.payAny,
			"lose":    m.loseUpdate,
			"expire":  m.expire,
			"cancel":  m.cancel,
			"one":     m.one,
			"swap":    m.swap,
			"refund":  m.refund,
			"install": m.install,
			"work":    func(*rapid.T) { m.settle(10 * time.Minute) },
			"compare": func(*rapid.T) { _, _ = m.Reconciler.Run(m.Context(), true) },
		})
		m.end()
		m.conserved()
	})
}

// mixed is chance in a shop whose customer pays in part with store credit.
type mixed struct {
	*chance
	granted int64
}

func (m *mixed) more(rt *rapid.T) {
	m.n++
	cents := int64(rapid.IntRange(1, 400).Draw(rt, "cents"))
	m.granted += cents
	m.Must(m.grant(fmt.Sprint("more", m.n), cents))
}

// beside begins an order of which store credit pays a part, twice as often as not with one press more.
func (m *mixed) beside(rt *rapid.T) {
	credit, err := m.DB.Credit(m.Context(), ann)
	m.Must(err)
	p, n := m.withTopUps(false), rapid.IntRange(1, 3).Draw(rt, "quantity")
	quotes, err := m.Checkout.QuotesBeside(credit, func(method esim.PaymentMethod) (esim.Quote, error) {
		return m.Checkout.QuoteWith(method, p.Code, n, 0)
	})
	m.Must(err)
	if len(quotes) == 0 {
		return
	}
	q := rapid.SampledFrom(quotes).Draw(rt, "way")
	m.n++
	w := esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: n, Method: q.Method, Seen: q.Price, Credit: q.Credit, CallbackQueryID: fmt.Sprint("press", m.n)}
	for range rapid.IntRange(1, 2).Draw(rt, "presses") {
		if o, err := m.Checkout.Begin(m.Context(), w); m.known(err) && o.Credit != q.Credit {
			m.Errorf("%s of store credit instead of %s", o.Credit, q.Credit)
		} else if err == nil {
			m.orders = append(m.orders, o.ID)
		}
	}
}

func (m *mixed) approve(rt *rapid.T) {
	if o, ok := m.any(rt); ok && o.Method != esim.MethodManual {
		m.known(m.Checkout.Approve(m.Context(), o.ID, ann, o.Price))
	}
}

// spend buys something with store credit alone.
func (m *mixed) spend(*rapid.T) {
	o, err := m.request(ann, m.withTopUps(false), 1, 0, esim.MethodCredit)
	if m.known(err) {
		m.orders = append(m.orders, o.ID)
		_, err := m.Checkout.PayWithoutInvoice(m.Context(), ann, o.ID)
		m.known(err)
	}
}

func (m *mixed) expire(rt *rapid.T) {
	m.Vendor.Advance(rapid.SampledFrom([]time.Duration{11 * time.Minute, time.Hour, 73 * time.Hour}).Draw(rt, "time"))
	m.Must(m.Monitor.Check(m.Context()))
	m.Must(m.Checkout.Expire(m.Context()))
}

func (m *mixed) one(rt *rapid.T) {
	if e, ok := m.esim(rt); ok {
		m.known(m.Canceller.BeginOne(m.Context(), e))
	}
}

func (m *mixed) agree() {
	m.booksAgree()
	if credit, err := m.DB.Credit(m.Context(), ann); err != nil || credit.Minor < 0 {
		m.Errorf("store credit %s, %v", credit, err)
	}
}

// conserved reckons from what became of each order what credit there must be.
func (m *mixed) conserved() {
	m.Vendor.Advance(80 * time.Hour)
	m.Must(m.Checkout.Expire(m.Context()))
	m.agree()
	want, seen := m.granted, map[esim.OrderID]bool{}
	returned := map[string]bool{}
	for _, p := range m.bank.returned {
		returned[p.ID] = true
	}
	for _, id := range m.orders {
		if seen[id] {
			continue
		}
		seen[id] = true
		o := m.order(id)
		payments, err := m.DB.PaymentsOf(m.Context(), id)
		m.Must(err)
		for _, p := range payments {
			inStars := p.Method == esim.MethodStars
			back := p.Status == esim.PaymentRefunded
			worth := p.Amount.Minor
			if inStars {
				worth = o.Retail.Minor - o.Credit.Minor
			}
			whole := inStars && (p.Surplus || o.Parts() == 0 && o.SwappedFor == "")
			switch {
			case back != (p.Surplus || o.State == esim.StateRefunded):
				m.Errorf("order %s is %s, and its payment of %s is %s", id, o.State, p.Amount, p.Status)
			case inStars && returned[p.ID] != (back && whole):
				m.Errorf("order %s is %s with %d parts: its %s went back as Stars: %t", id, o.State, o.Parts(), p.Amount, returned[p.ID])
			}
			if p.Method == esim.MethodCredit {
				want -= p.Amount.Minor
			}
			if back && !whole {
				want += worth
			}
		}
		if o.State == esim.StateDelivered {
			want += o.PartCredit().Minor * int64(o.Parts())
		}
	}
	if got := m.credit(); got != want {
		m.Errorf("store credit of %d cents, want %d", got, want)
	}
}
