package esim_test

import (
	"slices"
	"testing"
	"time"

	"esimbot/esim"
)

func TestWhatEndedStandsLast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC)
	of := func(id esim.ESIMID, s esim.ProfileStatus) esim.ESIM {
		return esim.ESIM{Profile: esim.Profile{ID: id, Status: s, Expires: now.AddDate(0, 1, 0), Activated: now.AddDate(0, -1, 0)}}
	}
	var got []esim.ESIMID
	for _, e := range esim.LiveFirst([]esim.ESIM{
		of("cancelled", esim.ProfileCancelled), of("used", esim.ProfileInUse), of("expired", esim.ProfileUsedExpired),
		of("empty", esim.ProfileUsedUp), of("new", esim.ProfileGotResource),
	}, now) {
		got = append(got, e.ID)
	}
	if want := []esim.ESIMID{"used", "empty", "new", "cancelled", "expired"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
