package shop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"esimbot/bot/intake"
	"esimbot/bot/telegram"
	"esimbot/esim"
)

// timings are one shop's histograms: how long updates take to be handled, and calls to
// both neighbours to be answered.
type timings struct {
	set *metrics.Set // not the library's default, so that two shops do not mix

	mu    sync.RWMutex
	known map[timing]*metrics.PrometheusHistogram
}

// A timing names one histogram. Its strings are words of ours, of which there are few.
type timing struct{ metric, label, value, outcome string }

// Outcomes of what was timed.
const (
	timedOK       = "ok"
	timedRefused  = "refused"   // a definite no
	timedLater    = "later"     // temporary: too fast, or trouble on the other side
	timedNoAnswer = "no_answer" // or none that can be read
)

// timingBuckets are in seconds: from a press, which should be shown in a tenth, to a
// long poll.
var timingBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60}

func newTimings() *timings {
	metrics.ExposeMetadata(true) // the types; a switch of the whole library
	return &timings{set: metrics.NewSet(), known: map[timing]*metrics.PrometheusHistogram{}}
}

// observe is on the path of presses: once a histogram is known it allocates nothing.
func (t *timings) observe(k timing, took time.Duration) {
	t.mu.RLock()
	h := t.known[k]
	t.mu.RUnlock()
	if h == nil {
		h = t.add(k)
	}
	h.Update(max(took, 0).Seconds())
}

func (t *timings) add(k timing) *metrics.PrometheusHistogram {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.known[k]
	if h == nil {
		h = t.set.NewPrometheusHistogramExt(fmt.Sprintf("%s{%s=%q,outcome=%q}", k.metric, k.label, k.value, k.outcome), timingBuckets)
		t.known[k] = h
	}
	return h
}

// vendorCall is told of every request to the vendor.
func (t *timings) vendorCall(endpoint string, took time.Duration, err error) {
	t.observe(timing{"esimbot_vendor_call_duration_seconds", "endpoint", endpoint, vendorOutcome(err)}, took)
}

func vendorOutcome(err error) string {
	if err == nil {
		return timedOK
	}
	var pe *esim.VendorError // on the heap, so not before an error is there
	switch {
	case !errors.As(err, &pe) || pe.Code == "":
		return timedNoAnswer
	case pe.Action == esim.ActionRetry:
		return timedLater
	}
	return timedRefused
}

// telegramCall is told of every request to Telegram.
func (t *timings) telegramCall(method string, took time.Duration, err error) {
	t.observe(timing{"esimbot_telegram_call_duration_seconds", "method", method, telegramOutcome(err)}, took)
}

func telegramOutcome(err error) string {
	if err == nil {
		return timedOK
	}
	var te *telegram.Error // on the heap, so not before an error is there
	switch {
	case !errors.As(err, &te) || te.Code == 0:
		return timedNoAnswer
	case te.Code == http.StatusTooManyRequests || te.Code >= 500:
		return timedLater
	}
	return timedRefused
}

// handler times a handler of updates.
func (t *timings) handler(h intake.Handler) intake.Handler { return timedHandler{h, t} }

type timedHandler struct {
	next    intake.Handler
	timings *timings
}

// Handle hands the update on.
func (h timedHandler) Handle(ctx context.Context, u telegram.Update) error {
	begun := time.Now()
	err := h.next.Handle(ctx, u)
	outcome := timedOK
	if err != nil {
		outcome = timedLater
	}
	h.timings.observe(timing{"esimbot_update_duration_seconds", "kind", updateKind(u), outcome}, time.Since(begun))
	return err
}

// updateKind is Telegram's name for what an update holds.
func updateKind(u telegram.Update) string {
	switch {
	case u.PreCheckout != nil:
		return "pre_checkout_query"
	case u.MyChatMember != nil:
		return "my_chat_member"
	case u.Callback != nil:
		return "callback_query"
	case u.Message != nil:
		return "message"
	}
	return "other"
}
