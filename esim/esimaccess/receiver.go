package esimaccess

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// VendorAddresses are the addresses that the vendor says it sends webhooks from
// (https://docs.esimaccess.com, as of 2026-04-01). They are not to be changed.
var VendorAddresses = []netip.Addr{
	netip.MustParseAddr("3.1.131.226"),
	netip.MustParseAddr("54.254.74.88"),
	netip.MustParseAddr("18.136.190.97"),
	netip.MustParseAddr("18.136.60.197"),
	netip.MustParseAddr("18.136.19.137"),
}

const (
	// maxEvent is a hundred times the largest event known, in bytes.
	maxEvent = 64 << 10
	// maxEventsAtOnce bounds memory: so many events are read and stored at a time.
	maxEventsAtOnce = 32
	// eventTimeout bounds how long an event may take to arrive, and again to be stored.
	eventTimeout = 10 * time.Second
)

// An EventReceiver takes the vendor's webhooks: it stores each event and only then
// answers 200, so that what was answered is never lost and what was not is sent
// again. It neither acts on an event nor waits for anything but Store.
//
// An event is a hint and no proof (see Event), so one that is old, doubled or
// replayed is taken like any other: it can make us look, and nothing more.
//
// Only Path and Store must be set. Set all fields before the first request.
type EventReceiver struct {
	// Path is the whole path of the webhook with a long secret in it; it is all that
	// keeps strangers out where events carry no signature. Others get 404.
	Path string
	// Verify is Client.VerifyEvent. An event with a wrong signature gets 401; one
	// without a signature is let in, since not all deliveries carry one. nil: unchecked.
	Verify func(h http.Header, body []byte) (signed bool, err error)
	// From are the addresses that may send (VendorAddresses); others get 403. Empty: all may.
	From []netip.Addr
	// IPHeader names the header in which the proxy before us writes the sender's
	// address, "Fly-Client-IP". Empty: there is no proxy, the connection's own counts.
	// Where nobody overwrites the header anybody can write it.
	IPHeader string
	// Store returns when the event is durable; an error makes the vendor send it again.
	Store func(ctx context.Context, e Event) error
	Log   *slog.Logger     // default: none
	Now   func() time.Time // stamps Counts; nil leaves the time out

	patience time.Duration // instead of eventTimeout, in tests

	mu     sync.Mutex
	busy   int
	counts EventCounts
}

// EventCounts is what an EventReceiver has seen since it was made.
type EventCounts struct {
	Received int       // events that were stored
	Checked  int       // CheckHealth events, answered and not stored
	Refused  int       // requests at the right path that were not taken: 4xx
	Failed   int       // events that could not be stored or were too many: 5xx
	Last     time.Time // when the last event was stored or checked; zero: never
}

// Counts returns what was seen so far.
func (r *EventReceiver) Counts() EventCounts {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// ServeHTTP answers 200 to an event that is stored and to CheckHealth, and otherwise
// 404 (path), 405 (not POST), 403 (sender), 503 (too many at once), 413 (more than
// 64 KiB), 401 (forged signature), 400 (not an event) or 500 (not stored). The
// content type is not looked at. Of headers and body only the notifyType is ever logged.
func (r *EventReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if r.Path == "" || subtle.ConstantTimeCompare([]byte(req.URL.Path), []byte(r.Path)) != 1 {
		http.NotFound(w, req)
		return
	}
	began := r.now()
	e, status, err := r.take(w, req)
	r.count(e, status)
	switch {
	case status >= 500:
		r.log().Error("webhook failed", "kind", e.Kind, "status", status, "err", err)
	case err != nil:
		r.log().Warn("webhook refused", "status", status, "err", err)
	default:
		r.log().Debug("webhook", "kind", e.Kind, "took", r.now().Sub(began))
	}
	answer := http.StatusText(status)
	switch status {
	case http.StatusOK:
		answer = "ok"
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer) // a sender that left is the sender's affair
}

// take does all the work and says how to answer.
func (r *EventReceiver) take(w http.ResponseWriter, req *http.Request) (Event, int, error) {
	if req.Method != http.MethodPost {
		return Event{}, http.StatusMethodNotAllowed, errors.New("not a POST")
	}
	if err := r.admit(req); err != nil {
		return Event{}, http.StatusForbidden, err
	}
	if !r.begin() {
		return Event{}, http.StatusServiceUnavailable, fmt.Errorf("more than %d events at once", maxEventsAtOnce)
	}
	defer r.end()
	body, status, err := r.read(w, req)
	if err != nil {
		return Event{}, status, err
	}
	if r.Verify != nil {
		if _, err := r.Verify(req.Header, body); err != nil {
			return Event{}, http.StatusUnauthorized, fmt.Errorf("check the signature: %w", err)
		}
	}
	e, err := ParseEvent(body)
	if err != nil {
		return Event{}, http.StatusBadRequest, err
	}
	if e.Kind == CheckHealth {
		return e, http.StatusOK, nil
	}
	// A sender that hangs up early must not keep its event from being stored.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), eventTimeout)
	defer cancel()
	if err := r.Store(ctx, e); err != nil {
		return e, http.StatusInternalServerError, fmt.Errorf("store the event: %w", err)
	}
	return e, http.StatusOK, nil
}

// admit checks the sender's address.
func (r *EventReceiver) admit(req *http.Request) error {
	if len(r.From) == 0 {
		return nil
	}
	from, err := r.sender(req)
	if err != nil {
		return err
	}
	if !slices.Contains(r.From, from.Unmap()) {
		return fmt.Errorf("sender %s is not among the addresses allowed", from)
	}
	return nil
}

// sender is the address a request comes from.
func (r *EventReceiver) sender(req *http.Request) (netip.Addr, error) {
	if r.IPHeader == "" {
		from, err := netip.ParseAddrPort(req.RemoteAddr)
		if err != nil {
			return netip.Addr{}, errors.New("the connection has no address")
		}
		return from.Addr(), nil
	}
	// A second one could be the sender's own, put there to be believed.
	values := req.Header.Values(r.IPHeader)
	if len(values) != 1 {
		return netip.Addr{}, fmt.Errorf("%d headers %s", len(values), r.IPHeader)
	}
	from, err := netip.ParseAddr(strings.TrimSpace(values[0]))
	if err != nil { // the error would repeat what the header says
		return netip.Addr{}, fmt.Errorf("header %s holds no address", r.IPHeader)
	}
	return from, nil
}

func (r *EventReceiver) read(w http.ResponseWriter, req *http.Request) ([]byte, int, error) {
	// A writer without deadlines leaves this to the server's own time-out.
	late := time.AfterFunc(cmp.Or(r.patience, eventTimeout), func() {
		_ = http.NewResponseController(w).SetReadDeadline(time.Unix(1, 0)) // long past: now
	})
	defer late.Stop()
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxEvent))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("more than %d bytes", maxEvent)
	case err != nil:
		return nil, http.StatusBadRequest, fmt.Errorf("read the event: %w", err)
	}
	return body, http.StatusOK, nil
}

func (r *EventReceiver) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy >= maxEventsAtOnce {
		return false
	}
	r.busy++
	return true
}

func (r *EventReceiver) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
}

func (r *EventReceiver) count(e Event, status int) {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case status >= 500:
		r.counts.Failed++
		return
	case status >= 400:
		r.counts.Refused++
		return
	case e.Kind == CheckHealth:
		r.counts.Checked++
	default:
		r.counts.Received++
	}
	r.counts.Last = now
}

func (r *EventReceiver) now() time.Time {
	if r.Now == nil {
		return time.Time{}
	}
	return r.Now()
}

func (r *EventReceiver) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
