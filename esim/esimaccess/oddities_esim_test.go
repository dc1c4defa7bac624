package esimaccess

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"esimbot/esim"
)

var profileOddities = []oddity{
	{"iccid, imsi, msisdn, eid, pin, puk, apn can all be  on a profile that is ready", func(t *testing.T) {
		p := oneProfileWith(t, `,"iccid":"","imsi":"","msisdn":"","eid":"","pin":"","puk":"","apn":"","esimStatus":"GOT_RESOURCE"`)
		is(t, "ready", p.Ready(), true)
		is(t, "ready without an activation code", oneProfileWith(t, `,"ac":""`).Ready(), false)
	}},
	{"A whole-account listing (no filter, newest first) works", func(t *testing.T) {
		l := ledger{rows: []string{
			`{"esimTranNo":"3","orderNo":"","iccid":"","ac":"","transactionId":"eb-2","packageList":[{"packageCode":"TOPUP_X"}]}`,
			row(2, "eb-1"), row(1, "eb-0"),
		}}
		v := newVendor(t, l.handler(t))
		c := newTestClient(t, v.URL)
		var seen []string
		for page, err := range c.AllProfiles(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page {
				seen = append(seen, string(p.ID))
			}
		}
		is(t, "without the row of the top-up", strings.Join(seen, " "), "2 1")
		n, err := c.CountProfiles(t.Context())
		is(t, "error", err, nil)
		is(t, "rows, with it", n, 3)
	}},
	{"Before activation expiredTime = creation + 180 days", func(t *testing.T) {
		p := oneProfileWith(t, `,"esimStatus":"GOT_RESOURCE","smdpStatus":"RELEASED","activateTime":null,"expiredTime":"2026-06-30T00:00:00+0000"`)
		is(t, "to the second", p.Expires, at("2026-06-30T00:00:00Z"))
		is(t, "not yet begun", p.Activated.IsZero(), true)
		is(t, "a moment before", p.Condition(at("2026-06-29T23:59:59Z")), esim.ConditionReady)
		is(t, "then it lapses, and is not over", p.Condition(at("2026-06-30T00:00:00Z")), esim.ConditionLapsed)
	}},
	{"activeType 2: activateTime is the first network use", func(t *testing.T) {
		p := oneProfileWith(t, `,"activeType":2,"esimStatus":"GOT_RESOURCE","smdpStatus":"ENABLED","eid":"8904","activateTime":null,"installationTime":"2026-01-01T00:00:00+0000"`)
		is(t, "installed, not begun", p.Activated.IsZero(), true)
		is(t, "condition", p.Condition(at("2026-01-02T00:00:00Z")), esim.ConditionInstalled)
	}},
	{"orderUsage is 1-3 h late, may exceed totalVolume", func(t *testing.T) {
		p := oneProfileWith(t, `,"totalVolume":1000,"orderUsage":1200`)
		is(t, "used", p.Used, 1200)
		is(t, "left", esim.ESIM{Profile: p}.Remaining(), 0)
		c, _ := said(t, wrapped(`{"esimUsageList":[{"esimTranNo":"7","dataUsage":1200,"totalData":1000,"lastUpdateTime":"2025-03-19T19:00:00+0000"}]}`))
		u, err := c.Usage(t.Context(), []esim.ESIMID{"7"})
		if err != nil || len(u) != 1 || u[0] != (esim.Usage{ID: "7", Used: 1200, Total: 1000, AsOf: at("2025-03-19T19:00:00Z")}) {
			t.Errorf("Usage = %+v, %v", u, err)
		}
	}},
	{"Day pass: totalVolume = daily × days", func(t *testing.T) {
		p := oneProfileWith(t, `,"dataType":2,"totalVolume":15728640000,"totalDuration":30,"durationUnit":"DAY"`)
		is(t, "as it is", p.Total, 30*(500<<20))
		is(t, "days", p.Days, 30)
	}},
	{"Unknown orderNo: 310272", func(t *testing.T) {
		c, _ := said(t, `{"success":false,"errorCode":"310272","errorMsg":"the orderNo doesn't exist","obj":null}`)
		_, err := c.OrderProfiles(t.Context(), "B9")
		refusal(t, err, "310272", "the orderNo doesn't exist", esim.ActionNotFound)
		c, _ = said(t, wrapped(`{"esimList":[],"pager":{"pageSize":500,"pageNum":1,"total":0}}`))
		if _, err := c.Profile(t.Context(), "9"); !errors.Is(err, esim.ErrNotFound) {
			t.Errorf("unknown esimTranNo: %v", err)
		}
		if list, err := c.ProfilesByICCID(t.Context(), "8910300000000000017"); err != nil || len(list) != 0 {
			t.Errorf("unknown ICCID: %v, %v", list, err)
		}
	}},
	{"usage/query may answer in another order, and with rows missing", func(t *testing.T) {
		c, _ := said(t, wrapped(`{"esimUsageList":[{"esimTranNo":"3","dataUsage":3},{"esimTranNo":"1","dataUsage":1}]}`))
		u, err := c.Usage(t.Context(), []esim.ESIMID{"1", "2", "3"})
		if err != nil || len(u) != 2 || u[0].ID != "3" || u[1].ID != "1" {
			t.Errorf("Usage = %+v, %v", u, err)
		}
	}},
	{"SM-DP+ hosts: rsp-eu.redteamobile.com (older), rsp-eu.simlessly.com", func(t *testing.T) {
		for _, host := range []string{"rsp-eu.redteamobile.com", "rsp-eu.simlessly.com", "one.nobody.knows"} {
			p := oneProfileWith(t, `,"ac":"LPA:1$`+host+`$X9","qrCodeUrl":"https://p.qrsim.net/abc.png","shortUrl":"https://p.qrsim.net/abc"`)
			got, id := p.ActivationCode.Split()
			is(t, "code", got+" "+id, host+" X9")
			c := newTestClient(t, "http://127.0.0.1:1")
			is(t, "the link is secret", strings.Contains(c.redact("see https://p.qrsim.net/abc.png"), "abc"), false)
		}
	}},
}

