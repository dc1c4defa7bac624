package esim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The kinds of vendor events that say something to us; the others are done with nothing.
const (
	hintOrder    = "ORDER_STATUS"
	hintESIM     = "ESIM_STATUS"
	hintPhone    = "SMDP_EVENT"
	hintData     = "DATA_USAGE"
	hintValidity = "VALIDITY_USAGE"
)

const (
	// eventsAtOnce bounds the vendor events, and so the look-ups, of one run.
	eventsAtOnce = 100
	// eventPause is the least time between two looks at one thing because of vendor events:
	// a flood of them costs a look each pause, and no more.
	eventPause = 10 * time.Second
	// eventLife is how long a look that fails is tried again. The sweep comes round anyway.
	eventLife = day
	// eventPatience is the longest time between two tries.
	eventPatience = time.Hour
)

// VendorEventWorker looks into what somebody told us who may be the vendor (VendorEvent). Nothing in a
// vendor event is believed: the vendor is asked through its API, and what it answers is taken
// as in any other look. Forged, repeated, late or in the wrong order, a vendor event costs one
// question at most.
type VendorEventWorker struct {
	Store   VendorEventStore
	Watcher *Watcher
	Now     func() time.Time
	// Wake is called when an announced order became due: fulfilment asks the vendor itself.
	Wake func()

	looked map[topic]time.Time // looks of the last eventPause
}

// A topic is what vendor events are about: one eSIM, or one order, or nothing of ours.
type topic struct {
	esimID            ESIMID
	vendorOrder, txID string
}

// Run looks into the vendor events that are due and returns when the next one is (zero: none
// known). Several vendor events about one thing are answered by one look. Only one Run may be
// called at a time. The error tells of looks that failed; they are tried again.
func (h *VendorEventWorker) Run(ctx context.Context) (next time.Time, err error) {
	now := h.Now()
	due, next, err := h.Store.DueVendorEvents(ctx, now, eventsAtOnce)
	if err != nil {
		return time.Time{}, fmt.Errorf("list vendor events: %w", err)
	}
	maps.DeleteFunc(h.looked, func(_ topic, at time.Time) bool { return !within(now, at, eventPause) })
	topics, byTopic := group(due)
	var errs []error
	for _, t := range topics {
		var again time.Time
		err := alone(func() (err error) {
			again, err = h.work(ctx, t, byTopic[t])
			return err
		})
		if ctx.Err() != nil {
			return time.Time{}, ctx.Err()
		}
		if err != nil {
			errs = append(errs, err)
		}
		if !again.IsZero() && (next.IsZero() || again.Before(next)) {
			next = again
		}
	}
	if len(errs) > 0 {
		return next, fmt.Errorf("%d of %d look-ups because of vendor events failed, for one: %w", len(errs), len(topics), errs[0])
	}
	return next, nil
}

// within reports whether at lies no further back than d. A time in the future does
// not: the clock was moved.
func within(now, at time.Time, d time.Duration) bool {
	return !at.After(now) && now.Sub(at) < d
}

// group sorts vendor events by what they are about, in the order they came.
func group(worker []VendorEvent) (topics []topic, byTopic map[topic][]VendorEvent) {
	byTopic = map[topic][]VendorEvent{}
	for _, h := range worker {
		var t topic
		switch h.Kind {
		case hintOrder:
			t = topic{vendorOrder: h.VendorOrder, txID: h.IdempotencyKey}
		case hintESIM, hintPhone, hintData, hintValidity:
			t = topic{esimID: h.ESIM}
		}
		if byTopic[t] == nil {
			topics = append(topics, t)
		}
		byTopic[t] = append(byTopic[t], h)
	}
	return topics, byTopic
}

// work looks into the vendor events about one thing and marks or postpones them; again is when
// the first of those postponed is due.
func (h *VendorEventWorker) work(ctx context.Context, t topic, worker []VendorEvent) (again time.Time, err error) {
	err = alone(func() (err error) {
		again, err = h.look(ctx, t, worker)
		return err
	})
	if ctx.Err() != nil {
		return time.Time{}, ctx.Err()
	}
	now := h.Now()
	first := time.Time{}
	for _, event := range worker {
		if err == nil && again.IsZero() || now.Sub(event.Received) >= eventLife {
			if err := h.Store.VendorEventDone(ctx, event.ID, now); err != nil {
				return now.Add(eventPause), err
			}
			continue
		}
		attempts, at, why := event.Attempts, again, ""
		if err != nil {
			attempts++
			at, why = now.Add(Backoff(attempts, eventPause, eventPatience)), err.Error()
			if attempts == staffAfterTries && !unanswered(err) {
				stuck := NewStaffStuck("eSIM", string(t.esimID)+t.vendorOrder, "", why, now)
				if err := h.Store.AddNotifications(ctx, []Notification{stuck}); err != nil {
					return now.Add(eventPause), err
				}
			}
		}
		if err := h.Store.RescheduleVendorEvent(ctx, event.ID, attempts, at, why); err != nil {
			return now.Add(eventPause), err
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, err
}

// look asks about one thing, or says when it may be asked about again.
func (h *VendorEventWorker) look(ctx context.Context, t topic, worker []VendorEvent) (again time.Time, err error) {
	if t == (topic{}) {
		return time.Time{}, nil
	}
	now := h.Now()
	if t.esimID != "" {
		esims, err := h.Watcher.Store.ESIMs(ctx, []ESIMID{t.esimID})
		if err != nil {
			return time.Time{}, fmt.Errorf("load eSIM: %w", err)
		}
		if len(esims) == 0 || esims[0].Status.Final() {
			return time.Time{}, nil // not ours, or nothing can follow
		}
		asked := esims[0].Asked
		if !asked.After(now) && answers(asked, worker) {
			return time.Time{}, nil // somebody has looked meanwhile
		}
		if within(now, asked, eventPause) {
			return asked.Add(eventPause), nil
		}
	}
	if at, ok := h.looked[t]; ok && within(now, at, eventPause) {
		return at.Add(eventPause), nil
	}
	if h.looked == nil {
		h.looked = map[topic]time.Time{}
	}
	h.looked[t] = now
	if t.esimID != "" {
		return time.Time{}, h.Watcher.Refresh(ctx, t.esimID)
	}
	ours, err := h.Store.ExpediteByVendorOrder(ctx, t.vendorOrder, t.txID, now)
	if ours {
		h.Wake()
	}
	return time.Time{}, err
}

// answers reports whether a question asked at a time came after all of the vendor events.
func answers(asked time.Time, worker []VendorEvent) bool {
	return !slices.ContainsFunc(worker, func(h VendorEvent) bool { return !h.Received.Before(asked) })
}
