package esimaccess_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// A write is one way of changing something at the vendor.
type write struct {
	path string
	// prepare makes an eSIM ready for it; nil: nothing to prepare.
	prepare func(t *testing.T, s shop, tran string) error
	do      func(ctx context.Context, s shop, tran string) error
	// done is how often it happened at the vendor.
	done func(s shop, tran string) int
	// keyed: the call has a key, under which it happens once however often it is sent.
	keyed bool
}

func inState(status string) func(shop, string) int {
	return func(s shop, tran string) int {
		if v, ok := s.vendor.Profile(tran); ok && v.EsimStatus == status {
			return 1
		}
		return 0
	}
}

func install(_ *testing.T, s shop, tran string) error { return s.vendor.Burn(tran, 1) }

var writes = []write{
	{"esim/order", nil, func(ctx context.Context, s shop, _ string) error {
		_, err := s.Order(ctx, s.buy("eb-write", 2))
		return err
	}, func(s shop, _ string) int { return s.vendor.Charged("eb-write") }, true},
	{"esim/topup", nil, func(ctx context.Context, s shop, tran string) error {
		_, err := s.TopUp(ctx, esim.TopUpRequest{IdempotencyKey: "eb-write", ID: esim.ESIMID(tran), PlanCode: s.topUp})
		return err
	}, func(s shop, _ string) int { return s.vendor.Charged("eb-write") }, true},
	{"esim/cancel", nil, func(ctx context.Context, s shop, tran string) error { return s.Cancel(ctx, esim.ESIMID(tran)) }, inState("CANCEL"), false},
	{"esim/suspend", install, func(ctx context.Context, s shop, tran string) error { return s.Suspend(ctx, esim.ESIMID(tran)) }, inState("SUSPENDED"), false},
	{"esim/unsuspend", suspend, func(ctx context.Context, s shop, tran string) error { return s.Unsuspend(ctx, esim.ESIMID(tran)) }, inState("IN_USE"), false},
	{"esim/revoke", install, func(ctx context.Context, s shop, tran string) error { return s.Revoke(ctx, esim.ESIMID(tran)) }, inState("REVOKE"), false},
	{
		"esim/sendSms", install, func(ctx context.Context, s shop, tran string) error {
			return s.SendSMS(ctx, esim.ESIMID(tran), "hello")
		},
		func(s shop, tran string) int { return len(s.vendor.Messages(tran)) }, false,
	},
}

func suspend(t *testing.T, s shop, tran string) error {
	return errors.Join(install(t, s, tran), s.Suspend(t.Context(), esim.ESIMID(tran)))
}

var breakdowns = []struct {
	name  string
	fault sandbox.Fault
	times int // how often the write is tried while it lasts
}{
	{"answer lost", sandbox.Fault{Kind: sandbox.LoseAnswer}, 1},
	{"answer lost three times", sandbox.Fault{Kind: sandbox.LoseAnswer}, 3},
	{"request lost", sandbox.Fault{Kind: sandbox.LoseRequest}, 2},
	{"slow before the work", sandbox.Fault{Kind: sandbox.Slow, Delay: time.Hour}, 1},
	{"slow after the work", sandbox.Fault{Kind: sandbox.Slow, Delay: time.Hour, Worked: true}, 1},
	{"HTML 502 instead of the work", sandbox.Fault{Kind: sandbox.BadGateway}, 2},
	{"HTML 502 after the work", sandbox.Fault{Kind: sandbox.BadGateway, Worked: true}, 2},
	{"body cut", sandbox.Fault{Kind: sandbox.CutBody}, 2},
	{"101013 in a burst", sandbox.Fault{Kind: sandbox.RateBurst}, 5},
	{"server error", sandbox.Fault{Kind: sandbox.Refuse, Code: "000001"}, 2},
	{"system busy", sandbox.Fault{Kind: sandbox.Refuse, Code: "900001"}, 2},
}

// TestNoBreakdownOfAWriteIsMisread: whatever breaks, what happened is never reported as not done, and
// the same key, used again and again, never buys twice.
func TestNoBreakdownOfAWriteIsMisread(t *testing.T) {
	t.Parallel()
	for _, w := range writes {
		for _, b := range breakdowns {
			for form, repeated := range map[string]sandbox.RepeatedOrder{"": sandbox.AnswerFirst, ", old keys refused": sandbox.Refuse310402} {
				if form != "" && !w.keyed {
					continue
				}
				t.Run(w.path+"/"+b.name+form, func(t *testing.T) {
					t.Parallel()
					s, settle := breakable(t, sandbox.Options{AllocationTime: sandbox.Off, RepeatedOrder: repeated})
					tran := s.bought(t)
					if w.prepare != nil {
						if err := w.prepare(t, s, tran); err != nil {
							t.Fatal(err)
						}
					}
					s.surviveBreakdown(t, w, b.fault, b.times, tran, settle)
				})
			}
		}
	}
}

