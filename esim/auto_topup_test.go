package esim

import (
	"testing"
	"time"
)

func TestDecideAutoTopUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	const ann, bob CustomerID = 1, 2
	facts := func(change func(*AutoTopUpFacts)) AutoTopUpFacts {
		f := AutoTopUpFacts{
			Auto: AutoTopUp{ESIM: "T", Customer: ann, Level: AlertData10, Agreed: USDCents(300), Epoch: 2},
			ESIM: ESIM{
				Customer: ann, Buyer: ann, Order: "A", Epoch: 2, Plan: Plan{Kind: TotalVolume, TopUp: TopUpVolume},
				Profile: Profile{ID: "T", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 100, Used: 90, Activated: now.Add(-day), Expires: now.Add(9 * day)},
			},
			Bought: Order{ID: "A", Customer: ann, Kind: Purchase, State: StateDelivered, Quantity: 1}, Credit: USDCents(300),
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	in := func(s AutoTopUpState) func(*AutoTopUpFacts) { return func(f *AutoTopUpFacts) { f.Auto.State = s } }
	for _, tt := range []struct {
		name string
		f    AutoTopUpFacts
		want AutoTopUpDecision
	}{
		{"at the threshold", facts(nil), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
		{"before it", facts(func(f *AutoTopUpFacts) { f.ESIM.Used = 89 }), AutoTopUpDecision{}},
		{"from 20 % on", facts(func(f *AutoTopUpFacts) { f.ESIM.Used, f.Auto.Level = 80, AlertData20 }), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
		{"only when all is used", facts(func(f *AutoTopUpFacts) { f.ESIM.Used, f.Auto.Level = 99, AlertDataGone }), AutoTopUpDecision{}},
		{"all is used", facts(func(f *AutoTopUpFacts) { f.ESIM.Used, f.Auto.Level = 100, AlertDataGone }), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
		{"a cent is missing", facts(func(f *AutoTopUpFacts) { f.Credit = USDCents(299) }), AutoTopUpDecision{Step: AutoTopUpStepPause}},
		{"still missing", facts(func(f *AutoTopUpFacts) { f.Credit, f.Auto.State = USDCents(299), AutoTopUpLacksCredit }), AutoTopUpDecision{}},
		{"they owe something", facts(func(f *AutoTopUpFacts) { f.Credit = USDCents(-1) }), AutoTopUpDecision{Step: AutoTopUpStepPause}},
		{"it came", facts(in(AutoTopUpLacksCredit)), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
		{"announced", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.Auto.NextAt = AutoTopUpAnnounced, now.Add(time.Second) }), AutoTopUpDecision{}},
		{"its time has come", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.Auto.NextAt = AutoTopUpAnnounced, now }), AutoTopUpDecision{Step: AutoTopUpStepBuy}},
		{"announced, and the credit is spent", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.Credit = AutoTopUpAnnounced, USDCents(0) }), AutoTopUpDecision{Step: AutoTopUpStepPause}},
		{"the program ended while it was bought", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.Credit, f.Open = AutoTopUpBuying, USDCents(0), true }), AutoTopUpDecision{Step: AutoTopUpStepBuy}},
		{"bought", facts(in(AutoTopUpDone)), AutoTopUpDecision{}},
		{"bought and applied", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.ESIM.Epoch = AutoTopUpDone, 3 }), AutoTopUpDecision{Step: AutoTopUpStepRestart}},
		{"topped up by hand while it was announced", facts(func(f *AutoTopUpFacts) { f.Auto.State, f.ESIM.Epoch = AutoTopUpAnnounced, 3 }), AutoTopUpDecision{Step: AutoTopUpStepRestart}},
		{"asked about a price", facts(in(AutoTopUpPriceRose)), AutoTopUpDecision{}},
		{"too little was added, and nothing used since", facts(func(f *AutoTopUpFacts) { f.Auto.Used = 90 }), AutoTopUpDecision{}},
		{"some was used since", facts(func(f *AutoTopUpFacts) { f.Auto.Used = 89 }), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
		{"a top-up by hand is under way", facts(func(f *AutoTopUpFacts) { f.Open = true }), AutoTopUpDecision{}},
		{"blocked", facts(func(f *AutoTopUpFacts) { f.Blocked = true }), AutoTopUpDecision{}},
		{"suspended", facts(func(f *AutoTopUpFacts) { f.ESIM.Status = ProfileSuspended }), AutoTopUpDecision{}},
		{"given to somebody", facts(func(f *AutoTopUpFacts) { f.ESIM.Customer = bob }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndGivenAway}},
		{"forgotten", facts(func(f *AutoTopUpFacts) { f.ESIM, f.Bought = ESIM{}, Order{} }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}},
		{"given back", facts(func(f *AutoTopUpFacts) { f.ESIM.Returned = true }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}},
		{"on its way back", facts(func(f *AutoTopUpFacts) { f.Bought.State = StateCancelling }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}},
		{"revoked", facts(func(f *AutoTopUpFacts) { f.ESIM.Status = ProfileRevoked }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}},
		{"deleted from the phone", facts(func(f *AutoTopUpFacts) { f.ESIM.SMDPStatus = SMDPDeleted }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}},
		{"over", facts(func(f *AutoTopUpFacts) { f.ESIM.Expires = now }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndUnsupported}},
		{"topped up as often as it can be", facts(func(f *AutoTopUpFacts) { f.ESIM.Epoch, f.Auto.Epoch = MaxTopUps, MaxTopUps }), AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndUnsupported}},
		{"a gift that its holder switched it on for", facts(func(f *AutoTopUpFacts) { f.ESIM.Customer, f.Auto.Customer = bob, bob }), AutoTopUpDecision{Step: AutoTopUpStepAnnounce}},
	} {
		if got := DecideAutoTopUp(tt.f, now); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	day := facts(nil).ESIM
	if day.Plan.Kind = DailyCutOff; day.MayAutoTopUp(now) {
		t.Error("a day pass has no thresholds")
	}
}
