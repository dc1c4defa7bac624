package storage

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
)

// look is a reading of an eSIM that saw it change.
func look(e esim.ESIM, change func(*esim.ESIM), due ...esim.AlertKind) esim.PollResult {
	change(&e)
	return esim.PollResult{ESIM: e, Alerts: esim.Alerts{Due: due}}
}

func same(*esim.ESIM) {}

func TestAlertsAreGivenOncePerEpoch(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	r := look(e, same, esim.AlertData10)
	r.Alerts.Passed = []esim.AlertKind{esim.AlertData20}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if err := db.SavePollResults(t.Context(), []esim.PollResult{r}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	// What was passed over is not given later, should the data seem to grow.
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(e, same, esim.AlertData20)}))
	alerts := func() (keys []string) {
		t.Helper()
		for _, k := range dueKeys(t, db, noon) {
			if k[:6] == "alert:" {
				keys = append(keys, k)
			}
		}
		return keys
	}
	wantKeys(t, "first epoch", alerts(), "alert:"+string(e.ID)+":0:data10")

	get(db.writer.conn.ExecContext(t.Context(), `UPDATE esims SET epoch = 1`))(t)
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(e, func(e *esim.ESIM) { e.Used = 1 << 29 }, esim.AlertDataGone)}))
	wantKeys(t, "a reading from before the top-up", alerts(), "alert:"+string(e.ID)+":0:data10")
	e = get(db.ESIMOf(t.Context(), ann, e.ID))(t)
	if e.Used != 0 {
		t.Error("a reading from before the top-up was stored")
	}
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(e, same, esim.AlertData20)}))
	wantKeys(t, "second epoch", alerts(), "alert:"+string(e.ID)+":0:data10", "alert:"+string(e.ID)+":1:data20")
}

func TestReadingsAreStoredTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	unknown := e
	unknown.ID = "T-unknown"
	err := db.SavePollResults(t.Context(), []esim.PollResult{look(e, func(e *esim.ESIM) { e.Used = 5 }, esim.AlertData20), {ESIM: unknown}})
	if !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("an unknown eSIM: %v", err)
	}
	if got := get(db.ESIMOf(t.Context(), ann, e.ID))(t); got.Used != 0 {
		t.Error("half of the readings were stored")
	}
	if n := number(t, db, `SELECT count(*) FROM alerts`); n != 0 {
		t.Errorf("%d alerts", n)
	}
}

func TestAnOlderLookTakesNothingBack(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	newer := look(e, func(e *esim.ESIM) {
		e.Asked, e.Status, e.SMDPStatus, e.Used, e.UsageAt = noon.Add(time.Minute), esim.ProfileInUse, esim.SMDPEnabled, 500, noon
	})
	older := look(e, func(e *esim.ESIM) {
		e.Asked, e.Status, e.SMDPStatus, e.Used, e.EID = noon.Add(time.Second), esim.ProfileGotResource, esim.SMDPDownloaded, 100, "8904"
	})
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{newer, older}))
	want := newer.ESIM
	want.EID = "8904" // what the newer look did not know
	if got := get(db.ESIMOf(t.Context(), ann, e.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func TestWatchedAndEnding(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	esims := allocated(t, db, "ORDER001", ann, 4)
	in := func(d time.Duration, s esim.ProfileStatus) func(*esim.ESIM) {
		return func(e *esim.ESIM) { e.Activated, e.Expires, e.Status = noon.Add(-time.Hour), noon.Add(d), s }
	}
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{
		look(esims[0], in(time.Hour, esim.ProfileInUse)),
		look(esims[1], in(time.Hour, esim.ProfileRevoked)), // withdrawn: nothing to remind of
		look(esims[2], in(9*24*time.Hour, esim.ProfileInUse)),
		// esims[3] was never used
	}))
	watched := get(db.WatchedESIMs(t.Context()))(t)
	if len(watched) != 3 {
		t.Errorf("watched %v: all but the revoked one", watched)
	}
	ending := func() []esim.ESIM {
		t.Helper()
		return get(db.ExpiringESIMs(t.Context(), noon.Add(3*24*time.Hour)))(t)
	}
	all := ending()
	if len(all) != 1 || all[0].ID != esims[0].ID {
		t.Fatalf("ending %v", all)
	}
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(all[0], same, esim.AlertExpiry1)}))
	if len(ending()) != 1 {
		t.Error("an eSIM is left out before it was told that it ended")
	}
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(all[0], same, esim.AlertExpired)}))
	if len(ending()) != 0 {
		t.Error("an eSIM is listed after it was told that it ended")
	}
	if got := get(db.ESIMs(t.Context(), []esim.ESIMID{esim.ESIMID(string(esims[3].ID)), "unknown", esim.ESIMID(string(esims[0].ID))}))(t); len(got) != 2 {
		t.Errorf("loaded %d eSIMs of two known ones", len(got))
	}
	if got := get(db.ESIMsOfOrder(t.Context(), "ORDER001"))(t); len(got) != 4 || got[3].Index != 4 {
		t.Errorf("of the order: %d", len(got))
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	var want []esim.Usage
	for i := range 4 {
		u := esim.Usage{ID: e.ID, Used: int64(i), Total: 9, AsOf: noon.Add(time.Duration(i) * time.Hour)}
		want = append(want, u)
		for range 2 { // the same report is read many times
			must(t, db.SavePollResults(t.Context(), []esim.PollResult{{ESIM: e, Sample: &u}}))
		}
	}
	if got := get(db.Samples(t.Context(), e.ID, noon.Add(time.Hour), 2))(t); !reflect.DeepEqual(got, want[2:]) {
		t.Errorf("the latest two: %v", got)
	}
	if got := get(db.Samples(t.Context(), e.ID, noon.Add(time.Hour), 9))(t); !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("since one o'clock: %v", got)
	}
	if got := get(db.Samples(t.Context(), e.ID, time.Time{}, 9))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("all: %v", got)
	}
	if got := get(db.UsageHistory(t.Context(), e.ID, noon.Add(time.Hour), time.Minute))(t); !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("course since one o'clock: %v", got)
	}
	if got := get(db.UsageHistory(t.Context(), e.ID, time.Time{}, 2*time.Hour))(t); !reflect.DeepEqual(got, []esim.Usage{want[1], want[3]}) {
		t.Errorf("course in steps of two hours: %v", got)
	}
}
