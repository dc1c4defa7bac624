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

// Servers are those through which the world reaches the shop. They open before the shop has learnt who it
// is: a port that answers 503 tells an operator more than one that is not there.
type Servers struct {
	servers         []*http.Server
	listen, metrics string // addresses; metrics "" for none
	public, private lateHandler
}

// A lateHandler serves what it was given; nothing yet: 503.
type lateHandler struct{ handler atomic.Pointer[http.Handler] }

func (l *lateHandler) set(h http.Handler) { l.handler.Store(&h) }

// ServeHTTP implements http.Handler.
func (l *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := l.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	answerHealth(w, false, map[string]any{"ok": false, "faults": []string{"starting: Telegram has not answered yet"}})
}

// OpenServers listens at the addresses of cfg, or at public instead of LISTEN, and answers 503 until a shop that
// was given the servers (Options.Servers) runs. Run closes them; who has no shop for them in the end calls Close.
func OpenServers(cfg Config, public net.Listener, log *slog.Logger) (*Servers, error) {
	s := &Servers{}
	if public == nil {
		var err error
		if public, err = net.Listen("tcp", cfg.Listen); err != nil {
			return nil, fmt.Errorf("listen (LISTEN): %w", err)
		}
	}
	s.listen = public.Addr().String()
	s.serve(log, public, &s.public)
	if cfg.MetricsListen != "" {
		private, err := net.Listen("tcp", cfg.MetricsListen)
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("listen (METRICS_LISTEN): %w", err)
		}
		s.metrics = private.Addr().String()
		s.serve(log, private, &s.private)
	}
	log.Info("listening", "listen", s.listen, "metrics", s.metrics)
	return s, nil
}

// open has the servers serve the shop.
func (a *App) open() (*Servers, error) {
	s := a.options.Servers
	if s == nil {
		var err error
		if s, err = OpenServers(a.cfg, a.options.Listener, a.log); err != nil {
			return nil, err
		}
	}
	s.public.set(a.PublicHandler())
	s.private.set(a.private())
	return s, nil
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

func (s *Servers) serve(log *slog.Logger, l net.Listener, h http.Handler) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: exchange, WriteTimeout: exchange, IdleTimeout: 2 * exchange,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	s.servers = append(s.servers, server)
	go server.Serve(l)
}

// shutGrace is how long a request that was begun may take after the signal to stop. It
// only has to be stored.
const shutGrace = 5 * time.Second

// shut takes nothing new and waits for what was begun: what was answered 200 is stored.
func (s *Servers) shut() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutGrace)
	defer cancel()
	for _, server := range s.servers {
		if err := server.Shutdown(ctx); err != nil {
			return fmt.Errorf("finish the requests in hand: %w", err)
		}
	}
	return nil
}

// Close ends at once what is open.
func (s *Servers) Close() {
	for _, server := range s.servers {
		server.Close()
	}
}
