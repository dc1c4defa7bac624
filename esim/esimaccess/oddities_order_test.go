package esimaccess

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

var orderOddities = []oddity{
	{"The answer is {orderNo, transactionId} and nothing more", func(t *testing.T) {
		c, v := said(t, `{"errorCode":null,"errorMsg":null,"success":true,"obj":{"orderNo":"B23051616050537","transactionId":"eb-KEY"}}`)
		if no, err := c.Order(t.Context(), testBuy); err != nil || no != "B23051616050537" || len(v.received()) != 1 {
			t.Errorf("Order = %q, %v", no, err)
		}
		c, _ = said(t, `{"success":false,"errorCode":"200007"}`)
		if _, err := c.Order(t.Context(), testBuy); esim.MayHaveHappened(err) {
			t.Errorf("200007 means that no order exists: %v", err)
		}
	}},
	{"Profiles are usually ready within 0-10 s", func(t *testing.T) {
		c, v := said(t, `{"success":false,"errorCode":"200010","errorMsg":"the batchOrder has been getting resource, total:[2], success:[1]","obj":null}`)
		_, err := c.OrderProfiles(t.Context(), "B1")
		if pe := providerError(t, err); pe.Action != esim.ActionWait || pe.Outcome != esim.OutcomeUnknown || len(v.received()) != 1 {
			t.Errorf("200010 is never failure: %+v after %d calls", pe, len(v.received()))
		}
		c, _ = said(t, wrapped(`{"esimList":[],"pager":{"total":0}}`))
		if list, err := c.OrderProfiles(t.Context(), "B1"); err != nil || len(list) != 0 {
			t.Errorf("an empty list: %v, %v", list, err)
		}
	}},
	{"A repeated transactionId answers with the first order, or with 310402", func(t *testing.T) {
		c, _ := said(t, wrapped(`{"orderNo":"B1","transactionId":"eb-KEY"}`))
		first, _ := c.Order(t.Context(), testBuy)
		again, err := c.Order(t.Context(), testBuy)
		is(t, "the first order", again, first)
		is(t, "error", err, nil)
		c, _ = said(t, `{"success":false,"errorCode":"310402","errorMsg":"x"}`)
		_, err = c.Order(t.Context(), testBuy)
		if pe := providerError(t, err); pe.Action != esim.ActionLookUp || pe.Outcome != esim.OutcomeUnknown {
			t.Errorf("310402 is no failure: %+v", pe)
		}
	}},
	{"After a lost answer: list esim/query by time range and match transactionId", func(t *testing.T) {
		l := ledger{rows: []string{row(3, "other"), row(2, "eb-KEY"), row(1, "eb-KEY2")}}
		v := newVendor(t, l.handler(t))
		found, err := newTestClient(t, v.URL).FindPurchase(t.Context(), "eb-KEY", at("2026-11-23T09:00:00Z"), at("2026-11-23T10:00:00Z"))
		if err != nil || len(found) != 1 || found[0].ID != "2" {
			t.Errorf("FindPurchase = %v, %v", found, err)
		}
		is(t, "time range", strings.Contains(v.received()[0].body, `"startTime":"2026-11-23T09:00:00+0000","endTime":"2026-11-23T10:00:00+0000"`), true)
	}},
	{"Day pass cost = price × periodNum × count", func(t *testing.T) {
		c, v := said(t, wrapped(`{"orderNo":"B1"}`))
		if _, err := c.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "k", Plan: dayPass, Quantity: 2, Days: 5, ExpectedUnitPrice: dayPass.Wholesale}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Order(t.Context(), testBuy); err != nil {
			t.Fatal(err)
		}
		is(t, "neither price nor amount, always periodNum", v.received()[0].body,
			`{"transactionId":"k","packageInfoList":[{"packageCode":"GB_0.5_Daily","count":2,"periodNum":5}]}`)
		is(t, "a fixed plan has its guard", strings.Contains(v.received()[1].body, `"price":57000`), true)
	}},
	{"The ORDER_STATUS webhook can arrive before our own order call has returned", func(t *testing.T) {
		e, err := ParseEvent([]byte(`{"notifyType":"ORDER_STATUS","notifyId":"n","content":{"orderNo":"B1","orderStatus":"GOT_RESOURCE","transactionId":"eb-KEY"}}`))
		is(t, "error", err, nil)
		h := e.VendorEvent(at("2026-11-24T00:00:00Z"))
		is(t, "our key is in the event", h.IdempotencyKey+" "+h.VendorOrder, "eb-KEY B1")
	}},
}

