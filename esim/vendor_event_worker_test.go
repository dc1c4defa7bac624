package esim_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// announced is a rig with somebody who sends vendor events, and a count of what the vendor is asked.
type vendorEventRig struct {
	*rig
	eventWorker *esim.VendorEventWorker
	calls       map[string]int
	woken       int
	sent        int
}

func newVendorEventRig(t *testing.T) *vendorEventRig {
	h := &vendorEventRig{calls: map[string]int{}}
	h.rig = newRig(t, sandbox.Options{UsageLag: sandbox.Off, OnCall: func(c sandbox.Call) { h.calls[c.Endpoint]++ }})
	h.eventWorker = &esim.VendorEventWorker{Store: h.DB, Watcher: h.Watcher, Now: h.Vendor.Time, Wake: func() { h.woken++ }}
	return h
}

// vendor event stores a vendor event as a webhook does; each is another event.
func (h *vendorEventRig) tell(x esim.VendorEvent) {
	h.Helper()
	h.sent++
	x.ID, x.Received = fmt.Sprint("event-", h.sent), h.Vendor.Time()
	fresh, err := h.DB.AddVendorEvent(h.Context(), x)
	h.Must(err)
	if !fresh {
		h.Error("a new event is taken for a copy")
	}
}

// run works off the vendor events and returns how many profiles the vendor was asked for.
func (h *vendorEventRig) run() int {
	h.Helper()
	before := h.calls["esim/query"]
	_, err := h.eventWorker.Run(h.Context())
	h.Must(err)
	return h.calls["esim/query"] - before
}

func (h *vendorEventRig) left() int {
	h.Helper()
	due, next, err := h.DB.DueVendorEvents(h.Context(), h.Vendor.Time(), 1000)
	h.Must(err)
	if !next.IsZero() {
		return len(due) + 1
	}
	return len(due)
}

func TestVendorEventsBringForwardWhatASweepWouldFind(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"ESIM_STATUS", "SMDP_EVENT", "DATA_USAGE", "VALIDITY_USAGE"} {
		t.Run(kind, func(t *testing.T) {
			h := newVendorEventRig(t)
			e := h.owned(h.plan(), 1)[0]
			h.Must(h.Vendor.Burn(string(e.ID), e.Total*95/100))
			h.Vendor.Advance(time.Minute)
			h.tell(esim.VendorEvent{Kind: kind, ESIM: e.ID})
			h.Vendor.Advance(time.Second)
			if n := h.run(); n != 1 {
				t.Errorf("%d questions", n)
			}
			if got := h.alerts(); len(got) != 1 || got[0] != esim.AlertData10 {
				t.Errorf("alerts %v", got)
			}
			if h.left() != 0 {
				t.Error("the event is not done")
			}
		})
	}
}

// TestForgedVendorEventsMoveNothing: whatever a stranger writes, only the vendor's own answer
// counts.
func TestForgedVendorEventsMoveNothing(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Vendor.Advance(time.Minute)
	h.Must(h.Watcher.Refresh(t.Context(), e.ID))
	h.Vendor.Advance(time.Minute)
	before := h.esim(string(e.ID))
	h.tell(esim.VendorEvent{Kind: "ESIM_STATUS", ESIM: e.ID}) // "USED_UP", "CANCEL", anything
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	h.tell(esim.VendorEvent{Kind: "ESIM_STATUS", ESIM: "26000000000000"}) // not ours
	h.tell(esim.VendorEvent{Kind: "ESIM_STATUS"})
	h.tell(esim.VendorEvent{Kind: "ORDER_STATUS", VendorOrder: "B000", IdempotencyKey: "eb-nothing"})
	h.tell(esim.VendorEvent{Kind: "ORDER_STATUS", VendorOrder: e.VendorOrder, IdempotencyKey: e.IdempotencyKey}) // delivered long ago
	h.tell(esim.VendorEvent{Kind: "ORDER_STATUS"})
	h.tell(esim.VendorEvent{Kind: "CHECK_HEALTH", VendorOrder: "1234567890"})
	h.tell(esim.VendorEvent{Kind: "EARTHQUAKE", ESIM: e.ID})
	h.Vendor.Advance(time.Second)
	if n := h.run(); n != 1 {
		t.Errorf("%d questions, want one about the eSIM that is ours", n)
	}
	after := h.esim(string(e.ID))
	before.Asked = after.Asked
	if before.Profile != after.Profile || len(h.alerts()) != 0 || h.woken != 0 || h.left() != 0 {
		t.Errorf("%+v\nbecame %+v\nalerts %v, woken %d, left %d", before.Profile, after.Profile, h.alerts(), h.woken, h.left())
	}
}

func TestAnOrderOfAVendorEventIsCollectedAtOnce(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	o := h.paid(h.plan(), 1, 0)
	h.pass(time.Second)
	o = h.order(o.ID)
	if o.State != esim.StateAllocating || o.Allocated {
		t.Fatalf("the order is %s", o.State)
	}
	for name, event := range map[string]esim.VendorEvent{
		"by its number": {Kind: "ORDER_STATUS", VendorOrder: o.VendorOrder},
		"by its key":    {Kind: "ORDER_STATUS", IdempotencyKey: o.IdempotencyKey},
	} {
		o.NextAt = h.Vendor.Time().Add(time.Hour)
		h.Must(h.DB.NoteWork(t.Context(), o, nil))
		h.woken = 0
		h.tell(event)
		h.run()
		if at := h.order(o.ID).NextAt; at.After(h.Vendor.Time()) || h.woken != 1 {
			t.Errorf("%s: due at %s, woken %d times", name, at, h.woken)
		}
		if got := h.order(o.ID); got.State != esim.StateAllocating || got.Allocated {
			t.Errorf("%s: the event itself moved the order to %s", name, got.State)
		}
	}
	h.pass(10 * time.Second)
	if got := h.order(o.ID); !got.Allocated {
		t.Errorf("the order is %s after the vendor was asked", got.State)
	}
}

