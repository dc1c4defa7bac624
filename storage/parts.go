package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

// Allocate stores new eSIMs of an order in StateAllocating, and what an esim.Allocation says of the order,
// with what follows from it (esim.Consequences). esim.ErrConflict if it was not waiting for eSIMs.
func (db *DB) Allocate(ctx context.Context, a esim.Allocation) error {
	o := a.Order
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE orders SET allocated = ?, reason = ?, attempts = ?, next_at = ?, staff_told = ?
				WHERE id = ? AND state = ? AND allocated = 0`,
			o.Allocated, o.Reason, o.Attempts, stamp(db.orNow(o.NextAt)), o.StaffTold, o.ID, esim.StateAllocating)
		if err != nil {
			return err
		}
		if n != 1 {
			return esim.ErrConflict
		}
		for _, e := range a.ESIMs {
			if err := t.addESIM(e); err != nil {
				return err
			}
		}
		if _, err := db.refundPart(t, o.ID, a.Part, false); err != nil {
			return err
		}
		if err := db.postAll(t, a.Transactions); err != nil {
			return err
		}
		if err := t.notifications(db.now(), a.Notifications); err != nil {
			return err
		}
		return db.follow(t, o.ID)
	})
	if err != nil {
		return fmt.Errorf("allocate order %s: %w", o.ID, err)
	}
	return nil
}

// notDeliveredOne gives up the QR message of an eSIM that is not sent: "status <> 'sent'" are the
// words of the index.
const notDeliveredOne = `UPDATE outbox SET status = 'dead', ended = ?1, reason = 'the eSIM was taken back'
	WHERE order_id = ?2 AND esim = ?3 AND kind = 'qr' AND status <> 'sent' AND status IN ('waiting', 'held')`

// refundPart gives a part of an order back (esim.PartialRefund), perhaps for a swap: each eSIM once. It
// returns the store credit that the part became.
func (db *DB) refundPart(t *tx, id esim.OrderID, p esim.PartialRefund, swap bool) (credited esim.Money, err error) {
	credited = esim.USDCents(0)
	if p.Empty() {
		return credited, nil
	}
	f := esim.PartFacts{Swap: swap}
	if f.Order, err = one(t, scanOrder, selectOrder, id); err != nil {
		return credited, err
	}
	if f.Payments, err = list(t, scanOrderPayment, paymentsOf, id); err != nil {
		return credited, err
	}
	if f.Sold, err = one(t, value[bool], transactionKnown, esim.DeliveryKey(id)); err != nil {
		return credited, err
	}
	transactions, told, err := p.Consequences(f)
	if err != nil {
		return credited, err
	}
	for _, e := range p.ESIMs {
		n, err := t.exec(`UPDATE esims SET returned = 1 WHERE tran_no = ? AND order_id = ? AND returned = 0`, e, id)
		if err != nil {
			return credited, err
		}
		if n != 1 {
			return credited, fmt.Errorf("eSIM %s went back before: %w", e, esim.ErrConflict)
		}
		if _, err := t.exec(notDeliveredOne, stamp(db.now()), id, e); err != nil {
			return credited, err
		}
	}
	if _, err := t.exec(`UPDATE orders SET returned = returned + ?, missing = missing + ? WHERE id = ?`, len(p.ESIMs), p.Missing, id); err != nil {
		return credited, err
	}
	for _, p := range transactions {
		if fresh, err := db.post(t, db.now(), p); err != nil {
			return credited, err
		} else if !fresh {
			return credited, fmt.Errorf("%s is in the books: %w", p.Key, esim.ErrConflict)
		}
		credited.Minor += p.Into(esim.AccountCredit(f.Order.Customer)).Minor
	}
	return credited, t.notifications(db.now(), told)
}
