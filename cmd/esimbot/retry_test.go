package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

var errSilent = errors.New("no answer")

func TestUntilAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, told := 0, 0
		begun := time.Now()
		answer, err := untilAnswered(t.Context(), time.Minute, func(context.Context) (string, error) {
			if asked++; asked <= 100 {
				return "", errSilent
			}
			return "here", nil
		}, func(error, time.Duration) { told++ })
		if answer != "here" || err != nil || told != 100 {
			t.Errorf("%q, %v after %d warnings", answer, err, told)
		}
		// 1, 2, 4 … 32 s and then a minute each time, give or take half.
		if took := time.Since(begun); took < 50*time.Minute || took > 150*time.Minute {
			t.Errorf("a hundred failures took %s", took)
		}
	})
}

func TestUntilAnsweredEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { stop(errUsage) })
		begun := time.Now()
		silent := func(context.Context) (string, error) { return "", errSilent }
		quiet := func(error, time.Duration) {}
		if _, err := untilAnswered(ctx, time.Minute, silent, quiet); !errors.Is(err, errUsage) || time.Since(begun) != time.Hour {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		begun = time.Now()
		refused := func(context.Context) (string, error) { return "", backoff.Permanent(errToken) }
		if _, err := untilAnswered(t.Context(), time.Minute, refused, quiet); !errors.Is(err, errToken) || time.Since(begun) != 0 {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
	})
}

func TestAskAgain(t *testing.T) {
	busy := &esim.VendorError{Code: tooFast, Verdict: esim.Retry}
	for _, tt := range []struct {
		name  string
		err   error
		again bool
	}{
		{"the vendor is busy", fmt.Errorf("wrapped: %w", busy), true},
		{"the vendor is not reached", &esim.VendorError{Verdict: esim.Retry, Err: errSilent}, false},
		{"the vendor refuses", &esim.VendorError{Code: "401001", Verdict: esim.TellOperator}, false},
		{"Telegram is asked too fast", &telegram.Error{Code: 429, RetryAfter: time.Second}, true},
		{"Telegram wants a long pause", &telegram.Error{Code: 429, RetryAfter: time.Hour}, false},
		{"Telegram refuses", &telegram.Error{Code: 401}, false},
		{"somebody else", errSilent, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked, begun := 0, time.Now()
				_, err := askAgain(t.Context(), func(context.Context) (int, error) { asked++; return 0, tt.err })
				if !errors.Is(err, tt.err) || asked > 1 != tt.again {
					t.Errorf("asked %d times: %v", asked, err)
				}
				if took := time.Since(begun); took > doctorPatience {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}