var webhookOddities = []oddity{
	{"remainThreshold is the part left", func(t *testing.T) {
		e, err := ParseEvent([]byte(`{"notifyType":"DATA_USAGE","notifyId":"n","content":{"totalVolume":1000,"orderUsage":800,"remain":200,"remainThreshold":0.25}}`))
		is(t, "error", err, nil)
		is(t, "left of total, to be reckoned with", float64(e.Left)/float64(e.Total), 0.2)
		is(t, "as passed", e.Threshold, 0.25)
	}},
	{"Some deliveries carry RT-Signature, RT-Timestamp, RT-RequestID", func(t *testing.T) {
		c := newTestClient(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.Secret = testSecret })
		for name, tt := range map[string]struct {
			change func(*http.Request)
			status int
		}{
			"signed":             {func(r *http.Request) { sign(r, testSecret, usedUp) }, 200},
			"our own code alone": {func(r *http.Request) { r.Header.Set("rt-accesscode", testCode) }, 200},
			"nothing":            {func(*http.Request) {}, 200},
			"forged":             {func(r *http.Request) { sign(r, "guessed", usedUp) }, 401},
		} {
			var s shelf
			r := &EventReceiver{Path: hookPath, Verify: c.VerifyEvent, Store: s.store}
			req, w := knock(usedUp), httptest.NewRecorder()
			tt.change(req)
			r.ServeHTTP(w, req)
			is(t, name, w.Code, tt.status)
		}
	}},
	{"notifyId may be missing in older payloads: hash the body", func(t *testing.T) {
		parse := func(body string) Event {
			e, err := ParseEvent([]byte(body))
			is(t, "error", err, nil)
			return e
		}
		a := parse(`{"notifyType":"SMDP_EVENT","content":{"esimTranNo":"7","smdpStatus":"DOWNLOAD"}}`)
		b := parse(`{"notifyType":"SMDP_EVENT","content":{"esimTranNo":"8","smdpStatus":"DOWNLOAD"}}`)
		is(t, "a copy has the same", parse(`{"notifyType":"SMDP_EVENT","content":{"esimTranNo":"7","smdpStatus":"DOWNLOAD"}}`).ID, a.ID)
		is(t, "another event has another", a.ID == b.ID, false)
		over := esim.ESIM{Profile: esim.Profile{ID: "7", Status: esim.ProfileUsedExpired, SMDPStatus: esim.SMDPEnabled}}
		late := over.Merge(esim.Profile{ID: "7", Status: esim.ProfileInUse, SMDPStatus: a.SMDP})
		is(t, "never back from a final state", late.Status, esim.ProfileUsedExpired)
		order := ""
		r := &EventReceiver{Path: hookPath, Store: func(context.Context, Event) error { order += "stored "; return nil }}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, knock(usedUp))
		is(t, "store, then answer", order+w.Body.String(), "stored ok")
	}},
	{"Low account balance is told by e-mail only: poll balance/query", func(t *testing.T) {
		c, _ := said(t, wrapped(`{"balance":940000,"lastUpdateTime":"2026-11-24T00:00:00+0000"}`))
		m, asOf, err := c.BalanceAsOf(t.Context())
		is(t, "error", err, nil)
		is(t, "balance", m, esim.USDTenThousandths(940000))
		is(t, "as of", asOf, at("2026-11-24T00:00:00Z"))
		c, _ = said(t, wrapped(`{"balance":940000}`))
		_, asOf, err = c.BalanceAsOf(t.Context())
		is(t, "error", err, nil)
		is(t, "older answers do not say", asOf.IsZero(), true)
	}},
}

