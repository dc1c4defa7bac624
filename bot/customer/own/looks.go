package own

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"sync"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// lookPause is the least time between two looks at the vendor because the card of one eSIM was opened.
const lookPause = time.Minute

// looks knows which eSIMs were looked at lately, also those of which the vendor did not answer. After a restart one
// is looked at once more.
type looks struct {
	mu   sync.Mutex
	last map[esim.ESIMID]time.Time
}

// due reports whether the vendor is to be asked about an eSIM whose card is opened, and notes that it is.
func (l *looks) due(e esim.ESIM, now time.Time) bool {
	recent := func(at time.Time) bool { return !at.After(now) && now.Sub(at) < lookPause } // the future: the clock was moved
	if e.Status.Final() || recent(e.Asked) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if recent(l.last[e.ID]) {
		return false
	}
	if l.last == nil {
		l.last = map[esim.ESIMID]time.Time{}
	}
	maps.DeleteFunc(l.last, func(_ esim.ESIMID, at time.Time) bool { return !recent(at) })
	l.last[e.ID] = now
	return true
}

// news asks the vendor about an eSIM whose card is open, and is the card if that says something else now: an eSIM was
// suspended, or deleted from the phone, and the shop has not heard of it. No answer is no news: the card says of when
// its figures are, and the next sweep asks again.
func (f *esimsFlow) news(ctx context.Context, r *ui.Request, ref refs.ESIM, open ui.Screen) (ui.Screen, error) {
	if err := f.watcher.Refresh(ctx, ref.ESIM); err != nil {
		return ui.Screen{}, nil //nolint:nilerr // see above
	}
	e, o, err := f.load(ctx, r, ref)
	if errors.Is(err, esim.ErrNotFound) { // given away meanwhile
		return ui.Screen{}, nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	s, err := f.cardOf(ctx, r, e, o)
	if err != nil || s.Text == open.Text && reflect.DeepEqual(s.Rows, open.Rows) {
		return ui.Screen{}, err
	}
	return s, nil
}
