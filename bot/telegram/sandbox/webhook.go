package sandbox

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// webhook is the delivery by POST. Updates of one line go one after the other, different
// lines side by side: that is why a message and a press of one person can arrive together.
type webhook struct {
	url, secret string
	most        int
	running     bool
	busy        map[string]bool
	bell        chan struct{}
	gen         int // grows with every setWebhook; old deliveries stop
	errAt       time.Time
	errText     string
}

func (h *webhook) wake() {
	if h.bell == nil {
		return
	}
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

func (s *Server) hookSecret() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hook.secret
}

func checkHookURL(raw string) *apiError {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return bad("bad webhook: invalid webhook URL specified")
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	if u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil // Telegram wants HTTPS; a simulator on the same machine does not need it
	}
	if u.Scheme != "https" {
		return bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	switch u.Port() {
	case "", "443", "80", "88", "8443":
		return nil
	}
	return bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
}

func (s *Server) setWebhook(p *params) (any, *apiError) {
	link := p.str("url")
	if link == "" {
		return s.deleteWebhook(p)
	}
	if err := checkHookURL(link); err != nil {
		return nil, err
	}
	secret := p.str("secret_token")
	if len(secret) > 256 {
		return nil, bad("secret token is too long")
	}
	if strings.Trim(secret, idAlphabet) != "" {
		return nil, bad("secret token contains unallowed characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.updates.allow(p); err != nil {
		return nil, err
	}
	if p.bool("drop_pending_updates") {
		s.updates.list = nil
	}
	s.updates.kick("terminated by setWebhook request")
	h := &s.hook
	h.url, h.secret, h.gen = link, secret, h.gen+1
	h.most = int(min(max(p.int("max_connections", 40), 1), 100))
	h.busy = map[string]bool{}
	if !h.running {
		h.running, h.bell = true, make(chan struct{}, 1)
		go s.deliver()
	}
	h.wake()
	return true, nil
}

func (s *Server) deleteWebhook(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook.url, s.hook.secret, s.hook.gen = "", "", s.hook.gen+1
	if p.bool("drop_pending_updates") {
		s.updates.list = nil
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := obj{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.pending())}
	if s.hook.url != "" {
		o["max_connections"] = s.hook.most
	}
	if s.updates.allowed != nil {
		list := []string{}
		for k := range s.updates.allowed {
			list = append(list, k)
		}
		sortBy(list, func(a, b string) bool { return a < b })
		o["allowed_updates"] = list
	}
	if !s.hook.errAt.IsZero() {
		o["last_error_date"], o["last_error_message"] = s.hook.errAt.Unix(), s.hook.errText
	}
	return o, nil
}

// deliver starts a goroutine for the head of every free line whenever something changed.
func (s *Server) deliver() {
	for {
		select {
		case <-s.closed:
			return
		case <-s.hook.bell:
		}
		s.mu.Lock()
		h := &s.hook
		if h.url != "" && s.faults.mode == "ok" {
			for _, u := range s.pending() {
				if !h.busy[u.line] && len(h.busy) < h.most {
					h.busy[u.line] = true
					go s.deliverOne(u, h.gen)
				}
			}
		}
		s.mu.Unlock()
	}
}

// deliverOne repeats one update until it was taken: at once, then after growing pauses.
func (s *Server) deliverOne(u *update, gen int) {
	pause := time.Duration(0)
	for {
		s.mu.Lock()
		h := &s.hook
		if h.gen != gen || !s.waiting(u) || s.faults.mode != "ok" {
			if h.gen == gen {
				delete(h.busy, u.line)
			}
			s.mu.Unlock()
			return
		}
		link, secret := h.url, h.secret
		s.mu.Unlock()
		taken, after := s.postUpdate(u, link, secret)
		if taken {
			s.mu.Lock()
			s.forget(u)
			if s.hook.gen == gen {
				delete(s.hook.busy, u.line)
			}
			s.hook.wake()
			s.mu.Unlock()
			return
		}
		wait := time.NewTimer(max(pause, after))
		select {
		case <-wait.C:
		case <-s.closed:
			wait.Stop()
			return
		}
		pause = min(max(pause*2, s.opt.WebhookPause), 60*s.opt.WebhookPause)
	}
}

func (s *Server) waiting(u *update) bool {
	for _, x := range s.pending() {
		if x == u {
			return true
		}
	}
	return false
}

func (s *Server) forget(u *update) {
	for i, x := range s.updates.list {
		if x == u {
			s.updates.list = append(s.updates.list[:i:i], s.updates.list[i+1:]...)
			return
		}
	}
}

func (s *Server) postUpdate(u *update, link, secret string) (taken bool, after time.Duration) {
	start := s.real()
	req, err := http.NewRequest(http.MethodPost, link, bytes.NewReader(u.body))
	if err != nil {
		return false, s.opt.WebhookPause
	}
	req.Header.Set("Content-Type", "application/json")
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	status, body, why := 0, []byte(nil), ""
	resp, err := s.opt.WebhookClient.Do(req)
	if err != nil {
		why = "Connection failed"
	} else {
		body, _ = io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		_ = resp.Body.Close()
		status = resp.StatusCode
		taken = status >= 200 && status < 300
		why = "Wrong response from the webhook: " + resp.Status
		if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
			after = time.Duration(n) * time.Second
		}
	}
	s.mu.Lock()
	if !taken {
		s.hook.errAt, s.hook.errText = s.now(), why
	}
	rec := s.noteUpdate(u, status, body, s.real().Sub(start))
	s.mu.Unlock()
	s.report(rec)
	return taken, after
}
