package esim

import (
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// An ActivationCode is the LPA string of an eSIM, "LPA:1$host$matching-id". Whoever
// has it has the eSIM, so it never shows itself in logs and errors.
type ActivationCode string

// String hides the code; see Reveal.
func (ActivationCode) String() string { return "[activation code]" }

// GoString hides the code.
func (ActivationCode) GoString() string { return "[activation code]" }

// LogValue hides the code.
func (ActivationCode) LogValue() slog.Value { return slog.StringValue("[activation code]") }

// Reveal returns the code itself, for its owner's eyes and for storage.
func (c ActivationCode) Reveal() string { return string(c) }

// Split returns the SM-DP+ address and the matching id ("" and "" if the code has
// another form). Format: GSMA SGP.22, section 4.1.
func (c ActivationCode) Split() (smdpAddress, matchingID string) {
	parts := strings.Split(string(c), "$")
	if len(parts) < 3 || !strings.HasPrefix(parts[0], "LPA:1") {
		return "", ""
	}
	return parts[1], parts[2]
}

// An ICCID is the number of an eSIM profile. Only its end is shown.
type ICCID string

// String shows the last four digits.
func (i ICCID) String() string {
	if len(i) <= 4 {
		return "…"
	}
	return "…" + string(i[len(i)-4:])
}

// GoString shows the last four digits.
func (i ICCID) GoString() string { return i.String() }

// LogValue shows the last four digits.
func (i ICCID) LogValue() slog.Value { return slog.StringValue(i.String()) }

// Reveal returns all digits.
func (i ICCID) Reveal() string { return string(i) }

// An SMDPStatus says where the profile is on its way to the phone. Unknown values are kept.
type SMDPStatus string

// The values known (esim-access-api.md, section 2).
const (
	Released     SMDPStatus = "RELEASED"
	Downloaded   SMDPStatus = "DOWNLOAD"
	Installation SMDPStatus = "INSTALLATION"
	Enabled      SMDPStatus = "ENABLED"
	Disabled     SMDPStatus = "DISABLED"
	Deleted      SMDPStatus = "DELETED"
)

// A ProfileStatus is the vendor's view of an eSIM. Unknown values are kept.
type ProfileStatus string

// The values known (esim-access-api.md, section 2; webhooks write REVOKED).
const (
	GotResource   ProfileStatus = "GOT_RESOURCE"
	InUse         ProfileStatus = "IN_USE"
	UsedUp        ProfileStatus = "USED_UP"
	UnusedExpired ProfileStatus = "UNUSED_EXPIRED"
	UsedExpired   ProfileStatus = "USED_EXPIRED"
	Cancelled     ProfileStatus = "CANCEL"
	SuspendedNow  ProfileStatus = "SUSPENDED"
	Revoke        ProfileStatus = "REVOKE"
	Revoked       ProfileStatus = "REVOKED"
)

// Final reports whether nothing can follow this status; late news never leads back.
func (s ProfileStatus) Final() bool {
	switch s {
	case UnusedExpired, UsedExpired, Cancelled, Revoke, Revoked:
		return true
	}
	return false
}

// An ESIMID is the vendor's number of one eSIM (esimTranNo), which is never used again;
// ICCIDs are.
type ESIMID string

// A Profile is what the vendor says of one eSIM.
type Profile struct {
	ID             ESIMID // esimTranNo: the identity (ICCIDs are reused over time)
	VendorOrder    string // orderNo
	IdempotencyKey string // transactionId
	ICCID          ICCID  // may be empty until the profile is downloaded
	Code           ActivationCode
	SMDP           SMDPStatus
	Status         ProfileStatus
	EID            string
	Total          int64 // bytes; daily volume × days for a day pass
	Used           int64 // bytes; late, may exceed Total
	Days           int
	Activated      time.Time // zero until the validity began
	Expires        time.Time
	APN            string
	PIN, PUK       string
}

// Ready reports whether the customer can be given this profile: it has a code, and it is live.
func (p Profile) Ready() bool {
	return p.ID != "" && p.Code != "" && !p.Status.Final() && p.Status != SuspendedNow && p.Status != UsedUp
}

// A Usage is one reading of how much data an eSIM has used.
type Usage struct {
	ID          ESIMID
	Used, Total int64     // bytes
	AsOf        time.Time // what the networks had reported by then
}

// A Condition is the state of an eSIM in a traveller's words.
type Condition string

// The conditions.
const (
	Ready       Condition = "ready"       // not yet on a phone
	Downloading Condition = "downloading" // fetched, not finished installing
	Installed   Condition = "installed"   // on a phone, not yet used
	Working     Condition = "working"     // in use
	Depleted    Condition = "depleted"    // no data left
	Over        Condition = "over"        // validity ended
	Lapsed      Condition = "lapsed"      // never used, kept too long
	Paused      Condition = "paused"      // suspended
	Withdrawn   Condition = "withdrawn"   // cancelled or revoked
	Removed     Condition = "removed"     // deleted from the phone
)

// Condition translates the vendor's two status fields (the table in
// esim-access-api.md, section 2).
func (p Profile) Condition(now time.Time) Condition {
	switch p.Status {
	case UsedExpired:
		return Over
	case UnusedExpired:
		return Lapsed
	case Cancelled, Revoke, Revoked:
		return Withdrawn
	}
	if !p.Expires.IsZero() && !now.Before(p.Expires) {
		if p.Activated.IsZero() {
			return Lapsed
		}
		return Over
	}
	switch {
	case p.Status == UsedUp:
		return Depleted
	case p.Status == SuspendedNow:
		return Paused
	case p.SMDP == Deleted:
		return Removed
	case p.Status == InUse:
		return Working
	case p.SMDP == Enabled, p.SMDP == Disabled:
		return Installed
	case p.SMDP == Downloaded, p.SMDP == Installation:
		return Downloading
	}
	return Ready
}

// An ESIM is a profile that belongs to somebody.
type ESIM struct {
	Profile
	Customer CustomerID
	Order    OrderID
	Index    int // 1.. within its order
	Plan     Plan
	UsageAt  time.Time // when the networks had reported Used; zero: never
	Epoch    int       // counts top-ups; alerts are sent once per epoch
	Created  time.Time
	// Asked is when the vendor was last asked about it.
	Asked time.Time
	// Returned: it was given back alone, and its part of the order became store credit.
	Returned bool
}

// ShortID names the eSIM for customers: its order, and its number if there are several.
func (e ESIM) ShortID(quantity int) string {
	if quantity <= 1 {
		return e.Order.String()
	}
	return e.Order.String() + "/" + strconv.Itoa(e.Index)
}

// Remaining is the data left in bytes, never negative.
func (e ESIM) Remaining() int64 { return max(0, e.Total-e.Used) }

// CodeCame are the notifications when an eSIM whose customer got words for an activation code has one
// at last: its picture, once, as long as it is not installed: a download that stands still needs it
// most. before is what was stored.
func (e ESIM) CodeCame(before ESIM) []Notification {
	installable := e.SMDP == Released || e.SMDP == Downloaded || e.SMDP == Installation
	if before.Code == "" || before.Code.Drawable() || !e.Code.Drawable() || !installable {
		return nil
	}
	n := NewQR(e)
	n.Key += ":code"
	return []Notification{n}
}

// Merge takes the vendor's news into e. A final status stays, used data never
// shrinks, and what the news leave out is kept.
func (e ESIM) Merge(p Profile) ESIM {
	old := e.Profile
	if old.Status.Final() && !p.Status.Final() {
		p.Status, p.SMDP = old.Status, old.SMDP
	}
	p.ID = old.ID
	p.Used = max(p.Used, old.Used)
	keep := func(news *string, old string) {
		if *news == "" {
			*news = old
		}
	}
	keep(&p.VendorOrder, old.VendorOrder)
	keep(&p.IdempotencyKey, old.IdempotencyKey)
	keep((*string)(&p.ICCID), string(old.ICCID))
	if p.Code == "" || old.Code.Drawable() && !p.Code.Drawable() { // words are no news of a code
		p.Code = old.Code
	}
	keep((*string)(&p.SMDP), string(old.SMDP))
	keep((*string)(&p.Status), string(old.Status))
	keep(&p.EID, old.EID)
	keep(&p.APN, old.APN)
	keep(&p.PIN, old.PIN)
	keep(&p.PUK, old.PUK)
	if p.Total == 0 {
		p.Total = old.Total
	}
	if p.Days == 0 {
		p.Days = old.Days
	}
	if p.Activated.IsZero() {
		p.Activated = old.Activated
	}
	if p.Expires.IsZero() {
		p.Expires = old.Expires
	}
	e.Profile = p
	return e
}
