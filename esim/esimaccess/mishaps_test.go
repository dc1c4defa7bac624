package esimaccess_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// rested is a client that need not wait at its start.
var rested = esimaccess.Config{Rested: true}

// buy orders n eSIMs of a fixed plan and returns the vendor's number of the order.
func buy(t *testing.T, c *esimaccess.Client, key string, n int) string {
	t.Helper()
	plan, err := c.Plan(t.Context(), "ES_1_7")
	if err != nil {
		t.Fatal(err)
	}
	no, err := c.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: key, Plan: plan, Quantity: n, ExpectedUnitPrice: plan.Wholesale})
	if err != nil {
		t.Fatal(err)
	}
	return no
}

func TestCodesInHarmlessFormsCanBeDrawn(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{AllocationTime: sandbox.Off}, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c := dial(rested)
		no := buy(t, c, "tx", 1)
		read := func(form string) esim.Profile {
			t.Helper()
			if err := vendor.SetQuirks(sandbox.Quirks{CodeForm: form}); err != nil {
				t.Fatal(err)
			}
			got, err := c.OrderProfiles(t.Context(), no)
			if err != nil || len(got) != 1 {
				t.Fatalf("%s: %v, %v", form, got, err)
			}
			return got[0]
		}
		want := read("").ActivationCode
		for _, form := range sandbox.CodeForms() {
			p := read(form)
			if form == "odd" {
				if p.ActivationCode.Drawable() || p.ActivationCode == "" || !p.Ready() {
					t.Errorf("odd: %q, drawable %v", p.ActivationCode.Reveal(), p.ActivationCode.Drawable())
				}
			} else if p.ActivationCode != want || !p.ActivationCode.Drawable() {
				t.Errorf("%s: %q, want %q", form, p.ActivationCode.Reveal(), want.Reveal())
			}
		}
	})
}

func TestTheReadyPartOfAnOrderCanBeFound(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c, began := dial(rested), time.Now()
		no := buy(t, c, "three", 3)
		if err := vendor.Withhold(no, 3); err != nil {
			t.Fatal(err)
		}
		time.Sleep(48 * time.Hour)
		if _, err := c.OrderProfiles(t.Context(), no); esim.ActionFor(err) != esim.ActionWait {
			t.Errorf("the order: %v", err)
		}
		found, err := c.FindPurchase(t.Context(), "three", began.Add(-time.Hour), began.Add(time.Hour))
		if err != nil || len(found) != 2 || !found[0].Ready() || !found[1].Ready() {
			t.Fatalf("by its time: %v, %v", found, err)
		}
		if p, err := c.Profile(t.Context(), found[0].ID); err != nil || !p.Ready() {
			t.Errorf("one of them: %v, %v", p, err)
		}
		// The other shape: the order lists all its rows, one of them without a code.
		if err := vendor.SetQuirks(sandbox.Quirks{PartialRows: true}); err != nil {
			t.Fatal(err)
		}
		rows, err := c.OrderProfiles(t.Context(), no)
		ready := 0
		for _, p := range rows {
			if p.Ready() {
				ready++
			}
		}
		if err != nil || len(rows) != 3 || ready != 2 {
			t.Errorf("%d rows, %d ready: %v", len(rows), ready, err)
		}
		if err := vendor.Deliver(no); err != nil {
			t.Fatal(err)
		}
		if rows, err = c.OrderProfiles(t.Context(), no); err != nil || len(rows) != 3 || !rows[0].Ready() {
			t.Errorf("delivered: %v, %v", rows, err)
		}
	})
}

