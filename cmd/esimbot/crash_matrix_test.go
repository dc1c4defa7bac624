package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A point is a moment of a journey: an exchange with a neighbour, and whether the
// neighbour has done its work.
type point struct {
	vendor bool
	n      int    // of the exchanges from the press that matters, from 1
	name   string // of the exchange in a run without a crash
	nth    int    // of that name, from 1
	once   bool   // the journey has one exchange of that name
	after  bool   // the work is done, the answer is not sent
}

func (p point) String() string {
	stage := "before the work"
	if p.after {
		stage = "after the work"
	}
	return fmt.Sprintf("%s %d %s", strings.ReplaceAll(p.name, "/", "."), p.nth, stage)
}

// An ambush kills the shop at a point and starts it again.
type ambush struct {
	w       *crashTown
	fell    chan struct{} // closed when the shop was killed and started again, or will not be
	give    chan struct{} // closed to give up
	release func()
	at      string // which exchange it was; "" if the point never came
	err     error
}

// lie arms an ambush. What comes before the neighbour's work is never done: the request
// died with the shop.
func (w *crashTown) lie(p point) *ambush {
	a := &ambush{w: w, fell: make(chan struct{}), give: make(chan struct{})}
	if p.vendor {
		fault := vendorsandbox.Fault{Kind: vendorsandbox.LoseRequest, Count: 1, Skip: p.n - 1}
		if p.once {
			fault.Endpoint, fault.Skip = p.name, 0
		}
		stage := vendorsandbox.AfterWork
		if !p.after {
			stage = vendorsandbox.BeforeWork
			w.vendor.Break(fault)
		}
		var stop *vendorsandbox.Breakpoint
		if p.once {
			stop = w.vendor.BreakpointAt(p.name, stage)
		} else {
			stop = w.vendor.BreakpointAtExchange(p.n, stage)
		}
		a.release = stop.Release
		go a.wait(stop.Reached(), stop.Endpoint, stop.Release)
		return a
	}
	stage := tgsandbox.AfterWork
	if !p.after {
		stage = tgsandbox.BeforeWork
	}
	var stop *tgsandbox.Breakpoint
	if p.once {
		stop = w.telegram.BreakpointAt(p.name, stage)
	} else {
		stop = w.telegram.BreakpointAtExchange(p.n, stage)
	}
	a.release = stop.Release
	go a.wait(stop.Reached(), stop.Method, func() { <-stop.Passed() })
	return a
}

func (a *ambush) wait(reached <-chan struct{}, name func() string, whileDown func()) {
	defer close(a.fell)
	select {
	case <-reached:
	case <-a.give:
		return
	case <-a.w.ctx.Done():
		return
	}
	a.at = name()
	a.err = a.w.crash(whileDown)
}

// over ends the ambush and reports at which exchange the shop fell.
func (a *ambush) over() string {
	close(a.give)
	<-a.fell
	a.release()
	return a.at
}

// recorded runs a journey without a crash and lists its points.
func recorded(t *testing.T, j journey) []point {
	t.Helper()
	w := j.world(t)
	j.arrange(w)
	vendorBase, tgBase := w.vendor.Exchanges(), w.telegram.Exchanges()
	_, called := w.telegram.Calls(0)
	answered := len(w.vendor.Calls())
	if j.trouble != nil {
		j.trouble(w)
	}
	j.act(w)
	if err := w.settled(); err != nil {
		t.Fatal(err)
	}
	var vendorNames, tgNames []string
	for _, c := range w.vendor.Calls()[answered:] {
		vendorNames = append(vendorNames, c.Endpoint)
	}
	calls, _ := w.telegram.Calls(called)
	for _, c := range calls {
		if c.Dir == "bot→telegram" && c.Name != "getUpdates" && c.Name != "getMe" {
			tgNames = append(tgNames, c.Name)
		}
	}
	points := pointsOf(true, w.vendor.Exchanges()-vendorBase, vendorNames)
	points = append(points, pointsOf(false, w.telegram.Exchanges()-tgBase, tgNames)...)
	if a := j.closed(w); len(a.broken) > 0 || a.sum() != j.want {
		t.Fatalf("broken without any crash: %s, want %s; %q\nAnn's chat:\n%s\nthe staff's:\n%s\nthe log:\n%s",
			a.sum(), j.want, a.broken, transcript(w.ann.Chat()), transcript(w.staff.Chat()), w.process().log)
	}
	return points
}

// introducing is how the calls begin in which a shop tells what it is called and what it understands, in every language:
// seventy at each start, one after another and beside all else, and nothing hangs on them. One of a kind is enough.
const introducing = "setMy"

func pointsOf(vendor bool, n int, names []string) []point {
	var points []point
	seen := map[string]int{}
	for i := range n {
		p := point{vendor: vendor, n: i + 1, name: "unknown"}
		if i < len(names) {
			p.name = names[i]
			p.once = count(names, func(s string) bool { return s == p.name }) == 1
		}
		seen[p.name]++
		p.nth = seen[p.name]
		if strings.HasPrefix(p.name, introducing) && p.nth > 1 {
			continue
		}
		points = append(points, p)
		p.after = true
		points = append(points, p)
	}
	return points
}

