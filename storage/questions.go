package storage

import (
	"context"
	"database/sql"
	"fmt"

	"esimbot/esim"
)

func scanQuestion(rows *sql.Rows) (esim.Question, error) {
	var q esim.Question
	err := rows.Scan(&q.Kind, &q.About, (*stamp)(&q.Asked))
	return q, err
}

// AskQuestion notes what a customer was asked and answers by typing; it takes the place of what they
// were asked before. The customer must be known.
func (db *DB) AskQuestion(ctx context.Context, customer esim.CustomerID, q esim.Question) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO questions (person, kind, about, asked) VALUES (?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET kind = excluded.kind, about = excluded.about, asked = excluded.asked`, customer, q.Kind, q.About, stamp(q.Asked))
		return err
	})
	if err != nil {
		return fmt.Errorf("note a question: %w", err)
	}
	return nil
}

// Question is what a customer was asked last, or esim.ErrNotFound.
func (db *DB) Question(ctx context.Context, customer esim.CustomerID) (esim.Question, error) {
	q, err := oneUnchanged(db.read(ctx), scanQuestion, `SELECT kind, about, asked FROM questions WHERE person = ?`, customer)
	if err != nil {
		return esim.Question{}, fmt.Errorf("question to a customer: %w", err)
	}
	return q, nil
}

// ForgetQuestion: nothing is asked of the customer any more.
func (db *DB) ForgetQuestion(ctx context.Context, customer esim.CustomerID) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM questions WHERE person = ?`, customer)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget a question: %w", err)
	}
	return nil
}
