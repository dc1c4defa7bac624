package esim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a customer wants to hear of by itself, and when. An alert is noted for every eSIM, whatever its customer
// wants: DecideAlert looks at that when it is about to be sent, so a setting counts from the moment it is made.

// AlertSettings are the alerts that a customer switched to other than the default, as they are stored: their kinds,
// sorted, separated by commas. The zero value: all as by default.
type AlertSettings string

// SwitchableAlerts lists the alerts that a customer can switch on and off. All others are about money, or about
// an eSIM that stops working.
func SwitchableAlerts() []AlertKind {
	return []AlertKind{
		AlertData50, AlertData20, AlertData10, AlertDataGone, AlertExpired, AlertExpiry3, AlertExpiry1, AlertInstalled, AlertIdle,
	}
}

// offByDefault reports whether an alert is given only to who asks for it.
func (k AlertKind) offByDefault() bool { return k == AlertData50 }

// Wants reports whether the customer is to be told of an alert.
func (s AlertSettings) Wants(k AlertKind) bool {
	return !slices.Contains(SwitchableAlerts(), k) || s.changed(k) == k.offByDefault()
}

func (s AlertSettings) changed(k AlertKind) bool { return slices.Contains(s.kinds(), string(k)) }

func (s AlertSettings) kinds() []string {
	return strings.FieldsFunc(string(s), func(r rune) bool { return r == ',' })
}

// With is the settings with an alert switched on or off. One that cannot be switched stays on.
func (s AlertSettings) With(k AlertKind, on bool) AlertSettings {
	if !slices.Contains(SwitchableAlerts(), k) || s.Wants(k) == on {
		return s
	}
	kinds := s.kinds()
	if i := slices.Index(kinds, string(k)); i >= 0 {
		kinds = slices.Delete(kinds, i, i+1)
	} else {
		kinds = append(kinds, string(k))
	}
	slices.Sort(kinds)
	return AlertSettings(strings.Join(kinds, ","))
}

// ownAlerts stands in the settings of one eSIM: they are not those of all.
const ownAlerts = "own"

// IsOwn reports whether they are set for one eSIM alone.
func (s AlertSettings) IsOwn() bool { return s.changed(ownAlerts) }

// AsOwn makes settings of all those of one eSIM.
func (s AlertSettings) AsOwn() AlertSettings {
	if s.IsOwn() {
		return s
	}
	return AlertSettings(strings.TrimSuffix(ownAlerts+","+string(s), ","))
}

// ForESIM is what its customer wants to be told of an eSIM: as was set for it alone, else as s is for all.
func (s AlertSettings) ForESIM(e ESIM) AlertSettings {
	if e.Alerts.IsOwn() {
		return e.Alerts
	}
	return s
}

// QuietHours are when alerts that can wait do wait: full hours of a customer's day. The zero value: none are quiet.
type QuietHours struct{ From, Until int }

// DefaultQuietHours are those of who chose none: every hour is loud. Where somebody is, is often a guess, and an
// alert held back at their noon is worse than one that comes at night.
func DefaultQuietHours() QuietHours { return QuietHours{} }

// Valid reports whether the hours are some of a day.
func (q QuietHours) Valid() bool { return q.From >= 0 && q.From < 24 && q.Until >= 0 && q.Until < 24 }

// Off reports whether no hours are quiet.
func (q QuietHours) Off() bool { return q.From == q.Until }

// quietOff is how QuietHours of none are stored.
const quietOff = "off"

// String is how quiet hours are stored: "22-8", "off".
func (q QuietHours) String() string {
	if q.Off() {
		return quietOff
	}
	return fmt.Sprintf("%d-%d", q.From, q.Until)
}

