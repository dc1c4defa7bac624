package esim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The kinds of hints that say something to us; the others are done with nothing.
const (
	hintOrder    = "ORDER_STATUS"
	hintESIM     = "ESIM_STATUS"
	hintPhone    = "SMDP_EVENT"
	hintData     = "DATA_USAGE"
	hintValidity = "VALIDITY_USAGE"
)

const (
	// hintsAtOnce bounds the hints, and so the look-ups, of one run.
	hintsAtOnce = 100
	// hintPause is the least time between two looks at one thing because of hints:
	// a flood of them costs a look each pause, and no more.
	hintPause = 10 * time.Second
	// hintLife is how long a look that fails is tried again. The sweep comes round anyway.
	hintLife = day
	// hintPatience is the longest time between two tries.
	hintPatience = time.Hour
)

// Hints looks into what somebody told us who may be the supplier (Hint). Nothing in a
// hint is believed: the supplier is asked through its API, and what it answers is taken
// as in any other look. Forged, repeated, late or in the wrong order, a hint costs one
// question at most.
type Hints struct {
	Store   HintStore
	Watcher *Watcher
	Now     func() time.Time
	// Wake is called when a hinted order became due: fulfilment asks the supplier itself.
	Wake func()

	looked map[topic]time.Time // looks of the last hintPause
}

// A topic is what hints are about: one eSIM, or one order, or nothing of ours.
type topic struct{ tranNo, vendorOrder, txID string }

// Run looks into the hints that are due and returns when the next one is (zero: none
// known). Several hints about one thing are answered by one look. Only one Run may be
// called at a time. The error tells of looks that failed; they are tried again.
func (h *Hints) Run(ctx context.Context) (next time.Time, err error) {
	now := h.Now()
	due, next, err := h.Store.HintsDue(ctx, now, hintsAtOnce)
	if err != nil {
		return time.Time{}, fmt.Errorf("list hints: %w", err)
	}
	maps.DeleteFunc(h.looked, func(_ topic, at time.Time) bool { return !within(now, at, hintPause) })
	topics, byTopic := group(due)
	var errs []error
	for _, t := range topics {
		again, err := h.work(ctx, t, byTopic[t])
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
		return next, fmt.Errorf("%d of %d looks because of hints failed, for one: %w", len(errs), len(topics), errs[0])
	}
	return next, nil
}

// within reports whether at lies no further back than d. A time in the future does
// not: the clock was moved.
func within(now, at time.Time, d time.Duration) bool {
	return !at.After(now) && now.Sub(at) < d
}

// group sorts hints by what they are about, in the order they came.
func group(hints []Hint) (topics []topic, byTopic map[topic][]Hint) {
	byTopic = map[topic][]Hint{}
	for _, h := range hints {
		var t topic
		switch h.Kind {
		case hintOrder:
			t = topic{vendorOrder: h.VendorOrder, txID: h.TxID}
		case hintESIM, hintPhone, hintData, hintValidity:
			t = topic{tranNo: h.TranNo}
		}
		if byTopic[t] == nil {
			topics = append(topics, t)
		}
		byTopic[t] = append(byTopic[t], h)
	}
	return topics, byTopic
}

// work looks into the hints about one thing and marks or postpones them; again is when
// the first of those postponed is due.
func (h *Hints) work(ctx context.Context, t topic, hints []Hint) (again time.Time, err error) {
	again, err = h.look(ctx, t, hints)
	if ctx.Err() != nil {
		return time.Time{}, ctx.Err()
	}
	now := h.Now()
	first := time.Time{}
	for _, hint := range hints {
		if err == nil && again.IsZero() || now.Sub(hint.Received) >= hintLife {
			if err := h.Store.HintDone(ctx, hint.ID, now); err != nil {
				return now.Add(hintPause), err
			}
			continue
		}
		attempts, at, why := hint.Attempts, again, ""
		if err != nil {
			attempts++
			at, why = now.Add(Backoff(attempts, hintPause, hintPatience)), err.Error()
		}
		if err := h.Store.HintLater(ctx, hint.ID, attempts, at, why); err != nil {
			return now.Add(hintPause), err
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, err
}

// look asks about one thing, or says when it may be asked about again.
func (h *Hints) look(ctx context.Context, t topic, hints []Hint) (again time.Time, err error) {
	if t == (topic{}) {
		return time.Time{}, nil
	}
	now := h.Now()
	if t.tranNo != "" {
		esims, err := h.Watcher.Store.ESIMs(ctx, []string{t.tranNo})
		if err != nil {
			return time.Time{}, fmt.Errorf("load eSIM: %w", err)
		}
		if len(esims) == 0 || esims[0].Status.Final() {
			return time.Time{}, nil // not ours, or nothing can follow
		}
		asked := esims[0].Asked
		if !asked.After(now) && answers(asked, hints) {
			return time.Time{}, nil // somebody has looked meanwhile
		}
		if within(now, asked, hintPause) {
			return asked.Add(hintPause), nil
		}
	}
	if at, ok := h.looked[t]; ok && within(now, at, hintPause) {
		return at.Add(hintPause), nil
	}
	if h.looked == nil {
		h.looked = map[topic]time.Time{}
	}
	h.looked[t] = now
	if t.tranNo != "" {
		return time.Time{}, h.Watcher.Refresh(ctx, t.tranNo)
	}
	ours, err := h.Store.HurryOrder(ctx, t.vendorOrder, t.txID, now)
	if ours {
		h.Wake()
	}
	return time.Time{}, err
}

// answers reports whether a question asked at a time came after all of the hints.
func answers(asked time.Time, hints []Hint) bool {
	return !slices.ContainsFunc(hints, func(h Hint) bool { return !h.Received.Before(asked) })
}
