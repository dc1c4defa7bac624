//go:build bench

package main

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A contender is a program that answers presses, as a process of its own beside a light Telegram.
type contender struct {
	b        testing.TB
	telegram *lightTelegram
	cmd      *exec.Cmd
	started  time.Time
}

// contend starts the shop as it is shipped, with the whole catalogue of the simulated vendor, or the bare program.
func contend(b testing.TB, bare bool) *contender {
	b.Helper()
	c := &contender{b: b, telegram: newLightTelegram()}
	server := httptest.NewServer(c.telegram)
	b.Cleanup(server.Close)
	if bare {
		program, err := os.Executable()
		if err != nil {
			b.Fatal(err)
		}
		c.start(exec.Command(program), bareVariable+"="+server.URL, "DATABASE="+filepath.Join(b.TempDir(), "bare.db"))
		return c
	}
	vendor, err := vendorsandbox.New(vendorsandbox.Options{AccessCode: goodCode})
	if err != nil {
		b.Fatal(err)
	}
	sells := httptest.NewServer(vendor)
	b.Cleanup(sells.Close)
	c.start(exec.Command(binary(b), "serve"),
		"TELEGRAM_TOKEN=123456789:"+strings.Repeat("x", 35), "TELEGRAM_API="+server.URL, "ESIM_ACCESS_CODE="+goodCode, "ESIM_ACCESS_API="+sells.URL,
		"ADMIN_CHAT_ID=-100200", "DATABASE="+shoptest.EmptyDatabase(b), "LISTEN=127.0.0.1:0", "LOG_LEVEL=warn", "METRICS_LISTEN="+os.Getenv("BENCH_METRICS"), "PPROF="+map[bool]string{true: "on", false: "off"}[os.Getenv("BENCH_METRICS") != ""])
	return c
}

func (c *contender) start(cmd *exec.Cmd, env ...string) {
	c.b.Helper()
	var log bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), &log
	c.started = time.Now()
	if err := cmd.Start(); err != nil {
		c.b.Fatal(err)
	}
	c.cmd = cmd
	var closing atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := cmd.Wait(); !closing.Load() {
			panic(fmt.Sprintf("the program ended by itself: %v\n%s", err, log.String())) // whoever waits for it would wait for ever
		}
	}()
	c.b.Cleanup(func() {
		closing.Store(true)
		cmd.Process.Kill()
		<-ended
	})
}

// processor is the processor's time of the program until now.
func (c *contender) processor() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		c.b.Fatal(err)
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // of USER_HZ, 100 on every Linux
}

// memory is a line of /proc/self/status in megabytes: VmRSS now, VmHWM at its highest.
func (c *contender) memory(name string) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		c.b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(raw), name+":")
	kilobytes, _ := strconv.ParseFloat(strings.Fields(after)[0], 64)
	return kilobytes / 1024
}

// ready has every person write /start, and waits until the price list is there. It returns the time from the
// start of the program to its first answer.
func (c *contender) ready(people int) time.Duration {
	c.telegram.says(firstPerson, "/start")
	first := time.Since(c.started)
	for {
		if strings.Contains(c.telegram.presses(firstPerson, routes[2]), "country") || c.cmd.Args[len(c.cmd.Args)-1] != "serve" {
			break
		}
		time.Sleep(10 * time.Millisecond) // of a person who tries again
	}
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() { c.telegram.says(firstPerson+int64(i), "/start") })
	}
	all.Wait()
	return first
}

const firstPerson = 5000

// routes are what is pressed: the continents, one of them, a country, the menu.
var routes = []string{"conts", "cont|europe", "country|FR", "menu"}

// A load is what one turn of presses cost.
type load struct {
	presses   int
	took      time.Duration
	processor time.Duration
	each      []time.Duration // sorted
}

func (l load) perSecond() float64 { return float64(l.presses) / l.took.Seconds() }
func (l load) micros() float64    { return float64(l.processor.Microseconds()) / float64(l.presses) }

func (l load) percentile(p float64) time.Duration {
	return l.each[min(len(l.each)-1, int(p*float64(len(l.each))))]
}

// saturate has people press as fast as they are answered.
func (c *contender) saturate(people int, length time.Duration) load {
	return c.measure(people, func(i int, note func(time.Duration)) {
		for end := time.Now().Add(length); time.Now().Before(end); i++ {
			begun := time.Now()
			c.telegram.presses(firstPerson+int64(i%people), routes[(i/people)%len(routes)])
			note(time.Since(begun))
			i += people - 1
		}
	})
}

// paced has people press at a rate of all of them together, whether answers come or not.
func (c *contender) paced(people int, aSecond float64, length time.Duration) load {
	gap := time.Duration(float64(people) / aSecond * float64(time.Second))
	return c.measure(people, func(i int, note func(time.Duration)) {
		due := time.Now().Add(gap * time.Duration(i) / time.Duration(people))
		for n, end := 0, time.Now().Add(length); due.Before(end); n++ {
			time.Sleep(time.Until(due))
			c.telegram.presses(firstPerson+int64(i), routes[n%len(routes)])
			note(time.Since(due))
			due = due.Add(gap)
		}
	})
}

func (c *contender) measure(people int, press func(i int, note func(time.Duration))) load {
	var mu sync.Mutex
	var l load
	var presses atomic.Int64
	before, begun := c.processor(), time.Now()
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			press(i, func(d time.Duration) {
				presses.Add(1)
				mu.Lock()
				l.each = append(l.each, d)
				mu.Unlock()
			})
		})
	}
	all.Wait()
	l.took, l.processor, l.presses = time.Since(begun), c.processor()-before, int(presses.Load())
	slices.Sort(l.each)
	return l
}

// median is that of the repeats.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
