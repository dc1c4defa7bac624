package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	giftColumns = `id, esim, giver, made, ends, coalesce(taker, 0), taken, withdrawn`
	giftByToken = `SELECT ` + giftColumns + ` FROM gifts WHERE token = ?`
	// A payment that was let through is on its way; "esim <> ''" are the words of the index.
	approvedTopUps = `SELECT ` + orderColumns + ` FROM orders WHERE esim <> '' AND esim = ?1 AND state = 'awaiting_payment' AND approved_at > ?2`
	giftsBy        = `SELECT ` + giftColumns + ` FROM gifts g WHERE giver = ?1 AND withdrawn = 0 AND (taker IS NOT NULL OR ends > ?2)
		AND id = (SELECT max(n.id) FROM gifts n WHERE n.giver = ?1 AND n.esim = g.esim AND n.withdrawn = 0)
		AND (taker IS NULL OR NOT EXISTS (SELECT 1 FROM esims e WHERE e.tran_no = g.esim AND e.person = ?1)) ORDER BY id DESC`
)

func scanGift(rows *sql.Rows) (esim.Gift, error) {
	var g esim.Gift
	err := rows.Scan(&g.ID, &g.ESIM, &g.Giver, (*stamp)(&g.Made), (*stamp)(&g.Ends), &g.Recipient, (*stamp)(&g.Taken), &g.Withdrawn)
	return g, err
}

// giftFacts gathers what there is to know about a gift's eSIM.
func (db *DB) giftFacts(t *tx, g esim.Gift) (f esim.GiftFacts, err error) {
	f.Gift = g
	if f.ESIM, err = one(t, scanESIM, selectESIM, g.ESIM); err != nil {
		return f, err
	}
	if f.Order, err = one(t, scanOrder, selectOrder, f.ESIM.Order); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return f, err
	}
	if f.TopUps, err = list(t, scanOrder, openTopUps, f.ESIM.Order, jsonList(openStates)); err != nil {
		return f, err
	}
	approved, err := list(t, scanOrder, approvedTopUps, f.ESIM.ID, stamp(db.now().Add(-esim.ApprovalTTL)))
	f.TopUps = append(f.TopUps, approved...)
	return f, err
}

