package storage

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"esimbot/esim"
)

const (
	openOfPerson = `SELECT ` + orderColumns + ` FROM orders WHERE person = ?1 AND state IN (SELECT value FROM json_each(?2)) ORDER BY created`
	handOfPerson = `SELECT ` + orderColumns + ` FROM orders WHERE person = ?1 AND state = 'awaiting_payment' AND next_at > ?2
		AND rail IN (SELECT value FROM json_each(?3)) ORDER BY created`
	justApproved  = `SELECT EXISTS (SELECT 1 FROM orders WHERE person = ?1 AND approved_at > ?2 AND paid_at IS NULL)`
	moneyOnItsWay = `SELECT EXISTS (SELECT 1 FROM payments WHERE person = ?1 AND status = 'refund_due')
		OR EXISTS (SELECT 1 FROM unexplained_payments WHERE person = ?1 AND closed IS NULL)`
	// What has come back already is noted by the next look at the statement, in a minute. One that a person decides on is
	// waited for until staff did something about its order, but no longer than what is owed has to be paid back in.
	withdrawing = `SELECT EXISTS (SELECT 1 FROM contract_withdrawals w JOIN orders o ON o.id = w.order_id
		WHERE w.person = ?2 AND (w.outcome = '' AND o.state <> 'refunded' OR ` + undecided + `)
		AND NOT EXISTS (SELECT 1 FROM esims e WHERE e.tran_no = w.esim AND e.returned))`
	// A payment by card that was approved and did not come is looked for at the processor.
	lookedFor = `SELECT count(*) > 0 FROM orders WHERE person = ?1 AND created >= ?2 AND rail = ?3 AND ` + openApproval
)

// ForgetFacts are what there is to know before a customer is forgotten.
func (db *DB) ForgetFacts(ctx context.Context, c esim.CustomerID) (esim.ForgetFacts, error) {
	f, err := db.forgetFacts(db.read(ctx), c)
	if err != nil {
		return f, fmt.Errorf("before a customer is forgotten: %w", err)
	}
	return f, nil
}

func (db *DB) forgetFacts(src source, c esim.CustomerID) (f esim.ForgetFacts, err error) {
	known, err := one(src, value[bool], `SELECT EXISTS (SELECT 1 FROM people WHERE id = ?)`, c)
	if err != nil {
		return f, err
	}
	f.Unknown = !known
	if f.Open, err = list(src, scanOrder, openOfPerson, c, jsonList(openStates)); err != nil {
		return f, err
	}
	if f.ByHand, err = list(src, scanOrder, handOfPerson, c, stamp(db.now()), byHand); err != nil {
		return f, err
	}
	if f.Approved, err = one(src, value[bool], justApproved, c, db.now().Add(-esim.ApprovalTTL).UnixMilli()); err != nil {
		return f, err
	}
	if f.RefundPending, err = one(src, value[bool], moneyOnItsWay, c); err != nil {
		return f, err
	}
	if !f.RefundPending {
		if f.RefundPending, err = one(src, value[bool], lookedFor, c, db.now().Add(-esim.UnpaidApprovalReminderPeriod).UnixMilli(), method(esim.MethodProvider)); err != nil {
			return f, err
		}
	}
	if f.Withdrawing, err = one(src, value[bool], withdrawing, db.now().Add(-esim.WithdrawalDecisionPeriod).UnixMilli(), c); err != nil {
		return f, err
	}
	balance, err := one(src, value[int64], balanceOf, esim.AccountCredit(c), esim.USD)
	if err != nil {
		return f, err
	}
	f.Credit = esim.USDCents(-balance)
	esims, err := list(src, scanESIM, esimsOfPerson, c)
	if err != nil {
		return f, err
	}
	for _, e := range esims {
		if e.Status.Final() {
			continue
		}
		f.Live = append(f.Live, e)
		if e.GivenAway() || e.Order == "" {
			continue
		}
		o, err := one(src, scanOrder, selectOrder, e.Order)
		if err != nil {
			return f, err
		}
		if e.Returnable(o) {
			f.Returnable++
		}
	}
	return f, nil
}

// scrubDue is the setting that says that bytes of what was forgotten may still be in the file.
const scrubDue = "scrub_due"

