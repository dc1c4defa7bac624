package esimaccess_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// A contract is something the client and our sandbox take for granted of the real API.
type contract struct {
	name string
	// spends: money moves, though it comes back; only with leave.
	spends bool
	hold   func(t *testing.T, a account)
}

// An account is one side of the contracts: the sandbox's or our real one.
type account struct {
	*esimaccess.Client
	cfg esimaccess.Config
	// soon asks again after a while, until it is done or too late.
	soon func(t *testing.T, done func() bool)
}

// TestContractOfTheSandbox holds the sandbox to what the client expects of the vendor.
func TestContractOfTheSandbox(t *testing.T) {
	t.Parallel()
	vendor, err := sandbox.New(sandbox.Options{AccessCode: "the-code", RateLimit: sandbox.Off, AllocationTime: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(vendor)
	t.Cleanup(server.Close)
	cfg := esimaccess.Config{AccessCode: "the-code", BaseURL: server.URL, PerSecond: math.Inf(1)}
	holdContracts(t, cfg, true, func(t *testing.T, done func() bool) {
		for range 10 {
			if done() {
				return
			}
			vendor.Advance(3 * time.Second)
		}
		t.Error("not done after 30 s")
	})
}

// TestContractOfTheRealAPI holds the real API to the same. It needs an account:
// ESIM_ACCESS_CODE (and ESIM_ACCESS_SECRET to sign), and ESIM_LIVE=1 as leave to ask.
// ESIM_LIVE=buy is leave to buy the cheapest plan and cancel it; the money comes back.
func TestContractOfTheRealAPI(t *testing.T) {
	t.Parallel()
	code, live := os.Getenv("ESIM_ACCESS_CODE"), os.Getenv("ESIM_LIVE")
	if code == "" || live != "1" && live != "buy" {
		t.Skip("the real API is not asked: set ESIM_ACCESS_CODE and ESIM_LIVE=1 (reads only), or ESIM_LIVE=buy (buys the cheapest plan and cancels it)")
	}
	cfg := esimaccess.Config{AccessCode: code, Secret: os.Getenv("ESIM_ACCESS_SECRET")}
	holdContracts(t, cfg, live == "buy", func(t *testing.T, done func() bool) {
		again := time.NewTicker(3 * time.Second)
		defer again.Stop()
		for range 40 {
			if done() {
				return
			}
			<-again.C
		}
		t.Error("not done after two minutes")
	})
}

func holdContracts(t *testing.T, cfg esimaccess.Config, spend bool, soon func(*testing.T, func() bool)) {
	t.Helper()
	client, err := esimaccess.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		t.Run(c.name, func(t *testing.T) {
			if c.spends && !spend {
				t.Skip("money would move: set ESIM_LIVE=buy to allow it")
			}
			c.hold(t, account{client, cfg, soon})
		})
	}
}

var contracts = []contract{
	{name: "the catalogue comes whole, and each plan can be sold", hold: wholeCatalogue},
	{name: "filters narrow the catalogue", hold: filters},
	{name: "a slug and a code name the same plan", hold: slugAndCode},
	{name: "top-ups of a plan have codes of their own", hold: topUpsOfAPlan},
	{name: "locations name countries, and regions their parts", hold: locationsNamed},
	{name: "the account has a balance", hold: hasBalance},
	{name: "an order nobody made is missing", hold: func(t *testing.T, a account) {
		list, err := a.OrderProfiles(t.Context(), "B00010100000001")
		if esim.ActionFor(err) != esim.ActionNotFound || esim.MayHaveHappened(err) || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
	}},
	{name: "an eSIM nobody bought is not found", hold: func(t *testing.T, a account) {
		if _, err := a.Profile(t.Context(), "00010100000001"); !errors.Is(err, esim.ErrNotFound) {
			t.Errorf("by number: %v", err)
		}
		if list, err := a.ProfilesByICCID(t.Context(), "8900000000000000000"); err != nil || len(list) != 0 {
			t.Errorf("by ICCID: %v, %v", list, err)
		}
	}},
	{name: "usage of an eSIM nobody bought is no row", hold: func(t *testing.T, a account) {
		if rows, err := a.Usage(t.Context(), []esim.ESIMID{"00010100000001"}); len(rows) != 0 || err != nil && esim.ActionFor(err) != esim.ActionNotFound {
			t.Errorf("%v, %v", rows, err)
		}
	}},
	{name: "a bad access code is for the operator", hold: func(t *testing.T, a account) {
		bad := a.cfg
		bad.AccessCode = "00000000000000000000000000000000"
		c, err := esimaccess.New(bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Balance(t.Context()); err == nil || esim.ActionFor(err) != esim.ActionTellOperator || esim.MayHaveHappened(err) {
			t.Errorf("%v", err)
		}
	}},
	{name: "the account can be walked, and says how large it is", hold: walkable},
	{name: "times narrow a listing", hold: timesNarrow},
	{name: "the webhook can be asked for", hold: func(t *testing.T, a account) {
		if _, err := a.Webhook(t.Context()); err != nil {
			t.Error(err)
		}
	}},
	{name: "the client keeps the rate limit", hold: func(t *testing.T, a account) {
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := a.Balance(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}},
	{name: "a plan nobody sells is refused", spends: true, hold: func(t *testing.T, a account) {
		_, err := a.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: newKey(), Plan: esim.Plan{Slug: "XX_0_0", Kind: esim.TotalVolume}, Quantity: 1})
		if esim.ActionFor(err) != esim.ActionRefund || esim.MayHaveHappened(err) {
			t.Errorf("%v", err)
		}
	}},
	{name: "an eSIM nobody bought cannot be cancelled", spends: true, hold: func(t *testing.T, a account) {
		err := a.Cancel(t.Context(), "00010100000001")
		if v := esim.ActionFor(err); err == nil || v != esim.ActionNotFound && v != esim.ActionNotAllowed || esim.MayHaveHappened(err) {
			t.Errorf("%v", err)
		}
	}},
	{name: "a price that is wrong is refused", spends: true, hold: func(t *testing.T, a account) {
		p := cheapest(t, a)
		_, err := a.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: newKey(), Plan: p, Quantity: 1, ExpectedUnitPrice: esim.USDTenThousandths(p.Wholesale.Minor - 100)})
		if esim.ActionFor(err) != esim.ActionReprice || esim.MayHaveHappened(err) {
			t.Errorf("%v", err)
		}
	}},
	{name: "the cheapest plan is bought once, allocated, cancelled, and the money is back", spends: true, hold: buyAndCancel},
}

