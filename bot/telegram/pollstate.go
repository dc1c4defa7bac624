package telegram

import (
	"errors"
	"time"
)

// PollHealth is how fetching updates is doing.
type PollHealth struct {
	LastPoll time.Time // see Receiver.LastPoll
	Failures int       // in a row, of Telegram or of Store; 0: all is well
	Since    time.Time // of the first of them; zero when there are none
	Err      error     // of the last of them; nil when there are none
	// Repeated counts the batches, since the process began, that brought nothing but what
	// had been stored before. They are failures too: Telegram does not hear what we confirm.
	Repeated int
}

// ErrNothingNew is a batch of updates that were all stored before: asking again at once
// would bring the same for ever.
var ErrNothingNew = errors.New("telegram: the updates are ones that were fetched before, nothing new comes")

// PollHealth returns how Poll is doing. It may be asked at any time, by the health check.
func (r *Receiver) PollHealth() PollHealth {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	s.LastPoll = r.LastPoll()
	return s
}

func (r *Receiver) noteSuccess() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state.Failures, r.state.Since, r.state.Err = 0, time.Time{}, nil
}

func (r *Receiver) noteFailure(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Failures == 0 {
		r.state.Since = r.Client.now().UTC()
	}
	r.state.Failures++
	r.state.Err = err
	if errors.Is(err, ErrNothingNew) {
		r.state.Repeated++
	}
}

// remembered is how many ids a poll remembers: more than two full batches, since a batch
// that came twice may be cut differently the second time.
const remembered = 256

// A memory holds the ids that were stored last.
type memory struct {
	known map[int64]bool
	ring  [remembered]int64
	next  int
}

// add notes the ids of a batch and reports whether one of them is new.
func (m *memory) add(batch []RawUpdate) (news bool) {
	if m.known == nil {
		m.known = make(map[int64]bool, remembered)
	}
	for _, u := range batch {
		if m.known[u.ID] {
			continue
		}
		news = true
		delete(m.known, m.ring[m.next])
		m.ring[m.next] = u.ID
		m.known[u.ID] = true
		m.next = (m.next + 1) % remembered
	}
	return news
}
