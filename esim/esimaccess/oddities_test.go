package esimaccess

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"esimbot/esim"
)

// pageOfFacts is the collection of facts whose section 5 lists what was seen of the
// vendor beyond its documentation; it is not part of the repository.
const pageOfFacts = "../../../shared/esim-access-api.md"

// An oddity is one fact of that section and what the client makes of it.
type oddity struct {
	fact  string // how the fact begins
	check func(t *testing.T)
}

func oddities() []oddity {
	var all []oddity
	for _, part := range [][]oddity{envelopeOddities, catalogueOddities, orderOddities, profileOddities, topUpOddities, webhookOddities, otherOddities} {
		all = append(all, part...)
	}
	return all
}

// TestOddities holds the client to each fact, by name.
func TestOddities(t *testing.T) {
	t.Parallel()
	for _, o := range oddities() {
		t.Run(o.fact, o.check)
	}
}

// TestEveryFactOfThePageIsHandled finds facts that nobody wrote a check for, and checks of facts that
// are not on the page.
func TestEveryFactOfThePageIsHandled(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.FromSlash(pageOfFacts))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("../shared is absent: no esim-access-api.md")
	} else if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(raw), "\n## 5. ")
	section, _, _ = strings.Cut(section, "\n## 6. ")
	plain := strings.NewReplacer("`", "", "*", "", `"`, "")
	unused := map[string]bool{}
	for _, o := range oddities() {
		unused[o.fact] = true
	}
	facts := 0
	for line := range strings.Lines(section) {
		fact, ok := strings.CutPrefix(line, "- ")
		if !ok {
			continue
		}
		facts++
		fact = plain.Replace(fact)
		handled := false
		for _, o := range oddities() {
			if strings.HasPrefix(fact, o.fact) {
				handled = true
				delete(unused, o.fact)
			}
		}
		if !handled {
			t.Errorf("nothing is checked for: %s", fact)
		}
	}
	if facts < 30 {
		t.Errorf("only %d facts were found on the page", facts)
	}
	for fact := range unused {
		t.Errorf("checked, and not on the page: %s", fact)
	}
}

// wrapped is content in the envelope of a success.
func wrapped(obj string) string {
	return `{"success":true,"errorCode":"0","errorMsg":null,"obj":` + obj + `}`
}

// said is a client whose vendor always says the same.
func said(t *testing.T, body string) (*Client, *vendor) {
	t.Helper()
	v := newVendor(t, answering(body))
	return newTestClient(t, v.URL), v
}

// packageWith is a plan on sale with some members changed or added.
func packageWith(members string) string {
	return wrapped(`{"packageList":[{"packageCode":"P1","slug":"S1","price":7000,"currencyCode":"USD","volume":1073741824,"dataType":1,"duration":7,"durationUnit":"DAY","location":"JP","locationCode":"JP"` + members + `}]}`)
}

// profileWith is an eSIM with some members changed or added.
func profileWith(members string) string {
	return wrapped(`{"esimList":[{"esimTranNo":"7","orderNo":"B1","transactionId":"eb-1","ac":"LPA:1$rsp-eu.simlessly.com$X"` + members + `}],"pager":{"pageSize":500,"pageNum":1,"total":1}}`)
}

func onePlanWith(t *testing.T, members string) esim.Plan {
	t.Helper()
	c, _ := said(t, packageWith(members))
	return onePlan(t, c, PackageFilter{})
}

