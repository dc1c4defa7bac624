package esim

import (
	"testing"
	"time"
)

// TestFindFault is one line per state in which an eSIM does not connect.
func TestFindFault(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	past, future := now.Add(-time.Hour), now.Add(time.Hour)
	seen := map[Fault]bool{}
	delivered, leaving := Order{ID: "ORDER001", State: StateDelivered}, Order{ID: "ORDER001", State: StateCancelling}
	for _, tt := range []struct {
		name   string
		e      ESIM
		o      Order
		want   Fault
		asks   bool
		remedy LossRemedy
	}{
		{"new", ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPReleased}}, delivered, FaultNotInstalled, false, RemedyInstall},
		{"downloaded", ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPDownloaded}}, delivered, FaultStuck, false, RemedyReplace},
		{"on, unseen", ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPEnabled}}, delivered, FaultNotStarted, true, RemedyReplace},
		{"off, unseen", ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPDisabled}}, delivered, FaultOff, true, RemedyReplace},
		{"off, used", ESIM{Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPDisabled, Total: 9, Used: 1, Activated: past, Expires: future}}, delivered, FaultOff, true, RemedyReplace},
		{"in use", ESIM{Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 9, Used: 1, Activated: past, Expires: future}}, delivered, FaultNone, true, RemedyReplace},
		{"used up", ESIM{Profile: Profile{Status: ProfileUsedUp, SMDPStatus: SMDPEnabled}}, delivered, FaultNoData, false, RemedyNothing},
		{"used up, and not said so yet", ESIM{Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 9, Used: 9, Activated: past, Expires: future}}, delivered, FaultNoData, false, RemedyNothing},
		{"expired", ESIM{Profile: Profile{Status: ProfileInUse, Activated: past, Expires: past}}, delivered, FaultExpired, false, RemedyNothing},
		{"lapsed", ESIM{Profile: Profile{Status: ProfileGotResource, Expires: past}}, delivered, FaultLapsed, false, RemedyNothing},
		{"suspended", ESIM{Profile: Profile{Status: ProfileSuspended, SMDPStatus: SMDPEnabled}}, delivered, FaultSuspended, false, RemedyReplace},
		{"deleted", ESIM{Profile: Profile{Status: ProfileInUse, SMDPStatus: SMDPDeleted, Activated: past, Expires: future}}, delivered, FaultRemoved, false, RemedyReplace},
		{"cancelled", ESIM{Profile: Profile{Status: ProfileCancelled}}, delivered, FaultCancelled, false, RemedyNothing},
		{"being cancelled", ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPReleased}}, leaving, FaultCancelling, false, RemedyNothing},
	} {
		tt.e.Order = tt.o.ID
		if got := FindFault(tt.e, tt.o, now); got != tt.want || got.Asks() != tt.asks {
			t.Errorf("%s: %s, asks %t; want %s", tt.name, got, got.Asks(), tt.want)
		} else if !(Findings{Fault: got}).Known() {
			t.Errorf("%s: findings of %s would be dropped", tt.name, got)
		}
		if got := RemedyFor(tt.e, tt.o, now); got != tt.remedy {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.remedy)
		}
		seen[tt.want] = true
	}
	for _, f := range Faults() {
		if !seen[f] {
			t.Errorf("no line here ends in %s", f)
		}
	}
}

func TestFindingsComeBack(t *testing.T) {
	t.Parallel()
	for _, f := range []Findings{
		{Fault: FaultNone}, {Fault: FaultNotStarted, Answers: "yny"}, {Fault: FaultNone, Answers: "e"}, {Fault: FaultRemoved, Loss: LostByDeletion},
	} {
		if got := ParseFindings(f.String()); got != f || !got.Known() {
			t.Errorf("%s came back as %+v", f, got)
		}
	}
	for _, text := range []string{"", "x", "none.q", "none.yyyyy", "lost.stolen.none", "lost.phone.x"} {
		if ParseFindings(text).Known() {
			t.Errorf("%q is taken", text)
		}
	}
	for _, apn := range []string{"", "internet"} {
		if n := len(FaultQuestions(ESIM{Profile: Profile{APN: apn}})); n != 3 {
			t.Errorf("%d questions", n)
		}
	}
}
