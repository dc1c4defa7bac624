package ui

import (
	"context"
	"log/slog"
	"testing"
)

// Who waits for something is served though the vendor is slow with news of the cards they opened before.
func TestNewsStandInNobodysWay(t *testing.T) {
	t.Parallel()
	p := NewPresenter(nil, slog.New(slog.DiscardHandler), nil)
	hold, done := make(chan struct{}), make(chan struct{})
	r := &Request{}
	for message := range 2 * atOnce {
		slow := Screen{Quiet: true, After: func(context.Context) (Screen, error) { <-hold; return Screen{}, nil }}
		p.later(r, slow, ScreenTarget{Chat: 1, Message: message + 1})
	}
	p.later(r, Screen{After: func(context.Context) (Screen, error) { close(done); return Screen{}, nil }}, ScreenTarget{Chat: 1, Message: 9})
	<-done // while the news hang
	close(hold)
	p.Wait()
	if len(p.standing.by) != 0 {
		t.Errorf("%d messages are remembered", len(p.standing.by))
	}
}
