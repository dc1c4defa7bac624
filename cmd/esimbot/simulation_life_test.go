package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"
)

var (
	errDead     = errors.New("this process was killed")
	errDiskFull = errors.New("database or disk is full (13)")
	errDiskSick = errors.New("disk I/O error (266)") // SQLITE_IOERR_READ
)

// life is one run of the program. Once it is dead, nothing of it reaches the disk or a
// neighbour, and no answer reaches it. What was committed stays.
type life struct {
	s      *simulated
	dead   atomic.Bool
	once   sync.Once
	died   chan struct{} // closed when it is dead
	diedAt time.Time     // set by then
	web    *http.Transport
	cancel context.CancelFunc
	ended  chan error
	gone   chan struct{} // closed when Run has returned
}

// A crash is a death that is to come: at the n-th commit, or the n-th exchange with a neighbour.
type crash struct {
	commit bool
	after  bool // it still lands, or is still answered, and the program does not learn of it
	left   atomic.Int64
}

// strikes counts one commit or exchange and reports whether the program dies of it.
func (s *simulated) strikes(commit bool) *crash {
	c := s.crash.Load()
	if c == nil || c.commit != commit || c.left.Add(-1) > 0 || !s.crash.CompareAndSwap(c, nil) {
		return nil
	}
	return c
}

func (p *life) die() {
	p.once.Do(func() {
		p.dead.Store(true)
		p.diedAt = time.Now()
		close(p.died)
		p.cancel()
	})
}

// end is when the process died, if it did.
func (p *life) end() (died bool, at time.Time) {
	select {
	case <-p.died:
		return true, p.diedAt
	default:
		return false, time.Time{}
	}
}

// RoundTrip implements http.RoundTripper.
func (p *life) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.dead.Load() {
		return nil, errDead
	}
	if strings.HasSuffix(r.URL.Path, "/getUpdates") { // waits for most of the time
		return p.web.RoundTrip(r)
	}
	c := p.s.strikes(false)
	if c != nil && !c.after {
		p.die()
		return nil, errDead
	}
	resp, err := p.web.RoundTrip(r)
	if c != nil {
		if err == nil {
			_ = resp.Body.Close()
		}
		p.die()
		return nil, errDead
	}
	return resp, err
}

// commit stands around every commit of the program.
func (p *life) commit(do func() error) error {
	if p.dead.Load() {
		return errDead
	}
	if p.s.diskFull.Load() {
		return errDiskFull
	}
	c := p.s.strikes(true)
	if c != nil && !c.after {
		p.die()
		return errDead
	}
	err := do()
	p.s.commits.Add(1)
	if c != nil {
		p.die()
		return errDead
	}
	return err
}

// read comes before every read of the program.
func (p *life) read() error {
	if p.s.diskSick.Load() && p.s.reads.Add(1)%3 == 0 {
		return errDiskSick
	}
	return nil
}

// kill drops the process between two acts.
func (s *simulated) kill() {
	s.process.die()
	s.bury()
}

// bury clears away what is left of a process that is dead or has ended.
func (s *simulated) bury() {
	p := s.process
	p.die()
	_ = s.app.DB.Close() // the commit in hand still lands, as it may in life
	p.web.CloseIdleConnections()
	<-p.gone // with an error, as it must: there is no database any more
	p.web.CloseIdleConnections()
	s.kills++
}

// downtime is how long it takes until a dead process is started again.
const downtime = 20 * time.Second

// wait lets virtual time go by. A process that dies or ends meanwhile is started again.
func (s *simulated) wait(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			synctest.Wait()
			return
		case <-s.process.died:
		case <-s.process.gone:
			if s.process.dead.Load() {
				break
			}
			err := <-s.process.ended
			s.exits++
			if !s.diskWasFull {
				s.t.Errorf("the shop ended by itself: %v", err)
			}
		}
		s.bury()
		time.Sleep(downtime)
		s.start()
	}
}
