package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"esimbot/esim"
)

const (
	transactionKnown = `SELECT EXISTS (SELECT 1 FROM ledger WHERE key = ?)`
	balanceOf        = `SELECT coalesce(sum(minor), 0) FROM ledger WHERE account = ? AND currency = ?`
)

// creditPrefix begins the accounts of store credit, one for each customer.
var creditPrefix = strings.TrimSuffix(string(esim.AccountCredit(0)), "0")

// post writes a posting once, and reports whether it was new. A posting that is not zero
// in every currency fails the transaction, and so does one that would take more store
// credit than a customer has: esim.ErrNoCredit.
func (db *DB) post(t *tx, at time.Time, p esim.Transaction) (fresh bool, err error) {
	if err := p.Check(); err != nil {
		return false, err
	}
	lines := merged(p.Postings)
	if len(lines) == 0 {
		return false, nil
	}
	if known, err := one(t, value[bool], transactionKnown, p.Key); err != nil || known {
		return false, err
	}
	for _, e := range lines {
		if _, err := t.exec(`INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Key, stamp(db.orNow(at)), p.Order, p.Payment, e.Account, e.Amount.Minor, e.Amount.Currency, p.Why); err != nil {
			return false, fmt.Errorf("write posting %s: %w", p.Key, err)
		}
		if e.Amount.Minor < 0 || !strings.HasPrefix(string(e.Account), creditPrefix) {
			continue
		}
		messages, err := one(t, value[int64], balanceOf, e.Account, e.Amount.Currency)
		if err != nil {
			return false, err
		}
		if messages > 0 { // what we owe counts down
			return false, fmt.Errorf("%s is not there: %w", e.Amount, esim.ErrNoCredit)
		}
	}
	return true, nil
}

// merged adds up the entries of one account and currency, and leaves out those of nothing.
func merged(postings []esim.Posting) []esim.Posting {
	var sums []esim.Posting
next:
	for _, e := range postings {
		for i := range sums {
			if sums[i].Account == e.Account && sums[i].Amount.Currency == e.Amount.Currency {
				sums[i].Amount.Minor += e.Amount.Minor
				continue next
			}
		}
		sums = append(sums, e)
	}
	lines := sums[:0]
	for _, e := range sums {
		if e.Amount.Minor != 0 {
			lines = append(lines, e)
		}
	}
	return lines
}

// Credit is a customer's store credit (USD).
func (db *DB) Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error) {
	messages, err := one(db.read(ctx), value[int64], balanceOf, esim.AccountCredit(customer), esim.USD)
	if err != nil {
		return esim.Money{}, fmt.Errorf("store credit of a person: %w", err)
	}
	return esim.Dollars(-messages), nil
}

// Grant posts store credit once per key, with the audit entry. esim.ErrConflict if the key is
// known, esim.ErrNoCredit if the customer's credit would fall below zero.
func (db *DB) Grant(ctx context.Context, p esim.Transaction, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		fresh, err := db.post(t, entry.At, p)
		if err != nil {
			return err
		}
		if !fresh {
			return esim.ErrConflict
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("grant store credit: %w", err)
	}
	return nil
}

// A LedgerLine is one entry of a posting, as it is in the books.
type LedgerLine struct {
	At      time.Time
	Key     string // of the posting
	Payment string // id, if it is about one
	Account esim.Account
	Amount  esim.Money
	Why     string
}

const ledgerOfOrder = `SELECT at, key, payment, account, minor, currency, why FROM ledger WHERE order_id = ?1 AND order_id <> '' ORDER BY id`

// Ledger lists what the books say of an order, oldest first.
func (db *DB) Ledger(ctx context.Context, order esim.OrderID) ([]LedgerLine, error) {
	lines, err := list(db.read(ctx), func(rows *sql.Rows) (LedgerLine, error) {
		var l LedgerLine
		err := rows.Scan((*stamp)(&l.At), &l.Key, &l.Payment, &l.Account, &l.Amount.Minor, &l.Amount.Currency, &l.Why)
		return l, err
	}, ledgerOfOrder, order)
	if err != nil {
		return nil, fmt.Errorf("ledger of order %s: %w", order, err)
	}
	return lines, nil
}

// AccountAllCredit is the sum of all customers' store credit in what Balances returns.
const AccountAllCredit esim.Account = "credit"

const balances = `SELECT account, currency, sum(minor) FROM ledger GROUP BY account, currency`

// Balances are the sums of all accounts, by account and currency; the store credit of
// all customers is one sum, AccountAllCredit. Accounts that are even are left out.
func (db *DB) Balances(ctx context.Context) (map[esim.Account][]esim.Money, error) {
	sums, err := list(db.read(ctx), func(rows *sql.Rows) (esim.Posting, error) {
		var e esim.Posting
		err := rows.Scan(&e.Account, &e.Amount.Currency, &e.Amount.Minor)
		if strings.HasPrefix(string(e.Account), creditPrefix) {
			e.Account = AccountAllCredit
		}
		return e, err
	}, balances)
	if err != nil {
		return nil, fmt.Errorf("sum up the ledger: %w", err)
	}
	all := map[esim.Account][]esim.Money{}
	for _, e := range merged(sums) {
		all[e.Account] = append(all[e.Account], e.Amount)
	}
	return all, nil
}