func TestTheVendorTakesBackByItself(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c := dial(rested)
		for _, wait := range []time.Duration{0, time.Minute} { // before it is allocated, and after
			before := vendor.Balance()
			no := buy(t, c, "tx "+wait.String(), 1)
			time.Sleep(wait)
			tran := vendor.Profiles()[0].EsimTranNo
			if err := vendor.Cancel(tran); err != nil {
				t.Fatalf("after %v: %v", wait, err)
			}
			got, err := c.OrderProfiles(t.Context(), no)
			if err != nil || len(got) != 1 || got[0].Status != esim.ProfileCancelled || got[0].Condition(time.Now()) != esim.ConditionWithdrawn {
				t.Errorf("after %v: %+v, %v", wait, got, err)
			}
			if vendor.Balance() != before || vendor.Spent("tx "+wait.String()) != 0 || vendor.Charged("tx "+wait.String()) != 1 {
				t.Errorf("after %v: balance %d, was %d", wait, vendor.Balance(), before)
			}
			if err := vendor.Cancel(tran); !errors.Is(err, sandbox.ErrCannot) {
				t.Errorf("twice: %v", err)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestARowListedTwiceIsOneESIM(t *testing.T) {
	t.Parallel()
	calls := 0
	o := sandbox.Options{AllocationTime: sandbox.Off, OnCall: func(sandbox.Call) { calls++ }}
	inBubble(t, o, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c := dial(rested)
		buy(t, c, "tx", 4)
		for _, p := range vendor.Profiles()[:2] {
			if err := vendor.ListTwice(p.EsimTranNo, true); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := c.CountProfiles(t.Context()); err != nil || n != 6 {
			t.Errorf("the vendor announces %d rows: %v", n, err)
		}
		before, seen := calls, 0
		for page, err := range c.AllProfiles(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen += len(page)
		}
		if seen != 4 || calls-before > 2 {
			t.Errorf("%d eSIMs with %d calls", seen, calls-before)
		}
	})
}

// Day passes have no price guard: whatever the price has become is charged without a word.
// Plan tells the price of this moment.
func TestALivePriceIsWhatTheVendorTakes(t *testing.T) {
	t.Parallel()
	longest := 0
	o := sandbox.Options{AllocationTime: sandbox.Off, OnCall: func(c sandbox.Call) { longest = max(longest, len(c.Answer)) }}
	inBubble(t, o, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c := dial(rested)
		plans, err := c.Plans(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var pass esim.Plan
		for _, p := range plans {
			if p.DayPass() {
				pass = p
				break
			}
		}
		longest = 0
		raised := 5 * pass.Wholesale.Minor
		if err := vendor.SetPrice(pass.Slug, raised); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{pass.Code, pass.Slug} {
			live, err := c.Plan(t.Context(), code)
			if err != nil || live.Code != pass.Code || live.Wholesale != esim.USDTenThousandths(raised) {
				t.Errorf("%s: %v, %v", code, live.Wholesale, err)
			}
		}
		if _, err := c.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "pass", Plan: pass, Quantity: 1, Days: 3, ExpectedUnitPrice: pass.Wholesale}); err != nil {
			t.Fatal(err)
		}
		if got := vendor.Spent("pass"); got != 3*raised || vendor.Charged("pass") != 1 {
			t.Errorf("the vendor took %d, not 3 × %d", got, raised)
		}
		if longest > 50_000 {
			t.Errorf("the price of one plan came with %d bytes", longest)
		}
		if _, err := c.Plan(t.Context(), "NO_SUCH_PLAN"); !errors.Is(err, esim.ErrNotFound) {
			t.Errorf("no such plan: %v", err)
		}
		topUps, err := c.TopUps(t.Context(), "", "", "ES_1_7")
		if err != nil || len(topUps) == 0 {
			t.Fatal(topUps, err)
		}
		if err := vendor.SetPrice(topUps[0].Slug, 77700); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Plan(t.Context(), topUps[0].Code); err == nil {
			t.Error("a top-up was asked for as a plan")
		}
		if _, err := c.TopUpPlan(t.Context(), "", "", "ES_1_7", "TOPUP_NONE"); !errors.Is(err, esim.ErrNotFound) {
			t.Errorf("no such top-up: %v", err)
		}
		if live, err := c.TopUpPlan(t.Context(), "", "", "ES_1_7", topUps[0].Code); err != nil || live.Code != topUps[0].Code || live.Wholesale != esim.USDTenThousandths(77700) {
			t.Errorf("a top-up: %v, %v", live, err)
		}
	})
}

func TestMoneyComesAndGoesAtTheVendors(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{Balance: 100_000}, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		c := dial(rested)
		vendor.Deposit(500_000)
		if got, err := c.Balance(t.Context()); err != nil || got != esim.USDTenThousandths(600_000) {
			t.Errorf("after a deposit: %v, %v", got, err)
		}
		if took := vendor.Withdraw(50_000); took != 50_000 || vendor.Withdraw(1_000_000) != 550_000 {
			t.Errorf("withdrew %d", took)
		}
		if got, err := c.Balance(t.Context()); err != nil || got != esim.USDTenThousandths(0) || vendor.Spent("") != 0 || vendor.Charged("") != 0 {
			t.Errorf("after withdrawals: %v, %v", got, err)
		}
	})
}
