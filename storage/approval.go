package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

// approvedOthers is what else of a customer is approved and unpaid.
const approvedOthers = `SELECT coalesce(sum(swaps = ''), 0), coalesce(sum(max(0, retail_minor - swap_worth_minor)), 0) FROM orders
	WHERE approved_at IS NOT NULL AND approved_at > ?1 AND person = ?2 AND id <> ?3 AND paid_at IS NULL`

// approvedCost is what the vendor is paid for all others that are approved and unpaid.
const approvedCost = `SELECT coalesce(sum(wholesale_minor), 0) FROM orders
	WHERE approved_at IS NOT NULL AND approved_at > ?1 AND id <> ?2 AND paid_at IS NULL`

// ApproveOrder asks esim.Approval.Allow about an order, with what its customer paid for since a
// time, and notes the approval.
func (db *DB) ApproveOrder(ctx context.Context, id esim.OrderID, a esim.Approval, since time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		o, err := one(t, scanOrder, selectOrder, id)
		if err != nil {
			return err
		}
		usage, err := one(t, scanUsage, customerUsage, o.Customer, since.UnixMilli(), givenBackStates)
		if err != nil {
			return err
		}
		now := db.now()
		approved, err := one(t, func(rows *sql.Rows) (n [2]int64, err error) {
			err = rows.Scan(&n[0], &n[1])
			return n, err
		}, approvedOthers, now.Add(-esim.ApprovalTTL).UnixMilli(), o.Customer, id)
		if err != nil {
			return err
		}
		usage.Orders += int(approved[0])
		usage.Spent.Minor += approved[1]
		paid, err := one(t, value[int64], committed, unchargedStates)
		if err != nil {
			return err
		}
		others, err := one(t, value[int64], approvedCost, now.Add(-esim.ApprovalTTL).UnixMilli(), id)
		if err != nil {
			return err
		}
		f := esim.ApprovalFacts{Order: o, Usage: usage, Committed: esim.USDTenThousandths(paid + others)}
		if f.Credit, err = t.creditFor(o); err != nil {
			return err
		}
		if f.Reserve, err = t.reserveOf(o); err != nil {
			return err
		}
		if o.Promo != "" {
			if f.Promo, err = t.promoFacts(o.Promo, o.Customer, o.ID, now); err != nil {
				return err
			}
		}
		reserved, err := a.Allow(f, now)
		if err != nil {
			return err
		}
		if err := db.postAll(t, reserved); err != nil {
			return err
		}
		tries, err := one(t, scanTries, approvalTries, id)
		if err != nil {
			return err
		}
		if err := t.notifications(now, esim.ApprovedAgain(o, tries, now)); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE orders SET approved_at = ? WHERE id = ?`, stamp(now), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("approve order %s: %w", id, err)
	}
	return nil
}

const firstApproval = `SELECT min(approved_at) FROM orders WHERE approved_at IS NOT NULL`

const approvalsBefore = `SELECT ` + orderColumns + ` FROM orders WHERE approved_at IS NOT NULL AND approved_at <= ?1 ORDER BY approved_at`

// EndApprovals forgets approvals from before a time, and stores what esim.UnpaidApproval says
// of their orders.
func (db *DB) EndApprovals(ctx context.Context, before time.Time) error {
	if none, err := db.noneBefore(ctx, before, firstApproval); none || err != nil {
		return wrapped("approvals", err)
	}
	err := db.write(ctx, func(t *tx) error {
		ended, err := list(t, scanOrder, approvalsBefore, stamp(before))
		if err != nil {
			return err
		}
		for _, o := range ended {
			if err := db.endApproval(t, o.ID, before); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil { // one of them is in the way of the others
		err = db.endApprovalOfEach(ctx, before)
	}
	if err != nil {
		return fmt.Errorf("end approvals: %w", err)
	}
	return nil
}

// endApprovalOfEach ends approvals one by one: what fails is tried again the next time.
func (db *DB) endApprovalOfEach(ctx context.Context, before time.Time) error {
	ended, err := workList(ctx, db, "order", scanOrder, approvalsBefore, stamp(before))
	if err != nil {
		return err
	}
	var errs []error
	var bad []badRow
	for _, o := range ended {
		if err := db.write(ctx, func(t *tx) error { return db.endApproval(t, o.ID, before) }); err != nil {
			bad = append(bad, badRow{string(o.ID), err})
			if errs = append(errs, fmt.Errorf("order %s: %w", o.ID, err)); len(errs) >= expireFailing {
				break
			}
		}
	}
	if len(errs) < expireFailing {
		db.unreadable(ctx, "order", bad)
	}
	return errors.Join(errs...)
}

func (db *DB) endApproval(t *tx, id esim.OrderID, before time.Time) error {
	approved, err := one(t, moment, approvedAt, id)
	if err != nil || approved.IsZero() || approved.After(before) {
		return err
	}
	o, err := one(t, scanOrder, selectOrder, id)
	if err != nil {
		return err
	}
	reserve, err := t.reserveOf(o)
	if err != nil {
		return err
	}
	released, told := esim.UnpaidApproval(o, approved, reserve)
	if err := db.postAll(t, released); err != nil {
		return err
	}
	if err := t.notifications(db.now(), told); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE orders SET approved_at = NULL WHERE id = ?`, id)
	return err
}

func scanTries(rows *sql.Rows) (esim.ApprovalTries, error) {
	var a esim.ApprovalTries
	err := rows.Scan((*stamp)(&a.Approved), (*stamp)(&a.InvoicedAgain))
	return a, err
}

const (
	approvedAt    = `SELECT approved_at FROM orders WHERE id = ?`
	approvalTries = `SELECT approved_at, invoiced_again FROM orders WHERE id = ?`
	// openApproval: staff were told of an approval, by the key of esim.NewStaffUnpaidApproval, and did not look since.
	// An invoice that was paid at a later try was not paid at that one.
	openApproval = `EXISTS (SELECT 1 FROM outbox n WHERE n.key >= 'unpaid:' || orders.id AND n.key < 'unpaid:' || orders.id || ';'
		AND (orders.paid_at IS NULL OR orders.invoiced_again > cast(substr(n.key, length(orders.id) + 9) AS INTEGER))
		AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.order_id = orders.id AND a.order_id <> '' AND a.what = '` + esim.AuditProcessorChecked + `' AND a.at >= n.created))`
	openApprovals   = `SELECT ` + orderColumns + ` FROM orders WHERE created >= ? AND +rail = ? AND ` + openApproval + ` ORDER BY created LIMIT +?`
	openApprovalsOf = `SELECT count(*) > 0 FROM orders WHERE id = ? AND rail = ? AND ` + openApproval
)

// UnpaidApprovals lists orders made since a time of which staff were told that their payment by card was
// approved and did not come, and have not looked for it, oldest first.
func (db *DB) UnpaidApprovals(ctx context.Context, since time.Time, limit int) ([]esim.Order, error) {
	all, err := workListOf(ctx, db, "order", scanOrder, limit, openApprovals, stamp(since), method(esim.MethodProvider))
	if err != nil {
		return nil, fmt.Errorf("approvals that no payment followed: %w", err)
	}
	return all, nil
}

// HasUnpaidApproval reports whether an order is such a one, whenever it was made.
func (db *DB) HasUnpaidApproval(ctx context.Context, id esim.OrderID) (bool, error) {
	open, err := one(db.read(ctx), value[bool], openApprovalsOf, id, method(esim.MethodProvider))
	if err != nil {
		return false, fmt.Errorf("whether a payment of order %s was approved and did not come: %w", id, err)
	}
	return open, nil
}
