package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTheVendorsOwnVector is the test vector of the vendor's page on authentication.
func TestTheVendorsOwnVector(t *testing.T) {
	t.Parallel()
	got := signature("1111", "1628670421", "4ce9d9cdac9e4e17b3a2c66c358c1ce2", "11111", []byte(`{"imsi":"326543826"}`))
	if want := "7eb765e27df5373dea2dbc8c41a7d9557743e46c8054750f3d851b3fd01d0835"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	const id, body = "4ce9d9cd-ac9e-4e17-b3a2-c66c358c1ce2", `{}`
	ms := func(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }
	signed := func(at time.Time, change func(http.Header)) http.Header {
		h := http.Header{}
		h.Set("RT-AccessCode", "code")
		h.Set("RT-RequestID", id)
		h.Set("RT-Timestamp", ms(at))
		h.Set("RT-Signature", signature("secret", ms(at), id, "code", []byte(body)))
		if change != nil {
			change(h)
		}
		return h
	}
	plain := func(code string) http.Header { return http.Header{"Rt-Accesscode": {code}} }
	tests := []struct {
		name   string
		opt    Options
		header http.Header
		code   string
	}{
		{"any access code", Options{}, plain("x"), ""},
		{"no access code", Options{}, http.Header{}, "000101"},
		{"an empty access code", Options{}, plain(""), "000101"},
		{"the access code that is set", Options{AccessCode: "code"}, plain("code"), ""},
		{"another one", Options{AccessCode: "code"}, plain("Code"), "401001"},
		{"a wrong signature where none is asked for", Options{}, signed(start, func(h http.Header) { h.Set("RT-Signature", "00") }), ""},
		{"signed", Options{Secret: "secret"}, signed(start, nil), ""},
		{"signed in capitals", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Set("RT-Signature", strings.ToUpper(h.Get("RT-Signature"))) }), ""},
		{"not signed", Options{Secret: "secret"}, plain("code"), "000101"},
		{"without timestamp", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Del("RT-Timestamp") }), "000101"},
		{"without signature", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Del("RT-Signature") }), "000101"},
		{"timestamp no number", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Set("RT-Timestamp", "now") }), "000102"},
		{"request id no UUID", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Set("RT-RequestID", "7") }), "000102"},
		{"with another secret", Options{Secret: "other"}, signed(start, nil), "101003"},
		{"another access code signed for", Options{Secret: "secret"}, signed(start, func(h http.Header) { h.Set("RT-AccessCode", "c") }), "101003"},
		{"four minutes old", Options{Secret: "secret"}, signed(start.Add(-4*time.Minute), nil), ""},
		{"six minutes old", Options{Secret: "secret"}, signed(start.Add(-6*time.Minute), nil), "101001"},
		{"six minutes ahead", Options{Secret: "secret"}, signed(start.Add(6*time.Minute), nil), "101001"},
		{"in seconds", Options{Secret: "secret"}, signed(time.UnixMilli(start.Unix()), nil), ""},
		{"in seconds, six minutes old", Options{Secret: "secret"}, signed(time.UnixMilli(start.Unix()-360), nil), "101001"},
		{"with the access code as key", Options{Secret: "secret"}, signed(start, func(h http.Header) {
			h.Set("RT-Signature", signature("code", ms(start), id, "code", []byte(body)))
		}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.opt)
			w.header = tt.header
			if r := w.call("balance/query", body); r.code() != tt.code {
				t.Errorf("answered %s, want code %q", r.Body, tt.code)
			}
		})
	}
	t.Run("a body that was changed on the way", func(t *testing.T) {
		w := newWorld(t, Options{Secret: "secret"})
		w.header = signed(start, nil)
		w.refused("101003", "balance/query", `{ }`)
	})
	t.Run("by either clock when the sandbox's was moved", func(t *testing.T) {
		w := newWorld(t, Options{Secret: "secret"})
		w.Advance(day)
		for _, at := range []time.Time{start, start.Add(day)} {
			w.header = signed(at, nil)
			if r := w.call("balance/query", body); !r.Success {
				t.Errorf("at %v: %s", at, r.Body)
			}
		}
	})
}

func TestAMissingHeaderIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.header = http.Header{}
	want := `{"success":false,"errorCode":"000101","errorMessage":"Req Header:[RT-AccessCode] is null","obj":null}`
	if r := w.call("balance/query", `{}`); r.Body != want || r.Status != http.StatusOK {
		t.Errorf("answered %d %s", r.Status, r.Body)
	}
}

func TestTheNinthCallWithinASecondIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{RateLimit: defaultRate})
	call := func() string { return w.call("balance/query", `{}`).code() }
	for i := range 8 { // one each 100 ms: 0, 100, … 700
		if code := call(); code != "" {
			t.Fatalf("call %d: %s", i+1, code)
		}
		w.Advance(100 * time.Millisecond)
	}
	r := w.call("balance/query", `{}`)
	if want := `{"success":false,"errorCode":"101013","errorMsg":"The system is busy, please try again later","obj":null}`; r.Body != want || r.Status != http.StatusOK {
		t.Errorf("the ninth at 800 ms: %d %s", r.Status, r.Body)
	}
	w.Advance(199 * time.Millisecond)
	if code := call(); code != "101013" {
		t.Errorf("at 999 ms: %q", code)
	}
	w.Advance(time.Millisecond)
	if code := call(); code != "" {
		t.Errorf("at 1 s the first call is a second ago: %q", code)
	}
	if code := call(); code != "101013" {
		t.Errorf("but the second is not: %q", code)
	}
}

func TestTheLimitIsOfTheAccountAndStopsPurchases(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{RateLimit: 2})
	w.call("balance/query", `{}`)
	w.call("location/list", `{}`)
	w.refused("101013", "esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`)
	if w.Charged("") != 0 {
		t.Error("a refused call bought something")
	}
}
