package esim

import (
	"context"
	"errors"
	"time"
)

// A Question is what a customer was asked and answers by typing.
type Question struct {
	Kind  string // what for
	About string // an eSIM or an order
	Asked time.Time
}

// questionLasts is how long the next words of a customer can be the answer.
const questionLasts = day

// Open reports whether the question still waits for its answer.
func (q Question) Open(now time.Time) bool { return now.Sub(q.Asked) < questionLasts }

// OpenThreads finds the open thread of a customer, or ErrNotFound.
type OpenThreads interface {
	OpenThreadOf(ctx context.Context, customer CustomerID) (SupportThread, error)
}

// AskedLast reports whether the question was asked after the last word in the customer's open thread: what was asked
// last is answered first.
func (q Question) AskedLast(ctx context.Context, open OpenThreads, customer CustomerID) (bool, error) {
	t, err := open.OpenThreadOf(ctx, customer)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && q.Asked.After(t.LastSpoken), err
}
