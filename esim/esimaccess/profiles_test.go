package esimaccess

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"esimbot/esim"
)

// A ledger answers esim/query with pages of its rows, as the vendor does.
type ledger struct {
	rows     []string // JSON, newest first
	pageSize int      // the largest it gives, whatever is asked for; 0: what is asked for
	total    int      // what it says; 0: the truth
	deaf     bool     // it gives the first page always
}

func (l *ledger) handler(t *testing.T) http.HandlerFunc {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(asked.Add(1))
		if l.deaf {
			n = 1
		}
		size := pageSize
		if l.pageSize > 0 {
			size = l.pageSize
		}
		from, to := min((n-1)*size, len(l.rows)), min(n*size, len(l.rows))
		total := len(l.rows)
		if l.total > 0 {
			total = l.total
		}
		answering(fmt.Sprintf(`{"success":true,"errorCode":"0","obj":{"esimList":[%s],"pager":{"pageSize":%d,"pageNum":%d,"total":%d}}}`,
			strings.Join(l.rows[from:to], ","), size, n, total))(w, r)
	}
}

func row(tran int, tx string) string {
	return fmt.Sprintf(`{"esimTranNo":"%d","orderNo":"B%d","transactionId":%q,"ac":"LPA:1$h$%d"}`, tran, tran, tx, tran)
}

func manyRows(n int) (rows []string) {
	for i := range n {
		rows = append(rows, row(n-i, "tx"+fmt.Sprint(n-i)))
	}
	return rows
}

func TestAccountWalksAllPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		ledger ledger
		seen   int
		asked  int
	}{
		{"an empty account", ledger{}, 0, 1},
		{"one page", ledger{rows: manyRows(3)}, 3, 1},
		{"a full page is asked about", ledger{rows: manyRows(500)}, 500, 2},
		{"three pages", ledger{rows: manyRows(1201)}, 1201, 3},
		{"a server with small pages", ledger{rows: manyRows(120), pageSize: 50}, 120, 3},
		{"a total too small is not believed", ledger{rows: manyRows(1201), total: 5}, 1201, 3},
		{"a total too large ends with an empty page", ledger{rows: manyRows(3), total: 900}, 3, 2},
		{"a server that repeats itself", ledger{rows: manyRows(500), deaf: true}, 500, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, tt.ledger.handler(t))
			c := newTestClient(t, v.URL)
			var got []esim.Profile
			for page, err := range c.AllProfiles(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page...)
			}
			if len(got) != tt.seen || len(v.received()) != tt.asked {
				t.Errorf("%d eSIMs in %d calls, want %d in %d", len(got), len(v.received()), tt.seen, tt.asked)
			}
			for i, p := range got {
				if want := fmt.Sprint(tt.seen - i); string(p.ID) != want {
					t.Fatalf("eSIM %d is %s, want %s", i, p.ID, want)
				}
			}
			for i, r := range v.received() {
				want := fmt.Sprintf(`{"orderNo":"","esimTranNo":"","iccid":"","pager":{"pageNum":%d,"pageSize":500}}`, i+1)
				if r.body != want {
					t.Errorf("sent %s\nwant %s", r.body, want)
				}
			}
		})
	}
}

func TestAccountLeavesOutWhatAppearsAgain(t *testing.T) {
	t.Parallel()
	rows := manyRows(600)
	var n atomic.Int32
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		from := []int{0, 490}[min(n.Add(1)-1, 1)] // ten new orders came in between
		answering(`{"success":true,"obj":{"esimList":[`+strings.Join(rows[from:min(from+500, len(rows))], ",")+`],"pager":{"total":610}}}`)(w, r)
	})
	seen := map[string]int{}
	for page, err := range newTestClient(t, v.URL).AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			seen[string(p.ID)]++
		}
		if len(seen) == 600 {
			break
		}
	}
	if len(seen) != 600 || slices.Max(slices.Collect(mapValues(seen))) != 1 {
		t.Errorf("%d eSIMs, or one of them twice", len(seen))
	}
}

