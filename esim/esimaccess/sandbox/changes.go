package sandbox

import "time"

const maxMessage = 500

// done is obj of the endpoints that have nothing to tell.
type done struct{}

// named finds the eSIM a request is about: by esimTranNo or by iccid, one of them and not both.
func (s *Sandbox) named(now time.Time, req fields) (*profile, error) {
	ids, err := req.texts("esimTranNo", "iccid")
	if err != nil {
		return nil, err
	}
	tran, iccid := ids[0], ids[1]
	switch {
	case tran == "" && iccid == "":
		return nil, refuse(codeMissing, "Req Param:[esimTranNo] or [iccid] is missing")
	case tran != "" && iccid != "":
		return nil, errJSON
	}
	p := s.book.byICCID(iccid, now)
	if tran != "" {
		p = s.book.byTran[tran]
	}
	if p == nil || !p.there(now) {
		return nil, refuse(codeNoICCID, "the merchant has not the iccid.")
	}
	return p, nil
}

// change finds the eSIM of a request and, if may says so, does something to it.
func (s *Sandbox) change(now time.Time, req fields, may func(*profile) bool, do func(*profile)) (any, error) {
	p, err := s.named(now, req)
	if err != nil {
		return nil, err
	}
	if !p.ended(now).IsZero() || !may(p) {
		return nil, errStatus
	}
	do(p)
	s.dirty = true
	s.tell(p, now)
	return done{}, nil
}

var errStatus = refuse(codeStatus, "the order status does not allow this operation")

// cancelProfile is esim/cancel: only what nobody has touched, for all the money it cost.
func (s *Sandbox) cancelProfile(now time.Time, req fields) (any, error) {
	fresh := func(p *profile) bool { return p.downloaded.IsZero() && !p.suspended }
	return s.change(now, req, fresh, func(p *profile) {
		p.cancelled = now
		for _, part := range p.parts {
			s.book.take(p.order.tx, -part.paid)
		}
	})
}

// suspendProfile is esim/suspend. The validity runs on meanwhile, as far as anybody knows.
func (s *Sandbox) suspendProfile(now time.Time, req fields) (any, error) {
	running := func(p *profile) bool { return !p.suspended && s.activatedEnough(p) }
	return s.change(now, req, running, func(p *profile) { p.suspended = true })
}

// unsuspendProfile is esim/unsuspend.
func (s *Sandbox) unsuspendProfile(now time.Time, req fields) (any, error) {
	paused := func(p *profile) bool { return p.suspended }
	return s.change(now, req, paused, func(p *profile) { p.suspended = false })
}

// revokeProfile is esim/revoke: the end of the eSIM, and no money back.
func (s *Sandbox) revokeProfile(now time.Time, req fields) (any, error) {
	return s.change(now, req, s.activatedEnough, func(p *profile) { p.revoked = now })
}

// activatedEnough reports whether p can be suspended and revoked: an installed eSIM can; of others
// the vendor's reference says no, and nobody has seen a refusal.
func (s *Sandbox) activatedEnough(p *profile) bool {
	return !s.opt.Quirks.ActivatedOnly || !p.installed.IsZero()
}

// sendSMS is esim/sendSms: to installed eSIMs of operators that take messages.
func (s *Sandbox) sendSMS(now time.Time, req fields) (any, error) {
	text, err := req.required("message", maxMessage)
	if err != nil {
		return nil, err
	}
	reachable := func(p *profile) bool {
		return p.plan.SMSStatus != 0 && !p.installed.IsZero() && p.removed.IsZero()
	}
	return s.change(now, req, reachable, func(p *profile) { p.messages = append(p.messages, text) })
}

// Messages are the texts that an eSIM was sent by SMS, oldest first.
func (s *Sandbox) Messages(esimTranNo string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.book.byTran[esimTranNo]; p != nil {
		return append([]string(nil), p.messages...)
	}
	return nil
}
