package esim

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// MaxSMS is how many characters a text to an eSIM may have.
// Source: https://docs.esimaccess.com, /esim/sendSms, as of 2026-04-01.
const MaxSMS = 500

// SMSSender sends a text to an eSIM that is on a phone. All errors are *VendorError.
type SMSSender interface {
	SendSMS(ctx context.Context, esimID ESIMID, message string) error
}

// TakesSMS reports whether a text can be sent to an eSIM, as far as we know: the vendor has the last word.
func (e ESIM) TakesSMS() bool {
	onPhone := e.SMDPStatus == SMDPEnabled || e.SMDPStatus == SMDPDisabled
	return e.Plan.SMS != NoSMS && onPhone && !e.Status.Final() && e.Status != ProfileSuspended
}

// SendSMS sends the Why of the audit entry to an eSIM. It is written down before it is sent: twice is never.
func (d *OrderAdmin) SendSMS(ctx context.Context, esimID ESIMID, entry AuditEntry) error {
	if n := utf8.RuneCountInString(entry.Why); n < 1 || n > MaxSMS {
		return fmt.Errorf("a text of %d characters: %w", n, ErrWrongState)
	}
	e, err := d.Store.ESIM(ctx, esimID)
	if err != nil {
		return fmt.Errorf("eSIM to write to: %w", err)
	}
	if !e.TakesSMS() {
		return fmt.Errorf("eSIM %s takes no texts: %w", esimID, ErrWrongState)
	}
	entry.Order, entry.ESIM = e.Order, e.ID
	if err := d.Store.AddAuditEntry(ctx, entry); err != nil {
		return err
	}
	err = d.Texts.SendSMS(ctx, esimID, entry.Why)
	if err != nil && ActionFor(err) == ActionNotAllowed {
		err = fmt.Errorf("%w: %w", ErrWrongState, err)
	}
	return err
}
