package esim

import "time"

// Combine takes a reading of the eSIM into what is stored of it. Looks at the vendor
// overlap: of the two the later asked counts, and the other adds only what it did not know.
func (e ESIM) Combine(reading ESIM) ESIM {
	both := e.Merge(reading.Profile)
	if e.Asked.After(reading.Asked) {
		both = reading.Merge(e.Profile)
	}
	both.Asked, both.UsageAt = later(e.Asked, reading.Asked), later(e.UsageAt, reading.UsageAt)
	both.Downloaded = earlier(e.Downloaded, reading.Downloaded)
	return both
}

// earlier is the earlier of two times, of which one that is zero is not known.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
