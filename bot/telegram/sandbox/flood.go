package sandbox

import (
	"math"
	"time"
)

// Telegram publishes "about": 30 messages a second in all, one a second per chat with short
// bursts, 20 a minute per group (https://core.telegram.org/bots/faq). The simulator settles on
// token buckets: 30 with 30/s, 5 with 1/s, 20 with 20/min. Only what would be sent counts:
// edits, answers to presses and refused calls are free.
var (
	allChats = rate{burst: 30, perSecond: 30}
	oneChat  = rate{burst: 5, perSecond: 1}
	oneGroup = rate{burst: 20, perSecond: 20.0 / 60}
)

type rate struct{ burst, perSecond float64 }

// A bucket is full in its zero value.
type bucket struct {
	used float64
	last time.Time
}

// wait refills the bucket and returns the seconds until one more fits; 0 means now.
func (b *bucket) wait(now time.Time, r rate) float64 {
	if passed := now.Sub(b.last).Seconds(); passed > 0 {
		b.used = max(0, b.used-passed*r.perSecond)
		b.last = now
	}
	return max(0, (b.used+1-r.burst)/r.perSecond)
}

type floodLimit struct{ all bucket }

// admit counts one message to c, or says how long to wait. Lock held.
func (s *Server) admit(c *chat) *apiError {
	if s.opt.NoFlood {
		return nil
	}
	now, r := s.real(), oneChat
	if !c.private() {
		r = oneGroup
	}
	wait := max(s.flood.all.wait(now, allChats), c.bucket.wait(now, r))
	if wait > 1e-9 {
		return tooMany(int(math.Ceil(wait)))
	}
	s.flood.all.used++
	c.bucket.used++
	return nil
}
