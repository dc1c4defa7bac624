package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"esimbot/esim"
)

const (
	promoColumns = `code, percent, minor, places, first_only, uses, ends, made, ended`
	selectPromo  = `SELECT ` + promoColumns + ` FROM promos WHERE code = ?`
	// An order uses its code once it is paid, until its money goes back; while its payment is approved; and while staff wait
	// for its money, who ask nobody again. "promo <> ''" are the words of the index.
	usesPromo = `promo <> '' AND promo = ?1 AND state NOT IN (SELECT value FROM json_each(?2)) AND (paid_at IS NOT NULL OR approved_at > ?3
		OR state = 'awaiting_payment' AND rail IN (SELECT value FROM json_each(?4)))`
	promoUses = `SELECT count(*), coalesce(sum(person = ?5), 0) FROM orders WHERE ` + usesPromo + ` AND id <> ?6`
	hasBought = `SELECT EXISTS (SELECT 1 FROM orders WHERE person = ?1 AND paid_at IS NOT NULL AND id <> ?2 AND kind = 'purchase'
			AND state NOT IN (SELECT value FROM json_each(?3)))
		OR EXISTS (SELECT 1 FROM orders WHERE person = ?1 AND approved_at > ?4 AND id <> ?2 AND kind = 'purchase' AND paid_at IS NULL)
		OR EXISTS (SELECT 1 FROM orders WHERE person = ?1 AND state = 'awaiting_payment' AND id <> ?2 AND rail IN (SELECT value FROM json_each(?5))
			AND promo IN (SELECT code FROM promos WHERE first_only))`
	promoStatistics = `SELECT ` + promoColumns + `, (SELECT json_array(count(*), coalesce(sum(discount_minor), 0), coalesce(sum(retail_minor), 0))
		FROM orders WHERE promo <> '' AND promo = p.code AND paid_at IS NOT NULL AND state NOT IN (SELECT value FROM json_each(?1)))
		FROM promos p ORDER BY ended IS NOT NULL, made DESC, code LIMIT +?2`
)

// byHand are the payment methods whose money staff confirm.
var byHand = jsonList(methodsThat(func(s esim.PaymentMethodSpec) bool { return s.ConfirmedBy == esim.ConfirmedByStaff }))

func methodsThat(is func(esim.PaymentMethodSpec) bool) []esim.PaymentMethod {
	var these []esim.PaymentMethod
	for _, m := range esim.PaymentMethods() {
		if s, err := m.Spec(); err == nil && is(s) {
			these = append(these, m)
		}
	}
	return these
}

func promoFields(p *esim.Promo, places *string) []any {
	p.Amount.Currency = esim.USD
	return []any{&p.Code, &p.Percent, &p.Amount.Minor, places, &p.FirstOnly, &p.Uses, (*stamp)(&p.Ends), (*stamp)(&p.Made), (*stamp)(&p.Ended)}
}

func scanPromo(rows *sql.Rows) (esim.Promo, error) {
	var p esim.Promo
	var places string
	err := rows.Scan(promoFields(&p, &places)...)
	p.Places = strings.Fields(places)
	return p, err
}

// Promo returns the promo of a code; the zero value if there is none.
func (db *DB) Promo(ctx context.Context, code esim.PromoCode) (esim.Promo, error) {
	p, err := promoOf(db.read(ctx), code)
	if err != nil {
		return esim.Promo{}, fmt.Errorf("promo code %s: %w", code, err)
	}
	return p, nil
}

func promoOf(q source, code esim.PromoCode) (esim.Promo, error) {
	p, err := one(q, scanPromo, selectPromo, code)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.Promo{}, nil
	}
	return p, err
}

// promoFactsOf gathers what there is to know of a code for a customer, without one order of theirs.
func promoFactsOf(q source, code esim.PromoCode, c esim.CustomerID, without esim.OrderID, now time.Time) (f esim.PromoFacts, err error) {
	if f.Promo, err = promoOf(q, code); err != nil || f.Promo.Code == "" {
		return f, err
	}
	lately := stamp(now.Add(-esim.ApprovalTTL))
	n, err := one(q, func(rows *sql.Rows) (n [2]int, err error) {
		err = rows.Scan(&n[0], &n[1])
		return n, err
	}, promoUses, code, givenBackStates, lately, byHand, c, without)
	if err != nil {
		return f, err
	}
	f.Uses, f.Mine = n[0], n[1]
	if f.Bought, err = one(q, value[bool], hasBought, c, without, givenBackStates, lately, byHand); err != nil {
		return f, err
	}
	// Who was forgotten and is back had their chance of everything there was then.
	back, err := list(q, moment, `SELECT returned FROM people WHERE id = ? AND returned IS NOT NULL`, c)
	if err == nil && len(back) > 0 {
		f.Bought = true
		if f.Promo.Made.Before(back[0]) {
			f.Mine = max(f.Mine, 1)
		}
	}
	return f, err
}

