package storage

import (
	"context"
	"database/sql"
	"fmt"

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
	auditRecent  = selectAudit + ` WHERE a.what <> '` + esim.AuditEnvironment + `' ORDER BY a.id DESC LIMIT +?`
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

const (
	wholeAudit  = selectAudit + ` ORDER BY a.id`
	creditLines = `SELECT at, CAST(substr(account, 8) AS INTEGER), order_id, -minor FROM ledger WHERE account LIKE 'credit:%' AND currency = ? ORDER BY id`
)

// AuditLog is all that can be told of the past: what staff did and the environment said, oldest first, and behind it each change
// of a customer's store credit (esim.AuditStoreCredit).
func (db *DB) AuditLog(ctx context.Context) ([]esim.AuditEntry, error) {
	log, err := list(db.read(ctx), scanAudit, wholeAudit)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	lines, err := list(db.read(ctx), func(rows *sql.Rows) (esim.AuditEntry, error) {
		a := esim.AuditEntry{What: esim.AuditStoreCredit, Amount: esim.USDCents(0)}
		err := rows.Scan((*stamp)(&a.At), &a.Customer, &a.Order, &a.Amount.Minor)
		return a, err
	}, creditLines, esim.USD)
	if err != nil {
		return nil, fmt.Errorf("store credit in the books: %w", err)
	}
	return append(log, lines...), nil
}
