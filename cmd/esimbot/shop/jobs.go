package shop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"esimbot/esim"
)

// This file is the only place of the program with tickers and cron.

// A Job runs by the clock.
type Job struct {
	Name string
	Spec string // cron expression or "@every 30m", in UTC
	Run  func(ctx context.Context) error
	// Often: so often that it may as well run at each start, and its successes are not noted. A note
	// is a flush of the disk, and a shop that has nothing to do is to leave the disk alone.
	Often bool
}

// JobStore remembers when jobs last succeeded, over restarts.
type JobStore interface {
	// LastJobSuccess returns esim.ErrNotFound for a job that never succeeded.
	LastJobSuccess(ctx context.Context, name string) (time.Time, error)
	NoteJobSuccess(ctx context.Context, name string, at time.Time) error
}

// Jobs are the running cron table.
type Jobs struct {
	cron *cron.Cron
	ctx  context.Context
	late sync.WaitGroup
	stop context.CancelFunc
}

// cronLog gives cron's own words (a panic caught, a run skipped) to the program's log.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, kv ...any) { l.log.Debug("cron: "+msg, kv...) }
func (l cronLog) Error(err error, msg string, kv ...any) {
	l.log.Error("cron: "+msg, append(kv, "err", err)...)
}

// StartJobs starts the table. A job that is overdue by its last success runs at
// once: cron itself catches nothing up, and a table that restarts more often than
// a job's interval would never run it. minInterval is Options.MinInterval; it may be nil.
func StartJobs(ctx context.Context, log *slog.Logger, now func() time.Time, store JobStore, jobs []Job, minInterval func(string) time.Duration) (*Jobs, error) {
	ctx, stop := context.WithCancel(ctx)
	l := cronLog{log}
	// Skip outside, Recover inside: the other way round a panic would leave the
	// job marked as running for ever.
	j := &Jobs{ctx: ctx, stop: stop, cron: cron.New(
		cron.WithLocation(time.UTC), cron.WithLogger(l),
		cron.WithChain(cron.SkipIfStillRunning(l), cron.Recover(l)))}
	var overdue []cron.EntryID
	for _, job := range jobs {
		schedule, err := cron.ParseStandard(job.Spec)
		if err != nil {
			stop()
			return nil, fmt.Errorf("job %s: schedule %q: %w", job.Name, job.Spec, err)
		}
		if every, ok := schedule.(cron.ConstantDelaySchedule); ok && minInterval != nil {
			schedule = rare{every, func() time.Duration { return minInterval(job.Name) }}
		}
		id := j.cron.Schedule(schedule, cron.FuncJob(func() { runJob(ctx, log, now, store, job) }))
		if job.Often {
			overdue = append(overdue, id)
			continue
		}
		last, err := store.LastJobSuccess(ctx, job.Name)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			stop()
			return nil, fmt.Errorf("job %s: last run: %w", job.Name, err)
		}
		if last.IsZero() || !schedule.Next(last).After(now()) {
			overdue = append(overdue, id)
		}
	}
	for _, id := range overdue {
		run := j.cron.Entry(id).WrappedJob
		j.late.Go(run.Run)
	}
	j.cron.Start()
	return j, nil
}

func runJob(ctx context.Context, log *slog.Logger, now func() time.Time, store JobStore, job Job) {
	if ctx.Err() != nil {
		return
	}
	begun := now()
	err := job.Run(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		log.Warn("job failed", "job", job.Name, "took", now().Sub(begun), "err", err)
		return
	}
	log.Debug("job done", "job", job.Name, "took", now().Sub(begun))
	if job.Often {
		return
	}
	// What is done is noted though the shop closes at this moment: Stop waits for it.
	if err := store.NoteJobSuccess(context.WithoutCancel(ctx), job.Name, now()); err != nil {
		log.Error("cannot note a job's success", "job", job.Name, "err", err)
	}
}

// Stop cancels the jobs that run and waits for them.
func (j *Jobs) Stop() {
	j.stop()
	<-j.cron.Stop().Done()
	j.late.Wait()
}

// A Worker runs when it is woken, when what it said was due is due, and now and
// then besides, in case a wake was lost to a crash.
type Worker struct {
	Name string
	Idle time.Duration // the longest time between two runs
	// MinInterval is as in Options, of this worker; nil changes nothing.
	MinInterval func() time.Duration
	Now         func() time.Time
	Run         func(ctx context.Context) (next time.Time, err error)
	Log         *slog.Logger

	once sync.Once
	bell chan struct{}
}

// leastPause keeps a worker whose work is due and cannot begin from spinning.
const leastPause = 10 * time.Millisecond

func (w *Worker) wake() chan struct{} {
	w.once.Do(func() { w.bell = make(chan struct{}, 1) })
	return w.bell
}

// Wake makes the worker run soon. It never blocks.
func (w *Worker) Wake() {
	select {
	case w.wake() <- struct{}{}:
	default: // it is going to run anyway
	}
}

// Loop runs the worker until ctx ends. What it began goes on under the context work,
// so that a stop cuts off no purchase and no message on its way. After an error it rests, longer
// each time, and no Wake shortens that: on a full disk every try would bring the next.
func (w *Worker) Loop(ctx, work context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	pauses, pause := esim.NewExponentialBackoff(time.Second, longestRest), time.Duration(0)
	for {
		if pause > 0 && !rest(ctx, pause) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-w.wake():
		case <-timer.C:
		}
		next, err := w.run(work)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("worker failed", "job", w.Name, "err", err)
		}
		wait := w.Idle
		if w.MinInterval != nil {
			wait = max(wait, w.MinInterval())
		}
		if !next.IsZero() {
			wait = min(max(next.Sub(w.Now()), leastPause), wait)
		}
		if pause = 0; err == nil {
			pauses.Reset()
		} else {
			pause = pauses.NextBackOff()
		}
		timer.Reset(wait)
	}
}

