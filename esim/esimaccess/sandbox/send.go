package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// The vendor's schedule of retries is not known. Ours: three tries, the second 10 s after the
// first, the third a minute after that, on the sandbox's clock.
var retryAfter = []time.Duration{10 * time.Second, time.Minute}

const (
	hookTimeout   = 5 * time.Second // for one try, real time
	maxDeliveries = 1000            // kept in the list
)

// A Delivery is a webhook that was sent, or is about to be.
type Delivery struct {
	Number     int       `json:"number"` // from 1, in the order of queueing
	Kind       string    `json:"kind"`   // notifyType
	NotifyID   string    `json:"notifyId"`
	OrderNo    string    `json:"orderNo,omitempty"`
	EsimTranNo string    `json:"esimTranNo,omitempty"`
	URL        string    `json:"url"`
	Made       time.Time `json:"made"` // eventGenerateTime, on the simulated clock
	Body       string    `json:"body"`
	Tries      []Try     `json:"tries"`
	Waiting    bool      `json:"waiting"` // for its first or its next try
	Next       time.Time `json:"next"`    // when that is
}

// Delivered reports whether the receiver answered 200 to a try.
func (d Delivery) Delivered() bool {
	return len(d.Tries) > 0 && d.Tries[len(d.Tries)-1].Status == http.StatusOK
}

