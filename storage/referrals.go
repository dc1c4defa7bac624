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
	referralOf     = `SELECT friend, referrer, promised, at, coalesce(order_id, ''), credited, owed FROM referrals WHERE friend = ?`
	hasPaid        = `SELECT EXISTS (SELECT 1 FROM orders WHERE person = ?1 AND paid_at IS NOT NULL) OR EXISTS (SELECT 1 FROM people WHERE id = ?1 AND returned IS NOT NULL)`
	referralResult = `SELECT count(*), coalesce(sum(credited > 0), 0), coalesce(sum(credited), 0) FROM referrals WHERE referrer = ?`
)

func scanReferral(rows *sql.Rows) (esim.Referral, error) {
	r := esim.Referral{Promised: esim.USDCents(0), Credited: esim.USDCents(0), Owed: esim.USDCents(0)}
	err := rows.Scan(&r.Friend, &r.Referrer, &r.Promised.Minor, (*stamp)(&r.At), &r.Order, &r.Credited.Minor, &r.Owed.Minor)
	return r, err
}

// ReferralOf is what a customer's link brought; the code in it is made when it is asked for first.
func (db *DB) ReferralOf(ctx context.Context, c esim.CustomerID) (esim.ReferralSummary, error) {
	s := esim.ReferralSummary{Earned: esim.USDCents(0)}
	const codeOf = `SELECT code FROM referral_codes WHERE person = ?`
	codes, err := list(db.read(ctx), value[string], codeOf, c)
	if err == nil && len(codes) == 0 {
		err = db.write(ctx, func(t *tx) (err error) {
			if _, err = t.exec(`INSERT INTO referral_codes (person, code) VALUES (?, ?) ON CONFLICT (person) DO NOTHING`, c, string(esim.NewOrderID())); err != nil {
				return err
			}
			codes, err = list(t, value[string], codeOf, c)
			return err
		})
	}
	if err == nil {
		s.Code = codes[0]
		_, err = one(db.read(ctx), func(rows *sql.Rows) (struct{}, error) {
			return struct{}{}, rows.Scan(&s.Friends, &s.Bought, &s.Earned.Minor)
		}, referralResult, c)
	}
	if err != nil {
		return esim.ReferralSummary{}, fmt.Errorf("friends of a customer: %w", err)
	}
	return s, nil
}

// AddReferral notes by whose code a friend came, with what is promised (USD), if esim.ReferralFacts.Allow it; of several the
// first stays. false: it does not count.
func (db *DB) AddReferral(ctx context.Context, friend esim.CustomerID, code string, promised esim.Money) (bool, error) {
	added := false
	err := db.write(ctx, func(t *tx) error {
		owner, err := list(t, value[esim.CustomerID], `SELECT person FROM referral_codes WHERE code = ?`, code)
		if err != nil || len(owner) == 0 {
			return err
		}
		f := esim.ReferralFacts{Referrer: owner[0]}
		if f.Bought, err = one(t, value[bool], hasPaid, friend); err != nil {
			return err
		}
		if f.Mutual, err = one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM referrals WHERE friend = ? AND referrer = ?)`, f.Referrer, friend); err != nil {
			return err
		}
		if !f.Allow(friend) {
			return nil
		}
		n, err := t.exec(`INSERT INTO referrals (friend, referrer, promised, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			friend, f.Referrer, promised.Minor, stamp(db.now()))
		added = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note who brought a customer: %w", err)
	}
	return added, nil
}

// creditReferral does what the use of an order's eSIM, or the refund of the order, brings or costs whoever sent its customer.
func (db *DB) creditReferral(t *tx, o esim.Order, decide func(esim.CreditFacts) esim.ReferralCredit) error {
	found, err := list(t, scanReferral, referralOf, o.Customer)
	if err != nil || len(found) == 0 {
		return err
	}
	r := found[0]
	f := esim.CreditFacts{Referral: r, Order: o, Owed: esim.USDCents(0), Balance: esim.USDCents(0), Commission: esim.Money{Currency: esim.XTR9}}
	if f.ESIMs, err = list(t, scanESIM, esimsOfOrder, o.ID); err != nil {
		return err
	}
	if f.Paid, err = t.paidFor(o); err != nil {
		return err
	}
	if f.Commission.Minor, err = one(t, value[int64], commissionOf, esim.AccountCommission, f.Paid.ID); err != nil {
		return err
	}
	if f.Owed.Minor, err = one(t, value[int64], `SELECT coalesce(sum(owed), 0) FROM referrals WHERE referrer = ?`, r.Referrer); err != nil {
		return err
	}
	if f.Balance.Minor, err = one(t, value[int64], `SELECT -coalesce(sum(minor), 0) FROM ledger WHERE account = ? AND currency = ?`,
		esim.AccountCredit(r.Referrer), esim.USD); err != nil {
		return err
	}
	c := decide(f)
	if len(c.Transactions) == 0 {
		return nil
	}
	if _, err := t.exec(`UPDATE referrals SET order_id = ?, credited = ?, owed = ? WHERE friend = ?`, c.Of, c.Credited.Minor, c.Owes.Minor, r.Friend); err != nil {
		return err
	}
	if err := db.repay(t, r.Referrer, c.Repaid.Minor); err != nil {
		return err
	}
	if err := db.postAll(t, c.Transactions); err != nil {
		return err
	}
	return t.notifications(db.now(), c.Notifications)
}

