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

// topUpsApplied are the top-ups that the vendor applied to an eSIM; its first condition is that of the index.
const topUpsApplied = `SELECT ` + orderColumns + ` FROM orders WHERE esim <> '' AND esim = ?1 AND allocated = 1`

// A withdrawnESIM was found taken back; doubt is esim.PollResult.Doubt.
type withdrawnESIM struct {
	before, after esim.ESIM
	doubt         esim.WithdrawalDoubt
}

// withdrawn does what follows when a look finds an eSIM taken back by the vendor
// (esim.WithdrawalConsequences).
func (db *DB) withdrawn(t *tx, w withdrawnESIM) error {
	after := w.after
	f := esim.WithdrawalFacts{Before: w.before, After: after, Doubt: w.doubt}
	var err error
	if f.Order, err = one(t, scanOrder, selectOrder, after.Order); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	if f.ESIMs, err = list(t, scanESIM, esimsOfOrder, after.Order); err != nil {
		return err
	}
	if f.TopUps, err = list(t, scanOrder, topUpsApplied, after.ID); err != nil {
		return err
	}
	if f.ByStaff, err = one(t, value[bool], revokedByStaff, after.Order, after.ID); err != nil {
		return err
	}
	return db.takenBack(t, f.Order.ID, esim.WithdrawalConsequences(f, db.now()))
}

// vendorGaveBack books what the vendor gave back for eSIMs of an order before its money goes back
// (esim.Order.EarlierVendorReturns).
func (db *DB) vendorGaveBack(t *tx, id esim.OrderID) error {
	o, err := one(t, scanOrder, selectOrder, id)
	if err != nil {
		return err
	}
	esims, err := list(t, scanESIM, esimsOfOrder, id)
	if err != nil {
		return err
	}
	return db.postAll(t, o.EarlierVendorReturns(esims))
}

// toppedUpWithdrawn does what follows when a top-up was applied to an eSIM that had been taken back
// before that was known.
func (db *DB) toppedUpWithdrawn(t *tx, before, after esim.ESIM, id esim.OrderID) error {
	o, err := one(t, scanOrder, selectOrder, id)
	if err != nil {
		return err
	}
	return db.takenBack(t, "", esim.TopUpsWithdrawn(esim.WithdrawalFacts{Before: before, After: after, TopUps: []esim.Order{o}}, db.now()))
}

// takenBack does what follows from a withdrawal of an eSIM of an order.
func (db *DB) takenBack(t *tx, id esim.OrderID, w esim.Withdrawal) error {
	if err := t.notifications(db.now(), w.Notifications); err != nil {
		return err
	}
	for _, p := range w.Transactions {
		if _, err := db.post(t, db.now(), p); err != nil {
			return err
		}
	}
	for _, m := range w.Moves {
		if err := db.move(t, m); err != nil {
			return err
		}
	}
	if w.Part.Empty() {
		return nil
	}
	if _, err := db.refundPart(t, id, w.Part, false); err != nil {
		return err
	}
	return db.follow(t, id)
}