// TestAFloodOfVendorEventsCostsAQuestionEachPause: many events, one thing.
func TestAFloodOfVendorEventsCostsAQuestionEachPause(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Vendor.Advance(time.Minute)
	questions := 0
	for range 60 { // a minute of twenty events a second
		for range 20 {
			h.tell(esim.VendorEvent{Kind: "SMDP_EVENT", ESIM: e.ID})
		}
		questions += h.run()
		h.Vendor.Advance(time.Second)
	}
	if questions > 7 {
		t.Errorf("%d questions in a minute", questions)
	}
	h.Vendor.Advance(20 * time.Second)
	for range 20 {
		questions += h.run()
	}
	if h.left() != 0 || questions > 8 {
		t.Errorf("%d events are left after %d questions", h.left(), questions)
	}
}

// TestAQuestionMeanwhileAnswersAVendorEvent: the customer looked at the screen, or a sweep came by.
func TestAQuestionMeanwhileAnswersAVendorEvent(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Vendor.Advance(time.Minute)
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	h.Vendor.Advance(time.Second)
	h.sweep()
	h.Vendor.Advance(time.Minute)
	if n := h.run(); n != 0 || h.left() != 0 {
		t.Errorf("%d questions, %d events left", n, h.left())
	}
	h.sweep()
	h.Vendor.Advance(time.Second)
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	if n := h.run(); n != 0 || h.left() != 1 {
		t.Errorf("a look from before the event: %d questions, %d events left", n, h.left())
	}
	h.Vendor.Advance(10 * time.Second)
	if n := h.run(); n != 1 || h.left() != 0 {
		t.Errorf("later: %d questions, %d events left", n, h.left())
	}
}

func TestAFinalStateStaysWhateverTheVendorTells(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Must(h.Client.Cancel(t.Context(), e.ID))
	h.Must(h.Watcher.Refresh(t.Context(), e.ID))
	h.Vendor.Advance(time.Minute)
	h.tell(esim.VendorEvent{Kind: "SMDP_EVENT", ESIM: e.ID}) // "ENABLED", late
	h.Vendor.Advance(time.Second)
	if n := h.run(); n != 0 || h.left() != 0 || h.esim(string(e.ID)).Status != esim.ProfileCancelled {
		t.Errorf("%d questions, %d events left, it is %s", n, h.left(), h.esim(string(e.ID)).Status)
	}
}

func TestVendorEventsOutliveABreakdownOfTheVendor(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Must(h.Vendor.Burn(string(e.ID), e.Total*95/100))
	h.Vendor.Advance(time.Minute)
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	mend := h.Vendor.Break(sandbox.Fault{Endpoint: "esim/query", Kind: sandbox.Refuse, Code: "401001"})
	begun := h.Vendor.Time()
	tries := 0
	for h.Vendor.Time().Sub(begun) < 3*time.Hour {
		next, err := h.eventWorker.Run(t.Context())
		if err == nil || !next.After(h.Vendor.Time()) {
			t.Fatalf("next at %s, error %v", next, err)
		}
		tries++
		h.Vendor.Advance(next.Sub(h.Vendor.Time()))
	}
	if tries < 8 || tries > 14 {
		t.Errorf("%d tries in three hours", tries)
	}
	mend()
	h.run()
	if got := h.alerts(); len(got) != 1 || h.left() != 0 {
		t.Errorf("alerts %v, %d events left", got, h.left())
	}

	h.Vendor.Break(sandbox.Fault{Endpoint: "esim/query", Kind: sandbox.Refuse, Code: "401001"})
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	begun, tries = h.Vendor.Time(), 0
	for h.left() > 0 && tries < 100 {
		next, _ := h.eventWorker.Run(t.Context())
		tries++
		if !next.IsZero() {
			h.Vendor.Advance(next.Sub(h.Vendor.Time()))
		}
	}
	if took := h.Vendor.Time().Sub(begun); took < 24*time.Hour || took > 26*time.Hour {
		t.Errorf("given up after %s and %d tries", took, tries)
	}
}

func TestAStoppedRunLosesNoVendorEvent(t *testing.T) {
	t.Parallel()
	h := newVendorEventRig(t)
	e := h.owned(h.plan(), 1)[0]
	h.Vendor.Advance(time.Minute)
	h.tell(esim.VendorEvent{Kind: "DATA_USAGE", ESIM: e.ID})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.eventWorker.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped run: %v", err)
	}
	if h.left() != 1 {
		t.Errorf("%d events left", h.left())
	}
	h.Vendor.Advance(time.Second)
	if n := h.run(); n != 1 || h.left() != 0 {
		t.Errorf("the next: %d questions, %d left", n, h.left())
	}
}
