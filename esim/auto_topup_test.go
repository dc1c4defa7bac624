package esim

import (
	"testing"
	"time"
)

func TestDecideAutoTopUp(t *testing.T) {
	now := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	const ann, bob CustomerID = 1, 2
	facts := func(change func(*AutoFacts)) AutoFacts {
		f := AutoFacts{
			Auto: AutoTopUp{ESIM: "T", Customer: ann, Level: AlertData10, Agreed: USDCents(300), Epoch: 2},
			ESIM: ESIM{
				Customer: ann, Buyer: ann, Order: "A", Epoch: 2, Plan: Plan{Kind: Total, TopUp: TopUpVolume},
				Profile: Profile{ID: "T", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 100, Used: 90, Activated: now.Add(-day), Expires: now.Add(9 * day)},
			},
			Bought: Order{ID: "A", Customer: ann, Kind: Purchase, State: StateDelivered, Quantity: 1}, Credit: USDCents(300),
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	in := func(s AutoState) func(*AutoFacts) { return func(f *AutoFacts) { f.Auto.State = s } }
	for _, tt := range []struct {
		name string
		f    AutoFacts
		want AutoDecision
	}{
		{"at the threshold", facts(nil), AutoDecision{Step: AutoAnnounce}},
		{"before it", facts(func(f *AutoFacts) { f.ESIM.Used = 89 }), AutoDecision{}},
		{"from 20 % on", facts(func(f *AutoFacts) { f.ESIM.Used, f.Auto.Level = 80, AlertData20 }), AutoDecision{Step: AutoAnnounce}},
		{"only when all is used", facts(func(f *AutoFacts) { f.ESIM.Used, f.Auto.Level = 99, AlertDataGone }), AutoDecision{}},
		{"all is used", facts(func(f *AutoFacts) { f.ESIM.Used, f.Auto.Level = 100, AlertDataGone }), AutoDecision{Step: AutoAnnounce}},
		{"a cent is missing", facts(func(f *AutoFacts) { f.Credit = USDCents(299) }), AutoDecision{Step: AutoPause}},
		{"still missing", facts(func(f *AutoFacts) { f.Credit, f.Auto.State = USDCents(299), AutoShort }), AutoDecision{}},
		{"they owe something", facts(func(f *AutoFacts) { f.Credit = USDCents(-1) }), AutoDecision{Step: AutoPause}},
		{"it came", facts(in(AutoShort)), AutoDecision{Step: AutoAnnounce}},
		{"announced", facts(func(f *AutoFacts) { f.Auto.State, f.Auto.NextAt = AutoAnnounced, now.Add(time.Second) }), AutoDecision{}},
		{"its time has come", facts(func(f *AutoFacts) { f.Auto.State, f.Auto.NextAt = AutoAnnounced, now }), AutoDecision{Step: AutoBuy}},
		{"announced, and the credit is spent", facts(func(f *AutoFacts) { f.Auto.State, f.Credit = AutoAnnounced, USDCents(0) }), AutoDecision{Step: AutoPause}},
		{"the program ended while it was bought", facts(func(f *AutoFacts) { f.Auto.State, f.Credit, f.Open = AutoBuying, USDCents(0), true }), AutoDecision{Step: AutoBuy}},
		{"bought", facts(in(AutoDone)), AutoDecision{}},
		{"bought and applied", facts(func(f *AutoFacts) { f.Auto.State, f.ESIM.Epoch = AutoDone, 3 }), AutoDecision{Step: AutoAnew}},
		{"topped up by hand while it was announced", facts(func(f *AutoFacts) { f.Auto.State, f.ESIM.Epoch = AutoAnnounced, 3 }), AutoDecision{Step: AutoAnew}},
		{"asked about a price", facts(in(AutoDearer)), AutoDecision{}},
		{"too little was added, and nothing used since", facts(func(f *AutoFacts) { f.Auto.Used = 90 }), AutoDecision{}},
		{"some was used since", facts(func(f *AutoFacts) { f.Auto.Used = 89 }), AutoDecision{Step: AutoAnnounce}},
		{"a top-up by hand is under way", facts(func(f *AutoFacts) { f.Open = true }), AutoDecision{}},
		{"blocked", facts(func(f *AutoFacts) { f.Blocked = true }), AutoDecision{}},
		{"suspended", facts(func(f *AutoFacts) { f.ESIM.Status = ProfileSuspended }), AutoDecision{}},
		{"given to somebody", facts(func(f *AutoFacts) { f.ESIM.Customer = bob }), AutoDecision{AutoOff, AutoEndGiven}},
		{"forgotten", facts(func(f *AutoFacts) { f.ESIM, f.Bought = ESIM{}, Order{} }), AutoDecision{AutoOff, AutoEndLeaving}},
		{"given back", facts(func(f *AutoFacts) { f.ESIM.Returned = true }), AutoDecision{AutoOff, AutoEndLeaving}},
		{"on its way back", facts(func(f *AutoFacts) { f.Bought.State = StateCancelling }), AutoDecision{AutoOff, AutoEndLeaving}},
		{"revoked", facts(func(f *AutoFacts) { f.ESIM.Status = ProfileRevoked }), AutoDecision{AutoOff, AutoEndLeaving}},
		{"deleted from the phone", facts(func(f *AutoFacts) { f.ESIM.SMDPStatus = SMDPDeleted }), AutoDecision{AutoOff, AutoEndLeaving}},
		{"over", facts(func(f *AutoFacts) { f.ESIM.Expires = now }), AutoDecision{AutoOff, AutoEndOver}},
		{"topped up as often as it can be", facts(func(f *AutoFacts) { f.ESIM.Epoch, f.Auto.Epoch = MaxTopUps, MaxTopUps }), AutoDecision{AutoOff, AutoEndOver}},
		{"a gift that its holder switched it on for", facts(func(f *AutoFacts) { f.ESIM.Customer, f.Auto.Customer = bob, bob }), AutoDecision{Step: AutoAnnounce}},
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
