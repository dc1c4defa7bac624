package esimaccess

import (
	"net/http"
	"strings"
	"testing"

	"esimbot/esim"
)

// TestTopUpsAreAskedForByWhatIsKnown: the ICCID first, which some eSIMs do not have yet.
func TestTopUpsAreAskedForByWhatIsKnown(t *testing.T) {
	t.Parallel()
	const (
		offers    = `{"success":true,"obj":{"packageList":[{"packageCode":"TOPUP_P1","price":9000,"volume":1,"duration":7}]}}`
		noICCID   = `{"success":false,"errorCode":"310404","errorMsg":"the merchant has not the iccid.","obj":null}`
		noPackage = `{"success":false,"errorCode":"310241","errorMsg":"x","obj":null}`
	)
	eSIM := func(iccid string) string {
		return wrapped(`{"esimList":[{"esimTranNo":"7","orderNo":"B1","ac":"LPA:1$h$x","iccid":"` + iccid + `"}]}`)
	}
	tests := []struct {
		name    string
		iccid   esim.ICCID
		base    string
		answers []string
		asked   string // what was asked for, call by call
		offers  int
		verdict esim.VendorErrorAction
	}{
		{"by ICCID", "8910", "P1", []string{offers}, `{"type":"TOPUP","iccid":"8910"}`, 1, 0},
		{"by plan, where there is no ICCID yet", "", "P1", []string{offers}, `{"type":"TOPUP","packageCode":"P1"}`, 1, 0},
		{
			"by plan, where the ICCID is not known", "8910", "P1",
			[]string{noICCID, offers},
			`{"type":"TOPUP","iccid":"8910"} {"type":"TOPUP","packageCode":"P1"}`, 1, 0,
		},
		{"by the ICCID of the eSIM, with neither", "", "", []string{eSIM("8910"), offers}, `esim/query {"type":"TOPUP","iccid":"8910"}`, 1, 0},
		{"an ICCID nobody knows, and no plan", "8910", "", []string{noICCID}, `{"type":"TOPUP","iccid":"8910"}`, 0, esim.ActionNotFound},
		{"an eSIM without ICCID, and no plan", "", "", []string{eSIM("")}, `esim/query`, 0, esim.ActionReportBug},
		{"a refusal is not asked around", "8910", "P1", []string{noPackage}, `{"type":"TOPUP","iccid":"8910"}`, 0, esim.ActionRefund},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, nil)
			v.handler = func(w http.ResponseWriter, r *http.Request) { answering(tt.answers[len(v.received())-1])(w, r) }
			plans, err := newTestClient(t, v.URL).TopUps(t.Context(), "7", tt.iccid, tt.base)
			if len(plans) != tt.offers || (err == nil) != (tt.offers > 0) || err != nil && esim.ActionFor(err) != tt.verdict {
				t.Errorf("%d top-ups, %v", len(plans), err)
			}
			for _, p := range plans {
				is(t, "code", p.Code, "TOPUP_P1")
			}
			var asked []string
			for _, r := range v.received() {
				if r.path == pathQuery {
					r.body = pathQuery
				}
				asked = append(asked, r.body)
			}
			is(t, "asked", strings.Join(asked, " "), tt.asked)
		})
	}
}

func TestAccountSize(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		size int
		ok   bool
	}{
		"rows, those of top-ups included": {wrapped(`{"esimList":[],"pager":{"pageSize":5,"pageNum":1,"total":100234}}`), 100234, true},
		"an empty account":                {wrapped(`{"esimList":[],"pager":{"total":0}}`), 0, true},
		"as a string":                     {wrapped(`{"pager":{"total":"7"}}`), 7, true},
		"no total is not zero":            {wrapped(`{"esimList":[]}`), 0, false},
		"a total below zero":              {wrapped(`{"pager":{"total":-1}}`), 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, v := said(t, tt.body)
			n, err := c.CountProfiles(t.Context())
			if n != tt.size || (err == nil) != tt.ok {
				t.Errorf("AccountSize = %d, %v", n, err)
			}
			is(t, "request", v.received()[0].body, `{"orderNo":"","esimTranNo":"","iccid":"","pager":{"pageNum":1,"pageSize":5}}`)
		})
	}
}

func TestAnICCIDMayHaveBelongedToSeveral(t *testing.T) {
	t.Parallel()
	c, v := said(t, wrapped(`{"esimList":[
		{"esimTranNo":"9","orderNo":"B9","ac":"LPA:1$h$x","iccid":"8910","esimStatus":"IN_USE"},
		{"esimTranNo":"8","orderNo":"B8","ac":"LPA:1$h$y","iccid":"8911"},
		{"esimTranNo":"3","orderNo":"B3","ac":"LPA:1$h$z","iccid":"8910","esimStatus":"USED_EXPIRED"}],"pager":{"total":3}}`))
	list, err := c.ProfilesByICCID(t.Context(), "8910")
	if err != nil || len(list) != 2 || list[0].ID != "9" || list[1].ID != "3" {
		t.Errorf("%v, %v", list, err)
	}
	is(t, "request", v.received()[0].body, `{"orderNo":"","esimTranNo":"","iccid":"8910","pager":{"pageNum":1,"pageSize":500}}`)
}

func TestOrderedWalksATimeRange(t *testing.T) {
	t.Parallel()
	l := ledger{rows: manyRows(620)}
	v := newVendor(t, l.handler(t))
	n := 0
	for page, err := range newTestClient(t, v.URL).ProfilesOrdered(t.Context(), at("2026-11-23T09:00:00Z"), at("2026-11-23T10:00:00Z")) {
		if err != nil {
			t.Fatal(err)
		}
		n += len(page)
	}
	is(t, "eSIMs", n, 620)
	is(t, "second page", v.received()[1].body,
		`{"orderNo":"","esimTranNo":"","iccid":"","startTime":"2026-11-23T09:00:00+0000","endTime":"2026-11-23T10:00:00+0000","pager":{"pageNum":2,"pageSize":500}}`)
}
