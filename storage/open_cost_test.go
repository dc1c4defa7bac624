package storage

import (
	"testing"

	"esimbot/esim"
)

// A top-up that the vendor has applied, without a number of its own, is charged: it counts no more
// among what is still to be paid, though it waits for staff.
func TestWhatTheVendorAppliedIsNotCommitted(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := bought(t, db, esim.MethodStars, esim.Stars(100), esim.Money{})
	if m := get(db.OpenCost(t.Context()))(t); m != o.Wholesale {
		t.Fatalf("committed %v", m)
	}
	must(t, db.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`UPDATE orders SET state = 'needs_human', allocated = 1`)
		return err
	}))
	if m := get(db.OpenCost(t.Context()))(t); m != esim.USDTenThousandths(0) {
		t.Errorf("committed %v", m)
	}
}
