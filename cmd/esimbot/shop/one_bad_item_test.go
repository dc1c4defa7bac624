package shop_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Whom the bad items are of, and whom the good ones.
const (
	ann = esim.CustomerID(shoptest.Ann)
	bob = esim.CustomerID(102)
)

// A badItem is what one worker does with an item of Ann's that cannot be read, or not be moved, beside one of Bob's.
type badItem struct {
	works []string // of App.Works, in turn
	begin func(s *badShop)
	// unreadable and fails make Ann's item so; "" where it cannot be: its columns take nothing that cannot be read.
	unreadable, fails string
	good              string // counts what was done for Bob
}

// noItems are works that go through no list of items, each of which could be a bad one.
var noItems = map[string]string{
	"clock": "moves all times together", "watchdog": "writes one row", "inbox": "updates: see package intake", "webhooks": "registers two addresses",
	"job catalog": "one answer of the vendor: its bad rows have tests beside its client", "job restock": "the same", "job balance": "one number",
	"job name": "one name", "job watch": "figures of the shop as a whole", "job report": "one report", "job visits": "two numbers",
	"job prune": "deletes by age alone", "job scrub": "the file as a whole", "job stars": "a sum; see storage",
	"job vendor-webhook": "one address", "job telegram-webhook": "one address",
	"job reconcile":     "lines of the neighbours: TestOneFailingLine…, TestOneFailingESIM… in package esim",
	"job reconcile all": "the same",
}

const (
	badOrder  = `UPDATE orders SET plan = '[]' WHERE person = 101`
	badESIM   = `UPDATE esims SET plan = '[]' WHERE person = 101`
	keepOrder = `CREATE TRIGGER poison BEFORE UPDATE ON orders WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`
	keepAlert = `CREATE TRIGGER poison BEFORE INSERT ON alerts WHEN new.tran_no = (SELECT tran_no FROM esims WHERE person = 101) BEGIN SELECT RAISE(ABORT, 'poison'); END`
)

