package main

import (
	"flag"
	"testing"
	"testing/synctest"
	"time"
)

var simulationSeed = flag.Uint64("simulation-seed", 1, "of the simulated shop's random acts")

// An episode is some days of random acts; then all is mended, time passes, and the promise
// is checked. The seed fixes the acts and their times; which of two goroutines that are ready
// at the same instant goes first is the scheduler's, so a rare failure may need several runs.
func TestSimulatedShopEpisode(t *testing.T) {
	dir, catalog, seed := t.TempDir(), smallCatalog(t), *simulationSeed
	t.Logf("seed %d", seed)
	if testing.Short() {
		t.Skip("days of a whole shop; the race detector makes minutes of them")
	}
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, dir, catalog, seed, 3)
		defer s.end()
		s.pass(time.Minute)
		bought := 0
		for range 40 {
			if s.act() {
				bought++
			}
			s.pass(time.Duration(s.rng.IntN(7200)) * time.Second)
		}
		s.vendor.Mend()
		s.pass(26 * time.Hour)
		t.Logf("%d payments, %d kills", bought, s.kills)
		s.check()
	})
}

// act does one random thing and reports whether somebody paid.
func (s *simulated) act() (paid bool) {
	h := s.people[s.rng.IntN(len(s.people))]
	switch s.rng.IntN(12) {
	case 0, 1:
		s.neighbour()
	case 2:
		s.kill()
		s.start()
	case 3, 4:
		s.fate()
	case 5, 6:
		s.customer(h)
	case 7:
		s.group()
	default:
		return s.buy(h, "JP")
	}
	return false
}
