package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"esimbot/esim"
)

const (
	selectBroadcast  = `SELECT id, who, second, texts, segment, state, made, begun, ended, chat, message FROM broadcasts`
	broadcastByID    = selectBroadcast + ` WHERE id = ?`
	anySending       = `SELECT EXISTS (SELECT 1 FROM broadcasts WHERE state = 'sending')`
	broadcastSending = selectBroadcast + ` WHERE state = 'sending' ORDER BY id LIMIT 1`
	broadcastsLately = selectBroadcast + ` WHERE state <> 'draft' ORDER BY id DESC LIMIT +?`

	// Who is to be written to next: whoever left, or was forgotten, since it began is passed over.
	broadcastNext = `SELECT b.person FROM broadcast_people b INDEXED BY broadcast_people_waiting WHERE b.broadcast = ?1 AND b.reach = 'waiting' AND b.person > ?3 ORDER BY b.person LIMIT +?2`
	broadcastWho  = `SELECT ` + personColumns + `, blocked FROM people WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`
	noteBroadcast = `UPDATE broadcast_people SET reach = ?3 WHERE broadcast = ?1 AND person = ?2`

	broadcastTally       = `SELECT reach, count(*) FROM broadcast_people WHERE broadcast = ? GROUP BY reach`
	broadcastInterrupted = `UPDATE broadcast_people SET reach = 'uncertain' WHERE reach = 'begun'`
)

func scanBroadcast(rows *sql.Rows) (b esim.Broadcast, err error) {
	var texts, segment string
	if err = rows.Scan(&b.ID, &b.Who, &b.ApprovedBy, &texts, &segment, &b.State, (*stamp)(&b.Made), (*stamp)(&b.Begun), (*stamp)(&b.Ended), &b.Chat, &b.Message); err != nil {
		return b, err
	}
	if err = json.Unmarshal([]byte(texts), &b.Texts); err != nil {
		return b, fmt.Errorf("texts of broadcast %d: %w", b.ID, err)
	}
	b.Segment, err = esim.ParseSegment(segment)
	return b, err
}

