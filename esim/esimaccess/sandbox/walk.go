package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// The state of an eSIM is worked out when somebody asks. Webhooks are for those who do not ask, so
// somebody must: the walk goes through all moments since the last one at which something fell due,
// in their order, and compares each eSIM with what was told of it. It is made before and after
// every change, when the clock is moved, and by the sender when the next moment comes by itself.

// told is what webhooks have said of an eSIM, or would have said to a listener.
type told struct {
	Status string    `json:"status"`
	SMDP   string    `json:"smdp"`
	Marks  [4]bool   `json:"marks"`  // of thresholds
	Ending time.Time `json:"ending"` // the end that VALIDITY_USAGE warned of
	Over   bool      `json:"over"`   // nothing more can happen
}

// thresholds are the parts left at which DATA_USAGE is sent.
var thresholds = [4]float64{0.5, 0.25, 0.2, 0.1}

// locked runs do on the account at a moment, after all that fell due before it. What follows from
// it is queued and saved before it returns.
func (s *Sandbox) locked(do func(now time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Time()
	s.walk(now)
	do(now)
	s.commit()
}

// commit needs s.mu: it queues the webhooks that were made, and saves.
func (s *Sandbox) commit() {
	s.flush()
	s.save()
}

// A moment is when an eSIM may have news.
type moment struct {
	at time.Time
	of *profile
}

// walk needs s.mu.
func (s *Sandbox) walk(now time.Time) {
	if s.next.IsZero() || now.Before(s.next) {
		s.walked = now
		return
	}
	var moments []moment
	for _, p := range s.book.profiles {
		for _, at := range s.moments(p) {
			if at.After(s.walked) && !at.After(now) {
				moments = append(moments, moment{at, p})
			}
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.of.seq, b.of.seq))
	})
	for _, m := range moments {
		s.tell(m.of, m.at)
	}
	s.walked, s.next = now, time.Time{}
	for _, p := range s.book.profiles {
		s.expect(p)
	}
}

// moments are the times at which something happens to p without anybody doing anything.
func (s *Sandbox) moments(p *profile) []time.Time {
	if p.told.Over {
		return nil
	}
	out := []time.Time{p.expires().Add(-day), p.expires()}
	if !p.order.told {
		out = append(out, p.order.wholeAt())
	}
	if p.silent {
		return out
	}
	for _, b := range p.burns {
		out = append(out, b.at.Add(s.opt.UsageLag))
	}
	return out
}

// expect makes sure that the next walk is not later than p's next moment.
func (s *Sandbox) expect(p *profile) {
	for _, at := range s.moments(p) {
		if at.After(s.walked) && (s.next.IsZero() || at.Before(s.next)) {
			s.next = at
			s.stir() // the sender may mean to sleep longer
		}
	}
}

// tell makes the webhooks for whatever is different about p at t from what was told.
func (s *Sandbox) tell(p *profile, t time.Time) {
	if !p.there(t) {
		s.expect(p)
		return
	}
	if !p.order.told && p.order.whole(t) {
		p.order.told = true
		s.dirty = true
		s.orderStatus(p.order, t)
	}
	before := p.told
	for _, step := range smdpSteps(p.told.SMDP, p.smdpStatus()) {
		p.told.SMDP = step
		s.smdpEvent(p, t)
	}
	status := p.esimStatus(t, s.reported(t))
	if status == "USED_UP" && p.told.Status != "IN_USE" && p.told.Status != status {
		s.tellStatus(p, t, "IN_USE")
	}
	if status != "USED_UP" {
		s.tellStatus(p, t, status)
	}
	if p.ended(t).IsZero() {
		s.tellData(p, t)
		s.tellValidity(p, t)
	}
	s.tellStatus(p, t, status)
	p.told.Over = !p.ended(t).IsZero()
	if before != p.told {
		s.dirty = true
	}
	s.expect(p)
}

// tellStatus sends ESIM_STATUS. That an eSIM was allocated is told by ORDER_STATUS alone.
func (s *Sandbox) tellStatus(p *profile, t time.Time, status string) {
	first := p.told.Status == "" && status == "GOT_RESOURCE"
	if status == p.told.Status {
		return
	}
	p.told.Status = status
	if !first {
		s.esimStatus(p, t, status)
	}
}

// tellData sends DATA_USAGE for each threshold newly passed. A top-up arms them again. Plans that
// go on when their volume is used have none.
func (s *Sandbox) tellData(p *profile, t time.Time) {
	if p.plan.endless() || p.activated().IsZero() {
		return
	}
	total := p.totalVolume()
	left := max(0, total-p.known(s.reported(t)))
	for i, part := range thresholds {
		passed := float64(left) <= part*float64(total)
		if passed && !p.told.Marks[i] {
			s.dataUsage(p, t, total, left, part)
		}
		p.told.Marks[i] = passed
	}
}

// tellValidity sends VALIDITY_USAGE on the last day of an eSIM that has more than one.
func (s *Sandbox) tellValidity(p *profile, t time.Time) {
	end := p.expires()
	if p.activated().IsZero() || p.totalDays() < 2 || t.Before(end.Add(-day)) || p.told.Ending.Equal(end) {
		return
	}
	p.told.Ending = end
	s.validityUsage(p, t)
}

// smdpPath is the way of a profile onto a phone. INSTALLATION is passed, never stayed at.
var smdpPath = []string{"RELEASED", "DOWNLOAD", "INSTALLATION", "ENABLED"}

// smdpSteps are the states to tell between the last one told ("" at first) and the present one.
func smdpSteps(from, to string) []string {
	if from == to || from == "" && to == smdpPath[0] {
		return nil
	}
	a, b := slices.Index(smdpPath, from), slices.Index(smdpPath, to)
	switch {
	case b > 0 && (a >= 0 || from == ""):
		return smdpPath[max(a, 0)+1 : b+1]
	case b < 0 && a < len(smdpPath)-1 && from != "DISABLED":
		return append(slices.Clone(smdpPath[max(a, 0)+1:]), to)
	default:
		return []string{to}
	}
}
