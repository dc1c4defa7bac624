//go:build soak

package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

var (
	soakKills = flag.Int("kills", 1000, "how often the shop is killed at a random moment")
	soakSeed  = flag.Uint64("seed", 1, "of the random kills; the moments also depend on the machine")
)

// killsAShift is how many kills there are between two audits.
const killsAShift = 125

// TestAThousandRandomKills kills the shop at random moments while several customers
// buy, top up and cancel, and both neighbours fail at random. After each shift the shop
// gets good weather and time, and then everything has to agree.
func TestAThousandRandomKills(t *testing.T) {
	began := time.Now()
	people := []tgsandbox.User{{ID: 201, FirstName: "Staff", Username: "staff", LanguageCode: "en", Staff: true}}
	for id := int64(301); id <= 308; id++ {
		people = append([]tgsandbox.User{{ID: id, FirstName: fmt.Sprint("Customer ", id), LanguageCode: "en"}}, people...)
	}
	w := newCrashTown(t, time.Hour, tgsandbox.Options{Users: people, Balance: 100_000_000, History: 1_000_000, NoFlood: true})
	w.vendor.SetBalance(1_000_000_000_000)
	w.funds = w.vendor.Balance()
	w.extra = []string{"PERSON_DAILY_ORDERS=10000", "PERSON_DAILY_USD=1000000"}
	w.plans = w.stock()
	s := &soak{crashTown: w, rng: rand.New(rand.NewPCG(*soakSeed, 7)), errors: map[string]int{}}
	s.opens()
	s.introduced()
	for s.killed() < *soakKills && !t.Failed() {
		s.shift(min(killsAShift, *soakKills-s.killed()))
		a := s.checked()
		t.Logf("%d kills: %d delivered, %d topped up, %d refunded, %d faults, by the shop's clock %s, in %s", s.killed(),
			a.delivered, a.toppedUp, a.refunded, len(a.broken), s.waited(), time.Since(began).Round(time.Second))
		for _, fault := range a.broken {
			t.Errorf("after %d kills: %s", s.killed(), fault)
		}
		s.opens()
	}
	for _, msg := range slices.Sorted(maps.Keys(s.errors)) {
		t.Logf("the shop logged %d times: %s", s.errors[msg], msg)
	}
}

type soak struct {
	*crashTown
	rng    *rand.Rand
	errors map[string]int // error lines of the shop's log, by their words
}

// shift is a number of kills with everybody busy.
func (s *soak) shift(kills int) {
	ctx, rest := context.WithCancel(s.ctx)
	var busy sync.WaitGroup
	for _, p := range s.telegram.Users() {
		if !p.Staff {
			c := &customer{UserClient: s.telegram.User(p.ID), s: s, rng: rand.New(rand.NewPCG(s.rng.Uint64(), 1))}
			busy.Go(func() { c.lives(ctx) })
		}
	}
	weather := rand.New(rand.NewPCG(s.rng.Uint64(), 2))
	busy.Go(func() { s.weather(ctx, weather) })
	for range kills {
		s.waits()
		p := s.process()
		if err := s.crash(nil); err != nil {
			s.t.Fatal(err)
		}
		s.learn(p)
	}
	rest()
	busy.Wait()
}

// waits is how long a run may live: mostly some hundred milliseconds after it opened,
// sometimes not until then.
func (s *soak) waits() {
	p, moment := s.process(), time.Duration(s.rng.Int64N(int64(400*time.Millisecond)))
	if s.rng.IntN(6) > 0 {
		if err := p.open(s.ctx); err != nil {
			s.t.Fatal(err)
		}
	}
	select {
	case <-time.After(moment):
	case <-p.ended:
		s.t.Fatalf("the shop ended by itself: %s\n%s", p.cmd.ProcessState, p.log)
	}
}

// learn counts what a run logged as an error, and forgets its log.
func (s *soak) learn(p *process) {
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "panic") {
			s.errors[kindOf(line)]++
		}
	}
	p.log.reset()
}

func (l *lockedBuffer) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = bytes.Buffer{}
}

