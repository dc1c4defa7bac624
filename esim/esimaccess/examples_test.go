package esimaccess

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"esimbot/esim"
)

// An example is a request and an answer as the vendor saved them.
type example struct {
	Path     string          `json:"path"`
	Request  json.RawMessage `json:"request"`
	Response json.RawMessage `json:"response"`
}

// client answers the example's path with its body and anything else with 404.
func (e example) client(t *testing.T) (*Client, *vendor) {
	t.Helper()
	body := []byte(e.Response)
	var broken struct {
		Unparsed string `json:"_unparsed"`
	}
	if json.Unmarshal(body, &broken) == nil && broken.Unparsed != "" {
		body = []byte(broken.Unparsed)
	}
	_, path, _ := strings.Cut(e.Path, "/api/v1/open/")
	path = strings.Replace(path, "esim/list", pathQuery, 1) // its name in 2023
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/api/v1/open/"+path) {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	})
	return newTestClient(t, v.URL), v
}

// sentAsSaved checks that the client's request holds the members of the saved one
// that say something, apart from those named.
func (e example) sentAsSaved(t *testing.T, v *vendor, except ...string) {
	t.Helper()
	var saved, sent map[string]any
	if json.Unmarshal(e.Request, &saved) != nil || json.Unmarshal([]byte(v.received()[0].body), &sent) != nil {
		t.Fatalf("requests %s and %s", e.Request, v.received()[0].body)
	}
	for name, want := range saved {
		if want == "" || slices.Contains(except, name) {
			continue
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(sent[name])
		if string(a) != string(b) {
			t.Errorf("%s: sent %s, saved %s", name, b, a)
		}
	}
}

const refusedHeader = "Req Header:[RT-RequestID] is null"

// refusal checks that err is the vendor's refusal with this code and text.
func refusal(t *testing.T, err error, code, text string, verdict esim.VendorErrorAction) {
	t.Helper()
	pe := providerError(t, err)
	if pe.Code != code || pe.Message != text || pe.Action != verdict || pe.Outcome != esim.OutcomeNotDone {
		t.Errorf("error %+v", pe)
	}
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// exampleChecks has an entry for every file of the vendor's examples.
var exampleChecks = map[string]func(t *testing.T, e example){
	"balance-query-example-failed-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		_, err := c.Balance(t.Context())
		refusal(t, err, "000101", refusedHeader, esim.ActionTellOperator)
	},
	"balance-query-example-success-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		got, err := c.Balance(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		is(t, "balance", got, esim.USDTenThousandths(940000))
		is(t, "balance as text", got.String(), "94.0000 USD")
	},
	"cancel-profile-cancel-profile-success": func(t *testing.T, e example) {
		c, v := e.client(t)
		if err := c.Cancel(t.Context(), "23120118156818"); err != nil {
			t.Error(err)
		}
		e.sentAsSaved(t, v)
	},
	"cancel-profile-cancel-with-esimtranno": func(t *testing.T, e example) {
		c, v := e.client(t)
		if err := c.Cancel(t.Context(), "24121718310001"); err != nil {
			t.Error(err)
		}
		e.sentAsSaved(t, v)
	},
	"cancel-profile-example-failed-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		refusal(t, c.Cancel(t.Context(), "1"), "310404", "the merchant has not the iccid.", esim.ActionNotFound)
	},
	"get-all-data-packages-example-failed-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		_, err := c.Plans(t.Context())
		refusal(t, err, "000101", refusedHeader, esim.ActionTellOperator)
	},
	"get-all-data-packages-get-all-data-packages-2": func(t *testing.T, e example) {
		c, _ := e.client(t)
		p := onePlan(t, c, PackageFilter{})
		is(t, "code", p.Code, "CKH139")
		is(t, "slug", p.Slug, "")
		is(t, "location", p.Location, "SI")
		is(t, "kind", p.Kind, esim.TotalVolume)
		is(t, "price", p.Wholesale, esim.USDTenThousandths(112500))
		is(t, "starts", p.ValidityStart, esim.ValidFromInstall)
		is(t, "coverage", p.Coverage[0].Place+" "+p.Coverage[0].Name, "SI Slovenia")
		is(t, "operators", len(p.Coverage[0].Networks), 0)
	},
	"get-all-data-packages-get-all-data-packages":         checkNorthAmerica,
	"get-all-data-packages-get-package-by-slug":           checkPackageBySlug,
	"get-all-data-packages-get-all-plans-for-a-country":   checkCountry,
	"get-all-data-packages-get-topup-plans-for-a-package": checkTopUps(PackageFilter{TopUps: true, Code: "JC063"}),
	"get-all-data-packages-get-topup-plans-for-an-iccid":  checkTopUps(PackageFilter{TopUps: true, ICCID: "89852245129040311136"}),
	"order-profiles-example-failed-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		_, err := c.Order(t.Context(), testBuy)
		refusal(t, err, "000101", refusedHeader, esim.ActionTellOperator)
	},
	"order-profiles-example-success-order": func(t *testing.T, e example) { // it is not valid JSON
		c, v := e.client(t)
		_, err := c.Order(t.Context(), testBuy)
		pe := providerError(t, err)
		is(t, "outcome", pe.Outcome, esim.OutcomeUnknown)
		is(t, "verdict", pe.Action, esim.ActionRetry)
		is(t, "calls", len(v.received()), 1)
		is(t, "error", err.Error(), `esim/order: answer of 164 bytes ("text/plain") cannot be read: invalid character '"' after object key:value pair`)
	},
	"order-profiles-order-daily-plan": func(t *testing.T, e example) {
		c, v := e.client(t)
		plan := esim.Plan{Slug: "SG_0.5_Daily", Kind: esim.DailyThrottled}
		got, err := c.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "test344343432_daily", Plan: plan, Quantity: 1, Days: 5})
		if err != nil {
			t.Fatal(err)
		}
		is(t, "order", got, "B24070901390002")
		e.sentAsSaved(t, v, "packageInfoList") // the slug stands in packageCode, as the documentation has it
	},
	"order-profiles-order-multiple-profiles": func(t *testing.T, e example) {
		c, _ := e.client(t)
		got, err := c.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "your_txn_id020001", Plan: esim.Plan{Code: "JC015", Kind: esim.TotalVolume}, Quantity: 2})
		if err != nil {
			t.Fatal(err)
		}
		is(t, "order", got, "B23121220718406")
	},
	"query-all-allocated-profiles-example-daily-order":                checkDailyProfile,
	"query-all-allocated-profiles-query-all-allocated-profiles":       checkCancelledProfile,
	"query-all-allocated-profiles-query-order-with-multiple-profiles": checkThreeProfiles,
	"query-all-allocated-profiles-query-with-iccid":                   checkToppedUpProfile,
	"query-all-allocated-profiles-query-with-orderno":                 checkToppedUpProfile,
	"query-all-allocated-profiles-query-with-time-period":             checkTimePeriod,
	"query-all-allocated-profiles-example-failed-response": func(t *testing.T, e example) {
		c, _ := e.client(t)
		_, err := c.OrderProfiles(t.Context(), "B23032906271401")
		refusal(t, err, "000101", refusedHeader, esim.ActionTellOperator)
	},
	"send-sms-success-send-sms": func(t *testing.T, e example) {
		c, v := e.client(t)
		if err := c.SendSMS(t.Context(), "23072017992029", "Your Message!"); err != nil {
			t.Error(err)
		}
		e.sentAsSaved(t, v)
	},
	"set-webhook-example-failed-request": func(t *testing.T, e example) {
		c, _ := e.client(t)
		refusal(t, c.SetWebhook(t.Context(), "https://x.example"), "000104", "request json invalid", esim.ActionReportBug)
	},
	"set-webhook-example-success-request": func(t *testing.T, e example) {
		c, v := e.client(t)
		if err := c.SetWebhook(t.Context(), "https://webhook.endpoint.site/unique-webhook"); err != nil {
			t.Error(err)
		}
		e.sentAsSaved(t, v)
	},
	"supported-regions-current-country-and-plan-codes": checkRegions,
	"top-up-example-top-up-success": checkTopUp("", esim.TopUpResult{
		Expires: at("2023-08-17T17:01:37Z"), Total: 4294967296, Used: 207239584, Days: 28,
	}),
	"top-up-top-up-2": checkTopUp("", esim.TopUpResult{Expires: at("2024-01-25T23:46:30Z"), Total: 2147483648, Days: 14}),
	"top-up-top-up-3": checkTopUp("", esim.TopUpResult{
		Expires: at("2025-02-07T03:12:21Z"), Total: 2147483648, Used: 974656260, Days: 14,
	}),
	"top-up-top-up-no-amount": checkTopUp("", esim.TopUpResult{
		Expires: at("2024-02-18T17:38:01Z"), Total: 6442450944, Used: 521912985, Days: 37,
	}),
	"top-up-top-up": checkTopUp("23072017992029", esim.TopUpResult{
		Expires: at("2023-09-07T17:01:37Z"), Total: 7516192768, Used: 6841270782, Days: 49,
	}),
	"usage-check-usage-check-multiple": func(t *testing.T, e example) {
		c, v := e.client(t)
		got, err := c.Usage(t.Context(), []esim.ESIMID{"25031120490003", "24092515300009", "25031120490005"})
		want := []esim.Usage{
			{ID: "25031120490005", Used: 1412138272, Total: 7864320000, AsOf: at("2025-03-19T19:00:00Z")},
			{ID: "25031120490003", Used: 1453344832, Total: 5368709120, AsOf: at("2025-03-19T18:00:00Z")},
			{ID: "24092515300009", Used: 10731567762, Total: 9663676416, AsOf: at("2025-03-06T09:45:18Z")},
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Usage = %+v, %v", got, err)
		}
		e.sentAsSaved(t, v)
	},
	"usage-check-usage-check-single": func(t *testing.T, e example) {
		c, v := e.client(t)
		got, err := c.Usage(t.Context(), []esim.ESIMID{"25031120490003"})
		want := []esim.Usage{{ID: "25031120490003", Used: 1453344832, Total: 5368709120, AsOf: at("2025-03-19T18:00:00Z")}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Usage = %+v, %v", got, err)
		}
		e.sentAsSaved(t, v)
	},
}

func TestVendorExamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(dataDir, "vendor-examples")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Skip("../shared is absent: no vendor-examples")
	}
	unused := maps.Clone(exampleChecks)
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".json")
		delete(unused, name)
		t.Run(name, func(t *testing.T) {
			check := exampleChecks[name]
			if check == nil {
				t.Fatal("nothing is expected of this file")
			}
			var e example
			if err := json.Unmarshal(readData(t, filepath.Join("vendor-examples", f.Name())), &e); err != nil {
				t.Fatal(err)
			}
			check(t, e)
		})
	}
	for name := range unused {
		t.Errorf("%s is expected and not there", name)
	}
}
