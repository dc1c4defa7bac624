package sandbox

import (
	"sync"
	"time"
)

// A clock is real time plus all that it was moved by. It runs by itself, so that an order is
// allocated while nobody touches anything, and it never goes back.
type clock struct {
	now func() time.Time

	mu     sync.Mutex
	offset time.Duration
	last   time.Time
}

func newClock(now func() time.Time) *clock { return &clock{now: now} }

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

// read needs c.mu. Without Round the monotonic reading would outvote a base clock that was set.
func (c *clock) read() time.Time {
	t := c.now().Round(0).Add(c.offset).UTC()
	if t.Before(c.last) {
		t = c.last
	}
	c.last = t
	return t
}

func (c *clock) advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.offset += d
	}
	return c.read()
}

// position is what a clock must be set to, to go on from here.
func (c *clock) position() (offset time.Duration, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset, c.last
}

func (c *clock) set(offset time.Duration, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.last = offset, last
}

// Time is the time it is for the vendor: the real time plus all that [Sandbox.Advance] added. UTC.
func (s *Sandbox) Time() time.Time { return s.clock.time() }

// Advance moves the clock on by d and returns the new time. Whatever falls due on the way
// (allocation, usage reports, expiry) has happened when it returns, and its webhooks are queued. It cannot be moved back: a
// negative d does nothing.
func (s *Sandbox) Advance(d time.Duration) time.Time {
	now := s.clock.advance(d)
	s.locked(func(time.Time) {
		s.dirty = true
		s.stir() // what waited for this time
	})
	return now
}
