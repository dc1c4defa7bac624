package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// panel is the side panel of the sandbox's page: what happens in the world outside
// the chat. Its JSON is described in bot/telegram/sandbox (page API).
type panel struct {
	sandbox *runningSandbox
	calls   *callList

	mu   sync.Mutex
	mode string // of the vendor
}

// ServeHTTP answers /panel/*.
func (p *panel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any
	var err error
	select {
	case <-p.sandbox.ready:
	default: // a page left open from an earlier run asks at once
		http.Error(w, `{"error":"the shop is still starting"}`, http.StatusServiceUnavailable)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /panel/state":
		answer, err = p.state(r.Context())
	case "GET /panel/calls":
		answer = p.calls.after(r.URL.Query().Get("after"))
	case "POST /panel/advance", "POST /panel/burn", "POST /panel/install", "POST /panel/vendor", "POST /panel/telegram", "POST /panel/affiliates":
		var in panelInput
		if err = json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err == nil {
			answer, err = p.act(r.Context(), r.URL.Path, in)
		}
	default:
		w.WriteHeader(http.StatusNotFound)
		answer = map[string]string{"error": "no such thing on the panel"}
	}
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]string{"error": err.Error()}
	}
	json.NewEncoder(w).Encode(answer)
}

type panelInput struct {
	Hours     float64 `json:"hours"`
	ID        string  `json:"esimTranNo"`
	Megabytes int64   `json:"megabytes"`
	Mode      string  `json:"mode"`
}

// Bounds of what the panel takes, so that a slip of the finger breaks nothing.
const (
	maxHours     = 24 * 400
	maxMegabytes = 1 << 20
)

func (p *panel) act(ctx context.Context, path string, in panelInput) (any, error) {
	s := p.sandbox
	done := map[string]bool{"ok": true}
	switch path {
	case "/panel/advance":
		if in.Hours <= 0 || in.Hours > maxHours {
			return nil, fmt.Errorf("the clock moves forward by up to %d hours", maxHours)
		}
		now, err := s.Advance(ctx, time.Duration(in.Hours*float64(time.Hour)))
		return map[string]time.Time{"now": now}, err
	case "/panel/burn":
		if in.Megabytes <= 0 || in.Megabytes > maxMegabytes {
			return nil, errors.New("burn a few megabytes at a time")
		}
		if err := s.vendor.Burn(in.ID, in.Megabytes<<20); err != nil {
			return nil, err
		}
		return done, s.app.RunDueWork(ctx)
	case "/panel/install":
		if err := s.vendor.Install(in.ID); err != nil {
			return nil, err
		}
		return done, s.app.RunDueWork(ctx)
	case "/panel/vendor":
		if err := p.breakVendor(in.Mode); err != nil {
			return nil, err
		}
		p.noticeVendor()
		return done, nil
	}
	if path == "/panel/affiliates" {
		return done, p.runAffiliates(in.Mode)
	}
	return done, s.telegram.SetMode(in.Mode)
}

// runAffiliates starts Telegram's affiliate program at so many percent, or ends it: "off".
func (p *panel) runAffiliates(mode string) error {
	percent := 0
	if mode != "off" {
		var err error
		if percent, err = strconv.Atoi(mode); err != nil {
			return fmt.Errorf("affiliates %q: it is off, or so many percent", mode)
		}
	}
	return p.sandbox.telegram.RunAffiliateProgram(tgsandbox.AffiliateProgram{PerMille: int64(percent) * 10})
}

// affiliates is the mode that runs.
func (p *panel) affiliates() string {
	if n := p.sandbox.telegram.AffiliateProgram().PerMille; n > 0 {
		return strconv.FormatInt(n/10, 10)
	}
	return "off"
}

// breakVendor breaks and mends the vendor. A mode that is none changes nothing.
func (p *panel) breakVendor(mode string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if mode != "ok" && mode != "slow" && mode != "down" {
		return fmt.Errorf("mode %q: it is ok, slow or down", mode)
	}
	v := p.sandbox.vendor
	v.Mend()
	v.Down(mode == "down")
	if mode == "slow" {
		v.Break(vendorsandbox.Fault{Kind: vendorsandbox.Slow, Delay: 5 * time.Second})
	}
	p.mode = mode
	return nil
}

// noticeVendor lets the shop find out at once, in the background, what its checks
// would tell it within two minutes: one failure may be an accident, two are not.
func (p *panel) noticeVendor() {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		for range 2 {
			if p.sandbox.app.Monitor.Check(ctx) == nil {
				break
			}
		}
		p.sandbox.app.WakeWorkers()
	}()
}

