package sandbox

import (
	"encoding/json"
	"math/rand/v2"
	"time"
)

// How long Telegram keeps what the bot has not fetched.
const (
	keepMessages = 24 * time.Hour
	keepQueries  = 150 * time.Second
	keepInline   = 30 * time.Second
)

// offsetSlack is how far past the next update id an offset is still taken at its word.
const offsetSlack = 10

// notByDefault are the updates a bot gets only if it asks for them by name.
var notByDefault = map[string]bool{"chat_member": true, "message_reaction": true, "message_reaction_count": true}

type update struct {
	id     int64
	kind   string
	body   json.RawMessage
	line   string // updates of one line are delivered in order, lines are independent of each other
	at     time.Time
	keep   time.Duration
	logged bool
}

type queue struct {
	next    int64
	list    []*update
	allowed map[string]bool // nil: the default list
	added   chan struct{}   // closed when something was added
	poll    *poller
	repeat  int
}

// A poller is a getUpdates that waits. kick ends it with the given words.
type poller struct{ kick chan string }

// kickQuietly ends a long poll with an empty answer instead of a conflict.
const kickQuietly = "-"

func (q *queue) init(r *rand.Rand) {
	q.next = 100_000_000 + r.Int64N(800_000_000)
	q.added = make(chan struct{})
}

func (q *queue) wants(kind string) bool {
	if q.allowed == nil {
		return !notByDefault[kind]
	}
	return q.allowed[kind]
}

// give queues an update for the bot, unless it asked not to get this kind. Lock held.
func (s *Server) give(kind string, content any, line string) {
	if !s.updates.wants(kind) {
		return
	}
	keep := keepMessages
	if kind == "callback_query" || kind == "pre_checkout_query" || kind == "shipping_query" {
		keep = keepQueries
	}
	if kind == "inline_query" {
		keep = keepInline
	}
	s.enqueue(kind, obj{kind: content}, line, keep)
}

func (s *Server) enqueue(kind string, fields obj, line string, keep time.Duration) {
	q := &s.updates
	u := &update{id: q.next, kind: kind, line: line, at: s.now(), keep: keep}
	q.next++
	body := obj{"update_id": u.id}
	for k, v := range fields {
		body[k] = v
	}
	if s.inMeta > 0 {
		s.inMeta--
		addStrangers(body)
	}
	var err error
	if u.body, err = json.Marshal(body); err != nil {
		panic(err) // only maps and slices of plain values are queued
	}
	q.list = append(q.list, u)
	if q.repeat > 0 {
		q.repeat--
		again := *u
		q.list = append(q.list, &again)
	}
	close(q.added)
	q.added = make(chan struct{})
	s.hook.wake()
}

// pending drops what expired and returns the rest. Lock held.
func (s *Server) pending() []*update {
	q, now, old := &s.updates, s.now(), false
	for _, u := range q.list {
		old = old || now.Sub(u.at) >= u.keep
	}
	if old {
		var fresh []*update
		for _, u := range q.list {
			if now.Sub(u.at) < u.keep {
				fresh = append(fresh, u)
			}
		}
		q.list = fresh
	}
	return q.list
}

// confirm forgets all updates before offset; a negative offset keeps only the newest ones. An
// offset that lies in the future of the queue forgets nothing, and the answer begins at its head.
//
// Source: https://github.com/tdlib/td/blob/master/tddb/td/db/TQueue.cpp (get)
func (s *Server) confirm(offset int64) {
	list := s.pending()
	if offset > s.updates.next+offsetSlack {
		return
	}
	if offset < 0 {
		if n := int(-offset); n < len(list) {
			s.updates.list = list[len(list)-n:]
		}
		return
	}
	i := 0
	for i < len(list) && list[i].id < offset {
		i++
	}
	s.updates.list = list[i:]
}

// allow remembers allowed_updates: absent keeps the last list, empty means the default.
func (q *queue) allow(p *params) *apiError {
	if p.str("allowed_updates") == "" {
		return nil
	}
	var kinds []string
	if err := p.json("allowed_updates", &kinds); err != nil {
		return bad("can't parse allowed_updates JSON object")
	}
	if len(kinds) == 0 {
		q.allowed = nil
		return nil
	}
	q.allowed = map[string]bool{}
	for _, k := range kinds {
		q.allowed[k] = true
	}
	return nil
}

func (q *queue) kick(why string) {
	if q.poll != nil {
		q.poll.kick <- why
		q.poll = nil
	}
}

func (s *Server) getUpdates(p *params) (any, *apiError) {
	limit := p.int("limit", maxUpdatesAtOnce)
	if limit < 1 || limit > maxUpdatesAtOnce {
		limit = maxUpdatesAtOnce
	}
	wait := time.Duration(min(max(p.int("timeout", 0), 0), int64(s.opt.LongPoll/time.Second))) * time.Second
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	// The newcomer wins; the one that waited is told so, as in Telegram.
	s.updates.kick("terminated by other getUpdates request; make sure that only one bot instance is running")
	if err := s.updates.allow(p); err != nil {
		return nil, err
	}
	if offset := p.int("offset", 0); offset != 0 {
		s.confirm(offset)
	}
	me := &poller{kick: make(chan string, 1)}
	s.updates.poll = me
	defer func() {
		if s.updates.poll == me {
			s.updates.poll = nil
		}
	}()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		list := s.pending()
		if len(list) > 0 || wait == 0 {
			return s.hand(p, list[:min(int(limit), len(list))]), nil
		}
		added := s.updates.added
		s.mu.Unlock()
		stop, why := false, ""
		select {
		case <-added:
		case why = <-me.kick:
		case <-timer.C:
			stop = true
		case <-p.ctx.Done():
			stop = true
		case <-s.closed:
			stop = true
		}
		s.mu.Lock()
		if stop || why == kickQuietly {
			return []json.RawMessage{}, nil
		}
		if why != "" {
			return nil, conflict(why)
		}
	}
}

// hand returns the bodies and notes each update once in the list of calls.
func (s *Server) hand(p *params, list []*update) []json.RawMessage {
	out := make([]json.RawMessage, len(list))
	for i, u := range list {
		out[i] = u.body
		if !u.logged {
			u.logged = true
			p.noted = append(p.noted, s.noteUpdate(u, 200, nil, 0))
		}
	}
	return out
}
