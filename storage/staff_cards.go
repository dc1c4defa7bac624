package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	addStaffCard = `INSERT INTO staff_cards (chat, message, order_id, notice) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	hasStaffCard = `SELECT EXISTS (SELECT 1 FROM staff_cards WHERE order_id = ?)`
	staffCards   = `SELECT c.chat, c.message, o.id, o.kind, o.order_id, o.esim, o.minor, o.currency, o.note, o.created
		FROM staff_cards c JOIN outbox o ON o.id = c.notice WHERE c.order_id = ? ORDER BY c.message DESC LIMIT 3`
)

// AddStaffCard notes where a notice about an order stands.
func (db *DB) AddStaffCard(ctx context.Context, order esim.OrderID, chat int64, message int, notice int64) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(addStaffCard, chat, message, order, notice)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the card of order %s: %w", order, err)
	}
	return nil
}

// StaffCards lists the newest cards of an order, whose notices are still known.
func (db *DB) StaffCards(ctx context.Context, order esim.OrderID) ([]esim.StaffCard, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.StaffCard, error) {
		c := esim.StaffCard{Order: order}
		n := &c.Announced
		err := rows.Scan(&c.Chat, &c.Message, &n.ID, &n.Kind, &n.Order, &n.ESIM, &n.Amount.Minor, &n.Amount.Currency, &n.Note, (*stamp)(&n.Created))
		return c, err
	}, staffCards, order)
	if err != nil {
		return nil, fmt.Errorf("cards of order %s: %w", order, err)
	}
	return all, nil
}

// moved has the cards of an order, if it has any, show where it is.
func (t *tx) moved(m esim.Transition, now time.Time) error {
	has, err := one(t, value[bool], hasStaffCard, m.Order)
	if err != nil || !has {
		return err
	}
	return t.notifications(now, []esim.Notification{esim.NewStaffMoved(m.Order, m.To, now)})
}
