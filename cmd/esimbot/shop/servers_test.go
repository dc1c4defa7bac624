package shop

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Profiles are served at the private address alone, and only where the operator asked for them.
func TestProfilesAreServedWhereTheyAreAskedFor(t *testing.T) {
	for _, on := range []bool{false, true} {
		a := &App{cfg: Config{Pprof: on}}
		for name, h := range map[string]http.Handler{"private": a.private(), "public": a.PublicHandler()} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/debug/pprof/", nil))
			if served := w.Code == http.StatusOK; served != (on && name == "private") {
				t.Errorf("PPROF %t, the %s address: status %d", on, name, w.Code)
			}
		}
	}
}