// AddBroadcast stores a draft and returns its number.
func (db *DB) AddBroadcast(ctx context.Context, b esim.Broadcast) (id esim.BroadcastID, err error) {
	texts, err := json.Marshal(b.Texts)
	if err != nil {
		return 0, fmt.Errorf("write a broadcast as JSON: %w", err)
	}
	err = db.write(ctx, func(t *tx) error {
		id, err = one(t, value[esim.BroadcastID], `INSERT INTO broadcasts (who, second, texts, segment, state, made, chat, message)
			VALUES (?, 0, ?, ?, 'draft', ?, 0, 0) RETURNING id`, b.Who, string(texts), b.Segment.String(), stamp(db.orNow(b.Made)))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("keep a broadcast: %w", err)
	}
	return id, nil
}

// Broadcast returns a broadcast, or esim.ErrNotFound.
func (db *DB) Broadcast(ctx context.Context, id esim.BroadcastID) (esim.Broadcast, error) {
	b, err := one(db.read(ctx), scanBroadcast, broadcastByID, id)
	if err != nil {
		return b, fmt.Errorf("broadcast %d: %w", id, err)
	}
	return b, nil
}

// Broadcasts lists those that were begun, newest first.
func (db *DB) Broadcasts(ctx context.Context, limit int) ([]esim.Broadcast, error) {
	all, err := list(db.read(ctx), scanBroadcast, broadcastsLately, limit)
	if err != nil {
		return nil, fmt.Errorf("broadcasts: %w", err)
	}
	return all, nil
}

// SendingBroadcast returns the oldest that is being sent, or esim.ErrNotFound.
func (db *DB) SendingBroadcast(ctx context.Context) (esim.Broadcast, error) {
	var b esim.Broadcast
	some, err := oneUnchanged(db.read(ctx), value[bool], anySending)
	switch {
	case err == nil && !some:
		err = esim.ErrNotFound
	case err == nil:
		b, err = one(db.read(ctx), scanBroadcast, broadcastSending)
	}
	if err != nil {
		return b, fmt.Errorf("a broadcast that is being sent: %w", err)
	}
	return b, nil
}

// BeginBroadcast fixes whom a draft goes to; esim.ErrConflict if it is none.
func (db *DB) BeginBroadcast(ctx context.Context, b esim.Broadcast, entry esim.AuditEntry) error {
	who, args := segmentQuery(b.Segment, db.orNow(entry.At))
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE broadcasts SET state = 'sending', begun = ?2, second = ?3, chat = ?4, message = ?5 WHERE id = ?1 AND state = 'draft'`,
			b.ID, stamp(db.orNow(entry.At)), entry.ApprovedBy, b.Chat, b.Message)
		switch {
		case err != nil:
			return err
		case n == 0:
			return esim.ErrConflict
		}
		if _, err := t.exec(`INSERT INTO broadcast_people (broadcast, person, reach) SELECT `+fmt.Sprint(int64(b.ID))+`, p.id, 'waiting' FROM people p WHERE `+who+` AND `+reachable, args...); err != nil {
			return err
		}
		t.broadcasts = true
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("begin broadcast %d: %w", b.ID, err)
	}
	return nil
}

// MoveBroadcast pauses, resumes or stops one; esim.ErrConflict if it is not in the state it should be in.
func (db *DB) MoveBroadcast(ctx context.Context, id esim.BroadcastID, from, to esim.BroadcastState, entry esim.AuditEntry) error {
	if !from.MayBecome(to) {
		return fmt.Errorf("broadcast %d: %s to %s: %w", id, from, to, esim.ErrConflict)
	}
	err := db.write(ctx, func(t *tx) error {
		var ended time.Time
		if to == esim.BroadcastStopped {
			ended = db.orNow(entry.At)
		}
		n, err := t.exec(`UPDATE broadcasts SET state = ?3, ended = ?4 WHERE id = ?1 AND state = ?2`, id, from, to, stamp(ended))
		switch {
		case err != nil:
			return err
		case n == 0:
			return esim.ErrConflict
		}
		t.broadcasts = true
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("broadcast %d: %w", id, err)
	}
	return nil
}

// EndBroadcast notes that everybody was written to.
func (db *DB) EndBroadcast(ctx context.Context, id esim.BroadcastID) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE broadcasts SET state = 'done', ended = ?2 WHERE id = ?1 AND state = 'sending'
			AND NOT EXISTS (SELECT 1 FROM broadcast_people b WHERE b.broadcast = ?1 AND b.reach IN ('waiting', 'begun'))`, id, stamp(db.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("end broadcast %d: %w", id, err)
	}
	return nil
}

// ClaimRecipients marks the next customers who are to be written to, before they are: what is marked is never sent a second
// time. Whoever wants no news any more, is blocked or cannot be reached is passed over, so it can return fewer, and none only
// when nobody is left. Whoever cannot be read keeps it from nobody else, and is an error once they are the last.
func (db *DB) ClaimRecipients(ctx context.Context, id esim.BroadcastID, limit int) (claimed []esim.Customer, err error) {
	var bad []badRow
	err = db.write(ctx, func(t *tx) error {
		if b, err := one(t, scanBroadcast, broadcastByID, id); err != nil || b.State != esim.BroadcastSending {
			return err
		}
		claimed, bad = nil, nil
		after := esim.CustomerID(math.MinInt64)
		for len(claimed) == 0 {
			next, err := list(t, value[esim.CustomerID], broadcastNext, id, limit, after)
			if err != nil || len(next) == 0 {
				return err
			}
			after = next[len(next)-1]
			who, unread, err := readable(t, scanRecipient, broadcastWho, jsonList(next))
			if err != nil {
				return err
			}
			bad = append(bad, unread...)
			for _, c := range who {
				if err := isolated(func() error { return t.reached(id, c.ID, c.reach()) }); err != nil {
					bad = append(bad, badRow{fmt.Sprint(c.ID), err})
					continue
				}
				if c.reach() == esim.RecipientSending {
					claimed = append(claimed, c.Customer)
				}
			}
		}
		return nil
	})
	if err == nil {
		if db.unreadable(ctx, "customer", bad); len(claimed) == 0 && len(bad) > 0 { // all others were written to
			err = bad[0].err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("who is next of broadcast %d: %w", id, err)
	}
	return claimed, nil
}

// A recipient is a customer whose turn it is.
type recipient struct {
	esim.Customer
	blocked bool
}

func scanRecipient(rows *sql.Rows) (recipient, error) {
	var r recipient
	c, err := scanCustomerAnd(rows, &r.blocked)
	r.Customer = c
	return r, err
}

func (r recipient) reach() esim.RecipientStatus {
	switch {
	case r.NewsOff || r.blocked:
		return esim.RecipientOptedOut
	case r.Unreachable:
		return esim.RecipientUnreachable
	}
	return esim.RecipientSending
}

// NoteRecipients notes what became of some; whoever was forgotten meanwhile is nowhere any more. Whoever it cannot be noted of
// keeps it from nobody else: left are they, and err is nil unless they are all.
func (db *DB) NoteRecipients(ctx context.Context, id esim.BroadcastID, reached map[esim.CustomerID]esim.RecipientStatus) (left map[esim.CustomerID]esim.RecipientStatus, err error) {
	var bad []badRow
	err = db.write(ctx, func(t *tx) error {
		left, bad = map[esim.CustomerID]esim.RecipientStatus{}, nil
		for person, reach := range reached {
			if err := isolated(func() error { return t.reached(id, person, reach) }); err != nil {
				left[person], bad = reach, append(bad, badRow{fmt.Sprint(person), err})
			}
		}
		if len(bad) > 0 && len(bad) == len(reached) {
			return bad[0].err
		}
		return nil
	})
	db.unreadable(ctx, "customer", bad)
	if err != nil {
		return reached, fmt.Errorf("note who got broadcast %d: %w", id, err)
	}
	return left, nil
}

// reached notes of one customer of a broadcast what became of its message.
func (t *tx) reached(id esim.BroadcastID, person esim.CustomerID, reach esim.RecipientStatus) error {
	_, err := t.exec(noteBroadcast, id, person, reach)
	return err
}

// MarkInterruptedRecipients makes uncertain what was on its way when the program ended.
func (db *DB) MarkInterruptedRecipients(ctx context.Context) error {
	if none, err := one(db.read(ctx), value[bool], `SELECT NOT EXISTS (SELECT 1 FROM broadcast_people WHERE reach = 'begun')`); err != nil || none {
		return err
	}
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(broadcastInterrupted)
		return err
	})
	if err != nil {
		return fmt.Errorf("what was on its way of broadcasts: %w", err)
	}
	return nil
}

// RecipientCounts counts how far its customers are.
func (db *DB) RecipientCounts(ctx context.Context, id esim.BroadcastID) (esim.RecipientCounts, error) {
	tally := esim.RecipientCounts{}
	_, err := list(db.read(ctx), func(rows *sql.Rows) (struct{}, error) {
		var reach esim.RecipientStatus
		var n int
		err := rows.Scan(&reach, &n)
		tally[reach] = n
		return struct{}{}, err
	}, broadcastTally, id)
	if err != nil {
		return nil, fmt.Errorf("how far broadcast %d is: %w", id, err)
	}
	return tally, nil
}
