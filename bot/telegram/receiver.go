package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// A Receiver brings updates from Telegram into a durable store, by Poll or by Webhook.
// Telegram forgets an update only after Store has accepted it, so a crash loses nothing
// and may bring an update twice: the store tells them apart by RawUpdate.ID.
type Receiver struct {
	Client *Client
	// Store keeps the updates for good. Nil means that they will survive a crash. An
	// error makes Telegram deliver all of them again, after a pause.
	Store func(ctx context.Context, updates []RawUpdate) error

	Wait   time.Duration // how long a poll waits for updates; default and at most Config.LongPoll
	Offset int64         // where to begin; 0: with the oldest update that Telegram has kept

	last atomic.Int64 // Unix milliseconds

	mu    sync.Mutex
	state PollHealth // of Poll; LastPoll is filled in when asked
}

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// Poll fetches updates until ctx ends and then returns nil. Failures of Telegram or of
// Store are logged and tried again after a pause that grows to about half a minute, or as
// long as Telegram asks; they never end it. Neither does a batch that brings nothing new,
// which counts as a failure. Only one Poll may run for a token.
func (r *Receiver) Poll(ctx context.Context) error {
	if r.Client == nil || r.Store == nil {
		return errors.New("telegram: a Receiver needs a Client and a Store")
	}
	wait := r.Wait
	if wait <= 0 {
		wait = r.Client.longPoll
	}
	p := poller{Receiver: r, log: r.Client.log, offset: r.Offset, wait: wait, pauses: growingPauses()}
	for ctx.Err() == nil {
		err := p.step(ctx)
		if err == nil {
			p.conflict = false
			p.pauses.Reset()
			r.noteSuccess()
			continue
		}
		if ctx.Err() != nil {
			break
		}
		r.noteFailure(err)
		d := p.backOff(err)
		p.report(err, d)
		_ = pause(ctx, d) // the loop looks at ctx itself
	}
	return nil
}

// poller is the state of one Poll.
type poller struct {
	*Receiver
	log      *slog.Logger
	offset   int64
	wait     time.Duration
	pauses   *backoff.ExponentialBackOff
	conflict bool // told already
	stored   memory
}

// growingPauses double up to longestPause, give or take half, so that two programs in each
// other's way get out of step.
func growingPauses() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval: firstPause, Multiplier: 2, MaxInterval: longestPause,
		RandomizationFactor: backoff.DefaultRandomizationFactor,
	}
}

// step fetches once, stores, and only then moves the offset: to behind the last update of
// the batch, even if that is lower than before. After about a quiet week Telegram begins
// to count anew, and an offset from before then confirms nothing.
func (p *poller) step(ctx context.Context) error {
	asked := p.Client.now()
	updates, err := p.Client.GetUpdates(ctx, p.offset, p.wait)
	if err != nil {
		return err
	}
	if len(updates) == 0 && p.Client.now().Sub(asked) < firstPause {
		_ = pause(ctx, firstPause) // a server that does not wait must not be asked without end
	}
	if len(updates) > 0 {
		if err := p.Store(ctx, updates); err != nil {
			return storeError{err}
		}
	}
	if n := len(updates); n > 0 {
		p.offset = updates[n-1].ID + 1
		if !p.stored.add(updates) {
			return ErrNothingNew
		}
	}
	p.stamp()
	return nil
}

// A storeError is a failure of ours, not of Telegram.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// backOff says how long to wait after err: what Telegram asks, or ever longer.
func (p *poller) backOff(err error) time.Duration {
	pause := p.pauses.NextBackOff()
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter
	}
	return pause
}

func (p *poller) report(err error, again time.Duration) {
	var e *Error
	isConflict := errors.As(err, &e) && e.Code == http.StatusConflict
	if isConflict {
		if p.conflict {
			return // a second program is there for minutes: once is enough
		}
		p.conflict = true
		p.log.Error("another program polls with this bot's token, or a webhook is set: updates do not arrive here until it ends", "err", err)
		return
	}
	if errors.Is(err, ErrNothingNew) {
		p.log.Error("Telegram sends nothing new, only updates that were fetched before", "offset", p.offset, "again_in", again)
		return
	}
	var ours storeError
	if errors.As(err, &ours) {
		p.log.Error("updates could not be stored; Telegram keeps them", "err", err, "again_in", again)
		return
	}
	p.log.Warn("polling Telegram failed", "err", err, "again_in", again)
}

func (r *Receiver) stamp() { r.last.Store(r.Client.now().UnixMilli()) }

// LastPoll returns when updates, or the news that there are none, last came from
// Telegram and were stored; the zero time if they never did. With Poll running it is
// never older than Wait and some seconds unless something is wrong.
func (r *Receiver) LastPoll() time.Time {
	ms := r.last.Load()
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