var otherOddities = []oddity{
	{"Cancel: full refund to the balance", func(t *testing.T) {
		c, v := said(t, wrapped(`{}`))
		is(t, "cancelled", c.Cancel(t.Context(), "7"), nil)
		is(t, "request", v.received()[0].body, `{"esimTranNo":"7"}`)
		p := oneProfileWith(t, `,"esimStatus":"CANCEL","smdpStatus":"RELEASED"`)
		is(t, "the row stays", p.Condition(at("2026-01-01T00:00:00Z")), esim.ConditionWithdrawn)
		is(t, "after 180 days", oneProfileWith(t, `,"esimStatus":"UNUSED_EXPIRED"`).Condition(at("2026-01-01T00:00:00Z")), esim.ConditionLapsed)
		for code, want := range map[string]esim.VendorErrorAction{"200002": esim.ActionNotAllowed, "310404": esim.ActionNotFound} {
			c, _ := said(t, `{"success":false,"errorCode":"`+code+`","errorMsg":"x","obj":null}`)
			refusal(t, c.Cancel(t.Context(), "7"), code, "x", want)
		}
	}},
	{"Suspend, unsuspend, revoke: no captured bodies", func(t *testing.T) {
		for _, obj := range []string{`{}`, `null`, `""`, `[]`, `true`, `{"esimTranNo":"7"}`} {
			c, _ := said(t, wrapped(obj))
			is(t, "suspend: "+obj, c.Suspend(t.Context(), "7"), nil)
			is(t, "unsuspend: "+obj, c.Unsuspend(t.Context(), "7"), nil)
			is(t, "revoke: "+obj, c.Revoke(t.Context(), "7"), nil)
		}
		c, _ := said(t, `{"success":true}`)
		is(t, "no obj", c.Revoke(t.Context(), "7"), nil)
		p := oneProfileWith(t, `,"esimStatus":"SUSPENDED","activateTime":"2026-01-01T00:00:00+0000","expiredTime":"2026-01-08T00:00:00+0000"`)
		is(t, "paused", p.Condition(at("2026-01-07T00:00:00Z")), esim.ConditionPaused)
		is(t, "the validity runs on", p.Condition(at("2026-01-08T00:00:00Z")), esim.ConditionOver)
		for _, status := range []string{"REVOKE", "REVOKED"} {
			is(t, status, oneProfileWith(t, `,"esimStatus":"`+status+`"`).Status.Final(), true)
		}
	}},
	{"SMS: free, installed eSIMs with smsStatus 1 or 2 only", func(t *testing.T) {
		for n, want := range map[string]esim.SMSKind{"0": esim.NoSMS, "1": esim.SMSFromAll, "2": esim.SMSFromAPI} {
			is(t, n, onePlanWith(t, `,"smsStatus":`+n).SMS, want)
		}
		c, v := said(t, wrapped(`{}`))
		is(t, "500 letters", c.SendSMS(t.Context(), "7", strings.Repeat("я", MaxSMS)), nil)
		is(t, "501 are not sent", esim.ActionFor(c.SendSMS(t.Context(), "7", strings.Repeat("я", MaxSMS+1))), esim.ActionReportBug)
		is(t, "calls", len(v.received()), 1)
	}},
	{"iOS 17.4+: https://esimsetup.apple.com/", func(t *testing.T) {
		raw := "LPA:1$rsp-eu.simlessly.com$4AB3-5C/F9+4A"
		is(t, "the code reaches the link as the vendor wrote it", oneProfileWith(t, `,"ac":"`+raw+`"`).ActivationCode.Reveal(), raw)
	}},
}
