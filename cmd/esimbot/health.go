package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"esimbot/esim"
)

// health answers /healthz: 200 when the database can be written, Telegram is being
// polled and the sweep is recent, else 503 with what is wrong.
func (a *App) health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		faults := a.faults(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if len(faults) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(map[string]any{"ok": len(faults) == 0, "faults": faults, "version": version()})
	})
	return mux
}

const (
	pollLate  = 3 * time.Minute // a poll takes up to 50 s
	sweepLate = 3 * time.Hour
)

func (a *App) faults(ctx context.Context) []string {
	faults := []string{}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	if err := a.db.Writable(ctx); err != nil {
		faults = append(faults, "database: "+err.Error())
	}
	since := func(t time.Time) time.Duration {
		if t.Before(a.started) {
			t = a.started
		}
		return a.now().Sub(t)
	}
	if since(a.receiver.LastPoll()) > pollLate {
		faults = append(faults, "telegram: not polled since "+a.receiver.LastPoll().UTC().Format(time.RFC3339))
	}
	if last, err := a.db.LastOK(ctx, sweepJob); err != nil && !errors.Is(err, esim.ErrNotFound) || since(last) > sweepLate {
		faults = append(faults, "sweep: none since "+last.UTC().Format(time.RFC3339))
	}
	return faults
}
