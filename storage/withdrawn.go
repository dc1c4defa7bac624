package storage

import (
	"errors"

	"esimbot/esim"
)

// revokedByStaff: "order_id <> ”" are the words of its index; "revoke" is the word of the audit.
const revokedByStaff = `SELECT EXISTS (SELECT 1 FROM audit WHERE order_id <> '' AND order_id = ?1 AND esim = ?2 AND what = 'revoke')`

// notDelivered gives up the QR messages of an order that are not sent: "status <> 'sent'" are
// the words of the index.
const notDelivered = `UPDATE outbox SET status = 'dead', ended = ?1, reason = 'the eSIM was taken back'
	WHERE order_id = ?2 AND kind = 'qr' AND status <> 'sent' AND status IN ('waiting', 'held')`

// withdrawn does what follows when a look finds an eSIM taken back by the vendor
// (esim.WithdrawalConsequences).
func (db *DB) withdrawn(t *tx, before, after esim.ESIM) error {
	f := esim.WithdrawalFacts{Before: before, After: after}
	var err error
	if f.Order, err = one(t, scanOrder, selectOrder, after.Order); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	if f.ESIMs, err = list(t, scanESIM, esimsOfOrder, after.Order); err != nil {
		return err
	}
	if f.ByStaff, err = one(t, value[bool], revokedByStaff, after.Order, after.ID); err != nil {
		return err
	}
	w := esim.WithdrawalConsequences(f, db.now())
	if err := t.notifications(db.now(), w.Notifications); err != nil {
		return err
	}
	for _, p := range w.Transactions {
		if _, err := db.post(t, db.now(), p); err != nil {
			return err
		}
	}
	if w.Move != nil {
		return db.move(t, *w.Move)
	}
	if w.Part.Empty() {
		return nil
	}
	if _, err := db.refundPart(t, f.Order.ID, w.Part, false); err != nil {
		return err
	}
	return db.follow(t, f.Order.ID)
}
