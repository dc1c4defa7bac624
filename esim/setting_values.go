package esim

// What the parts of the business keep to: what staff set of it, else what the environment gave the part.

// limits are what one customer may buy within a day.
func (c *Checkout) limits() Limits {
	r := c.Rules.Current()
	return Limits{
		Orders: int(r.setting(RuleDailyOrders, int64(c.Limits.Orders))),
		Spent:  USDCents(r.setting(RuleDailySpent, c.Limits.Spent.Minor)),
	}
}

// maxLoss (USD) bounds what a promo code takes off.
func (c *Checkout) maxLoss() Money {
	return USDCents(c.Rules.Current().setting(RuleMaxLoss, c.MaxLoss.Minor))
}

// TakesPromos reports whether promo codes lower prices.
func (c *Checkout) TakesPromos() bool {
	return c.Rules.Current().setting(RulePromoCodes, int64(boolInt(!c.NoPromos))) == 1
}

// rules are what the decisions about an order keep to.
func (f *Fulfiller) rules() fulfilRules {
	return fulfilRules{
		maxLoss:  USDCents(f.Rules.Current().setting(RuleMaxLoss, f.MaxLoss.Minor)),
		perMille: f.Affiliates.PerMille(f.Now()),
	}
}

// CurrentFloor (USD4) is what our account at the vendor keeps: as staff set it, or Floor.
func (s *VendorMonitor) CurrentFloor() Money {
	if cents := s.Rules.Current().setting(RuleBalanceFloor, -1); cents >= 0 {
		return USDCents(cents).fine()
	}
	return s.Floor
}

// RefundsUnused reports whether what was never used is cancelled before it lapses, and the money goes back.
func (c *Canceller) RefundsUnused() bool {
	return c.Rules.Current().setting(RuleRefundUnused, int64(boolInt(c.RefundUnused))) == 1
}

// Promised (USD) is for each friend that somebody brings from now on; zero: nothing is given.
func (s *Referrals) Promised() Money {
	return USDCents(s.Rules.Current().setting(RuleReferralCredit, s.Credit.Minor))
}

// rescueUpTo (USD) is the dearest top-up that is given on credit; zero: none is.
func (s *TopUps) rescueUpTo() Money {
	return USDCents(s.Checkout.Rules.Current().setting(RuleEmergencyTopUp, s.MaxEmergencyPrice.Minor))
}

// at is when the report is sent.
func (d *DayReports) at() ReportTime {
	hour := d.Rules.Current().setting(RuleReportHour, d.At.Setting())
	return ReportTime{On: hour >= 0, Hour: int(max(hour, 0))}
}

// ApprovalAbove (US cents) is what one of the staff may move alone; zero: whatever it is.
func (b *RuleBook) ApprovalAbove() Money {
	value, _ := b.Value(RuleApproval)
	return approvalLimit(value)
}

// RaisesApproval reports whether the limit above which it takes two would be higher after a change, or none at all. One
// person alone could else raise it first, and then do what it is there for.
func (b *RuleBook) RaisesApproval(e RuleEdit) bool {
	if e.Key != RuleApproval {
		return false
	}
	if e.Unset {
		e.Value = b.Defaults[e.Key]
	}
	now, then := b.ApprovalAbove().Minor, approvalLimit(e.Value).Minor
	return now > 0 && (then == 0 || then > now)
}

func approvalLimit(value string) Money {
	s, _ := SettingOf(RuleApproval)
	_, cents, err := s.Parse(value)
	if err != nil {
		return USDCents(0)
	}
	return USDCents(cents)
}
