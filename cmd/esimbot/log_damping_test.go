package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheSameLineIsWrittenOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		log := slog.New(newDamped(slog.NewTextHandler(&b, nil)))
		full := errors.New("database or disk is full")
		count := func(words string, want int) {
			t.Helper()
			if n := strings.Count(b.String(), words); n != want {
				t.Errorf("%d lines with %q, want %d:\n%s", n, words, want, b.String())
			}
		}
		for n := range 12_810 {
			log.Error("order stays where it is", "order", "K7M2", "failures", n, "err", full)
			log.With("job", "outbox").Warn("worker failed", "err", full)
		}
		log.Error("order stays where it is", "order", "ZZZZ", "err", full) // another one
		for range 5 {
			for update := range 3 { // three payments, each with its line
				log.Error("payment not booked yet", "update", update, "failures", 2, "err", full)
			}
		}
		count("payment not booked yet", 3)
		log.With("job", "refund").Warn("worker failed", "err", full)
		count("order=K7M2", 1)
		count("order=ZZZZ", 1)
		count("job=outbox", 1)
		count("job=refund", 1)
		for range 3 {
			log.Info("the shop is open")
		}
		count("the shop is open", 3)
		time.Sleep(time.Minute)
		log.Error("order stays where it is", "order", "K7M2", "failures", 1, "err", full)
		count("order=K7M2", 2)
		count("left_out=12809", 1)
	})
}

func TestDampedLinesAreNotRememberedForEver(t *testing.T) {
	var b bytes.Buffer
	h := newDamped(slog.NewTextHandler(&b, nil))
	log := slog.New(h)
	for n := range 5 * linesRemembered {
		log.Error("trouble", "err", fmt.Sprint("number ", n))
	}
	if n := strings.Count(b.String(), "\n"); n != 5*linesRemembered || len(h.lines.known) > linesRemembered {
		t.Errorf("%d lines, %d remembered", n, len(h.lines.known))
	}
}