func newKey() string { return fmt.Sprintf("eb-contract-%d", time.Now().UnixNano()) }

func wholeCatalogue(t *testing.T, a account) {
	plans, err := a.Plans(t.Context())
	if err != nil || len(plans) < 1000 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	codes := map[string]bool{}
	for _, p := range plans {
		if codes[p.Code] || p.Slug == "" || p.Name == "" || p.Wholesale.Currency != esim.USD4 || len(p.Places) == 0 || p.Location == "" || strings.HasPrefix(p.Code, "TOPUP_") {
			t.Errorf("plan %s, %q: %q, %s, %v", p.Code, p.Slug, p.Name, p.Wholesale, p.Places)
		}
		if p.DayPass() && p.Days != 1 {
			t.Errorf("day pass %s is of %d days", p.Code, p.Days)
		}
		codes[p.Code] = true
	}
}

func filters(t *testing.T, a account) {
	tests := []struct {
		filter esimaccess.PackageFilter
		fits   func(esim.Plan) bool
	}{
		{esimaccess.PackageFilter{Place: esimaccess.GlobalPlans}, func(p esim.Plan) bool { return p.Scope() == esim.ScopeGlobal }},
		{esimaccess.PackageFilter{Place: esimaccess.RegionalPlans}, func(p esim.Plan) bool { return p.Scope() != esim.ScopeGlobal }},
		{esimaccess.PackageFilter{Place: "JP"}, func(p esim.Plan) bool { return p.Covers("JP") }},
		{esimaccess.PackageFilter{Place: "JP", DataKind: esim.DailyThrottled}, esim.Plan.DayPass},
		{esimaccess.PackageFilter{Place: "JP", DataKind: esim.TotalVolume}, func(p esim.Plan) bool { return !p.DayPass() }},
	}
	for _, tt := range tests {
		plans, err := a.Packages(t.Context(), tt.filter)
		if err != nil || len(plans) == 0 {
			t.Errorf("%+v: %d plans, %v", tt.filter, len(plans), err)
		}
		for _, p := range plans {
			if !tt.fits(p) {
				t.Errorf("%+v: %s", tt.filter, p.Slug)
			}
		}
	}
}

// cheapest is the cheapest plan that is no day pass.
func cheapest(t *testing.T, a account) esim.Plan {
	t.Helper()
	plans, err := a.Packages(t.Context(), esimaccess.PackageFilter{DataKind: esim.TotalVolume})
	if err != nil || len(plans) == 0 {
		t.Fatal("no plans: ", err)
	}
	return slices.MinFunc(plans, func(p, q esim.Plan) int {
		return cmp.Or(cmp.Compare(p.Wholesale.Minor, q.Wholesale.Minor), cmp.Compare(p.Code, q.Code))
	})
}

func slugAndCode(t *testing.T, a account) {
	p := cheapest(t, a)
	for _, f := range []esimaccess.PackageFilter{{Slug: p.Slug}, {Code: p.Code}} {
		if found, err := a.Packages(t.Context(), f); err != nil || len(found) != 1 || found[0].Code != p.Code || found[0].Slug != p.Slug {
			t.Errorf("%+v: %d plans, %v", f, len(found), err)
		}
	}
}

