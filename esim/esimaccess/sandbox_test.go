package esimaccess_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// A shop is our client with the simulated vendor behind a real HTTP server.
type shop struct {
	*esimaccess.Client
	vendor *sandbox.Sandbox
	fixed  esim.Plan
	daily  esim.Plan
	topUp  string // a top-up's code for fixed
	full   int64  // the balance at the start, USD × 10,000
}

func newShop(t *testing.T, o sandbox.Options, change ...func(*esimaccess.Config)) shop {
	t.Helper()
	if o.RateLimit == 0 {
		o.RateLimit = sandbox.Off
	}
	vendor, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(vendor)
	t.Cleanup(srv.Close)
	cfg := esimaccess.Config{AccessCode: "code", BaseURL: srv.URL, PerSecond: math.MaxFloat64}
	for _, f := range change {
		f(&cfg)
	}
	client, err := esimaccess.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	client.WithoutBackOff()
	return shop{Client: client, vendor: vendor}
}

// stocked picks a plan of each kind.
func (s shop) stocked(t *testing.T) shop {
	t.Helper()
	plans, err := s.Packages(t.Context(), esimaccess.PackageFilter{Place: "JP"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		switch {
		case p.DayPass() && s.daily.Code == "":
			s.daily = p
		case !p.DayPass() && s.fixed.Code == "" && p.TopUp == esim.TopUpVolume && p.SMS != esim.NoSMS && p.Data == 1<<30:
			s.fixed = p
		}
	}
	if s.fixed.Code == "" || s.daily.Code == "" {
		t.Fatalf("the sandbox's %d plans lack a kind", len(plans))
	}
	return s
}

func (s shop) buy(key string, quantity int) esim.VendorPurchase {
	return esim.VendorPurchase{IdempotencyKey: key, Plan: s.fixed, Quantity: quantity, ExpectedUnitPrice: s.fixed.Wholesale}
}

func (s shop) order(t *testing.T, b esim.VendorPurchase) string {
	t.Helper()
	no, err := s.Order(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return no
}

func (s shop) lookUp(t *testing.T, key string) []esim.Profile {
	t.Helper()
	now := s.vendor.Time()
	found, err := s.FindPurchase(t.Context(), key, now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAPurchaseFromOrderToLastByte(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{}).stocked(t)
	all, err := s.Plans(t.Context())
	if err != nil || len(all) < 1000 {
		t.Fatalf("%d plans, %v", len(all), err)
	}
	before, err := s.Balance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	no := s.order(t, s.buy("eb-1", 2))

	_, err = s.OrderProfiles(t.Context(), no)
	var pe *esim.VendorError
	if !errors.As(err, &pe) || pe.Code != "200010" || pe.Action != esim.ActionWait {
		t.Fatalf("while allocating: %v", err)
	}
	s.vendor.Advance(time.Minute)
	profiles, err := s.OrderProfiles(t.Context(), no)
	if err != nil || len(profiles) != 2 {
		t.Fatalf("%d profiles, %v", len(profiles), err)
	}
	for _, p := range profiles {
		if !p.Ready() || p.IdempotencyKey != "eb-1" || p.VendorOrder != no || p.Status != esim.ProfileGotResource || p.SMDPStatus != esim.SMDPReleased ||
			p.Total != s.fixed.Data || p.Days != s.fixed.Days || p.Expires.IsZero() || !p.Activated.IsZero() {
			t.Errorf("profile %+v", p)
		}
	}
	after, err := s.Balance(t.Context())
	if err != nil || after.Minor != before.Minor-2*s.fixed.Wholesale.Minor {
		t.Errorf("balance %s after %s, %v", after, before, err)
	}

	tran := profiles[0].ID
	if err := errors.Join(s.vendor.Install(string(tran)), s.vendor.Burn(string(tran), 600<<20)); err != nil {
		t.Fatal(err)
	}
	s.vendor.Advance(4 * time.Hour)
	p, err := s.Profile(t.Context(), tran)
	if err != nil || p.Status != esim.ProfileInUse || p.SMDPStatus != esim.SMDPEnabled || p.Used != 600<<20 || p.ICCID == "" || p.Activated.IsZero() {
		t.Errorf("profile in use %+v, %v", p, err)
	}
	usage, err := s.Usage(t.Context(), []esim.ESIMID{esim.ESIMID(string(tran)), "no such eSIM"})
	if err != nil || len(usage) != 1 || usage[0].Used != 600<<20 || usage[0].Total != s.fixed.Data || usage[0].AsOf.IsZero() {
		t.Errorf("usage %+v, %v", usage, err)
	}
	if _, err := s.Profile(t.Context(), "no such eSIM"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("unknown eSIM: %v", err)
	}
	if _, err := s.OrderProfiles(t.Context(), "B00000000000000"); esim.ActionFor(err) != esim.ActionNotFound {
		t.Errorf("unknown order: %v", err)
	}
}

func TestADayPassCostsItsDays(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off}).stocked(t)
	before := s.vendor.Balance()
	no := s.order(t, esim.VendorPurchase{IdempotencyKey: "eb-1", Plan: s.daily, Quantity: 2, Days: 5})
	if got, want := before-s.vendor.Balance(), s.daily.Wholesale.Minor*5*2; got != want {
		t.Errorf("it cost %d, want %d", got, want)
	}
	profiles, err := s.OrderProfiles(t.Context(), no)
	if err != nil || len(profiles) != 2 || profiles[0].Days != 5 || profiles[0].Total != s.daily.Data*5 {
		t.Errorf("profiles %+v, %v", profiles, err)
	}
}

func TestAKeyBuysOnce(t *testing.T) {
	t.Parallel()
	t.Run("the vendor repeats its answer", func(t *testing.T) {
		s := newShop(t, sandbox.Options{}).stocked(t)
		first, second := s.order(t, s.buy("eb-1", 1)), s.order(t, s.buy("eb-1", 1))
		if first != second || s.vendor.Charged("eb-1") != 1 {
			t.Errorf("orders %s and %s, charged %d times", first, second, s.vendor.Charged("eb-1"))
		}
	})
	t.Run("the vendor refuses the key", func(t *testing.T) {
		s := newShop(t, sandbox.Options{RepeatedOrder: sandbox.Refuse310402}).stocked(t)
		first := s.order(t, s.buy("eb-1", 1))
		_, err := s.Order(t.Context(), s.buy("eb-1", 1))
		if esim.ActionFor(err) != esim.ActionLookUp || !esim.MayHaveHappened(err) || s.vendor.Charged("eb-1") != 1 {
			t.Fatalf("again: %v, charged %d times", err, s.vendor.Charged("eb-1"))
		}
		if found := s.lookUp(t, "eb-1"); len(found) != 0 {
			t.Errorf("found while allocating: %v", found)
		}
		s.vendor.Advance(time.Minute)
		if found := s.lookUp(t, "eb-1"); len(found) != 1 || found[0].VendorOrder != first {
			t.Errorf("found %v, want order %s", found, first)
		}
	})
}

// TestNoFaultOfAnOrderIsMisread: where money was taken, no error says it was not;
// and the same key, once the fault is over, ends in exactly one purchase.
func TestNoFaultOfAnOrderIsMisread(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		fault   sandbox.Fault
		outcome esim.Outcome
		taken   int // right after the fault
	}{
		{"request lost", sandbox.Fault{Kind: sandbox.LoseRequest}, esim.OutcomeUnknown, 0},
		{"answer lost", sandbox.Fault{Kind: sandbox.LoseAnswer}, esim.OutcomeUnknown, 1},
		{"502 before the work", sandbox.Fault{Kind: sandbox.BadGateway}, esim.OutcomeUnknown, 0},
		{"502 after the work", sandbox.Fault{Kind: sandbox.BadGateway, Worked: true}, esim.OutcomeUnknown, 1},
		{"answer cut", sandbox.Fault{Kind: sandbox.CutBody}, esim.OutcomeUnknown, 1},
		{"rate limit used up by others", sandbox.Fault{Kind: sandbox.RateBurst}, esim.OutcomeNotDone, 0},
		{"server error", sandbox.Fault{Kind: sandbox.Refuse, Code: "000001"}, esim.OutcomeUnknown, 0},
		{"system busy", sandbox.Fault{Kind: sandbox.Refuse, Code: "900001"}, esim.OutcomeUnknown, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t, sandbox.Options{}).stocked(t)
			tt.fault.Endpoint, tt.fault.Count = "esim/order", 1
			s.vendor.Break(tt.fault)
			_, err := s.Order(t.Context(), s.buy("eb-1", 1))
			var pe *esim.VendorError
			if !errors.As(err, &pe) || pe.Outcome != tt.outcome || pe.Action != esim.ActionRetry {
				t.Fatalf("%+v", pe)
			}
			if n := s.vendor.Charged("eb-1"); n != tt.taken {
				t.Errorf("charged %d times after the fault, want %d", n, tt.taken)
			}
			s.endsInOnePurchase(t)
		})
	}
}

