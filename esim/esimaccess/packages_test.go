package esimaccess

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"esimbot/esim"
)

func TestWholeCatalogue(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(string(readData(t, "package-list.json"))))
	c := newTestClient(t, v.URL)
	plans, err := c.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	is(t, "plans", len(plans), 2034)
	is(t, "request", v.received()[0].body, "{}")
	byCode := map[string]esim.Plan{}
	passes, exits, speeds := 0, map[string]int{}, map[string]int{}
	for _, p := range plans {
		byCode[p.Code] = p
		exits[strings.Join(p.BreakoutCountries, "/")]++
		speeds[p.ThrottledSpeed]++
		if p.DayPass() {
			passes++
			is(t, p.Code+" days", p.Days, 1)
		}
		if p.Wholesale.Minor <= 0 || p.Wholesale.Currency != esim.USD4 || p.Data <= 0 || len(p.Places) == 0 || !slices.IsSorted(p.Places) {
			t.Errorf("odd plan %+v", p)
		}
		if slices.Contains(p.Places, "UK") || slices.ContainsFunc(p.Coverage, func(c esim.Coverage) bool { return len(c.Place) != 2 }) {
			t.Errorf("%s: places %v", p.Code, p.Places)
		}
	}
	is(t, "codes", len(byCode), 2034)
	is(t, "day passes", passes, 688)
	is(t, "by Britain and Norway", exits["GB/NO"], 881)
	is(t, "by a place not stated", exits[""], 56)
	is(t, "512 Kbps, however spaced", speeds["512 Kbps"], 100)
	is(t, "no fair use", speeds[""], 1346)

	g := byCode["CKH823"]
	is(t, "global location", g.Location, "GL-139")
	is(t, "global scope", g.Scope(), esim.ScopeGlobal)
	is(t, "global price", g.Wholesale, esim.USDTenThousandths(76000))
	is(t, "first country", g.Coverage[0].Place+" "+g.Coverage[0].Networks[0].Name, "AX Ålcom")
	is(t, "starts", g.ValidityStart, esim.ValidFromFirstUse)
	is(t, "top-up", g.TopUp, esim.TopUpVolume)
	is(t, "texts", g.SMS, esim.SMSFromAPI)
	is(t, "Slovenia", byCode["CKH139"].Slug, "SI_5_30")
	cat := esim.NewCatalog(plans, at("2025-12-27T00:00:00Z"))
	daily, err := cat.Plan("EU-42_0.5_Daily")
	if err != nil {
		t.Fatal(err)
	}
	is(t, "day pass kind", daily.Kind, esim.DailyThrottled)
	is(t, "day pass data", daily.Data, 500<<20)
}

func TestLocationList(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(string(readData(t, "location-list.json"))))
	list, err := newTestClient(t, v.URL).Locations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	regions := slices.DeleteFunc(slices.Clone(list), func(l Location) bool { return !l.Region })
	is(t, "locations", len(list), 195)
	is(t, "regions", len(regions), 25)
	i := slices.IndexFunc(list, func(l Location) bool { return l.Code == "EU-42" })
	europe := list[i]
	is(t, "Europe", europe.Name, "Europe (40+ areas)")
	is(t, "first of Europe", europe.Parts[0].Code+" "+europe.Parts[0].Name, "IS Iceland")
	is(t, "Britain is there", slices.ContainsFunc(europe.Parts, func(l Location) bool { return l.Code == "GB" }), true)
}