// A Try is one attempt to deliver a webhook.
type Try struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`          // 0: no answer
	Error  string    `json:"error,omitempty"` // why not
}

// A hook is where webhooks go.
type hook struct {
	URL  string `json:"url"`
	Code string `json:"code"` // access code of the call that saved it
}

// A sender is the goroutine that sends webhooks, one after another. It runs from the first
// webhook/save to Close; its fields are guarded by Sandbox.mu.
type sender struct {
	wake    chan struct{} // holds 1
	changed chan struct{} // closed and replaced after each try
	busy    bool
	closed  bool
	cancel  context.CancelFunc // nil until it runs
	done    chan struct{}
	client  *http.Client
}

func newSender(given *http.Client) sender {
	var client http.Client
	if given != nil {
		client = *given
	} else {
		client.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	if client.Timeout == 0 {
		client.Timeout = hookTimeout
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return sender{wake: make(chan struct{}, 1), changed: make(chan struct{}), client: &client}
}

// Webhooks are the webhooks sent or waiting, oldest first; of more than 1000 the old ones that
// are done with are left out.
func (s *Sandbox) Webhooks() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Delivery, len(s.deliveries))
	for i, d := range s.deliveries {
		out[i] = *d
		out[i].Tries = slices.Clone(d.Tries)
	}
	return out
}

// Settle waits until no webhook is due at the present time: each was delivered, or waits for a
// time to come. It returns ctx's error if that comes first.
func (s *Sandbox) Settle(ctx context.Context) error {
	for {
		s.mu.Lock()
		now := s.Time()
		s.walk(now)
		s.commit()
		idle := s.sender.closed || !s.sender.busy && s.due(now) == nil
		changed := s.sender.changed
		s.mu.Unlock()
		if idle {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for webhooks to be delivered: %w", ctx.Err())
		}
	}
}

// Close stops the sending of webhooks and saves the state. The API can be called on.
// The error is that of the last saving.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	s.sender.closed = true
	cancel, done := s.sender.cancel, s.sender.done
	s.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
	s.sender.client.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = true
	s.save()
	return s.fileErr
}

// flush needs s.mu. It queues what was made since the last time.
func (s *Sandbox) flush() {
	if len(s.batch) == 0 {
		return
	}
	batch := s.batch
	s.batch = nil
	if s.opt.Quirks.OutOfOrder {
		slices.Reverse(batch)
	}
	for _, d := range batch {
		s.queue(d)
		if s.opt.Quirks.Doubled {
			again := *d
			s.queue(&again)
		}
	}
	s.stir()
}

func (s *Sandbox) queue(d *Delivery) {
	d.Waiting, d.Next = true, d.Made.Add(s.opt.Quirks.Late)
	s.list(d)
}

// list needs s.mu. Of too many the oldest that is not waited for is forgotten.
func (s *Sandbox) list(d *Delivery) {
	s.sent++
	d.Number = s.sent
	s.deliveries = append(s.deliveries, d)
	if len(s.deliveries) > maxDeliveries {
		old := slices.IndexFunc(s.deliveries, func(d *Delivery) bool { return !d.Waiting })
		if old >= 0 {
			s.deliveries = slices.Delete(s.deliveries, old, old+1)
		}
	}
	s.dirty = true
}

// stir needs s.mu. It makes the sender look at the queue and the clock.
func (s *Sandbox) stir() {
	if s.sender.cancel == nil && !s.sender.closed && (s.hook.URL != "" || len(s.deliveries) > 0) {
		ctx, cancel := context.WithCancel(context.Background())
		s.sender.cancel, s.sender.done = cancel, make(chan struct{})
		go s.send(ctx, s.sender.done)
	}
	select {
	case s.sender.wake <- struct{}{}:
	default:
	}
}

// due is the next webhook to send at now, nil if none is.
func (s *Sandbox) due(now time.Time) *Delivery {
	for _, d := range s.deliveries {
		if d.Waiting && !d.Next.After(now) {
			return d
		}
	}
	return nil
}

// pause is how long nothing will be due; ok is false if nothing is waited for.
func (s *Sandbox) pause(now time.Time) (d time.Duration, ok bool) {
	next := s.next
	for _, d := range s.deliveries {
		if d.Waiting && (next.IsZero() || d.Next.Before(next)) {
			next = d.Next
		}
	}
	return max(next.Sub(now), time.Millisecond), !next.IsZero()
}

// send is the sender.
func (s *Sandbox) send(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for ctx.Err() == nil {
		s.mu.Lock()
		now := s.Time()
		s.walk(now)
		s.commit()
		d := s.due(now)
		pause, some := s.pause(now)
		var req *http.Request
		if d != nil {
			s.sender.busy = true
			req = s.request(ctx, d.Kind, d.URL, []byte(d.Body))
		}
		s.mu.Unlock()
		if d == nil {
			s.idle(ctx, pause, some)
			continue
		}
		status, err := s.post(req)
		s.mu.Lock()
		s.tried(d, status, err)
		s.mu.Unlock()
	}
}

// idle waits for something to do.
func (s *Sandbox) idle(ctx context.Context, pause time.Duration, some bool) {
	var timer <-chan time.Time
	if some {
		t := time.NewTimer(pause)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-s.sender.wake:
	case <-timer:
	case <-ctx.Done():
	}
}

// tried needs s.mu. A webhook that was not answered with 200 waits for its next try, if it has one.
func (s *Sandbox) tried(d *Delivery, status int, err error) {
	now := s.Time()
	t := Try{At: now, Status: status}
	if err != nil {
		t.Error = err.Error()
	}
	d.Tries = append(d.Tries, t)
	d.Waiting = status != http.StatusOK && len(d.Tries) <= len(retryAfter)
	if d.Waiting {
		d.Next = now.Add(retryAfter[len(d.Tries)-1])
	}
	s.sender.busy = false
	close(s.sender.changed)
	s.sender.changed = make(chan struct{})
	s.dirty = true
	s.commit()
}

// request needs s.mu. CHECK_HEALTH comes without headers of its own, the rest as the switches say.
func (s *Sandbox) request(ctx context.Context, kind, to string, body []byte) *http.Request {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		panic("sandbox: " + err.Error()) // the address was looked at when it was saved
	}
	req.Header.Set("Content-Type", "application/json")
	sw := s.opt.Quirks
	if kind == checkHealth {
		return req
	}
	if sw.CodeHeader || sw.Signed {
		req.Header.Set("RT-AccessCode", s.hook.Code)
	}
	if sw.Signed {
		at, id := strconv.FormatInt(s.Time().UnixMilli(), 10), uuid(s.nextNotifyID())
		req.Header.Set("RT-Timestamp", at)
		req.Header.Set("RT-RequestID", id)
		req.Header.Set("RT-Signature", signature(s.opt.Secret, at, id, s.hook.Code, body))
	}
	return req
}

// uuid writes 32 hexadecimal digits as a UUID v4.
func uuid(hex string) string {
	return hex[:8] + "-" + hex[8:12] + "-4" + hex[13:16] + "-a" + hex[17:20] + "-" + hex[20:32]
}

// post sends req and returns the status of the answer. The error does not repeat the address,
// which may be secret.
func (s *Sandbox) post(req *http.Request) (int, error) {
	resp, err := s.sender.client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection can be used again
	return resp.StatusCode, nil
}
