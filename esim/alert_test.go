package esim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAlertsFor(t *testing.T) {
	begin := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	const gb = 1 << 30
	// working is an eSIM of 10 GB for 30 days in use.
	working := func(change func(*ESIM)) ESIM {
		e := ESIM{Plan: Plan{Kind: Total}, Profile: Profile{
			ID: "1", Status: InUse, SMDP: Enabled, Total: 10 * gb, Activated: begin, Expires: begin.Add(30 * day),
		}}
		if change != nil {
			change(&e)
		}
		return e
	}
	// unused was bought to keep for half a year.
	unused := func(change func(*ESIM)) ESIM {
		e := working(func(e *ESIM) {
			e.Activated, e.Status, e.SMDP = time.Time{}, GotResource, Released
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
		{"just above 20 %", working(func(e *ESIM) { e.Used = 8*gb - 1 }), day, nil, nil},
		{"20 %", working(func(e *ESIM) { e.Used = 8 * gb }), day, []AlertKind{Data20}, nil},
		{"10 % at once", working(func(e *ESIM) { e.Used = 9 * gb }), day, []AlertKind{Data10}, []AlertKind{Data20}},
		{"all", working(func(e *ESIM) { e.Used = 10 * gb }), day, []AlertKind{DataGone}, []AlertKind{Data20, Data10}},
		{"more than all", working(func(e *ESIM) { e.Used = 11 * gb }), day, []AlertKind{DataGone}, []AlertKind{Data20, Data10}},
		{"the vendor says used up", working(func(e *ESIM) { e.Status = UsedUp }), day, []AlertKind{DataGone}, []AlertKind{Data20, Data10}},
		{"a total that is not known", working(func(e *ESIM) { e.Total = 0 }), day, nil, nil},
		{"three days and a second", working(nil), 27*day - time.Second, nil, nil},
		{"three days", working(nil), 27 * day, []AlertKind{Expiry3}, nil},
		{"one day", working(nil), 29 * day, []AlertKind{Expiry1}, []AlertKind{Expiry3}},
		{"over", working(nil), 30 * day, []AlertKind{ExpiryOver}, []AlertKind{Expiry3, Expiry1}},
		{"over by the vendor's word", working(func(e *ESIM) { e.Status = UsedExpired }), day, []AlertKind{ExpiryOver}, []AlertKind{Expiry3, Expiry1}},
		{"no three-day alert on a short plan", working(func(e *ESIM) { e.Expires = begin.Add(5 * day) }), 3 * day, nil, nil},
		{"the last day of a short plan", working(func(e *ESIM) { e.Expires = begin.Add(5 * day) }), 4 * day, []AlertKind{Expiry1}, []AlertKind{Expiry3}},
		{"a plan of one day has no last day", working(func(e *ESIM) { e.Expires = begin.Add(day) }), time.Hour, nil, nil},
		{"never used, two months left", unused(nil), 100 * day, nil, nil},
		{"never used, a month left", unused(nil), 150 * day, []AlertKind{Unused30}, nil},
		{"never used, a week left", unused(nil), 173 * day, []AlertKind{Unused7}, []AlertKind{Unused30}},
		{"never used, its last day", unused(nil), 179 * day, []AlertKind{Unused1}, []AlertKind{Unused30, Unused7}},
		{"never used, lapsed", unused(nil), 180 * day, []AlertKind{AlertLapsed}, []AlertKind{Unused30, Unused7, Unused1}},
		{"lapsed by the vendor's word", unused(func(e *ESIM) { e.Status = UnusedExpired }), 100 * day, []AlertKind{AlertLapsed}, []AlertKind{Unused30, Unused7, Unused1}},
		{"installed, never used", unused(func(e *ESIM) { e.SMDP = Enabled }), 150 * day, []AlertKind{Unused30}, nil},
		{"deleted from the phone", unused(func(e *ESIM) { e.SMDP = Deleted }), 173 * day, nil, []AlertKind{Unused30, Unused7}},
		{"paused by the vendor", unused(func(e *ESIM) { e.Status = SuspendedNow }), 173 * day, []AlertKind{AlertSuspended}, []AlertKind{Unused30, Unused7}},
		{"kept for a month only", unused(func(e *ESIM) { e.Expires = begin.Add(30 * day) }), day, nil, []AlertKind{Unused30}},
		{"in use, its validity not known yet", unused(func(e *ESIM) { e.Status = InUse }), 173 * day, nil, []AlertKind{Unused30, Unused7}},
		{
			"empty and near its end", working(func(e *ESIM) { e.Status = UsedUp }), 29 * day,
			[]AlertKind{DataGone},
			[]AlertKind{Data20, Data10, Expiry3, Expiry1},
		},
		{
			"low and over", working(func(e *ESIM) { e.Used = 9 * gb }), 30 * day,
			[]AlertKind{ExpiryOver},
			[]AlertKind{Data20, Data10, Expiry3, Expiry1},
		},
		{"a day pass has no percentages", working(func(e *ESIM) { e.Plan.Kind = DailyThrottled; e.Used = 10 * gb }), day, nil, nil},
		{"cancelled", working(func(e *ESIM) { e.Status = Cancelled; e.Used = 9 * gb }), 29 * day, nil, nil},
		{"cancelled, unused", unused(func(e *ESIM) { e.Status = Cancelled }), 179 * day, nil, nil},
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
	expires := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	old := ESIM{Profile: Profile{
		ID: "1", ICCID: "8910", Code: "LPA:1$a$b", Status: InUse, SMDP: Enabled, Used: 100, Total: 1000, Expires: expires, APN: "net",
	}}
	t.Run("news without some facts keep the old ones", func(t *testing.T) {
		got := old.Merge(Profile{ID: "1", Status: UsedUp, Used: 1000, Total: 1000}).Profile
		want := old.Profile
		want.Status, want.Used = UsedUp, 1000
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
		over := old.Merge(Profile{Status: UsedExpired})
		if got := over.Merge(Profile{Status: InUse, SMDP: Enabled}); got.Status != UsedExpired {
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
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	later := now.Add(day)
	tests := []struct {
		name string
		p    Profile
		want Condition
	}{
		{"new", Profile{SMDP: Released, Status: GotResource, Expires: later}, Ready},
		{"download begun", Profile{SMDP: Downloaded, Status: GotResource}, Downloading},
		{"installing", Profile{SMDP: Installation, Status: GotResource}, Downloading},
		{"installed", Profile{SMDP: Enabled, Status: GotResource}, Installed},
		{"installed and off", Profile{SMDP: Disabled, Status: GotResource}, Installed},
		{"in use", Profile{SMDP: Enabled, Status: InUse, Activated: now, Expires: later}, Working},
		{"used up", Profile{SMDP: Enabled, Status: UsedUp}, Depleted},
		{"expired", Profile{Status: UsedExpired}, Over},
		{"its time is over and the vendor has not said so yet", Profile{Status: InUse, Activated: now.Add(-day), Expires: now}, Over},
		{"never used and too old", Profile{Status: GotResource, Expires: now}, Lapsed},
		{"unused expired", Profile{Status: UnusedExpired}, Lapsed},
		{"suspended", Profile{Status: SuspendedNow}, Paused},
		{"cancelled", Profile{Status: Cancelled}, Withdrawn},
		{"revoked, as webhooks write it", Profile{Status: Revoked}, Withdrawn},
		{"deleted from the phone", Profile{SMDP: Deleted, Status: InUse}, Removed},
		{"a status nobody has heard of", Profile{Status: "HIBERNATING", SMDP: "DREAMING"}, Ready},
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
	code, iccid := ActivationCode("LPA:1$rsp.example$SECRET"), ICCID("8910300000000000017")
	for _, s := range []string{fmt.Sprint(code), fmt.Sprintf("%#v", code), code.LogValue().String(), fmt.Sprintf("%+v", Profile{Code: code})} {
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
	for _, tt := range []struct {
		index, quantity int
		want            string
	}{{1, 1, "K7M2-XQ4P"}, {1, 11, "K7M2-XQ4P/1"}, {10, 11, "K7M2-XQ4P/10"}, {11, 11, "K7M2-XQ4P/11"}} {
		if got := (ESIM{Order: "K7M2XQ4P", Index: tt.index}).ShortID(tt.quantity); got != tt.want {
			t.Errorf("number %d of %d is %q, want %q", tt.index, tt.quantity, got, tt.want)
		}
	}
}
