package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatCanBeDoneInWhichState(t *testing.T) {
	t.Parallel()
	states := []struct {
		name string
		make func(w *world, tran string)
		// the endpoints that are allowed then
		may string
	}{
		{"new", func(*world, string) {}, "cancel suspend revoke"},
		{"downloaded", func(w *world, tr string) { _ = w.Download(tr) }, "suspend revoke"},
		{"installed", func(w *world, tr string) { _ = w.Install(tr) }, "suspend revoke sendSms"},
		{"in use", func(w *world, tr string) { _ = w.Burn(tr, 1) }, "suspend revoke sendSms"},
		{"used up", func(w *world, tr string) { _ = w.Burn(tr, 9<<30); w.Advance(defaultUsageLag) }, "suspend revoke sendSms"},
		{"suspended", func(w *world, tr string) { _ = w.Install(tr); w.do("suspend", tr) }, "unsuspend revoke sendSms"},
		{"suspended while new", func(w *world, tr string) { w.do("suspend", tr) }, "unsuspend revoke"},
		{"deleted from the phone", func(w *world, tr string) { _ = w.Install(tr); _ = w.Delete(tr) }, "suspend revoke"},
		{"unused to the end", func(w *world, _ string) { w.Advance(180 * day) }, ""},
		{"used to the end", func(w *world, tr string) { _ = w.Burn(tr, 1); w.Advance(7 * day) }, ""},
		{"cancelled", func(w *world, tr string) { w.do("cancel", tr) }, ""},
		{"revoked", func(w *world, tr string) { w.do("revoke", tr) }, ""},
	}
	for _, st := range states {
		for _, what := range []string{"cancel", "suspend", "unsuspend", "revoke", "sendSms"} {
			t.Run(st.name+" "+what, func(t *testing.T) {
				w := newWorld(t, Options{})
				tran := w.own("t", "ES_1_7", 0)
				st.make(w, tran)
				before, _ := w.Profile(tran)
				money := w.Balance()
				want := "200002"
				if slices.Contains(strings.Fields(st.may), what) {
					want = ""
				}
				r := w.do(what, tran)
				if r.code() != want {
					t.Fatalf("answered %s, want code %q", r.Body, want)
				}
				after, _ := w.Profile(tran)
				if want != "" && (after != before || w.Balance() != money) {
					t.Errorf("the refusal changed something: %+v", after)
				}
				if want == "" && r.Body != `{"success":true,"errorCode":"0","errorMsg":null,"obj":{}}` {
					t.Errorf("answered %s", r.Body)
				}
			})
		}
	}
}

// do calls esim/<what> for an eSIM.
func (w *world) do(what, tran string) reply {
	w.t.Helper()
	return w.call("esim/"+what, `{"esimTranNo":%q,"message":"hello"}`, tran)
}

func TestACancelledESIMIsPaidBackAndStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	w.do("cancel", tran)
	if w.Balance() != defaultBalance || w.Charged("t") != 1 {
		t.Errorf("balance %d, charged %d times", w.Balance(), w.Charged("t"))
	}
	if e := w.byTran(tran); e.EsimStatus != "CANCEL" || e.SMDPStatus != "RELEASED" {
		t.Errorf("%+v", e)
	}
	w.Advance(200 * day)
	if e := w.byTran(tran); e.EsimStatus != "CANCEL" {
		t.Errorf("later it is %s", e.EsimStatus)
	}
	w.do("cancel", tran)
	if w.Balance() != defaultBalance {
		t.Error("paid back twice")
	}
}

func TestARevokedESIMIsNotPaidBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	left := w.Balance()
	w.do("revoke", tran)
	if e := w.byTran(tran); e.EsimStatus != "REVOKE" || w.Balance() != left {
		t.Errorf("%s, balance %d instead of %d", e.EsimStatus, w.Balance(), left)
	}
}

func TestASuspendedESIMHasNoDataAndItsDaysRunOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	_ = w.Burn(tran, 1)
	w.do("suspend", tran)
	if e := w.byTran(tran); e.EsimStatus != "SUSPENDED" || w.Burn(tran, 1) == nil {
		t.Errorf("%s, and data flows", e.EsimStatus)
	}
	w.do("unsuspend", tran)
	if e := w.byTran(tran); e.EsimStatus != "IN_USE" || w.Burn(tran, 1) != nil {
		t.Errorf("%s, and no data flows", e.EsimStatus)
	}
	w.do("suspend", tran)
	w.Advance(7 * day)
	if e := w.byTran(tran); e.EsimStatus != "USED_EXPIRED" {
		t.Errorf("after its days: %s", e.EsimStatus)
	}
}