// OfferGift stores a link, known by the hash of its token, if esim.DecideOffer allows it. It takes the place of the one that
// was open for the eSIM. The same again is the one that is open; esim.ErrNoGift if that was taken or taken back.
func (db *DB) OfferGift(ctx context.Context, g esim.Gift, hash string) (esim.Gift, error) {
	err := db.write(ctx, func(t *tx) error {
		f, err := db.giftFacts(t, g)
		if err != nil {
			return err
		}
		if err := esim.DecideOffer(f, g.Giver, db.now()); err != nil {
			return err
		}
		switch made, err := one(t, scanGift, giftByToken, hash); {
		case err == nil && made.Open(db.now()):
			g = made
			return nil
		case err == nil:
			return fmt.Errorf("link %d was closed: %w", made.ID, esim.ErrNoGift)
		case !errors.Is(err, esim.ErrNotFound):
			return err
		}
		if _, err := t.exec(`UPDATE gifts SET withdrawn = 1 WHERE esim = ? AND taker IS NULL AND withdrawn = 0`, g.ESIM); err != nil {
			return err
		}
		g.ID, err = one(t, value[int64], `INSERT INTO gifts (token, esim, giver, made, ends) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			hash, g.ESIM, g.Giver, stamp(g.Made), stamp(g.Ends))
		return err
	})
	if err != nil {
		return esim.Gift{}, fmt.Errorf("offer an eSIM: %w", err)
	}
	return g, nil
}

// WithdrawGift ends the open link of an eSIM; esim.ErrNotFound if its maker has none.
func (db *DB) WithdrawGift(ctx context.Context, giver esim.CustomerID, esimID esim.ESIMID) error {
	err := db.write(ctx, func(t *tx) error {
		return mustChange(t.exec(`UPDATE gifts SET withdrawn = 1 WHERE esim = ? AND giver = ? AND taker IS NULL AND withdrawn = 0`, esimID, giver))
	})
	if err != nil {
		return fmt.Errorf("take a gift back: %w", err)
	}
	return nil
}

// LookAtGift returns what a link is about, with the error of esim.DecideGift. A link that never was is noted; after too many of them it is esim.ErrTooManyTries.
func (db *DB) LookAtGift(ctx context.Context, c esim.CustomerID, hash string) (esim.GiftFacts, error) {
	return db.gift(ctx, c, hash, func(*tx, esim.GiftFacts) error { return nil })
}

// TakeGift is LookAtGift, and makes the customer the holder of the eSIM. Once: the second is esim.ErrGiftTaken.
func (db *DB) TakeGift(ctx context.Context, c esim.CustomerID, hash string) (esim.GiftFacts, error) {
	return db.gift(ctx, c, hash, func(t *tx, f esim.GiftFacts) error { return db.give(t, f, c) })
}

// gift looks at a link, and goes on with one that can be taken.
func (db *DB) gift(ctx context.Context, c esim.CustomerID, hash string, take func(*tx, esim.GiftFacts) error) (f esim.GiftFacts, err error) {
	var verdict error // is no reason to undo what was noted
	err = db.write(ctx, func(t *tx) error {
		f, verdict = esim.GiftFacts{}, nil
		if err := t.heard(c, db.now()); err != nil {
			return err
		}
		g, err := one(t, scanGift, giftByToken, hash)
		switch {
		case errors.Is(err, esim.ErrNotFound):
			if f, err = t.unmatchedLink(hash); err != nil {
				return err
			}
			g = f.Gift
		case err != nil:
			return err
		default:
			if f, err = db.giftFacts(t, g); err != nil {
				return err
			}
		}
		switch verdict = esim.DecideGift(f, c, db.now()); {
		case verdict == nil:
			return take(t, f)
		case errors.Is(verdict, esim.ErrNoGift):
			f = esim.GiftFacts{}
			if g.ID != 0 { // a link of before, pressed again and again, is no guess
				return nil
			}
			return t.wrongCode(c, db.now())
		}
		return nil
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return f, fmt.Errorf("link to an eSIM: %w", err)
	}
	return f, nil
}

// give makes a customer the holder of an eSIM: what waits to be told of it goes to them, what its giver called it and
// planned with it does not.
func (db *DB) give(t *tx, f esim.GiftFacts, c esim.CustomerID) error {
	now := db.now()
	f.Gift.Recipient, f.Gift.Taken = c, now
	if f.Unmatched != nil {
		return db.giveUnmatched(t, f)
	}
	if err := mustChange(t.exec(`UPDATE esims SET person = ?, name = '', alerts = '', trip = NULL, trip_days = 0 WHERE tran_no = ? AND person = ?`,
		c, f.ESIM.ID, f.Gift.Giver)); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE gifts SET taker = ?, taken = ? WHERE id = ?`, c, stamp(now), f.Gift.ID); err != nil {
		return err
	}
	f.ESIM.Customer = c
	for _, forget := range []string{
		`DELETE FROM swap_searches WHERE person = ? AND esim = ?`,
		`DELETE FROM questions WHERE person = ? AND about = ?`,
	} {
		if _, err := t.exec(forget, f.Gift.Giver, f.ESIM.ID); err != nil {
			return err
		}
	}
	qrWaits := false
	for _, status := range []string{"'waiting'", "'held'"} { // the words of two indexes
		moved, err := list(t, value[string], `UPDATE outbox SET person = ?1, status = 'waiting', next_at = iif(quiet = 1, ?4, next_at), quiet = 0 WHERE person = ?2 AND status = `+status+`
			AND esim = ?3 AND kind IN ('qr', 'alert') RETURNING kind`, c, f.Gift.Giver, f.ESIM.ID, stamp(now))
		if err != nil {
			return err
		}
		for _, kind := range moved {
			qrWaits = qrWaits || esim.NotificationKind(kind) == esim.NotifyQR
		}
		t.outboxFilled = t.outboxFilled || len(moved) > 0
	}
	return t.notifications(now, esim.GiftTaken(f.Gift, f.ESIM, qrWaits))
}

// GiftsBy lists the links of a customer that were taken or are open, newest first, of each eSIM the last one; without those
// whose eSIM they hold again.
func (db *DB) GiftsBy(ctx context.Context, giver esim.CustomerID, now time.Time) ([]esim.Gift, error) {
	all, err := list(db.read(ctx), scanGift, giftsBy, giver, stamp(now))
	if err != nil {
		return nil, fmt.Errorf("what a customer gave away: %w", err)
	}
	return all, nil
}

// heard is esim.ErrTooManyTries for a customer who was wrong too often lately.
func (t *tx) heard(c esim.CustomerID, now time.Time) error {
	n, err := one(t, value[int], `SELECT count(*) FROM wrong_codes WHERE person = ? AND at > ?`, c, stamp(now.Add(-esim.WrongCodeWindow)))
	if err == nil && n >= esim.MaxWrongCodes {
		err = esim.ErrTooManyTries
	}
	return err
}

// wrongCode notes a wrong try, and forgets those that count no more.
func (t *tx) wrongCode(c esim.CustomerID, now time.Time) error {
	if _, err := t.exec(`DELETE FROM wrong_codes WHERE person = ? AND at <= ?`, c, stamp(now.Add(-esim.WrongCodeWindow))); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO wrong_codes (person, at) VALUES (?, ?)`, c, stamp(now))
	return err
}
