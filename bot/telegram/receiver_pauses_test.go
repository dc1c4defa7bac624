package telegram

import (
	"errors"
	"testing"
	"time"
)

// Two programs that poll with one token disturb each other less and less, and never in step;
// what Telegram asks for is done.
func TestPausesBetweenPolls(t *testing.T) {
	t.Parallel()
	p := poller{pauses: growingPauses()}
	silent := errors.New("no answer")
	for n, about := range []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, longestPause, longestPause} {
		if got := p.backOff(silent); got < about/2 || got > about*3/2+1 {
			t.Errorf("pause %d is %s, and should be about %s", n+1, got, about)
		}
	}
	if got := p.backOff(&Error{Code: 429, RetryAfter: 7 * time.Second}); got != 7*time.Second {
		t.Errorf("asked for seven seconds, it waits %s", got)
	}
	alike, before := 0, time.Duration(0)
	for range 100 {
		pause := p.backOff(silent)
		if pause == before {
			alike++
		}
		before = pause
	}
	if alike > 2 {
		t.Errorf("%d of 100 pauses are like the one before", alike)
	}
}
