package esim

import "time"

// ClockSetBack is by how much the clock was set back since a moment that was seen on it; 0: it was
// not. Whatever was due by the old clock would rest for so much longer.
func ClockSetBack(seen, now time.Time) time.Duration {
	if by := seen.Sub(now); by >= leastSetBack {
		return by
	}
	return 0
}

// leastSetBack is what an ordinary correction of the clock may be, and nothing minds.
const leastSetBack = time.Second

// boughtBetween are the times between which the vendor's list is searched for what an order bought.
// The vendor counts by its own clock, and ours may have been set since the order was made, be slow
// or be fast: the window lies around all that was noted, and reaches far to both sides. In what is
// the future to us a true clock finds nothing to read.
func (o Order) boughtBetween(now time.Time) (from, to time.Time) {
	from, to = now, now
	for _, at := range []time.Time{o.Created, o.PaidAt, o.OutcomeUnknownAt} {
		if at.IsZero() {
			continue
		}
		if at.Before(from) {
			from = at
		}
		if at.After(to) {
			to = at
		}
	}
	return from.Add(-wrongClock), to.Add(wrongClock)
}

// wrongClock is by how much our clock may be off the vendor's for a purchase to be found.
const wrongClock = 24 * time.Hour
