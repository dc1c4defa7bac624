package esimaccess

import (
	"strings"
	"testing"

	"esimbot/esim"
)

func TestOrderSaysWhatIsBought(t *testing.T) {
	t.Parallel()
	unnamed := fixedPlan
	unnamed.Slug = ""
	tests := []struct {
		name string
		buy  esim.VendorPurchase
		want string
	}{
		{
			"a fixed plan is guarded by its unit price",
			esim.VendorPurchase{IdempotencyKey: "k", Plan: fixedPlan, Quantity: 2, ExpectedUnitPrice: esim.USDTenThousandths(57000)},
			`{"transactionId":"k","packageInfoList":[{"packageCode":"NA-3_1_7","count":2,"price":57000}]}`,
		},
		{
			"no guard, no price",
			esim.VendorPurchase{IdempotencyKey: "k", Plan: fixedPlan, Quantity: 1},
			`{"transactionId":"k","packageInfoList":[{"packageCode":"NA-3_1_7","count":1}]}`,
		},
		{
			"a day pass has days and never a price",
			esim.VendorPurchase{IdempotencyKey: "k", Plan: dayPass, Quantity: 1, Days: 5, ExpectedUnitPrice: esim.USDTenThousandths(7000)},
			`{"transactionId":"k","packageInfoList":[{"packageCode":"GB_0.5_Daily","count":1,"periodNum":5}]}`,
		},
		{
			"without a slug the code is sent",
			esim.VendorPurchase{IdempotencyKey: "k", Plan: unnamed, Quantity: 1},
			`{"transactionId":"k","packageInfoList":[{"packageCode":"CKH491","count":1}]}`,
		},
		{
			"a fixed plan has no days",
			esim.VendorPurchase{IdempotencyKey: "k", Plan: fixedPlan, Quantity: 1, Days: 3},
			`{"transactionId":"k","packageInfoList":[{"packageCode":"NA-3_1_7","count":1}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B23051616050537","transactionId":"k"}}`))
			got, err := newTestClient(t, v.URL).Order(t.Context(), tt.buy)
			if err != nil || got != "B23051616050537" {
				t.Errorf("Order = %q, %v", got, err)
			}
			if body := v.received()[0].body; body != tt.want {
				t.Errorf("sent %s\nwant %s", body, tt.want)
			}
		})
	}
}

