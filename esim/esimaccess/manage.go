package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"esimbot/esim"
)

const (
	pathCancel    = "esim/cancel"
	pathSuspend   = "esim/suspend"
	pathUnsuspend = "esim/unsuspend"
	pathRevoke    = "esim/revoke"
	pathSMS       = "esim/sendSms"
)

// MaxSMS is how many characters a text message to an eSIM may have.
const MaxSMS = esim.MaxSMS

type esimRequest struct {
	EsimTranNo esim.ESIMID `json:"esimTranNo"`
	Message    string      `json:"message,omitempty"`
}

// Cancel returns an eSIM that was never installed (GOT_RESOURCE and RELEASED) and
// gives its wholesale price back to our balance. In any other state the action is
// esim.ActionNotAllowed, and so it is when a Cancel whose answer was lost is repeated: look
// at the Profile. An unknown eSIM is esim.ActionNotFound. Errors are *esim.VendorError;
// the call is never repeated in here.
//
// Source: POST /api/v1/open/esim/cancel, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Cancel(ctx context.Context, esimID esim.ESIMID) error {
	return c.manage(ctx, pathCancel, priorityPurchase, esimRequest{EsimTranNo: esimID})
}

// Suspend pauses the data of an eSIM; its validity is believed to run on. Errors are
// *esim.VendorError; the call is never repeated in here.
//
// Source: POST /api/v1/open/esim/suspend, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Suspend(ctx context.Context, esimID esim.ESIMID) error {
	return c.manage(ctx, pathSuspend, priorityCustomer, esimRequest{EsimTranNo: esimID})
}

// Unsuspend ends a Suspend. Errors are *esim.VendorError; the call is never
// repeated in here.
//
// Source: POST /api/v1/open/esim/unsuspend, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Unsuspend(ctx context.Context, esimID esim.ESIMID) error {
	return c.manage(ctx, pathUnsuspend, priorityCustomer, esimRequest{EsimTranNo: esimID})
}

// Revoke removes an active eSIM for good. Nothing is refunded. Errors are
// *esim.VendorError; the call is never repeated in here.
//
// Source: POST /api/v1/open/esim/revoke, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Revoke(ctx context.Context, esimID esim.ESIMID) error {
	return c.manage(ctx, pathRevoke, priorityCustomer, esimRequest{EsimTranNo: esimID})
}

// SendSMS sends a text of at most MaxSMS characters to an eSIM that is installed and
// can receive texts (esim.SMSFromAll or esim.SMSFromAPI). It is free. Errors are
// *esim.VendorError; the call is never repeated in here, so as not to send twice.
//
// Source: POST /api/v1/open/esim/sendSms, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) SendSMS(ctx context.Context, esimID esim.ESIMID, message string) error {
	if n := utf8.RuneCountInString(message); n < 1 || n > MaxSMS {
		return misuse(pathSMS, fmt.Errorf("the message has %d characters, not 1 to %d", n, MaxSMS))
	}
	return c.manage(ctx, pathSMS, priorityCustomer, esimRequest{esimID, message})
}

func (c *Client) manage(ctx context.Context, path string, l priority, request esimRequest) error {
	if request.EsimTranNo == "" {
		return misuse(path, errors.New("no esimTranNo"))
	}
	_, err := call[struct{}](ctx, c, operation{path: path, priority: l, writes: true, bare: true}, request)
	return err
}
