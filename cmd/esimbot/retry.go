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

// This file is how the doctor asks a neighbour again.

const (
	// doctorPause is the first pause of the doctor between two questions. They grow by half.
	doctorPause = 500 * time.Millisecond
	// doctorPatience bounds how long the doctor repeats one question. The vendor's limit
	// is counted over a second, so a shop that shares it leaves room soon.
	doctorPatience = 15 * time.Second
)

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
		return pe.Code != "" && pe.Action == esim.ActionRetry
	}
	var te *telegram.Error
	return errors.As(err, &te) && te.Code == http.StatusTooManyRequests && te.RetryAfter <= doctorPatience
}
