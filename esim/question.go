package esim

import "time"

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