const (
	commissionOf = `SELECT coalesce(sum(minor), 0) FROM ledger WHERE account = ?1 AND order_id = ?2 AND order_id <> ''`
	// orderReplaced is the order of an eSIM that was swapped for another.
	orderReplaced = `SELECT ` + orderColumns + ` FROM orders WHERE id = (SELECT order_id FROM esims WHERE tran_no = ?)`
)

// mostSwaps is how often an eSIM can have been swapped before nobody looks further back.
const mostSwaps = 20

// paidFor is the order that was paid for another: where that took the place of an eSIM the order of that one, and so on.
func (t *tx) paidFor(o esim.Order) (esim.Order, error) {
	for range mostSwaps {
		if o.Replaces == "" {
			return o, nil
		}
		before, err := one(t, scanOrder, orderReplaced, o.Replaces)
		if errors.Is(err, esim.ErrNotFound) {
			return o, nil
		} else if err != nil {
			return o, err
		}
		o = before
	}
	return o, nil
}

// earnsReferral does what follows for who sent a customer when an eSIM of theirs turns out to be used.
func (db *DB) earnsReferral(t *tx, before, after esim.ESIM) error {
	if !after.UsedSince(before) {
		return nil
	}
	o, err := one(t, scanOrder, selectOrder, after.Order)
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return db.creditReferral(t, o, esim.ReferralEarned)
}

// repay takes an amount off what a referrer owes, of the oldest friends first.
func (db *DB) repay(t *tx, referrer esim.CustomerID, amount int64) error {
	if amount == 0 {
		return nil
	}
	debts, err := list(t, scanReferral, `SELECT friend, referrer, promised, at, coalesce(order_id, ''), credited, owed FROM referrals
		WHERE referrer = ? AND owed > 0 ORDER BY at, friend`, referrer)
	if err != nil {
		return err
	}
	for _, d := range debts {
		part := min(amount, d.Owed.Minor)
		if _, err := t.exec(`UPDATE referrals SET owed = owed - ? WHERE friend = ?`, part, d.Friend); err != nil {
			return err
		}
		amount -= part
	}
	return nil
}

const campaigns = `WITH came AS (SELECT code, person, at FROM arrivals WHERE kind = 'campaign' AND at >= ?1),
	sold AS (SELECT c.code, o.* FROM came c JOIN orders o ON o.person = c.person AND o.created >= c.at
		WHERE o.id IN (SELECT order_id FROM order_events WHERE became = 'delivered' AND was <> 'cancelling')),
	sums AS (SELECT code, count(DISTINCT person) AS buyers, count(*) AS orders, sum(retail_minor) AS retail,
			sum(iif(state IN (SELECT value FROM json_each(?2)), retail_minor, min(retail_minor, retail_minor / max(quantity, 1) * (returned + missing) + amount_back))) AS refunded,
			sum(coalesce((SELECT sum(l.minor) FROM ledger l WHERE l.account = 'cost' AND l.currency = 'USD4' AND l.order_id = sold.id), 0)) AS cost
		FROM sold GROUP BY code)
	SELECT c.code, count(*), coalesce(max(s.buyers), 0), coalesce(max(s.orders), 0), coalesce(max(s.retail), 0), coalesce(max(s.refunded), 0), coalesce(max(s.cost), 0)
	FROM came c LEFT JOIN sums s ON s.code = c.code GROUP BY c.code ORDER BY count(*) DESC, c.code LIMIT +?3`

// Campaigns sums up what came of the campaigns whose links were followed since a time, by how many came.
func (db *DB) Campaigns(ctx context.Context, since time.Time, limit int) ([]esim.Campaign, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.Campaign, error) {
		c := esim.Campaign{Sales: esim.SalesSummary{Retail: esim.USDCents(0), Refunded: esim.USDCents(0), Cost: esim.USDTenThousandths(0)}}
		err := rows.Scan(&c.Name, &c.Starts, &c.Buyers, &c.Sales.Orders, &c.Sales.Retail.Minor, &c.Sales.Refunded.Minor, &c.Sales.Cost.Minor)
		c.Sales = c.Sales.WithMargin()
		return c, err
	}, campaigns, since.UnixMilli(), givenBackStates, limit)
	if err != nil {
		return nil, fmt.Errorf("campaigns: %w", err)
	}
	return all, nil
}
