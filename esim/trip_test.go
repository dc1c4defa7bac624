package esim

import (
	"testing"
	"time"
)

func TestTripTrouble(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	unused := ESIM{Profile: Profile{Days: 7, Expires: today.Add(180 * day)}}
	inUse := ESIM{Profile: Profile{Days: 7, Activated: today, Expires: today.Add(7 * day)}}
	for _, c := range []struct {
		name        string
		esim        ESIM
		in, forDays int
		want        TripConflict
	}{
		{"in a month", unused, 30, 0, TripFits},
		{"on the day it lapses", unused, 180, 0, TripFits},
		{"after it lapsed", unused, 181, 0, TripAfterLapse},
		{"as long as it lasts", unused, 30, 7, TripFits},
		{"a day longer", unused, 30, 8, TripTooLong},
		{"in use until the end", inUse, 0, 8, TripFits},
		{"in use, and over before the end", inUse, 0, 9, TripTooLong},
		{"in use, and over before", inUse, 8, 0, TripAfterEnd},
	} {
		if got := c.esim.TripConflict(Trip{today.AddDate(0, 0, c.in), c.forDays}); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := unused.TripConflict(Trip{}); got != TripFits {
		t.Errorf("no trip: %d", got)
	}
}
