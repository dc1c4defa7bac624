package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// What the simulation holds against the shop is itself held: an excuse that is too wide, or a limit that
// is not seen, would let everything pass.

func TestOnlyTheTimeIsExcusedInWhichNobodyCouldBeTold(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	s := &simulated{
		spells: []spell{{at(30), at(50), "later"}, {at(0), at(20), "Telegram"}, {at(10), at(25), "disk, partly at once"}, {at(300), at(400), "another day"}},
		clocks: []clockSet{{at(-60), 0}, {at(10), 6 * time.Hour}, {at(20), -time.Hour}, {at(40), 0}},
	}
	for _, tt := range []struct {
		from, to   int
		impossible time.Duration
		setBack    time.Duration
	}{
		{-60, -10, 0, 0},
		{-60, 60, 45 * time.Minute, 7 * time.Hour}, // set back by six, forward by seven, back by one
		{5, 15, 10 * time.Minute, 6 * time.Hour},
		{22, 32, 5 * time.Minute, 0},
		{25, 30, 0, 0},
		{50, 290, 0, 0},
	} {
		if got := s.impossible(at(tt.from), at(tt.to)); got != tt.impossible {
			t.Errorf("from %d to %d nobody could be told for %s, want %s", tt.from, tt.to, got, tt.impossible)
		}
		if got := s.setBack(at(tt.from), at(tt.to)); got != tt.setBack {
			t.Errorf("from %d to %d the clock was set back by %s, want %s", tt.from, tt.to, got, tt.setBack)
		}
	}
}

func TestToldLateIsAFault(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(hours float64) time.Time { return noon.Add(time.Duration(hours * float64(time.Hour))) }
	for _, tt := range []struct {
		name   string
		told   []time.Time
		until  float64
		spells []spell
		want   int
	}{
		{"closed before anybody had to know", nil, 0.9, nil, 0},
		{"never", nil, 1.1, nil, 1},
		{"before it was open", []time.Time{at(-1)}, 2, nil, 1},
		{"in time", []time.Time{at(0.5)}, 20, nil, 0},
		{"and not the next day", []time.Time{at(0.5)}, 40, nil, 1},
		{"and the next day", []time.Time{at(0.5), at(24.5)}, 40, nil, 0},
		{"Telegram was down", []time.Time{at(1.5)}, 20, []spell{{at(0), at(0.75), ""}}, 0},
		{"Telegram was down another time", []time.Time{at(1.5)}, 20, []spell{{at(2), at(4), ""}, {at(-9), at(0), ""}}, 1},
	} {
		w := &witness{TB: t}
		s := &simulated{t: w, spells: tt.spells}
		if s.toldBetween(tt.name, tt.told, at(0), at(0), at(tt.until)); len(w.faults) != tt.want {
			t.Errorf("%s: %q, want %d faults", tt.name, w.faults, tt.want)
		}
	}
}

func TestLimitsAreCountedWhereMessagesArrive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		sends func(l *limitsSeen, w *watcher)
		want  int
	}{
		{"five at once to a chat", func(l *limitsSeen, w *watcher) { l.many(w, 7, 5, 0) }, 0},
		{"six at once to a chat", func(l *limitsSeen, w *watcher) { l.many(w, 7, 6, 0) }, 1},
		{"one a second to a chat after five", func(l *limitsSeen, w *watcher) {
			l.many(w, 7, 5, 0)
			l.many(w, 7, 20, time.Second)
		}, 0},
		{"two a second to a chat", func(l *limitsSeen, w *watcher) { l.many(w, 7, 10, time.Second/2) }, 1},
		{"thirty chats in a second", func(l *limitsSeen, w *watcher) {
			for chat := range int64(30) {
				l.sent(w, chat+1)
			}
		}, 0},
		{"thirty-one chats in a second", func(l *limitsSeen, w *watcher) {
			for chat := range int64(31) {
				l.sent(w, chat+1)
			}
		}, 1},
		{"twenty to the group in a minute", func(l *limitsSeen, w *watcher) { l.many(w, -7, 20, time.Second) }, 0},
		{"twenty-one to the group in a minute", func(l *limitsSeen, w *watcher) { l.many(w, -7, 21, time.Second) }, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWatcher()
			if tt.sends(&w.limits, w); min(len(w.faults), 1) != tt.want {
				t.Errorf("%s: %q, want faults: %d", tt.name, w.faults, tt.want)
			}
		})
	}
}

// many sends n messages to a chat, so far apart.
func (l *limitsSeen) many(w *watcher, chat int64, n int, apart time.Duration) {
	for range n {
		time.Sleep(apart)
		l.sent(w, chat)
	}
}
