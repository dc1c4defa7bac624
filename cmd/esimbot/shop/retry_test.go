package shop

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
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
	errStop := errors.New("stop")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { stop(errStop) })
		begun := time.Now()
		silent := func(context.Context) (string, error) { return "", errSilent }
		quiet := func(error, time.Duration) {}
		if _, err := untilAnswered(ctx, time.Minute, silent, quiet); !errors.Is(err, errStop) || time.Since(begun) != time.Hour {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		begun = time.Now()
		refused := func(context.Context) (string, error) { return "", backoff.Permanent(ErrToken) }
		if _, err := untilAnswered(t.Context(), time.Minute, refused, quiet); !errors.Is(err, ErrToken) || time.Since(begun) != 0 {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
	})
}
