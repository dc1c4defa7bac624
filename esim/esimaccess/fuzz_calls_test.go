package esimaccess

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"esimbot/esim"
)

// An echo is a transport that answers every call with the same content.
type echo []byte

func (e *echo) RoundTrip(*http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(`{"success":true,"errorCode":"0","obj":`), bytes.NewReader(*e), strings.NewReader(`}`))
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body)}, nil
}

// fuzzCall gives any content to a call through the whole client, and the call's
// promises to check. Whatever fails does so as a *esim.VendorError without secrets.
func fuzzCall(f *testing.F, seeds []string, call func(t *testing.T, c *Client) error) {
	f.Helper()
	for _, s := range append(seeds, `{}`, `null`, `[]`, `5`, `"x"`, `{"a":[{}]}`, `1,"success":false,"errorCode":"200007"`) {
		f.Add([]byte(s))
	}
	var content echo
	c := newTestClient(f, "http://127.0.0.1:1", func(cfg *Config) {
		cfg.Secret, cfg.HTTPClient = testSecret, &http.Client{Transport: &content}
	})
	f.Fuzz(func(t *testing.T, b []byte) {
		content = b
		err := call(t, c)
		if err == nil || errors.Is(err, esim.ErrNotFound) {
			return
		}
		providerError(t, err)
		if s := err.Error(); strings.Contains(s, testCode) || strings.Contains(s, testSecret) || private.MatchString(s) || len(s) > 1000 {
			t.Errorf("error %q", s)
		}
	})
}

func FuzzOrder(f *testing.F) {
	fuzzCall(f, []string{`{"orderNo":"B1","transactionId":"k"}`, `{"orderNo":23051616050537}`, `{"orderNo":""}`}, func(t *testing.T, c *Client) error {
		no, err := c.Order(context.Background(), testBuy)
		if (err == nil) == (no == "") {
			t.Errorf("order %q, %v", no, err)
		}
		return err
	})
}

func FuzzTopUp(f *testing.F) {
	fuzzCall(f, []string{`{"topUpEsimTranNo":"9","expiredTime":"2026-03-01T11:23:57+0000","totalVolume":1,"totalDuration":2,"orderUsage":-3}`}, func(t *testing.T, c *Client) error {
		r, err := c.TopUp(context.Background(), esim.TopUpRequest{IdempotencyKey: "k", ID: "7", ICCID: "8910300000000000017", PlanCode: "TOPUP_X"})
		if r.Total < 0 || r.Used < 0 || r.Days < 0 || err != nil && r != (esim.TopUpResult{}) {
			t.Errorf("%+v, %v", r, err)
		}
		return err
	})
}

func FuzzUsage(f *testing.F) {
	fuzzCall(f, []string{`{"esimUsageList":[{"esimTranNo":"7","dataUsage":-1,"totalData":"5","lastUpdateTime":"2025-03-19T19:00:00+0000"},{"esimTranNo":"8","dataUsage":1},null]}`}, func(t *testing.T, c *Client) error {
		rows, err := c.Usage(context.Background(), []esim.ESIMID{"7"})
		for _, u := range rows {
			if u.ID != "7" || u.Used < 0 || u.Total < 0 {
				t.Errorf("%+v", u)
			}
		}
		return err
	})
}

func FuzzBalance(f *testing.F) {
	fuzzCall(f, []string{`{"balance":940000}`, `{"balance":"1","lastUpdateTime":"2026-11-24T00:00:00+0000"}`, `{"balance":null}`}, func(t *testing.T, c *Client) error {
		m, err := c.Balance(context.Background())
		if (err == nil) != (m.Currency == esim.USD4) {
			t.Errorf("%s, %v", m, err)
		}
		return err
	})
}

func FuzzLocations(f *testing.F) {
	fuzzCall(f, []string{
		`{"locationList":[{"code":"NA-3","name":"N","type":2,"subLocationList":[{"code":"US","name":"U"}]},{"code":"JP","type":1,"subLocationList":null}]}`,
		`{"locationList":[{"code":"EU","type":"2","subLocation":[{"code":"uk","subLocation":[{"code":"x"}]},null]},{"name":"nameless"}]}`,
	}, func(t *testing.T, c *Client) error {
		list, err := c.Locations(context.Background())
		for _, l := range list {
			if l.Code == "" || l.Code != strings.ToUpper(l.Code) || len(l.Parts) > 0 && !l.Region {
				t.Errorf("%+v", l)
			}
		}
		return err
	})
}

func FuzzPackageAnswer(f *testing.F) {
	fuzzCall(f, []string{`{"packageList":[{"packageCode":"P1","slug":"S1","price":7000,"currencyCode":"USD","volume":1073741824,"dataType":2,"duration":1,"durationUnit":"DAY","location":"JP,UK","ipExport":"UK/NO","fupPolicy":"512Kbps"},{"packageCode":"TOPUP_P1","price":1,"volume":1,"duration":1}]}`}, func(t *testing.T, c *Client) error {
		plans, err := c.TopUps(context.Background(), "7", "", "P1")
		for _, p := range plans {
			if !strings.HasPrefix(p.Code, "TOPUP_") || p.Wholesale.Minor <= 0 || p.Days <= 0 {
				t.Errorf("%+v", p)
			}
		}
		return err
	})
}

func FuzzQueryAnswer(f *testing.F) {
	fuzzCall(f, []string{
		`{"esimList":[` + row(7, "k") + `,{"esimTranNo":"8","orderNo":"","ac":"","packageList":[{"packageCode":"TOPUP_X"}]}],"pager":{"pageSize":500,"pageNum":1,"total":2}}`,
		`{"esimList":[null,{}],"pager":{"total":"-1"}}`, `{"pager":{"total":9e99}}`,
	}, func(t *testing.T, c *Client) error {
		p, err := c.Profile(context.Background(), "7")
		if (err == nil) != (p.ID == "7") {
			t.Errorf("%+v, %v", p, err)
		}
		if n, err := c.CountProfiles(context.Background()); n < 0 || err != nil && n != 0 {
			t.Errorf("%d rows, %v", n, err)
		}
		seen := map[string]bool{}
		for page := range c.AllProfiles(context.Background()) {
			for _, p := range page {
				if p.ID == "" || seen[string(p.ID)] || p.Total < 0 || p.Used < 0 || p.Days < 0 {
					t.Errorf("%+v", p)
				}
				seen[string(p.ID)] = true
			}
		}
		return err
	})
}

func FuzzWebhookAnswer(f *testing.F) {
	fuzzCall(f, []string{`{"webhook":"https://bot.example/hook"}`, `{"webhook":null}`}, func(_ *testing.T, c *Client) error {
		_, err := c.Webhook(context.Background())
		return err
	})
}
