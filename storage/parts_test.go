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

// An amount goes back once for each state of the order that was seen, with its audit entry, and the share of an eSIM once.
func TestAnAmountGoesBackOnce(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	esims := allocated(t, db, "ORDER001", ann, 2)
	must(t, db.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`UPDATE orders SET state = 'delivered' WHERE id = 'ORDER001'`)
		if err == nil {
			err = db.follow(t, "ORDER001")
		}
		return err
	}))
	o := get(db.Order(t.Context(), "ORDER001"))(t)
	a := esim.AmountRefund{Order: o.ID, ESIM: esims[0].ID, Amount: esim.USDCents(1), Seen: o.RefundableAsCredit()}
	entry := esim.AuditEntry{Who: 1, What: "amount", Amount: a.Amount}
	must(t, db.RefundAmount(t.Context(), a, entry))
	if err := db.RefundAmount(t.Context(), a, entry); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same again: %v", err)
	}
	a.Seen.Minor--
	if err := db.RefundAmount(t.Context(), a, entry); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the share of the same eSIM again: %v", err)
	}
	o = get(db.Order(t.Context(), o.ID))(t)
	if log := get(db.AuditEntries(t.Context(), o.ID, 9))(t); o.AmountBack != a.Amount || get(db.Credit(t.Context(), ann))(t) != a.Amount || len(log) != 1 {
		t.Errorf("%s went back, audit %+v", o.AmountBack, log)
	}
	if faults := get(db.LedgerFaults(t.Context()))(t); len(faults) != 0 {
		t.Errorf("the books: %v", faults)
	}
}
