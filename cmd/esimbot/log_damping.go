package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

const (
	// sameLineEvery is how often one warning or error is written at most. A full disk makes
	// thousands a second of the same, and its own log would be the next to fill it.
	sameLineEvery = time.Minute
	// linesRemembered bounds the memory for them.
	linesRemembered = 1024
)

// A damped handler writes the same warning or error once a minute, and how many it left out
// with the next. Lines are the same if level, message and attributes agree, but for counts and times:
// of two payments that are not booked each has its line.
type damped struct {
	slog.Handler
	group string // what With and WithGroup put in front
	lines *lines // of all handlers that came from one
}

type lines struct {
	mu    sync.Mutex
	known map[string]*line
}

type line struct {
	written time.Time
	leftOut int
}

func newDamped(h slog.Handler) *damped {
	return &damped{Handler: h, lines: &lines{known: map[string]*line{}}}
}

// Handle writes the line, unless it was written within the last minute.
func (d *damped) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return d.Handler.Handle(ctx, r)
	}
	leftOut, write := d.lines.admit(d.group+nameOf(r), r.Time)
	if !write {
		return nil
	}
	if leftOut > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out", leftOut))
	}
	return d.Handler.Handle(ctx, r)
}

// nameOf is what makes a line the same as another.
func nameOf(r slog.Record) string {
	var b strings.Builder
	fmt.Fprint(&b, r.Level, " ", r.Message)
	r.Attrs(func(a slog.Attr) bool {
		v := a.Value.Resolve()
		switch {
		case v.Kind() == slog.KindDuration, v.Kind() == slog.KindTime:
		case a.Key == "stack", a.Key == "failures", a.Key == "attempts", a.Key == "count":
		default:
			fmt.Fprint(&b, " ", a.Key, "=", v)
		}
		return true
	})
	return b.String()
}

func (l *lines) admit(name string, now time.Time) (leftOut int, write bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.known[name]
	if known != nil && now.Sub(known.written) < sameLineEvery && !now.Before(known.written) {
		known.leftOut++
		return 0, false
	}
	if known != nil {
		leftOut = known.leftOut
	}
	if len(l.known) >= linesRemembered {
		clear(l.known)
	}
	l.known[name] = &line{written: now}
	return leftOut, true
}

// WithAttrs keeps count with the handler that it came from.
func (d *damped) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &damped{d.Handler.WithAttrs(attrs), d.group + fmt.Sprint(attrs), d.lines}
}

// WithGroup keeps count with the handler that it came from.
func (d *damped) WithGroup(name string) slog.Handler {
	return &damped{d.Handler.WithGroup(name), d.group + name + ".", d.lines}
}
