package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"esimbot/esim"
)

// How long staff wait to hear of what is open, and to be reminded: of that by a job, whose rounds
// are half an hour here. What is excused is only the time in which that could not be told, by anybody.
const (
	toldWithin = time.Hour
	toldAgain  = 24*time.Hour + 4*simulatedRound
)

// checkAllTold: whatever was open was told in time, and again each day.
func (s *simulated) checkAllTold(ctx context.Context) {
	s.t.Helper()
	orders, err := s.app.DB.RecentOrders(ctx, nil, 100_000)
	s.must(err)
	for _, o := range orders {
		s.checkTold(ctx, o)
	}
	for _, h := range s.held(ctx) {
		s.toldBetween("held payment "+h.id, s.watch.heldTold(), h.since, h.since, h.until)
	}
}

// checkTold: as long as a paid order was neither delivered nor refunded, and as long as one waited for
// money that staff confirm, the group was told of it within an hour, and again each day.
func (s *simulated) checkTold(ctx context.Context, o esim.Order) {
	s.t.Helper()
	events, err := s.app.DB.OrderEvents(ctx, o.ID)
	s.must(err)
	var first, since time.Time // the same, but where the clock said it twice
	if spec, err := o.Method.Spec(); err == nil && spec.ConfirmedBy == esim.ConfirmedByStaff {
		first, since = s.truly(o.Created)
	}
	closed := func(at time.Time) {
		if !since.IsZero() {
			s.toldBetween("order "+o.ID.String()+" ("+o.Reason+")", s.watch.orderTold(o.ID), first, since, at)
		}
		since = time.Time{}
	}
	for _, e := range events {
		at, last := s.truly(e.At)
		if strings.HasPrefix(e.Why, "recovered") { // by Telegram's account, whose clock nobody sets
			at, last = e.At, e.At
		}
		switch {
		case e.To.Open() && since.IsZero():
			first, since = at, last
		case e.From == esim.StateAwaitingPayment && e.To == esim.StatePaid: // what waited for its money waits for its eSIM now
			closed(at)
			first, since = at, last
		case e.To != esim.StateAwaitingPayment && !e.To.Open():
			closed(at)
		}
	}
	closed(time.Now())
}

// toldBetween holds that of something that was open for a while staff were told soon, and then daily. It
// was open since a moment, or since the first of two that are the same by the clock: what is told counts
// from there.
func (s *simulated) toldBetween(what string, told []time.Time, first, since, until time.Time) {
	s.t.Helper()
	last, patience, day := since, toldWithin, false
	for _, at := range append(told, until) {
		if at.Before(first) {
			continue
		}
		if at.Before(since) {
			at = since
		}
		if at.After(until) {
			at = until
		}
		excused := s.impossible(last, at)
		if day {
			excused += s.setBack(last, at)
		}
		if at.Sub(last)-excused > patience {
			s.t.Errorf("%s was open from %s to %s, and nobody was told between %s and %s, of which %s could not be told in",
				what, since.Format(time.DateTime), until.Format(time.DateTime), last.Format(time.DateTime), at.Format(time.DateTime), excused)
			return
		}
		last, patience, day = at, toldAgain, true
	}
}

// A heldPayment is one that no order explained for a while.
type heldPayment struct {
	id           string
	customer     esim.CustomerID
	amount       esim.Money
	made         time.Time
	since, until time.Time
	closed       bool
	booked       bool // in the end it has an order, or goes back
}

// held lists them, those too that are closed. They are open since they were made, or since the copy was
// put back that does not know their order.
func (s *simulated) held(ctx context.Context) (all []heldPayment) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "shop.db")+"?mode=ro")
	s.must(err)
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT id, person, minor, currency, at, coalesce(closed, 0), EXISTS (SELECT 1 FROM payments WHERE id = u.id) FROM unexplained_payments u`)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var h heldPayment
		var at, closed int64
		s.must(rows.Scan(&h.id, &h.customer, &h.amount.Minor, &h.amount.Currency, &at, &closed, &h.booked))
		h.made = time.UnixMilli(at)
		h.since, h.until, h.closed = time.UnixMilli(at), time.Now(), closed > 0
		if h.closed {
			h.until, _ = s.truly(time.UnixMilli(closed))
		}
		for _, l := range s.losses {
			if l.to.After(h.since) {
				h.since = l.to
			}
		}
		all = append(all, h)
	}
	s.must(rows.Err())
	return all
}

// checkHeld: what staff decided about is at an end.
func (s *simulated) checkHeld(ctx context.Context) {
	s.t.Helper()
	for _, h := range s.held(ctx) {
		if !h.closed {
			s.t.Errorf("payment %s is held and staff cannot end it", h.id)
		}
	}
}

// settleHeld has staff send back or keep each payment that no order explains, with their buttons.
func (s *simulated) settleHeld() {
	s.t.Helper()
	for range 40 {
		open, err := s.app.DB.UnexplainedPayments(s.t.Context())
		s.must(err)
		if len(open) == 0 {
			return
		}
		if _, err := s.staff.Send("/unexplained"); err != nil {
			s.t.Errorf("staff cannot write: %v", err)
			return
		}
		s.pass(time.Minute)
		act := []string{"Send back", "Keep"}[s.rng.IntN(2)]
		if !s.touch(s.staff, "1 ·") || !s.touch(s.staff, act) || !s.touch(s.staff, "Yes") {
			s.t.Logf("%s does not work: %v", act, s.staff.Last().Labels())
		}
		s.pass(time.Minute)
	}
}

// A notice is what the group was told.
type notice struct {
	at   time.Time
	text string
}

// toldWhere are the times when the outbox told the group something that fits: an answer to what
// staff asked for is none of it.
func (w *watcher) toldWhere(fits func(text string) bool) (times []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.notices {
		if w.outbox[n.at] && fits(n.text) {
			times = append(times, n.at)
		}
	}
	return times
}

func (w *watcher) orderTold(id esim.OrderID) []time.Time {
	return w.toldWhere(func(text string) bool { return slices.Contains(orderNames.FindAllString(text, -1), id.String()) })
}

func (w *watcher) heldTold() []time.Time {
	return w.toldWhere(func(text string) bool { return strings.Contains(text, "ayments that nobody here knows") })
}

// toldOf reports whether a notice to the group has these words.
func (s *simulated) toldOf(words string) bool {
	return len(s.watch.toldWhere(func(text string) bool { return strings.Contains(text, words) })) > 0
}
