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
	personColumns = `id, chat, language, language_chosen, name, unreachable, created, phone, zone, zone_at, alerts, quiet, news_off, username, seen`
	selectPerson  = `SELECT ` + personColumns + ` FROM people WHERE id = ?`
	holdWaiting   = `UPDATE outbox SET status = 'held' WHERE person = ? AND status = 'waiting'`
	releaseHeld   = `UPDATE outbox SET status = 'waiting', next_at = ? WHERE person = ? AND status = 'held'`
)

func scanCustomer(rows *sql.Rows) (esim.Customer, error) { return scanCustomerAnd(rows) }

// scanCustomerAnd scans what is asked for behind the customer, too.
func scanCustomerAnd(rows *sql.Rows, more ...any) (p esim.Customer, err error) {
	err = rows.Scan(append([]any{
		&p.ID, &p.Chat, &p.Language, &p.LanguageChosen, &p.Name, &p.Unreachable, (*stamp)(&p.Created), (*phone)(&p.Phone),
		&p.Zone, (*stamp)(&p.ZoneAt), &p.Alerts, (*quiet)(&p.Quiet), &p.NewsOff, &p.Username, (*stamp)(&p.Seen),
	}, more...)...)
	return p, err
}

// Customer returns a customer, or esim.ErrNotFound.
func (db *DB) Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error) {
	p, err := oneUnchanged(db.read(ctx), scanCustomer, selectPerson, id)
	if err != nil {
		return esim.Customer{}, fmt.Errorf("person: %w", err)
	}
	return p, nil
}

// UpsertCustomer notes that p spoke to us, and returns the customer as known now and
// whether they are new. Chat, Name and Language of p count where they are set, Username as it is; a
// chosen language stays. Who could not be reached can be again, and their notifications
// are due at once. It writes only if something changed, so it may be called for
// every update.
func (db *DB) UpsertCustomer(ctx context.Context, p esim.Customer) (esim.Customer, bool, error) {
	known, err := oneUnchanged(db.read(ctx), scanCustomer, selectPerson, p.ID)
	now := db.now().Truncate(time.Millisecond).UTC()
	if err == nil && met(known, p, now) == known {
		return known, false, nil
	}
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return esim.Customer{}, false, fmt.Errorf("meet person: %w", err)
	}
	var fresh bool
	err = db.write(ctx, func(t *tx) error {
		var err error
		known, err = one(t, scanCustomer, selectPerson, p.ID)
		switch {
		case errors.Is(err, esim.ErrNotFound):
			fresh, known = true, esim.Customer{ID: p.ID, Quiet: esim.DefaultQuietHours(), Created: db.orNow(p.Created).Truncate(time.Millisecond).UTC()}
		case err != nil:
			return err
		}
		wasAway := known.Unreachable
		known = met(known, p, now)
		if _, err := t.exec(`INSERT INTO people (id, chat, language, language_chosen, name, unreachable, created, username, seen)
			VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET chat = excluded.chat, language = excluded.language, name = excluded.name, unreachable = 0,
				username = excluded.username, seen = excluded.seen`,
			known.ID, known.Chat, known.Language, known.LanguageChosen, known.Name, stamp(known.Created), known.Username, stamp(known.Seen)); err != nil {
			return err
		}
		if fresh {
			if err := db.recognise(t, p.ID); err != nil {
				return err
			}
		}
		if !wasAway {
			return nil
		}
		t.outboxFilled = true
		_, err = t.exec(releaseHeld, stamp(db.now()), p.ID)
		return err
	})
	if err != nil {
		return esim.Customer{}, false, fmt.Errorf("meet person: %w", err)
	}
	return known, fresh, nil
}

// met is what is known of a customer after they spoke to us as p. That they were seen is noted again after a while only.
func met(known, p esim.Customer, now time.Time) esim.Customer {
	known.Username = p.Username
	if since := now.Sub(known.Seen); since >= esim.SeenAfter || since < 0 { // or the clock was set back
		known.Seen = now
	}
	if p.Chat != 0 {
		known.Chat = p.Chat
	}
	if p.Name != "" {
		known.Name = p.Name
	}
	if p.Language != "" && !known.LanguageChosen {
		known.Language = p.Language
	}
	known.Unreachable = false
	return known
}

// SetLanguage notes the language a customer chose; the messenger's no longer counts.
// esim.ErrNotFound if the customer is unknown.
func (db *DB) SetLanguage(ctx context.Context, id esim.CustomerID, lang string) error {
	err := db.write(ctx, func(t *tx) error {
		return mustChange(t.exec(`UPDATE people SET language = ?, language_chosen = 1 WHERE id = ?`, lang, id))
	})
	if err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	return nil
}

// SetUnreachable notes that a customer blocked the bot or left. Their notifications wait
// until UpsertCustomer; new ones join them. Unknown customers are passed over.
func (db *DB) SetUnreachable(ctx context.Context, id esim.CustomerID) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE people SET unreachable = 1 WHERE id = ?`, id)
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(holdWaiting, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("set unreachable: %w", err)
	}
	return nil
}

// mustChange turns "no row was changed" into esim.ErrNotFound.
func mustChange(n int64, err error) error {
	if err == nil && n == 0 {
		return esim.ErrNotFound
	}
	return err
}
