package esim

import (
	"math"
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		failures       int
		first, longest time.Duration
		want           time.Duration
	}{
		{"none yet", 0, time.Second, time.Minute, time.Second},
		{"the first", 1, time.Second, time.Minute, time.Second},
		{"the second doubles", 2, time.Second, time.Minute, 2 * time.Second},
		{"the sixth", 6, time.Second, time.Minute, 32 * time.Second},
		{"the longest", 7, time.Second, time.Minute, time.Minute},
		{"the last that is not the longest", 10, 5 * time.Second, time.Hour, 2560 * time.Second},
		{"a database full of failures", math.MaxInt, time.Second, time.Hour, time.Hour},
		{"never more than the longest", 1, time.Hour, time.Minute, time.Minute},
	} {
		if got := Backoff(tt.failures, tt.first, tt.longest); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
