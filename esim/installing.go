package esim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// Between the purchase and the first use lies the installation. Its end is told, so that nobody
// wonders whether it worked, and so is an installation that stands still, as happens to travellers
// who lose their Wi-Fi: while they are still looking at the phone.

const (
	// fetchedAfter is how long a phone has to install what it has fetched; it takes a minute or two.
	fetchedAfter = 5 * time.Minute
	// fetchedFor is how long after that it is worth telling.
	fetchedFor = day
	// justInstalled is how long an eSIM whose days began with its installation is news.
	justInstalled = 6 * time.Hour
	// downloadedAtOnce bounds the questions of one RefreshDownloaded.
	downloadedAtOnce = 20
)

// installing adds what there is to say of an installation. An eSIM that was topped up was told of
// before.
func (a *Alerts) installing(e ESIM, now time.Time) {
	switch c := e.Condition(now); {
	case c == ConditionDownloading && !e.Downloaded.IsZero() && now.Sub(e.Downloaded) >= fetchedAfter:
		a.Due = append(a.Due, AlertHalfInstalled)
	case e.Epoch > 0:
	case c == ConditionInstalled,
		c == ConditionWorking && e.Plan.ValidityStart == ValidFromInstall && e.Used == 0 && now.Sub(e.Activated) < justInstalled:
		a.Due = append(a.Due, AlertInstalled)
	}
}

// seen notes when an eSIM was first seen fetched and not installed.
func (e ESIM) seen(at time.Time) ESIM {
	if e.Downloaded.IsZero() && e.Condition(at) == ConditionDownloading {
		e.Downloaded = at
	}
	return e
}

// DownloadedStore lists eSIMs that a phone has fetched and not installed.
type DownloadedStore interface {
	// DownloadedESIMs lists the esimTranNo of those first seen so between two times, whose alert of a
	// kind was not noted yet, the oldest first.
	DownloadedESIMs(ctx context.Context, since, until time.Time, kind AlertKind, limit int) ([]ESIMID, error)
}

// RefreshDownloaded asks the vendor about eSIMs that were fetched a while ago and not installed as far as
// we know: the sweep would come by too late for somebody who stands at an airport. Only one may be called at a time.
func (w *Watcher) RefreshDownloaded(ctx context.Context) error {
	now := w.Now()
	maps.DeleteFunc(w.resting, func(_ ESIMID, until time.Time) bool { return !until.After(now) || until.Sub(now) > stuckFor })
	fetched, err := w.Store.DownloadedESIMs(ctx, now.Add(-fetchedFor), now.Add(-fetchedAfter), AlertHalfInstalled, downloadedAtOnce+len(w.resting))
	if err != nil {
		return fmt.Errorf("list eSIMs that were fetched: %w", err)
	}
	var errs []error
	for _, id := range fetched {
		if !w.resting[id].IsZero() {
			continue
		}
		err := alone(func() error { return w.Refresh(ctx, id) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if unanswered(err) { // nor would it answer about the others
			errs = append(errs, fmt.Errorf("look at an eSIM that was fetched: %w", err))
			break
		}
		if err == nil {
			w.failing.fine(string(id))
			continue
		}
		if w.resting == nil {
			w.resting = map[ESIMID]time.Time{}
		}
		w.resting[id] = now.Add(stuckFor)
		errs = append(errs, w.failing.stuck(ctx, w.Store, "eSIM that was fetched", string(id), "", err, now))
	}
	return errors.Join(errs...)
}
