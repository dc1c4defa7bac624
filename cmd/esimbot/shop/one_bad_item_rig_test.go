package shop_test

import (
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// troubles are the kinds by which staff hear of an item that fails.
var troubles = "'" + strings.Join([]string{string(esim.StaffStuck), string(esim.StaffLate), string(esim.StaffRefundStuck), string(esim.StaffContractWithdrawal), string(esim.StaffFailure)}, "', '") + "'"

// A badShop is a shop with two customers, and a way into its database that is none of its own.
type badShop struct {
	*shoptest.Shop
	db *sql.DB
}

func openBad(t *testing.T) *badShop {
	t.Helper()
	s := &badShop{Shop: shoptest.Open(t, sandbox.Options{}, nil)}
	var err error
	s.db, err = sql.Open("sqlite", "file:"+s.Database()+"?_pragma=busy_timeout(5000)")
	s.Must(err)
	t.Cleanup(func() { s.Must(s.db.Close()) })
	for _, h := range []*tgsandbox.UserClient{s.Messenger.User(shoptest.Ann), s.Messenger.AddUser(tgsandbox.User{ID: int64(bob), FirstName: "Bob", LanguageCode: "en"})} {
		s.Send(h, "/start")
	}
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodFree}
	return s
}

func (s *badShop) run(query string) {
	s.Helper()
	if _, err := s.db.ExecContext(s.Context(), query); err != nil {
		s.Fatalf("%s: %v", query, err)
	}
}

func (s *badShop) number(query string) (n int) {
	s.Helper()
	s.Must(s.db.QueryRowContext(s.Context(), query).Scan(&n))
	return n
}

func (s *badShop) each(do func(c esim.CustomerID)) {
	do(ann)
	do(bob)
}

func (s *badShop) begun(c esim.CustomerID) {
	s.Helper()
	for _, p := range s.Catalog.Current().Country("JP") {
		if p.DayPass() {
			continue
		}
		_, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: c, PlanCode: p.Code, Quantity: 1, Seen: esim.USDCents(0)})
		s.Must(err)
		return
	}
}

func (s *badShop) paid(c esim.CustomerID) {
	s.Helper()
	s.begun(c)
	_, err := s.Checkout.PayWithoutInvoice(s.Context(), c, s.order(c))
	s.Must(err)
}

func (s *badShop) delivered(c esim.CustomerID) {
	s.Helper()
	s.paid(c)
	s.Work()
	s.Vendor.Advance(10 * time.Second)
	s.Work()
}

func (s *badShop) order(c esim.CustomerID) esim.OrderID {
	s.Helper()
	all, err := s.DB.OrdersOf(s.Context(), c, 1)
	s.Must(err)
	return all[0].ID
}

func (s *badShop) esim(c esim.CustomerID) esim.ESIMID {
	s.Helper()
	all, err := s.DB.ESIMsOf(s.Context(), c)
	s.Must(err)
	return all[0].ID
}

// works lets the workers work on a bad item beside a good one, and looks what became of that and whether staff heard of the
// bad one, if it was.
func (s *badShop) works(b badItem, bad func() bool) {
	s.Helper()
	works := s.App.Works()
	for range 12 { // what is written from outside a queue is read with the seventh look at the latest
		for _, name := range b.works {
			if err := works[name](s.Context()); err != nil {
				s.Logf("%s: %v", name, err)
			}
			s.Fulfiller.Wait()
			s.App.Outbox.Wait()
		}
		s.Vendor.Advance(time.Hour)
	}
	if s.number(b.good) == 0 {
		s.Error("the good one waits for the bad one")
	}
	if told := s.number(`SELECT count(*) FROM outbox WHERE kind IN (` + troubles + `)`); told == 0 && bad() {
		s.Error("staff are not told")
	}
}

// A panicking item is Ann's: whoever works on it panics at each statement that names it.
type panicking struct {
	mu     sync.Mutex
	names  map[any]bool // what is hers
	writes bool         // at those of a transaction that change something, and not where it is read
	met    int
}

func (p *panicking) statement(query string, args []any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writes == strings.HasPrefix(query, "SELECT") || strings.Contains(query, "INTO outbox") { // staff can be told
		return
	}
	if slices.ContainsFunc(args, p.named) {
		p.met++
		panic("poison: " + query)
	}
}

func (p *panicking) named(arg any) bool {
	if s, ok := arg.(string); ok {
		return p.names[esim.ESIMID(strings.Trim(s, `["]`))] || strings.Contains(s, "suspend101")
	}
	return p.names[arg]
}

// panics begins a run of the shop in which the work on what is Ann's panics.
func (s *badShop) panics(writes bool) *panicking {
	s.Helper()
	p := &panicking{names: map[any]bool{ann: true}, writes: writes}
	for query, name := range map[string]func(id string, n int64) any{
		`SELECT id, 0 FROM orders WHERE person = 101`:     func(id string, _ int64) any { return esim.OrderID(id) },
		`SELECT tran_no, 0 FROM esims WHERE person = 101`: func(id string, _ int64) any { return esim.ESIMID(id) },
		`SELECT id, 0 FROM payments WHERE person = 101`:   func(id string, _ int64) any { return id },
		`SELECT '', id FROM outbox WHERE person = 101`:    func(_ string, n int64) any { return n },
		`SELECT '', id FROM threads WHERE person = 101`:   func(_ string, n int64) any { return esim.ThreadID(n) },
	} {
		rows, err := s.db.QueryContext(s.Context(), query)
		s.Must(err)
		for rows.Next() {
			var id string
			var n int64
			s.Must(rows.Scan(&id, &n))
			p.names[name(id, n)] = true
		}
		s.Must(rows.Err())
		s.Must(rows.Close())
	}
	s.OnStatement = p.statement
	s.Reopen(nil)
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodFree}
	return p
}

// listsOnly are works that read their items and nothing more of each: a row whose reading panics is one that cannot be read.
var listsOnly = map[string]bool{"job human": true}
