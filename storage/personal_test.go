package storage

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// A table or a column that is new says here whose it is: else /mydata and /forget would not know of it.
func TestEveryTableIsPersonalOrNot(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	columns := columnsOf(t, db)
	known := map[string]bool{}
	for name, why := range impersonal {
		known[name] = true
		if columns[name] == nil || why == "" {
			t.Errorf("impersonal has %q: there is no such table, or no reason", name)
		}
	}
	for _, p := range personal {
		if impersonal[p.table] != "" {
			t.Errorf("%s is personal and not", p.table)
		}
		known[p.table] = true
		if p.kept == "" {
			continue
		}
		said := strings.Fields(p.kept)
		for _, c := range p.cleared {
			said = append(said, c.column)
		}
		if slices.Sort(said); !slices.Equal(said, columns[p.table]) {
			t.Errorf("of %s it is said what becomes of\n%s, it has\n%s", p.table, said, columns[p.table])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if !known[name] {
			t.Errorf("table %s: say in personal.go what of it is about one customer and what becomes of it when they are forgotten, or in impersonal why nothing is", name)
		}
	}
}

// columnsOf are the columns of every table of the schema, sorted.
func columnsOf(t *testing.T, db *DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range get(list(db.read(t.Context()), value[string], `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`))(t) {
		all[name] = get(list(db.read(t.Context()), value[string], `SELECT name FROM pragma_table_info(?) ORDER BY name`, name))(t)
	}
	return all
}

// everything is a database with a row in each table, about the customer 704242421.
func everything(t *testing.T) *DB {
	t.Helper()
	rows := string(get(os.ReadFile(fmt.Sprintf("testdata/rows_%04d.sql", newest(t))))(t))
	file := t.TempDir() + "/rows.sql"
	rows = regexp.MustCompile(`\b42\b`).ReplaceAllString(rows, fmt.Sprint(zoe))
	rows = strings.NewReplacer("'Ann'", "'Zoë'", "T1'", "86750309'", "T1:", "86750309:", "'see'", "'look here, please'").Replace(rows)
	must(t, os.WriteFile(file, []byte(rows), 0o600))
	return openAt(t, oldWith(t, newest(t), file), Options{Mark: esim.NewReturnMark("secret")})
}

const zoe esim.CustomerID = 704242421

// found is where in the database one of the needles stands.
func found(t *testing.T, db *DB, needles ...string) (where []string) {
	t.Helper()
	for table, columns := range columnsOf(t, db) {
		for _, row := range get(list(db.read(t.Context()), anyRow, `SELECT * FROM `+table))(t) {
			for i, f := range row {
				for _, n := range needles {
					if f.Value != nil && strings.Contains(fmt.Sprint(f.Value), n) {
						where = append(where, fmt.Sprintf("%s.%s: %v", table, columns[min(i, len(columns)-1)], f))
					}
				}
			}
		}
	}
	return where
}

// inFiles is which file of the database has one of the needles in it.
func inFiles(t *testing.T, path string, needles ...string) (where []string) {
	t.Helper()
	for _, file := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		must(t, err)
		for _, n := range needles {
			if bytes.Contains(b, []byte(n)) {
				where = append(where, file+": "+n)
			}
		}
	}
	return where
}

func TestPersonalDataIsOfEveryTable(t *testing.T) {
	t.Parallel()
	db := everything(t)
	got := map[string]int{}
	for _, table := range get(db.PersonalData(t.Context(), zoe))(t) {
		got[table.Name] = len(table.Rows)
	}
	for _, p := range personal {
		if got[p.table] == 0 && p.table != "orphans" && p.table != "referral_codes" {
			t.Errorf("nothing of %s", p.table)
		}
	}
	if others := get(db.PersonalData(t.Context(), 999))(t); len(others) > 0 {
		t.Errorf("a stranger is told %v", others)
	}
}

