package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

const (
	customerTopic = `SELECT topic FROM customer_topics WHERE person = ? AND chat = ?`
	customerAt    = `SELECT person FROM customer_topics WHERE chat = ? AND topic = ?`
	newestThread  = `SELECT ` + threadColumns + ` FROM threads WHERE person = ? ORDER BY id DESC LIMIT 1`
)

// CustomerTopic returns the topic that a customer has in the staff's chat; 0: none.
func (db *DB) CustomerTopic(ctx context.Context, customer esim.CustomerID, chat int64) (int, error) {
	topic, err := one(db.read(ctx), value[int], customerTopic, customer, chat)
	if errors.Is(err, esim.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("topic of customer %d: %w", customer, err)
	}
	return topic, nil
}

// SetCustomerTopic notes a customer's topic, or with 0 that there is none any more. The heads of their open thread stand in
// another place then: it gets a new one.
func (db *DB) SetCustomerTopic(ctx context.Context, customer esim.CustomerID, chat int64, topic int) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(`UPDATE threads SET head_chat = 0, head = 0 WHERE person = ? AND closed IS NULL`, customer); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM customer_topics WHERE person = ?1 AND chat = ?2 OR chat = ?2 AND topic = ?3`, customer, chat, topic); err != nil || topic == 0 {
			return err
		}
		_, err := t.exec(`INSERT INTO customer_topics (person, chat, topic) VALUES (?, ?, ?)`, customer, chat, topic)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the topic of customer %d: %w", customer, err)
	}
	return nil
}

// ThreadOfTopic returns the open thread of whose topic it is, else their newest one; one with a Customer alone if they have
// none any more. esim.ErrNotFound: it is no customer's topic.
func (db *DB) ThreadOfTopic(ctx context.Context, chat int64, topic int) (esim.SupportThread, error) {
	customer, err := one(db.read(ctx), value[esim.CustomerID], customerAt, chat, topic)
	if err != nil {
		return esim.SupportThread{}, fmt.Errorf("whose topic it is: %w", err)
	}
	t, err := db.OpenThreadOf(ctx, customer)
	if errors.Is(err, esim.ErrNotFound) {
		t, err = one(db.read(ctx), scanThread, newestThread, customer)
	}
	if errors.Is(err, esim.ErrNotFound) {
		return esim.SupportThread{Customer: customer}, nil
	}
	return t, err
}