// Forget forgets a customer in one transaction, if esim.DecideForget allows it: personal says what of which table. Who is
// unknown already is forgotten. What is left in free places of the file goes with the next Scrub.
func (db *DB) Forget(ctx context.Context, c esim.CustomerID) error {
	err := db.write(ctx, func(t *tx) error {
		if c <= 0 {
			return fmt.Errorf("customer %d: %w", c, esim.ErrNotFound)
		}
		f, err := db.forgetFacts(t, c)
		if err != nil {
			return err
		}
		if err := esim.DecideForget(f); err != nil {
			return err
		}
		if err := db.leaveMark(t, c); err != nil {
			return err
		}
		unpaid, err := list(t, scanOrder, openOfPerson, c, jsonList([]esim.State{esim.StateAwaitingPayment}))
		if err != nil {
			return err
		}
		for _, o := range unpaid {
			if err := db.expire(t, o); err != nil { // what is set aside for it is store credit again
				return err
			}
		}
		nobody := newNobody()
		if _, err := t.exec(`INSERT INTO people (id, chat, language, language_chosen, name, unreachable, created) VALUES (?, 0, '', 0, '', 1, 0)`, nobody); err != nil {
			return err
		}
		balance, err := one(t, value[int64], balanceOf, esim.AccountCredit(c), esim.USD)
		if err != nil {
			return err
		}
		if _, err := db.post(t, db.now(), esim.ForfeitTransaction(c, nobody, esim.USDCents(-balance))); err != nil {
			return err
		}
		if err := db.erase(t, c, nobody); err != nil {
			return err
		}
		return t.notifications(db.now(), []esim.Notification{esim.NewStaffForgotten(nobody)})
	})
	if err != nil {
		return fmt.Errorf("forget a customer: %w", err)
	}
	return nil
}

// newNobody is a number that stands for nobody: below zero, and of no meaning.
func newNobody() esim.CustomerID {
	var b [8]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return -esim.CustomerID(binary.BigEndian.Uint64(b[:])>>12) - 1
}

// erase takes a customer out of all tables.
func (db *DB) erase(t *tx, c, nobody esim.CustomerID) error {
	if _, err := t.exec(`INSERT INTO forgetting (one) VALUES (1)`); err != nil {
		return err
	}
	if err := forgetKeys(t, c, nobody); err != nil {
		return err
	}
	for _, p := range personal {
		statement := p.forgets()
		args := []any{c, nobody}
		if !strings.Contains(statement, "?2") {
			args = args[:1]
		}
		if _, err := t.exec(statement, args...); err != nil {
			return fmt.Errorf("forget in %s: %w", p.table, err)
		}
	}
	if _, err := t.exec(`DELETE FROM forgetting`); err != nil {
		return err
	}
	_, err := t.exec(setSetting, scrubDue, "1")
	return err
}

// forgetKeys takes the customer's number, and those of their eSIMs, out of the keys of transactions. A key is one event's: all
// its lines get the same new one.
func forgetKeys(t *tx, c, nobody esim.CustomerID) error {
	keys, err := list(t, value[string], `SELECT DISTINCT key FROM ledger WHERE account = 'credit:' || ?1
		OR order_id <> '' AND order_id IN `+ownOrders+` OR key = 'referral:' || ?1 OR key = 'referral:' || ?1 || ':back'`, c)
	if err != nil {
		return err
	}
	esims, err := list(t, value[string], `SELECT tran_no FROM esims WHERE person = ?1 OR order_id IN `+ownOrders, c)
	if err != nil {
		return err
	}
	for _, key := range keys {
		parts := strings.Split(key, ":")
		for i, p := range parts {
			switch {
			case p == fmt.Sprint(int64(c)):
				parts[i] = fmt.Sprint(int64(nobody))
			case slices.Contains(esims, p), i == 2 && (parts[0] == "cost-back" || parts[0] == "part") && p != "":
				parts[i] = fmt.Sprintf("esim-%d", slices.Index(keys, key))
			}
		}
		if renamed := strings.Join(parts, ":"); renamed != key {
			if _, err := t.exec(`UPDATE ledger SET key = ? WHERE key = ?`, renamed, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaveMark notes that the customer was here, and not who they are.
func (db *DB) leaveMark(t *tx, c esim.CustomerID) error {
	if db.mark == nil {
		return nil
	}
	_, err := t.exec(`INSERT INTO forgotten (mark, at, tries, blocked)
		SELECT ?2, ?3, (SELECT count(*) FROM wrong_codes WHERE person = ?1 AND at > ?4), blocked FROM people WHERE id = ?1
		ON CONFLICT (mark) DO UPDATE SET at = excluded.at, tries = excluded.tries, blocked = excluded.blocked`,
		c, db.mark(c), stamp(db.now()), stamp(db.now().Add(-esim.WrongCodeWindow)))
	return err
}

// recognise carries over to a new customer what a mark says of them: they were blocked, tried too many codes, and had what is
// there once for each customer.
func (db *DB) recognise(t *tx, c esim.CustomerID) error {
	if db.mark == nil {
		return nil
	}
	mark := db.mark(c)
	if _, err := t.exec(`UPDATE people SET returned = f.at, blocked = f.blocked FROM forgotten f WHERE f.mark = ?1 AND people.id = ?2`, mark, c); err != nil {
		return err
	}
	_, err := t.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
		INSERT INTO wrong_codes (person, at) SELECT ?2, f.at FROM forgotten f JOIN n ON n.i <= f.tries WHERE f.mark = ?1`, mark, c)
	return err
}
