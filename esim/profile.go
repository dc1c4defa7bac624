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
	SMDPReleased     SMDPStatus = "RELEASED"
	SMDPDownloaded   SMDPStatus = "DOWNLOAD"
	SMDPInstallation SMDPStatus = "INSTALLATION"
	SMDPEnabled      SMDPStatus = "ENABLED"
	SMDPDisabled     SMDPStatus = "DISABLED"
	SMDPDeleted      SMDPStatus = "DELETED"
)

// A ProfileStatus is the vendor's view of an eSIM. Unknown values are kept.
type ProfileStatus string

// The values known (esim-access-api.md, section 2; webhooks write REVOKED).
const (
	ProfileGotResource   ProfileStatus = "GOT_RESOURCE"
	ProfileInUse         ProfileStatus = "IN_USE"
	ProfileUsedUp        ProfileStatus = "USED_UP"
	ProfileUnusedExpired ProfileStatus = "UNUSED_EXPIRED"
	ProfileUsedExpired   ProfileStatus = "USED_EXPIRED"
	ProfileCancelled     ProfileStatus = "CANCEL"
	ProfileSuspended     ProfileStatus = "SUSPENDED"
	ProfileRevoke        ProfileStatus = "REVOKE"
	ProfileRevoked       ProfileStatus = "REVOKED"
)

// Final reports whether nothing can follow this status; late news never leads back.
func (s ProfileStatus) Final() bool {
	switch s {
	case ProfileUnusedExpired, ProfileUsedExpired, ProfileCancelled, ProfileRevoke, ProfileRevoked:
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
	ActivationCode ActivationCode
	SMDPStatus     SMDPStatus
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
	return p.ID != "" && p.ActivationCode != "" && !p.Status.Final() && p.Status != ProfileSuspended && p.Status != ProfileUsedUp
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
	ConditionReady       Condition = "ready"       // not yet on a phone
	ConditionDownloading Condition = "downloading" // fetched, not finished installing
	ConditionInstalled   Condition = "installed"   // on a phone, not yet used
	ConditionWorking     Condition = "working"     // in use
	ConditionDepleted    Condition = "depleted"    // no data left
	ConditionOver        Condition = "over"        // validity ended
	ConditionLapsed      Condition = "lapsed"      // never used, kept too long
	ConditionPaused      Condition = "paused"      // suspended
	ConditionWithdrawn   Condition = "withdrawn"   // cancelled or revoked
	ConditionRemoved     Condition = "removed"     // deleted from the phone
)

// Condition translates the vendor's two status fields (the table in
// esim-access-api.md, section 2).
func (p Profile) Condition(now time.Time) Condition {
	switch p.Status {
	case ProfileUsedExpired:
		return ConditionOver
	case ProfileUnusedExpired:
		return ConditionLapsed
	case ProfileCancelled, ProfileRevoke, ProfileRevoked:
		return ConditionWithdrawn
	}
	if !p.Expires.IsZero() && !now.Before(p.Expires) {
		if p.Activated.IsZero() {
			return ConditionLapsed
		}
		return ConditionOver
	}
	switch {
	case p.Status == ProfileUsedUp:
		return ConditionDepleted
	case p.Status == ProfileSuspended:
		return ConditionPaused
	case p.SMDPStatus == SMDPDeleted:
		return ConditionRemoved
	case p.Status == ProfileInUse:
		return ConditionWorking
	case p.SMDPStatus == SMDPEnabled, p.SMDPStatus == SMDPDisabled:
		return ConditionInstalled
	case p.SMDPStatus == SMDPDownloaded, p.SMDPStatus == SMDPInstallation:
		return ConditionDownloading
	}
	return ConditionReady
}

// An ESIM is a profile that belongs to somebody.
type ESIM struct {
	Profile
	Customer CustomerID // who holds it
	Buyer    CustomerID // whose order brought it; another than Customer once it was given away, 0: no order did
	Order    OrderID
	Index    int // 1.. within its order
	Plan     Plan
	UsageAt  time.Time // when the networks had reported Used; zero: never
	Epoch    int       // counts top-ups; alerts are sent once per epoch
	Created  time.Time
	// Downloaded is when it was first seen downloaded and not installed; zero: never.
	Downloaded time.Time
	// Asked is when the vendor was last asked about it.
	Asked time.Time
	// Returned: it was given back alone, and its part of the order became store credit.
	Returned bool
	// Trip is when the customer travels with it.
	Trip Trip
	// Name is what the customer calls it; "": nothing.
	Name string
	// Alerts are those its customer wants of it alone; "": as they are set for all.
	Alerts AlertSettings
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

// CodeArrived are the notifications when an eSIM whose customer got words for an activation code has one
// at last: its picture, once, as long as it is not installed: a download that stands still needs it
// most. before is what was stored.
func (e ESIM) CodeArrived(before ESIM) []Notification {
	installable := e.SMDPStatus == SMDPReleased || e.SMDPStatus == SMDPDownloaded || e.SMDPStatus == SMDPInstallation
	if before.ActivationCode == "" || before.ActivationCode.Drawable() || !e.ActivationCode.Drawable() || !installable {
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
		p.Status, p.SMDPStatus = old.Status, old.SMDPStatus
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
	if p.ActivationCode == "" || old.ActivationCode.Drawable() && !p.ActivationCode.Drawable() { // words are no news of a code
		p.ActivationCode = old.ActivationCode
	}
	keep((*string)(&p.SMDPStatus), string(old.SMDPStatus))
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