func TestNothingIsLeftOfWhoIsForgotten(t *testing.T) {
	t.Parallel()
	db := everything(t)
	needles := []string{
		fmt.Sprint(int64(zoe)), "Zoë", "86750309", "8900000000000000001", "smdp.example", "REFR0", "look here", "sorry", "no order here explains it", "offline",
	}
	if n := len(found(t, db, needles...)); n < 40 {
		t.Fatalf("only %d places to be forgotten", n)
	}
	wantErr(t, "while a payment is unexplained", db.Forget(t.Context(), zoe), esim.ErrStillOpen)
	must(t, db.write(t.Context(), func(tx *tx) error {
		for _, close := range []string{
			`UPDATE unexplained_payments SET closed = 1`, `UPDATE contract_withdrawals SET outcome = 'person'`,
			`INSERT INTO orders SELECT 'ABCD0003', person, kind, plan, quantity, days, 'eb-3', vendor_order, wholesale_minor, wholesale_currency, retail_minor, retail_currency,
				price_minor, price_currency, rail, 'expired', reason, attempts, unsure, unsure_at, next_at, staff_told, created, changed, NULL, 0, '', press, NULL, '', 0, 0, 0, phone, '', 0, 0, '', '', 0, '', NULL, NULL, 0, 0, 0, 0
				FROM orders WHERE id = 'ABCD0002'`,
		} {
			if _, err := tx.exec(close); err != nil {
				return err
			}
		}
		return nil
	}))
	before := get(db.Balances(t.Context()))(t)
	must(t, db.Forget(t.Context(), zoe))
	if where := found(t, db, needles...); len(where) > 0 {
		t.Errorf("left:\n%s", strings.Join(where, "\n"))
	}
	must(t, db.Scrub(t.Context()))
	if where := inFiles(t, db.path, needles...); len(where) > 0 {
		t.Errorf("bytes left: %s", where)
	}
	must(t, db.Scrub(t.Context()))
	// The store credit is lost, and in the books as that; all else is as it was.
	after := get(db.Balances(t.Context()))(t)
	if got := after[esim.AccountAllCredit]; len(got) > 0 {
		t.Errorf("store credit of nobody: %v", got)
	}
	for _, a := range []esim.Account{esim.AccountStars, esim.AccountSales, esim.AccountCost, esim.AccountDeferredRevenue} {
		if fmt.Sprint(before[a]) != fmt.Sprint(after[a]) {
			t.Errorf("%s: %v, was %v", a, after[a], before[a])
		}
	}
	if kept := get(db.Order(t.Context(), "ABCD0001"))(t); !kept.Customer.Forgotten() || kept.Price != esim.Stars(100) || kept.Plan.Code != "PJP1" {
		t.Errorf("the books lost the sale: %+v", kept)
	}
	_, err := db.Order(t.Context(), "ABCD0003")
	wantErr(t, "an order that was never paid", err, esim.ErrNotFound)
	if faults := get(db.LedgerFaults(t.Context()))(t); len(faults) > 2 { // the rows of the test have a few themselves
		t.Errorf("the books: %v", faults)
	}
}

// The books are changed by nobody else, and not by more than a name.
func TestTheBooksAreChangedOnlyToForget(t *testing.T) {
	t.Parallel()
	db := everything(t)
	for _, change := range []string{
		`UPDATE ledger SET account = 'credit:1' WHERE account = 'credit:704242421'`, `UPDATE audit SET why = ''`, `DELETE FROM ledger`, `DELETE FROM audit`,
	} {
		if err := db.write(t.Context(), func(tx *tx) error { _, err := tx.exec(change); return err }); err == nil {
			t.Errorf("done: %s", change)
		}
	}
	for _, change := range []string{`UPDATE ledger SET minor = minor + 1`, `UPDATE audit SET who = 1`, `UPDATE audit SET before = '{}'`, `UPDATE audit SET after = '{}'`, `DELETE FROM ledger`} {
		err := db.write(t.Context(), func(tx *tx) error {
			if _, err := tx.exec(`INSERT INTO forgetting (one) VALUES (1)`); err != nil {
				return err
			}
			_, err := tx.exec(change)
			return err
		})
		if err == nil {
			t.Errorf("done while somebody is forgotten: %s", change)
		}
	}
}

