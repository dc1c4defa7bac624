package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// telegramOnly serves the simulated Bot API, its page and its control API until ctx ends.
func (c sandboxCmd) telegramOnly(ctx context.Context, w world) error {
	if c.VendorOnly || c.RealTelegram {
		return errors.Join(errUsage, errors.New("--telegram-only goes with neither --vendor-only nor --real-telegram"))
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	var moved atomic.Int64
	tg := tgsandbox.New(tgsandbox.Options{
		Now: func() time.Time { return time.Now().Add(time.Duration(moved.Load())) }, Advance: func(d time.Duration) { moved.Add(int64(d)) },
		Seed: c.Seed, Name: "My bot", Username: "my_sandbox_bot",
	})
	const text = `
  The simulated Bot API:  http://%[1]s/
  Its token:              %[2]s
  The chats, to play in:  http://%[1]s/
  Its control API:        http://%[1]s/_control/

  Point your bot's library at this address instead of https://api.telegram.org.
  Nothing here costs money. Ctrl+C ends it.

`
	fmt.Fprintf(w.out, text, l.Addr(), tg.Token())
	server := &http.Server{Handler: tg, ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() {
		tg.Close()
		server.Close()
	})
	defer stopped()
	if err = server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("telegram sandbox: %w", err)
	}
	return nil
}
