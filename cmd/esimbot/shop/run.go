package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// Grace is how long work may take to finish after the signal to stop. Fly.io
	// kills after a minute (fly.toml), systemd after 90 s.
	Grace = 25 * time.Second
	// lastGrace is for what was cancelled then, and for closing the database.
	lastGrace = 10 * time.Second
)

// Run serves until ctx ends, then stops in order: take nothing new, finish, cancel
// what does not finish, close the database.
func (a *App) Run(ctx context.Context) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	work, cancelWork := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelWork()
	servers, err := a.open()
	if err != nil {
		return errors.Join(err, a.DB.Close())
	}
	defer servers.Close()

	a.Prepare(ctx)
	jobs, err := StartJobs(work, a.log, a.Now, a.DB, a.table(a.cfg.UsagePoll), a.options.MinInterval)
	if err != nil {
		return errors.Join(err, a.DB.Close())
	}
	var loops sync.WaitGroup
	for _, w := range a.allWorkers(fail) {
		if a.options.MinInterval != nil {
			w.MinInterval = func() time.Duration { return a.options.MinInterval(w.Name) }
		}
		loops.Go(func() { w.Loop(ctx, work) })
	}
	loops.Go(a.Texts.ReadAhead)
	loops.Go(func() { a.reconcileAtStart(ctx) })
	loops.Go(func() {
		if err := a.Bot.Introduce(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("commands and descriptions not set", "err", err)
		}
	})
	if err := a.Intake.Begin(ctx, work); err != nil {
		fail(err)
	} else {
		a.log.Info("the shop is open", "version", a.options.Version, "listen", servers.listen, "metrics", servers.metrics)
		fail(a.take(ctx, work, &loops))
	}
	a.log.Info("stopping")
	if err := servers.shut(); err != nil {
		a.log.Warn("stopping", "err", err)
	}
	err = a.stop(&loops, cancelWork, jobs)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return err
}

// allWorkers are those that wake each other, and those that nobody wakes.
func (a *App) allWorkers(fail context.CancelCauseFunc) []*Worker {
	return append(slices.Clip(a.Workers), a.clockWatch(), a.inboxReader(), a.watchdog(fail))
}

// take takes updates from Telegram until ctx ends, and events of the vendor beside it.
func (a *App) take(ctx, work context.Context, loops *sync.WaitGroup) error {
	if a.Webhooks != nil {
		a.Webhooks.Open.Store(true)
		loops.Go(func() { a.registrar.Loop(ctx, work) })
	}
	if !a.cfg.UsesWebhooks() {
		return a.Receiver.Poll(ctx)
	}
	<-ctx.Done()
	return nil
}

// Prepare fills the catalogue cache, restores what the conversations need and learns whether the
// vendor answers, as far as possible. It comes before the first update.
func (a *App) Prepare(ctx context.Context) {
	if err := a.Catalog.Restore(ctx); err != nil {
		a.log.Warn("no catalogue from the last run", "err", err)
	}
	a.Bot.Restore(ctx)
	if err := a.RestoreDetector.Remember(ctx); err != nil {
		a.log.Warn("it is not known how long the shop was closed", "err", err)
	}
	if err := a.Monitor.Check(ctx); err != nil {
		a.log.Warn("the vendor does not answer; the shop opens and sells nothing yet", "err", err)
	}
	// A webhook of an earlier life would make every poll fail; what waits is kept.
	if !a.cfg.UsesWebhooks() {
		if err := a.Telegram.DeleteWebhook(ctx); err != nil {
			a.log.Warn("cannot make sure that polling is possible", "err", err)
		}
	}
	if a.cfg.StaffChat == 0 {
		a.log.Warn("ADMIN_CHAT_ID is not set: the shop sells and nobody watches")
	}
}

// stop lets the work in hand finish, then cancels it, and closes the database. It
// always returns: what did not finish goes on after the next start.
func (a *App) stop(loops *sync.WaitGroup, cancelWork context.CancelFunc, jobs *Jobs) error {
	finished := make(chan struct{})
	go func() {
		a.Intake.Stop()
		loops.Wait()
		a.Fulfiller.Wait()
		a.Outbox.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(Grace):
		a.log.Warn("some work did not finish in time; it goes on after the next start")
	}
	cancelWork()
	closed := make(chan error, 1)
	go func() {
		<-finished
		jobs.Stop()
		a.Bot.Close()
		if err := a.Visits.Flush(context.Background()); err != nil {
			a.log.Warn("visits of the last minute are not counted", "err", err)
		}
		closed <- a.DB.Close()
	}()
	select {
	case err := <-closed:
		return err
	case <-time.After(lastGrace):
		return errors.New("stopped without waiting any longer: something hangs")
	}
}

// inboxReader looks every half minute for updates that no worker has.
func (a *App) inboxReader() *Worker {
	return &Worker{Name: "inbox", Idle: 30 * time.Second, Now: a.Now, Log: a.log, Run: func(ctx context.Context) (time.Time, error) {
		return time.Time{}, a.Intake.RequeueUnhandled(ctx)
	}}
}

// watchdogTries at writing fail, a minute apart, before the program gives up.
const watchdogTries = 5

// watchdog ends the program when the database cannot be written for minutes: a
// failing health check restarts nothing on Fly.io, an exit does.
func (a *App) watchdog(fail context.CancelCauseFunc) *Worker {
	return &Worker{Name: "watchdog", Idle: time.Minute, Now: a.Now, Log: a.log, Run: giveUp(a.DB.Writable, fail)}
}

// giveUp calls fail when so many checks in a row found that nothing can be written.
func giveUp(writable func(context.Context) error, fail context.CancelCauseFunc) func(context.Context) (time.Time, error) {
	failures := 0
	return func(ctx context.Context) (time.Time, error) {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		err := writable(ctx)
		if err == nil || errors.Is(err, context.Canceled) {
			failures = 0
			return time.Time{}, nil
		}
		if failures++; failures >= watchdogTries {
			fail(fmt.Errorf("the database cannot be written: %w", err))
		}
		return time.Time{}, err
	}
}
