package main

import (
	"context"
	numbers "encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	"esimbot/storage"
)

// clockedOnce builds the program with the clock that a test can move (clock_moved.go).
var clockedOnce = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "esimbot-clocked")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-tags", "testclock", "-o", bin, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build -tags testclock: %w\n%s", err, out)
	}
	return bin, nil
})

// crashTown is a town whose shop is killed and started again.
type crashTown struct {
	*town
	program string
	extra   []string          // of the shop's environment
	clock   string            // file
	begin   time.Time         // by the clock of the town
	begun   map[int64]int64   // Stars of customers before they came
	codes   map[string]string // read from pictures, by file
	plans   []esim.Plan
	funds   int64 // at the vendor
	ann     visitor
	staff   visitor

	again sync.Mutex // held while it is started anew

	mu    sync.Mutex
	now   *process      // the shop as it runs
	ahead time.Duration // of the clocks
	kills int
}

func newCrashTown(t testing.TB, limit time.Duration, o tgsandbox.Options) *crashTown {
	t.Helper()
	program, err := clockedOnce()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	o.PreCheckoutTimeout = patience // a machine with much to do is no reason to pay again
	w := &crashTown{town: townOf(t, ctx, o), program: program, begun: map[int64]int64{}, codes: map[string]string{}}
	w.clock = filepath.Join(t.TempDir(), "clock")
	w.writeClock()
	w.ann, w.staff = visit(w.rig, w.rig.ann()), visit(w.rig, w.rig.staff())
	for _, p := range w.telegram.Users() {
		w.begun[p.ID] = w.telegram.User(p.ID).Stars()
	}
	w.funds, w.begin = w.vendor.Balance(), w.vendor.Time()
	return w
}

func (w *crashTown) writeClock() {
	f, err := os.OpenFile(w.clock, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Error(err)
		return
	}
	_, err = f.WriteAt(numbers.NativeEndian.AppendUint64(nil, uint64(w.ahead)), 0) // the file is memory of the shop
	if err := errors.Join(err, f.Close()); err != nil {
		w.t.Error(err)
	}
}

// later moves the clocks of the shop and of both neighbours.
func (w *crashTown) later(d time.Duration) {
	w.mu.Lock()
	w.ahead += d
	w.writeClock()
	w.mu.Unlock()
	w.vendor.Advance(d)
	w.telegram.ClockMoved()
}

// start begins a run of the shop and does not wait until it is open.
func (w *crashTown) start() (*process, error) {
	p, err := spawn(w.t, w.program, w.env(append([]string{"CRASH_CLOCK=" + w.clock}, w.extra...)...))
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.now = p
	w.mu.Unlock()
	return p, nil
}

// opens starts the shop; that it is killed before it is open is no failure.
func (w *crashTown) opens() {
	w.t.Helper()
	p, err := w.start()
	if err == nil {
		err = p.open(w.ctx)
	}
	if err != nil && w.process() == p && w.killed() == 0 {
		w.t.Fatal(err)
	}
}

func (w *crashTown) process() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *crashTown) killed() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kills
}

// crash kills the shop and starts it again.
func (w *crashTown) crash(whileDown func()) error {
	w.again.Lock()
	defer w.again.Unlock()
	w.mu.Lock()
	w.kills++
	p := w.now
	w.mu.Unlock()
	p.kill()
	if whileDown != nil {
		whileDown()
	}
	_, err := w.start()
	return err
}

// A shop that is not through after stepAfter waits for the clock; step is longer than
// anything it waits for at once (ten minutes).
const (
	stepAfter = 3 * time.Second
	step      = 11 * time.Minute
)

