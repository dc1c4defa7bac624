package shop_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
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