func mapValues(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func TestAccountStopsWhenToldTo(t *testing.T) {
	t.Parallel()
	l := ledger{rows: manyRows(1500)}
	v := newVendor(t, l.handler(t))
	for range newTestClient(t, v.URL).AllProfiles(t.Context()) {
		break
	}
	if n := len(v.received()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestAPartOfAListingIsNeverTakenForTheWhole(t *testing.T) {
	t.Parallel()
	l := ledger{rows: append([]string{row(9999, "mine")}, manyRows(700)...)}
	ok := l.handler(t)
	var n atomic.Int32
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) > 1 {
			page(502, "text/html", "<html>")(w, r)
			return
		}
		ok(w, r)
	})
	c := newTestClient(t, v.URL)
	found, err := c.FindPurchase(t.Context(), "mine", at("2025-01-01T00:00:00Z"), at("2025-01-02T00:00:00Z"))
	if found != nil || esim.ActionFor(err) != esim.ActionRetry {
		t.Errorf("FindPurchase = %v, %v", found, err)
	}
	n.Store(0)
	var last error
	pages := 0
	for _, err := range c.AllProfiles(t.Context()) {
		pages++
		last = err
	}
	if pages != 2 || last == nil {
		t.Errorf("%d pages, the last with %v", pages, last)
	}
}

func TestFindPurchase(t *testing.T) {
	t.Parallel()
	rows := manyRows(620)
	rows[10] = row(610, "mine")
	rows[610] = row(10, "mine") // on the second page
	rows[300] = row(320, "MINE")
	rows[301] = `{"esimTranNo":"t1","orderNo":"","ac":"","transactionId":"mine","packageList":[{"packageCode":"TOPUP_X"}]}`
	l := ledger{rows: rows}
	v := newVendor(t, l.handler(t))
	c := newTestClient(t, v.URL)
	found, err := c.FindPurchase(t.Context(), "mine", at("2026-11-23T09:00:00.9+02:00"), at("2026-11-23T10:00:00.1Z"))
	if err != nil || len(found) != 2 || found[0].ID != "610" || found[1].ID != "10" {
		t.Errorf("FindPurchase = %v, %v", found, err)
	}
	want := `{"orderNo":"","esimTranNo":"","iccid":"","startTime":"2026-11-23T07:00:00+0000","endTime":"2026-11-23T10:00:01+0000","pager":{"pageNum":1,"pageSize":500}}`
	if got := v.received()[0].body; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestFindTopUp(t *testing.T) {
	t.Parallel()
	l := ledger{rows: []string{
		row(1, "bought"),
		`{"esimTranNo":"25032415190008","orderNo":"","ac":"","transactionId":"topup","packageList":[{"packageCode":"TOPUP_X"}]}`,
	}}
	for tx, want := range map[string]esim.ESIMID{"topup": "25032415190008", "bought": "", "neither": ""} {
		v := newVendor(t, l.handler(t))
		got, found, err := newTestClient(t, v.URL).FindTopUp(t.Context(), tx, at("2025-01-01T00:00:00Z"), at("2025-01-02T00:00:00Z"))
		if got != want || found != (want != "") || err != nil {
			t.Errorf("FindTopUp(%s) = %q, %v, %v", tx, got, found, err)
		}
	}
}

func TestOnlyESIMsAreListed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, row string
		real      bool
	}{
		{"an eSIM", `{"esimTranNo":"1","orderNo":"B1","ac":"LPA:1$h$x","packageList":[{"packageCode":"JC016"}]}`, true},
		{"an eSIM that was topped up", `{"esimTranNo":"1","orderNo":"B1","ac":"LPA:1$h$x","packageList":[{"packageCode":"TOPUP_G6"},{"packageCode":"P87"}]}`, true},
		{"an eSIM that is not ready", `{"esimTranNo":"1","orderNo":"B1","ac":"","packageList":[{"packageCode":"JC016"}]}`, true},
		{"a top-up as captured", `{"esimTranNo":"1","orderNo":"","ac":"","iccid":"","packageList":[{"packageCode":"TOPUP_CKH823"}]}`, false},
		{"a top-up that names an order", `{"esimTranNo":"1","orderNo":"B1","ac":"","packageList":[{"packageCode":"TOPUP_CKH823"}]}`, false},
		{"a row without a number", `{"orderNo":"B1","ac":"LPA:1$h$x"}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r profileRow
			if err := json.Unmarshal([]byte(tt.row), &r); err != nil {
				t.Fatal(err)
			}
			if r.real() != tt.real {
				t.Errorf("real() = %v", r.real())
			}
		})
	}
}

func TestOrderProfilesAreThoseOfTheOrder(t *testing.T) {
	t.Parallel()
	l := ledger{rows: []string{row(3, "a"), row(2, "b"), row(1, "c")}} // as if the filter were ignored
	v := newVendor(t, l.handler(t))
	got, err := newTestClient(t, v.URL).OrderProfiles(t.Context(), "B2")
	if err != nil || len(got) != 1 || got[0].ID != "2" {
		t.Errorf("OrderProfiles = %v, %v", got, err)
	}
}

func TestProfileNotFound(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"an empty list":       `{"success":true,"errorCode":"0","obj":{"esimList":[],"pager":{"total":0}}}`,
		"no list":             `{"success":true,"errorCode":"0","obj":{}}`,
		"another eSIM":        `{"success":true,"errorCode":"0","obj":{"esimList":[` + row(2, "x") + `]}}`,
		"a code that says so": `{"success":false,"errorCode":"310404","errorMsg":"the merchant has not the iccid."}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			v := newVendor(t, answering(body))
			if _, err := newTestClient(t, v.URL).Profile(t.Context(), "1"); !errors.Is(err, esim.ErrNotFound) {
				t.Errorf("error %v", err)
			}
		})
	}
	v := newVendor(t, answering(`{"success":false,"errorCode":"000001"}`))
	if _, err := newTestClient(t, v.URL).Profile(t.Context(), "1"); errors.Is(err, esim.ErrNotFound) || err == nil {
		t.Errorf("trouble is taken for absence: %v", err)
	}
}

