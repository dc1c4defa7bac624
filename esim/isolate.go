package esim

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Whoever works through a list isolates its items: what fails with one, a panic too, costs that
// item. It moves back, the others are worked on, and staff hear of it when it keeps failing.

// alone does the work on one item; a panic in it is that item's failure.
func alone(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return work()
}

// failures counts for each item how often it failed in a row, in this run of the program. The zero
// value is ready; its methods may be called from several goroutines.
type failures struct {
	mu sync.Mutex
	of map[string]int
}

// failed notes a failure of an item and returns how many there are in a row.
func (f *failures) failed(item string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[string]int{}
	}
	f.of[item]++
	return f.of[item]
}

// row is how many failures of an item there are in a row.
func (f *failures) row(item string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of[item]
}

// fine forgets the failures of an item.
func (f *failures) fine(item string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.of, item)
}

// stuck notes a failure of an item, and has staff told once a day of one that fails again and again. The error is cause, and
// what went wrong with that.
func (f *failures) stuck(ctx context.Context, s NotificationStore, what, item string, order OrderID, cause error, now time.Time) error {
	cause = fmt.Errorf("%s %s: %w", what, item, cause)
	if ctx.Err() != nil || f.failed(item) < stuckAfter {
		return cause
	}
	return errors.Join(cause, s.AddNotifications(ctx, []Notification{NewStaffStuck(what, item, order, cause.Error(), now)}))
}

// unanswered reports whether an error says more of the vendor than of the item that was asked about:
// it did not answer, or was busy.
func unanswered(err error) bool {
	a := ActionFor(err)
	return isVendorError(err) && (a == ActionRetry || a == ActionWait)
}

// noAnswer reports whether the vendor said nothing at all.
func noAnswer(err error) bool {
	var pe *VendorError
	return errors.As(err, &pe) && pe.Code == "" && pe.Action == ActionRetry
}

// A round ends after so many failures in a row: it is not the items.
const (
	stopAfter     = 20
	stopAfterMute = 5 // that were no answer of the vendor
	errorsKept    = 5 // of a round, for the log
)