type panelProfile struct {
	ID            string     `json:"esimTranNo"`
	Place         string     `json:"place"`
	Plan          string     `json:"plan"`
	TransactionID string     `json:"transactionId"`
	SMDPStatus    string     `json:"smdpStatus"`
	ESIMStatus    string     `json:"esimStatus"`
	Used          int64      `json:"used"`
	Total         int64      `json:"total"`
	DayPass       bool       `json:"daypass"`
	Expires       *time.Time `json:"expires"`
	Owner         string     `json:"owner"`
}

func (p *panel) state(ctx context.Context) (any, error) {
	s := p.sandbox
	p.mu.Lock()
	mode := p.mode
	p.mu.Unlock()
	if mode == "" {
		mode = "ok"
	}
	profiles := []panelProfile{}
	for _, v := range s.vendor.Profiles() {
		if !v.Allocated {
			continue
		}
		row := panelProfile{
			ID: v.EsimTranNo, Place: v.Place, Plan: v.Name, TransactionID: v.TransactionID,
			SMDPStatus: v.SMDPStatus, ESIMStatus: v.EsimStatus, Used: v.Used, Total: v.Total, DayPass: v.DayPass,
		}
		if !v.Expires.IsZero() {
			row.Expires = &v.Expires
		}
		profiles = append(profiles, row)
	}
	if err := p.nameOwners(ctx, profiles); err != nil {
		return nil, err
	}
	telegram := "ok"
	if s.telegram != nil {
		telegram = s.telegram.Mode()
	}
	return map[string]any{
		"now": s.vendor.Time(), "vendor": mode, "telegram": telegram, "affiliates": p.affiliates(), "orders": len(s.vendor.Orders()), "profiles": profiles,
		"balance": fmt.Sprintf("$%.2f", float64(s.vendor.Balance())/10_000),
	}, nil
}

// nameOwners fills in who owns each profile. One that the shop does not know (yet) has nobody.
func (p *panel) nameOwners(ctx context.Context, profiles []panelProfile) error {
	s := p.sandbox
	if s.telegram == nil || len(profiles) == 0 {
		return nil
	}
	numbers := make([]esim.ESIMID, len(profiles))
	for i, row := range profiles {
		numbers[i] = esim.ESIMID(row.ID)
	}
	known, err := s.app.DB.ESIMs(ctx, numbers)
	if err != nil {
		return fmt.Errorf("owners: %w", err)
	}
	names := map[int64]string{}
	for _, customer := range s.telegram.Users() {
		names[customer.ID] = customer.FirstName
	}
	owners := map[string]string{}
	for _, e := range known {
		owners[string(e.ID)] = names[int64(e.Customer)]
	}
	for i := range profiles {
		profiles[i].Owner = owners[profiles[i].ID]
	}
	return nil
}

// callList keeps the latest calls to the vendor for the page, and joins Telegram's
// own list to them there.
type callList struct {
	mu    sync.Mutex
	last  int64
	calls []panelCall
}

type panelCall struct {
	N       int64   `json:"n"`
	At      string  `json:"at"`
	Side    string  `json:"side"`
	Dir     string  `json:"dir"`
	Name    string  `json:"name"`
	MS      float64 `json:"ms"`
	Status  int     `json:"status"`
	OK      bool    `json:"ok"`
	Request string  `json:"request"`
	Answer  string  `json:"answer"`
}

const (
	callsKept   = 1000
	answerShown = 4096
)

func newCallList() *callList { return &callList{} }

func (l *callList) vendor(c vendorsandbox.Call) {
	answer := c.Answer
	if len(answer) > answerShown {
		answer = answer[:answerShown] + "…"
	}
	var envelope struct {
		Success bool `json:"success"`
	}
	_ = json.Unmarshal([]byte(c.Answer), &envelope) // an answer that is no JSON was no success
	l.add(c.At, c.Took, panelCall{
		Dir: "bot→vendor", Name: c.Endpoint, Status: c.Status, OK: envelope.Success, Request: c.Request, Answer: answer,
	})
}

func (l *callList) add(at time.Time, took time.Duration, c panelCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	c.N, c.At, c.Side, c.MS = l.last, at.UTC().Format("2006-01-02T15:04:05.000Z"), "vendor", float64(took.Microseconds())/1000
	l.calls = append(l.calls, c)
	if len(l.calls) > callsKept {
		l.calls = l.calls[len(l.calls)-callsKept:]
	}
}

func (l *callList) after(after string) any {
	n, _ := strconv.ParseInt(after, 10, 64) // anything else: all of them
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []panelCall{}
	for _, c := range l.calls {
		if c.N > n {
			out = append(out, c)
		}
	}
	return map[string]any{"calls": out, "last": l.last}
}
