package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"esimbot/esim"
)

const unmatchedByToken = `SELECT id, tran_no, made, ends, coalesce(taker, 0), taken, offer FROM orphan_links WHERE token = ?`

// An unmatchedLink is a row of orphan_links.
type unmatchedLink struct {
	esim.Gift
	offer esim.UnmatchedOffer
}

func scanUnmatchedLink(rows *sql.Rows) (unmatchedLink, error) {
	var l unmatchedLink
	var offer string
	err := rows.Scan(&l.ID, &l.ESIM, (*stamp)(&l.Made), (*stamp)(&l.Ends), &l.Recipient, (*stamp)(&l.Taken), &offer)
	if err == nil && offer != "" {
		err = json.Unmarshal([]byte(offer), &l.offer)
	}
	return l, err
}

// unmatchedLink is what a link of staff is about; no facts if there is no such link.
func (t *tx) unmatchedLink(hash string) (esim.GiftFacts, error) {
	l, err := one(t, scanUnmatchedLink, unmatchedByToken, hash)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.GiftFacts{}, nil
	} else if err != nil {
		return esim.GiftFacts{}, err
	}
	e, err := one(t, scanESIM, selectESIM, l.ESIM)
	switch {
	case err == nil:
		return esim.OfUnmatched(l.Gift, l.offer, &e), nil
	case errors.Is(err, esim.ErrNotFound):
		return esim.OfUnmatched(l.Gift, l.offer, nil), nil
	}
	return esim.GiftFacts{}, err
}

// OfferUnmatched stores a link, known by the hash of its token, if esim.DecideUnmatchedOffer allows it. It takes the place of the
// one that was open for the eSIM. The same again is the one that is open.
func (db *DB) OfferUnmatched(ctx context.Context, g esim.Gift, f esim.UnmatchedOffer, hash string) (esim.Gift, error) {
	offer, err := json.Marshal(f)
	if err != nil {
		return esim.Gift{}, fmt.Errorf("eSIM of no order: %w", err)
	}
	err = db.write(ctx, func(t *tx) error {
		orphan, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM orphans WHERE tran_no = ?)`, g.ESIM)
		if err != nil {
			return err
		}
		stored, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM esims WHERE tran_no = ?1) OR EXISTS (SELECT 1 FROM orphan_links WHERE tran_no = ?1 AND taker IS NOT NULL)`, g.ESIM)
		if err != nil {
			return err
		}
		if err := esim.DecideUnmatchedOffer(f, orphan, stored, db.now()); err != nil {
			return err
		}
		if made, err := one(t, scanUnmatchedLink, unmatchedByToken, hash); err == nil && made.Open(db.now()) {
			g = made.Gift
			return nil
		} else if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return err
		}
		// Of those that nobody took in time the vendor's codes are not kept.
		if _, err := t.exec(`DELETE FROM orphan_links WHERE taker IS NULL AND (tran_no = ? OR ends <= ?)`, g.ESIM, stamp(db.now())); err != nil {
			return err
		}
		g.ID, err = one(t, value[int64], `INSERT INTO orphan_links (token, tran_no, made, ends, offer, order_id) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			hash, g.ESIM, stamp(g.Made), stamp(g.Ends), string(offer), f.Order)
		return err
	})
	if err != nil {
		return esim.Gift{}, fmt.Errorf("offer an eSIM of no order: %w", err)
	}
	return g, nil
}

// giveUnmatched makes an eSIM of no order an order of who took it, and looks at it soon: its link may be days old.
func (db *DB) giveUnmatched(t *tx, f esim.GiftFacts) error {
	rec := f.Unmatched.Taken(f.Gift.Recipient, f.Gift.Taken)
	if err := db.addRecovered(t, rec); err != nil {
		return err
	}
	if err := mustChange(t.exec(`UPDATE orphan_links SET taker = ?, taken = ?, offer = '' WHERE id = ? AND taker IS NULL`, f.Gift.Recipient, stamp(f.Gift.Taken), f.Gift.ID)); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE esims SET next_look = ?, edge = 0 WHERE tran_no = ?`, stamp(db.now()), f.ESIM.ID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM orphans WHERE tran_no = ?`, f.ESIM.ID); err != nil {
		return err
	}
	return t.notifications(db.now(), esim.UnmatchedTaken(f.Gift, rec.ESIMs[0]))
}
