package esimaccess

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The vendor's header names.
const (
	headerCode      = "RT-AccessCode"
	headerTime      = "RT-Timestamp"
	headerRequest   = "RT-RequestID"
	headerSignature = "RT-Signature"
)

// ErrSignature means that a webhook carries a signature that is not the vendor's.
var ErrSignature = errors.New("signature does not match")

// A signer puts the account's credentials on requests.
type signer struct {
	accessCode string
	secret     string // "": requests are not signed
	now        func() time.Time
}

// sign sets the headers of a request with this body. The vendor is reported not to
// check the signature; it is sent whenever a secret is set.
func (s signer) sign(h http.Header, body []byte) {
	h.Set(headerCode, s.accessCode)
	if s.secret == "" {
		return
	}
	at, id := strconv.FormatInt(s.now().UnixMilli(), 10), newRequestID()
	h.Set(headerTime, at)
	h.Set(headerRequest, id)
	h.Set(headerSignature, signature(s.secret, at, id, s.accessCode, body))
}

// signature is the lower-case hex HMAC-SHA256, keyed with the secret, of timestamp,
// request id, access code and body, one after the other.
func signature(secret, timestamp, requestID, accessCode string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + requestID + accessCode))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// newRequestID returns a random UUID (version 4, RFC 9562).
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// VerifyEvent checks the signature of a webhook over its raw body. Not all
// deliveries carry one, so signed tells whether there was anything to check; without
// a secret nothing can be. A wrong signature is ErrSignature. Even a right one is no
// proof of freshness: look up what the event says before money or messages move.
//
// Source: https://docs.esimaccess.com, as of 2026-04-01; headers as reported by integrators.
func (c *Client) VerifyEvent(h http.Header, body []byte) (signed bool, err error) {
	got := strings.ToLower(h.Get(headerSignature))
	if got == "" || c.signer.secret == "" {
		return false, nil
	}
	// The vendor's reference of 2026 has the access code as the key: as secret as the other one.
	for _, key := range []string{c.signer.secret, c.signer.accessCode} {
		want := signature(key, h.Get(headerTime), h.Get(headerRequest), c.signer.accessCode, body)
		if hmac.Equal([]byte(got), []byte(want)) {
			return true, nil
		}
	}
	return true, ErrSignature
}