func TestOneIDNamesAnESIM(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	iccid := w.byTran(tran).ICCID
	w.refused("000105", "esim/suspend", `{}`)
	w.refused("000105", "esim/suspend", `{"esimTranNo":"","iccid":""}`)
	w.refused("000104", "esim/suspend", `{"esimTranNo":%q,"iccid":%q}`, tran, iccid)
	w.refused("310404", "esim/suspend", `{"esimTranNo":"1"}`)
	w.refused("310404", "esim/suspend", `{"iccid":"1"}`)
	if r := w.call("esim/suspend", `{"iccid":%q}`, iccid); !r.Success {
		t.Errorf("by iccid: %s", r.Body)
	}
	if r := w.call("esim/unsuspend", `{"esimTranNo":"","iccid":%q}`, iccid); !r.Success {
		t.Errorf("by iccid, the other empty: %s", r.Body)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	with, without := w.own("a", "ES_1_7", 0), w.own("b", "BG_1_7", 0)
	_ = w.Install(with)
	_ = w.Install(without)
	w.refused("000105", "esim/sendSms", `{"esimTranNo":%q}`, with)
	w.refused("000107", "esim/sendSms", `{"esimTranNo":%q,"message":%q}`, with, strings.Repeat("ж", 501))
	w.refused("200002", "esim/sendSms", `{"esimTranNo":%q,"message":"hello"}`, without)
	if r := w.call("esim/sendSms", `{"esimTranNo":%q,"message":%q}`, with, strings.Repeat("ж", 500)); !r.Success {
		t.Errorf("500 characters: %s", r.Body)
	}
	if got := w.Messages(with); len(got) != 1 || len(w.Messages(without)) != 0 {
		t.Errorf("arrived: %v", got)
	}
}

func TestTopUpsAddUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	used := w.Time()
	_ = w.Burn(tran, 2<<30)
	w.Advance(defaultUsageLag)
	if e := w.byTran(tran); e.EsimStatus != "USED_UP" {
		t.Fatalf("before: %s", e.EsimStatus)
	}
	left := w.Balance()
	var up struct {
		TransactionID, ICCID, ExpiredTime, TopUpEsimTranNo string
		TotalVolume, OrderUsage                            int64
		TotalDuration                                      int
	}
	w.get(&up, "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_3_15","transactionId":"up"}`, tran)
	e := w.byTran(tran)
	if up.TotalVolume != 4<<30 || up.TotalDuration != 22 || up.ExpiredTime != written(used.Add(22*day)) ||
		up.ICCID != e.ICCID || up.OrderUsage != e.OrderUsage || up.TransactionID != "up" || up.TopUpEsimTranNo == tran {
		t.Errorf("answered %+v", up)
	}
	if e.EsimStatus != "IN_USE" || e.TotalVolume != 4<<30 || e.TotalDuration != 22 || show(e.ExpiredTime) != up.ExpiredTime {
		t.Errorf("afterwards %+v", e)
	}
	if took := left - w.Balance(); took != w.catalog.byCode["ES_3_15"].Price {
		t.Errorf("took %d", took)
	}
	if len(e.PackageList) != 2 || e.PackageList[0].Slug != "ES_3_15" || !strings.HasPrefix(e.PackageList[0].PackageCode, "TOPUP_") || e.PackageList[1].Slug != "ES_1_7" {
		t.Errorf("packages, newest first: %+v", e.PackageList)
	}
	if err := w.Burn(tran, 1); err != nil {
		t.Errorf("data does not flow again: %v", err)
	}
}

func TestADayPassIsToppedUpByDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_Daily", 3)
	w.refused("200008", "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"up","periodNum":0}`, tran)
	w.call("esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"up","periodNum":4}`, tran)
	if e := w.byTran(tran); e.TotalDuration != 7 || e.TotalVolume != 7<<30 {
		t.Errorf("%d days, %d bytes", e.TotalDuration, e.TotalVolume)
	}
	if spent := defaultBalance - w.Balance(); spent != 7*w.catalog.byCode["ES_1_Daily"].Price {
		t.Errorf("seven days cost %d", spent)
	}
}

func TestTopUpsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	good := w.plans(`{"type":"TOPUP","slug":"ES_3_15"}`)[0].PackageCode
	base := w.catalog.byCode["ES_3_15"].PackageCode
	for _, tt := range []struct{ name, body, code string }{
		{"without package", fmt.Sprintf(`{"esimTranNo":%q,"transactionId":"u"}`, tran), "000105"},
		{"without transaction", fmt.Sprintf(`{"esimTranNo":%q,"packageCode":%q}`, tran, good), "000105"},
		{"without eSIM", fmt.Sprintf(`{"transactionId":"u","packageCode":%q}`, good), "000105"},
		{"unknown eSIM", fmt.Sprintf(`{"esimTranNo":"1","transactionId":"u","packageCode":%q}`, good), "310404"},
		{"a base code", fmt.Sprintf(`{"esimTranNo":%q,"transactionId":"u","packageCode":%q}`, tran, base), "310242"},
		{"another country's", fmt.Sprintf(`{"esimTranNo":%q,"transactionId":"u","packageCode":"JP_1_7"}`, tran), "310242"},
		{"wrong amount", fmt.Sprintf(`{"esimTranNo":%q,"transactionId":"u","packageCode":%q,"amount":1}`, tran, good), "200006"},
		{"an order's transaction", fmt.Sprintf(`{"esimTranNo":%q,"transactionId":"t","packageCode":%q}`, tran, good), "310402"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			w.refused(tt.code, "esim/topup", "%s", tt.body)
		})
	}
	w.SetBalance(1)
	w.refused("200007", "esim/topup", `{"esimTranNo":%q,"transactionId":"u","packageCode":%q}`, tran, good)
	w.SetBalance(defaultBalance)
	if n := w.Charged(""); n != 1 {
		t.Errorf("charged %d times", n)
	}
	for i := range 10 {
		if r := w.call("esim/topup", `{"esimTranNo":%q,"transactionId":"u%d","packageCode":%q}`, tran, i, good); !r.Success {
			t.Fatalf("top-up %d: %s", i+1, r.Body)
		}
	}
	w.refused("200002", "esim/topup", `{"esimTranNo":%q,"transactionId":"u11","packageCode":%q}`, tran, good)

	other := w.own("t2", "ES_1_7", 0)
	w.Advance(180 * day)
	w.refused("200002", "esim/topup", `{"esimTranNo":%q,"transactionId":"late","packageCode":%q}`, other, good)
	w.refused("310242", "esim/topup", `{"esimTranNo":%q,"transactionId":"none","packageCode":"VU_1_7"}`, w.own("t3", "VU_1_7", 0))
}

func TestTheSameTopUpIsChargedOnce(t *testing.T) {
	t.Parallel()
	for _, mode := range []RepeatedOrder{AnswerFirst, Refuse310402} {
		w := newWorld(t, Options{RepeatedOrder: mode})
		body := fmt.Sprintf(`{"esimTranNo":%q,"packageCode":"ES_3_15","transactionId":"up"}`, w.own("t", "ES_1_7", 0))
		first, again := w.call("esim/topup", "%s", body), w.call("esim/topup", "%s", body)
		if mode == AnswerFirst && first.Body != again.Body || mode == Refuse310402 && again.code() != "310402" || w.Charged("up") != 1 {
			t.Errorf("mode %d: %s, then %s; charged %d times", mode, first.Body, again.Body, w.Charged("up"))
		}
		w.refused("310402", "esim/order", `{"transactionId":"up","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`)
	}
}

func TestListingsHoldARowForEachTopUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	topped := w.Advance(time.Hour)
	w.call("esim/topup", `{"esimTranNo":%q,"packageCode":"ES_3_15","transactionId":"up"}`, tran)
	w.Advance(time.Hour)
	newest := w.own("t2", "JP_1_7", 0)
	list := func(body string) (got []string) {
		var l esimList
		w.get(&l, "esim/query", "%s", body)
		if l.Pager.Total != len(l.EsimList) {
			t.Errorf("total %d for %d rows", l.Pager.Total, len(l.EsimList))
		}
		for _, e := range l.EsimList {
			name := e.EsimTranNo
			if e.OrderNo == "" {
				name = "row of " + e.TransactionID
				if e.ICCID+e.AC+e.EID != "" || e.TotalVolume != 3<<30 || e.TotalDuration != 15 || !strings.HasPrefix(e.PackageList[0].PackageCode, "TOPUP_") {
					t.Errorf("the top-up's row: %+v", e)
				}
			}
			got = append(got, name)
		}
		return got
	}
	if got := list(`{"pager":{"pageNum":1,"pageSize":50}}`); !slices.Equal(got, []string{newest, "row of up", tran}) {
		t.Errorf("the account: %v", got)
	}
	at := written(topped)
	if got := list(fmt.Sprintf(`{"startTime":%q,"endTime":%q,"pager":{"pageNum":1,"pageSize":50}}`, at, at)); !slices.Equal(got, []string{"row of up"}) {
		t.Errorf("by time: %v", got)
	}
	if got := list(fmt.Sprintf(`{"esimTranNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, tran)); !slices.Equal(got, []string{tran}) {
		t.Errorf("one eSIM: %v", got)
	}
}
