// Package notify sends what the shop has to tell by itself: that an eSIM arrived, that
// data runs low, that the vendor is down. Notifications stand in an outbox, written in
// the same transaction as what they tell of; an Outbox takes them from there, one
// customer's in order and different customers' side by side, and tries until Telegram
// took them. So a message may come twice after a crash, and never not at all.
//
// How a kind of notification reads is not known here: packages customer and staff register a
// Renderer for each of their kinds.
package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Store is the outbox: the notifications that were written down and not sent yet.
type Store interface {
	DueQueue
	// HoldForQuiet has one wait until quiet hours end, which is no failed try.
	HoldForQuiet(ctx context.Context, id int64, until time.Time) error
	AddNotifications(ctx context.Context, notifications []esim.Notification) error
}

// DueQueue is what the worker takes from the outbox, and how each try ended.
type DueQueue interface {
	// DueMessages lists notifications in the order they are to be sent, and says when the
	// next of the others is due (zero: none). Those of unreachable customers wait.
	DueMessages(ctx context.Context, now time.Time, limit int) (due []esim.OutboxMessage, next time.Time, err error)
	// MarkMessageSent marks a notification that Telegram accepted; the last QR of an order
	// makes it delivered.
	MarkMessageSent(ctx context.Context, id int64) error
	RescheduleMessage(ctx context.Context, id int64, next time.Time, why string) error
	DiscardMessage(ctx context.Context, id int64, why string) error
}

// A Renderer writes one kind of notification in the language of its reader and sends it.
// Only a nil error means that Telegram accepted it. An esim.PostponedError has it wait.
type Renderer func(ctx context.Context, m esim.OutboxMessage) error

// ErrNoRecipient is a Renderer's word for a notification that nobody is there to read: it is
// discarded.
var ErrNoRecipient = errors.New("nobody is there to be told")

// errUnknownKind is a notification that nobody registered a Renderer for.
var errUnknownKind = errors.New("notification of unknown kind")

const (
	// senders bound how many customers are written to at once. The group has a turn of its
	// own beside them: it takes twenty messages a minute, and customers never wait for it.
	senders = 16
	// inOneTurn is how many messages one chat gets before others have theirs. It also bounds
	// what a stop waits for.
	inOneTurn = 4
	// patience is how long a message waits for its turn under Telegram's limits before its
	// sender serves somebody else. A chat takes one a second, after five at once.
	patience = 5 * time.Second
)

// Config is what an Outbox works with. All fields are required.
type Config struct {
	Store     Store
	Renderers map[esim.NotificationKind]Renderer
	// OnUnreachable notes that a customer cannot be written to.
	OnUnreachable func(ctx context.Context, id esim.CustomerID) error
	Wake          func() // called after each step
	Now           func() time.Time
	Log           *slog.Logger
}

// Outbox sends notifications, each customer's in order, until Telegram took them.
type Outbox struct {
	cfg Config

	mu       sync.Mutex
	inFlight map[esim.CustomerID]bool // 0: the staff group
	resting  map[esim.CustomerID]rest // chats to be left alone
	unsaved  map[int64]int            // messages that were sent, and how often the store could not note it
	wg       sync.WaitGroup
}

// New returns a sender of notifications. It does nothing until Run.
func New(cfg Config) *Outbox {
	return &Outbox{cfg: cfg, inFlight: map[esim.CustomerID]bool{}, resting: map[esim.CustomerID]rest{}, unsaved: map[int64]int{}}
}

// Run begins to send what is due and returns at once with the time when the next
// notification is due (zero: none known). Only one Run may be called at a time.
func (o *Outbox) Run(ctx context.Context) (time.Time, error) {
	// Who is being written to while the list is read is left for the next run: what
	// the list says is unsent may just have been sent.
	o.mu.Lock()
	flying := maps.Clone(o.inFlight)
	o.mu.Unlock()
	free := senders - len(flying)
	if flying[toStaff] {
		free++
	}
	if free <= 0 && flying[toStaff] {
		return time.Time{}, nil
	}
	now := o.cfg.Now()
	due, next, err := o.cfg.Store.DueMessages(ctx, now, 8*senders)
	if err != nil {
		return time.Time{}, fmt.Errorf("list messages: %w", err)
	}
	perPerson := map[esim.CustomerID][]esim.OutboxMessage{}
	var order []esim.CustomerID
	for _, n := range due {
		if perPerson[n.Customer] == nil {
			order = append(order, n.Customer)
		}
		perPerson[n.Customer] = append(perPerson[n.Customer], n)
	}
	for _, p := range order {
		if p != toStaff && free <= 0 || flying[p] {
			continue
		}
		if until := o.restsUntil(p, now); !until.IsZero() {
			if next.IsZero() || until.Before(next) || !next.After(now) {
				next = until
			}
			continue
		}
		if !o.begin(p) {
			continue
		}
		if p != toStaff {
			free--
		}
		o.wg.Go(func() {
			defer o.end(p)
			o.turn(ctx, perPerson[p])
		})
	}
	return next, nil
}

// toStaff is whom messages for the group are addressed to.
const toStaff esim.CustomerID = 0

// turn sends a chat's messages, a few of them: the next turn has the others. A message that
// could not be sent holds back the later ones of its order or thread, and no others.
func (o *Outbox) turn(ctx context.Context, messages []esim.OutboxMessage) {
	failed := map[string]bool{}
	messages = inFairOrder(messages)
	sent := 0
	for _, n := range messages {
		if failed[n.OrderingKey()] {
			continue
		}
		switch o.one(telegram.WithMaxWait(ctx, patience), n) {
		case chatWaits:
			return
		case orderWaits:
			failed[n.OrderingKey()] = true
		}
		if sent++; sent == inOneTurn {
			return
		}
	}
}

// inFairOrder are messages as they came; what customers say to staff and what staff must hear of
// orders take turns, so that neither crowd keeps the other waiting.
func inFairOrder(messages []esim.OutboxMessage) []esim.OutboxMessage {
	slices.SortStableFunc(messages, func(a, b esim.OutboxMessage) int { return cmp.Compare(a.ID, b.ID) })
	var said, other []esim.OutboxMessage
	for _, m := range messages {
		if m.Kind == esim.StaffThread {
			said = append(said, m)
		} else {
			other = append(other, m)
		}
	}
	out := make([]esim.OutboxMessage, 0, len(messages))
	for len(said)+len(other) > 0 {
		if len(other) > 0 {
			out, other = append(out, other[0]), other[1:]
		}
		if len(said) > 0 {
			out, said = append(out, said[0]), said[1:]
		}
	}
	return out
}

// restsUntil is when a chat may be written to again; zero: now.
func (o *Outbox) restsUntil(p esim.CustomerID, now time.Time) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := o.resting[p]
	if !r.until.After(now) || r.since.After(now) { // over, or the clock was set back
		delete(o.resting, p)
		return time.Time{}
	}
	return r.until
}

// A rest is a time in which a chat is left alone.
type rest struct{ since, until time.Time }

// rest leaves a chat alone for d.
func (o *Outbox) rest(p esim.CustomerID, d time.Duration) {
	now := o.cfg.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.resting[p] = rest{now, now.Add(d)}
}

// Wait returns when nothing is being sent.
func (o *Outbox) Wait() { o.wg.Wait() }

func (o *Outbox) begin(p esim.CustomerID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.inFlight[p] {
		return false
	}
	o.inFlight[p] = true
	return true
}

func (o *Outbox) end(p esim.CustomerID) {
	o.mu.Lock()
	delete(o.inFlight, p)
	o.mu.Unlock()
	o.cfg.Wake()
}