var topUpOddities = []oddity{
	{"List with type:TOPUP and one of iccid, packageCode, slug", func(t *testing.T) {
		const answer = `{"packageList":[
			{"packageCode":"TOPUP_JC063","slug":"AS-7_1_7","price":9000,"volume":1073741824,"duration":7,"durationUnit":"DAY","supportTopUpType":1},
			{"packageCode":"TOPUP_XX","slug":"AS-7_1_7","price":9000,"volume":1073741824,"duration":7,"durationUnit":"DAY","supportTopUpType":1},
			{"packageCode":"JC063","slug":"AS-7_1_7","price":9000,"volume":1073741824,"duration":7,"durationUnit":"DAY","supportTopUpType":2}]}`
		c, v := said(t, wrapped(answer))
		plans, err := c.TopUps(t.Context(), "7", "8910300000000000017", "JC063")
		if err != nil || len(plans) != 2 {
			t.Fatalf("%d plans, %v", len(plans), err)
		}
		is(t, "codes", plans[0].Code+" "+plans[1].Code, "TOPUP_JC063 TOPUP_XX")
		is(t, "the base plan's slug", plans[1].Slug, "AS-7_1_7")
		if _, err := c.TopUps(t.Context(), "7", "", "JC063"); err != nil {
			t.Fatal(err)
		}
		is(t, "by ICCID", v.received()[0].body, `{"type":"TOPUP","iccid":"8910300000000000017"}`)
		is(t, "by package", v.received()[1].body, `{"type":"TOPUP","packageCode":"JC063"}`)
	}},
	{"Synchronous, about 16 s: allow 60 s", func(t *testing.T) {
		c, v := said(t, wrapped(`{"topUpEsimTranNo":"9"}`))
		is(t, "time-out", c.timeouts.of(pathTopUp), time.Minute)
		both := esim.TopUpRequest{IdempotencyKey: "k", ID: "7", ICCID: "8910300000000000017", PlanCode: "TOPUP_X"}
		if _, err := c.TopUp(t.Context(), both); err != nil {
			t.Fatal(err)
		}
		is(t, "one id, no amount", v.received()[0].body, `{"transactionId":"k","esimTranNo":"7","packageCode":"TOPUP_X"}`)
		c, _ = said(t, `{"success":false,"errorCode":"310242","errorMsg":"top up data plan code doesn't exist","obj":null}`)
		_, err := c.TopUp(t.Context(), both)
		refusal(t, err, "310242", "top up data plan code doesn't exist", esim.ActionRefund)
	}},
	{"Volumes and days add up; at most 10 per eSIM", func(t *testing.T) {
		c, _ := said(t, wrapped(`{"transactionId":"k","iccid":"","expiredTime":"2026-03-01T11:23:57+0000","totalVolume":11811160064,"totalDuration":67,"orderUsage":745598470}`))
		got, err := c.TopUp(t.Context(), esim.TopUpRequest{IdempotencyKey: "k", ID: "7", PlanCode: "TOPUP_X"})
		is(t, "error", err, nil)
		is(t, "sums", got, esim.TopUpResult{Expires: at("2026-03-01T11:23:57Z"), Total: 11811160064, Used: 745598470, Days: 67})
		p := oneProfileWith(t, `,"totalVolume":3221225472,"packageList":[{"packageCode":"TOPUP_X"},{"packageCode":"P1"}]`)
		is(t, "an eSIM whose newest package is a top-up is an eSIM", p.Total, 3<<30)
	}},
}

