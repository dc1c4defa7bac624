package storage

import (
	"errors"
	"testing"

	"esimbot/esim"
)

// A part goes back once, whoever asks for it again; of nothing that stays the whole has to go.
func TestAPartGoesBackOnce(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	esims := allocated(t, db, "ORDER001", ann, 3)
	back := func(part esim.PartialRefund) error {
		return db.write(t.Context(), func(t *tx) error { _, err := db.refundPart(t, "ORDER001", part, false); return err })
	}
	first := esim.PartialRefund{ESIMs: []esim.ESIMID{esims[0].ID}}
	must(t, back(first))
	credit := get(db.Credit(t.Context(), ann))(t)
	if err := back(first); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same eSIM again: %v", err)
	}
	if err := back(esim.PartialRefund{ESIMs: []esim.ESIMID{esims[1].ID, esims[2].ID}}); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("all that is left: %v", err)
	}
	if err := back(esim.PartialRefund{ESIMs: []esim.ESIMID{"T-of-another"}}); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("an eSIM of another order: %v", err)
	}
	o := get(db.Order(t.Context(), "ORDER001"))(t)
	if o.Returned != 1 || credit != o.PartCredit() || get(db.Credit(t.Context(), ann))(t) != credit {
		t.Errorf("%d went back, store credit %s", o.Returned, credit)
	}
}
