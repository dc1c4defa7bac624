package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"esimbot/esim"
)

const (
	transactionKnown = `SELECT EXISTS (SELECT 1 FROM ledger WHERE key = ?)`
	balanceOf        = `SELECT coalesce(sum(minor), 0) FROM ledger WHERE account = ? AND currency = ?`
)

// post writes a transaction once, two signed lines per posting, and reports whether it was
// new. One that leaves an account where it may not stand (esim.Transaction.CheckBalance) fails
// with all that was to be written with it.
func (db *DB) post(t *tx, at time.Time, p esim.Transaction) (fresh bool, err error) {
	if err := p.Check(); err != nil {
		return false, err
	}
	lines := linesOf(p.Postings)
	if len(lines) == 0 {
		return false, nil
	}
	if known, err := one(t, value[bool], transactionKnown, p.Key); err != nil || known {
		return false, err
	}
	if p.Requires != "" {
		if known, err := one(t, value[bool], transactionKnown, p.Requires); err != nil || !known {
			return false, err
		}
	}
	if p.Unless != "" {
		if known, err := one(t, value[bool], transactionKnown, p.Unless); err != nil || known {
			return false, err
		}
	}
	for _, l := range lines {
		if _, err := t.exec(`INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Key, stamp(db.orNow(at)), p.Order, p.Payment, l.account, l.amount.Minor, l.amount.Currency, p.Why); err != nil {
			return false, fmt.Errorf("write transaction %s: %w", p.Key, err)
		}
		if err := db.auditCredit(t, at, p.Key, l); err != nil {
			return false, err
		}
		if !l.account.Limited() {
			continue
		}
		balance, err := one(t, value[int64], balanceOf, l.account, l.amount.Currency)
		if err != nil {
			return false, err
		}
		if err := p.CheckBalance(l.account, l.amount, esim.Money{Minor: balance, Currency: l.amount.Currency}); err != nil {
			return false, err
		}
	}
	return true, nil
}

// postAll writes transactions of now, each once.
func (db *DB) postAll(t *tx, all []esim.Transaction) error {
	for _, p := range all {
		if _, err := db.post(t, db.now(), p); err != nil {
			return err
		}
	}
	return nil
}

// creditFor is the store credit that an order's customer has; nothing is asked where none of it
// pays a part of the order.
func (t *tx) creditFor(o esim.Order) (esim.Money, error) {
	if o.ToReserve().Minor == 0 {
		return esim.Money{}, nil
	}
	return t.creditOf(o.Customer)
}

// creditOf is a customer's store credit.
func (t *tx) creditOf(c esim.CustomerID) (esim.Money, error) {
	balance, err := one(t, value[int64], balanceOf, esim.AccountCredit(c), esim.USD)
	return esim.USDCents(-balance), err
}

const reserveOfOrder = `SELECT -coalesce(sum(minor), 0), count(*) FROM ledger WHERE account = ? AND currency = ? AND order_id = ?`

// reserveOf is what is set aside for an order.
func (t *tx) reserveOf(o esim.Order) (esim.Reserve, error) {
	if o.ToReserve().Minor == 0 {
		return esim.Reserve{}, nil
	}
	return one(t, func(rows *sql.Rows) (esim.Reserve, error) {
		r := esim.Reserve{Amount: esim.USDCents(0)}
		err := rows.Scan(&r.Amount.Minor, &r.Lines)
		return r, err
	}, reserveOfOrder, esim.AccountReserved, esim.USD, o.ID)
}

// A line is what an event or many of them change in one account: positive is more held or
// spent, negative more due to others or earned.
type line struct {
	account esim.Account
	amount  esim.Money
}

// linesOf are the lines of some postings, one for each account and currency.
func linesOf(postings []esim.Posting) []line {
	var lines []line
	for _, p := range postings {
		lines = append(lines, line{p.Destination, p.Amount}, line{p.Source, esim.Money{Minor: -p.Amount.Minor, Currency: p.Amount.Currency}})
	}
	return merged(lines)
}

// merged adds up the lines of one account and currency, and leaves out those of nothing.
func merged(lines []line) []line {
	var sums []line
next:
	for _, l := range lines {
		for i := range sums {
			if sums[i].account == l.account && sums[i].amount.Currency == l.amount.Currency {
				sums[i].amount.Minor += l.amount.Minor
				continue next
			}
		}
		sums = append(sums, l)
	}
	return slices.DeleteFunc(sums, func(l line) bool { return l.amount.Minor == 0 })
}

// Credit is a customer's store credit (USD).
func (db *DB) Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error) {
	balance, err := one(db.read(ctx), value[int64], balanceOf, esim.AccountCredit(customer), esim.USD)
	if err != nil {
		return esim.Money{}, fmt.Errorf("store credit of a customer: %w", err)
	}
	return esim.USDCents(-balance), nil
}

// creditHeld is asked when an older copy shows, and walks all accounts of customers.
const creditHeld = `SELECT count(*), coalesce(sum(held), 0) FROM (SELECT -sum(minor) AS held FROM ledger
	WHERE account >= 'credit:' AND account < 'credit;' AND currency = ? GROUP BY account HAVING held > 0)`

// CreditHeld sums up the store credit of all who have some.
func (db *DB) CreditHeld(ctx context.Context) (esim.CreditHeld, error) {
	held, err := one(db.read(ctx), func(rows *sql.Rows) (h esim.CreditHeld, err error) {
		h.Amount.Currency = esim.USD
		return h, rows.Scan(&h.Customers, &h.Amount.Minor)
	}, creditHeld, esim.USD)
	if err != nil {
		return esim.CreditHeld{}, fmt.Errorf("store credit of all customers: %w", err)
	}
	return held, nil
}

// From the customer's few mixed orders: the lines of all reserves there ever were are many.
const reservedOf = `SELECT -coalesce(sum(l.minor), 0) FROM orders o CROSS JOIN ledger l ON l.account = ? AND l.currency = ? AND l.order_id = o.id
	WHERE o.person = ? AND o.credit_minor <> 0`

// Reserved is a customer's store credit (USD) that is set aside for orders whose rest is to be paid.
func (db *DB) Reserved(ctx context.Context, customer esim.CustomerID) (esim.Money, error) {
	sum, err := one(db.read(ctx), value[int64], reservedOf, esim.AccountReserved, esim.USD, customer)
	if err != nil {
		return esim.Money{}, fmt.Errorf("store credit that is set aside: %w", err)
	}
	return esim.USDCents(sum), nil
}

// Grant posts store credit once per key, with the audit entry and the notifications. esim.ErrConflict if the key is
// known, esim.ErrInsufficientCredit if the customer's credit would fall below zero.
func (db *DB) Grant(ctx context.Context, p esim.Transaction, entry esim.AuditEntry, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		fresh, err := db.post(t, entry.At, p)
		if err != nil {
			return err
		}
		if !fresh {
			return esim.ErrConflict
		}
		if err := t.notifications(db.now(), notifications); err != nil {
			return err
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

const balances = `SELECT account, currency, sum(minor) FROM ledger GROUP BY account, currency`

// Balances are the sums of all accounts, by account and currency; the store credit of
// all customers is one sum, esim.AccountAllCredit. Accounts that are even are left out.
func (db *DB) Balances(ctx context.Context) (map[esim.Account][]esim.Money, error) {
	sums, err := list(db.read(ctx), func(rows *sql.Rows) (line, error) {
		var l line
		err := rows.Scan(&l.account, &l.amount.Currency, &l.amount.Minor)
		l.account = l.account.Summed()
		return l, err
	}, balances)
	if err != nil {
		return nil, fmt.Errorf("sum up the ledger: %w", err)
	}
	all := map[esim.Account][]esim.Money{}
	for _, l := range merged(sums) {
		all[l.account] = append(all[l.account], l.amount)
	}
	return all, nil
}
