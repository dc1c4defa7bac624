package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

const maxURL = 1024

// saveWebhook is webhook/save: the address is asked if it is well at once, and saved only if it
// answers 200. That an address that does not is refused with 000104 is captured.
func (s *Sandbox) saveWebhook(r *http.Request, req fields) (any, error) {
	name := "webhook"
	if !req.given(name) && req.given("webhookUrl") { // as the vendor's reference of 2026 calls it
		name = "webhookUrl"
	}
	to, err := req.required(name, maxURL)
	if err != nil {
		return nil, err
	}
	if !webURL(to) {
		return nil, errJSON
	}
	if !s.healthy(r.Context(), to) {
		return nil, errJSON
	}
	s.locked(func(time.Time) { s.listen(hook{to, r.Header.Get("RT-AccessCode")}) })
	return done{}, nil
}

// listen needs s.mu.
func (s *Sandbox) listen(h hook) {
	s.hook = h
	s.dirty = true
	s.stir()
}

// webURL reports whether to is an address that a webhook can be sent to.
func webURL(to string) bool {
	u, err := url.Parse(to)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// healthy sends CHECK_HEALTH. A client that leaves does not stop it.
func (s *Sandbox) healthy(ctx context.Context, to string) bool {
	s.mu.Lock()
	now := s.Time()
	id := s.nextNotifyID()
	body := s.hookBody(checkHealth, id, now, healthContent())
	ask := s.request(context.WithoutCancel(ctx), checkHealth, to, body)
	s.mu.Unlock()
	status, err := s.post(ask)
	t := Try{At: s.Time(), Status: status}
	if err != nil {
		t.Error = err.Error()
	}
	s.locked(func(time.Time) {
		s.list(&Delivery{Kind: checkHealth, NotifyID: id, URL: to, Made: now, Body: string(body), Tries: []Try{t}})
	})
	return err == nil && status == http.StatusOK
}

// queryWebhook is webhook/query. Without a webhook the address is "", as absent strings are.
func (s *Sandbox) queryWebhook(time.Time, fields) (any, error) {
	return struct {
		Webhook string `json:"webhook"`
	}{s.hook.URL}, nil
}
