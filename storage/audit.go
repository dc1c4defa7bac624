package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

// audit writes an audit entry down in the transaction of what it did.
func (db *DB) audit(t *tx, a esim.AuditEntry) error {
	_, err := t.exec(`INSERT INTO audit (at, who, second, what, order_id, esim, person, minor, currency, why, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		stamp(db.orNow(a.At)), a.Who, a.ApprovedBy, a.What, a.Order, a.ESIM, a.Customer, a.Amount.Minor, a.Amount.Currency, a.Why, a.Before, a.After)
	if err != nil {
		return fmt.Errorf("write the audit entry: %w", err)
	}
	return nil
}

// auditOf writes an audit entry down that changed an order; nil: staff had no part in it.
func (db *DB) auditOf(t *tx, id esim.OrderID, a *esim.AuditEntry) error {
	if a == nil {
		return nil
	}
	of := *a
	if of.Order == "" {
		of.Order = id
	}
	return db.audit(t, of)
}

// AddAuditEntry writes an audit entry down that changes nothing in the database by itself.
func (db *DB) AddAuditEntry(ctx context.Context, entry esim.AuditEntry) error {
	return db.write(ctx, func(t *tx) error { return db.audit(t, entry) })
}

const (
	selectAudit = `SELECT a.at, a.who, a.second, a.what, a.order_id, a.esim, a.person, a.minor, a.currency, a.why, a.before, a.after,
		coalesce(w.name, ''), coalesce(s.name, ''), coalesce(p.name, '')
		FROM audit a LEFT JOIN staff w ON w.id = a.who LEFT JOIN staff s ON s.id = a.second LEFT JOIN people p ON p.id = a.person`
	byStaff      = `a.what NOT IN ('` + esim.AuditEnvironment + `', '` + esim.AuditStoreCredit + `', '` + esim.AuditPromoTerms + `')`
	auditRecent  = selectAudit + ` WHERE ` + byStaff + ` ORDER BY a.id DESC LIMIT +?`
	auditOfOrder = selectAudit + ` WHERE a.order_id = ?1 AND a.order_id <> '' ORDER BY a.id DESC LIMIT +?2`
)

// AuditEntries lists what staff did to an order, or to anything if order is "", newest first.
func (db *DB) AuditEntries(ctx context.Context, order esim.OrderID, limit int) ([]esim.AuditEntry, error) {
	query, args := auditRecent, []any{limit}
	if order != "" {
		query, args = auditOfOrder, []any{order, limit}
	}
	entries, err := list(db.read(ctx), scanAudit, query, args...)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return entries, nil
}

func scanAudit(rows *sql.Rows) (a esim.AuditEntry, err error) {
	err = rows.Scan((*stamp)(&a.At), &a.Who, &a.ApprovedBy, &a.What, &a.Order, &a.ESIM, &a.Customer, &a.Amount.Minor, &a.Amount.Currency, &a.Why, &a.Before, &a.After,
		&a.WhoName, &a.ApprovedByName, &a.CustomerName)
	return a, err
}

const wholeAudit = selectAudit + ` ORDER BY a.id`

// AuditLog is all that can be told of the past: what staff did, what the environment said, the terms of promo codes, and each
// change of a customer's store credit. What is told of a time before a release that wrote it down stands behind.
func (db *DB) AuditLog(ctx context.Context) ([]esim.AuditEntry, error) {
	log, err := list(db.read(ctx), scanAudit, wholeAudit)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return log, nil
}

// auditCredit writes down that a customer's store credit changed: account is the part of the books that did.
func (db *DB) auditCredit(t *tx, at time.Time, key string, l line) error {
	customer, ok := l.account.Customer()
	if !ok || l.amount.Currency != esim.USD {
		return nil
	}
	return db.audit(t, esim.AuditEntry{At: at, What: esim.AuditStoreCredit, Customer: customer, Amount: esim.USDCents(-l.amount.Minor), Why: key})
}

// auditPromo writes down what a promo code is from now on.
func (db *DB) auditPromo(t *tx, code esim.PromoCode, at time.Time) error {
	p, err := promoOf(t, code)
	if err != nil {
		return err
	}
	entry, err := esim.NewPromoEntry(p, at)
	if err != nil {
		return err
	}
	return db.audit(t, entry)
}

// settingWholeAudit says that the log has what older releases kept in the books and the table of promo codes alone.
const settingWholeAudit = "audit_whole"

const creditNotAudited = `INSERT INTO audit (at, who, what, order_id, esim, person, minor, currency, why)
	SELECT l.at, 0, '` + esim.AuditStoreCredit + `', '', '', CAST(substr(l.account, 8) AS INTEGER), -l.minor, l.currency, l.key
	FROM ledger l WHERE l.account >= 'credit:' AND l.account < 'credit;' AND l.currency = ?
		AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.person = CAST(substr(l.account, 8) AS INTEGER) AND a.person <> 0
			AND a.what = '` + esim.AuditStoreCredit + `' AND a.why = l.key)
	ORDER BY l.id`

// CompleteAudit adds to the log, once, what releases before it did not write into it.
func (db *DB) CompleteAudit(ctx context.Context) error {
	if _, err := db.Setting(ctx, settingWholeAudit); !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(creditNotAudited, esim.USD); err != nil {
			return err
		}
		promos, err := list(t, scanPromo, `SELECT `+promoColumns+` FROM promos
			WHERE NOT EXISTS (SELECT 1 FROM audit WHERE what = ?) ORDER BY made, code`, esim.AuditPromoTerms)
		if err != nil {
			return err
		}
		for _, p := range promos {
			states := []esim.Promo{p}
			if !p.Ended.IsZero() {
				before := p
				before.Ended = time.Time{}
				states = []esim.Promo{before, p}
			}
			for i, was := range states {
				at := []time.Time{p.Made, p.Ended}[i]
				entry, err := esim.NewPromoEntry(was, at)
				if err != nil {
					return err
				}
				if err := db.audit(t, entry); err != nil {
					return err
				}
			}
		}
		_, err = t.exec(setSetting, settingWholeAudit, "1")
		return err
	})
	if err != nil {
		return fmt.Errorf("complete the audit log: %w", err)
	}
	return nil
}
