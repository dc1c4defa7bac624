package main

import (
	"flag"
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
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
		for range 24 {
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
	endpoints := []string{"esim/order", "esim/query", ""}
	kinds := []vendorsandbox.FaultKind{vendorsandbox.LoseRequest, vendorsandbox.LoseAnswer, vendorsandbox.BadGateway, vendorsandbox.CutBody}
	switch s.rng.IntN(5) {
	case 0:
		s.vendor.Break(vendorsandbox.Fault{
			Endpoint: endpoints[s.rng.IntN(len(endpoints))], Kind: kinds[s.rng.IntN(len(kinds))], Count: 1 + s.rng.IntN(3),
		})
	case 1:
		s.telegram.Fail("sendPhoto", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 5})
	case 2:
		s.kill()
		s.start()
	default:
		return s.buy(s.people[s.rng.IntN(len(s.people))], "JP")
	}
	return false
}
