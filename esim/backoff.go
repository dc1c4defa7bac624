package esim

import "time"

// Backoff is how long to wait after so many failures in a row: first, doubled per further
// failure, never more than longest. There is no jitter: the orders of a shop do not fail
// in step, and the clients' limiters spread what they ask.
func Backoff(failures int, first, longest time.Duration) time.Duration {
	wait := first
	for ; failures > 1 && wait < longest; failures-- {
		wait *= 2
	}
	return min(wait, longest)
}

// backOff is when the vendor is asked about an order again.
func backOff(attempts int) time.Duration { return Backoff(attempts, time.Second, time.Minute) }
