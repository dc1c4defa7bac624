package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var shrinkFor = flag.Duration("simulation-shrink", time.Minute, "how long the shortest list of acts that fails is looked for")

// reportShortest fails the test with the faults of an episode, and with the shortest list of
// acts that was found to fail too.
func reportShortest(t *testing.T, catalog string, seed uint64, payments string, acts []act, faults []string) {
	t.Helper()
	t.Errorf("seed %d: %d faults:\n%s", seed, len(faults), strings.Join(faults, "\n"))
	until := time.Now().Add(*shrinkFor)
	fails := func(some []act) bool {
		for range 2 { // the scheduler has its part: a list that passes once may fail the next time
			if p := play(t, catalog, seed, payments, some); len(p.faults) > 0 {
				faults = p.faults
				return true
			}
		}
		return false
	}
	shortest := shrink(acts, fails, func() bool { return time.Now().After(until) })
	var b strings.Builder
	var numbers []string
	for _, a := range shortest {
		fmt.Fprintln(&b, a)
		numbers = append(numbers, fmt.Sprint(a.number))
	}
	t.Errorf("the shortest list that fails, of %d acts:\n%sits faults:\n%s\nagain: -args -simulation-seed %d -simulation-acts %s",
		len(shortest), b.String(), strings.Join(faults, "\n"), seed, strings.Join(numbers, ","))
}

// shrink leaves parts out, large ones first, while what remains fails: delta debugging.
//
// Not rapid's shrinking: the scheduler is not among what is drawn, and rapid gives up on a case that
// passes when it is played again; here each list is tried more than once.
//
// Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input (2002).
func shrink[T any](list []T, fails func([]T) bool, enough func() bool) []T {
	for size := (len(list) + 1) / 2; size > 0 && !enough(); {
		left := false
		for from := 0; from < len(list) && !enough(); {
			without := slices.Concat(list[:from], list[min(from+size, len(list)):])
			if fails(without) {
				list, left = without, true
			} else {
				from += size
			}
		}
		if size == 1 && !left {
			break
		}
		size = max(1, size/2)
	}
	return list
}

func TestShrinkLeavesOnlyWhatFails(t *testing.T) {
	t.Parallel()
	var all []int
	for n := range 60 {
		all = append(all, n)
	}
	fails := func(some []int) bool { return slices.Contains(some, 7) && slices.Contains(some, 41) }
	if got := shrink(all, fails, func() bool { return false }); !slices.Equal(got, []int{7, 41}) {
		t.Errorf("left with %v", got)
	}
}
