package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// state is the account as it is saved. It needs s.mu.
func (s *Sandbox) state() savedState {
	offset, last := s.clock.position()
	st := savedState{
		Version: stateVersion, Seed: s.book.seed, Offset: offset, Time: last, Balance: s.book.balance,
		Prices: s.prices, Webhook: s.hook, Notified: s.notified, Sent: s.sent,
		Minute: s.book.numbers.minute, Count: s.book.numbers.n, Seq: s.book.seq,
		Plans: map[string]*plan{}, Walked: s.walked, Deliveries: s.deliveries,
	}
	for _, o := range s.book.orders {
		so := savedOrder{No: o.no, Tx: o.tx, At: o.at, Amount: o.amount, Told: o.told, Looked: o.looked, Split: o.split}
		for _, p := range o.profiles {
			so.Profiles = append(so.Profiles, p.saved(st.Plans))
		}
		st.Orders = append(st.Orders, so)
	}
	for _, t := range s.book.topUps {
		st.TopUps = append(st.TopUps, savedTopUp{t.seq, t.tranNo, t.tx, t.of.tranNo, t.part.saved(st.Plans), t.answer})
	}
	for _, m := range s.book.moves {
		st.Moves = append(st.Moves, savedMove{m.tx, m.units})
	}
	return st
}

func (p part) saved(plans map[string]*plan) savedPart {
	plans[p.plan.PackageCode] = p.plan
	return savedPart{p.plan.PackageCode, p.days, p.at, p.paid}
}

func (p *profile) saved(plans map[string]*plan) savedProfile {
	plans[p.plan.PackageCode] = p.plan
	out := savedProfile{
		TranNo: p.tranNo, Seq: p.seq, Plan: p.plan.PackageCode,
		ICCID: p.iccid, IMSI: p.imsi, MSISDN: p.msisdn, EID: p.eid, PIN: p.pin, PUK: p.puk, APN: p.apn,
		Matching: p.matching, Link: p.link, Late: p.late,
		Ordered: p.ordered, Allocated: p.allocated, Downloaded: p.downloaded, Installed: p.installed, Used: p.used,
		Removed: p.removed, Cancelled: p.cancelled, Revoked: p.revoked, Cut: p.cut,
		Suspended: p.suspended, SwitchedOff: p.switchedOff, Silent: p.silent,
		Messages: p.messages, Told: p.told, PhoneSeq: p.phoneSeq, Twice: p.twice,
	}
	for _, x := range p.parts {
		out.Parts = append(out.Parts, x.saved(plans))
	}
	for _, b := range p.burns {
		out.Burns = append(out.Burns, savedBurn{b.at, b.bytes})
	}
	return out
}

// restore puts a saved account in the place of the new one. It needs s.mu.
func (s *Sandbox) restore(st savedState) error {
	r := restorer{catalog: s.catalog, plans: st.Plans}
	b := newBook(st.Seed, st.Balance)
	b.numbers, b.seq = counter{st.Minute, st.Count}, st.Seq
	for _, so := range st.Orders {
		o := &order{no: so.No, tx: so.Tx, at: so.At, amount: so.Amount, told: so.Told, looked: so.Looked, split: so.Split}
		for _, sp := range so.Profiles {
			p := r.profile(sp)
			p.order = o
			o.profiles = append(o.profiles, p)
			b.profiles = append(b.profiles, p)
			b.byTran[p.tranNo] = p
		}
		b.orders = append(b.orders, o)
		b.byNo[o.no], b.byTx[o.tx] = o, o
	}
	for _, x := range st.TopUps {
		t := &topUp{seq: x.Seq, tranNo: x.TranNo, tx: x.Tx, part: r.part(x.Part), of: b.byTran[x.Of], answer: x.Answer}
		if t.of == nil {
			return fmt.Errorf("a top-up belongs to no eSIM")
		}
		b.topUps = append(b.topUps, t)
		b.topUpByTx[t.tx] = t
	}
	for _, m := range st.Moves {
		b.moves = append(b.moves, move{m.Tx, m.Units})
	}
	if r.missing != "" {
		return fmt.Errorf("plan %q is neither in the file nor in the catalogue", r.missing)
	}
	if st.Webhook.URL != "" && !webURL(st.Webhook.URL) || slices.Contains(st.Deliveries, nil) ||
		slices.ContainsFunc(st.Deliveries, func(d *Delivery) bool { return !webURL(d.URL) }) {
		return fmt.Errorf("a webhook has no address that could be called")
	}
	s.book, s.hook, s.notified, s.sent, s.deliveries = b, st.Webhook, st.Notified, st.Sent, st.Deliveries
	for code, price := range st.Prices {
		if s.catalog.setPrice(code, price) == nil { // a plan that another catalogue does not have is no loss
			s.prices[code] = price
		}
	}
	s.clock.set(st.Offset, st.Time)
	s.walked, s.next = st.Walked, time.Time{}
	for _, p := range b.profiles {
		s.expect(p)
	}
	s.stir()
	return nil
}

// A restorer finds the plans of saved eSIMs: those of the catalogue first, because prices move.
type restorer struct {
	catalog *catalog
	plans   map[string]*plan
	missing string // the last that was not found
}

func (r *restorer) plan(code string) *plan {
	for _, m := range []map[string]*plan{r.catalog.byCode, r.catalog.topUpByCode, r.plans} {
		if p := m[code]; p != nil {
			return p
		}
	}
	r.missing = code
	return &plan{}
}

func (r *restorer) part(p savedPart) part { return part{r.plan(p.Plan), p.Days, p.At, p.Paid} }

func (r *restorer) profile(sp savedProfile) *profile {
	p := &profile{
		identity: identity{
			iccid: sp.ICCID, imsi: sp.IMSI, msisdn: sp.MSISDN, eid: sp.EID, pin: sp.PIN, puk: sp.PUK, apn: sp.APN,
			matching: sp.Matching, link: sp.Link, late: sp.Late,
		},
		tranNo: sp.TranNo, seq: sp.Seq, plan: r.plan(sp.Plan),
		ordered: sp.Ordered, allocated: sp.Allocated, downloaded: sp.Downloaded, installed: sp.Installed, used: sp.Used,
		removed: sp.Removed, cancelled: sp.Cancelled, revoked: sp.Revoked, cut: sp.Cut,
		suspended: sp.Suspended, switchedOff: sp.SwitchedOff, silent: sp.Silent,
		messages: sp.Messages, told: sp.Told, phoneSeq: sp.PhoneSeq, twice: sp.Twice,
	}
	for _, x := range sp.Parts {
		p.parts = append(p.parts, r.part(x))
	}
	for _, b := range sp.Burns {
		p.burns = append(p.burns, burn{b.At, b.Bytes})
	}
	return p
}