// Who is forgotten can come back as anybody can, but does not have twice what is there once, and who was blocked stays so.
func TestWhoWasForgottenComesBackAsNew(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	db.mark = esim.NewReturnMark("secret")
	meet(t, db, ann)
	meet(t, db, bob)
	must(t, db.AddPromo(t.Context(), esim.Promo{Code: "FIRST", Percent: 20, FirstOnly: true, Made: noon}, esim.AuditEntry{Who: 1, What: "promo"}))
	must(t, db.AddPromo(t.Context(), esim.Promo{Code: "ONCE", Percent: 20, Made: noon}, esim.AuditEntry{Who: 1, What: "promo"}))
	code := get(db.ReferralOf(t.Context(), bob))(t).Code
	for range esim.MaxWrongCodes {
		_, err := db.EnterPromo(t.Context(), ann, "WRONG")
		wantErr(t, "a wrong code", err, esim.ErrNoPromo)
	}
	c.move(time.Second)
	must(t, db.Forget(t.Context(), ann))
	meet(t, db, ann)
	_, err := db.EnterPromo(t.Context(), ann, "ONCE")
	wantErr(t, "after too many tries", err, esim.ErrTooManyTries)
	c.move(2 * esim.WrongCodeWindow)
	_, err = db.EnterPromo(t.Context(), ann, "FIRST")
	wantErr(t, "a first purchase", err, esim.ErrPromoUsed)
	_, err = db.EnterPromo(t.Context(), ann, "ONCE")
	wantErr(t, "a code of before", err, esim.ErrPromoUsed)
	must(t, db.AddPromo(t.Context(), esim.Promo{Code: "NEW", Percent: 20, Made: c.now()}, esim.AuditEntry{Who: 1, What: "promo"}))
	get(db.EnterPromo(t.Context(), ann, "NEW"))(t)
	if get(db.AddReferral(t.Context(), ann, code, esim.USDCents(30)))(t) {
		t.Error("who was here before counts as a friend who was brought")
	}
	must(t, db.SetBlocked(t.Context(), ann, true, esim.AuditEntry{Who: 1, What: "block", Customer: ann}))
	must(t, db.Forget(t.Context(), ann))
	meet(t, db, ann)
	if !get(db.CustomerUsage(t.Context(), ann, noon))(t).Blocked {
		t.Error("who was blocked is not blocked any more")
	}
	// A stranger has nothing of it.
	meet(t, db, carol)
	get(db.EnterPromo(t.Context(), carol, "FIRST"))(t)
}

// Of an eSIM that was given away, who holds it keeps it when its buyer is forgotten; and when its holder is, its buyer has the
// order and nothing of the holder's.
func TestForgettingAroundAGift(t *testing.T) {
	t.Parallel()
	given := func(t *testing.T) (*DB, []esim.ESIM) {
		s, db, _, esims := gifts(t, 2)
		move(t, db, "ORDER001", esim.StateAllocating, esim.StateDelivered)
		get(s.Take(t.Context(), bob, offer(t, s, ann, esims[0].ID)))(t)
		must(t, db.SetESIMName(t.Context(), bob, esims[0].ID, "Bobs own"))
		return db, esims
	}
	t.Run("its buyer", func(t *testing.T) {
		db, esims := given(t)
		must(t, db.Forget(t.Context(), ann))
		e := get(db.ESIMOf(t.Context(), bob, esims[0].ID))(t)
		if e.ICCID == "" || e.Name != "Bobs own" || e.ActivationCode.Reveal() == "" || !e.Buyer.Forgotten() {
			t.Errorf("Bob has %+v", e)
		}
		if _, err := db.ESIM(t.Context(), esims[1].ID); err == nil {
			t.Error("what Ann had is still there")
		}
		if where := found(t, db, "person 42"); len(where) > 0 {
			t.Errorf("left: %v", where)
		}
	})
	t.Run("its holder", func(t *testing.T) {
		db, esims := given(t)
		must(t, db.Forget(t.Context(), bob))
		e := get(db.ESIM(t.Context(), esims[0].ID))(t)
		if e.ICCID != "" || e.ActivationCode.Reveal() != "" || !e.Customer.Forgotten() || e.Buyer != ann {
			t.Errorf("left of Bob's: %+v", e)
		}
		if where := found(t, db, "Bobs own", "person 43"); len(where) > 0 {
			t.Errorf("left: %v", where)
		}
		if faults := get(db.LedgerFaults(t.Context()))(t); len(faults) > 0 {
			t.Errorf("the books: %v", faults)
		}
		get(db.ESIMOf(t.Context(), ann, esims[1].ID))(t)
	})
}
