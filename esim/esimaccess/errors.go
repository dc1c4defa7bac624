package esimaccess

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"esimbot/esim"
)

// A errorRule is what an error code means for the caller.
type errorRule struct {
	verdict esim.VendorErrorAction
	outcome esim.Outcome
	// again: known to pass by itself within moments, so that a read is worth repeating.
	again bool
}

// codeServerError is the vendor's word for "something went wrong here".
const codeServerError = "000001"

// errorRules are the codes of the vendor's table and those seen in the wild
// (https://docs.esimaccess.com, as of 2026-04-01). Where it is not certain that
// nothing was done, the outcome says so.
var errorRules = map[string]errorRule{
	codeServerError: {esim.ActionRetry, esim.OutcomeUnknown, true}, // server error: at which point is not said

	"000101": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // header missing
	"000102": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // header malformed
	"000103": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // method
	"000104": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // JSON
	"000105": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // parameter missing
	"000106": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // parameter null
	"000107": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // parameter too long

	"101001": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // timestamp expired: our clock
	"101002": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // our address is blocked
	"101003": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // signature mismatch: wrong secret
	"101013": {esim.ActionRetry, esim.OutcomeNotDone, true},         // past the rate limit; undocumented

	"200002": {esim.ActionNotAllowed, esim.OutcomeNotDone, false},   // not in this status
	"200005": {esim.ActionReprice, esim.OutcomeNotDone, false},      // price is wrong
	"200006": {esim.ActionReprice, esim.OutcomeNotDone, false},      // total is wrong
	"200007": {esim.ActionLowBalance, esim.OutcomeNotDone, false},   // our balance is too low
	"200008": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // order parameters
	"200009": {esim.ActionTellOperator, esim.OutcomeUnknown, false}, // abnormal status of an order, so there is one
	"200010": {esim.ActionWait, esim.OutcomeUnknown, false},         // being allocated, so there is an order
	"200011": {esim.ActionSoldOut, esim.OutcomeNotDone, false},      // no profiles left

	"310201": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // no such bundle
	"310211": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // no such location
	"310221": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // no such currency
	"310231": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // no such carrier
	"310241": {esim.ActionRefund, esim.OutcomeNotDone, false},       // no such package
	"310242": {esim.ActionRefund, esim.OutcomeNotDone, false},       // no such top-up for this eSIM; undocumented
	"310243": {esim.ActionRefund, esim.OutcomeNotDone, false},       // no such package
	"310251": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // no such vendor
	"310272": {esim.ActionNotFound, esim.OutcomeNotDone, false},     // no such orderNo
	"310402": {esim.ActionLookUp, esim.OutcomeUnknown, false},       // transactionId used before; undocumented
	"310403": {esim.ActionNotFound, esim.OutcomeNotDone, false},     // ICCID not in the order
	"310404": {esim.ActionNotFound, esim.OutcomeNotDone, false},     // the account has no such ICCID; undocumented

	"400001": {esim.ActionReportBug, esim.OutcomeNotDone, false},    // validation; undocumented
	"401001": {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // bad access code; undocumented
	"900001": {esim.ActionRetry, esim.OutcomeUnknown, true},         // system busy: in front of the work or behind it is not said
}

// httpErrorRules are for answers without an envelope: not the API spoke but
// something in front of it. Statuses that are not listed are unsettled.
var httpErrorRules = map[int]errorRule{
	http.StatusBadRequest:            {esim.ActionReportBug, esim.OutcomeNotDone, false},
	http.StatusUnauthorized:          {esim.ActionTellOperator, esim.OutcomeNotDone, false},
	http.StatusForbidden:             {esim.ActionTellOperator, esim.OutcomeNotDone, false},
	http.StatusNotFound:              {esim.ActionTellOperator, esim.OutcomeNotDone, false}, // the base URL is wrong
	http.StatusMethodNotAllowed:      {esim.ActionTellOperator, esim.OutcomeNotDone, false},
	http.StatusProxyAuthRequired:     {esim.ActionTellOperator, esim.OutcomeNotDone, false},
	http.StatusRequestEntityTooLarge: {esim.ActionReportBug, esim.OutcomeNotDone, false},
	http.StatusUnsupportedMediaType:  {esim.ActionReportBug, esim.OutcomeNotDone, false},
	http.StatusTooManyRequests:       {esim.ActionRetry, esim.OutcomeNotDone, true},
}

// refused is the error for an envelope that says no. Codes nobody knows are taken
// for "try again, and it may have been done".
func (c *Client) refused(op string, status int, env envelope) *esim.VendorError {
	e := &esim.VendorError{Op: op, Code: string(env.ErrorCode), Message: c.redact(env.message())}
	r, known := errorRules[e.Code]
	if !known {
		r = httpErrorRules[status]
	}
	e.Action, e.Outcome = r.verdict, r.outcome
	if e.Code == "" {
		e.Code = "none"
	}
	return e
}

// refusedByHTTP is the error for an answer of another status than 200 and without an envelope.
func (c *Client) refusedByHTTP(op string, status int, kind string) *esim.VendorError {
	r, known := httpErrorRules[status]
	if !known && status/100 != 5 && status != http.StatusRequestTimeout {
		r.verdict = esim.ActionTellOperator // a redirect, or a status nobody expects of this API
	}
	return &esim.VendorError{
		Op: op, Action: r.verdict, Outcome: r.outcome,
		Err: c.quiet(fmt.Errorf("HTTP status %d (%q) without an envelope", status, kind)),
	}
}

// notSent is the error for a request that certainly never left.
func (c *Client) notSent(op string, err error) *esim.VendorError {
	e := c.unsettled(op, err)
	e.Outcome = esim.OutcomeNotDone
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) { // waiting does not mend a certificate
		e.Action = esim.ActionTellOperator
	}
	return e
}