func topUpsOfAPlan(t *testing.T, a account) {
	plans, err := a.Packages(t.Context(), esimaccess.PackageFilter{Place: "JP", DataKind: esim.TotalVolume})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(plans, func(p esim.Plan) bool { return p.TopUp == esim.TopUpVolume })
	if i < 0 {
		t.Fatal("no plan can be topped up")
	}
	offers, err := a.TopUps(t.Context(), "", "", plans[i].Code)
	if err != nil || len(offers) == 0 {
		t.Errorf("%s: %d top-ups, %v", plans[i].Code, len(offers), err)
	}
	for _, o := range offers {
		if !strings.HasPrefix(o.Code, "TOPUP_") || o.Days < 1 || o.Data <= 0 {
			t.Errorf("top-up %+v", o)
		}
	}
}

func locationsNamed(t *testing.T, a account) {
	list, err := a.Locations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(list, func(l esimaccess.Location) bool { return l.Code == "JP" && l.Name != "" && !l.Region }) {
		t.Error("Japan is not there")
	}
	if !slices.ContainsFunc(list, func(l esimaccess.Location) bool { return l.Region && len(l.Parts) > 1 }) {
		t.Error("no region is there")
	}
}

func hasBalance(t *testing.T, a account) {
	m, asOf, err := a.BalanceAsOf(t.Context())
	if err != nil || m.Currency != esim.USD4 || m.Minor < 0 {
		t.Errorf("%s, %v", m, err)
	}
	if asOf.After(time.Now().Add(time.Hour)) {
		t.Errorf("as of %s", asOf)
	}
}

func walkable(t *testing.T, a account) {
	size, err := a.CountProfiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen, pages := map[string]bool{}, 0
	for page, err := range a.AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			if p.ID == "" || seen[string(p.ID)] {
				t.Errorf("eSIM %q has no number or comes twice", p.ID)
			}
			seen[string(p.ID)] = true
		}
		if pages++; pages == 3 { // enough of a large account
			break
		}
	}
	if len(seen) > size+10 { // some may have been bought meanwhile
		t.Errorf("%d eSIMs in an account of %d rows", len(seen), size)
	}
}

func timesNarrow(t *testing.T, a account) {
	next := time.Now().AddDate(5, 0, 0)
	for page, err := range a.ProfilesOrdered(t.Context(), next, next.Add(time.Hour)) {
		if err != nil || len(page) > 0 {
			t.Errorf("in five years: %d eSIMs, %v", len(page), err)
		}
	}
	if found, err := a.FindPurchase(t.Context(), newKey(), time.Now().Add(-time.Hour), time.Now()); err != nil || len(found) != 0 {
		t.Errorf("a key never used: %d eSIMs, %v", len(found), err)
	}
}

func buyAndCancel(t *testing.T, a account) {
	before, err := a.Balance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := cheapest(t, a)
	buy := esim.VendorPurchase{IdempotencyKey: newKey(), Plan: p, Quantity: 1, ExpectedUnitPrice: p.Wholesale}
	no, err := a.Order(t.Context(), buy)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := a.Order(t.Context(), buy); err == nil && again != no || err != nil && esim.ActionFor(err) != esim.ActionLookUp {
		t.Errorf("the same key again: %q, %v", again, err)
	}
	if m := a.balance(t); m.Minor != before.Minor-p.Wholesale.Minor {
		t.Errorf("balance %s after a purchase for %s from %s", m, p.Wholesale, before)
	}
	var profiles []esim.Profile
	a.soon(t, func() bool {
		profiles, err = a.OrderProfiles(t.Context(), no)
		if err != nil && esim.ActionFor(err) != esim.ActionWait && esim.ActionFor(err) != esim.ActionRetry {
			t.Fatal(err)
		}
		return err == nil && len(profiles) == 1 && profiles[0].Ready()
	})
	if len(profiles) != 1 {
		t.Fatalf("order %s was not allocated; cancel it by hand", no)
	}
	e := profiles[0]
	t.Cleanup(func() { // whatever fails below
		_ = a.Cancel(context.WithoutCancel(t.Context()), e.ID)
	})
	if host, id := e.ActivationCode.Split(); e.IdempotencyKey != buy.IdempotencyKey || e.VendorOrder != no || e.Status != esim.ProfileGotResource || e.SMDPStatus != esim.SMDPReleased || host == "" || id == "" {
		t.Errorf("eSIM %s: key %q, order %q, %s, %s", e.ID, e.IdempotencyKey, e.VendorOrder, e.Status, e.SMDPStatus)
	}
	if err := a.Cancel(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	a.soon(t, func() bool { return a.balance(t) == before })
	a.soon(t, func() bool {
		got, err := a.Profile(t.Context(), e.ID)
		return err == nil && got.Status == esim.ProfileCancelled
	})
	if err := a.Cancel(t.Context(), e.ID); err == nil || esim.MayHaveHappened(err) {
		t.Errorf("cancelled again: %v", err)
	}
}

func (a account) balance(t *testing.T) esim.Money {
	t.Helper()
	m, err := a.Balance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}
