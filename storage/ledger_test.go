package storage

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"esimbot/esim"
)

// faultless fails the test if the books do not agree with themselves.
func faultless(t testing.TB, db *DB) {
	t.Helper()
	for _, f := range get(db.LedgerFaults(t.Context()))(t) {
		t.Errorf("fault in the books: %s %q is off by %s", f.What, f.Name, f.Off)
	}
}

// sums writes all balances down in one line.
func sums(t testing.TB, db *DB) string {
	t.Helper()
	all := get(db.Balances(t.Context()))(t)
	var parts []string
	for _, a := range slices.Sorted(maps.Keys(all)) {
		for _, m := range all[a] {
			parts = append(parts, fmt.Sprintf("%s %d %s", a, m.Minor, m.Currency))
		}
	}
	return strings.Join(parts, ", ")
}

// grant gives ann store credit.
func grant(t testing.TB, db *DB, cents int64) {
	t.Helper()
	must(t, db.Grant(t.Context(), esim.GrantTransaction("g", ann, esim.USDCents(cents), "gift"), esim.AuditEntry{Who: 7, What: "grant", Customer: ann}, nil))
}

// bought adds an order of a payment method and pays it.
func bought(t testing.TB, db *DB, method esim.PaymentMethod, price, fee esim.Money) esim.Order {
	t.Helper()
	o := order("ORDER001", ann, 1)
	o.Method, o.Price = method, price
	add(t, db, o)
	p := payment("charge", o)
	p.Fee = fee
	_, b, err := db.BookPayment(t.Context(), p, nil, nil)
	must(t, err)
	if b != esim.PaymentBooked {
		t.Fatalf("booking is %v", b)
	}
	return o
}

func goesBack(t testing.TB, db *DB, payment string, credited esim.Money) {
	t.Helper()
	must(t, db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: payment, At: noon, Credited: credited}))
}

