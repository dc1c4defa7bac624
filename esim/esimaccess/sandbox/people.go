package sandbox

import (
	"errors"
	"fmt"
	"time"
)

// Errors of what people do with their phones.
var (
	// ErrNoProfile is returned for an esimTranNo that is unknown, or not allocated yet.
	ErrNoProfile = errors.New("no such eSIM")
	// ErrCannot is returned for what cannot be done with the eSIM as it is now.
	ErrCannot = errors.New("not possible with this eSIM now")
)

// Download lets the phone fetch the profile and stop there, as happens to travellers who lose
// their Wi-Fi: smdpStatus DOWNLOAD.
func (s *Sandbox) Download(esimTranNo string) error {
	return s.phone(esimTranNo, func(p *profile, now time.Time) error {
		if !p.downloaded.IsZero() {
			return fmt.Errorf("%s is downloaded already: %w", p.shortID(), ErrCannot)
		}
		p.downloaded = now
		return nil
	})
}

// Install lets a traveller scan the QR code: download, installation, ENABLED. The validity of a
// plan with activeType 1 begins here. A profile that was installed before cannot be again, even
// if it was deleted from the phone since.
func (s *Sandbox) Install(esimTranNo string) error {
	return s.phone(esimTranNo, (*profile).install)
}

func (p *profile) install(now time.Time) error {
	if !p.installed.IsZero() {
		return fmt.Errorf("%s was installed before: %w", p.shortID(), ErrCannot)
	}
	if p.downloaded.IsZero() {
		p.downloaded = now
	}
	p.installed = now
	return nil
}

// Burn uses data on the phone, after installing and switching on the eSIM if need be. The first
// use starts the validity of a plan with activeType 2; Burn of 0 bytes only connects. What goes
// beyond the plan's volume (and a little more, as on real networks) does not get through: if
// nothing does, the error is [ErrCannot]. The use shows in answers after Options.UsageLag.
func (s *Sandbox) Burn(esimTranNo string, bytes int64) error {
	if bytes < 0 {
		return fmt.Errorf("burning %d bytes: %w", bytes, ErrCannot)
	}
	return s.phone(esimTranNo, func(p *profile, now time.Time) error {
		if !p.removed.IsZero() || p.suspended {
			return fmt.Errorf("%s is suspended or gone from the phone: %w", p.shortID(), ErrCannot)
		}
		if !p.plan.endless() {
			left := max(0, p.allowance()-p.burnt(now))
			if left == 0 && bytes > 0 {
				return fmt.Errorf("%s has no data left: %w", p.shortID(), ErrCannot)
			}
			bytes = min(bytes, left)
		}
		if p.installed.IsZero() {
			if err := p.install(now); err != nil {
				return err
			}
		}
		if p.used.IsZero() {
			p.used = now
		}
		p.switchedOff = false
		if bytes > 0 {
			p.burns = append(p.burns, burn{now, bytes})
		}
		return nil
	})
}

// Switch turns an installed eSIM on or off in the phone's settings: ENABLED or DISABLED.
func (s *Sandbox) Switch(esimTranNo string, on bool) error {
	return s.phone(esimTranNo, func(p *profile, _ time.Time) error {
		if p.installed.IsZero() || !p.removed.IsZero() {
			return fmt.Errorf("%s is not on a phone: %w", p.shortID(), ErrCannot)
		}
		p.switchedOff = !on
		return nil
	})
}

// Delete removes an installed eSIM from the phone: smdpStatus DELETED, for good.
func (s *Sandbox) Delete(esimTranNo string) error {
	return s.phone(esimTranNo, func(p *profile, now time.Time) error {
		if p.installed.IsZero() || !p.removed.IsZero() {
			return fmt.Errorf("%s is not on a phone: %w", p.shortID(), ErrCannot)
		}
		p.removed = now
		return nil
	})
}

// phone runs do on an allocated eSIM that has not ended.
func (s *Sandbox) phone(esimTranNo string, do func(*profile, time.Time) error) (err error) {
	s.locked(func(now time.Time) {
		p := s.book.byTran[esimTranNo]
		if p == nil || !p.there(now) {
			err = ErrNoProfile
			return
		}
		if !p.ended(now).IsZero() {
			err = fmt.Errorf("%s is %s: %w", p.shortID(), p.esimStatus(now, s.reported(now)), ErrCannot)
			return
		}
		if err = do(p, now); err == nil {
			s.dirty = true
			s.tell(p, now)
		}
	})
	return err
}

// Expire ends the eSIM's validity now, whatever it is: USED_EXPIRED, or UNUSED_EXPIRED if it was
// not used. The clock stays where it is.
func (s *Sandbox) Expire(esimTranNo string) error {
	return s.phone(esimTranNo, func(p *profile, now time.Time) error {
		p.cut = now
		return nil
	})
}

// Silence makes the eSIM's carrier one that never reports usage, or ends that.
func (s *Sandbox) Silence(esimTranNo string, silent bool) error {
	return s.phone(esimTranNo, func(p *profile, _ time.Time) error {
		p.silent = silent
		return nil
	})
}