// A tally is one line of the table.
type tally struct {
	journey                               string
	points, delivered, toppedUp, refunded int
	broken, missed                        int
	wait                                  time.Duration // the longest, by the clocks of the town
	places                                []string
}

var tallies struct {
	sync.Mutex
	byJourney map[string]*tally
}

func (j journey) count(at string, a audit, waited time.Duration, failed bool) {
	tallies.Lock()
	defer tallies.Unlock()
	if tallies.byJourney == nil {
		tallies.byJourney = map[string]*tally{}
	}
	t := tallies.byJourney[j.name]
	if t == nil {
		t = &tally{journey: j.name}
		tallies.byJourney[j.name] = t
	}
	if at == "" {
		t.missed++
		return
	}
	t.points++
	t.delivered += a.delivered
	t.toppedUp += a.toppedUp
	t.refunded += a.refunded
	t.wait = max(t.wait, waited)
	if failed {
		t.broken++
	}
	if !slices.Contains(t.places, at) {
		t.places = append(t.places, at)
	}
}

// strike runs a journey and kills the shop at a point of it.
func (j journey) strike(t *testing.T, p point) {
	var at string
	var a audit
	w := j.world(t)
	defer func() { j.count(at, a, w.waited(), t.Failed()) }()
	j.arrange(w)
	trap := w.lie(p)
	if j.trouble != nil {
		j.trouble(w)
	}
	j.act(w)
	err := w.settled()
	at = trap.over()
	if at != "" && err == nil { // it may have fallen at its very last step
		err = w.settled()
	}
	if err != nil || trap.err != nil {
		t.Errorf("killed at %s (%s): %v %v", at, p, err, trap.err)
	}
	a = j.closed(w)
	for _, fault := range a.broken {
		t.Errorf("killed at %s (%s): %s", at, p, fault)
	}
	if a.sum() != j.want {
		t.Errorf("killed at %s (%s): %s; want %s", at, p, a.sum(), j.want)
	}
	if t.Failed() {
		t.Logf("Ann's chat:\n%s\nthe staff's:\n%s\nthe last run:\n%s", transcript(w.ann.Chat()), transcript(w.staff.Chat()), w.process().log)
	}
}

// closed stops the shop and audits it, as every journey does, and as this one has to be besides.
func (j journey) closed(w *crashTown) audit {
	w.t.Helper()
	a := w.closed()
	if j.check != nil {
		j.check(w, &a)
	}
	return a
}

// TestEveryCrashEndsWithAnESIMOrTheMoney kills the shop at every exchange with its
// neighbours, once before and once after the neighbour's work. The whole matrix runs
// with -tags soak; without, the exchanges that move money or an eSIM.
func TestEveryCrashEndsWithAnESIMOrTheMoney(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and kills the program")
	}
	began := time.Now()
	t.Cleanup(func() { printTallies(t, time.Since(began)) })
	t.Run("journeys", func(t *testing.T) {
		for _, j := range journeys() {
			if !wholeMatrix && !j.short {
				continue
			}
			t.Run(j.name, func(t *testing.T) {
				t.Parallel()
				for _, p := range recorded(t, j) {
					if wholeMatrix || p.after && slices.Contains(matters, p.name) {
						t.Run(p.String(), func(t *testing.T) {
							t.Parallel()
							j.strike(t, p)
						})
					}
				}
			})
		}
	})
}

func printTallies(t *testing.T, took time.Duration) {
	tallies.Lock()
	defer tallies.Unlock()
	var b strings.Builder
	b.WriteString("| journey | kill points | delivered | topped up | refunded | broken |\n|---|---:|---:|---:|---:|---:|\n")
	var sum tally
	var notes []string
	for _, j := range journeys() {
		l := tallies.byJourney[j.name]
		if l == nil {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", j.name, l.points, l.delivered, l.toppedUp, l.refunded, l.broken)
		sum.points, sum.delivered, sum.toppedUp = sum.points+l.points, sum.delivered+l.delivered, sum.toppedUp+l.toppedUp
		sum.refunded, sum.broken, sum.missed = sum.refunded+l.refunded, sum.broken+l.broken, sum.missed+l.missed
		notes = append(notes, fmt.Sprintf("%s: %d points never came, at most %s of waiting, fell at %s",
			j.name, l.missed, l.wait, strings.Join(slices.Sorted(slices.Values(l.places)), " ")))
	}
	fmt.Fprintf(&b, "| all | %d | %d | %d | %d | %d |\n", sum.points, sum.delivered, sum.toppedUp, sum.refunded, sum.broken)
	t.Logf("in %s\n%s%s", took.Round(time.Second), b.String(), strings.Join(notes, "\n"))
}
