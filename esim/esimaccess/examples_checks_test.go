package esimaccess

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"esimbot/esim"
)

func onePlan(t *testing.T, c *Client, f PackageFilter) esim.Plan {
	t.Helper()
	plans, err := c.Packages(t.Context(), f)
	if err != nil || len(plans) != 1 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	return plans[0]
}

func checkNorthAmerica(t *testing.T, e example) {
	c, v := e.client(t)
	p := onePlan(t, c, PackageFilter{Slug: "NA-3_1_7"})
	e.sentAsSaved(t, v)
	is(t, "code", p.Code, "CKH491")
	is(t, "slug", p.Slug, "NA-3_1_7")
	is(t, "places", strings.Join(p.Places, " "), "CA MX US")
	is(t, "data", p.Data, 1<<30)
	is(t, "days", p.Days, 7)
	is(t, "unused days", p.UnusedDays, 180)
	is(t, "price", p.Wholesale, esim.USDTenThousandths(57000))
	is(t, "starts", p.ValidityStart, esim.ValidFromFirstUse)
	is(t, "texts", p.SMS, esim.SMSFromAll)
	is(t, "speed", p.Generations, "3G/4G")
	is(t, "coverage", len(p.Coverage), 3)
	is(t, "first country", p.Coverage[0].Name, "United States")
	is(t, "first operator", p.Coverage[0].Networks[0], esim.MobileNetwork{Name: "Verizon", Generation: "5G"})
	is(t, "last operator", p.Coverage[2].Networks[1], esim.MobileNetwork{Name: "Telcel", Generation: "4G"})
}

func checkPackageBySlug(t *testing.T, e example) {
	c, v := e.client(t)
	p := onePlan(t, c, PackageFilter{Slug: slugOf(t, e)})
	e.sentAsSaved(t, v)
	is(t, "slug", p.Slug, slugOf(t, e))
	var raw struct {
		Obj struct{ PackageList []map[string]any }
	}
	if err := json.Unmarshal(e.Response, &raw); err != nil {
		t.Fatal(err)
	}
	row := raw.Obj.PackageList[0]
	is(t, "code", p.Code, row["packageCode"].(string))
	is(t, "price", float64(p.Wholesale.Minor), row["price"].(float64))
	is(t, "data", float64(p.Data), row["volume"].(float64))
	is(t, "coverage", len(p.Coverage), len(row["locationNetworkList"].([]any)))
}

func slugOf(t *testing.T, e example) string {
	t.Helper()
	var r packageRequest
	if err := json.Unmarshal(e.Request, &r); err != nil {
		t.Fatal(err)
	}
	return r.Slug
}

func checkCountry(t *testing.T, e example) {
	c, v := e.client(t)
	plans, err := c.Packages(t.Context(), PackageFilter{Place: "JP"})
	if err != nil {
		t.Fatal(err)
	}
	e.sentAsSaved(t, v)
	if len(plans) < 18 {
		t.Fatalf("%d plans", len(plans))
	}
	is(t, "first", plans[0].Code+" "+plans[0].Location, "5ca37337b9 TW")
	last := plans[len(plans)-1]
	is(t, "last", last.Code, "7aa948d364")
	is(t, "last data", last.Data, 100<<20)
	is(t, "last days", last.Days, 24)
	i := slices.IndexFunc(plans, func(p esim.Plan) bool { return p.Code == "9ca948d278" })
	is(t, "countries of Europe", strings.Join(plans[i].Places, ","), "AT,BE,CZ,DK,EE,FI,GB,HR,IL,IT,LT,LV,NL,PT,RU,SE,TR,UA")
}

func checkTopUps(f PackageFilter) func(*testing.T, example) {
	return func(t *testing.T, e example) {
		c, v := e.client(t)
		plans, err := c.Packages(t.Context(), f)
		if err != nil || len(plans) != 4 {
			t.Fatalf("%d plans, %v", len(plans), err)
		}
		e.sentAsSaved(t, v)
		is(t, "first", plans[0].Code, "TOPUP_JC063")
		is(t, "last price", plans[3].Wholesale, esim.USDTenThousandths(306000))
		is(t, "last data", plans[3].Data, 10<<30)
	}
}

func checkDailyProfile(t *testing.T, e example) {
	c, v := e.client(t)
	list, err := c.OrderProfiles(t.Context(), "B24071120210004")
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	e.sentAsSaved(t, v, "pager")
	is(t, "profile", list[0], esim.Profile{
		ID: "24071120210004", VendorOrder: "B24071120210004", IdempotencyKey: "daily_test_GB_0.5_Daily_",
		ICCID: "89852000134013461335", ActivationCode: "LPA:1$rsp-eu.redteamobile.com$CB53FC756B508E3935EF64336E3956BF",
		SMDPStatus: esim.SMDPReleased, Status: esim.ProfileGotResource, Total: 15728640000, Days: 30,
		Expires: at("2024-08-10T20:21:39Z"),
	})
}

func checkCancelledProfile(t *testing.T, e example) {
	c, _ := e.client(t)
	var all []esim.Profile
	for page, err := range c.AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
	}
	is(t, "eSIMs", len(all), 1)
	is(t, "status", all[0].Status, esim.ProfileCancelled)
	is(t, "APN", all[0].APN, "drei.at")
	is(t, "expires", all[0].Expires, at("2024-05-29T18:34:17Z"))
}

