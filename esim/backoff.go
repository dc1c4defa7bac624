package esim

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// NewExponentialBackoff are the pauses between two tries: first, then twice the last, never more than longest.
// Whatever is tried again here waits by them: in a loop, which keeps them and resets them when a
// try succeeded, or from a stored count of failures, of which [Backoff] finds its pause. There is no
// jitter: the orders of a shop do not fail in step, and the clients' limiters spread what they ask.
// A purchase is no loop of tries: they only say when its order is looked at again.
func NewExponentialBackoff(first, longest time.Duration) *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: min(first, longest), Multiplier: 2, MaxInterval: longest}
}

// Backoff is how long to wait after so many failures in a row: the pause of that number in
// [NewExponentialBackoff].
func Backoff(failures int, first, longest time.Duration) time.Duration {
	pauses := NewExponentialBackoff(first, longest)
	wait := pauses.NextBackOff()
	for ; failures > 1 && wait < longest; failures-- {
		wait = pauses.NextBackOff()
	}
	return wait
}

// backOff is when the vendor is asked about an order again.
func backOff(attempts int) time.Duration { return Backoff(attempts, time.Second, time.Minute) }
