package esim

import (
	"slices"
	"strings"
	"time"
)

// A Fault is why an eSIM does not connect, as far as its state tells.
type Fault string

// The faults, gravest first. Their values are in buttons and in the database.
const (
	FaultCancelled    Fault = "cancelled"    // given back, or taken away
	FaultCancelling   Fault = "leaving"      // being given back
	FaultExpired      Fault = "expired"      // its days are over
	FaultLapsed       Fault = "lapsed"       // never used, kept too long
	FaultSuspended    Fault = "suspended"    // paused: by the vendor, or by staff
	FaultNoData       Fault = "nodata"       // nothing left
	FaultRemoved      Fault = "removed"      // deleted from the phone
	FaultNotInstalled Fault = "notinstalled" // not on a phone yet
	FaultStuck        Fault = "stuck"        // downloaded, and not installed
	FaultOff          Fault = "off"          // on the phone, and switched off there
	FaultNotStarted   Fault = "notstarted"   // on the phone and on, and no network has seen it
	FaultNone         Fault = "none"         // it was in use: nothing of it is wrong, so something on the phone is
)

// Faults lists all faults, the gravest first.
func Faults() []Fault {
	return []Fault{
		FaultCancelled, FaultCancelling, FaultExpired, FaultLapsed, FaultSuspended, FaultNoData, FaultRemoved, FaultNotInstalled,
		FaultStuck, FaultOff, FaultNotStarted, FaultNone,
	}
}

// FindFault tells what is wrong with an eSIM of an order.
func FindFault(e ESIM, o Order, now time.Time) Fault {
	c := e.Condition(now)
	switch {
	case e.Returned, c == ConditionWithdrawn:
		return FaultCancelled
	case o.TakesBack(e.ID):
		return FaultCancelling
	}
	switch c {
	case ConditionOver:
		return FaultExpired
	case ConditionLapsed:
		return FaultLapsed
	case ConditionPaused:
		return FaultSuspended
	case ConditionDepleted:
		return FaultNoData
	case ConditionRemoved:
		return FaultRemoved
	case ConditionReady:
		return FaultNotInstalled
	case ConditionDownloading:
		return FaultStuck
	}
	switch {
	case !e.Plan.DayPass() && e.Total > 0 && e.Remaining() == 0:
		return FaultNoData
	case e.SMDPStatus == SMDPDisabled:
		return FaultOff
	case c == ConditionInstalled:
		return FaultNotStarted
	}
	return FaultNone
}

// Asks reports whether what is wrong is to be found on the phone, so that its owner has to be asked.
func (f Fault) Asks() bool { return f == FaultOff || f == FaultNotStarted || f == FaultNone }

// A FaultQuestion is about the phone.
type FaultQuestion string

// The questions, in the order in which they are asked: what is wrong most often comes first.
const (
	AskRoaming FaultQuestion = "roaming" // is data roaming on for this line?
	AskLine    FaultQuestion = "line"    // is it the line for mobile data?
	AskAPN     FaultQuestion = "apn"     // is its access point the one that was given?
	AskRestart FaultQuestion = "restart" // was the phone, or its radio, off and on? Where no access point is known
)

// FaultQuestions are those about one eSIM: never more than three.
func FaultQuestions(e ESIM) []FaultQuestion {
	last := AskRestart
	if e.APN != "" {
		last = AskAPN
	}
	return []FaultQuestion{AskRoaming, AskLine, last}
}

// A LossReason is how an eSIM went missing from its phone.
type LossReason string

// How it can go missing.
const (
	LostWithPhone  LossReason = "phone"   // the phone is lost, or there is a new one
	LostByDeletion LossReason = "deleted" // it was deleted by mistake
)

// A LossRemedy is what can be done about a loss.
type LossRemedy string

// The remedies.
const (
	RemedyInstall LossRemedy = "install" // it was never downloaded: the same picture works on any phone
	RemedyReplace LossRemedy = "replace" // it installs once: staff are asked for another one
	RemedyNothing LossRemedy = "nothing" // there is nothing left of it
)

// RemedyFor decides, from the state just asked for, what can be done about a loss.
func RemedyFor(e ESIM, o Order, now time.Time) LossRemedy {
	switch f := FindFault(e, o, now); {
	case f == FaultNotInstalled:
		return RemedyInstall
	case f == FaultCancelled, f == FaultCancelling, f == FaultExpired, f == FaultLapsed, f == FaultNoData:
		return RemedyNothing
	}
	return RemedyReplace
}

// Findings are what the fault finder found, for staff: a fault with the answers that were given, or a
// loss.
type Findings struct {
	Fault   Fault
	Answers string     // a letter for each question: 'y' it was right, 'n' it was not and was mended; then 'e': somewhere else
	Loss    LossReason // "": it is about a Fault
}

// String is the form that a button and the database keep.
func (f Findings) String() string {
	switch {
	case f.Loss != "":
		return "lost." + string(f.Loss) + "." + string(f.Fault)
	case f.Answers == "":
		return string(f.Fault)
	}
	return string(f.Fault) + "." + f.Answers
}

// Known reports whether f is of a form that the fault finder makes.
func (f Findings) Known() bool {
	if !slices.Contains(Faults(), f.Fault) {
		return false
	}
	if f.Loss != "" {
		return f.Loss == LostWithPhone || f.Loss == LostByDeletion
	}
	return len(f.Answers) <= 4 && strings.Trim(f.Answers, "yne") == ""
}

// ParseFindings reads what String wrote.
func ParseFindings(s string) Findings {
	if rest, lost := strings.CutPrefix(s, "lost."); lost {
		loss, fault, _ := strings.Cut(rest, ".")
		return Findings{Fault: Fault(fault), Loss: LossReason(loss)}
	}
	fault, answers, _ := strings.Cut(s, ".")
	return Findings{Fault: Fault(fault), Answers: answers}
}
