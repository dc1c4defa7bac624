package esim

import (
	"testing"
	"time"
)

func TestCombine(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(asked, used time.Duration, total int64) ESIM {
		return ESIM{Profile: Profile{ID: "T1", Used: 1, Total: total, APN: "plus"}, Asked: noon.Add(asked), UsageAt: noon.Add(used)}
	}
	for _, c := range []struct {
		rule            string
		stored, reading ESIM
		total           int64
		asked, usageAt  time.Duration
	}{
		{"the later reading counts", at(0, 0, 1), at(time.Second, time.Second, 2), 2, time.Second, time.Second},
		{"an older one brings nothing back", at(time.Second, time.Second, 2), at(0, 0, 1), 2, time.Second, time.Second},
		{"it adds what the newer did not know", at(time.Second, 0, 0), at(0, time.Second, 1), 1, time.Second, time.Second},
		{"of two at once the reading counts", at(0, 0, 1), at(0, 0, 2), 2, 0, 0},
	} {
		got := c.stored.Combine(c.reading)
		if got.Total != c.total || !got.Asked.Equal(noon.Add(c.asked)) || !got.UsageAt.Equal(noon.Add(c.usageAt)) {
			t.Errorf("%s: %+v", c.rule, got)
		}
	}
}

// TestCombineKeepsWhenItWasFetchedFirst, whichever of two looks is stored first.
func TestCombineKeepsWhenItWasFetchedFirst(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ stored, reading, want time.Time }{
		{time.Time{}, time.Time{}, time.Time{}},
		{time.Time{}, noon, noon},
		{noon, time.Time{}, noon},
		{noon, noon.Add(time.Minute), noon},
		{noon.Add(time.Minute), noon, noon},
	} {
		if got := (ESIM{Downloaded: c.stored}).Combine(ESIM{Downloaded: c.reading}).Downloaded; !got.Equal(c.want) {
			t.Errorf("stored %v, read %v: %v, want %v", c.stored, c.reading, got, c.want)
		}
	}
}