// ParseQuietHours reads what String wrote; "" is the default.
func ParseQuietHours(s string) (QuietHours, error) {
	switch s {
	case "":
		return DefaultQuietHours(), nil
	case quietOff:
		return QuietHours{}, nil
	}
	from, until, found := strings.Cut(s, "-")
	a, err := strconv.Atoi(from)
	b, err2 := strconv.Atoi(until)
	q := QuietHours{a, b}
	if !found || err != nil || err2 != nil || !q.Valid() {
		return DefaultQuietHours(), fmt.Errorf("quiet hours %q: not of the form 22-8", s)
	}
	return q, nil
}

// End is when the quiet hours end in which a moment lies, where the customer is (nil: nobody knows); zero: it
// lies in none.
func (q QuietHours) End(now time.Time, at *time.Location) time.Time {
	if q.Off() || at == nil {
		return time.Time{}
	}
	here := now.In(at)
	since := (here.Hour() - q.From + 24) % 24
	if since >= (q.Until-q.From+24)%24 {
		return time.Time{}
	}
	y, m, d := here.Date()
	end := time.Date(y, m, d, q.Until, 0, 0, 0, at)
	if !end.After(now) {
		end = time.Date(y, m, d+1, q.Until, 0, 0, 0, at)
	}
	return end
}

// urgent reports whether an alert comes in quiet hours, too: the customer is without data, does something with the
// phone right now, or it is about their money.
func (k AlertKind) urgent() bool {
	switch k {
	case AlertDataGone, AlertInstalled, AlertHalfInstalled, AlertSuspended, AlertResumed, AlertStaysSuspended,
		AlertWithdrawn, AlertTakenBack, AlertUnusedRefunded:
		return true
	}
	return false
}

// An AlertDecision is what becomes of an alert that is about to be sent.
type AlertDecision struct {
	Tell bool
	// At is when to decide again; zero with Tell false: it is not told at all.
	At time.Time
}

// PostponedError is the error of a notification that waits for its customer's quiet hours to end.
type PostponedError struct{ Until time.Time }

// Error implements error.
func (l PostponedError) Error() string { return "not before " + l.Until.UTC().Format(time.RFC3339) }

// AlertFacts are what an alert that is about to be sent is decided on.
type AlertFacts struct {
	Message  OutboxMessage
	ESIM     ESIM           // as it is now
	Customer Customer       // who has it
	Where    *time.Location // they are; nil: nobody knows
}

// DecideAlert says whether an alert is told now, in the morning, or not any more. It may have waited: for the
// night to end, for a customer who had blocked the bot, for Telegram. What was overtaken meanwhile is not told,
// so that of those that waited the gravest of each family is left.
func DecideAlert(f AlertFacts, now time.Time) AlertDecision {
	k := f.Message.Alert
	if !f.Customer.Alerts.ForESIM(f.ESIM).Wants(k) || !stillTrue(f.Message, f.ESIM, now) {
		return AlertDecision{}
	}
	if end := f.Customer.Quiet.End(now, f.Where); !end.IsZero() && !k.urgent() {
		return AlertDecision{At: end}
	}
	return AlertDecision{Tell: true}
}

// installedNews is how long it is news that an eSIM was installed.
const installedNews = day

// stillTrue reports whether what an alert says is so, and no graver one says more.
func stillTrue(m OutboxMessage, e ESIM, now time.Time) bool {
	switch m.Alert {
	case AlertData50, AlertData20, AlertData10, AlertDataGone, AlertExpiry3, AlertExpiry1, AlertExpired,
		AlertUnused30, AlertUnused7, AlertUnused1, AlertLapsed:
		// That of another epoch was of other data and days: a top-up came between.
		return m.Key == NewAlert(e, m.Alert).Key && slices.Contains(AlertsFor(e, now).Due, m.Alert)
	case AlertInstalled:
		return now.Sub(m.Created) < installedNews
	case AlertSuspended, AlertStaysSuspended:
		return e.Status == ProfileSuspended
	case AlertResumed:
		return e.Status != ProfileSuspended
	}
	return true
}
