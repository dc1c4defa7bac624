package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

// used is a world with one switch on and an eSIM that has used 300 MB, as reported.
func used(t *testing.T, sw Quirks) (*world, string) {
	w := newWorld(t, Options{UsageLag: Off, Quirks: sw})
	tran := w.own("tx", "ES_1_7", 0)
	must(t, w.Burn(tran, 300<<20))
	return w, tran
}

func TestSwitchesOfAnswers(t *testing.T) {
	t.Parallel()
	t.Run("a carrier that never reports", func(t *testing.T) {
		w, tran := used(t, Quirks{NeverReported: []string{"ES"}})
		if e := w.byTran(tran); e.OrderUsage != 0 || e.EsimStatus != "IN_USE" {
			t.Errorf("%+v", e)
		}
		must(t, w.SetQuirks(Quirks{}))
		if e := w.byTran(tran); e.OrderUsage != 300<<20 {
			t.Errorf("switched off: %d", e.OrderUsage)
		}
		other := w.own("jp", "JP_1_7", 0)
		must(t, w.SetQuirks(Quirks{NeverReported: []string{"ES"}}))
		must(t, w.Burn(other, 1<<20))
		if e := w.byTran(other); e.OrderUsage != 1<<20 {
			t.Errorf("another place: %d", e.OrderUsage)
		}
	})
	t.Run("rows missing in usage/query", func(t *testing.T) {
		w, a := used(t, Quirks{MissingUsageRows: true})
		b := w.own("b", "ES_1_7", 0)
		var u struct{ EsimUsageList []usageRow }
		w.get(&u, "esim/usage/query", `{"esimTranNoList":[%q,%q]}`, a, b)
		if len(u.EsimUsageList) != 1 {
			t.Errorf("%+v", u)
		}
	})
	t.Run("an empty list at first", func(t *testing.T) {
		w := newWorld(t, Options{AllocationTime: Off, Quirks: Quirks{EmptyAtFirst: true}})
		no := w.buy("tx", "ES_1_7", 0)
		for i := range 3 {
			var l esimList
			w.get(&l, "esim/query", `{"orderNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, no)
			if want := min(i, 1); len(l.EsimList) != want {
				t.Errorf("query %d: %d rows", i+1, len(l.EsimList))
			}
		}
	})
	t.Run("top-ups want the ICCID", func(t *testing.T) {
		w, tran := used(t, Quirks{TopUpWantsICCID: true})
		w.refused(codeUnknown, "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_7","transactionId":"u"}`, tran)
		if w.Charged("u") != 0 {
			t.Error("charged")
		}
		w.get(&struct{}{}, "esim/topup", `{"iccid":%q,"packageCode":"ES_1_7","transactionId":"u"}`, w.byTran(tran).ICCID)
	})
	t.Run("ICCIDs come again", func(t *testing.T) {
		w, tran := used(t, Quirks{ReuseICCID: true})
		first := w.byTran(tran).ICCID
		if p, _ := w.Profile(w.own("meanwhile", "ES_1_7", 0)); p.ICCID == first {
			t.Error("taken from an eSIM that lives")
		}
		must(t, w.Expire(tran))
		if p, _ := w.Profile(w.own("next", "ES_1_7", 0)); p.ICCID != first {
			t.Errorf("%s, want %s", p.ICCID, first)
		}
		if p, _ := w.Profile(w.own("after", "ES_1_7", 0)); p.ICCID == first {
			t.Error("given to two that live")
		}
	})
	t.Run("old rows", func(t *testing.T) {
		w, tran := used(t, Quirks{OldRows: true})
		body := w.call("esim/query", `{"esimTranNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, tran).Body
		for _, gone := range []string{"smsStatus", "msisdn", "dataType", "installationTime", "pin", "puk", "apn", "ipExport", "supportTopUpType", "fupPolicy"} {
			if strings.Contains(body, `"`+gone+`":`) {
				t.Errorf("%s is there", gone)
			}
		}
		if w.byTran(tran).EsimStatus != "IN_USE" {
			t.Error(body)
		}
	})
	t.Run("codes as numbers", func(t *testing.T) {
		w := newWorld(t, Options{Quirks: Quirks{NumberCodes: true}})
		if _, err := w.try("balance/query", `{}`); err == nil { // the test's own client is strict
			t.Error("errorCode is a string still")
		}
	})
	t.Run("new fields", func(t *testing.T) {
		w := newWorld(t, Options{Quirks: Quirks{NewFields: true}})
		for _, path := range []string{"balance/query", "package/list"} {
			if r := w.call(path, `{}`); !r.Success || !strings.Contains(r.Body, "elapsed") {
				t.Errorf("%.200s", r.Body)
			}
		}
	})
	t.Run("every switch can be set, shown, and is explained", func(t *testing.T) {
		var all []string
		for _, o := range KnownQuirks {
			all = append(all, o.How)
			if o.What == "" || o.How == "" {
				t.Errorf("%+v", o)
			}
		}
		text := strings.Join(all, "\n")
		for _, name := range names(reflect.TypeFor[Quirks]()) {
			if !strings.Contains(text, name) {
				t.Errorf("Oddities do not tell of %s", name)
			}
		}
		for _, name := range names(reflect.TypeFor[settings]()) {
			if !strings.Contains(text, name) {
				t.Errorf("Oddities do not tell of %s", name)
			}
		}
		// Each field of Switches must reach its namesake in the settings, and no other.
		from := reflect.TypeFor[Quirks]()
		for i := range from.NumField() {
			name := names(from)[i]
			value := map[reflect.Kind]string{reflect.Bool: "", reflect.Int64: "=7m", reflect.Slice: "=XX", reflect.String: "=url"}[from.Field(i).Type.Kind()]
			sw, err := ParseQuirks([]string{name + value})
			must(t, err)
			v := reflect.ValueOf(sw)
			for j := range v.NumField() {
				if (i == j) == v.Field(j).IsZero() {
					t.Errorf("%s%s gave %+v", name, value, sw)
				}
			}
		}
	})
}

func TestParseSwitches(t *testing.T) {
	t.Parallel()
	got, err := ParseQuirks([]string{"doubled", "late=1d", "neverReported=ES,JP", "outOfOrder"})
	want := Quirks{Doubled: true, Late: day, NeverReported: []string{"ES", "JP"}, OutOfOrder: true}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "Doubled", "doubled=true", "late", "late=soon", "allocation=3s", "nothing"} {
		if _, err := ParseQuirks([]string{bad}); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestSignedNeedsASecret(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{Quirks: Quirks{Signed: true}}); !errors.Is(err, errSecret) {
		t.Errorf("%v", err)
	}
	w := newWorld(t, Options{})
	if err := w.SetQuirks(Quirks{Signed: true, Doubled: true}); !errors.Is(err, errSecret) || w.Quirks().Doubled {
		t.Errorf("%v", err)
	}
}

func TestATopUpTakesItsTimeAfterItIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{TopUpTime: time.Hour})
	tran := w.own("tx", "ES_1_7", 0)
	ctx, cancel := context.WithCancel(t.Context())
	body := fmt.Sprintf(`{"esimTranNo":%q,"packageCode":"ES_1_7","transactionId":"u"}`, tran)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.http.URL+root+"esim/topup", strings.NewReader(body))
	must(t, err)
	req.Header = w.header
	gone := make(chan error)
	after := w.BreakpointAt("esim/topup", AfterWork) // reached when the hour is over, or the client gone
	go func() {
		_, err := http.DefaultClient.Do(req)
		gone <- err
	}()
	for w.Charged("u") == 0 {
		w.call("balance/query", `{}`) // others are answered meanwhile
	}
	select {
	case <-after.Reached():
		t.Error("answered at once")
	default:
	}
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-after.Reached()
	after.Release()
	// Refusals come at once.
	w.refused(codeNoTopUp, "esim/topup", `{"esimTranNo":%q,"packageCode":"X","transactionId":"v"}`, tran)
}
