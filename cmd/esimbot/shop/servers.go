package shop

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"
)

// Doors are the servers through which the world reaches the shop. They open before the shop has learnt who it
// is: a port that answers 503 tells an operator more than one that is not there.
type Doors struct {
	servers         []*http.Server
	listen, metrics string // addresses; metrics "" for none
	public, private door
}

// A door serves what is behind it; nothing yet: 503.
type door struct{ behind atomic.Pointer[http.Handler] }

func (d *door) lead(h http.Handler) { d.behind.Store(&h) }

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	answerHealth(w, false, map[string]any{"ok": false, "faults": []string{"starting: Telegram has not answered yet"}})
}

// OpenDoors listens at the addresses of cfg, or at public instead of LISTEN, and answers 503 until a shop that
// was given the doors (Options.Doors) runs. Run closes them; who has no shop for them in the end calls Close.
func OpenDoors(cfg Config, public net.Listener, log *slog.Logger) (*Doors, error) {
	d := &Doors{}
	if public == nil {
		var err error
		if public, err = net.Listen("tcp", cfg.Listen); err != nil {
			return nil, fmt.Errorf("listen (LISTEN): %w", err)
		}
	}
	d.listen = public.Addr().String()
	d.serve(log, public, &d.public)
	if cfg.MetricsListen != "" {
		private, err := net.Listen("tcp", cfg.MetricsListen)
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("listen (METRICS_LISTEN): %w", err)
		}
		d.metrics = private.Addr().String()
		d.serve(log, private, &d.private)
	}
	log.Info("listening", "listen", d.listen, "metrics", d.metrics)
	return d, nil
}

// open leads the doors to the shop.
func (a *App) open() (*Doors, error) {
	d := a.options.Doors
	if d == nil {
		var err error
		if d, err = OpenDoors(a.cfg, a.options.Listener, a.log); err != nil {
			return nil, err
		}
	}
	d.public.lead(a.PublicHandler())
	d.private.lead(a.private())
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

// private is what METRICS_LISTEN serves: with PPROF the program's profiles too, which tell much of a shop and cost it
// processor time. A profile of the processor takes seconds=30, and less than exchange.
func (a *App) private() http.Handler {
	if !a.cfg.Pprof {
		return a.back()
	}
	mux := http.NewServeMux()
	mux.Handle("/", a.back())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// The longest a request and its answer may take; the largest has four megabytes.
const exchange = time.Minute

func (d *Doors) serve(log *slog.Logger, l net.Listener, h http.Handler) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: exchange, WriteTimeout: exchange, IdleTimeout: 2 * exchange,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	d.servers = append(d.servers, server)
	go server.Serve(l)
}

// shutGrace is how long a request that was begun may take after the signal to stop. It
// only has to be stored.
const shutGrace = 5 * time.Second

// shut takes nothing new and waits for what was begun: what was answered 200 is stored.
func (d *Doors) shut() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutGrace)
	defer cancel()
	for _, s := range d.servers {
		if err := s.Shutdown(ctx); err != nil {
			return fmt.Errorf("finish the requests in hand: %w", err)
		}
	}
	return nil
}

// Close ends at once what is open.
func (d *Doors) Close() {
	for _, s := range d.servers {
		s.Close()
	}
}