func TestLocationsUnderTheOtherName(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"locationList":[
		{"code":"NA-3","name":"North America","type":"2","subLocation":[{"code":"US","name":"United States"},{"code":"uk","name":"UK"}]},
		{"name":"nameless"}, null]}}`))
	list, err := newTestClient(t, v.URL).Locations(t.Context())
	if err != nil || len(list) != 1 || !list[0].Region || len(list[0].Parts) != 2 || list[0].Parts[1].Code != "GB" {
		t.Errorf("Locations = %+v, %v", list, err)
	}
}

func TestPlanFields(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"packageList":[{
		"packageCode":" P1 ","slug":"EU-2_1_Daily","name":"Two","price":"7000","currencyCode":"USD","volume":524288000,
		"smsStatus":null,"dataType":2,"unusedValidTime":"180","duration":1,"durationUnit":"day","location":" UK, NO ,UK,,",
		"locationCode":"EU-2","activeType":9,"ipExport":"UK/NO/ uk","supportTopUpType":3,"fupPolicy":"512Kbps","speed":"3G/4G/5G",
		"locationNetworkList":[
			{"locationName":"United Kingdom","locationCode":"UK","operatorList":[{"operatorName":"O2","networkType":"5G"},{"operatorName":""}]},
			{"locationName":"Norway","operatorList":null}],
		"newField":{"x":[]}}]}}`))
	plans, err := newTestClient(t, v.URL).Plans(t.Context())
	if err != nil || len(plans) != 1 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	want := esim.Plan{
		Code: "P1", Slug: "EU-2_1_Daily", Name: "Two", Location: "EU-2", Places: []string{"GB", "NO"},
		Coverage: []esim.Coverage{
			{Place: "GB", Name: "United Kingdom", Networks: []esim.MobileNetwork{{Name: "O2", Generation: "5G"}}},
			{Name: "Norway"},
		},
		Wholesale: esim.USDTenThousandths(7000), Data: 500 << 20, Kind: esim.DailyThrottled, Days: 1, UnusedDays: 180,
		ValidityStart: 9, TopUp: esim.TopUpDays, BreakoutCountries: []string{"GB", "NO"}, ThrottledSpeed: "512 Kbps", Generations: "3G/4G/5G",
	}
	if !reflect.DeepEqual(plans[0], want) {
		t.Errorf("plan %+v\nwant %+v", plans[0], want)
	}
}

func TestOnlyWhatCanBeSoldIsListed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, change string
		listed       bool
	}{
		{"a plan", ``, true},
		{"no code", `"packageCode":""`, false},
		{"no price", `"price":null`, false},
		{"a price of nothing", `"price":0`, false},
		{"a price that cannot be read", `"price":"n/a"`, false},
		{"a price with a fraction", `"price":0.5`, false},
		{"another currency", `"currencyCode":"EUR"`, false},
		{"dollars in small letters", `"currencyCode":"usd"`, true},
		{"no currency said", `"currencyCode":""`, true},
		{"no volume", `"volume":0`, false},
		{"no volume, without a limit", `"dataType":4,"volume":0`, true},
		{"a way of counting nobody knows", `"dataType":7`, false},
		{"days of another unit", `"durationUnit":"MONTH"`, false},
		{"no days", `"duration":0`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			row := map[string]any{"packageCode": "P1", "price": 7000, "currencyCode": "USD", "volume": 1 << 30, "dataType": 1, "duration": 7, "durationUnit": "DAY"}
			if err := json.Unmarshal([]byte("{"+tt.change+"}"), &row); err != nil {
				t.Fatal(err)
			}
			body, err := json.Marshal(map[string]any{"success": true, "obj": map[string]any{"packageList": []any{row}}})
			if err != nil {
				t.Fatal(err)
			}
			v := newVendor(t, answering(string(body)))
			plans, err := newTestClient(t, v.URL).Plans(t.Context())
			if err != nil || (len(plans) == 1) != tt.listed {
				t.Errorf("%d plans, %v", len(plans), err)
			}
		})
	}
}

func TestFairUse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"384 Kbps": "384 Kbps", "512Kbps": "512 Kbps", "1 Mbps": "1 Mbps", "1.5mbps": "1.5 Mbps", "256  kbps": "256 Kbps",
		"": "", "unlimited": "unlimited",
	} {
		is(t, in, fairUse(in), want)
	}
}

