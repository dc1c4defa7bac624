package shop

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// servers are those through which the world reaches the shop.
type servers struct {
	servers         []*http.Server
	listen, metrics string // addresses; metrics "" for none
}

// open starts serving.
func (a *App) open() (*servers, error) {
	d := &servers{}
	public := a.options.Listener
	if public == nil {
		var err error
		if public, err = net.Listen("tcp", a.cfg.Listen); err != nil {
			return nil, fmt.Errorf("listen (LISTEN): %w", err)
		}
	}
	d.listen = public.Addr().String()
	d.serve(a, public, a.PublicHandler())
	if a.cfg.MetricsListen != "" {
		private, err := net.Listen("tcp", a.cfg.MetricsListen)
		if err != nil {
			d.close()
			return nil, fmt.Errorf("listen (METRICS_LISTEN): %w", err)
		}
		d.metrics = private.Addr().String()
		d.serve(a, private, a.back())
	}
	return d, nil
}

// PublicHandler is what LISTEN serves. Without a public address nobody but the operator comes there.
func (a *App) PublicHandler() http.Handler {
	if a.Webhooks == nil {
		return a.back()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.brief)
	if a.Webhooks.prefix != "" {
		mux.HandleFunc("GET "+a.Webhooks.prefix+"/healthz", a.brief)
	}
	mux.Handle("/", a.Webhooks)
	return mux
}

// back is for the operator alone.
func (a *App) back() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /metrics", a.metrics)
	return mux
}

// The longest a request and its answer may take; the largest has four megabytes.
const exchange = time.Minute

func (d *servers) serve(a *App, l net.Listener, h http.Handler) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: exchange, WriteTimeout: exchange, IdleTimeout: 2 * exchange,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	d.servers = append(d.servers, server)
	go server.Serve(l)
}

// shutGrace is how long a request that was begun may take after the signal to stop. It
// only has to be stored.
const shutGrace = 5 * time.Second

// shut takes nothing new and waits for what was begun: what was answered 200 is stored.
func (d *servers) shut() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutGrace)
	defer cancel()
	for _, s := range d.servers {
		if err := s.Shutdown(ctx); err != nil {
			return fmt.Errorf("finish the requests in hand: %w", err)
		}
	}
	return nil
}

func (d *servers) close() {
	for _, s := range d.servers {
		s.Close()
	}
}
