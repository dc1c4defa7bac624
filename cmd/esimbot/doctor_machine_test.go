package main

import (
	"strings"
	"testing"
	"time"
)

func TestDoctorReadsTheClock(t *testing.T) {
	t.Parallel()
	theirs := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		off    time.Duration
		found  string
		failed bool
		warns  bool
	}{
		{0, "right", false, false},
		{900 * time.Millisecond, "right", false, false}, // they say whole seconds
		{6 * time.Second, "right", false, false},
		{30 * time.Second, "29s fast", false, true},
		{-30 * time.Second, "30s slow", false, true},
		{time.Hour, "59m59s fast", true, false},
		{-time.Hour, "1h0m0s slow", true, false},
	} {
		f := clockFinding(theirs.Add(tt.off), theirs.Add(tt.off).Add(50*time.Millisecond), theirs)
		if !strings.HasPrefix(f.found, tt.found) || (f.state() == "failed") != tt.failed || (f.state() == "warning") != tt.warns {
			t.Errorf("%s: %s, %s", tt.off, f.found, f.state())
		}
	}
}