func TestBooks(t *testing.T) {
	t.Parallel()
	stars, dollars := esim.Stars(100), esim.USDCents(130)
	noFee := esim.Money{}
	deliver := func(t *testing.T, db *DB) {
		move(t, db, "ORDER001", esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
	}
	tests := []struct {
		name   string
		method esim.PaymentMethod
		price  esim.Money
		fee    esim.Money
		then   func(t *testing.T, db *DB)
		want   string
	}{
		{"paid is deferred revenue", esim.MethodStars, stars, noFee, nil, "prepaid -100 XTR, stars 100 XTR"},
		{
			"delivered is sold, and cost us", esim.MethodStars, stars, noFee, deliver,
			"cost 8000 USD4, sales -100 XTR, stars 100 XTR, vendor -8000 USD4",
		},
		{"refunded in time was never sold", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			move(t, db, "ORDER001", esim.StatePaid, esim.StateOrdering, esim.StateRefunding)
			goesBack(t, db, "charge", noFee)
		}, ""},
		{"refunded by staff after delivery", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			deliver(t, db)
			move(t, db, "ORDER001", esim.StateDelivered, esim.StateRefunding)
			goesBack(t, db, "charge", noFee)
		}, "cost 8000 USD4, refunds 100 XTR, sales -100 XTR, vendor -8000 USD4"},
		{"cancelled: the vendor gave it back too", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			deliver(t, db)
			move(t, db, "ORDER001", esim.StateDelivered, esim.StateCancelling, esim.StateRefunding)
			goesBack(t, db, "charge", noFee)
		}, "refunds 100 XTR, sales -100 XTR"},
		{"installed before it was cancelled: sold once", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			deliver(t, db)
			move(t, db, "ORDER001", esim.StateDelivered, esim.StateCancelling, esim.StateDelivered)
		}, "cost 8000 USD4, sales -100 XTR, stars 100 XTR, vendor -8000 USD4"},
		{"round through a human's hands: bought once", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			move(t, db, "ORDER001", esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateNeedsHuman, esim.StateAllocating, esim.StateDelivered)
		}, "cost 8000 USD4, sales -100 XTR, stars 100 XTR, vendor -8000 USD4"},
		{"a payment too many goes back, the sale stays", esim.MethodStars, stars, noFee, func(t *testing.T, db *DB) {
			_, _, err := db.BookPayment(t.Context(), payment("second", order("ORDER001", ann, 1)), nil, nil)
			must(t, err)
			deliver(t, db)
			faultless(t, db)
			goesBack(t, db, "second", noFee)
		}, "cost 8000 USD4, sales -100 XTR, stars 100 XTR, vendor -8000 USD4"},
		{"a provider keeps its fee", esim.MethodProvider, dollars, esim.USDCents(4), nil, "fees 4 USD, prepaid -130 USD, provider 126 USD"},
		{"a provider's money comes back as credit, the fee is lost", esim.MethodProvider, dollars, esim.USDCents(4), func(t *testing.T, db *DB) {
			move(t, db, "ORDER001", esim.StatePaid, esim.StateRefunding)
			goesBack(t, db, "charge", dollars)
		}, "credit -130 USD, fees 4 USD, provider 126 USD"},
		{"a provider's euros come back as dollars of credit", esim.MethodProvider, esim.Money{Minor: 120, Currency: "EUR"}, noFee, func(t *testing.T, db *DB) {
			move(t, db, "ORDER001", esim.StatePaid, esim.StateRefunding)
			goesBack(t, db, "charge", dollars)
		}, "credit -130 USD, exchange -120 EUR, exchange 130 USD, provider 120 EUR"},
		{
			"cash, delivered", esim.MethodManual, dollars, noFee, deliver,
			"cash 130 USD, cost 8000 USD4, sales -130 USD, vendor -8000 USD4",
		},
		{"free: only a cost", esim.MethodFree, esim.USDCents(0), noFee, deliver, "cost 8000 USD4, vendor -8000 USD4"},
		{"free, given back: nothing", esim.MethodFree, esim.USDCents(0), noFee, func(t *testing.T, db *DB) {
			move(t, db, "ORDER001", esim.StatePaid, esim.StateRefunding)
			goesBack(t, db, "charge", noFee)
			if s := state(t, db, "ORDER001"); s != esim.StateRefunded {
				t.Errorf("the order is %s", s)
			}
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			bought(t, db, tt.method, tt.price, tt.fee)
			faultless(t, db)
			if tt.then != nil {
				tt.then(t, db)
			}
			faultless(t, db)
			if got := sums(t, db); got != tt.want {
				t.Errorf("balances:\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestCostIsThatOfThePriceAgreedLast(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	move(t, db, o.ID, esim.StatePaid, esim.StateOrdering)
	o = get(db.Order(t.Context(), o.ID))(t)
	o.Wholesale = esim.USDTenThousandths(9_500)
	must(t, db.NoteWork(t.Context(), o, nil))
	move(t, db, o.ID, esim.StateOrdering, esim.StateAllocating)
	if got := sums(t, db); !strings.HasPrefix(got, "cost 9500 USD4") {
		t.Error(got)
	}
}

func TestCreditIsSpentOnce(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	grant(t, db, 3*130+129)
	for i := range 50 {
		o := order(esim.OrderID(fmt.Sprintf("ORDER%03d", i)), ann, 1)
		o.Method, o.Price = esim.MethodCredit, o.Retail
		add(t, db, o)
	}
	var booked, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			o := get(db.Order(t.Context(), esim.OrderID(fmt.Sprintf("ORDER%03d", i))))(t)
			got, b, err := db.BookPayment(t.Context(), payment("credit:"+string(o.ID), o), &esim.AuditEntry{What: "pay"},
				[]esim.Notification{{Kind: esim.NotifyProgress, Key: "paid:" + string(o.ID), Customer: ann}})
			switch {
			case errors.Is(err, esim.ErrInsufficientCredit):
				refused.Add(1)
			case err == nil && b == esim.PaymentBooked && got.State == esim.StatePaid:
				booked.Add(1)
			default:
				t.Errorf("%v %v %s", b, err, got.State)
			}
		})
	}
	wg.Wait()
	if booked.Load() != 3 || refused.Load() != 47 {
		t.Errorf("%d booked, %d refused; the credit covers three", booked.Load(), refused.Load())
	}
	if left := get(db.Credit(t.Context(), ann))(t); left != esim.USDCents(129) {
		t.Errorf("%s left", left)
	}
	for _, table := range []string{"payments", "outbox", "audit WHERE what = 'pay'"} {
		if n := number(t, db, "SELECT count(*) FROM "+table); n != 3 {
			t.Errorf("%d rows in %s: a refused payment leaves nothing", n, table)
		}
	}
	faultless(t, db)
}

