package sandbox

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"
)

const day = 24 * time.Hour

// A profile is one eSIM: who it is, and what happened to it. Its state is worked out from that
// and the time. Times are zero for what has not happened.
type profile struct {
	identity
	order  *order
	tranNo string
	seq    int
	plan   *plan
	parts  []part // the plan bought, then top-ups, oldest first

	ordered, allocated          time.Time
	downloaded, installed, used time.Time
	removed                     time.Time // from the phone
	cancelled, revoked          time.Time
	cut                         time.Time // the end that came early
	suspended, switchedOff      bool
	silent                      bool // its carrier reports no usage
	twice                       bool // in listings
	burns                       []burn
	messages                    []string // sent by SMS

	told     told
	phoneSeq int // of what the phone reported
}

// A part is a plan that was put on an eSIM.
type part struct {
	plan *plan
	days int // that it adds
	at   time.Time
	paid int64
}

func (p part) volume() int64 {
	if p.plan.daily() {
		return p.plan.Volume * int64(p.days)
	}
	return p.plan.Volume
}

type burn struct {
	at    time.Time
	bytes int64
}

// An identity is what an operator writes onto an eSIM.
type identity struct {
	iccid, imsi, msisdn, eid string
	pin, puk, apn            string
	matching, link           string // of the activation code; of the QR page
	late                     bool   // the operator tells who it is only after the download
}

// An issuer is the operator behind an exit, as far as numbers show it.
type issuer struct {
	iccid, imsi, msisdn string // prefixes
	iccidLen            int
	apn                 string
}

var issuers = map[string]issuer{
	"HK":    {"89852000", "45400", "852", 20, "mobile"},
	"UK/NO": {"8943108", "23210", "436", 19, "drei.at"},
	"SG":    {"896503", "52503", "65", 19, "internet"},
	"TH":    {"8966032", "52003", "66", 19, "internet"},
	"PL":    {"894803", "26003", "48", 19, "internet"},
	"":      {"893720", "24802", "372", 19, "internet"},
}

// newProfile makes the n-th eSIM of an account. The same seed makes the same ones.
func newProfile(seed, n uint64, p *plan, days int) *profile {
	r := rand.New(rand.NewPCG(seed, n))
	is, ok := issuers[p.IPExport]
	if !ok {
		is = issuers[""]
	}
	digits := func(prefix string, length int) string {
		var b strings.Builder
		b.WriteString(prefix)
		for b.Len() < length {
			b.WriteByte(byte('0' + r.IntN(10)))
		}
		return b.String()
	}
	hex32 := func() string {
		var raw [16]byte
		binary.BigEndian.PutUint64(raw[:8], r.Uint64())
		binary.BigEndian.PutUint64(raw[8:], r.Uint64())
		return hex.EncodeToString(raw[:])
	}
	id := identity{
		iccid: digits(is.iccid, is.iccidLen), imsi: digits(is.imsi, 15), eid: digits("89049032", 32),
		pin: digits("", 4), puk: digits("", 8), apn: is.apn,
		matching: strings.ToUpper(hex32()), link: hex32(),
		late: lateICCID(p),
	}
	if p.SMSStatus != 0 {
		id.msisdn = digits(is.msisdn, 12)
	}
	return &profile{identity: id, plan: p, parts: []part{{plan: p, days: p.days(days)}}}
}

// lateICCID reports whether the plan's operator hides ICCID, IMSI and the rest until the download.
// It is so for about half of the places that leave through UK/NO (in the vendor's sample for those
// alone), and always the same for a place.
func lateICCID(p *plan) bool {
	h := fnv.New32a()
	h.Write([]byte(p.LocationCode))
	return p.IPExport == "UK/NO" && h.Sum32()%2 == 0
}

func (p *profile) ac() string         { return "LPA:1$rsp-eu.simlessly.com$" + p.matching }
func (p *profile) shortURL() string   { return "https://p.qrsim.net/" + p.link }
func (p *profile) shownICCID() string { return p.shown(p.iccid) }

// shown hides what a late operator has not told yet.
func (p *profile) shown(s string) string {
	if p.late && p.downloaded.IsZero() {
		return ""
	}
	return s
}

func (p *profile) totalVolume() (bytes int64) {
	for _, part := range p.parts {
		bytes += part.volume()
	}
	return bytes
}

func (p *profile) totalDays() (days int) {
	for _, part := range p.parts {
		days += part.days
	}
	return days
}

// activated is when the validity began: at the installation or at the first use.
func (p *profile) activated() time.Time {
	if p.plan.ActiveType == 1 {
		return p.installed
	}
	return p.used
}

// expires is when the eSIM ends as things stand: unused after the plan's grace, else after its days.
func (p *profile) expires() time.Time {
	if !p.cut.IsZero() {
		return p.cut
	}
	if a := p.activated(); !a.IsZero() {
		return a.Add(time.Duration(p.totalDays()) * day)
	}
	return p.allocated.Add(time.Duration(p.plan.UnusedValidTime) * day)
}

// ended is when nothing more could happen to the eSIM, zero if that is not so yet.
func (p *profile) ended(now time.Time) time.Time {
	switch {
	case !p.revoked.IsZero():
		return p.revoked
	case !p.cancelled.IsZero():
		return p.cancelled
	case !now.Before(p.expires()):
		return p.expires()
	default:
		return time.Time{}
	}
}

// burnt is the data used up to and including t, in bytes.
func (p *profile) burnt(t time.Time) (bytes int64) {
	for _, b := range p.burns {
		if !b.at.After(t) {
			bytes += b.bytes
		}
	}
	return bytes
}

// known is the data used as far as the vendor knows of it who has reports up to reported.
func (p *profile) known(reported time.Time) int64 {
	if p.silent {
		return 0
	}
	return p.burnt(reported)
}

// allowance is how much the networks let through before they notice that the volume is used up:
// a little more than it, as seen in live answers.
func (p *profile) allowance() int64 { return p.totalVolume() + p.totalVolume()/128 }

// esimStatus is the vendor's word for the state at now, if usage is known up to reported.
func (p *profile) esimStatus(now, reported time.Time) string {
	switch {
	case now.Before(p.allocated):
		return "GETTING_RESOURCE"
	case !p.revoked.IsZero():
		return "REVOKE"
	case !p.cancelled.IsZero():
		return "CANCEL"
	case !now.Before(p.expires()) && p.activated().IsZero():
		return "UNUSED_EXPIRED"
	case !now.Before(p.expires()):
		return "USED_EXPIRED"
	case p.suspended:
		return "SUSPENDED"
	case p.activated().IsZero():
		return "GOT_RESOURCE"
	case !p.plan.endless() && p.known(reported) >= p.totalVolume():
		return "USED_UP"
	default:
		return "IN_USE"
	}
}

// smdpStatus is where the profile is on its way to the phone.
func (p *profile) smdpStatus() string {
	switch {
	case !p.removed.IsZero():
		return "DELETED"
	case p.switchedOff:
		return "DISABLED"
	case !p.installed.IsZero():
		return "ENABLED"
	case !p.downloaded.IsZero():
		return "DOWNLOAD"
	default:
		return "RELEASED"
	}
}

// shortID names an eSIM in errors without giving it away.
func (p *profile) shortID() string {
	return fmt.Sprintf("eSIM …%s", p.tranNo[max(0, len(p.tranNo)-6):])
}
