package intake

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"esimbot/bot/telegram"
)

// An inlineDesk answers inline queries, apart from everything else and never in its way. Of what one
// person types only the newest counts, so that is all that waits of them; a query for which there is no
// room, or that a restart overtakes, is let go: whoever typed it types on.
type inlineDesk struct {
	workers *Dispatcher

	mu     sync.Mutex
	newest map[int64]Task // by who asks, what waits for a worker
}

func newInlineDesk(ctx context.Context, answer func(context.Context, Task)) *inlineDesk {
	d := &inlineDesk{newest: map[int64]Task{}}
	d.workers = NewDispatcher(ctx, inlineWorkers, inlineBacklog, func(ctx context.Context, turn Task) time.Duration {
		if t, ok := d.next(turn.Key); ok {
			answer(ctx, t)
		}
		return 0
	})
	return d
}

// take puts a query in place of the one that waits of whoever asks; the first of them takes a turn.
func (d *inlineDesk) take(t Task) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, waits := d.newest[t.Key]
	d.newest[t.Key] = t
	if !waits && d.workers.Offer(Task{Key: t.Key, ID: t.ID}) != Queued {
		delete(d.newest, t.Key)
	}
}

// next takes out what waits of somebody.
func (d *inlineDesk) next(who int64) (Task, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.newest[who]
	delete(d.newest, who)
	return t, ok
}

// answerInline answers one inline query. There is no second try: Telegram asks again with the next letter.
func (i *Intake) answerInline(ctx context.Context, t Task) {
	u, err := telegram.Decode(json.RawMessage(t.Raw))
	if err != nil {
		i.Log.Error("inline query cannot be read", "update", t.ID, "err", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, inlinePatience)
	defer cancel()
	if err := i.handle(ctx, u); err != nil && ctx.Err() == nil {
		i.Log.Warn("inline query not answered", "update", t.ID, "err", err)
	}
}