// rest waits and reports whether the time passed before ctx ended.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// longestRest is how long a worker rests after many failures in a row.
const longestRest = 30 * time.Second

func (w *Worker) run(ctx context.Context) (next time.Time, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.Run(ctx)
}

// table is the shop's clockwork.
func (a *App) table(usagePoll string) []Job {
	const often, noted = true, false
	jobs := []Job{
		{"catalog", "@every 1h", a.Catalog.Refresh, noted},
		{"balance", "@every 1m", a.Monitor.Check, often},
		{sweepJob, usagePoll, a.sweep, noted},
		{"remind", "@every 1m", a.Watcher.Remind, often},
		{"fetched", "@every 1m", a.Watcher.RefreshDownloaded, often},
		{"unused", "@every 10m", a.Canceller.CancelUnused, often},
		{"expire", "@every 1m", a.expire, often},
		{"restock", "@every 1m", a.restock, often},
		{reconcileJob, "@every " + reconcileEvery.String(), a.reconcile, noted}, // the start has one of its own
		{"reconcile all", "41 3 * * *", a.reconcileAll, noted},
		{"human", "@every 10m", a.Admin.Remind, often},
		{"acts", "@every 10m", a.Admin.ReportInterrupted, often}, // the start has one, which matters
		{"name", "@every 1h", a.Self.Refresh, often},             // links lead to it; the start has just asked
		{"autotopup", "@every 1m", a.AutoTopUps.Run, often},
		{"contracts", "@every 1m", a.Contracts.Run, often},
		{"watch", "@every 1m", a.Watch.Check, often},
		{"report", "@every 1m", a.Reports.Run, often},
		{"visits", "@every 1m", a.Visits.Flush, often},
		{"threads", "@every 10m", a.Support.CloseQuiet, often},
		{"prune", "17 3 * * *", a.prune, noted},
		{"scrub", "29 3 * * *", a.DB.Scrub, noted}, // writes wait meanwhile
	}
	if a.cfg.BackupDir != "" {
		jobs = append(jobs, Job{BackupJob, "7 2 * * *", a.backup, noted})
	}
	if a.Reserve != nil {
		jobs = append(jobs, Job{"stars", "@every 10m", a.Reserve.Check, often})
	}
	if a.Webhooks != nil {
		jobs = append(jobs, Job{"vendor-webhook", "@every 24h", a.Webhooks.onceOpen(a.Webhooks.CheckVendor), noted})
		if a.cfg.UsesWebhooks() {
			jobs = append(jobs, Job{"telegram-webhook", "@every 1m", a.Webhooks.onceOpen(a.Webhooks.CheckTelegram), often})
		}
	}
	return jobs
}

// sweepLate is how long after one usage sweep there is something wrong if there was no other.
func (a *App) sweepLate(last time.Time) time.Duration {
	if last.Before(a.Started) {
		last = a.Started
	}
	schedule, err := cron.ParseStandard(a.cfg.UsagePoll)
	if err != nil {
		return sweepLate
	}
	second := schedule.Next(schedule.Next(last))
	return max(sweepLate, second.Sub(last))
}

// expire closes orders that were not paid in time, and takes their invoices away.
func (a *App) expire(ctx context.Context) error {
	err := a.Checkout.Expire(ctx)
	return errors.Join(err, a.Bot.RemoveExpiredInvoices(ctx))
}

// A rare schedule is one of a fixed interval that is at least as long as something says each time.
type rare struct {
	every cron.ConstantDelaySchedule
	least func() time.Duration
}

// Next implements cron.Schedule.
func (r rare) Next(t time.Time) time.Time {
	return cron.Every(max(r.every.Delay, r.least())).Next(t)
}

// keepUpdates is how long handled updates stay: longer than Telegram repeats them (24 h).
const keepUpdates = 72 * time.Hour

func (a *App) prune(ctx context.Context) error {
	now := a.Now()
	return errors.Join(a.DB.PruneInbox(ctx, now.Add(-keepUpdates)), a.DB.Prune(ctx, now))
}

// backup puts a checked copy of the database beside those of the days before.
func (a *App) backup(ctx context.Context) error {
	path, r, err := a.DB.CopyInto(ctx, a.cfg.BackupDir, a.cfg.BackupKeep, a.options.BackupSpace)
	if err != nil {
		return fmt.Errorf("daily copy into BACKUP_DIR: %w", err)
	}
	a.log.Info("database copied and checked", "copy", path, "bytes", r.Size, "orders", r.Orders, "payments", r.Payments)
	return nil
}

// restock fetches the price list more often while there is none.
func (a *App) restock(ctx context.Context) error {
	if len(a.Catalog.Current().Plans()) > 0 {
		return nil
	}
	return a.Catalog.Refresh(ctx)
}

func (a *App) sweep(ctx context.Context) error {
	rep, err := a.Watcher.Sweep(ctx)
	if err != nil {
		return fmt.Errorf("usage sweep: %w", err)
	}
	if rep.Trouble != nil {
		a.log.Warn("usage sweep passed some eSIMs over", "err", rep.Trouble)
	}
	a.log.Info("usage sweep", "watched", rep.Watched, "seen", rep.Seen, "metered", rep.UsageRead, "requests", rep.Requests)
	return nil
}

// report logs what went wrong with an order.
func (a *App) report(id esim.OrderID, err error) {
	if !errors.Is(err, context.Canceled) {
		a.log.Error("order not moved", "order", id, "err", err)
	}
}
