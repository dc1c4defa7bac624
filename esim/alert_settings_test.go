package esim

import (
	"testing"
	"time"
)

func TestAlertSettings(t *testing.T) {
	t.Parallel()
	var s AlertSettings
	for _, k := range AlertKinds() {
		if want := k != AlertData50; s.Wants(k) != want {
			t.Errorf("by default %s is %v", k, !want)
		}
	}
	s = s.With(AlertData50, true).With(AlertExpiry3, false).With(AlertData50, true)
	if s != "data50,expiry3" || !s.Wants(AlertData50) || s.Wants(AlertExpiry3) || !s.Wants(AlertExpiry1) {
		t.Errorf("switched two: %q", s)
	}
	if s = s.With(AlertData50, false).With(AlertExpiry3, true); s != "" {
		t.Errorf("switched back: %q", s)
	}
	if s = s.With(AlertWithdrawn, false); s != "" || !s.Wants(AlertWithdrawn) {
		t.Errorf("what is about money was switched off: %q", s)
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	tokyo := zone(t, "Asia/Tokyo")
	berlin := zone(t, "Europe/Berlin")
	at := func(in *time.Location, d, h, m int) time.Time { return time.Date(2026, 3, d, h, m, 0, 0, in) }
	night := QuietHours{22, 8}
	for _, tt := range []struct {
		name  string
		quiet QuietHours
		now   time.Time
		where *time.Location
		want  time.Time
	}{
		{"in the evening before", night, at(tokyo, 10, 21, 59), tokyo, time.Time{}},
		{"they begin", night, at(tokyo, 10, 22, 0), tokyo, at(tokyo, 11, 8, 0)},
		{"after midnight", night, at(tokyo, 11, 3, 30), tokyo, at(tokyo, 11, 8, 0)},
		{"the last minute", night, at(tokyo, 11, 7, 59), tokyo, at(tokyo, 11, 8, 0)},
		{"they are over", night, at(tokyo, 11, 8, 0), tokyo, time.Time{}},
		{"elsewhere it is day", night, at(tokyo, 11, 3, 30), berlin, time.Time{}},
		{"nobody knows where", night, at(tokyo, 11, 3, 30), nil, time.Time{}},
		{"none are quiet", QuietHours{}, at(tokyo, 11, 3, 30), tokyo, time.Time{}},
		{"in the afternoon", QuietHours{13, 15}, at(tokyo, 11, 14, 10), tokyo, at(tokyo, 11, 15, 0)},
		{"the night in which clocks go forward", night, at(berlin, 29, 1, 30), berlin, at(berlin, 29, 8, 0)},
	} {
		if got := tt.quiet.End(tt.now, tt.where); !got.Equal(tt.want) {
			t.Errorf("%s: until %v, want %v", tt.name, got, tt.want)
		}
	}
	for s, want := range map[string]QuietHours{"": DefaultQuietHours(), "off": {}, "23-7": {23, 7}} {
		got, err := ParseQuietHours(s)
		if err != nil || got != want {
			t.Errorf("%q is %v, %v", s, got, err)
		}
		if again, err := ParseQuietHours(got.String()); err != nil || again != want {
			t.Errorf("%v comes back as %v, %v", got, again, err)
		}
	}
	for _, s := range []string{"22", "22-24", "-1-8", "x-8", "22-8-9"} {
		if _, err := ParseQuietHours(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	at, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestDecideAlert is what becomes of an alert that is about to be sent: it may have waited for the night, for a
// customer who had blocked the bot, or for Telegram.
func TestDecideAlert(t *testing.T) {
	t.Parallel()
	tokyo := zone(t, "Asia/Tokyo")
	begin := time.Date(2026, 5, 1, 12, 0, 0, 0, tokyo)
	noon, night := begin.Add(10*day), begin.Add(10*day).Add(14*time.Hour) // 2 o'clock
	morning := time.Date(2026, 5, 12, 8, 0, 0, 0, tokyo)
	const gb = 1 << 30
	used := func(n int64) ESIM {
		return ESIM{Plan: Plan{Kind: TotalVolume}, Profile: Profile{
			ID: "1", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 10 * gb, Used: n, Activated: begin, Expires: begin.Add(30 * day),
		}}
	}
	topped := used(9 * gb)
	topped.Epoch, topped.Total = 1, 20*gb
	toppedAgain := used(19 * gb)
	toppedAgain.Epoch, toppedAgain.Total = 1, 20*gb
	with := func(e ESIM, change func(*ESIM)) ESIM {
		change(&e)
		return e
	}
	plain := Customer{Quiet: QuietHours{22, 8}}
	tell, drop, hold := AlertDecision{Tell: true}, AlertDecision{}, AlertDecision{At: morning}
	tests := []struct {
		name string
		kind AlertKind
		then ESIM // when it was noted
		now  ESIM
		who  Customer
		at   time.Time
		want AlertDecision
	}{
		{"by day", AlertData20, used(8 * gb), used(8 * gb), plain, noon, tell},
		{"by night it waits for the morning", AlertData20, used(8 * gb), used(8 * gb), plain, night, hold},
		{"in the morning", AlertData20, used(8 * gb), used(8 * gb), plain, morning, tell},
		{"in the morning only the gravest of what waited", AlertData20, used(8 * gb), used(9 * gb), plain, morning, drop},
		{"and that is told", AlertData10, used(9 * gb), used(9 * gb), plain, morning, tell},
		{"used up by night", AlertDataGone, used(10 * gb), used(10 * gb), plain, night, tell},
		{"of three days and one, one", AlertExpiry3, used(0), used(0), plain, begin.Add(29 * day), drop},
		{"the last day", AlertExpiry1, used(0), used(0), plain, begin.Add(29 * day), tell},
		{"over while the chat was blocked", AlertExpiry1, used(0), used(0), plain, begin.Add(31 * day), drop},
		{"over", AlertExpired, used(0), used(0), plain, begin.Add(31 * day), tell},
		{"topped up meanwhile", AlertData10, used(9 * gb), topped, plain, noon, drop},
		{"topped up, and low again: that has an alert of its own", AlertData10, used(9 * gb), toppedAgain, plain, noon, drop},
		{"the alert of its own", AlertData10, toppedAgain, toppedAgain, plain, noon, tell},
		{"cancelled meanwhile", AlertData10, used(9 * gb), with(used(9*gb), func(e *ESIM) { e.Status = ProfileCancelled }), plain, noon, drop},
		{"the word of that is told, by night too", AlertWithdrawn, used(9 * gb), with(used(9*gb), func(e *ESIM) { e.Status = ProfileRevoked }), plain, night, tell},
		{"money, by night", AlertUnusedRefunded, used(0), with(used(0), func(e *ESIM) { e.Status = ProfileCancelled }), plain, night, tell},
		{"suspended", AlertSuspended, used(0), with(used(0), func(e *ESIM) { e.Status = ProfileSuspended }), plain, night, tell},
		{"suspended, and flows again", AlertSuspended, used(0), used(0), plain, noon, drop},
		{"flows again, and suspended anew", AlertResumed, used(0), with(used(0), func(e *ESIM) { e.Status = ProfileSuspended }), plain, noon, drop},
		{"just installed, by night: they hold the phone", AlertInstalled, used(0), used(0), plain, night, tell},
		{"switched off after it was noted", AlertData20, used(8 * gb), used(8 * gb), Customer{Alerts: AlertSettings("").With(AlertData20, false)}, noon, drop},
		{"half: only who asks for it", AlertData50, used(5 * gb), used(5 * gb), plain, noon, drop},
		{"half, asked for", AlertData50, used(5 * gb), used(5 * gb), Customer{Alerts: AlertSettings("").With(AlertData50, true)}, noon, tell},
		{"of this eSIM alone switched off", AlertData20, used(8 * gb), with(used(8*gb), func(e *ESIM) { e.Alerts = AlertSettings("").AsOwn().With(AlertData20, false) }), plain, noon, drop},
		{"of all but this one", AlertData20, used(8 * gb), with(used(8*gb), func(e *ESIM) { e.Alerts = AlertSettings("").AsOwn() }), Customer{Alerts: AlertSettings("").With(AlertData20, false)}, noon, tell},
		{"its own, and quiet hours count all the same", AlertData20, used(8 * gb), with(used(8*gb), func(e *ESIM) { e.Alerts = AlertSettings("").AsOwn() }), plain, night, hold},
		{"no quiet hours", AlertData20, used(8 * gb), used(8 * gb), Customer{}, night, tell},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := OutboxMessage{Notification: NewAlert(tt.then, tt.kind), Created: tt.at.Add(-time.Hour)}
			if got := DecideAlert(AlertFacts{m, tt.now, tt.who, tokyo}, tt.at); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	t.Run("it is no news any more that it was installed", func(t *testing.T) {
		m := OutboxMessage{Notification: NewAlert(used(0), AlertInstalled), Created: noon.Add(-2 * day)}
		if got := DecideAlert(AlertFacts{m, used(0), plain, tokyo}, noon); got.Tell {
			t.Error("told")
		}
	})
}
