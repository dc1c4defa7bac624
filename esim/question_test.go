package esim_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

// A lastWord is the store of threads in which one customer's last word was spoken then, or that says why not.
type lastWord struct {
	at  time.Time
	err error
}

func (w lastWord) OpenThreadOf(context.Context, esim.CustomerID) (esim.SupportThread, error) {
	return esim.SupportThread{LastSpoken: w.at}, w.err
}

func TestAskedLast(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	broken := errors.New("the disk fails")
	tests := []struct {
		name   string
		thread lastWord
		want   bool
		err    error
	}{
		{"after the last word", lastWord{at: asked.Add(-time.Second)}, true, nil},
		{"before the last word", lastWord{at: asked.Add(time.Second)}, false, nil},
		{"with the last word", lastWord{at: asked}, false, nil},
		{"no thread", lastWord{err: esim.ErrNotFound}, false, nil},
		{"no answer", lastWord{err: broken}, false, broken},
	}
	for _, tt := range tests {
		got, err := esim.Question{Asked: asked}.AskedLast(t.Context(), tt.thread, ann)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
}