// endsInOnePurchase orders under the key eb-1, perhaps again, and collects.
func (s shop) endsInOnePurchase(t *testing.T) {
	t.Helper()
	no := s.order(t, s.buy("eb-1", 1))
	s.vendor.Advance(time.Minute)
	profiles, err := s.OrderProfiles(t.Context(), no)
	if n := s.vendor.Charged("eb-1"); err != nil || len(profiles) != 1 || n != 1 {
		t.Errorf("%d profiles, charged %d times, %v", len(profiles), n, err)
	}
}

func TestGivingUpOnAnOrderLeavesItOpen(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]sandbox.ExchangeStage{"before the work": sandbox.BeforeWork, "after the work": sandbox.AfterWork} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, sandbox.Options{}).stocked(t)
			stop := s.vendor.BreakpointAt("esim/order", stage)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-stop.Reached(); cancel() }()
			_, err := s.Order(ctx, s.buy("eb-1", 1))
			if !errors.Is(err, context.Canceled) || !esim.MayHaveHappened(err) {
				t.Errorf("given up: %v", err)
			}
			stop.Release()
			s.endsInOnePurchase(t)
		})
	}
}

func TestReadsOutliveFaults(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off}).stocked(t)
	no := s.order(t, s.buy("eb-1", 1))
	for _, kind := range []sandbox.FaultKind{sandbox.LoseRequest, sandbox.LoseAnswer, sandbox.BadGateway, sandbox.CutBody, sandbox.RateBurst} {
		t.Run(kind.String(), func(t *testing.T) {
			s.vendor.Break(sandbox.Fault{Kind: kind, Count: 2})
			if p, err := s.OrderProfiles(t.Context(), no); err != nil || len(p) != 1 {
				t.Errorf("after two faults: %v, %v", p, err)
			}
			mend := s.vendor.Break(sandbox.Fault{Kind: kind})
			defer mend()
			if _, err := s.OrderProfiles(t.Context(), no); esim.ActionFor(err) != esim.ActionRetry || err == nil {
				t.Errorf("while it lasts: %v", err)
			}
		})
	}
}

func TestRefusalsOfAnOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{}).stocked(t)
	dearer, gone := s.buy("eb-1", 1), s.buy("eb-1", 1)
	dearer.ExpectedUnitPrice = esim.USDTenThousandths(s.fixed.Wholesale.Minor + 100)
	gone.Plan.Slug, gone.Plan.Code = "XX_1_7", "XX"
	tests := []struct {
		name    string
		buy     esim.VendorPurchase
		fault   string
		balance int64
		verdict esim.VendorErrorAction
	}{
		{"price moved", dearer, "", 10_000_000, esim.ActionReprice},
		{"no such plan", gone, "", 10_000_000, esim.ActionRefund},
		{"balance too low", s.buy("eb-1", 1), "", 1, esim.ActionLowBalance},
		{"sold out", s.buy("eb-1", 1), "200011", 10_000_000, esim.ActionSoldOut},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.vendor.SetBalance(tt.balance)
			if tt.fault != "" {
				defer s.vendor.Break(sandbox.Fault{Endpoint: "esim/order", Kind: sandbox.Refuse, Code: tt.fault, Count: 1})()
			}
			_, err := s.Order(t.Context(), tt.buy)
			if esim.ActionFor(err) != tt.verdict || esim.MayHaveHappened(err) || s.vendor.Charged("") != 0 {
				t.Errorf("%v, charged %d times", err, s.vendor.Charged(""))
			}
		})
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	secret := func(s string) func(*esimaccess.Config) {
		return func(cfg *esimaccess.Config) { cfg.Secret = s }
	}
	if _, err := newShop(t, sandbox.Options{Secret: "s1", AccessCode: "code"}, secret("s1")).Balance(t.Context()); err != nil {
		t.Errorf("signed: %v", err)
	}
	for name, s := range map[string]shop{
		"wrong secret":      newShop(t, sandbox.Options{Secret: "s1"}, secret("s2")),
		"no secret":         newShop(t, sandbox.Options{Secret: "s1"}),
		"wrong access code": newShop(t, sandbox.Options{AccessCode: "other"}),
		"clock an hour off": newShop(t, sandbox.Options{Secret: "s1"}, secret("s1"), func(cfg *esimaccess.Config) {
			cfg.Now = func() time.Time { return time.Now().Add(time.Hour) }
		}),
	} {
		if _, err := s.Balance(t.Context()); esim.ActionFor(err) != esim.ActionTellOperator {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManyOrdersInTheAccount(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off, Balance: 1 << 40}).stocked(t)
	for i := range 18 {
		s.order(t, s.buy(fmt.Sprint("eb-", i), 30))
	}
	seen := map[string]bool{}
	pages := 0
	for page, err := range s.AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, p := range page {
			seen[string(p.ID)] = true
		}
	}
	if len(seen) != 540 || pages != 2 {
		t.Errorf("%d eSIMs on %d pages", len(seen), pages)
	}
	if found := s.lookUp(t, "eb-0"); len(found) != 30 { // on the second page
		t.Errorf("found %d of the oldest order", len(found))
	}
	all := s.vendor.Profiles()
	var numbers []esim.ESIMID
	for _, p := range all[:25] {
		numbers = append(numbers, esim.ESIMID(p.EsimTranNo))
	}
	if usage, err := s.Usage(t.Context(), numbers); err != nil || len(usage) != 25 {
		t.Errorf("%d readings, %v", len(usage), err)
	}
}
