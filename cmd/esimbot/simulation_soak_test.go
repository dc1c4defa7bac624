//go:build soak

package main

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"esimbot/esim"
)

var (
	simulationFor      = flag.Duration("simulation-for", 2*time.Minute, "how long TestSimulatedYears begins new episodes")
	simulationEpisodes = flag.Uint64("simulation-episodes", 0, "play so many episodes, however long it takes")
)

// TestSimulatedYears plays one episode after another, from consecutive seeds, on all cores, and
// tells how much it played. A seed of 0 is a fresh one. Its first failing episode is shrunk.
func TestSimulatedYears(t *testing.T) {
	catalog := smallCatalog(t)
	first := *simulationSeed
	if first == 0 {
		first = uint64(time.Now().Unix())
	}
	fmt.Printf("seed %d\n", first) // at once: a deadlock ends the test without its log
	begun, worked := time.Now(), processorTime(t)
	var (
		mu     sync.Mutex
		all    = played{booked: map[esim.PaymentMethod]int{}}
		next   = first
		failed []uint64
	)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				mu.Lock()
				seed := next
				enough := time.Since(begun) >= *simulationFor
				if *simulationEpisodes > 0 {
					enough = seed == first+*simulationEpisodes
				}
				if !enough {
					next++
				}
				mu.Unlock()
				if enough {
					return
				}
				acts := drawActs(seed, actsAnEpisode, newestDraw)
				p := play(t, catalog, seed, waysOf(seed), acts)
				mu.Lock()
				all.days += p.days
				all.payments += p.payments
				all.kills += p.kills
				all.exits += p.exits
				for method, n := range p.booked {
					all.booked[method] += n
				}
				if len(p.faults) > 0 {
					failed = append(failed, seed)
					fmt.Printf("seed %d: %s\n", seed, strings.Join(p.faults, "\n"))
					t.Errorf("seed %d: %d faults:\n%s", seed, len(p.faults), strings.Join(p.faults, "\n"))
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	took, worked := time.Since(begun), processorTime(t)-worked
	fmt.Printf("seeds %d to %d: %d episodes, %.0f shop-days, %d payments, booked %v, %d kills, %d runs ended by themselves; %.0f shop-days a minute, %.1f ms of a processor each; %d failed\n",
		first, next-1, next-first, all.days, all.payments, all.booked, all.kills, all.exits, all.days/took.Minutes(), float64(worked.Milliseconds())/all.days, len(failed))
	if len(failed) > 0 {
		acts := drawActs(failed[0], actsAnEpisode, newestDraw)
		if p := play(t, catalog, failed[0], waysOf(failed[0]), acts); len(p.faults) > 0 {
			reportShortest(t, catalog, failed[0], waysOf(failed[0]), acts, p.faults)
		} else {
			t.Errorf("seed %d passes when it is played again: the scheduler had its part", failed[0])
		}
	}
}

// processorTime is how long processors worked for this process: on a machine that others work on too, what
// a shop-day costs is told by it, and not by the minutes that passed.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