func (s shop) surviveBreakdown(t *testing.T, w write, fault sandbox.Fault, times int, tran string, settle func()) {
	t.Helper()
	fault.Endpoint = w.path
	mend := s.vendor.Break(fault)
	for range times {
		before := w.done(s, tran)
		ctx, giveUp := context.WithCancel(t.Context())
		if fault.Kind == sandbox.Slow {
			ctx, giveUp = context.WithTimeout(t.Context(), 200*time.Millisecond)
		}
		err := w.do(ctx, s, tran)
		giveUp()
		settle()
		if err == nil {
			t.Fatal("no error while it is broken")
		}
		if happened := w.done(s, tran) > before; happened && !esim.MayHaveHappened(err) {
			t.Fatalf("it happened, and the error says it did not: %v", err)
		}
	}
	mend()
	charged := s.vendor.Charged("")
	happened := w.done(s, tran) > 0
	err := w.do(t.Context(), s, tran)
	settle()
	switch {
	case w.keyed && err != nil && esim.ActionFor(err) != esim.ActionLookUp:
		t.Errorf("mended, under the same key: %v", err)
	case w.keyed && err != nil && !esim.MayHaveHappened(err):
		t.Errorf("a known key, and the error says that nothing happened: %v", err)
	case !w.keyed && err != nil && !(happened && esim.ActionFor(err) == esim.ActionNotAllowed):
		t.Errorf("mended: %v", err)
	}
	if n := w.done(s, tran); n < 1 || w.keyed && n != 1 {
		t.Errorf("it happened %d times", n)
	}
	if !w.keyed && s.vendor.Charged("") != charged {
		t.Error("what costs nothing was charged")
	}
	if w.path == "esim/cancel" && s.vendor.Balance() != s.full {
		t.Errorf("balance %d, want all of %d back once", s.vendor.Balance(), s.full)
	}
	if w.path == "esim/order" {
		if found := s.lookUp(t, "eb-write"); len(found) != 2 {
			t.Errorf("%d eSIMs under the key, want 2", len(found))
		}
	}
}

// twoPlans are a catalogue that is quickly made.
const twoPlans = `{"success":true,"obj":{"packageList":[
	{"packageCode":"J1","slug":"JP_1_7","name":"Japan","price":7000,"currencyCode":"USD","volume":1073741824,"smsStatus":1,"dataType":1,"unusedValidTime":180,
		"duration":7,"durationUnit":"DAY","location":"JP","locationCode":"JP","activeType":2,"supportTopUpType":2},
	{"packageCode":"J2","slug":"JP_1_Daily","name":"Japan","price":7000,"currencyCode":"USD","volume":1073741824,"smsStatus":1,"dataType":2,"unusedValidTime":180,
		"duration":1,"durationUnit":"DAY","location":"JP","locationCode":"JP","activeType":2,"supportTopUpType":3}]}}`

// breakable is a shop; settle waits until the vendor has finished what the client no
// longer waits for.
func breakable(t *testing.T, o sandbox.Options) (s shop, settle func()) {
	t.Helper()
	o.RateLimit, o.Catalog = sandbox.Off, strings.NewReader(twoPlans)
	vendor, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	var busy sync.RWMutex // read-locked by each exchange
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		busy.RLock()
		defer busy.RUnlock()
		vendor.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: server.URL, PerSecond: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	client.WithoutBackOff()
	s = shop{Client: client, vendor: vendor, full: vendor.Balance()}.stocked(t)
	offers, err := s.TopUps(t.Context(), "", "", s.fixed.Code)
	if err != nil || len(offers) == 0 {
		t.Fatal(offers, err)
	}
	s.topUp = offers[0].Code
	return s, func() {
		busy.Lock()
		defer busy.Unlock()
	}
}

// bought is the number of a new eSIM.
func (s shop) bought(t *testing.T) string {
	t.Helper()
	profiles, err := s.OrderProfiles(t.Context(), s.order(t, s.buy("eb-first", 1)))
	if err != nil || len(profiles) != 1 {
		t.Fatal(profiles, err)
	}
	return string(profiles[0].ID)
}