func TestAPaymentTooManyWithinTheShopMovedNoMoney(t *testing.T) {
	t.Parallel()
	for _, method := range []esim.PaymentMethod{esim.MethodCredit, esim.MethodManual, esim.MethodFree} {
		t.Run(string(method), func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			grant(t, db, 1000)
			price := esim.USDCents(130)
			if method == esim.MethodFree {
				price = esim.USDCents(0)
			}
			o := bought(t, db, method, price, esim.Money{})
			before := sums(t, db)
			got, b, err := db.BookPayment(t.Context(), payment("again", o), &esim.AuditEntry{What: "paid"}, nil)
			must(t, err)
			if b != esim.PaymentSurplus || got.ID != o.ID {
				t.Errorf("booking %v of %q", b, got.ID)
			}
			if n := number(t, db, `SELECT count(*) FROM payments`); n != 1 || sums(t, db) != before {
				t.Errorf("%d payments, balances %s", n, sums(t, db))
			}
			if n := number(t, db, `SELECT count(*) FROM audit WHERE what = 'paid'`); n != 0 {
				t.Error("an act that did nothing is written down")
			}
			faultless(t, db)
		})
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	for _, step := range []struct {
		name, key string
		cents     int64
		err       error
		want      int64
	}{
		{"given", "a", 500, nil, 500},
		{"pressed again", "a", 500, esim.ErrConflict, 500},
		{"taken", "b", -200, nil, 300},
		{"more than there is", "c", -301, esim.ErrInsufficientCredit, 300},
		{"the key of what was refused is free", "c", -300, nil, 0},
	} {
		err := db.Grant(t.Context(), esim.GrantTransaction(step.key, ann, esim.USDCents(step.cents), "why"),
			esim.AuditEntry{At: noon, Who: 7, What: "grant", Customer: ann, Amount: esim.USDCents(step.cents), Why: "why"}, nil)
		if !errors.Is(err, step.err) {
			t.Errorf("%s: %v, want %v", step.name, err, step.err)
		}
		if got := get(db.Credit(t.Context(), ann))(t); got != esim.USDCents(step.want) {
			t.Errorf("%s: %s left", step.name, got)
		}
	}
	if entries := get(db.AuditEntries(t.Context(), "", 10))(t); len(entries) != 3 {
		t.Errorf("%d acts of three that happened", len(entries))
	}
	if got := get(db.Credit(t.Context(), bob))(t); got != esim.USDCents(0) {
		t.Errorf("bob has %s", got)
	}
	faultless(t, db)
}

func TestImpossiblePostingIsRefusedWithAllThatCameWithIt(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	p := esim.Transaction{Key: "x", Postings: []esim.Posting{
		{Source: esim.AccountSales, Destination: esim.AccountCash, Amount: esim.USDCents(5)},
		{Source: esim.AccountSales, Destination: esim.AccountCash, Amount: esim.USDCents(-5)},
	}}
	if err := db.Grant(t.Context(), p, esim.AuditEntry{What: "grant"}, nil); err == nil {
		t.Error("no error")
	}
	if n := number(t, db, `SELECT (SELECT count(*) FROM ledger) + (SELECT count(*) FROM audit)`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestBooksAreOnlyAddedTo(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	grant(t, db, 100)
	for _, sql := range []string{
		`UPDATE ledger SET minor = minor + 1`, `DELETE FROM ledger`, `UPDATE audit SET why = ''`, `DELETE FROM audit`,
		`INSERT INTO ledger SELECT NULL, key, at, order_id, payment, account, minor, currency, why FROM ledger`,
	} {
		if _, err := db.writer.conn.ExecContext(t.Context(), sql); err == nil {
			t.Errorf("%s: no error", sql)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM ledger`); n != 2 {
		t.Errorf("%d lines", n)
	}
}

func TestLedgerOfAnOrder(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	grant(t, db, 1)
	bought(t, db, esim.MethodProvider, esim.USDCents(130), esim.USDCents(4))
	line := LedgerLine{At: noon, Key: "pay:charge", Payment: "charge", Why: "payment"}
	want := []LedgerLine{line, line, line}
	want[0].Account, want[0].Amount = esim.AccountProvider, esim.USDCents(126)
	want[1].Account, want[1].Amount = esim.AccountDeferredRevenue, esim.USDCents(-130)
	want[2].Account, want[2].Amount = esim.AccountFees, esim.USDCents(4)
	if got := get(db.Ledger(t.Context(), "ORDER001"))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := get(db.Ledger(t.Context(), ""))(t); len(got) != 0 {
		t.Errorf("of no order: %v", got)
	}
}