// unsettled is the error for a request of which nobody knows what became.
func (c *Client) unsettled(op string, err error) *esim.VendorError {
	return &esim.VendorError{Op: op, Err: c.quiet(err)}
}

// misuse is the error for a request that is wrong before it is sent.
func misuse(op string, err error) *esim.VendorError {
	return &esim.VendorError{Op: op, Err: err, Action: esim.ActionReportBug, Outcome: esim.OutcomeNotDone}
}

// temporary reports whether a read that failed so is worth repeating at once.
// Our own time-outs are not: the caller has waited long enough.
func temporary(e *esim.VendorError) bool {
	if e.Err == nil {
		return errorRules[e.Code].again
	}
	return e.Action == esim.ActionRetry &&
		!errors.Is(e.Err, context.DeadlineExceeded) && !errors.Is(e.Err, context.Canceled)
}

// A quietError is an error whose text was redacted.
type quietError struct {
	text string
	err  error
}

func (e *quietError) Error() string { return e.text }
func (e *quietError) Unwrap() error { return e.err }

func (c *Client) quiet(err error) error { return &quietError{c.redact(err.Error()), err} }

// private is what must not stand in an error: activation codes, links to their QR
// pictures, and long numbers and tokens, which may be ICCID, EID, IMSI or a
// matching id. Numbers of orders have 14 digits.
var private = regexp.MustCompile(`(?i)lpa(:|%3a)1(\$|%24)[^\s"]*|p\.qrsim\.net/[^\s"]+|[0-9a-f]{32,}|[0-9]{15,}`)

// maxMessage is how much of the vendor's words an error repeats, in bytes.
const maxMessage = 300

func newRedactor(secrets ...string) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s, "[hidden]")
		}
	}
	return strings.NewReplacer(pairs...)
}

func (c *Client) redact(s string) string {
	s = private.ReplaceAllString(c.redactor.Replace(s), "[hidden]")
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