// TestTopUpFallsBackToTheICCID: only where it is certain that the ICCID names the same eSIM,
// with the same key, and never making a lost first call look undone.
func TestTopUpFallsBackToTheICCID(t *testing.T) {
	t.Parallel()
	const (
		failed  = `{"success":false,"errorCode":"000001","errorMsg":"UNKNOWN_ERROR","obj":null}`
		refused = `{"success":false,"errorCode":"200002","errorMsg":"x","obj":null}`
		empty   = `{"esimList":[],"pager":{"total":0}}`
	)
	eSIM := func(tran string) string {
		return `{"esimTranNo":"` + tran + `","orderNo":"B1","iccid":"8910300000000000017","ac":"LPA:1$h$x"}`
	}
	found := wrapped(`{"esimList":[` + eSIM("7") + `]}`)
	done := wrapped(`{"topUpEsimTranNo":"9","totalVolume":1,"totalDuration":2}`)
	full := esim.TopUpRequest{IdempotencyKey: "k", ID: "7", ICCID: "8910300000000000017", PlanCode: "TOPUP_X"}
	tests := []struct {
		name               string
		topUp              esim.TopUpRequest
		first, query, then string // answers
		calls              int
		ok                 bool
		verdict            esim.VendorErrorAction
		outcome            esim.Outcome
	}{
		{"the ICCID is taken", full, failed, found, done, 3, true, 0, 0},
		{"the ICCID is refused: the first call is still open", full, failed, found, refused, 3, false, esim.ActionNotAllowed, esim.OutcomeUnknown},
		{"the ICCID fails as well", full, failed, found, failed, 3, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"the key is known by then", full, failed, found, `{"success":false,"errorCode":"310402"}`, 3, false, esim.ActionLookUp, esim.OutcomeUnknown},
		{"the ICCID names another eSIM", full, failed, wrapped(`{"esimList":[` + eSIM("8") + `]}`), done, 2, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"the ICCID names two eSIMs", full, failed, wrapped(`{"esimList":[` + eSIM("8") + `,` + eSIM("7") + `]}`), done, 2, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"the ICCID names none", full, failed, wrapped(empty), done, 2, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"nobody knows whom it names", full, failed, refused, done, 2, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"no ICCID", esim.TopUpRequest{IdempotencyKey: "k", ID: "7", PlanCode: "TOPUP_X"}, failed, found, done, 1, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"a refusal is final", full, refused, found, done, 1, false, esim.ActionNotAllowed, esim.OutcomeNotDone},
		{"busy is not that error", full, `{"success":false,"errorCode":"900001"}`, found, done, 1, false, esim.ActionRetry, esim.OutcomeUnknown},
		{"a lost answer is not that error", full, ``, found, done, 1, false, esim.ActionRetry, esim.OutcomeUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, nil)
			v.handler = func(w http.ResponseWriter, r *http.Request) {
				answer := []string{"", tt.first, tt.query, tt.then}[len(v.received())]
				if answer == "" {
					panic(http.ErrAbortHandler)
				}
				answering(answer)(w, r)
			}
			got, err := newTestClient(t, v.URL).TopUp(t.Context(), tt.topUp)
			calls := v.received()
			if len(calls) != tt.calls || (err == nil) != tt.ok {
				t.Fatalf("%d calls, %v", len(calls), err)
			}
			if tt.ok {
				is(t, "topped up", got, esim.TopUpResult{TopUp: "9", Total: 1, Days: 2})
			} else if pe := providerError(t, err); pe.Action != tt.verdict || pe.Outcome != tt.outcome {
				t.Errorf("%s, outcome %d", pe.Action, pe.Outcome)
			}
			is(t, "first", calls[0].body, `{"transactionId":"k","esimTranNo":"7","packageCode":"TOPUP_X"}`)
			if len(calls) == 3 {
				is(t, "then, under the same key", calls[2].body, `{"transactionId":"k","iccid":"8910300000000000017","packageCode":"TOPUP_X"}`)
			}
		})
	}
}
