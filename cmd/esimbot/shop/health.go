package shop

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"esimbot/esim"
)

// health answers /healthz: 200 when the database can be written, updates come from
// Telegram and the sweep is recent, else 503 with what is wrong. What the shop can do
// without is a warning.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	faults, warnings := a.faults(r.Context())
	answerHealth(w, len(faults) == 0, map[string]any{
		"ok": len(faults) == 0, "faults": faults, "warnings": warnings, "version": a.options.Version,
	})
}

// healthAge is how old the answer for everybody may be: finding out writes to the disk,
// and strangers may ask as often as they like.
const healthAge = 2 * time.Second

// A healthCache is health for everybody: it does not say what is wrong.
type healthCache struct {
	mu sync.Mutex
	at time.Time
	ok bool
}

func (g *healthCache) look(a *App) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.at) >= healthAge {
		faults, _ := a.faults(context.Background()) // whoever asks first may leave
		g.at, g.ok = time.Now(), len(faults) == 0
	}
	return g.ok
}

func (a *App) brief(w http.ResponseWriter, _ *http.Request) {
	ok := a.healthCache.look(a)
	answerHealth(w, ok, map[string]any{"ok": ok})
}

func answerHealth(w http.ResponseWriter, ok bool, answer any) {
	w.Header().Set("Content-Type", "application/json")
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(answer)
}

const (
	pollLate  = 3 * time.Minute // a poll takes up to 50 s
	sweepLate = 3 * time.Hour   // and later than two were due
)

func (a *App) faults(ctx context.Context) (faults, warnings []string) {
	faults, warnings = []string{}, []string{}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	if err := a.DB.Writable(ctx); err != nil {
		faults = append(faults, "database: "+err.Error())
	}
	since := func(t time.Time) time.Duration {
		if t.Before(a.Started) {
			t = a.Started
		}
		return a.Now().Sub(t)
	}
	if !a.cfg.UsesWebhooks() && since(a.Receiver.LastPoll()) > pollLate {
		faults = append(faults, "telegram: not polled since "+a.Receiver.LastPoll().UTC().Format(time.RFC3339))
	}
	if a.Webhooks != nil {
		telegram, vendor := a.Webhooks.Problems(a.Started)
		if telegram != "" {
			faults = append(faults, "telegram: "+telegram)
		}
		if vendor != "" { // the sweep finds out later what the events would have said
			warnings = append(warnings, "eSIM Access: "+vendor)
		}
	}
	if _, paused := a.Rules.Current().Paused(); paused { // staff want it so
		warnings = append(warnings, "shop: paused by staff, nothing new is sold")
	}
	if last, err := a.DB.LastJobSuccess(ctx, sweepJob); err != nil && !errors.Is(err, esim.ErrNotFound) || since(last) > a.sweepLate(last) {
		faults = append(faults, "sweep: none since "+last.UTC().Format(time.RFC3339))
	}
	return faults, warnings
}
