package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const selectRules = `SELECT key, value FROM rules`

type rule struct {
	key   esim.RuleKey
	value string
}

func scanRule(rows *sql.Rows) (r rule, err error) {
	err = rows.Scan(&r.key, &r.value)
	return r, err
}

func ruleValues(rules []rule) esim.RuleValues {
	values := esim.RuleValues{}
	for _, r := range rules {
		values[r.key] = r.value
	}
	return values
}

// Rules returns what staff set of the shop.
func (db *DB) Rules(ctx context.Context) (esim.RuleValues, error) {
	rules, err := list(db.read(ctx), scanRule, selectRules)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return ruleValues(rules), nil
}

// ReadRules reads the rules of a database file that may be in use by a shop; nothing is set in one that is older than rules.
func ReadRules(ctx context.Context, path string) (esim.RuleValues, error) {
	pool, err := openPool(fileURI(path)+commonOptions+"&mode=ro", 1)
	if err != nil {
		return nil, fmt.Errorf("open %s to read: %w", path, err)
	}
	defer pool.Close()
	var known bool
	if err := pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'rules')`).Scan(&known); err != nil || !known {
		return nil, err
	}
	rows, err := pool.QueryContext(ctx, selectRules)
	if err != nil {
		return nil, fmt.Errorf("rules in %s: %w", path, err)
	}
	defer rows.Close()
	values := esim.RuleValues{}
	for rows.Next() {
		r, err := scanRule(rows)
		if err != nil {
			return nil, err
		}
		values[r.key] = r.value
	}
	return values, rows.Err()
}

// ReadSetting reads one setting of a database that may be in use; "" if it was never set.
func ReadSetting(ctx context.Context, path, key string) (string, error) {
	pool, err := openPool(fileURI(path)+commonOptions+"&mode=ro", 1)
	if err != nil {
		return "", fmt.Errorf("open %s to read: %w", path, err)
	}
	defer pool.Close()
	var v string
	err = pool.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = ?`, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("setting %s in %s: %w", key, path, err)
	}
	return v, nil
}

// ChangeRules applies a change of the shop's rules, with the audit entry; esim.ErrConflict if they are not what it was
// made for.
func (db *DB) ChangeRules(ctx context.Context, change esim.RuleChange, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		rules, err := list(t, scanRule, selectRules)
		if err != nil {
			return err
		}
		if _, err := ruleValues(rules).Apply(change); err != nil {
			return err
		}
		for _, key := range change.Keys() {
			value, set := change.After[key]
			if !set {
				if _, err := t.exec(`DELETE FROM rules WHERE key = ?`, key); err != nil {
					return err
				}
				continue
			}
			if _, err := t.exec(`INSERT INTO rules (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value); err != nil {
				return err
			}
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("change rules: %w", err)
	}
	return nil
}

const rulesChanged = selectAudit + ` WHERE a.at > ? AND (a.before <> '' OR a.after <> '') ORDER BY a.id DESC`

// RuleChangesSince lists what changed the rules since a time, newest first.
func (db *DB) RuleChangesSince(ctx context.Context, since time.Time) ([]esim.AuditEntry, error) {
	entries, err := list(db.read(ctx), scanAudit, rulesChanged, stamp(since))
	if err != nil {
		return nil, fmt.Errorf("what changed the rules: %w", err)
	}
	return entries, nil
}
