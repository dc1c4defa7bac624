package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// timestampLeeway is how old a signed request may be. The real value is not published.
const timestampLeeway = 5 * time.Minute

// requestID is a UUID, with its dashes or, as in the vendor's own test vector, without.
var requestID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$`)

// admit checks who is calling: the access code always, the signature if a secret is set.
func (s *Sandbox) admit(h http.Header, body []byte) error {
	code := h.Get("RT-AccessCode")
	if code == "" {
		return headerMissing("RT-AccessCode")
	}
	if want := s.opt.AccessCode; want != "" && !hmac.Equal([]byte(code), []byte(want)) {
		return refuse(codeAccess, "access code invalid")
	}
	if s.opt.Secret == "" {
		return nil
	}
	for _, name := range []string{"RT-RequestID", "RT-Timestamp", "RT-Signature"} {
		if h.Get(name) == "" {
			return headerMissing(name)
		}
	}
	id, at := h.Get("RT-RequestID"), h.Get("RT-Timestamp")
	if !requestID.MatchString(id) {
		return headerBad("RT-RequestID")
	}
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return headerBad("RT-Timestamp")
	}
	// Milliseconds, or seconds as in the vendor's own test vector.
	if !s.recent(time.UnixMilli(n)) && !s.recent(time.Unix(n, 0)) {
		return &refused{code: codeExpired, text: "timestamp expired", header: true}
	}
	// Upper case was seen to be taken as well.
	got := strings.ToLower(h.Get("RT-Signature"))
	// The vendor's reference of 2026 says that the access code itself can be the key.
	if !hmac.Equal([]byte(got), []byte(signature(s.opt.Secret, at, id, code, body))) &&
		!hmac.Equal([]byte(got), []byte(signature(code, at, id, code, body))) {
		return &refused{code: codeSignature, text: "signature mismatch", header: true}
	}
	return nil
}

// recent reports whether a client's clock may say t now. A client that lives beside a moved clock
// may follow it or not: both are honest.
func (s *Sandbox) recent(t time.Time) bool {
	return t.Sub(s.Time()).Abs() <= timestampLeeway || t.Sub(s.opt.Now()).Abs() <= timestampLeeway
}

// signature is the vendor's: lowercase hex of HMAC-SHA256 over timestamp, request id, access code
// and body, keyed with the secret. https://docs.esimaccess.com (authentication).
func signature(secret, timestamp, id, accessCode string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(timestamp + id + accessCode))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

func headerMissing(name string) error {
	return &refused{code: codeHeaderMissing, text: "Req Header:[" + name + "] is null", header: true}
}

func headerBad(name string) error {
	return &refused{code: codeHeaderBad, text: "Req Header:[" + name + "] is invalid", header: true}
}

// A window lets max calls through in any span of time, counted to the nanosecond. Refused calls are
// not counted: whether the vendor has a penalty is not known.
type window struct {
	max  int
	span time.Duration

	mu   sync.Mutex
	seen []time.Time // the calls let through within the last span
}

func newWindow(max int, span time.Duration) *window { return &window{max: max, span: span} }

func (w *window) limit() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.max
}

func (w *window) set(max int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.max, w.seen = max, nil
}

// allow reports whether a call at now is let through, and counts it if so.
func (w *window) allow(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.max == 0 {
		return true
	}
	kept := w.seen[:0]
	for _, t := range w.seen {
		if now.Sub(t) < w.span {
			kept = append(kept, t)
		}
	}
	w.seen = kept
	if len(w.seen) >= w.max {
		return false
	}
	w.seen = append(w.seen, now)
	return true
}