func (t *tx) promoFacts(code esim.PromoCode, c esim.CustomerID, without esim.OrderID, now time.Time) (esim.PromoFacts, error) {
	return promoFactsOf(t, code, c, without, now)
}

// AddPromo stores a new code, with the audit entry; esim.ErrConflict if there was one of that name.
func (db *DB) AddPromo(ctx context.Context, p esim.Promo, entry esim.AuditEntry) error {
	if err := p.Check(); err != nil {
		return err
	}
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO promos (`+promoColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING`,
			p.Code, p.Percent, p.Amount.Minor, strings.Join(p.Places, " "), p.FirstOnly, p.Uses, stamp(p.Ends), stamp(db.orNow(p.Made)))
		if err != nil {
			return err
		}
		if n == 0 {
			return esim.ErrConflict
		}
		if err := db.auditPromo(t, p.Code, db.orNow(p.Made)); err != nil {
			return err
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("add promo code %s: %w", p.Code, err)
	}
	return nil
}

// EndPromo ends a code, with the audit entry; esim.ErrNotFound if there is none that goes on.
func (db *DB) EndPromo(ctx context.Context, code esim.PromoCode, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		if err := mustChange(t.exec(`UPDATE promos SET ended = ? WHERE code = ? AND ended IS NULL`, stamp(db.now()), code)); err != nil {
			return err
		}
		if err := db.auditPromo(t, code, db.now()); err != nil {
			return err
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("end promo code %s: %w", code, err)
	}
	return nil
}

// PromoUses lists codes with what came of them, those that go on and new ones first.
func (db *DB) PromoUses(ctx context.Context, limit int) ([]esim.PromoUse, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.PromoUse, error) {
		u := esim.PromoUse{Discount: esim.USDCents(0), Retail: esim.USDCents(0)}
		var places, sums string
		if err := rows.Scan(append(promoFields(&u.Promo, &places), &sums)...); err != nil {
			return u, err
		}
		u.Places = strings.Fields(places)
		_, err := fmt.Sscanf(sums, "[%d,%d,%d]", &u.Orders, &u.Discount.Minor, &u.Retail.Minor)
		return u, err
	}, promoStatistics, givenBackStates, limit)
	if err != nil {
		return nil, fmt.Errorf("promo codes: %w", err)
	}
	return all, nil
}

// EnterPromo keeps the code that a customer typed, for what they buy next, if they may have it. One that is nothing to them
// is noted, and after too many of them it is esim.ErrTooManyTries. Errors: those of esim.PromoFacts.Allow.
func (db *DB) EnterPromo(ctx context.Context, c esim.CustomerID, code esim.PromoCode) (p esim.Promo, err error) {
	var verdict error // is no reason to undo what was noted
	err = db.write(ctx, func(t *tx) error {
		if err := t.heard(c, db.now()); err != nil {
			return err
		}
		f, err := t.promoFacts(code, c, "", db.now())
		if err != nil {
			return err
		}
		p = f.Promo
		switch verdict = f.Allow(db.now()); {
		case errors.Is(verdict, esim.ErrNoPromo):
			return t.wrongCode(c, db.now())
		case verdict != nil:
			return nil
		}
		_, err = t.exec(`INSERT INTO promos_entered (person, code, at) VALUES (?1, ?2, ?3) ON CONFLICT (person) DO UPDATE SET code = ?2, at = ?3`,
			c, code, stamp(db.now()))
		return err
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return esim.Promo{}, fmt.Errorf("enter a promo code: %w", err)
	}
	return p, nil
}

// EnteredPromo is the promo that a customer may have on what they buy next; the zero value: none.
func (db *DB) EnteredPromo(ctx context.Context, c esim.CustomerID) (esim.Promo, error) {
	q := db.read(ctx)
	code, err := list(q, value[esim.PromoCode], `SELECT code FROM promos_entered WHERE person = ?`, c)
	if err != nil || len(code) == 0 {
		return esim.Promo{}, err
	}
	f, err := promoFactsOf(q, code[0], c, "", db.now())
	if err != nil {
		return esim.Promo{}, fmt.Errorf("promo code of a customer: %w", err)
	}
	if f.Allow(db.now()) != nil {
		return esim.Promo{}, nil
	}
	return f.Promo, nil
}

// ForgetPromo forgets the code that a customer typed.
func (db *DB) ForgetPromo(ctx context.Context, c esim.CustomerID) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM promos_entered WHERE person = ?`, c)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget a promo code: %w", err)
	}
	return nil
}
