package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// This file is how commands ask a neighbour again. Nothing that buys comes through here.

const (
	// doctorPause is the first pause of the doctor between two questions. They grow by half.
	doctorPause = 500 * time.Millisecond
	// doctorPatience bounds how long the doctor repeats one question. The vendor's limit
	// is counted over a second, so a shop that shares it leaves room soon.
	doctorPatience = 15 * time.Second
)

// doubling are pauses that double from first (about a second, say) up to longest, and are
// never quite the same, so that programs that failed together get out of step.
func doubling(first, longest time.Duration) *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = first, longest, 2
	return b
}

// untilAnswered asks until there is an answer, however long it takes, and tells of every
// failure. It ends early with ctx, and with an error that is backoff.Permanent.
func untilAnswered[T any](ctx context.Context, longest time.Duration, ask func(context.Context) (T, error), failed backoff.Notify) (T, error) {
	return backoff.Retry(ctx, func() (T, error) { return ask(ctx) },
		backoff.WithBackOff(doubling(time.Second, longest)), backoff.WithMaxElapsedTime(0), backoff.WithNotify(failed))
}

// askAgain repeats a question to a neighbour while the neighbour itself says that the
// refusal is temporary: the running shop uses the same account, and the doctor must not
// call a used-up rate limit a fault of the configuration. A neighbour that cannot be
// reached at all is not asked again: the clients have tried, and the operator waits.
func askAgain[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = doctorPause
	return backoff.Retry(ctx, func() (T, error) {
		answer, err := ask(ctx)
		if err != nil && !saidLater(err) {
			err = backoff.Permanent(err)
		}
		return answer, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(doctorPatience))
}

// saidLater reports whether a neighbour answered, and the answer was to come again.
func saidLater(err error) bool {
	var pe *esim.VendorError
	if errors.As(err, &pe) {
		return pe.Code != "" && pe.Verdict == esim.Retry
	}
	var te *telegram.Error
	return errors.As(err, &te) && te.Code == http.StatusTooManyRequests && te.RetryAfter <= doctorPatience
}
