package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// A shop that has sold and has nothing to do leaves its disk alone: in each hour no more commits than
// the watchdog's one a minute and a few for what was fetched and compared, though its jobs and workers
// run as often as in life.
func TestAQuietShopHardlyWrites(t *testing.T) {
	t.Parallel()
	dir, catalog := t.TempDir(), smallCatalog(t)
	if testing.Short() {
		t.Skip("hours of a whole shop")
	}
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, dir, catalog, 1, 2)
		defer s.end()
		s.pass(time.Minute)
		for range 3 {
			if !s.buy(s.people[0], "JP") {
				t.Fatal("nothing was bought")
			}
			s.pass(time.Minute)
		}
		s.asInLife.Store(true)
		s.wait(time.Hour) // until whoever rests for as long as simulated shops do has seen it
		before := s.commits.Load()
		s.wait(3 * time.Hour)
		if n := s.commits.Load() - before; n > 3*100 {
			t.Errorf("%d commits in three hours in which nothing happened", n)
		}
		s.check()
	})
}