func TestUsageTakesBatchesOfTen(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		// In another order, one row missing, one nobody asked for, one unreadable.
		answering(`{"success":true,"obj":{"esimUsageList":[
			{"esimTranNo":"foreign","dataUsage":1,"totalData":2},
			{"esimTranNo":"12","dataUsage":"900","totalData":800,"lastUpdateTime":"2025-03-19T19:00:00+0000"},
			{"esimTranNo":"2","dataUsage":null,"totalData":9},
			{"esimTranNo":"1","dataUsage":7,"totalData":9,"lastUpdateTime":null}]}}`)(w, r)
	})
	c := newTestClient(t, v.URL)
	var asked []esim.ESIMID
	for i := range 12 {
		asked = append(asked, esim.ESIMID(fmt.Sprint(i+1)))
	}
	got, err := c.Usage(t.Context(), asked)
	want := []esim.Usage{{ID: "1", Used: 7, Total: 9}, {ID: "12", Used: 900, Total: 800, AsOf: at("2025-03-19T19:00:00Z")}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Usage = %+v, %v", got, err)
	}
	calls := v.received()
	if len(calls) != 2 || calls[1].body != `{"esimTranNoList":["11","12"]}` {
		t.Errorf("%d calls, the last %s", len(calls), calls[len(calls)-1].body)
	}
	if got, err := c.Usage(t.Context(), nil); got != nil || err != nil || len(v.received()) != 2 {
		t.Errorf("Usage of nothing = %v, %v", got, err)
	}
}

// A status in another case, or in a longer word, is the one that money hangs on.
func TestAStatusIsReadInAnyCase(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]esim.ProfileStatus{
		"got_resource": esim.ProfileGotResource, "Cancel": esim.ProfileCancelled, " CANCELLED ": esim.ProfileCancelled, "canceled": esim.ProfileCancelled,
		"Revoked": esim.ProfileRevoked, "in_use": esim.ProfileInUse, "Suspended": esim.ProfileSuspended, "PAUSED": "PAUSED",
	} {
		p := oneProfileWith(t, `,"esimStatus":"`+written+`","smdpStatus":"Released"`)
		is(t, written, p.Status, want)
		is(t, written+", on its way", p.SMDPStatus, esim.SMDPReleased)
	}
}
