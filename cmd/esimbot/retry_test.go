package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

var errSilent = errors.New("no answer")

func TestAskAgain(t *testing.T) {
	busy := &esim.VendorError{Code: tooFast, Action: esim.ActionRetry}
	for _, tt := range []struct {
		name  string
		err   error
		again bool
	}{
		{"the vendor is busy", fmt.Errorf("wrapped: %w", busy), true},
		{"the vendor is not reached", &esim.VendorError{Action: esim.ActionRetry, Err: errSilent}, false},
		{"the vendor refuses", &esim.VendorError{Code: "401001", Action: esim.ActionTellOperator}, false},
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
