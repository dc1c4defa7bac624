package sandbox

import "fmt"

// nanostars is how many of the smallest parts a Star has.
const nanostars = 1_000_000_000

// An AffiliateProgram gives a part of each payment in Stars to who brought the payer.
type AffiliateProgram struct {
	PerMille int64 // 0: none runs. Telegram takes 1 to 999
	// Keeps: the affiliate keeps the part of a payment that is refunded. Telegram documents only that it can come back.
	Keeps bool
}

// RunAffiliateProgram starts a program, or ends it. While one runs somebody has brought everybody who pays.
func (s *Server) RunAffiliateProgram(p AffiliateProgram) error {
	if p.PerMille < 0 || p.PerMille > 999 {
		return fmt.Errorf("an affiliate program of %d per mille: it is 1 to 999, or 0 for none", p.PerMille)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pay.program = p
	return nil
}

// AffiliateProgram is the one that runs.
func (s *Server) AffiliateProgram() AffiliateProgram {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pay.program
}

// shared gives an affiliate the part of a payment. Lock held.
func (d *paymentDesk) shared(p *payment) {
	p.perMille = d.program.PerMille
	p.commission = p.total * nanostars / 1000 * p.perMille
	d.affiliates += p.commission
}

// unshared takes it back, as the program says now. Lock held.
func (d *paymentDesk) unshared(p *payment) {
	if p.returned = p.commission > 0 && !d.program.Keeps; p.returned {
		d.affiliates -= p.commission
	}
}

// stars is the bot's balance in whole Stars. Lock held.
func (d *paymentDesk) stars() int64 { return (d.balance*nanostars - d.affiliates) / nanostars }

// listed is the amount of a payment's line, or of its refund's, in Stars and billionths: what the bot got, or gave.
func (p *payment) listed(refund bool) (stars, nanos int64) {
	part := p.commission
	if refund && !p.returned {
		part = 0
	}
	all := p.total*nanostars - part
	return all / nanostars, all % nanostars
}

// affiliateOf is the AffiliateInfo of a line; nil: it has none. Lock held.
//
// Source: https://core.telegram.org/bots/api#affiliateinfo (read 2026-11).
func (s *Server) affiliateOf(f starFlow) obj {
	part := f.pay.commission
	if part == 0 || f.refund && !f.pay.returned {
		return nil
	}
	if f.refund {
		part = -part
	}
	return obj{
		"commission_per_mille": f.pay.perMille, "amount": part / nanostars, "nanostar_amount": part % nanostars,
		"affiliate_user": obj{"id": affiliateUser, "is_bot": false, "first_name": "Somebody who recommends"},
	}
}

// affiliateUser is who brings everybody.
const affiliateUser = 777_000_001
