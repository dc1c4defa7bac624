package esim

import "testing"

// What a friend brings is never more than one eSIM of what they paid earned: not of what store credit paid, and not of what an
// affiliate got.
func TestWhatAFriendEarns(t *testing.T) {
	t.Parallel()
	paid := Order{
		ID: "ORDER001", Kind: Purchase, State: StateDelivered, Quantity: 2, Method: MethodStars, Price: Stars(400),
		Retail: USDCents(600), Wholesale: USDTenThousandths(40_000),
	}
	used := ESIM{Profile: Profile{ID: "T1", Status: ProfileInUse, Used: 1}}
	for _, tt := range []struct {
		name   string
		change func(f *CreditFacts)
		cents  int64
	}{
		{"one of two", func(*CreditFacts) {}, 100},
		{"promised less", func(f *CreditFacts) { f.Referral.Promised = USDCents(30) }, 30},
		{"an affiliate had a part", func(f *CreditFacts) { f.Commission.Minor = 40 * starParts }, 70},
		{"and all of it", func(f *CreditFacts) { f.Commission.Minor = 200 * starParts }, 0},
		{"mostly from store credit", func(f *CreditFacts) { f.Paid.Credit = USDCents(590) }, 10},
		{"with store credit", func(f *CreditFacts) { f.Paid.Method, f.Paid.Price = MethodCredit, USDCents(600) }, 0},
		{"unused", func(f *CreditFacts) { f.ESIMs[0].Used, f.ESIMs[0].Status = 0, ProfileGotResource }, 0},
		{"used and given back", func(f *CreditFacts) { f.ESIMs[0].Returned = true }, 0},
		{"its money goes back", func(f *CreditFacts) { f.Order.State = StateRefunding }, 0},
		{"that friend brought credit before", func(f *CreditFacts) { f.Referral.Order = "ORDER000" }, 0},
		{"nobody sent them", func(f *CreditFacts) { f.Referral = Referral{Promised: USDCents(500)} }, 0},
	} {
		f := CreditFacts{
			Referral: Referral{Friend: 2, Referrer: 1, Promised: USDCents(500)}, Order: paid, Paid: paid, ESIMs: []ESIM{used},
			Commission: Money{0, XTR9}, Owed: USDCents(0), Balance: USDCents(0),
		}
		tt.change(&f)
		c := ReferralEarned(f)
		if c.Credited.Minor != tt.cents || (len(c.Transactions) > 0) != (tt.cents > 0) {
			t.Errorf("%s: %d cents, want %d", tt.name, c.Credited.Minor, tt.cents)
		}
	}
}
