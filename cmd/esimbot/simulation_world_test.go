package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/memnet"
	"esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// simulated is the whole shop between both neighbours inside a bubble of testing/synctest:
// time is virtual, connections are in memory, the database is a file. Make it in the bubble.
type simulated struct {
	t        testing.TB
	dir      string
	network  *memnet.Network
	telegram *tgsandbox.Server
	vendor   *vendorsandbox.Sandbox
	stops    []func()
	rng      *rand.Rand
	staff    *tgsandbox.UserClient
	people   []*tgsandbox.UserClient

	app      *shop.App
	process  *life
	paidBy   string // PAYMENTS
	kills    int    // of the program so far
	exits    int    // runs that ended by themselves
	watch    *watcher
	spells   []spell                    // in which nobody could be told
	losses   []loss                     // what copies that were put back do not know
	copied   time.Time                  // when the copy was made that would be put back
	payments int                        // that customers made in acts
	booked   map[esim.PaymentMethod]int // in the end
	slow     atomic.Int64               // nanoseconds by which the program's clock is behind
	quiet    atomic.Bool                // nothing is going on, and nobody acts soon
	asInLife atomic.Bool                // jobs and workers run as often as in a real shop
	commits  atomic.Int64

	crash       atomic.Pointer[crash] // the next one
	diskFull    atomic.Bool           // nothing can be committed
	diskSick    atomic.Bool           // of three reads one fails
	reads       atomic.Int64
	clocks      []clockSet
	diskWasFull bool // in this episode
}

// simulatedRound is how often a simulated shop looks by the clock alone. What customers, staff
// and neighbours do wakes it as in life.
const simulatedRound = 30 * time.Minute

// simulate opens a shop with so many customers. catalog must be read before the bubble.
func simulate(t testing.TB, dir, catalog string, seed uint64, customers int) *simulated {
	t.Helper()
	return simulatePaidBy(t, dir, catalog, seed, customers, "stars")
}

// simulatePaidBy is simulate with other ways to pay.
func simulatePaidBy(t testing.TB, dir, catalog string, seed uint64, customers int, payments string) *simulated {
	t.Helper()
	s := &simulated{t: t, dir: dir, paidBy: payments, network: memnet.New(), watch: newWatcher(), rng: rand.New(rand.NewPCG(seed, 9))}
	hooks := s.network.Client()
	people := []tgsandbox.User{{ID: 900, FirstName: "Staff", LanguageCode: "en", Staff: true}}
	for i := range customers {
		if i >= 900-101 { // the number of the staff's is taken
			i++
		}
		people = append(people, tgsandbox.User{ID: int64(101 + i), FirstName: "Customer", LanguageCode: "en"})
	}
	s.telegram = tgsandbox.New(tgsandbox.Options{Seed: seed + 1, Users: people, Balance: 10_000_000, History: 20_000, WebhookClient: hooks, OnCall: s.watch.telegram, LongPoll: quietRound})
	var err error
	s.vendor, err = vendorsandbox.New(vendorsandbox.Options{Seed: seed + 1, CatalogFile: catalog, Balance: 1_000_000_000, WebhookClient: hooks, OnCall: s.watch.vendorCall})
	s.must(err)
	s.stops = []func(){s.network.Serve("telegram:80", s.telegram), s.network.Serve("vendor:80", s.vendor), hooks.CloseIdleConnections}
	for _, p := range people[1:] {
		s.people = append(s.people, s.telegram.User(p.ID))
	}
	s.staff = s.telegram.User(900).In(s.telegram.Group().ID)
	s.setClock(0)
	s.must(shoptest.PlaceEmptyDatabase(filepath.Join(dir, "shop.db")))
	s.start()
	return s
}

// now is what the program's clock says.
func (s *simulated) now() time.Time { return time.Now().Add(-time.Duration(s.slow.Load())) }

func (s *simulated) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// start begins a life of the program on the file as the last one left it. One that dies, or
// cannot write, before it is open is followed by the next, as a supervisor does it.
func (s *simulated) start() {
	s.t.Helper()
	died, at := false, time.Time{}
	if s.process != nil {
		died, at = s.process.end()
	}
	for {
		err := s.open()
		if err == nil {
			if died {
				s.spells = append(s.spells, spell{at, time.Now(), "no process"})
			}
			return
		}
		if !s.process.dead.Load() && !s.diskFull.Load() && !s.diskSick.Load() {
			s.t.Fatalf("the shop does not open: %v", err)
		}
		s.process.cancel()
		s.process.web.CloseIdleConnections()
		s.kills++
		time.Sleep(downtime)
	}
}

func (s *simulated) open() error {
	env := map[string]string{
		"TELEGRAM_TOKEN": s.telegram.Token(), "TELEGRAM_API": "http://telegram", "ESIM_ACCESS_CODE": "sandbox",
		"ESIM_ACCESS_API": "http://vendor", "DATABASE": filepath.Join(s.dir, "shop.db"), "PAYMENTS": s.paidBy, "PROVIDER_TOKEN": "1:TEST:x",
		"USAGE_POLL": "@every 2h", "PERSON_DAILY_ORDERS": "1000", "PERSON_DAILY_USD": "100000",
	}
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	s.must(err)
	cfg.StaffChat, cfg.PublicURL, cfg.PollTelegram = s.telegram.Group().ID, "http://shop", true
	p := &life{
		s: s, web: s.network.Client().Transport.(*http.Transport),
		ended: make(chan error, 1), gone: make(chan struct{}), died: make(chan struct{}),
	}
	s.process = p
	s.watch.begins()
	s.telegram.ForgetWaits()
	client := func(atMost time.Duration) *http.Client { return &http.Client{Transport: p, Timeout: atMost} }
	door, err := s.network.Listen("shop:80")
	s.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	log := slog.New(slog.DiscardHandler)
	if os.Getenv("SIMULATION_LOG") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	app, err := shop.New(ctx, cfg, shop.Options{
		Now: s.now, Log: slog.New(outboxLog{log.Handler(), s.watch, p}), Version: "simulated", Listener: door, NoSync: true, Readers: 2, MinInterval: s.rarely, AroundCommit: p.commit, BeforeRead: p.read,
		Vendor:   esimaccess.Config{HTTPClient: client(70 * time.Second)},
		Telegram: telegram.Config{HTTPClient: client(quietRound + 20*time.Second), LongPoll: quietRound},
	})
	if err != nil {
		_ = door.Close()
		return err
	}
	s.app = app
	go func() {
		p.ended <- app.Run(ctx)
		close(p.gone)
	}()
	return nil
}

// end stops everything, so that the bubble is empty.
func (s *simulated) end() {
	s.t.Helper()
	s.crash.Store(nil)
	s.process.cancel()
	if err := <-s.process.ended; err != nil {
		s.t.Errorf("the shop does not stop cleanly: %v", err)
	}
	s.process.web.CloseIdleConnections()
	s.telegram.Close()
	s.must(s.vendor.Close())
	for _, stop := range s.stops {
		stop()
	}
	s.network.Cut()
	synctest.Wait()
}
