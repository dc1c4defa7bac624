package shop

import (
	"context"
	"errors"
	"time"

	"esimbot/esim"
)

// lookAtClock is how often somebody looks whether the clock was set back, and about the longest
// that anything rests because of it.
const lookAtClock = 30 * time.Second

// clockWatch notices that the clock was set back, and has what was due by the old one due by the new.
func (a *App) clockWatch() *Worker {
	return &Worker{Name: "clock", Idle: lookAtClock, Now: a.Now, Log: a.log, Run: a.followClock()}
}

func (a *App) followClock() func(context.Context) (time.Time, error) {
	var seen time.Time // zero: by the run before
	return func(ctx context.Context) (time.Time, error) {
		now := a.Now()
		if seen.IsZero() {
			last, err := a.DB.LastSeen(ctx)
			if err != nil && !errors.Is(err, esim.ErrNotFound) {
				return time.Time{}, err
			}
			seen = last
		}
		if by := esim.ClockSetBack(seen.Round(0), now.Round(0)); by > 0 { // what the wall says, not for how long we run
			a.log.Warn("the clock was set back; what was due follows it", "by", by)
			if err := a.DB.ClockSetBack(ctx, now, by); err != nil {
				return time.Time{}, err
			}
		}
		seen = now
		return time.Time{}, nil
	}
}
