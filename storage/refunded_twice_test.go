package storage

import (
	"testing"

	"esimbot/esim"
)

// Telegram's support sends a payment back that had become store credit: the books follow, and staff
// are told, once, that the customer has both.
func TestAPaymentRefundedElsewhereAfterItBecameStoreCredit(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	paid(t, db, "ORDER001", ann, 1)
	move(t, db, "ORDER001", esim.StatePaid, esim.StateRefunding)
	if err := db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: "charge-ORDER001", At: noon, Credited: esim.USDCents(150)}); err != nil {
		t.Fatal(err)
	}
	stars := func() int64 {
		for _, m := range get(db.Balances(t.Context()))(t)[esim.AccountStars] {
			return m.Minor
		}
		return 0
	}
	held := stars()
	for i := range 2 {
		if mended := get(db.PaymentRefundedElsewhere(t.Context(), "charge-ORDER001", noon, nil))(t); mended != (i == 0) {
			t.Errorf("time %d: mended is %v", i+1, mended)
		}
		faultless(t, db)
	}
	if held == 0 || stars() != 0 {
		t.Errorf("the books hold %d Stars, and %d after they went back", held, stars())
	}
	if n := number(t, db, `SELECT count(*) FROM outbox WHERE kind = 'staff_refunded_twice'`); n != 1 {
		t.Errorf("staff were told %d times", n)
	}
}
