package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
)

// newLogger returns the program's log, which redacts tokens, activation codes and ICCIDs
// wherever they might turn up, and does not repeat itself.
func newLogger(c shop.Config) *slog.Logger { return loggerTo(os.Stderr, c) }

func loggerTo(w io.Writer, c shop.Config) *slog.Logger {
	text := c.LogFormat == "text"
	opts := &slog.HandlerOptions{Level: c.LogLevel, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration {
			return duration(a, text)
		}
		return telegram.RedactAttr(groups, a)
	}}
	if text {
		return slog.New(newDamped(slog.NewTextHandler(w, opts)))
	}
	return slog.New(newDamped(slog.NewJSONHandler(w, opts)))
}

// duration is how long something took, or waits: for people as they write it, for programs a number of milliseconds
// that says so in its name (JSON would have nanoseconds).
func duration(a slog.Attr, text bool) slog.Attr {
	d := a.Value.Duration()
	if text {
		return slog.String(a.Key, d.Round(time.Millisecond).String())
	}
	return slog.Float64(a.Key+"_ms", float64(d.Round(100*time.Microsecond).Microseconds())/1000)
}
