package main

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// disk lets nothing be committed for a while, as when it is full or read-only.
func (s *simulated) disk() { s.ill(&s.diskFull, true) }

// sick has some reads fail for a while, as of a disk that is about to die, or far away.
func (s *simulated) sick() { s.ill(&s.diskSick, false) }

// ill: dumb, nothing can be told meanwhile.
func (s *simulated) ill(how *atomic.Bool, dumb bool) {
	how.Store(true)
	s.diskWasFull = true
	d := time.Duration(5+s.rng.IntN(900)) * time.Second
	if dumb {
		s.spell("disk full", d+time.Minute)
	}
	h := s.anybody()
	// By the clock: a process that dies meanwhile is started again and again until it can write.
	time.AfterFunc(d+time.Minute, func() { how.Store(false) })
	_, _ = h.Send("/esims")
	s.pass(5 * time.Second)
	s.buy(h, "JP")
	s.pass(d + time.Minute)
}

// clock moves the machine's clock by hours in either direction, or sets it right again.
func (s *simulated) clock() {
	off := time.Duration(0)
	if s.slow.Load() == 0 {
		off = time.Duration(s.rng.IntN(12*60)-6*60) * time.Minute
	}
	s.setClock(off)
}

// price moves a plan's wholesale price, or the vendor's own balance.
func (s *simulated) price() {
	if s.rng.IntN(4) == 0 {
		all := s.vendor.Balance()
		s.vendor.Withdraw(all)
		s.pass(time.Duration(s.rng.IntN(7200)) * time.Second)
		s.vendor.Deposit(all)
		return
	}
	plans := s.app.Catalog.Current().Country("JP")
	if len(plans) == 0 {
		return
	}
	p := plans[s.rng.IntN(len(plans))]
	_ = s.vendor.SetPrice(p.Code, p.Wholesale.Minor*int64(30+s.rng.IntN(270))/100) // gone meanwhile
}

// withhold keeps an eSIM of an order under way from ever coming, or lets all come that were.
func (s *simulated) withhold() {
	orders := s.vendor.Orders()
	if s.rng.IntN(3) == 0 {
		for _, o := range orders {
			_ = s.vendor.Deliver(o.OrderNo)
		}
		return
	}
	h := s.anybody()
	s.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/query", Kind: vendorsandbox.BadGateway, Count: 2})
	s.buySome(h)
	if again := s.vendor.Orders(); len(again) > len(orders) {
		last := again[len(again)-1]
		_ = s.vendor.Withhold(last.OrderNo, 1+s.rng.IntN(max(1, len(last.EsimTranNos)))) // it came already
	}
}

// quirks turns on some of what the vendor does on bad days, and what was on off.
func (s *simulated) quirks() {
	on := func() bool { return s.rng.IntN(4) == 0 }
	q := vendorsandbox.Quirks{
		Doubled: on(), OutOfOrder: on(), Early: on(), LoseWebhooks: on(), MissingUsageRows: on(), EmptyAtFirst: on(),
		OldRows: on(), NumberCodes: on(), NewFields: on(), PartialRows: on(), ReuseICCID: on(),
	}
	if on() {
		q.Late = 10 * time.Minute
	}
	if on() {
		q.CodeForm = "each"
	}
	s.must(s.vendor.SetQuirks(q))
}

// outage is one neighbour or the other not being there at all.
func (s *simulated) outage() {
	d := time.Duration(1+s.rng.IntN(5400)) * time.Second
	if s.rng.IntN(2) == 0 {
		s.vendor.Down(true)
		s.buy(s.anybody(), "JP")
		s.pass(d)
		s.vendor.Down(false)
		return
	}
	s.spell("Telegram is down", d)
	s.must(s.telegram.SetMode([]string{"429", "502", "cut"}[s.rng.IntN(3)]))
	// By the clock: a process that dies meanwhile is started again, and waits for Telegram.
	time.AfterFunc(d, func() { _ = s.telegram.SetMode("ok") })
	s.pass(d + time.Second)
}

// refundedElsewhere has Telegram give one of the payments back, as Apple and Google do.
func (s *simulated) refundedElsewhere() {
	orders, err := s.app.DB.RecentOrders(s.t.Context(), nil, 30)
	if err != nil || len(orders) == 0 {
		return
	}
	payments, err := s.app.DB.PaymentsOf(s.t.Context(), orders[s.rng.IntN(len(orders))].ID)
	if err != nil || len(payments) == 0 {
		return
	}
	_ = s.telegram.RefundElsewhere(payments[0].ID) // it went back already
}

// backUp copies the database, as the operator's nightly job does.
func (s *simulated) backUp() {
	if s.app.DB.CopyTo(s.t.Context(), filepath.Join(s.dir, "backup.db")) == nil { // an error: the process is dead
		s.copied = time.Now()
	}
}

// restore puts the last copy back: what was written since is lost.
func (s *simulated) restore() {
	copied, err := os.ReadFile(filepath.Join(s.dir, "backup.db"))
	if err != nil {
		return
	}
	if !s.process.dead.Load() && !s.diskSick.Load() {
		s.checkAllTold(s.t.Context()) // what is lost now was promised too
	}
	s.kill()
	path := filepath.Join(s.dir, "shop.db")
	for _, old := range []string{path + "-wal", path + "-shm"} {
		_ = os.Remove(old) // there is none after a clean end
	}
	s.must(os.WriteFile(path, copied, 0o600))
	s.forget()
	s.start()
}

// room changes what the bot may do in the staff's group.
func (s *simulated) room() {
	switch s.rng.IntN(3) {
	case 0:
		s.telegram.MigrateGroup()
		s.staff = s.telegram.User(900).In(s.telegram.Group().ID)
	case 1:
		s.telegram.RestrictBot(true)
		s.away()
		s.telegram.RestrictBot(false)
	default:
		s.telegram.KickBot()
		s.away()
		s.telegram.AddBot()
	}
}

// away is a time in which staff cannot be told.
func (s *simulated) away() {
	d := time.Duration(1+s.rng.IntN(600)) * time.Second
	s.spell("the group is closed", d)
	s.pass(d)
}
