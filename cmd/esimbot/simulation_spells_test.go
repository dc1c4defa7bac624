package main

import (
	"slices"
	"time"
)

// A spell is a stretch of time in which nobody could be told, whatever the program does.
type spell struct {
	from, to time.Time
	why      string
}

// spell notes one that begins now. What ends by the clock ends then.
func (s *simulated) spell(why string, d time.Duration) {
	now := time.Now()
	s.spells = append(s.spells, spell{now, now.Add(d), why})
}

// impossible is how much of a stretch of time nobody could be told in. Spells that overlap count once.
func (s *simulated) impossible(from, to time.Time) time.Duration {
	sum, until := time.Duration(0), from
	for _, p := range slices.SortedFunc(slices.Values(s.spells), func(a, b spell) int { return a.from.Compare(b.from) }) {
		begin, end := p.from, p.to
		if begin.Before(until) {
			begin = until
		}
		if end.After(to) {
			end = to
		}
		if end.After(begin) {
			sum, until = sum+end.Sub(begin), end
		}
	}
	return sum
}

// A loss is what an older copy that was put back does not know: what happened from the moment it was
// made until it was put back.
type loss struct{ from, to time.Time }

// lost reports whether something happened in a stretch that no database remembers.
func (s *simulated) lost(at time.Time) bool {
	return slices.ContainsFunc(s.losses, func(l loss) bool { return !at.Before(l.from) && !at.After(l.to) })
}

// setBack is by how much the program's clock was set back in a stretch of time: a day that it counts by
// its clock is that much longer.
func (s *simulated) setBack(from, to time.Time) (sum time.Duration) {
	behind := time.Duration(0)
	for _, c := range s.clocks {
		if c.at.After(from) && !c.at.After(to) {
			sum += max(0, c.behind-behind)
		}
		behind = c.behind
	}
	return sum
}

// setClock sets the program's clock behind by so much.
func (s *simulated) setClock(behind time.Duration) {
	s.slow.Store(int64(behind))
	s.clocks = append(s.clocks, clockSet{time.Now(), behind})
}

// clockSet is when the program's clock was set, and to how much behind.
type clockSet struct {
	at     time.Time
	behind time.Duration
}

// truly is when it was, by the true clock, that the program's clock said so: a clock that was set back
// says some times twice. What was written at the very moment in which it was set may be of either side.
func (s *simulated) truly(said time.Time) (first, last time.Time) {
	for i, c := range s.clocks {
		at := said.Add(c.behind)
		if !at.Before(c.at.Truncate(time.Millisecond)) && (i+1 == len(s.clocks) || !at.After(s.clocks[i+1].at)) {
			if last = at; first.IsZero() {
				first = at
			}
		}
	}
	if first.IsZero() { // it was jumped over
		return said, said
	}
	return first, last
}
