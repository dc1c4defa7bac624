package sandbox

import (
	"errors"
	"testing"
	"time"
)

// A step is something that happens to an eSIM, and the state it leads to.
type step struct {
	what string
	do   func(w *world, tran string) error
	want string // smdpStatus/esimStatus
}

func wait4(d time.Duration) func(*world, string) error {
	return func(w *world, _ string) error { w.Advance(d); return nil }
}

func burnt(bytes int64) func(*world, string) error {
	return func(w *world, tran string) error { return w.Burn(tran, bytes) }
}

func installed(w *world, tran string) error { return w.Install(tran) }

func TestAnESIMWalksThroughItsLife(t *testing.T) {
	t.Parallel()
	const gb = 1 << 30
	lives := []struct {
		name, slug string
		days       int
		steps      []step
	}{
		{"used up, then expired", "ES_1_7", 0, []step{
			{"nothing yet", wait4(0), "RELEASED/GOT_RESOURCE"},
			{"downloaded", func(w *world, tr string) error { return w.Download(tr) }, "DOWNLOAD/GOT_RESOURCE"},
			{"installed", installed, "ENABLED/GOT_RESOURCE"},
			{"a month in the drawer", wait4(30 * day), "ENABLED/GOT_RESOURCE"},
			{"first use", burnt(gb / 2), "ENABLED/IN_USE"},
			{"the rest", burnt(gb), "ENABLED/IN_USE"},
			{"a moment before the report", wait4(defaultUsageLag - time.Second), "ENABLED/IN_USE"},
			{"the report", wait4(time.Second), "ENABLED/USED_UP"},
			{"switched off", func(w *world, tr string) error { return w.Switch(tr, false) }, "DISABLED/USED_UP"},
			{"a second before the end", wait4(7*day - defaultUsageLag - time.Second), "DISABLED/USED_UP"},
			{"the end", wait4(time.Second), "DISABLED/USED_EXPIRED"},
		}},
		{"expired with data left", "ES_1_7", 0, []step{
			{"first use installs", burnt(1), "ENABLED/IN_USE"},
			{"a second before", wait4(7*day - time.Second), "ENABLED/IN_USE"},
			{"the end", wait4(time.Second), "ENABLED/USED_EXPIRED"},
		}},
		{"never used", "ES_1_7", 0, []step{
			{"a second before", wait4(180*day - time.Second), "RELEASED/GOT_RESOURCE"},
			{"the end", wait4(time.Second), "RELEASED/UNUSED_EXPIRED"},
		}},
		{"installed, never used", "ES_1_7", 0, []step{
			{"installed", installed, "ENABLED/GOT_RESOURCE"},
			{"the end", wait4(180 * day), "ENABLED/UNUSED_EXPIRED"},
		}},
		{"validity from the installation", "TH_1_7", 0, []step{
			{"installed", installed, "ENABLED/IN_USE"},
			{"the end", wait4(7 * day), "ENABLED/USED_EXPIRED"},
		}},
		{"connected only", "ES_1_7", 0, []step{
			{"connected", burnt(0), "ENABLED/IN_USE"},
		}},
		{"deleted from the phone", "ES_1_7", 0, []step{
			{"used", burnt(1), "ENABLED/IN_USE"},
			{"deleted", func(w *world, tr string) error { return w.Delete(tr) }, "DELETED/IN_USE"},
			{"the end", wait4(7 * day), "DELETED/USED_EXPIRED"},
		}},
		{"a slowed day pass is never used up", "ES_1_Daily", 2, []step{
			{"far too much", burnt(10 * gb), "ENABLED/IN_USE"},
			{"reported", wait4(defaultUsageLag), "ENABLED/IN_USE"},
			{"the end", wait4(2*day - defaultUsageLag), "ENABLED/USED_EXPIRED"},
		}},
	}
	for _, life := range lives {
		t.Run(life.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			tran := w.own("t", life.slug, life.days)
			for _, s := range life.steps {
				if err := s.do(w, tran); err != nil {
					t.Fatalf("%s: %v", s.what, err)
				}
				e := w.byTran(tran)
				if got := e.SMDPStatus + "/" + e.EsimStatus; got != s.want {
					t.Fatalf("%s: %s, want %s", s.what, got, s.want)
				}
				v, ok := w.Profile(tran)
				if got := v.SMDPStatus + "/" + v.EsimStatus; !ok || got != s.want {
					t.Errorf("%s: the view says %s", s.what, got)
				}
			}
		})
	}
}

func TestExpiryIsToTheSecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	allocated := start.Add(defaultAllocation)
	tran := w.own("t", "ES_3_30", 0)
	if e := w.byTran(tran); show(e.ExpiredTime) != written(allocated.Add(180*day)) || e.ActivateTime != nil || e.InstallationTime != nil {
		t.Errorf("new: expires %s, activated %s, installed %s", show(e.ExpiredTime), show(e.ActivateTime), show(e.InstallationTime))
	}
	put := w.Advance(5 * day)
	_ = w.Install(tran)
	if e := w.byTran(tran); show(e.ExpiredTime) != written(allocated.Add(180*day)) || e.ActivateTime != nil || show(e.InstallationTime) != written(put) {
		t.Errorf("installed: expires %s, activated %s, installed %s", show(e.ExpiredTime), show(e.ActivateTime), show(e.InstallationTime))
	}
	used := w.Advance(3 * day)
	_ = w.Burn(tran, 1)
	if e := w.byTran(tran); show(e.ExpiredTime) != written(used.Add(30*day)) || show(e.ActivateTime) != written(used) || show(e.InstallationTime) != written(put) {
		t.Errorf("used: expires %s, activated %s, installed %s", show(e.ExpiredTime), show(e.ActivateTime), show(e.InstallationTime))
	}

	at := w.Time().Add(defaultAllocation)
	first := w.own("t2", "TH_1_7", 0)
	_ = w.Install(first)
	if e := w.byTran(first); show(e.ExpiredTime) != written(at.Add(7*day)) || show(e.ActivateTime) != written(at) {
		t.Errorf("activeType 1: expires %s, activated %s", show(e.ExpiredTime), show(e.ActivateTime))
	}
}

func TestNoMoreThanTheVolumeAndALittleGetsThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{UsageLag: Off})
	tran := w.own("t", "ES_1_7", 0)
	if err := w.Burn(tran, 5<<30); err != nil {
		t.Fatal(err)
	}
	e := w.byTran(tran)
	if over := e.OrderUsage - e.TotalVolume; over <= 0 || over > e.TotalVolume/50 {
		t.Errorf("%d bytes beyond the volume", over)
	}
	if err := w.Burn(tran, 1); !errors.Is(err, ErrCannot) {
		t.Errorf("burning on an empty eSIM: %v", err)
	}
	if again := w.byTran(tran); again.OrderUsage != e.OrderUsage {
		t.Errorf("usage grew to %d", again.OrderUsage)
	}
}

func TestWhatAPhoneCannotDo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		before func(w *world, tran string)
		do     func(w *world, tran string) error
	}{
		{"install twice", func(w *world, tr string) { _ = w.Install(tr) }, installed},
		{"download twice", func(w *world, tr string) { _ = w.Download(tr) }, func(w *world, tr string) error { return w.Download(tr) }},
		{"install again after deleting", func(w *world, tr string) { _ = w.Install(tr); _ = w.Delete(tr) }, installed},
		{"burn after deleting", func(w *world, tr string) { _ = w.Install(tr); _ = w.Delete(tr) }, burnt(1)},
		{"delete what is not installed", func(*world, string) {}, func(w *world, tr string) error { return w.Delete(tr) }},
		{"switch what is not installed", func(*world, string) {}, func(w *world, tr string) error { return w.Switch(tr, true) }},
		{"install after the grace", func(w *world, _ string) { w.Advance(180 * day) }, installed},
		{"burn after the end", func(w *world, tr string) { _ = w.Burn(tr, 1); w.Advance(7 * day) }, burnt(1)},
		{"burn less than nothing", func(*world, string) {}, burnt(-1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			tran := w.own("t", "ES_1_7", 0)
			tt.before(w, tran)
			before, _ := w.Profile(tran)
			if err := tt.do(w, tran); !errors.Is(err, ErrCannot) {
				t.Errorf("error %v, want ErrCannot", err)
			}
			if after, _ := w.Profile(tran); after != before {
				t.Errorf("it changed something:\n%+v\n%+v", before, after)
			}
		})
	}
	w := newWorld(t, Options{})
	if err := w.Install("1"); !errors.Is(err, ErrNoProfile) {
		t.Errorf("an unknown eSIM: %v", err)
	}
}

func TestUsageIsKnownLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{}) // the lag is 2 h 30 min
	a, b := w.own("a", "ES_1_7", 0), w.own("b", "JP_3_30", 0)
	ask := func() (rows []struct {
		EsimTranNo           string
		DataUsage, TotalData int64
		LastUpdateTime       string
	},
	) {
		var u struct {
			EsimUsageList []struct {
				EsimTranNo           string
				DataUsage, TotalData int64
				LastUpdateTime       string
			}
		}
		w.get(&u, "esim/usage/query", `{"esimTranNoList":[%q,"unknown",%q]}`, a, b)
		return u.EsimUsageList
	}
	if err := w.Burn(a, 100); err != nil {
		t.Fatal(err)
	}
	w.Advance(defaultUsageLag - time.Second)
	rows := ask()
	if len(rows) != 2 || rows[0].EsimTranNo != b || rows[1].EsimTranNo != a {
		t.Fatalf("want both known ones, the newer first: %+v", rows)
	}
	if rows[1].DataUsage != 0 || rows[1].TotalData != 1<<30 || rows[0].TotalData != 3<<30 {
		t.Errorf("before the report: %+v", rows)
	}
	w.Advance(time.Second)
	if rows = ask(); rows[1].DataUsage != 100 || rows[0].DataUsage != 0 {
		t.Errorf("at the report: %+v", rows)
	}
	w.Advance(time.Hour)
	hour := w.Time().Add(-defaultUsageLag).Truncate(time.Hour)
	if rows = ask(); rows[1].LastUpdateTime != written(hour) {
		t.Errorf("last update %s, want %s", rows[1].LastUpdateTime, written(hour))
	}
	w.Advance(10 * day)
	v, _ := w.Profile(a)
	if rows = ask(); rows[1].LastUpdateTime != written(v.Expires.Truncate(time.Hour)) {
		t.Errorf("reports went on after the end: %s", rows[1].LastUpdateTime)
	}
}

func TestUsageWithoutLagIsOfThisMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{UsageLag: Off})
	tran := w.own("t", "ES_1_7", 0)
	_ = w.Burn(tran, 77)
	r := w.call("esim/usage/query", `{"esimTranNoList":[%q]}`, tran)
	want := `{"success":true,"errorCode":"0","errorMsg":null,"obj":{"esimUsageList":[{"esimTranNo":"` + tran +
		`","dataUsage":77,"totalData":1073741824,"lastUpdateTime":"` + written(w.Time()) + `"}]}}`
	if r.Body != want {
		t.Errorf("answered %s\nwant %s", r.Body, want)
	}
}

func TestUsageQueriesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for body, code := range map[string]string{
		`{}`:                        "000105",
		`{"esimTranNoList":null}`:   "000106",
		`{"esimTranNoList":[]}`:     "000105",
		`{"esimTranNoList":"1"}`:    "000104",
		`{"esimTranNoList":[null]}`: "000104",
		`{"esimTranNoList":["1","2","3","4","5","6","7","8","9","10","11"]}`: "000107",
	} {
		w.refused(code, "esim/usage/query", "%s", body)
	}
	if r := w.call("esim/usage/query", `{"esimTranNoList":["1","2","3","4","5","6","7","8","9","10"]}`); !r.Success {
		t.Errorf("ten are allowed: %s", r.Body)
	}
}
