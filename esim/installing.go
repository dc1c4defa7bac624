package esim

import (
	"context"
	"errors"
	"fmt"
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
		c == ConditionWorking && e.Plan.Starts == AtInstall && e.Used == 0 && now.Sub(e.Activated) < justInstalled:
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
// we know: the sweep would come by too late for somebody who stands at an airport.
func (w *Watcher) RefreshDownloaded(ctx context.Context) error {
	now := w.Now()
	fetched, err := w.Store.DownloadedESIMs(ctx, now.Add(-fetchedFor), now.Add(-fetchedAfter), AlertHalfInstalled, downloadedAtOnce)
	if err != nil {
		return fmt.Errorf("list eSIMs that were fetched: %w", err)
	}
	var errs []error
	for _, id := range fetched {
		err := alone(func() error { return w.Refresh(ctx, id) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("look at an eSIM that was fetched: %w", err))
		}
		if unanswered(err) { // nor would it answer about the others
			break
		}
	}
	return errors.Join(errs...)
}