// kindOf is a line of the log without times, numbers and names.
func kindOf(line string) string {
	_, line, _ = strings.Cut(line, `"msg":`)
	line = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, strings.TrimSpace(line))
	return line[:min(len(line), 160)]
}

// weather breaks the neighbours now and then.
func (s *soak) weather(ctx context.Context, rng *rand.Rand) {
	vendor := []vendorsandbox.Fault{
		{Kind: vendorsandbox.LoseRequest},
		{Kind: vendorsandbox.LoseAnswer},
		{Kind: vendorsandbox.CutBody},
		{Kind: vendorsandbox.BadGateway},
		{Kind: vendorsandbox.BadGateway, Worked: true},
		{Kind: vendorsandbox.RateBurst},
		{Kind: vendorsandbox.Slow, Delay: 300 * time.Millisecond},
		{Kind: vendorsandbox.Slow, Delay: 300 * time.Millisecond, Worked: true},
		{Kind: vendorsandbox.Refuse, Endpoint: "esim/order", Code: "200011"},
		{Kind: vendorsandbox.Refuse, Endpoint: "esim/topup", Code: "310241"},
		{Kind: vendorsandbox.Refuse, Endpoint: "esim/query", Code: "200010"},
		{Kind: vendorsandbox.LoseAnswer, Endpoint: "esim/order"},
		{Kind: vendorsandbox.LoseAnswer, Endpoint: "esim/topup"},
		{Kind: vendorsandbox.LoseAnswer, Endpoint: "esim/cancel"},
	}
	telegram := []tgsandbox.Fault{
		{Kind: tgsandbox.BadGateway},
		{Kind: tgsandbox.GatewayTimeout},
		{Kind: tgsandbox.LoseRequest},
		{Kind: tgsandbox.LoseAnswer},
		{Kind: tgsandbox.ServerError},
		{Kind: tgsandbox.TooMany},
		{Kind: tgsandbox.Slow, Delay: 200 * time.Millisecond},
	}
	methods := []string{"sendPhoto", "sendMessage", "refundStarPayment", "getUpdates", "answerPreCheckoutQuery", "editMessageText"}
	for ctx.Err() == nil {
		f := vendor[rng.IntN(len(vendor))]
		f.Count = 1
		s.vendor.Break(f)
		if rng.IntN(3) == 0 { // seldom: faults that no call meets pile up
			s.telegram.Break(methods[rng.IntN(len(methods))], 1, telegram[rng.IntN(len(telegram))])
		}
		switch rng.IntN(12) {
		case 0:
			s.telegram.LosePayments(1)
		case 1:
			s.telegram.RepeatPayments(1)
		case 2:
			s.telegram.RepeatUpdates(1)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rng.Int64N(int64(time.Second)))):
		}
	}
}

// rests lets the shop do what is left. It writes to its staff twenty times a minute, so
// for their sake it begins anew now and then: a new run does not know of the last minute.
func (s *soak) rests() {
	s.t.Helper()
	for {
		ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
		err := s.settles(ctx)
		cancel()
		if err == nil {
			return
		}
		if s.ctx.Err() != nil {
			s.t.Fatal(err)
		}
		p := s.process()
		if err := s.crash(nil); err != nil {
			s.t.Fatal(err)
		}
		s.learn(p)
	}
}

// checked gives the shop good weather and time, stops it and audits it. Payments nobody
// told of are found at a start, and a fault that was left over may fall on that.
func (s *soak) checked() audit {
	s.t.Helper()
	s.vendor.Mend()
	var a audit
	for range 3 {
		s.rests()
		s.later(time.Minute) // until a payment counts as lost
		s.process().stop()
		s.learn(s.process())
		s.opens()
		select {
		case <-s.process().reconciled:
		case <-s.ctx.Done():
			s.t.Fatal("the shop never compares its books")
		}
		s.rests()
		a = s.closed()
		s.learn(s.process())
		if len(a.broken) == 0 {
			return a
		}
		s.t.Logf("not yet: %q", a.broken)
		s.opens()
	}
	return a
}