var badItems = []badItem{
	{
		[]string{"fulfil"},
		func(s *badShop) { s.each(s.paid) },
		badOrder, keepOrder, `SELECT count(*) FROM orders WHERE person = 102 AND state <> 'paid'`,
	},
	{
		[]string{"outbox"},
		func(s *badShop) {
			s.each(s.delivered)
			s.run(`UPDATE outbox SET status = 'waiting', ended = NULL WHERE kind = 'qr'`)
		},
		`UPDATE outbox SET kind = 'no such kind' WHERE person = 101`,
		`CREATE TRIGGER poison BEFORE UPDATE ON outbox WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM outbox WHERE person = 102 AND kind = 'qr' AND status = 'sent'`,
	},
	{
		[]string{"refund"},
		func(s *badShop) {
			s.each(s.delivered)
			s.run(`UPDATE orders SET state = 'refunding'`)
			s.run(`UPDATE payments SET status = 'refund_due', next_at = 0`)
		},
		`UPDATE payments SET rail = 'gold' WHERE person = 101`,
		`CREATE TRIGGER poison BEFORE UPDATE OF status ON payments WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM payments WHERE person = 102 AND status = 'refunded'`,
	},
	{
		[]string{"cancel"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				s.Must(s.Canceller.Begin(s.Context(), s.order(c), nil))
			}
		},
		badOrder, keepOrder, `SELECT count(*) FROM orders WHERE person = 102 AND state IN ('refunding', 'refunded')`,
	},
	{
		[]string{"broadcast"},
		func(s *badShop) {
			id, err := s.DB.AddBroadcast(s.Context(), esim.Broadcast{Who: shoptest.Olga, Texts: map[string]string{"": "news"}, Made: s.Vendor.Time()})
			s.Must(err)
			s.run(fmt.Sprintf(`INSERT INTO broadcast_people SELECT %d, id, 'waiting' FROM people WHERE id IN (101, 102)`, id))
			s.run(`UPDATE broadcasts SET state = 'sending', begun = made`)
		},
		`UPDATE people SET quiet = 'never' WHERE id = 101`,
		`CREATE TRIGGER poison BEFORE UPDATE ON broadcast_people WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM broadcast_people WHERE person = 102 AND reach = 'sent'`,
	},
	{
		[]string{"vendor-events"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				id := s.esim(c)
				s.Must(s.Vendor.Install(string(id)))
				s.Vendor.Advance(time.Minute)
				_, err := s.DB.AddVendorEvent(s.Context(), esim.VendorEvent{ID: "event " + string(id), Kind: "ESIM_STATUS", ESIM: id, Received: s.Vendor.Time()})
				s.Must(err)
			}
		},
		badESIM, `CREATE TRIGGER poison BEFORE UPDATE ON esims WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM esims WHERE person = 102 AND eid <> ''`,
	},
	{
		[]string{"job usage"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				s.Must(s.Vendor.Install(string(s.esim(c))))
			}
			s.Vendor.Advance(12 * time.Hour)
		},
		badESIM, `CREATE TRIGGER poison BEFORE UPDATE ON esims WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM esims WHERE person = 102 AND eid <> ''`,
	},
	{
		[]string{"job remind"},
		func(s *badShop) {
			s.each(s.delivered)
			s.run(fmt.Sprintf(`UPDATE esims SET status = 'IN_USE', smdp = 'ENABLED', activated = %d, expires = %d`, s.Vendor.Time().Add(-24*time.Hour).UnixMilli(), s.Vendor.Time().Add(20*time.Hour).UnixMilli()))
		},
		badESIM, keepAlert, `SELECT count(*) FROM alerts WHERE tran_no = (SELECT tran_no FROM esims WHERE person = 102)`,
	},
	{
		[]string{"job fetched"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				s.Must(s.Vendor.Install(string(s.esim(c))))
			}
			s.run(fmt.Sprintf(`UPDATE esims SET smdp = 'DOWNLOAD', fetched = %d`, s.Vendor.Time().Add(-20*time.Minute).UnixMilli()))
		},
		badESIM, `CREATE TRIGGER poison BEFORE UPDATE ON esims WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM esims WHERE person = 102 AND eid <> ''`,
	},
	{
		[]string{"job unused"},
		func(s *badShop) {
			s.each(s.delivered)
			e, err := s.DB.ESIM(s.Context(), s.esim(bob))
			s.Must(err)
			s.Vendor.Advance(e.Expires.Add(-11 * time.Hour).Sub(s.Vendor.Time()))
		},
		badESIM, keepOrder, `SELECT count(*) FROM orders WHERE person = 102 AND state <> 'delivered'`,
	},
	{
		[]string{"job expire"},
		func(s *badShop) {
			s.each(s.begun)
			s.run(`UPDATE orders SET next_at = 1`)
		},
		badOrder, keepOrder, `SELECT count(*) FROM orders WHERE person = 102 AND state = 'expired'`,
	},
	{
		[]string{"job human"},
		func(s *badShop) {
			s.each(s.delivered)
			s.run(`UPDATE orders SET state = 'needs_human'`)
			s.Vendor.Advance(25 * time.Hour)
		},
		badOrder, "", `SELECT count(*) FROM outbox WHERE kind = '` + string(esim.StaffOpenItems) + `'`,
	},
	{
		[]string{"job acts"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				s.Must(s.DB.BeginVendorAction(s.Context(), esim.VendorAction{Who: shoptest.Olga, What: fmt.Sprint("suspend", c), ESIM: s.esim(c)}))
			}
		},
		`UPDATE settings SET value = '[]' WHERE key LIKE 'staff_act:%suspend101%'`,
		`CREATE TRIGGER poison BEFORE DELETE ON settings WHEN old.value LIKE '%suspend101%' BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT NOT EXISTS (SELECT 1 FROM settings WHERE value LIKE '%suspend102%')`,
	},
	{
		[]string{"job autotopup"},
		func(s *badShop) {
			s.each(s.delivered)
			s.run(`INSERT INTO auto_topups SELECT tran_no, person, '{"code":"X"}', 'data10', 100, '', 1, 'announced', 0, 0, 0, '' FROM esims`)
			s.run(`UPDATE esims SET status = 'IN_USE', smdp = 'ENABLED', activated = 1, total = 1000000, used = 999999`)
		},
		`UPDATE auto_topups SET plan = '[]' WHERE person = 101`,
		`CREATE TRIGGER poison BEFORE UPDATE ON auto_topups WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT NOT EXISTS (SELECT 1 FROM auto_topups WHERE person = 102 AND state = 'announced')`,
	},
	{
		[]string{"job contracts"},
		func(s *badShop) {
			s.each(s.delivered)
			for _, c := range []esim.CustomerID{ann, bob} {
				who, err := s.DB.Customer(s.Context(), c)
				s.Must(err)
				_, _, err = s.Contracts.Withdraw(s.Context(), who, s.order(c), "")
				s.Must(err)
			}
		},
		badOrder, keepOrder,
		`SELECT count(*) FROM orders WHERE person = 102 AND state <> 'delivered'`,
	},
	{
		[]string{"job threads"},
		func(s *badShop) {
			for _, c := range []esim.CustomerID{ann, bob} {
				_, err := s.Support.Begin(s.Context(), esim.SupportThread{Customer: c}, 0)
				s.Must(err)
			}
			s.Vendor.Advance(60 * 24 * time.Hour)
		},
		"",
		`CREATE TRIGGER poison BEFORE UPDATE ON threads WHEN old.person = 101 BEGIN SELECT RAISE(ABORT, 'poison'); END`,
		`SELECT count(*) FROM threads WHERE person = 102 AND closed IS NOT NULL`,
	},
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

// Of two items of each worker the first cannot be read, or not be moved, or whoever works on it panics: the other is done in the same round, and staff
// hear of the first. Every worker and job of the program is in the table, or has no items.
func TestOneBadItemOfEveryWorkerCostsOnlyItself(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, b := range badItems {
		for _, name := range b.works {
			named[name] = true
		}
		for _, kind := range []string{"unreadable", "fails"} {
			poison := map[string]string{"unreadable": b.unreadable, "fails": b.fails}[kind]
			if poison == "" {
				continue
			}
			t.Run(strings.Join(b.works, ", ")+" "+kind, func(t *testing.T) {
				t.Parallel()
				s := openBad(t)
				b.begin(s)
				s.run(poison)
				s.works(b, func() bool { return true })
			})
		}
		if listsOnly[b.works[0]] {
			continue
		}
		t.Run(strings.Join(b.works, ", ")+" panics", func(t *testing.T) {
			t.Parallel()
			met := 0
			for _, writes := range []bool{false, true} {
				s := openBad(t)
				b.begin(s)
				p := s.panics(writes)
				s.works(b, func() bool { return p.met > 0 })
				met += p.met
			}
			if met == 0 {
				t.Error("nothing panics: no statement names its item")
			}
		})
	}
	s := openBad(t)
	s.Reopen(func(c *shop.Config) { c.PublicURL = "https://shop.example" })
	for name := range s.App.Works() {
		if !named[name] && noItems[name] == "" {
			t.Errorf("%q: what does one bad item cost the others?", name)
		}
	}
}