func TestPackageFilters(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"packageList":[]}}`))
	c := newTestClient(t, v.URL)
	tests := []struct {
		filter PackageFilter
		want   string
	}{
		{PackageFilter{}, `{}`},
		{PackageFilter{Place: RegionalPlans, DataKind: esim.DailyThrottled}, `{"locationCode":"!RG","dataType":"2"}`},
		{PackageFilter{Place: GlobalPlans, DataKind: esim.TotalVolume}, `{"locationCode":"!GL","dataType":"1"}`},
		{PackageFilter{TopUps: true, Slug: "US_5_30"}, `{"type":"TOPUP","slug":"US_5_30"}`},
		{PackageFilter{TopUps: true, ICCID: "8943108139989301742"}, `{"type":"TOPUP","iccid":"8943108139989301742"}`},
	}
	for i, tt := range tests {
		if plans, err := c.Packages(t.Context(), tt.filter); err != nil || len(plans) != 0 {
			t.Errorf("%d plans, %v", len(plans), err)
		}
		is(t, "request", v.received()[i].body, tt.want)
	}
}

// While the vendor says the same, its plans are those of the time before; one byte less and they
// are read anew, and what cannot be read is an error each time.
func TestAnAnswerThatIsTheSameIsReadOnce(t *testing.T) {
	t.Parallel()
	const two = `{"success":true,"obj":{"packageList":[
		{"packageCode":"P1","price":7000,"volume":1000,"duration":7,"durationUnit":"DAY","location":"JP"},
		{"packageCode":"P2","price":9000,"volume":2000,"duration":7,"durationUnit":"DAY","location":"JP"}]}}`
	var body string
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) { answering(body)(w, r) })
	c := newTestClient(t, v.URL)
	var before []esim.Plan
	for _, step := range []struct {
		name, body string
		prices     []int64 // nil: an error
		same       bool
	}{
		{"the first", two, []int64{7000, 9000}, false},
		{"the same", two, []int64{7000, 9000}, true},
		{"another price", strings.Replace(two, "9000", "9001", 1), []int64{7000, 9001}, false},
		{"no list", `{"success":true,"obj":{"packageList":7}}`, nil, false},
		{"no list again", `{"success":true,"obj":{"packageList":7}}`, nil, false},
		{"as before", strings.Replace(two, "9000", "9001", 1), []int64{7000, 9001}, true},
		{"the first again", two, []int64{7000, 9000}, false},
	} {
		body = step.body
		plans, err := c.Plans(t.Context())
		if (err != nil) != (step.prices == nil) {
			t.Fatalf("%s: %v", step.name, err)
		} else if err != nil {
			continue
		}
		var prices []int64
		for _, p := range plans {
			prices = append(prices, p.Wholesale.Minor)
		}
		if same := before != nil && &plans[0] == &before[0]; !slices.Equal(prices, step.prices) || same != step.same {
			t.Errorf("%s: prices %v, the very list of before: %v", step.name, prices, same)
		}
		before = plans
	}
}

// An answer that begins as the vendor's do is read without taking its envelope apart; one that only
// begins so means what it says as a whole.
func TestAnAnswerThatIsCutOutMeansTheSame(t *testing.T) {
	t.Parallel()
	const list = `{"packageList":[{"packageCode":"P1","price":7000,"volume":1000,"duration":7,"durationUnit":"DAY","location":"JP"}]}`
	head := string(successHead)
	var body string
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) { answering(body)(w, r) })
	for _, tt := range []struct {
		name, body string
		plans      int
		code       string // of the refusal; "-": it cannot be read
	}{
		{"as always", head + list + "}", 1, ""},
		{"spaces around", " " + head + " " + list + " }\n", 1, ""},
		{"a field after the content", head + list + `,"traceId":"1"}`, 1, ""},
		{"the content twice", head + `7,"obj":` + list + `}`, 1, ""},
		{"taken back", head + list + `,"success":false,"errorCode":"200009"}`, 0, "200009"},
		{"no content", head + `null}`, 0, "-"},
		{"nothing", head + `}`, 0, "-"},
		{"cut short", head + list, 0, "-"},
		{"cut shorter", head + list[:40] + "}", 0, "-"},
	} {
		body = tt.body
		plans, err := newTestClient(t, v.URL).Plans(t.Context())
		var refused *esim.VendorError
		switch {
		case tt.code == "" && err != nil, tt.code != "" && !errors.As(err, &refused), len(plans) != tt.plans:
			t.Errorf("%s: %d plans, %v", tt.name, len(plans), err)
		case tt.code == "-" && refused.Outcome != esim.OutcomeUnknown, tt.code != "" && tt.code != "-" && refused.Code != tt.code:
			t.Errorf("%s: %+v", tt.name, refused)
		}
	}
}
