package esim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAlertsFor(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	const gb = 1 << 30
	// working is an eSIM of 10 GB for 30 days in use.
	working := func(change func(*ESIM)) ESIM {
		e := ESIM{Plan: Plan{Kind: TotalVolume}, Profile: Profile{
			ID: "1", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 10 * gb, Activated: begin, Expires: begin.Add(30 * day),
		}}
		if change != nil {
			change(&e)
		}
		return e
	}
	// unused was bought to keep for half a year.
	unused := func(change func(*ESIM)) ESIM {
		e := working(func(e *ESIM) {
			e.Activated, e.Status, e.SMDPStatus = time.Time{}, ProfileGotResource, SMDPReleased
			e.Created, e.Expires = begin, begin.Add(180*day)
		})
		if change != nil {
			change(&e)
		}
		return e
	}
	tests := []struct {
		name   string
		esim   ESIM
		after  time.Duration
		due    []AlertKind
		passed []AlertKind
	}{
		{"plenty", working(nil), day, nil, nil},
		{"just above half", working(func(e *ESIM) { e.Used = 5*gb - 1 }), day, nil, nil},
		{"half", working(func(e *ESIM) { e.Used = 5 * gb }), day, []AlertKind{AlertData50}, nil},
		{"just above 20 %", working(func(e *ESIM) { e.Used = 8*gb - 1 }), day, []AlertKind{AlertData50}, nil},
		{"20 %", working(func(e *ESIM) { e.Used = 8 * gb }), day, []AlertKind{AlertData20}, []AlertKind{AlertData50}},
		{"10 % at once", working(func(e *ESIM) { e.Used = 9 * gb }), day, []AlertKind{AlertData10}, []AlertKind{AlertData50, AlertData20}},
		{"all", working(func(e *ESIM) { e.Used = 10 * gb }), day, []AlertKind{AlertDataGone}, []AlertKind{AlertData50, AlertData20, AlertData10}},
		{"more than all", working(func(e *ESIM) { e.Used = 11 * gb }), day, []AlertKind{AlertDataGone}, []AlertKind{AlertData50, AlertData20, AlertData10}},
		{"the vendor says used up", working(func(e *ESIM) { e.Status = ProfileUsedUp }), day, []AlertKind{AlertDataGone}, []AlertKind{AlertData50, AlertData20, AlertData10}},
		{"a total that is not known", working(func(e *ESIM) { e.Total = 0 }), day, nil, nil},
		{"three days and a second", working(nil), 27*day - time.Second, nil, nil},
		{"three days", working(nil), 27 * day, []AlertKind{AlertExpiry3}, nil},
		{"one day", working(nil), 29 * day, []AlertKind{AlertExpiry1}, []AlertKind{AlertExpiry3}},
		{"over", working(nil), 30 * day, []AlertKind{AlertExpired}, []AlertKind{AlertExpiry3, AlertExpiry1}},
		{"over by the vendor's word", working(func(e *ESIM) { e.Status = ProfileUsedExpired }), day, []AlertKind{AlertExpired}, []AlertKind{AlertExpiry3, AlertExpiry1}},
		{"no three-day alert on a short plan", working(func(e *ESIM) { e.Expires = begin.Add(5 * day) }), 3 * day, nil, nil},
		{"the last day of a short plan", working(func(e *ESIM) { e.Expires = begin.Add(5 * day) }), 4 * day, []AlertKind{AlertExpiry1}, []AlertKind{AlertExpiry3}},
		{"a plan of one day has no last day", working(func(e *ESIM) { e.Expires = begin.Add(day) }), time.Hour, nil, nil},
		{"bought a week ago, and no trip told", unused(nil), 7 * day, []AlertKind{AlertIdle}, nil},
		{"bought ten days ago: let be", unused(nil), 10 * day, nil, nil},
		{"a week ago, and installed", unused(func(e *ESIM) { e.SMDPStatus = SMDPEnabled }), 8 * day, []AlertKind{AlertInstalled}, []AlertKind{AlertIdle}},
		{"a trip in two months", unused(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(60 * day) }), 8 * day, nil, nil},
		{"the morning before the trip", unused(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(60 * day) }), 59*day - 3*time.Hour, []AlertKind{AlertTrip}, nil},
		{"the night before that", unused(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(60 * day) }), 59*day - 4*time.Hour, nil, nil},
		{"the trip began", unused(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(60 * day) }), 60*day + 11*time.Hour, []AlertKind{AlertTrip}, nil},
		{"the day after", unused(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(60 * day) }), 61 * day, nil, nil},
		{"in use before the trip", working(func(e *ESIM) { e.Trip.Day = begin.Truncate(day).Add(3 * day) }), 2 * day, nil, nil},
		{"deleted from the phone before the trip", unused(func(e *ESIM) { e.SMDPStatus, e.Trip.Day = SMDPDeleted, begin.Truncate(day).Add(3*day) }), 2 * day, nil, nil},
		{"never used, two months left", unused(nil), 100 * day, nil, nil},
		{"never used, a month left", unused(nil), 150 * day, []AlertKind{AlertUnused30}, nil},
		{"never used, a week left", unused(nil), 173 * day, []AlertKind{AlertUnused7}, []AlertKind{AlertUnused30}},
		{"never used, its last day", unused(nil), 179 * day, []AlertKind{AlertUnused1}, []AlertKind{AlertUnused30, AlertUnused7}},
		{"never used, lapsed", unused(nil), 180 * day, []AlertKind{AlertLapsed}, []AlertKind{AlertUnused30, AlertUnused7, AlertUnused1}},
		{"lapsed by the vendor's word", unused(func(e *ESIM) { e.Status = ProfileUnusedExpired }), 100 * day, []AlertKind{AlertLapsed}, []AlertKind{AlertUnused30, AlertUnused7, AlertUnused1}},
		{"installed, never used", unused(func(e *ESIM) { e.SMDPStatus = SMDPEnabled }), 150 * day, []AlertKind{AlertUnused30, AlertInstalled}, nil},
		{"fetched", unused(func(e *ESIM) { e.SMDPStatus, e.Downloaded = SMDPDownloaded, begin }), fetchedAfter - time.Second, nil, nil},
		{"fetched and not installed", unused(func(e *ESIM) { e.SMDPStatus, e.Downloaded = SMDPInstallation, begin }), fetchedAfter, []AlertKind{AlertHalfInstalled}, nil},
		{"fetched, and nobody knows when", unused(func(e *ESIM) { e.SMDPStatus = SMDPDownloaded }), day, nil, nil},
		{"installed after it stood still", unused(func(e *ESIM) { e.SMDPStatus, e.Downloaded = SMDPEnabled, begin }), day, []AlertKind{AlertInstalled}, nil},
		{"installed and off", unused(func(e *ESIM) { e.SMDPStatus = SMDPDisabled }), day, []AlertKind{AlertInstalled}, nil},
		{"installed, topped up before", unused(func(e *ESIM) { e.SMDPStatus, e.Epoch = SMDPEnabled, 1 }), day, nil, nil},
		{"in use at last", working(func(e *ESIM) { e.SMDPStatus, e.Plan.ValidityStart = SMDPEnabled, ValidFromFirstUse }), time.Hour, nil, nil},
		{"installed, its days begin with that", working(func(e *ESIM) { e.SMDPStatus, e.Plan.ValidityStart = SMDPEnabled, ValidFromInstall }), time.Hour, []AlertKind{AlertInstalled}, nil},
		{"installed so, and long ago", working(func(e *ESIM) { e.SMDPStatus, e.Plan.ValidityStart = SMDPEnabled, ValidFromInstall }), day, nil, nil},
		{"installed so, and used", working(func(e *ESIM) { e.SMDPStatus, e.Plan.ValidityStart, e.Used = SMDPEnabled, ValidFromInstall, 1 }), time.Hour, nil, nil},
		{"deleted from the phone", unused(func(e *ESIM) { e.SMDPStatus = SMDPDeleted }), 173 * day, nil, []AlertKind{AlertUnused30, AlertUnused7}},
		{"paused by the vendor", unused(func(e *ESIM) { e.Status = ProfileSuspended }), 173 * day, []AlertKind{AlertSuspended}, []AlertKind{AlertUnused30, AlertUnused7}},
		{"kept for a month only", unused(func(e *ESIM) { e.Expires = begin.Add(30 * day) }), day, nil, []AlertKind{AlertUnused30}},
		{"in use, its validity not known yet", unused(func(e *ESIM) { e.Status = ProfileInUse }), 173 * day, nil, []AlertKind{AlertUnused30, AlertUnused7}},
		{
			"empty and near its end", working(func(e *ESIM) { e.Status = ProfileUsedUp }), 29 * day,
			[]AlertKind{AlertDataGone},
			[]AlertKind{AlertData50, AlertData20, AlertData10, AlertExpiry3, AlertExpiry1},
		},
		{
			"low and over", working(func(e *ESIM) { e.Used = 9 * gb }), 30 * day,
			[]AlertKind{AlertExpired},
			[]AlertKind{AlertData50, AlertData20, AlertData10, AlertExpiry3, AlertExpiry1},
		},
		{"a day pass has no percentages", working(func(e *ESIM) { e.Plan.Kind = DailyThrottled; e.Used = 10 * gb }), day, nil, nil},
		{"cancelled", working(func(e *ESIM) { e.Status = ProfileCancelled; e.Used = 9 * gb }), 29 * day, nil, nil},
		{"cancelled, unused", unused(func(e *ESIM) { e.Status = ProfileCancelled }), 179 * day, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := AlertsFor(tt.esim, begin.Add(tt.after))
			slices.Sort(a.Passed)
			slices.Sort(tt.passed)
			if !slices.Equal(a.Due, tt.due) || !slices.Equal(a.Passed, tt.passed) {
				t.Errorf("due %v, passed %v; want %v and %v", a.Due, a.Passed, tt.due, tt.passed)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	expires := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	old := ESIM{Profile: Profile{
		ID: "1", ICCID: "8910", ActivationCode: "LPA:1$a$b", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Used: 100, Total: 1000, Expires: expires, APN: "net",
	}}
	t.Run("news without some facts keep the old ones", func(t *testing.T) {
		got := old.Merge(Profile{ID: "1", Status: ProfileUsedUp, Used: 1000, Total: 1000}).Profile
		want := old.Profile
		want.Status, want.Used = ProfileUsedUp, 1000
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("used data never shrinks", func(t *testing.T) {
		if got := old.Merge(Profile{Used: 50}); got.Used != 100 {
			t.Errorf("used %d", got.Used)
		}
	})
	t.Run("a final status stays", func(t *testing.T) {
		over := old.Merge(Profile{Status: ProfileUsedExpired})
		if got := over.Merge(Profile{Status: ProfileInUse, SMDPStatus: SMDPEnabled}); got.Status != ProfileUsedExpired {
			t.Errorf("back to %s", got.Status)
		}
	})
	t.Run("the identity stays", func(t *testing.T) {
		if got := old.Merge(Profile{ID: "2"}); got.ID != "1" {
			t.Errorf("became %s", got.ID)
		}
	})
}

func TestCondition(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	later := now.Add(day)
	tests := []struct {
		name string
		p    Profile
		want Condition
	}{
		{"new", Profile{SMDPStatus: SMDPReleased, Status: ProfileGotResource, Expires: later}, ConditionReady},
		{"download begun", Profile{SMDPStatus: SMDPDownloaded, Status: ProfileGotResource}, ConditionDownloading},
		{"installing", Profile{SMDPStatus: SMDPInstallation, Status: ProfileGotResource}, ConditionDownloading},
		{"installed", Profile{SMDPStatus: SMDPEnabled, Status: ProfileGotResource}, ConditionInstalled},
		{"installed and off", Profile{SMDPStatus: SMDPDisabled, Status: ProfileGotResource}, ConditionInstalled},
		{"in use", Profile{SMDPStatus: SMDPEnabled, Status: ProfileInUse, Activated: now, Expires: later}, ConditionWorking},
		{"used up", Profile{SMDPStatus: SMDPEnabled, Status: ProfileUsedUp}, ConditionDepleted},
		{"expired", Profile{Status: ProfileUsedExpired}, ConditionOver},
		{"its time is over and the vendor has not said so yet", Profile{Status: ProfileInUse, Activated: now.Add(-day), Expires: now}, ConditionOver},
		{"never used and too old", Profile{Status: ProfileGotResource, Expires: now}, ConditionLapsed},
		{"unused expired", Profile{Status: ProfileUnusedExpired}, ConditionLapsed},
		{"suspended", Profile{Status: ProfileSuspended}, ConditionPaused},
		{"cancelled", Profile{Status: ProfileCancelled}, ConditionWithdrawn},
		{"revoked, as webhooks write it", Profile{Status: ProfileRevoked}, ConditionWithdrawn},
		{"deleted from the phone", Profile{SMDPStatus: SMDPDeleted, Status: ProfileInUse}, ConditionRemoved},
		{"a status nobody has heard of", Profile{Status: "HIBERNATING", SMDPStatus: "DREAMING"}, ConditionReady},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Condition(now); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCodesDoNotShowThemselves(t *testing.T) {
	t.Parallel()
	code, iccid := ActivationCode("LPA:1$rsp.example$SECRET"), ICCID("8910300000000000017")
	for _, s := range []string{fmt.Sprint(code), fmt.Sprintf("%#v", code), code.LogValue().String(), fmt.Sprintf("%+v", Profile{ActivationCode: code})} {
		if strings.Contains(s, "SECRET") {
			t.Errorf("shows itself: %s", s)
		}
	}
	if got := iccid.String(); got != "…0017" {
		t.Errorf("ICCID shows as %q", got)
	}
	if a, id := code.Split(); a != "rsp.example" || id != "SECRET" {
		t.Errorf("split into %q and %q", a, id)
	}
	if a, id := ActivationCode("nonsense").Split(); a != "" || id != "" {
		t.Errorf("nonsense split into %q and %q", a, id)
	}
}

func TestShortID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		index, quantity int
		want            string
	}{{1, 1, "K7M2-XQ4P"}, {1, 11, "K7M2-XQ4P/1"}, {10, 11, "K7M2-XQ4P/10"}, {11, 11, "K7M2-XQ4P/11"}} {
		if got := (ESIM{Order: "K7M2XQ4P", Index: tt.index}).ShortID(tt.quantity); got != tt.want {
			t.Errorf("number %d of %d is %q, want %q", tt.index, tt.quantity, got, tt.want)
		}
	}
}