// introduced waits until the shop has told Telegram its commands: last those of the staff.
func (w *crashTown) introduced() {
	w.t.Helper()
	staff := fmt.Sprint(w.telegram.Group().ID)
	for {
		for scope := range w.telegram.Commands() {
			if strings.Contains(scope, staff) {
				return
			}
		}
		select {
		case <-w.ctx.Done():
			w.t.Fatalf("the shop never tells its commands: %v", w.telegram.Commands())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// eventually waits for something in a chat, and moves the clock while it does not come.
func (w *crashTown) eventually(v visitor, what string, ok func(chat []tgsandbox.Message) bool) {
	w.t.Helper()
	for {
		ctx, cancel := context.WithTimeout(w.ctx, stepAfter)
		_, err := v.Wait(ctx, ok)
		cancel()
		if err == nil {
			return
		}
		if w.ctx.Err() != nil {
			w.t.Fatalf("no %s came; the chat:\n%s\nthe log of the last run:\n%s", what, transcript(v.Chat()), w.process().log)
		}
		w.later(step)
	}
}

// settled waits until the shop has nothing left to do, and moves the clock while it has.
// What it still had to do when ctx ended is the error.
func (w *crashTown) settled() error { return w.settles(w.ctx) }

func (w *crashTown) settles(ctx context.Context) error {
	moved := time.Now()
	for {
		left, err := w.left()
		if err == nil && left == "" {
			return nil
		}
		if time.Since(moved) > stepAfter {
			w.later(step)
			moved = time.Now()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("never done: %s %w; the log of the last run:\n%s", left, err, w.process().log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// left asks the shop's own metrics what it still has to do.
func (w *crashTown) left() (string, error) {
	p := w.process()
	select {
	case <-p.opened:
	default:
		return "", fmt.Errorf("the shop is not open yet")
	}
	resp, err := http.Get("http://" + p.addr + "/metrics")
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("metrics: %s %w", resp.Status, err)
	}
	work := map[string]bool{`esimbot_outbox{status="waiting"}`: true, "esimbot_refunds_due": true}
	for _, s := range esim.States() {
		if s.Open() {
			work[fmt.Sprintf(`esimbot_orders{state=%q}`, s)] = true
		}
	}
	var left []string
	found := 0
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !work[name] {
			continue
		}
		found++
		if n, err := strconv.ParseFloat(value, 64); err != nil || n != 0 {
			left = append(left, name+" "+value)
		}
	}
	if found != len(work) {
		return "", fmt.Errorf("metrics name %d of %d things:\n%s", found, len(work), b)
	}
	return strings.Join(left, ", "), nil
}

// books opens the database of a shop that has stopped.
func (w *crashTown) books() *storage.DB {
	w.t.Helper()
	db, err := storage.Open(w.ctx, w.database, storage.Options{Now: w.vendor.Time})
	if err != nil {
		w.t.Fatal(err)
	}
	return db
}

// shelves keeps a database as a first start leaves it: with the price list, and without a
// customer. The journeys begin there.
var shelves struct {
	sync.Mutex
	stocked []byte
	plans   []esim.Plan
}

// stock gives the shop its price list before it starts.
func (w *crashTown) stock() []esim.Plan {
	w.t.Helper()
	shelves.Lock()
	defer shelves.Unlock()
	if shelves.stocked == nil {
		w.opens()
		select {
		case <-w.now.stocked:
		case <-w.ctx.Done():
			w.t.Fatalf("the price list does not arrive:\n%s", w.now.log)
		}
		if code := w.now.stop(); code != 0 {
			w.t.Fatalf("exit code %d\n%s", code, w.now.log)
		}
		db := w.books()
		plans, _, err := db.LoadPlans(w.ctx)
		// What this run may have told its Telegram, that of no other town was told.
		err = errors.Join(err, db.SetSetting(w.ctx, "introduced", ""), db.Close())
		if err != nil || len(plans) == 0 {
			w.t.Fatalf("%d plans: %v", len(plans), err)
		}
		if shelves.stocked, err = os.ReadFile(w.database); err != nil {
			w.t.Fatal(err)
		}
		shelves.plans = plans
		return plans
	}
	if err := os.WriteFile(w.database, shelves.stocked, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return shelves.plans
}