func TestARequestThatCannotBeRightIsNotSent(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B1","esimList":[]}}`))
	c := newTestClient(t, v.URL)
	order := func(change func(*esim.VendorPurchase)) func() error {
		b := testBuy
		change(&b)
		return func() error { _, err := c.Order(t.Context(), b); return err }
	}
	topUp := func(r esim.TopUpRequest) func() error {
		return func() error { _, err := c.TopUp(t.Context(), r); return err }
	}
	tests := []struct {
		name string
		do   func() error
	}{
		{"no key", order(func(b *esim.VendorPurchase) { b.IdempotencyKey = "" })},
		{"key too long", order(func(b *esim.VendorPurchase) { b.IdempotencyKey = strings.Repeat("x", 51) })},
		{"no eSIM", order(func(b *esim.VendorPurchase) { b.Quantity = 0 })},
		{"31 eSIMs", order(func(b *esim.VendorPurchase) { b.Quantity = 31 })},
		{"no plan", order(func(b *esim.VendorPurchase) { b.Plan.Slug, b.Plan.Code = "", "" })},
		{"a guard in cents", order(func(b *esim.VendorPurchase) { b.ExpectedUnitPrice = esim.USDCents(570) })},
		{"a guard of nothing", order(func(b *esim.VendorPurchase) { b.ExpectedUnitPrice = esim.USDTenThousandths(0) })},
		{"a day pass without days", order(func(b *esim.VendorPurchase) { b.Plan = dayPass })},
		{"a day pass for 366 days", order(func(b *esim.VendorPurchase) { b.Plan, b.Days = dayPass, 366 })},
		{"profiles of no order", func() error { _, err := c.OrderProfiles(t.Context(), ""); return err }},
		{"profile without number", func() error { _, err := c.Profile(t.Context(), ""); return err }},
		{"search for no key", func() error {
			_, err := c.FindPurchase(t.Context(), "", at("2025-01-01T00:00:00Z"), at("2025-01-02T00:00:00Z"))
			return err
		}},
		{"profiles of no ICCID", func() error { _, err := c.ProfilesByICCID(t.Context(), ""); return err }},
		{"top-ups of nothing", func() error { _, err := c.TopUps(t.Context(), "", "", ""); return err }},
		{"cancel without number", func() error { return c.Cancel(t.Context(), "") }},
		{"an empty text message", func() error { return c.SendSMS(t.Context(), "1", "") }},
		{"a text message of 501 letters", func() error { return c.SendSMS(t.Context(), "1", strings.Repeat("я", 501)) }},
		{"top-up of no eSIM", topUp(esim.TopUpRequest{IdempotencyKey: "k", PlanCode: "TOPUP_X"})},
		{"top-up with nothing", topUp(esim.TopUpRequest{IdempotencyKey: "k", ID: "1"})},
		{"top-up without key", topUp(esim.TopUpRequest{ID: "1", PlanCode: "TOPUP_X"})},
		{"top-up for -1 days", topUp(esim.TopUpRequest{IdempotencyKey: "k", ID: "1", PlanCode: "TOPUP_X", Days: -1})},
		{"webhook nowhere", func() error { return c.SetWebhook(t.Context(), "") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pe := providerError(t, tt.do())
			if pe.Action != esim.ActionReportBug || pe.Outcome != esim.OutcomeNotDone {
				t.Errorf("%s, outcome %d", pe.Action, pe.Outcome)
			}
		})
	}
	if n := len(v.received()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestTopUpNamesTheESIMOnce(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"topUpEsimTranNo":"9","totalVolume":1,"totalDuration":2}}`))
	c := newTestClient(t, v.URL)
	for _, r := range []esim.TopUpRequest{
		{IdempotencyKey: "k", ID: "23072017992029", ICCID: "8943108110245434163", PlanCode: "TOPUP_JC063"},
		{IdempotencyKey: "k", ICCID: "8943108110245434163", PlanCode: "SG_1_Daily", Days: 3},
	} {
		if got, err := c.TopUp(t.Context(), r); err != nil || got.TopUp != "9" {
			t.Errorf("TopUp = %+v, %v", got, err)
		}
	}
	for i, want := range []string{
		`{"transactionId":"k","esimTranNo":"23072017992029","packageCode":"TOPUP_JC063"}`,
		`{"transactionId":"k","iccid":"8943108110245434163","packageCode":"SG_1_Daily","periodNum":3}`,
	} {
		if got := v.received()[i].body; got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
	}
}

func TestWhatWritesIsSentOnce(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":false,"errorCode":"101013","errorMsg":"busy"}`))
	c := newTestClient(t, v.URL)
	for path, do := range map[string]func() error{
		pathOrder: func() error { _, err := c.Order(t.Context(), testBuy); return err },
		pathTopUp: func() error {
			_, err := c.TopUp(t.Context(), esim.TopUpRequest{IdempotencyKey: "k", ID: "1", PlanCode: "T"})
			return err
		},
		pathCancel:      func() error { return c.Cancel(t.Context(), "1") },
		pathSuspend:     func() error { return c.Suspend(t.Context(), "1") },
		pathUnsuspend:   func() error { return c.Unsuspend(t.Context(), "1") },
		pathRevoke:      func() error { return c.Revoke(t.Context(), "1") },
		pathSMS:         func() error { return c.SendSMS(t.Context(), "1", "hello") },
		pathSaveWebhook: func() error { return c.SetWebhook(t.Context(), "https://bot.example/hook") },
	} {
		t.Run(path, func(t *testing.T) {
			before := len(v.received())
			if pe := providerError(t, do()); pe.Action != esim.ActionRetry || pe.Op != path {
				t.Errorf("%+v", pe)
			}
			calls := v.received()[before:]
			if len(calls) != 1 || calls[0].path != path {
				t.Errorf("calls %+v", calls)
			}
		})
	}
}
