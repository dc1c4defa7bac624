package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestQueriesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, tt := range []struct{ name, body, code string }{
		{"without pager", `{}`, "000105"},
		{"pager null", `{"pager":null}`, "000106"},
		{"pager without pageSize", `{"pager":{"pageNum":1}}`, "000105"},
		{"page 0", `{"pager":{"pageNum":0,"pageSize":50}}`, "400001"},
		{"page 10001", `{"pager":{"pageNum":10001,"pageSize":50}}`, "400001"},
		{"pageSize 4", `{"pager":{"pageNum":1,"pageSize":4}}`, "400001"},
		{"pageSize 501", `{"pager":{"pageNum":1,"pageSize":501}}`, "400001"},
		{"pageSize in words", `{"pager":{"pageNum":1,"pageSize":"fifty"}}`, "000104"},
		{"pager a list", `{"pager":[]}`, "000104"},
		{"unknown orderNo", `{"orderNo":"B1","pager":{"pageNum":1,"pageSize":50}}`, "310272"},
		{"start without end", `{"startTime":"2026-11-23T10:00:00+0000","pager":{"pageNum":1,"pageSize":50}}`, "000105"},
		{"end before start", `{"startTime":"2026-11-23T10:00:00+0000","endTime":"2026-11-22T10:00:00+0000","pager":{"pageNum":1,"pageSize":50}}`, "400001"},
		{"no time at all", `{"startTime":"yesterday","endTime":"today","pager":{"pageNum":1,"pageSize":50}}`, "400001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			w.refused(tt.code, "esim/query", "%s", tt.body)
		})
	}
}

func TestUnknownESIMsAreAnEmptyList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.own("t", "ES_1_7", 0)
	for _, id := range []string{"esimTranNo", "iccid"} {
		r := w.call("esim/query", `{%q:"1","pager":{"pageNum":1,"pageSize":50}}`, id)
		if want := `{"success":true,"errorCode":"0","errorMsg":null,"obj":{"esimList":[],"pager":{"pageSize":50,"pageNum":1,"total":0}}}`; r.Body != want {
			t.Errorf("%s: answered %s", id, r.Body)
		}
	}
}

func TestTheAccountIsListedNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	var want []string
	for i := range 12 {
		tran := w.own(fmt.Sprint("t", i), "ES_1_7", 0)
		want = append([]string{tran}, want...)
		w.Advance(20 * time.Second)
	}
	var got []string
	for page, size := range map[int]int{1: 5, 2: 5, 3: 2, 4: 0} {
		var l esimList
		w.get(&l, "esim/query", `{"orderNo":"","iccid":"","pager":{"pageNum":%d,"pageSize":5}}`, page)
		if len(l.EsimList) != size || l.Pager.Total != 12 || l.Pager.PageNum != page {
			t.Errorf("page %d: %d rows, %+v", page, len(l.EsimList), l.Pager)
		}
	}
	for page := 1; page <= 3; page++ {
		var l esimList
		w.get(&l, "esim/query", `{"pager":{"pageNum":%d,"pageSize":5}}`, page)
		for _, e := range l.EsimList {
			got = append(got, e.EsimTranNo)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestASpanOfTimeHoldsItsEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{AllocationTime: Off})
	var trans []string
	for i := range 3 { // ordered at 0, 1 and 2 hours
		trans = append(trans, w.own(fmt.Sprint("t", i), "ES_1_7", 0))
		w.Advance(time.Hour - defaultAllocation)
	}
	at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	for _, tt := range []struct {
		name     string
		from, to string
		want     []string
	}{
		{"all", written(at(0)), written(at(2)), []string{trans[2], trans[1], trans[0]}},
		{"the middle", written(at(1)), written(at(1)), []string{trans[1]}},
		{"with a colon in the offset", at(1).Format("2006-01-02T15:04:05+00:00"), at(2).Format("2006-01-02T15:04:05+00:00"), []string{trans[2], trans[1]}},
		{"in another zone", at(1).In(time.FixedZone("", 7200)).Format("2006-01-02T15:04:05-0700"), written(at(1)), []string{trans[1]}},
		{"before", written(at(-2)), written(at(-1)), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l esimList
			w.get(&l, "esim/query", `{"startTime":%q,"endTime":%q,"pager":{"pageNum":1,"pageSize":50}}`, tt.from, tt.to)
			var got []string
			for _, e := range l.EsimList {
				got = append(got, e.EsimTranNo)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSomeOperatorsTellTheICCIDAfterTheDownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	late, early := "DE_1_7", "ES_1_7"
	if !lateICCID(w.catalog.byCode[late]) || lateICCID(w.catalog.byCode[early]) {
		t.Fatal("the examples do not fit the catalogue any more")
	}
	if e := w.byTran(w.own("early", early, 0)); e.ICCID == "" || e.IMSI == "" || e.APN == "" || e.EID != "" {
		t.Errorf("an early one lacks numbers, or has an EID before it is on a phone: %+v", e)
	}
	tran := w.own("late", late, 0)
	e := w.byTran(tran)
	if e.ICCID+e.IMSI+e.MSISDN+e.EID+e.PIN+e.PUK+e.APN != "" || e.AC == "" {
		t.Errorf("a late one tells too much, or has no activation code: %+v", e)
	}
	if err := w.Download(tran); err != nil {
		t.Fatal(err)
	}
	got := w.byTran(tran)
	if got.ICCID == "" || got.IMSI == "" || got.MSISDN == "" || got.EID == "" || got.PIN == "" || got.APN == "" {
		t.Errorf("after the download: %+v", got)
	}
	var l esimList
	if w.get(&l, "esim/query", `{"iccid":%q,"pager":{"pageNum":1,"pageSize":50}}`, got.ICCID); len(l.EsimList) != 1 || l.EsimList[0].EsimTranNo != tran {
		t.Errorf("by iccid: %+v", l)
	}
}

func TestADayPassIsDaysTimesItsDailyVolume(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	e := w.byTran(w.own("t", "ES_0.5_Daily", 5))
	if e.TotalVolume != 5*524288000 || e.TotalDuration != 5 {
		t.Errorf("%d bytes for %d days", e.TotalVolume, e.TotalDuration)
	}
	if p := e.PackageList[0]; p.Volume != 524288000 || p.Duration != 1 || p.Slug != "ES_0.5_Daily" || p.CreateTime != written(start) {
		t.Errorf("package %+v", p)
	}
}
