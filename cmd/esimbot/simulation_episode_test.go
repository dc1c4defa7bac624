package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

var (
	simulationSeed = flag.Uint64("simulation-seed", 0, "of the one episode to play; 0: a short one")
	simulationDraw = flag.Int("simulation-draw", newestDraw, "of which list of acts the seed is")
	simulationActs = flag.String("simulation-acts", "", "play only these acts of it: numbers with commas between")
)

// actsAnEpisode is how many acts are drawn from a seed: some six weeks, most of them quiet.
const actsAnEpisode = 40

// An act is one thing that happens to a simulated shop. What is random in it comes from its own
// seed, so that the others stay as they are when it is left out.
type act struct {
	number int // in its episode
	kind   actKind
	seed   uint64
	then   time.Duration // passes after it
}

func (a act) String() string { return fmt.Sprintf("%d %s, then %s", a.number, a.kind.name, a.then) }

type actKind struct {
	name   string
	weight int
	since  int // the draw in which it came in
	do     func(s *simulated)
}

// newestDraw is the number of the list of acts as it is now. Whoever adds one gives it the next, so that
// older seeds go on to mean the same acts.
const newestDraw = 3

// waysSince is the draw since which not only Stars are taken.
const waysSince = 3

// drawActs makes the acts of an episode from a seed. The seed fixes the acts and their times; order
// numbers, and which of two goroutines that are ready at the same instant goes first, are not its.
func drawActs(seed uint64, n, draw int) []act {
	rng := rand.New(rand.NewPCG(seed, 9))
	var lots []actKind
	for _, k := range actKinds() {
		if k.since <= draw {
			lots = append(lots, slices.Repeat([]actKind{k}, k.weight)...)
		}
	}
	acts := make([]act, n)
	for i := range acts {
		then := time.Duration(rng.IntN(7200)) * time.Second
		switch rng.IntN(8) {
		case 0, 1: // into the middle of what the act began
			then = time.Duration(rng.IntN(30)) * time.Second
		case 2:
			then = time.Duration(rng.IntN(16*24)) * time.Hour
		}
		acts[i] = act{i, lots[rng.IntN(len(lots))], rng.Uint64(), then}
	}
	return acts
}

// A keptEpisode is one to be played again.
type keptEpisode struct {
	seed  uint64
	draw  int    // the list of acts that it was drawn from
	found string // what it found
}

// An outcome of a played episode: what was wrong at its end, and how much happened.
type played struct {
	faults                 []string
	days                   float64
	payments, kills, exits int
	booked                 map[esim.PaymentMethod]int // payments, in the end
}

// waysOf are the ways to pay in the shop of a seed: in one of four shops Stars alone, beside what store
// credit there is.
func waysOf(seed uint64) string {
	if seed%4 == 0 {
		return "stars"
	}
	return "stars,provider,manual,credit"
}

// play plays acts in a new shop; then all is mended, time passes, and the promise is checked.
func play(t *testing.T, catalog string, seed uint64, payments string, acts []act) (p played) {
	t.Helper()
	dir, err := os.MkdirTemp("", "simulated-*") // not TempDir: a soak would fill the disk
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	synctest.Test(t, func(t *testing.T) {
		w := &witness{TB: t}
		defer func() {
			if gaveUp := recover(); gaveUp != nil && gaveUp != any(w) {
				panic(gaveUp)
			}
			p.faults = w.faults
		}()
		begun := time.Now()
		s := simulatePaidBy(w, dir, catalog, seed, 3, payments)
		defer s.end()
		s.pass(time.Minute)
		for _, a := range acts {
			s.rng = rand.New(rand.NewPCG(a.seed, 9))
			if os.Getenv("SIMULATION_LOG") != "" {
				fmt.Fprintf(os.Stderr, "%s: %s\n", time.Now().Format(time.DateTime), a)
			}
			a.kind.do(s)
			s.pass(a.then)
		}
		s.mend()
		s.pass(26 * time.Hour)
		s.settleHeld()
		s.pass(49 * time.Hour) // an eSIM that never comes is given up after 48
		s.check()
		p = played{days: time.Since(begun).Hours() / 24, payments: s.payments, kills: s.kills, exits: s.exits, booked: s.booked}
	})
	return p
}

// mend ends all that is broken.
func (s *simulated) mend() {
	s.crash.Store(nil)
	s.diskFull.Store(false)
	s.diskSick.Store(false)
	s.setClock(0)
	s.vendor.Mend()
	s.must(s.vendor.SetQuirks(vendorsandbox.Quirks{}))
}

// A witness notes what is wrong instead of failing its test, and gives a hopeless episode up.
type witness struct {
	testing.TB
	faults []string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *witness) Error(args ...any) { w.faults = append(w.faults, fmt.Sprint(args...)) }

func (w *witness) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	panic(w)
}

func (w *witness) Fatal(args ...any) {
	w.Error(args...)
	panic(w)
}

// An episode is some days of random acts. One that fails is played again with acts left out,
// and the shortest list that still fails is told. Every run of the tests plays a short one.
func TestSimulatedShopEpisode(t *testing.T) {
	t.Parallel()
	catalog := smallCatalog(t)
	if testing.Short() {
		t.Skip("days of a whole shop; the race detector makes minutes of them")
	}
	seed, n := uint64(1), 15
	if *simulationSeed != 0 {
		seed, n = *simulationSeed, actsAnEpisode
	}
	playKept(t, catalog, keptEpisode{seed: seed, draw: *simulationDraw}, n, *simulationActs)
}

// playKept plays one episode, and fails with what is wrong at its end.
func playKept(t *testing.T, catalog string, k keptEpisode, n int, list string) {
	if k.found != "" {
		t.Log("found once: " + k.found)
	}
	t.Helper()
	acts, payments := only(t, drawActs(k.seed, n, k.draw), list), "stars"
	if k.draw >= waysSince {
		payments = waysOf(k.seed)
	}
	p := play(t, catalog, k.seed, payments, acts)
	t.Logf("%.1f days, %d payments, %d kills, %d exits", p.days, p.payments, p.kills, p.exits)
	if len(p.faults) > 0 {
		reportShortest(t, catalog, k.seed, payments, acts, p.faults)
	}
}

// only leaves the acts of a list of numbers; "" leaves all.
func only(t *testing.T, acts []act, list string) []act {
	t.Helper()
	if list == "" {
		return acts
	}
	var kept []act
	for number := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(acts) {
			t.Fatalf("-simulation-acts: there is no act %q", number)
		}
		kept = append(kept, acts[n])
	}
	return kept
}