func checkThreeProfiles(t *testing.T, e example) {
	c, v := e.client(t)
	list, err := c.OrderProfiles(t.Context(), "B23121220718406")
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	e.sentAsSaved(t, v, "pager")
	is(t, "numbers", list[0].ID+" "+list[1].ID+" "+list[2].ID, "23121220756119 23121220549529 23121220863683")
	is(t, "code", list[2].ActivationCode.Reveal(), "LPA:1$rsp-eu.redteamobile.com$CBF7861168FA1CF90AA015E5C27DC92D")
	is(t, "PIN that is not there", list[0].PIN, "")
}

func checkToppedUpProfile(t *testing.T, e example) {
	c, _ := e.client(t)
	p, err := c.Profile(t.Context(), "25080914060005")
	if err != nil {
		t.Fatal(err)
	}
	want := esim.Profile{
		ID: "25080914060005", VendorOrder: "B25080914060004", IdempotencyKey: "es2f_pi_MASKED0000000000000001",
		ICCID: "8943108139989301742", ActivationCode: "LPA:1$rsp-eu.simlessly.com$4AB35CF94AEA67024F2D74937A3FADA5",
		SMDPStatus: esim.SMDPEnabled, Status: esim.ProfileInUse, EID: "89049032133712695588102727862659",
		Total: 8589934592, Used: 600685190, Days: 45,
		Activated: at("2025-08-09T14:21:37Z"), Expires: at("2025-09-23T14:21:37Z"),
		APN: "drei.at", PIN: "3314", PUK: "34021574",
	}
	if p != want {
		t.Errorf("profile %+v", p)
	}
	list, err := c.OrderProfiles(t.Context(), "B25080914060004")
	if err != nil || len(list) != 1 || list[0] != want {
		t.Errorf("OrderProfiles = %v, %v", list, err)
	}
}

func checkTimePeriod(t *testing.T, e example) {
	c, v := e.client(t)
	from, to := at("2024-11-02T18:18:22Z"), at("2026-11-02T18:18:22Z")
	list, err := c.FindPurchase(t.Context(), "test_query_3order", from, to)
	if err != nil {
		t.Fatal(err)
	}
	e.sentAsSaved(t, v, "pager")
	var numbers []string
	for _, p := range list {
		numbers = append(numbers, string(p.ID))
	}
	is(t, "bought", strings.Join(numbers, " "), "25031116170006 25031116170005 25031116170004")
	is(t, "ICCID before the download", list[0].ICCID, "")
	is(t, "ready without ICCID", list[0].Ready(), true)

	var all []esim.Profile
	for page, err := range c.AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
	}
	is(t, "eSIMs without the two top-ups", len(all), 13)
	topped := all[slices.IndexFunc(all, func(p esim.Profile) bool { return p.ID == "25031120490003" })]
	is(t, "total with top-up", topped.Total, 10<<30)
	is(t, "deleted", topped.SMDPStatus, esim.SMDPDeleted)
	number, found, err := c.FindTopUp(t.Context(), "co_7848d4a3e7ce4b52b5bf83b22f6c20ca", from, to)
	if number != "25032415190008" || !found || err != nil {
		t.Errorf("FindTopUp = %q, %v, %v", number, found, err)
	}
}

func checkRegions(t *testing.T, e example) {
	c, _ := e.client(t)
	list, err := c.Locations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	is(t, "first", list[0].Code+" "+list[0].Name, "ES Spain")
	is(t, "a country is no region", list[0].Region || list[0].Parts != nil, false)
	i := slices.IndexFunc(list, func(l Location) bool { return l.Region })
	if i < 0 || len(list[i].Parts) < 2 || len(list[i].Parts[0].Code) != 2 {
		t.Errorf("no region with its countries")
	}
}

// checkTopUp repeats a saved top-up.
func checkTopUp(esimID esim.ESIMID, want esim.TopUpResult) func(*testing.T, example) {
	return func(t *testing.T, e example) {
		var r topUpBody
		if err := json.Unmarshal(e.Request, &r); err != nil {
			t.Fatal(err)
		}
		c, v := e.client(t)
		got, err := c.TopUp(t.Context(), esim.TopUpRequest{IdempotencyKey: r.TransactionID, ID: esimID, ICCID: esim.ICCID(r.ICCID), PlanCode: r.PackageCode})
		if err != nil || got != want {
			t.Errorf("TopUp = %+v, %v\nwant %+v", got, err, want)
		}
		e.sentAsSaved(t, v, "amount")
	}
}

func TestTopUpCapture(t *testing.T) {
	t.Parallel()
	var capture struct {
		Request topUpBody       `json:"request"`
		Fields  json.RawMessage `json:"response_fields"`
	}
	if err := json.Unmarshal(readData(t, "topup-capture.json"), &capture); err != nil {
		t.Fatal(err)
	}
	v := newVendor(t, answering(`{"success":true,"errorCode":null,"errorMsg":null,"obj":`+string(capture.Fields)+`}`))
	got, err := newTestClient(t, v.URL).TopUp(t.Context(), esim.TopUpRequest{
		IdempotencyKey: capture.Request.TransactionID, ICCID: esim.ICCID(capture.Request.ICCID), PlanCode: capture.Request.PackageCode,
	})
	want := esim.TopUpResult{Expires: at("2026-03-01T11:23:57Z"), Total: 11811160064, Used: 745598470, Days: 67}
	if err != nil || got != want {
		t.Errorf("TopUp = %+v, %v", got, err)
	}
}