func oneProfileWith(t *testing.T, members string) esim.Profile {
	t.Helper()
	c, _ := said(t, profileWith(members))
	p, err := c.Profile(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var envelopeOddities = []oddity{
	{"Failures are HTTP 200 with success:false", func(t *testing.T) {
		c, _ := said(t, `{"success":false,"errorCode":"200007","errorMsg":"the balance is insufficient","obj":null}`)
		_, err := c.Order(t.Context(), testBuy)
		refusal(t, err, "200007", "the balance is insufficient", esim.ActionLowBalance)
	}},
	{"success is a JSON boolean. errorCode on success is 0 or null", func(t *testing.T) {
		for _, code := range []string{`"0"`, `null`, `0`, `""`} {
			c, _ := said(t, `{"success":true,"errorCode":`+code+`,"errorMsg":null,"obj":{"balance":1}}`)
			if m, err := c.Balance(t.Context()); err != nil || m != esim.USDTenThousandths(1) {
				t.Errorf("errorCode %s: %s, %v", code, m, err)
			}
		}
		c, _ := said(t, `{"success":false,"errorCode":200007,"errorMsg":""}`)
		if _, err := c.Balance(t.Context()); esim.ActionFor(err) != esim.ActionLowBalance {
			t.Errorf("a number: %v", err)
		}
	}},
	{"Absent values are  for strings and null for times", func(t *testing.T) {
		want := esim.Profile{ID: "7", VendorOrder: "B1", IdempotencyKey: "eb-1", ActivationCode: "LPA:1$rsp-eu.simlessly.com$X"}
		is(t, "keys missing", oneProfileWith(t, ``), want)
		is(t, "empty", oneProfileWith(t, `,"iccid":"","eid":"","pin":"","puk":"","apn":"","activateTime":null,"expiredTime":null`), want)
		is(t, "null", oneProfileWith(t, `,"iccid":null,"eid":null,"totalVolume":null,"packageList":null`), want)
		odd := oneProfileWith(t, `,"esimStatus":"ON_HOLIDAY","smdpStatus":"ELSEWHERE","newField":{"a":[1,{}]}`)
		is(t, "an unknown status is kept", string(odd.Status)+" "+string(odd.SMDPStatus), "ON_HOLIDAY ELSEWHERE")
		is(t, "and people see an eSIM", odd.Condition(at("2026-11-24T00:00:00Z")), esim.ConditionReady)
	}},
	{"Key order varies; bodies are compact", func(t *testing.T) {
		for _, body := range []string{
			`{"obj":{"balance":5},"errorMsg":null,"success":true,"errorCode":null}`,
			"{ \"success\" : true,\n \"obj\" : { \"balance\" : 5 } }\n",
		} {
			c, _ := said(t, body)
			if m, err := c.Balance(t.Context()); err != nil || m != esim.USDTenThousandths(5) {
				t.Errorf("%s: %s, %v", body, m, err)
			}
		}
	}},
	{"The signature is reported as not enforced", func(t *testing.T) {
		v := newVendor(t, answering(wrapped(`{"balance":1}`)))
		c := newTestClient(t, v.URL, func(cfg *Config) { cfg.Secret = testSecret })
		if _, err := c.Balance(t.Context()); err != nil {
			t.Fatal(err)
		}
		h := v.received()[0].header
		is(t, "signature", h.Get("RT-Signature"), signature(testSecret, h.Get("RT-Timestamp"), h.Get("RT-RequestID"), testCode, []byte("{}")))
	}},
	{"API times …+0000 (no colon), webhook times …Z", func(t *testing.T) {
		want := at("2024-05-29T18:34:17Z")
		for _, form := range []string{"2024-05-29T18:34:17+0000", "2024-05-29T18:34:17Z", "2024-05-29T18:34:17+00:00"} {
			is(t, "expiry", oneProfileWith(t, `,"expiredTime":"`+form+`"`).Expires, want)
			e, err := ParseEvent([]byte(`{"notifyType":"X","eventGenerateTime":"` + form + `"}`))
			if err != nil || !e.At.Equal(want) {
				t.Errorf("event: %s, %v", e.At, err)
			}
		}
		is(t, "in requests", writeTime(want), "2024-05-29T18:34:17+0000")
	}},
	{"Prices are whole cents in practice", func(t *testing.T) {
		is(t, "cents", onePlanWith(t, `,"price":7000`).Wholesale.Cents(), esim.USDCents(70))
		is(t, "if not, a cost is never understated", onePlanWith(t, `,"price":7001`).Wholesale.Cents(), esim.USDCents(71))
	}},
}

var catalogueOddities = []oddity{
	{"An empty request returns everything in one answer and ignores paging", func(t *testing.T) {
		rows := make([]string, 3100)
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"packageCode":"P%d","price":7000,"volume":1073741824,"duration":7,"durationUnit":"DAY"}`, i)
		}
		c, v := said(t, wrapped(`{"packageList":[`+strings.Join(rows, ",")+`]}`))
		plans, err := c.Plans(t.Context())
		if err != nil || len(plans) != len(rows) || len(v.received()) != 1 {
			t.Errorf("%d plans in %d calls, %v", len(plans), len(v.received()), err)
		}
		is(t, "request", v.received()[0].body, "{}")
		is(t, "only this call is given long", c.timeouts.of(pathPackages) > 2*c.timeouts.of(pathQuery), true)
	}},
	{"Day passes: price, volume and duration are for one day", func(t *testing.T) {
		for kind, want := range map[string]esim.TopUpKind{"1": esim.NoTopUp, "3": esim.TopUpDays} {
			p := onePlanWith(t, `,"dataType":2,"price":7000,"volume":524288000,"duration":1,"supportTopUpType":`+kind)
			is(t, "day pass", p.DayPass(), true)
			is(t, "of one day", fmt.Sprint(p.Wholesale, p.Data, p.Days), "0.7000 USD 524288000 1")
			is(t, "top-up of the old and the new year", p.TopUp, want)
		}
		for kind, want := range map[string]esim.DataKind{"3": esim.DailyCutOff, "4": esim.DailyUnlimited} {
			is(t, "never seen, and taken", onePlanWith(t, `,"dataType":`+kind).Kind, want)
		}
	}},
	{"retailPrice is a fixed multiple of price", func(t *testing.T) {
		a, b := onePlanWith(t, `,"retailPrice":14000`), onePlanWith(t, `,"retailPrice":1`)
		is(t, "plans", reflect.DeepEqual(a, b), true)
	}},
	{"Slugs: <place>_<GB>_<days>", func(t *testing.T) {
		p := onePlanWith(t, `,"slug":"US_99_99_nonhkip","packageCode":"JC016"`)
		is(t, "both names", p.Slug+" "+p.Code, "US_99_99_nonhkip JC016")
		is(t, "nothing is computed from them", fmt.Sprint(p.Data, p.Days, p.Location), fmt.Sprint(1<<30, 7, "JP"))
	}},
	{"The number in a region code is not the number of countries", func(t *testing.T) {
		p := onePlanWith(t, `,"locationCode":"GL-139","location":"JP,US,DE"`)
		is(t, "countries", len(p.Places), 3)
	}},
	{"0.5 GB is 524,288,000 bytes", func(t *testing.T) {
		is(t, "bytes", onePlanWith(t, `,"volume":524288000`).Data, 500<<20)
	}},
	{"fupPolicy comes as 384 Kbps, 512Kbps, 1 Mbps", func(t *testing.T) {
		for in, want := range map[string]string{"384 Kbps": "384 Kbps", "512Kbps": "512 Kbps", "1 Mbps": "1 Mbps", "": ""} {
			is(t, in, onePlanWith(t, `,"fupPolicy":"`+in+`","speed":"3G/4G/5G"`).ThrottledSpeed, want)
		}
		is(t, "generation", onePlanWith(t, `,"speed":"3G/4G/5G"`).Generations, "3G/4G/5G")
	}},
	{"ipExport (UK/NO, PL, HK, SG, NL/FR, …) changes over time and may be empty", func(t *testing.T) {
		for in, want := range map[string]string{"UK/NO": "GB NO", "PL": "PL", "HK": "HK", "": ""} {
			is(t, in, strings.Join(onePlanWith(t, `,"ipExport":"`+in+`"`).BreakoutCountries, " "), want)
		}
	}},
	{"description is often empty or equal to name", func(t *testing.T) {
		p := onePlanWith(t, `,"name":"N","description":"","locationNetworkList":[{"locationName":"Spain","locationLogo":"/img/flags/es.png","operatorList":[]},{"locationName":"France","operatorList":null}]`)
		is(t, "description", p.Description, "")
		is(t, "countries without operators", len(p.Coverage)-len(p.Coverage[0].Networks), 2)
	}},
	{"Prices move: 46 changes in 7 days", func(t *testing.T) {
		c, v := said(t, `{"success":false,"errorCode":"200005","errorMsg":"x","obj":null}`)
		_, err := c.Order(t.Context(), testBuy)
		refusal(t, err, "200005", "x", esim.ActionReprice)
		is(t, "the price is guarded", strings.Contains(v.received()[0].body, `"price":57000`), true)
	}},
}

// bodies are the failures as they were captured.
var bodies = []struct {
	body, code, message string
	verdict             esim.VendorErrorAction
	outcome             esim.Outcome
}{
	{`{"success":false,"errorCode":"310404","errorMsg":"the merchant has not the iccid.","obj":null}`, "310404", "the merchant has not the iccid.", esim.ActionNotFound, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"000104","errorMsg":"request json invalid","obj":null}`, "000104", "request json invalid", esim.ActionReportBug, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"000101","errorMessage":"Req Header:[RT-RequestID] is null","obj":null}`, "000101", refusedHeader, esim.ActionTellOperator, esim.OutcomeNotDone},
	{"{\"success\":false,\"errorCode\":\"310241\",\"errorMsg\":\"base data plan code:[X] doesn`t exist.\",\"obj\":null}", "310241", "base data plan code:[X] doesn`t exist.", esim.ActionRefund, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"310242","errorMsg":"top up data plan code doesn't exist","obj":null}`, "310242", "top up data plan code doesn't exist", esim.ActionRefund, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"310272","errorMsg":"the orderNo doesn't exist","obj":null}`, "310272", "the orderNo doesn't exist", esim.ActionNotFound, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"200007","errorMsg":"the balance is insufficient","obj":null}`, "200007", "the balance is insufficient", esim.ActionLowBalance, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"200010","errorMsg":"the batchOrder has been getting resource, total:[1], success:[0]","obj":null}`, "200010", "the batchOrder has been getting resource, total:[1], success:[0]", esim.ActionWait, esim.OutcomeUnknown},
	{`{"success":false,"errorCode":"101013","errorMsg":"The system is busy, please try again later","obj":null}`, "101013", "The system is busy, please try again later", esim.ActionRetry, esim.OutcomeNotDone},
	{`{"success":false,"errorCode":"000001","errorMsg":"UNKNOWN_ERROR","obj":null}`, "000001", "UNKNOWN_ERROR", esim.ActionRetry, esim.OutcomeUnknown},
}

func TestFailureBodiesAsSeen(t *testing.T) {
	t.Parallel()
	seen := ""
	if raw, err := os.ReadFile(filepath.FromSlash(pageOfFacts)); err == nil {
		seen = string(raw)
	}
	for _, tt := range bodies {
		t.Run(tt.code, func(t *testing.T) {
			v := newVendor(t, page(http.StatusOK, "application/json", tt.body))
			_, err := newTestClient(t, v.URL).Order(t.Context(), testBuy)
			pe := providerError(t, err)
			want := esim.VendorError{Op: pathOrder, Code: tt.code, Message: tt.message, Outcome: tt.outcome, Action: tt.verdict}
			is(t, "error", *pe, want)
			if seen != "" && !strings.Contains(seen, tt.body) {
				t.Error("not on the page")
			}
		})
	}
	if i := strings.Index(seen, "**Failure bodies as seen**"); i >= 0 {
		listed, _, _ := strings.Cut(seen[i:], "## 6.")
		is(t, "bodies on the page", strings.Count(listed, `{"success":false`), len(bodies))
	}
}
