package shop

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"

	"esimbot/esim"
)

// This file is how the shop asks a neighbour again. Nothing that buys comes through here.

// doubling are the pauses of esim.NewExponentialBackoff, give or take half, so that programs that failed
// together get out of step.
func doubling(first, longest time.Duration) *backoff.ExponentialBackOff {
	b := esim.NewExponentialBackoff(first, longest)
	b.RandomizationFactor = backoff.DefaultRandomizationFactor
	return b
}

// untilAnswered asks until there is an answer, however long it takes, and tells of every
// failure. It ends early with ctx, and with an error that is backoff.Permanent.
func untilAnswered[T any](ctx context.Context, longest time.Duration, ask func(context.Context) (T, error), failed backoff.Notify) (T, error) {
	return backoff.Retry(ctx, func() (T, error) { return ask(ctx) },
		backoff.WithBackOff(doubling(time.Second, longest)), backoff.WithMaxElapsedTime(0), backoff.WithNotify(failed))
}
